//! The words of a document as a person sees them: the words that its owner wrote, without those that were deleted or hidden, with the
//! numbers that Word counts by itself and with its notes. What is there besides words is counted, so that it can be told.

use std::collections::BTreeMap;

use super::controls::{is_on, shows_prompt};
use super::numbering::Numbering;
use super::xml::Tags;
use super::{Element, OoxmlError, OpcPackage, Tree, relations};

/// The words of a document, and what it has besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentWords {
    /// A line for each paragraph and each line break; notes come last, each behind its number 〔1〕.
    pub text: String,
    /// Tables; their words are among the lines.
    pub tables: usize,
    /// Pictures and embedded objects.
    pub pictures: usize,
    /// Text boxes; their words are among the lines, behind those of the paragraph that holds them.
    pub boxes: usize,
    /// Numbers and bullets that Word shows and that are not among the words.
    pub unnumbered: usize,
    /// Tracked insertions and deletions: the former are words, the latter are not.
    pub changes: usize,
    /// Pieces of hidden text that were left out.
    pub hidden: usize,
    /// Pieces of text that are struck out; they are among the lines.
    pub struck: Vec<String>,
    /// Pieces of white text on no ground of its own; they are among the lines.
    pub colourless: usize,
    /// Footnotes and endnotes.
    pub notes: usize,
    /// Characters of symbol fonts that no other font has; left out.
    pub symbols: usize,
    /// Prompts of content controls that nothing was written over; left out.
    pub prompts: usize,
}

/// The name of a package's main part where that is a document of Word; none where it is something else.
pub fn document_part(package: &OpcPackage) -> Result<Option<String>, OoxmlError> {
    let main = relations(package, "")?
        .into_iter()
        .find(|r| r.kind == "officeDocument")
        .map_or_else(|| "word/document.xml".to_owned(), |r| r.target);
    if package.part(&main).is_none() {
        return Ok(None);
    }
    // the first tag says it; the rest is read by whoever wants the words
    let first = Tags::new(&main, package.text(&main)?).next().transpose()?;
    let is_document = first.is_some_and(|tag| tag.name == "document");
    Ok(is_document.then_some(main))
}

/// The words of a document; `part` is its main part. Errors: a part is not well-formed.
pub fn words_of(package: &OpcPackage, part: &str) -> Result<DocumentWords, OoxmlError> {
    let tree = Tree::read(part, package.text(part)?)?;
    Ok(WordsReader::open(package, part, tree.root())?.words(tree.root()))
}

/// The words of a document that stand outside of its tagged content controls: titles, labels, sentences printed ready, and what a person
/// wrote between them. Errors: a part is not well-formed.
pub fn words_outside_fields(package: &OpcPackage, part: &str) -> Result<DocumentWords, OoxmlError> {
    let tree = Tree::read(part, package.text(part)?)?;
    let reader = WordsReader::open(package, part, tree.root())?;
    Ok(reader.gathered(tree.root(), true))
}

/// The words that a document repeats on its pages (页眉、页脚): the kind of part, `header` or `footer`, and its words. Numbers of pages, and
/// the words that usually stand around them, are no words. Errors: a part is not well-formed.
pub fn running_words(
    package: &OpcPackage,
    part: &str,
) -> Result<Vec<(&'static str, String)>, OoxmlError> {
    let mut all = Vec::new();
    for relation in relations(package, part)? {
        let kind = match relation.kind.as_str() {
            "header" => "header",
            "footer" => "footer",
            _ => continue,
        };
        if package.part(&relation.target).is_none() {
            continue;
        }
        let tree = Tree::read(&relation.target, package.text(&relation.target)?)?;
        let words = WordsReader::default().words(tree.root());
        let text = words.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let of_number = |c: char| {
            c.is_ascii_digit()
                || c.is_whitespace()
                || "第页共总/／-－—–·．.~～,，PageofPAGEOF".contains(c)
        };
        let told = all.iter().any(|(_, known)| *known == text);
        if !text.chars().all(of_number) && !told {
            all.push((kind, text));
        }
    }
    Ok(all)
}

/// What people remarked beside the words of a document (批注), in its order. Errors: a part is not well-formed.
pub fn remarks_of(package: &OpcPackage, part: &str) -> Result<Vec<String>, OoxmlError> {
    let mut all = Vec::new();
    for relation in relations(package, part)? {
        if relation.kind != "comments" || package.part(&relation.target).is_none() {
            continue;
        }
        let tree = Tree::read(&relation.target, package.text(&relation.target)?)?;
        for remark in tree.root().children().filter(|e| e.is("comment")) {
            let words = WordsReader::default().words(remark);
            let text = words.text.split_whitespace().collect::<Vec<_>>().join(" ");
            if !text.is_empty() {
                all.push(text);
            }
        }
    }
    Ok(all)
}

