//! What a blank .docx form is drawn from: paragraphs, cells, rows, tables, text boxes. `writer` makes XML of it.

/// The program whose habits the file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// Microsoft Word: revision ids, paragraph ids, proofing marks, AlternateContent.
    Word,
    /// WPS: its namespace, hints first, colours and languages on every run.
    Wps,
    /// LibreOffice: style names of its own, `start` and `end`, mixed run properties.
    LibreOffice,
}

/// A piece of a paragraph.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Plain text; `\n` is a line break within the paragraph.
    Text(String),
    /// Underlined text.
    Underlined(String),
    /// XML as it is.
    Raw(String),
}

/// A paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Para {
    pub(super) pieces: Vec<Piece>,
    pub(super) centre: bool,
    pub(super) big: bool,
    /// Run properties of the paragraph mark and of its runs are left out.
    pub(super) bare: bool,
    pub(super) bind: Vec<(String, &'static str)>,
}

/// A cell.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) span: usize,
    /// `Some(true)` begins a merge downwards, `Some(false)` goes on with it.
    pub(super) merge: Option<bool>,
    pub(super) blocks: Vec<Block>,
    pub(super) bind: Vec<(String, &'static str)>,
    pub(super) turned: bool,
}

/// A row: its cells, its height in twips with 0 for none, whether the height is exact, and columns left free before it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) height: u32,
    pub(super) exact: bool,
    pub(super) before: usize,
    pub(super) head: bool,
}

/// A table: widths of its grid in twips, and rows.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) grid: Vec<u32>,
    pub(super) rows: Vec<Row>,
}

/// What stands in a body or a cell.
#[derive(Clone, Debug)]
pub(super) enum Block {
    Para(Para),
    Table(Table),
    /// A text box in a paragraph of its own; `true` for VML alone.
    Boxed(Vec<Para>, bool),
    /// XML as it is.
    Raw(String),
}

/// A paragraph of plain text.
pub(super) fn p(text: &str) -> Para {
    Para {
        pieces: vec![Piece::Text(text.to_owned())],
        ..Para::default()
    }
}

impl Para {
    pub(super) fn bind(mut self, key: &str, kind: &'static str) -> Self {
        self.bind.push((key.to_owned(), kind));
        self
    }

    pub(super) fn and(mut self, text: &str) -> Self {
        self.pieces.push(Piece::Text(text.to_owned()));
        self
    }

    /// An underlined blank of spaces.
    pub(super) fn line(mut self, spaces: usize) -> Self {
        self.pieces.push(Piece::Underlined(" ".repeat(spaces)));
        self
    }

    pub(super) fn centre(mut self) -> Self {
        self.centre = true;
        self
    }

    pub(super) fn title(mut self) -> Self {
        self.centre = true;
        self.big = true;
        self
    }
}

/// A cell with a label, centred.
pub(super) fn c(text: &str) -> Cell {
    let para = if text.is_empty() {
        Para::default()
    } else {
        p(text)
    };
    cell(vec![Block::Para(para.centre())])
}

/// A cell of these blocks.
pub(super) fn cell(blocks: Vec<Block>) -> Cell {
    Cell {
        span: 1,
        merge: None,
        blocks,
        bind: Vec::new(),
        turned: false,
    }
}

/// An empty cell.
pub(super) fn e() -> Cell {
    c("")
}

/// An empty cell that takes a field.
pub(super) fn f(key: &str) -> Cell {
    e().bind(key, "cell")
}

/// A cell of some paragraphs.
pub(super) fn ps(paras: Vec<Para>) -> Cell {
    cell(paras.into_iter().map(Block::Para).collect())
}

/// A label with one character a paragraph.
pub(super) fn tall(text: &str) -> Cell {
    ps(text.chars().map(|c| p(&c.to_string()).centre()).collect())
}

/// The photo box.
pub(super) fn photo(text: &str) -> Cell {
    c(text).bind("photo", "photo")
}

impl Cell {
    pub(super) fn span(mut self, span: usize) -> Self {
        self.span = span;
        self
    }

    pub(super) fn bind(mut self, key: &str, kind: &'static str) -> Self {
        self.bind.push((key.to_owned(), kind));
        self
    }

    /// Begins a merge downwards.
    pub(super) fn down(mut self) -> Self {
        self.merge = Some(true);
        self
    }

    /// Goes on with a merge from above.
    pub(super) fn on(mut self) -> Self {
        self.merge = Some(false);
        self
    }

    pub(super) fn turned(mut self) -> Self {
        self.turned = true;
        self
    }

    /// Without any formatting of its own.
    pub(super) fn bare(mut self) -> Self {
        for block in &mut self.blocks {
            if let Block::Para(para) = block {
                para.bare = true;
            }
        }
        self
    }
}

/// A row of the usual least height.
pub(super) fn row(cells: Vec<Cell>) -> Row {
    Row {
        cells,
        height: 567,
        exact: false,
        before: 0,
        head: false,
    }
}

impl Row {
    pub(super) fn high(mut self, height: u32) -> Self {
        self.height = height;
        self
    }

    pub(super) fn exact(mut self) -> Self {
        self.exact = true;
        self
    }
}

/// A table on this grid.
pub(super) fn table(grid: &[u32], rows: Vec<Row>) -> Block {
    Block::Table(Table {
        grid: grid.to_vec(),
        rows,
    })
}
