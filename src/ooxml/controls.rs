//! Content controls of Word (ECMA-376 part 1, 17.5.2): what a control may hold, and whether it shows its prompt still.

use super::Element;

/// How the prompts of office programs begin.
const PROMPTS: &[&str] = &[
    "单击",
    "点击",
    "请单击",
    "请点击",
    "轻触",
    "请选择",
    "选择一项",
    "请输入",
    "在此处输入",
    "Click or tap",
    "Click here",
    "Choose an item",
    "Choose a",
    "Enter text",
];

/// Bytes of a control beyond which nobody writes a prompt.
const LONGEST: usize = 4_000;

/// The list of a drop-down or combo box: its words, with the value that stands for each. What asks to choose is not among them.
pub fn choices_of(control: Element<'_>) -> Vec<(String, String)> {
    let list = list_of(control).into_iter().flat_map(Element::children);
    let items = list.filter(|e| e.is("listItem"));
    let items = items.map(|item| {
        let value = item.attribute("w:value").unwrap_or_default();
        let shown = item.attribute("w:displayText");
        let shown = shown.unwrap_or_else(|| value.clone());
        (shown.trim().to_owned(), value.trim().to_owned())
    });
    items
        .filter(|(shown, value)| !shown.is_empty() && !value.is_empty() && !is_prompt(shown))
        .collect()
}

/// The list of a control that has one.
fn list_of(control: Element<'_>) -> Option<Element<'_>> {
    let properties = control.child("sdtPr")?;
    let mut children = properties.children();
    children.find(|c| matches!(c.name(), "dropDownList" | "comboBox"))
}

/// Whether a switch is set: it is there, and its value does not say no.
pub(super) fn is_on(switch: Option<Element<'_>>) -> bool {
    switch.is_some_and(|e| {
        e.val()
            .is_none_or(|v| !matches!(&*v, "0" | "false" | "off"))
    })
}

/// Whether a content control shows its prompt still: it says so, or holds nothing but words that ask to be written over, such as the
/// first entry of a list that stands for no value. Some office programs take the sign away and leave the words.
pub fn shows_prompt(control: Element<'_>) -> bool {
    let properties = control.child("sdtPr");
    if is_on(properties.and_then(|p| p.child("showingPlcHdr"))) {
        return true;
    }
    let Some(content) = control.child("sdtContent") else {
        return false;
    };
    if properties.is_none() || control.source().len() > LONGEST {
        return false;
    }
    let texts: Vec<Element<'_>> = content.descendants().filter(|e| e.is("t")).collect();
    let shown: String = texts.iter().map(|t| t.text()).collect();
    let shown = shown.trim();
    if shown.is_empty() {
        return false;
    }
    let styled = |t: &Element<'_>| {
        let style = t.parent().and_then(|run| run.at(&["rPr", "rStyle"]));
        style.is_some_and(|s| s.val().is_some_and(|v| v.contains("Placeholder")))
    };
    let listed = || {
        let list = list_of(control).into_iter().flat_map(Element::children);
        let mut empty = list.filter(|e| e.attribute("w:value").is_none_or(|v| v.is_empty()));
        empty.any(|e| {
            e.attribute("w:displayText")
                .is_some_and(|d| d.trim() == shown)
        })
    };
    texts.iter().all(styled) || is_prompt(shown) || listed()
}

/// Whether words ask to be written over; LibreOffice writes them several times in a row.
fn is_prompt(shown: &str) -> bool {
    let asks = ["此处", "输入", "选择", "here", "tap", "hoose", "text"];
    shown.chars().count() <= 80
        && PROMPTS.iter().any(|p| shown.starts_with(p))
        && asks.iter().any(|a| shown.contains(a))
}