/// What the words of a part refer to beyond the elements that hold them: numbers that Word counts by itself, and notes.
#[derive(Debug, Default)]
pub struct WordsReader {
    /// Numbers of paragraphs by where each begins; none for one that cannot be told.
    numbers: BTreeMap<usize, Option<String>>,
    notes: BTreeMap<(&'static str, String), String>,
}

impl WordsReader {
    /// Of a part of a document, with its root. Errors: a part is not well-formed.
    pub fn open(package: &OpcPackage, part: &str, root: Element<'_>) -> Result<Self, OoxmlError> {
        Ok(Self {
            numbers: Numbering::open(package, part)?.numbers(root),
            notes: notes_of(package, part)?,
        })
    }

    /// The number in front of a paragraph; empty where there is none or it cannot be told.
    pub fn number(&self, paragraph: Element<'_>) -> &str {
        let number = self.numbers.get(&paragraph.range().start);
        number.and_then(Option::as_deref).unwrap_or("")
    }

    /// The words of an element of the part.
    pub fn words(&self, element: Element<'_>) -> DocumentWords {
        self.gathered(element, false)
    }

    fn gathered(&self, element: Element<'_>, without_fields: bool) -> DocumentWords {
        let mut gathering = Gathering {
            words: DocumentWords::default(),
            reader: self,
            without_fields,
            seen: Vec::new(),
            boxes: String::new(),
        };
        gathering.walk(element);
        let boxes = std::mem::take(&mut gathering.boxes);
        gathering.words.text.push_str(&boxes);
        let seen = std::mem::take(&mut gathering.seen);
        let mut words = gathering.words;
        words.notes = seen.len();
        for (number, text) in (1..).zip(seen) {
            if !words.text.ends_with('\n') {
                words.text.push('\n');
            }
            words
                .text
                .push_str(&format!("〔{number}〕{}\n", text.trim()));
        }
        words
    }
}

/// Footnotes and endnotes: their words by kind and id.
fn notes_of(
    package: &OpcPackage,
    part: &str,
) -> Result<BTreeMap<(&'static str, String), String>, OoxmlError> {
    let mut notes = BTreeMap::new();
    for relation in relations(package, part)? {
        let (kind, name) = match relation.kind.as_str() {
            "footnotes" => ("footnoteReference", "footnote"),
            "endnotes" => ("endnoteReference", "endnote"),
            _ => continue,
        };
        if package.part(&relation.target).is_none() {
            continue;
        }
        let tree = Tree::read(&relation.target, package.text(&relation.target)?)?;
        for note in tree.root().children().filter(|e| e.is(name)) {
            let id = note.attribute("w:id").unwrap_or_default().into_owned();
            let words = WordsReader::default().words(note);
            let text = words.text.trim().replace('\n', " ");
            notes.insert((kind, id), text);
        }
    }
    Ok(notes)
}

/// Words on their way.
struct Gathering<'r> {
    words: DocumentWords,
    reader: &'r WordsReader,
    /// Whether the words in tagged content controls are left out.
    without_fields: bool,
    /// Notes that were referred to, in order.
    seen: Vec<String>,
    /// Words of the text boxes of the paragraph under way.
    boxes: String,
}

