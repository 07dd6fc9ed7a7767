//! The look (格式) that a value takes over: run and paragraph properties as they stand in the form.

use crate::ooxml::Element;

use crate::fill::anatomy::glyphs::runs_of;

/// Elements of run properties that stand behind underlining, in the order of the schema (ECMA-376, CT_RPr).
const BEHIND_U: &[&str] = &[
    "effect",
    "bdr",
    "shd",
    "fitText",
    "vertAlign",
    "rtl",
    "cs",
    "em",
    "lang",
    "eastAsianLayout",
    "specVanish",
    "oMath",
];

/// Those behind the ground.
const BEHIND_SHD: &[&str] = &[
    "fitText",
    "vertAlign",
    "rtl",
    "cs",
    "em",
    "lang",
    "eastAsianLayout",
    "specVanish",
    "oMath",
];

/// Elements of paragraph properties that stand behind the indent.
const BEHIND_IND: &[&str] = &[
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
    "jc",
    "textDirection",
    "textAlignment",
    "textboxTightWrap",
    "outlineLvl",
    "divId",
    "cnfStyle",
    "rPr",
    "sectPr",
    "pPrChange",
];

/// Run properties of a run or of a paragraph mark, without what belongs to revisions.
pub(in crate::fill) fn run_look(properties: Option<Element<'_>>) -> String {
    let Some(properties) = properties else {
        return String::new();
    };
    let kept: String = properties
        .children()
        .filter(|c| {
            !matches!(
                c.name(),
                "ins" | "del" | "moveFrom" | "moveTo" | "rPrChange"
            )
        })
        .filter(|c| !(c.is("rStyle") && c.val().is_some_and(|v| v.contains("Placeholder"))))
        .map(Element::source)
        .collect();
    if kept.is_empty() {
        String::new()
    } else {
        format!("<w:rPr>{kept}</w:rPr>")
    }
}

/// A look without what marks a prompt: its grey.
pub(in crate::fill) fn without_prompt(look: &str) -> String {
    let grey = look
        .split_once("<w:color w:val=\"808080\"")
        .and_then(|(before, rest)| Some((before, rest.split_once("/>")?.1)));
    match grey {
        Some((before, behind)) => format!("{before}{behind}"),
        None => look.to_owned(),
    }
}

/// The look of what is typed into an empty paragraph: of its runs, else of its mark.
pub(in crate::fill) fn paragraph_look(paragraph: Element<'_>) -> String {
    let mut runs = Vec::new();
    runs_of(paragraph, &mut runs);
    let own = runs
        .iter()
        .map(|r| run_look(r.child("rPr")))
        .find(|l| !l.is_empty());
    own.unwrap_or_else(|| run_look(paragraph.at(&["pPr", "rPr"])))
}

/// Face and size of the nearest label: for a cell that has no look of its own. Bold is left to labels.
pub(in crate::fill) fn label_look(cell: Element<'_>) -> String {
    let near = cell.parent().into_iter().flat_map(Element::descendants);
    let run = near
        .filter(|e| e.is("r"))
        .filter(|r| r.child("t").is_some())
        .find_map(|r| r.child("rPr"));
    let Some(properties) = run else {
        return String::new();
    };
    let kept: String = properties
        .children()
        .filter(|c| matches!(c.name(), "rFonts" | "sz" | "szCs"))
        .map(Element::source)
        .collect();
    if kept.is_empty() {
        String::new()
    } else {
        format!("<w:rPr>{kept}</w:rPr>")
    }
}

/// The look with a single underline.
pub(in crate::fill) fn underlined(look: &str, run: Element<'_>) -> String {
    if look.contains("<w:u ") || look.contains("<w:u/>") {
        return look.to_owned();
    }
    let line = "<w:u w:val=\"single\"/>";
    let Some(properties) = run.child("rPr") else {
        return format!("<w:rPr>{line}</w:rPr>");
    };
    let (mut out, mut put) = ("<w:rPr>".to_owned(), false);
    for child in properties.children().filter(|c| !c.is("rPrChange")) {
        if !put && BEHIND_U.contains(&child.name()) {
            out.push_str(line);
            put = true;
        }
        out.push_str(child.source());
    }
    if !put {
        out.push_str(line);
    }
    out.push_str("</w:rPr>");
    out
}

/// A run's look on a ground of a colour, in hexadecimal.
pub(in crate::fill) fn tinted(properties: Option<Element<'_>>, colour: &str) -> String {
    let ground = format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{colour}\"/>");
    let (mut out, mut put) = ("<w:rPr>".to_owned(), false);
    let own = properties.into_iter().flat_map(Element::children);
    for child in own.filter(|c| !matches!(c.name(), "shd" | "highlight" | "rPrChange")) {
        if !put && BEHIND_SHD.contains(&child.name()) {
            out.push_str(&ground);
            put = true;
        }
        out.push_str(child.source());
    }
    if !put {
        out.push_str(&ground);
    }
    out.push_str("</w:rPr>");
    out
}

/// Half points of a look; 21 (五号) where it says nothing.
pub(in crate::fill) fn half_points(look: &str) -> i64 {
    let size = look.split_once("<w:sz ").map_or("", |(_, rest)| rest);
    let value = size.split('"').nth(1).and_then(|v| v.parse().ok());
    value.unwrap_or(21).clamp(2, 3_276)
}

/// Paragraph properties for long text: justified, with an indent of two characters where the form has none of its own.
pub(in crate::fill) fn long_look(properties: Option<Element<'_>>, half_points: i64) -> String {
    let indent = format!(
        "<w:ind w:firstLineChars=\"200\" w:firstLine=\"{}\"/>",
        half_points * 20
    );
    set(properties, &indent, "both")
}

/// Paragraph properties for lines of a list: at the left, without an indent.
pub(in crate::fill) fn lines_look(properties: Option<Element<'_>>, _: i64) -> String {
    set(properties, "", "left")
}

/// Paragraph properties with an indent, where they have none of their own, and an alignment.
fn set(properties: Option<Element<'_>>, indent: &str, align: &str) -> String {
    let align = format!("<w:jc w:val=\"{align}\"/>");
    let Some(properties) = properties else {
        return format!("<w:pPr>{indent}{align}</w:pPr>");
    };
    let own = properties.child("ind").is_some_and(|i| {
        [
            "w:firstLine",
            "w:firstLineChars",
            "w:hanging",
            "w:left",
            "w:start",
        ]
        .iter()
        .any(|n| i.number(n).is_some_and(|n| n != 0))
    });
    let (mut out, mut put) = ("<w:pPr>".to_owned(), own);
    for child in properties.children() {
        if child.is("ind") && !own || child.is("pPrChange") {
            continue;
        }
        if !put && BEHIND_IND.contains(&child.name()) {
            out.push_str(indent);
            put = true;
        }
        if child.is("jc") {
            out.push_str(&align);
        } else {
            out.push_str(child.source());
        }
    }
    if !put {
        out.push_str(indent);
    }
    out.push_str("</w:pPr>");
    out
}
