//! A small writer of blank .docx forms as offices make them. It keeps the places of the blanks while it writes, so that
//! what is expected of a form never comes from the code that is tested.

use std::fmt::Write as _;

use super::Expected;
use super::docx::{Block, Hand, Para, Piece, Row, Table, table};
use super::package::{
    CORE, HEAD, ROOT_RELATIONS, content_types, document_relations, namespaces, pack, texts,
};

/// A form while it is written.
pub(super) struct Docx {
    hand: Hand,
    /// Labels come in several runs.
    split: bool,
    landscape: bool,
    header: Vec<Block>,
    body: Vec<Block>,
    expected: Vec<Expected>,
    ids: u32,
}

impl Docx {
    pub(super) fn new(hand: Hand) -> Self {
        Self {
            hand,
            split: false,
            landscape: false,
            header: Vec::new(),
            body: Vec::new(),
            expected: Vec::new(),
            ids: 0,
        }
    }

    pub(super) fn split(mut self) -> Self {
        self.split = true;
        self
    }

    pub(super) fn landscape(mut self) -> Self {
        self.landscape = true;
        self
    }

    pub(super) fn header(mut self, blocks: Vec<Block>) -> Self {
        self.header = blocks;
        self
    }

    pub(super) fn para(mut self, para: Para) -> Self {
        self.body.push(Block::Para(para));
        self
    }

    pub(super) fn block(mut self, block: Block) -> Self {
        self.body.push(block);
        self
    }

    pub(super) fn table(self, grid: &[u32], rows: Vec<Row>) -> Self {
        self.block(table(grid, rows))
    }

    /// The file, and where its blanks are.
    pub(super) fn write(mut self) -> (Vec<u8>, Vec<Expected>) {
        let body = std::mem::take(&mut self.body);
        let header = std::mem::take(&mut self.header);
        let document = self.document(&body, !header.is_empty());
        let mut parts = vec![
            ("[Content_Types].xml", content_types(!header.is_empty())),
            ("_rels/.rels", ROOT_RELATIONS.to_owned()),
            ("word/document.xml", document),
            (
                "word/_rels/document.xml.rels",
                document_relations(!header.is_empty()),
            ),
            ("word/styles.xml", self.styles()),
            ("word/settings.xml", self.settings()),
            ("docProps/app.xml", self.app()),
            ("docProps/core.xml", CORE.to_owned()),
        ];
        if !header.is_empty() {
            let inside = self.blocks(&header, "word/header1.xml", &[], &mut 0, None);
            let ns = namespaces(self.hand);
            parts.push((
                "word/header1.xml",
                format!("{HEAD}<w:hdr {ns}>{inside}</w:hdr>"),
            ));
        }
        if self.hand == Hand::LibreOffice {
            parts.rotate_left(1);
        }
        (pack(&parts, self.hand), self.expected)
    }

    fn document(&mut self, body: &[Block], header: bool) -> String {
        let inside = self.blocks(body, "word/document.xml", &[], &mut 0, None);
        let ns = namespaces(self.hand);
        let (w, h, orient) = if self.landscape {
            (16838, 11906, " w:orient=\"landscape\"")
        } else {
            (11906, 16838, "")
        };
        let reference = if header {
            "<w:headerReference w:type=\"default\" r:id=\"rId7\"/>"
        } else {
            ""
        };
        format!(
            "{HEAD}<w:document {ns}><w:body>{inside}<w:sectPr>{reference}<w:pgSz w:w=\"{w}\" w:h=\"{h}\"{orient}/><w:pgMar w:top=\"1440\" w:right=\"1304\" w:bottom=\"1304\" w:left=\"1588\" w:header=\"851\" w:footer=\"992\" w:gutter=\"0\"/><w:cols w:space=\"425\"/><w:docGrid w:type=\"lines\" w:linePitch=\"312\"/></w:sectPr></w:body></w:document>"
        )
    }

    fn id(&mut self) -> u32 {
        self.ids += 1;
        self.ids
    }