impl Gathering<'_> {
    fn walk_into(&mut self, element: Element<'_>) {
        for child in element.children() {
            self.walk(child);
        }
    }

    fn walk(&mut self, element: Element<'_>) {
        match element.name() {
            "del" | "moveFrom" => self.words.changes += 1,
            "ins" | "moveTo" => {
                self.words.changes += 1;
                self.walk_into(element);
            }
            // the second form of what is given twice, the sound above a character, what describes and is no text
            "Fallback" | "rt" | "pPr" | "rPr" | "sectPr" | "tblPr" | "trPr" | "tcPr" | "sdtPr" => {}
            "p" => self.paragraph(element),
            "r" if is_hidden(element) => {
                let says = |e: Element<'_>| e.is("t") && !e.text().trim().is_empty();
                self.words.hidden += usize::from(element.descendants().any(says));
            }
            "r" => {
                self.look(element);
                self.walk_into(element);
            }
            "sdt" if shows_prompt(element) => self.words.prompts += 1,
            "sdt" if self.without_fields && is_tagged(element) => {}
            "t" => self.words.text.push_str(&element.text()),
            "br" | "cr" => self.words.text.push('\n'),
            "tab" => self.words.text.push('\t'),
            "noBreakHyphen" => self.words.text.push('-'),
            "sym" => match symbol(element) {
                Some(c) => self.words.text.push(c),
                None => self.words.symbols += 1,
            },
            "footnoteReference" => self.note("footnoteReference", element),
            "endnoteReference" => self.note("endnoteReference", element),
            "tbl" => {
                self.words.tables += 1;
                self.walk_into(element);
            }
            "drawing" | "pict" | "object" | "altChunk" => {
                let has = |name: &str| element.descendants().any(|e| e.is(name));
                if !has("txbxContent") || has("blip") || has("imagedata") {
                    self.words.pictures += 1;
                }
                self.walk_into(element);
            }
            "txbxContent" => self.text_box(element),
            _ => self.walk_into(element),
        }
    }

    /// Takes note of how the text of a run looks.
    fn look(&mut self, run: Element<'_>) {
        let Some(properties) = run.child("rPr") else {
            return;
        };
        let on = |name| is_on(properties.child(name));
        let struck = on("strike") || on("dstrike");
        let white = properties.child("color").and_then(|c| c.val());
        let ground = properties.child("shd").is_some() || properties.child("highlight").is_some();
        let white = !ground && white.is_some_and(|v| v.eq_ignore_ascii_case("FFFFFF"));
        if !struck && !white {
            return;
        }
        let texts = run.children().filter(|e| e.is("t"));
        let text: String = texts.map(|e| e.text().into_owned()).collect();
        if text.trim().is_empty() {
            return;
        }
        self.words.colourless += usize::from(white);
        if struck {
            self.words.struck.push(text.trim().to_owned());
        }
    }

    fn paragraph(&mut self, paragraph: Element<'_>) {
        let text = &mut self.words.text;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        match self.reader.numbers.get(&paragraph.range().start) {
            Some(Some(number)) => text.push_str(number),
            Some(None) => self.words.unnumbered += 1,
            None => {}
        }
        let outside = std::mem::take(&mut self.boxes);
        self.walk_into(paragraph);
        self.words.text.push('\n');
        let boxes = std::mem::replace(&mut self.boxes, outside);
        self.words.text.push_str(&boxes);
    }

    /// Words of a text box: behind the paragraph that holds it, whose sentence they would break.
    fn text_box(&mut self, content: Element<'_>) {
        let paragraph = std::mem::take(&mut self.words.text);
        let others = std::mem::take(&mut self.boxes);
        self.walk_into(content);
        let own = std::mem::replace(&mut self.words.text, paragraph);
        self.boxes = others;
        if !own.trim().is_empty() {
            self.words.boxes += 1;
            self.boxes.push_str(&own);
        }
    }

    fn note(&mut self, kind: &'static str, reference: Element<'_>) {
        let id = reference.attribute("w:id").unwrap_or_default().into_owned();
        if let Some(text) = self.reader.notes.get(&(kind, id)) {
            self.seen.push(text.clone());
            self.words
                .text
                .push_str(&format!("〔{}〕", self.seen.len()));
        }
    }
}

/// Whether a content control has a tag, by which it is known as a field.
fn is_tagged(control: Element<'_>) -> bool {
    let properties = control.child("sdtPr");
    properties.is_some_and(|p| p.child("tag").is_some())
}

/// Whether a run's text is hidden.
fn is_hidden(run: Element<'_>) -> bool {
    let properties = run.child("rPr");
    is_on(properties.and_then(|p| p.child("vanish")))
}

/// The character of a symbol: of the symbol fonts those that forms use, else one that every font may have.
fn symbol(element: Element<'_>) -> Option<char> {
    let code = u32::from_str_radix(&element.attribute("w:char")?, 16).ok()?;
    let font = element.attribute("w:font").unwrap_or_default();
    if !(0xE000..0xF900).contains(&code) {
        return char::from_u32(code).filter(|c| !c.is_control());
    }
    let sign = match (&*font, code & 0xFF) {
        ("Wingdings", 0xFE) | ("Wingdings 2", 0x52) => '☑',
        ("Wingdings", 0xA8) | ("Wingdings 2", 0xA3) => '☐',
        ("Wingdings", 0xFC) | ("Wingdings 2", 0x50) => '√',
        ("Wingdings", 0xFB) => '×',
        ("Wingdings", 0x6C) | ("Symbol", 0xB7) => '●',
        ("Wingdings", 0x6E) => '■',
        ("Wingdings", 0xD8) => '➢',
        ("Wingdings", 0xAB) => '★',
        // the letters of Symbol are those of Greek, its digits and signs those of ASCII
        ("Symbol", code @ 0x30..=0x39) => char::from_u32(code)?,
        ("Symbol", 0xB0) => '°',
        ("Symbol", 0xB1) => '±',
        ("Symbol", 0xB4) => '×',
        ("Symbol", 0xA3) => '≤',
        ("Symbol", 0xB3) => '≥',
        _ => return None,
    };
    Some(sign)
}
