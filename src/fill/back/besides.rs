//! What stands in the cell of a value besides plain words (其余内容): numbers that Word counts by itself, tables, text boxes, pictures,
//! notes, hidden text. What can be kept is kept, and all of it is told.

use crate::campaign::{Campaign, Kind};
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::label::field_of;
use crate::fill::back::text::{flat, joined};
use crate::finding::{Finding, Place as At};
use crate::ooxml::{DocumentWords, Element, WordsReader, shows_prompt};

/// The text of a cell as the value of a key, and what there was besides.
pub(super) fn text_of(
    campaign: &Campaign,
    words: &WordsReader,
    key: &str,
    cell: Element<'_>,
    place: &At,
) -> (String, Vec<Finding>) {
    let around = cell.ancestors().take_while(|a| !a.is("tr"));
    if around.filter(|a| a.is("sdt")).any(shows_prompt) {
        return (String::new(), Vec::new());
    }
    let said = words.words(cell);
    let field = field_of(campaign, &flat(key));
    let label = field.map_or("这一格", |f| f.label.as_str());
    let mut findings = besides(&said, label, place);
    let lines = said.text.lines().map(str::to_owned);
    let text = joined(lines);
    let numbers: Vec<&str> = cell
        .descendants()
        .filter(|e| e.is("p"))
        .map(|p| words.number(p))
        .filter(|n| !n.is_empty())
        .collect();
    let Some(first) = numbers.first() else {
        return (text, findings);
    };
    let long = field.is_some_and(|f| matches!(f.kind, Kind::Long | Kind::Text));
    let keeps = list_of(campaign, key).is_some() || long && text.lines().count() > 1;
    if keeps {
        return (text, findings);
    }
    // an answer of one line has no number: it belongs to the form
    let bare = text.lines().map(|line| {
        let own = numbers.iter().find_map(|n| line.strip_prefix(n.trim()));
        own.unwrap_or(line).trim().to_owned()
    });
    let bare: Vec<String> = bare.filter(|l| !l.is_empty()).collect();
    findings.push(told(
        place,
        format!("{label}的自动编号“{}”没有读取。", first.trim()),
        "编号不是内容的，不必处理；是内容的，请改为直接输入的文字。",
    ));
    (bare.join("\n"), findings)
}

fn told(place: &At, message: String, hint: &str) -> Finding {
    Finding::warning("O11", place.clone(), message, hint)
}

/// What there is besides words.
fn besides(said: &DocumentWords, label: &str, place: &At) -> Vec<Finding> {
    let all = [
        (
            said.tables,
            "里有表格，只按段落读取了其中的文字",
            "请核对读出的内容；最好把表格改写成文字。",
        ),
        (
            said.pictures + said.boxes,
            "里有图片或文本框，只读取了其中的文字",
            "请核对读出的内容；图片请另外报送。",
        ),
        (
            said.unnumbered,
            "里有项目符号或读不懂的自动编号，没有读取",
            "请把编号改为直接输入的文字，如“一、”“（一）”。",
        ),
        (
            said.hidden,
            "里有隐藏文字，没有读取",
            "要用的，请在“字体”中取消“隐藏”；不要的，请删去。",
        ),
        (
            said.struck.len(),
            "里有划了删除线的文字，照样读取了",
            "不要的请从读出的内容里删去；要的请取消删除线。",
        ),
        (
            said.notes,
            "里有脚注或尾注，已按〔1〕〔2〕编号放在后面",
            "请核对；最好把注的内容写进正文。",
        ),
        (
            said.symbols,
            "里有符号字体的字符，没有读取",
            "请改用普通的文字或标点。",
        ),
    ];
    let found = all.into_iter().filter(|(many, ..)| *many > 0);
    found
        .map(|(_, what, hint)| told(place, format!("{label}{what}。"), hint))
        .collect()
}
