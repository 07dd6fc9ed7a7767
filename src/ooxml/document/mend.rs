//! What is wrong with a part of a new document, put right: elements in the order of the schema, content controls with tags,
//! rows that come again, pictures numbered in the document and not in the process, no ids of paragraphs.

use crate::ooxml::xml::{attribute, escape};
use crate::ooxml::{Element, OoxmlError, Tree};

/// Children of properties in the order of ECMA-376 part 4 (transitional).
const ORDER: &[(&str, &str)] = &[
    (
        "pPr",
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    ),
    (
        "rPr",
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    ),
    (
        "tblPr",
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    ),
    (
        "tblBorders",
        "top left start bottom right end insideH insideV",
    ),
    (
        "tcBorders",
        "top left start bottom right end insideH insideV tl2br tr2bl",
    ),
    ("tblCellMar", "top left start bottom right end"),
    (
        "tcPr",
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    ),
    (
        "sectPr",
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    ),
    (
        "style",
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked pPr rPr tblPr trPr tcPr",
    ),
    (
        "settings",
        "view zoom mirrorMargins defaultTabStop evenAndOddHeaders characterSpacingControl compat docVars",
    ),
];

/// What all paragraphs are: no sign hangs over the edge, nothing is put between Chinese and digits or Latin letters.
const DEFAULTS: &str =
    "<w:overflowPunct w:val=\"0\"/><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/>";

/// What justified text is beyond that: a quarter of an em between Chinese and digits or Latin letters, as on paper.
const JUSTIFIED: &str = "<w:autoSpaceDE/><w:autoSpaceDN/>";

/// What a writer cannot say in the part itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mend<'a> {
    /// For each table in order, how many of its first rows come again on every page.
    pub(super) heads: &'a [usize],
    /// Number of the part's first picture among those of the document.
    pub(super) first_picture: usize,
    /// References of the last section to headers and footers.
    pub(super) references: &'a str,
    /// Whether the first page has headers and footers of its own.
    pub(super) cover: bool,
    /// Whether the margins of even pages are those of odd ones, mirrored.
    pub(super) mirrored: bool,
}

/// A part put right.
pub(super) fn mended(part: &str, xml: &str, mend: &Mend<'_>) -> Result<String, OoxmlError> {
    let tree = Tree::read(part, xml)?;
    let root = tree.root();
    let mut out = String::with_capacity(xml.len());
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
    let mut mender = Mender {
        mend,
        tables: 0,
        rows: 0,
        pictures: 0,
        out,
    };
    mender.element(root);
    Ok(mender.out)
}

struct Mender<'m> {
    mend: &'m Mend<'m>,
    tables: usize,
    rows: usize,
    pictures: usize,
    out: String,
}