    fn expect(
        &mut self,
        bind: &[(String, &'static str)],
        part: &str,
        path: &[usize],
        at: Option<(usize, usize)>,
        paragraph: Option<usize>,
    ) {
        for (key, kind) in bind {
            self.expected.push(Expected {
                key: key.clone(),
                kind,
                part: part.to_owned(),
                table: path.to_vec(),
                row: at.map_or(0, |a| a.0),
                column: at.map_or(0, |a| a.1),
                paragraph,
                sheet: String::new(),
                cell: String::new(),
            });
        }
    }

    fn blocks(
        &mut self,
        blocks: &[Block],
        part: &str,
        path: &[usize],
        tables: &mut usize,
        at: Option<(usize, usize)>,
    ) -> String {
        let mut out = String::new();
        let (mut paragraphs, mut boxes) = (0, 0);
        for block in blocks {
            match block {
                Block::Para(para) => {
                    self.expect(&para.bind, part, path, at, Some(paragraphs));
                    paragraphs += 1;
                    out.push_str(&self.para_xml(para, ""));
                }
                Block::Table(table) => {
                    let mut path = path.to_vec();
                    path.push(*tables);
                    *tables += 1;
                    out.push_str(&self.table_xml(table, part, &path));
                }
                Block::Boxed(paras, vml) => {
                    boxes += 1;
                    for (n, para) in paras.iter().enumerate() {
                        self.expect(&para.bind, part, path, Some((0, boxes)), Some(n));
                    }
                    paragraphs += 1;
                    out.push_str(&self.boxed(paras, *vml));
                }
                Block::Raw(xml) => out.push_str(xml),
            }
        }
        // a cell must end with a paragraph
        if at.is_some() && !matches!(blocks.last(), Some(Block::Para(_) | Block::Boxed(..))) {
            out.push_str(&self.para_xml(&Para::default(), ""));
        }
        out
    }

    fn table_xml(&mut self, table: &Table, part: &str, path: &[usize]) -> String {
        let width: u32 = table.grid.iter().sum();
        let mut out = format!("<w:tbl><w:tblPr><w:tblW w:w=\"{width}\" w:type=\"dxa\"/>");
        if self.hand == Hand::LibreOffice {
            out.push_str("<w:jc w:val=\"start\"/>");
        }
        out.push_str("<w:tblBorders>");
        for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
            let _ = write!(
                out,
                "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>"
            );
        }
        out.push_str("</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
        for width in &table.grid {
            let _ = write!(out, "<w:gridCol w:w=\"{width}\"/>");
        }
        out.push_str("</w:tblGrid>");
        let mut nested = 0;
        for (n, row) in table.rows.iter().enumerate() {
            let ids = match self.hand {
                Hand::Word => {
                    let id = self.id();
                    format!(
                        " w:rsidR=\"00A{id:05X}\" w:rsidTr=\"00B1{id:04X}\" w14:paraId=\"4{id:07X}\" w14:textId=\"77777777\""
                    )
                }
                _ => String::new(),
            };
            let _ = write!(out, "<w:tr{ids}><w:trPr>");
            if row.before > 0 {
                let w: u32 = table.grid.iter().take(row.before).sum();
                let _ = write!(
                    out,
                    "<w:gridBefore w:val=\"{}\"/><w:wBefore w:w=\"{w}\" w:type=\"dxa\"/>",
                    row.before
                );
            }
            if row.height > 0 {
                let rule = if row.exact { "exact" } else { "atLeast" };
                let _ = write!(
                    out,
                    "<w:trHeight w:val=\"{}\" w:hRule=\"{rule}\"/>",
                    row.height
                );
            }
            if row.head {
                out.push_str("<w:tblHeader/>");
            }
            out.push_str("</w:trPr>");
            let mut column = row.before;
            for cell in &row.cells {
                let width: u32 = table.grid[column..column + cell.span].iter().sum();
                let _ = write!(out, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>");
                if cell.span > 1 {
                    let _ = write!(out, "<w:gridSpan w:val=\"{}\"/>", cell.span);
                }
                match cell.merge {
                    Some(true) => out.push_str("<w:vMerge w:val=\"restart\"/>"),
                    Some(false) => out.push_str("<w:vMerge/>"),
                    None => {}
                }
                if cell.turned {
                    out.push_str("<w:textDirection w:val=\"tbRlV\"/>");
                }
                out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
                self.expect(&cell.bind, part, path, Some((n, column)), None);
                out.push_str(&self.blocks(
                    &cell.blocks,
                    part,
                    path,
                    &mut nested,
                    Some((n, column)),
                ));
                out.push_str("</w:tc>");
                column += cell.span;
            }
            assert_eq!(column, table.grid.len(), "row {n} does not fill its grid");
            out.push_str("</w:tr>");
        }
        out.push_str("</w:tbl>");
        out
    }

    fn run_properties(&self, para: &Para, underlined: bool) -> String {
        let u = if underlined {
            "<w:u w:val=\"single\"/>"
        } else {
            ""
        };
        if para.bare {
            return if underlined {
                format!("<w:rPr>{u}</w:rPr>")
            } else {
                String::new()
            };
        }
        let (face, size) = if para.big {
            ("方正小标宋简体", 44)
        } else {
            ("仿宋_GB2312", 24)
        };
        match self.hand {
            Hand::Word => format!(
                "<w:rPr><w:rFonts w:ascii=\"{face}\" w:eastAsia=\"{face}\" w:hAnsi=\"{face}\" w:hint=\"eastAsia\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>{u}</w:rPr>"
            ),
            Hand::Wps => format!(
                "<w:rPr><w:rFonts w:hint=\"eastAsia\" w:ascii=\"{face}\" w:hAnsi=\"{face}\" w:eastAsia=\"{face}\" w:cs=\"{face}\"/><w:color w:val=\"auto\"/><w:kern w:val=\"0\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>{u}<w:vertAlign w:val=\"baseline\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr>"
            ),
            Hand::LibreOffice => format!(
                "<w:rPr><w:rFonts w:ascii=\"Liberation Serif\" w:hAnsi=\"Liberation Serif\" w:eastAsia=\"{face}\" w:cs=\"Noto Sans\"/><w:kern w:val=\"2\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>{u}<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"hi-IN\"/></w:rPr>"
            ),
        }
    }

    pub(super) fn para_xml(&mut self, para: &Para, before: &str) -> String {
        let mut out = match self.hand {
            Hand::Word => {
                let id = self.id();
                format!(
                    "<w:p w14:paraId=\"2{id:07X}\" w14:textId=\"77777777\" w:rsidR=\"00A{id:05X}\" w:rsidRDefault=\"00C41E5F\" w:rsidP=\"00D2{id:04X}\">"
                )
            }
            _ => "<w:p>".to_owned(),
        };
        let jc = match (para.centre, self.hand) {
            (true, _) => "<w:jc w:val=\"center\"/>",
            (false, Hand::LibreOffice) => "<w:jc w:val=\"start\"/>",
            _ => "",
        };
        let style = match self.hand {
            Hand::Word => "",
            Hand::Wps => "<w:pStyle w:val=\"2\"/>",
            Hand::LibreOffice => {
                "<w:pStyle w:val=\"TableContents\"/><w:widowControl w:val=\"false\"/><w:suppressLineNumbers/>"
            }
        };
        let mark = self.run_properties(para, false);
        if !(para.bare && jc.is_empty() && style.is_empty()) {
            let _ = write!(out, "<w:pPr>{style}{jc}{mark}</w:pPr>");
        }
        out.push_str(before);
        if self.hand == Hand::LibreOffice && para.pieces.is_empty() {
            let _ = write!(out, "<w:r>{mark}</w:r>");
        }
        for piece in &para.pieces {
            match piece {
                Piece::Text(text) if self.split => self.split_runs(&mut out, text, para),
                Piece::Text(text) => {
                    let look = self.run_properties(para, false);
                    let _ = write!(out, "<w:r>{look}{}</w:r>", texts(text));
                }
                Piece::Underlined(text) => {
                    let look = self.run_properties(para, true);
                    let _ = write!(out, "<w:r>{look}{}</w:r>", texts(text));
                }
                Piece::Raw(xml) => out.push_str(xml),
            }
        }
        out.push_str("</w:p>");
        out
    }

    /// One run a character or two, with proofing marks, bookmarks and rendered page breaks in between.
    fn split_runs(&mut self, out: &mut String, text: &str, para: &Para) {
        let look = self.run_properties(para, false);
        let chars: Vec<char> = text.chars().collect();
        for (n, pair) in chars.chunks(1 + chars.len() % 2).enumerate() {
            let piece: String = pair.iter().collect();
            match n % 4 {
                1 => out.push_str("<w:proofErr w:type=\"spellStart\"/>"),
                2 => out.push_str("<w:proofErr w:type=\"spellEnd\"/>"),
                3 => {
                    let id = self.id();
                    let _ = write!(
                        out,
                        "<w:bookmarkStart w:id=\"{id}\" w:name=\"OLE_LINK{id}\"/><w:bookmarkEnd w:id=\"{id}\"/>"
                    );
                }
                _ => {}
            }
            let look = if n % 2 == 1 {
                look.replace("<w:sz ", "<w:b/><w:sz ")
            } else {
                look.clone()
            };
            let _ = write!(out, "<w:r w:rsidRPr=\"00F1{n:04X}\">{look}");
            if n == 0 {
                out.push_str("<w:lastRenderedPageBreak/>");
            }
            let _ = write!(out, "{}</w:r>", texts(&piece));
        }
    }

    fn boxed(&mut self, paras: &[Para], vml: bool) -> String {
        let mut inside = String::new();
        for para in paras {
            inside.push_str(&self.para_xml(para, ""));
        }
        let id = self.id();
        let pict = format!(
            "<w:pict><v:shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:0;margin-top:0;width:400pt;height:60pt;z-index:{id}\" stroked=\"f\"><v:textbox><w:txbxContent>{inside}</w:txbxContent></v:textbox></v:shape></w:pict>"
        );
        let content = if vml {
            pict
        } else {
            format!(
                "<mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:anchor distT=\"0\" distB=\"0\" distL=\"114300\" distR=\"114300\" simplePos=\"0\" relativeHeight=\"{id}\" behindDoc=\"0\" locked=\"0\" layoutInCell=\"1\" allowOverlap=\"1\"><wp:simplePos x=\"0\" y=\"0\"/><wp:positionH relativeFrom=\"column\"><wp:posOffset>0</wp:posOffset></wp:positionH><wp:positionV relativeFrom=\"paragraph\"><wp:posOffset>0</wp:posOffset></wp:positionV><wp:extent cx=\"5080000\" cy=\"762000\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/><wp:wrapTopAndBottom/><wp:docPr id=\"{id}\" name=\"文本框 {id}\"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><wps:wsp><wps:cNvSpPr txBox=\"1\"/><wps:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"5080000\" cy=\"762000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></wps:spPr><wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx><wps:bodyPr wrap=\"square\"><a:noAutofit/></wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback>{pict}</mc:Fallback></mc:AlternateContent>"
            )
        };
        format!("<w:p><w:r>{content}</w:r></w:p>")
    }

    fn styles(&self) -> String {
        let ns = namespaces(self.hand);
        let body = match self.hand {
            Hand::Word => {
                "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/><w:qFormat/><w:pPr><w:widowControl w:val=\"0\"/><w:jc w:val=\"both\"/></w:pPr></w:style>"
            }
            Hand::Wps => {
                "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"1\"><w:name w:val=\"Normal\"/><w:qFormat/><w:uiPriority w:val=\"0\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"2\"><w:name w:val=\"Body Text\"/><w:basedOn w:val=\"1\"/></w:style>"
            }
            Hand::LibreOffice => {
                "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style><w:style w:type=\"paragraph\" w:styleId=\"TableContents\"><w:name w:val=\"Table Contents\"/><w:basedOn w:val=\"Normal\"/></w:style>"
            }
        };
        format!(
            "{HEAD}<w:styles {ns}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:eastAsia=\"宋体\" w:hAnsi=\"Times New Roman\"/><w:sz w:val=\"21\"/></w:rPr></w:rPrDefault></w:docDefaults>{body}</w:styles>"
        )
    }

    fn settings(&self) -> String {
        let ns = namespaces(self.hand);
        format!(
            "{HEAD}<w:settings {ns}><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"420\"/><w:compat><w:spaceForUL/></w:compat></w:settings>"
        )
    }

    fn app(&self) -> String {
        let name = match self.hand {
            Hand::Word => "Microsoft Office Word",
            Hand::Wps => "WPS Office_11.1.0.10314_F1E327BC-269C-435d-A152-05C5408002CA",
            Hand::LibreOffice => "LibreOffice/7.4.7.2$Linux_X86_64",
        };
        format!(
            "{HEAD}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>{name}</Application></Properties>"
        )
    }
}