impl Mender<'_> {
    fn element(&mut self, element: Element<'_>) {
        match element.name() {
            "sdtPr" => return self.control(element),
            "docPr" => {
                self.pictures += 1;
                let number = self.mend.first_picture + self.pictures - 1;
                self.out.push_str(&format!(
                    "<wp:docPr id=\"{number}\" name=\"图片 {number}\"/>"
                ));
                return;
            }
            "blip" => {
                self.out.push_str(&format!(
                    "<a:blip r:embed=\"rId_picture{}\"/>",
                    self.pictures
                ));
                return;
            }
            "gridCol" => {
                let width = element.attribute("w:w").unwrap_or_default();
                self.out.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
                return;
            }
            "tbl" => {
                self.tables += 1;
                self.rows = 0;
            }
            "tr" => self.rows += 1,
            "rPr" if is_idle(element) || in_default_paragraph(element) => return,
            "pPr" if in_defaults(element) => {
                self.out.push_str("<w:pPr>");
                self.out.push_str(DEFAULTS);
                self.out.push_str("</w:pPr>");
                return;
            }
            "pPr" if is_idle(element) => return,
            _ => {}
        }
        let added = self.added(element);
        let tag = without_ids(element.tag());
        let children: Vec<Element<'_>> = in_order(element);
        if children.is_empty() && added.is_empty() {
            self.out.push_str(&tag);
            if !tag.ends_with("/>") {
                self.out.push_str(element.inside());
                self.close(&tag);
            }
            return;
        }
        let open = tag.trim_end_matches('>').trim_end_matches('/').trim_end();
        self.out.push_str(open);
        self.out.push('>');
        // the references of a section stand first, all else that is added stands last
        if element.is("sectPr") {
            self.out.push_str(self.mend.references);
        }
        let mut within = self.within(element);
        for child in children {
            if let Some((after, text)) = within
                && place(element, child.name()) > place(element, after)
            {
                self.out.push_str(text);
                within = None;
            }
            self.element(child);
        }
        if let Some((_, text)) = within {
            self.out.push_str(text);
        }
        self.out.push_str(&added);
        self.close(&tag);
    }

    fn close(&mut self, tag: &str) {
        let name = tag
            .trim_start_matches('<')
            .split(|c: char| c.is_whitespace() || c == '>' || c == '/')
            .next()
            .unwrap_or("");
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// What an element lacks.
    fn added(&self, element: Element<'_>) -> String {
        let head = || {
            let heads = self.mend.heads.get(self.tables.saturating_sub(1));
            self.rows <= heads.copied().unwrap_or(0)
        };
        let text = match element.name() {
            "trPr" if head() => "<w:tblHeader/>",
            "sectPr" if self.mend.cover => "<w:titlePg/>",
            "rPr" if element.parent().is_some_and(|p| p.is("rPrDefault")) => {
                "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>"
            }
            _ => "",
        };
        text.to_owned()
    }

    /// What an element lacks among its children: behind which, and what.
    fn within(&self, element: Element<'_>) -> Option<(&'static str, &'static str)> {
        let across = || element.child("jc").and_then(Element::val);
        match element.name() {
            "pPr" if across().as_deref() == Some("both") => Some(("autoSpaceDN", JUSTIFIED)),
            "settings" if self.mend.mirrored => Some(("mirrorMargins", "<w:mirrorMargins/>")),
            _ => None,
        }
    }

    /// The properties of a content control: its title becomes its tag.
    fn control(&mut self, properties: Element<'_>) {
        let key = properties.child("alias").and_then(Element::val);
        let key = escape(key.as_deref().unwrap_or(""));
        let control = properties.parent();
        let content = control.and_then(|c| c.child("sdtContent"));
        let blank = content.is_some_and(|c| {
            let mut words = c.descendants().filter(|e| e.is("t"));
            let pictures = c.descendants().any(|e| e.is("drawing"));
            !pictures && words.all(|t| t.text().trim().is_empty())
        });
        self.out.push_str("<w:sdtPr>");
        // what is typed into a blank control looks as its run does
        let first = content.and_then(|c| c.child("p")).or(content);
        let run = first.and_then(|c| c.child("r"));
        if let Some(look) = run.and_then(|r| r.child("rPr")) {
            self.element(look);
        }
        self.out.push_str(&format!("<w:tag w:val=\"{key}\"/>"));
        // the rows of a list may be taken out, the other controls are to stay
        if !key.contains('[') {
            self.out.push_str("<w:lock w:val=\"sdtLocked\"/>");
        }
        if blank {
            self.out.push_str("<w:showingPlcHdr/>");
        }
        if key == "photo" {
            self.out.push_str("<w:picture/>");
        }
        self.out.push_str("</w:sdtPr>");
    }
}

/// Whether nothing stands in a set of properties.
fn is_idle(element: Element<'_>) -> bool {
    let kept = element.parent().is_some_and(|p| p.is("rPrDefault"));
    !kept && element.children().all(|c| c.is("rPr") && is_idle(c))
}

fn in_defaults(element: Element<'_>) -> bool {
    element.parent().is_some_and(|p| p.is("pPrDefault"))
}

/// A paragraph's own run properties are not allowed in styles and defaults.
fn in_default_paragraph(element: Element<'_>) -> bool {
    let paragraph = element.parent().filter(|p| p.is("pPr"));
    let around = paragraph.and_then(Element::parent);
    around.is_some_and(|a| a.is("style") || a.is("pPrDefault"))
}

/// The children of an element as the schema orders them; those that it does not name stand last.
fn in_order<'t>(element: Element<'t>) -> Vec<Element<'t>> {
    let mut children: Vec<Element<'t>> = element.children().collect();
    children.sort_by_key(|child| place(element, child.name()));
    children
}

/// Where the schema has a child of an element; behind all others where it names none.
fn place(element: Element<'_>, child: &str) -> usize {
    let order = ORDER.iter().find(|(name, _)| element.is(name));
    let found = order.and_then(|(_, order)| order.split(' ').position(|name| name == child));
    found.unwrap_or(usize::MAX)
}

/// An opening tag without the ids of paragraphs, which the writer counts in the process.
fn without_ids(tag: &str) -> String {
    match attribute(tag, "w14:paraId") {
        Some(id) => tag.replace(&format!(" w14:paraId=\"{id}\""), ""),
        None => tag.to_owned(),
    }
}
