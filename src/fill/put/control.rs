//! Content controls (内容控件) that ask for a value: their prompt gives way to it, a drop-down takes what its list has, a date picker
//! shows the day in its own format.

use crate::fill::anatomy::find::paragraphs;
use crate::fill::anatomy::glyphs::{glyphs, prompt_of, runs_of};
use crate::fill::anatomy::look::{
    half_points, label_look, long_look, paragraph_look, run_look, without_prompt,
};
use crate::fill::put::control_ink::ControlInk;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::cutter::{Cutter, TickBox};
use crate::fill::put::stencil::Action;
use crate::ooxml::{Element, choices_of, shows_prompt};

/// The first control among paragraphs that shows its prompt: within one of them, or around them.
pub(super) fn prompt_among<'t>(paragraphs: &[Element<'t>]) -> Option<Element<'t>> {
    let mut all = paragraphs.iter().flat_map(|p| glyphs(*p));
    all.find_map(|glyph| prompt_of(&glyph))
}

/// Whether a control has a rule of its own for what it shows.
pub(super) fn has_rule(control: Element<'_>) -> bool {
    let properties = control
        .child("sdtPr")
        .into_iter()
        .flat_map(Element::children);
    let mut rules = properties.filter(|p| matches!(p.name(), "dropDownList" | "date"));
    rules.next().is_some()
}

impl Cutter {
    /// A control takes the value instead of what it shows. `words` tells the words that choose entries of a list.
    pub(super) fn control(
        &mut self,
        control: Element<'_>,
        key: &CutKey,
        name: &str,
        words: &dyn Fn(&[String]) -> Vec<Vec<String>>,
    ) {
        let (Some(properties), Some(content)) =
            (control.child("sdtPr"), control.child("sdtContent"))
        else {
            return;
        };
        let boxes = properties
            .child("dropDownList")
            .map(|_| choices(control, words));
        let gone = match &boxes {
            Some(boxes) => Action::Tick {
                words: boxes.iter().flat_map(|b| b.words.clone()).collect(),
                on: String::new(),
            },
            None => Action::Gone,
        };
        // what is bound to data of the file would be shown again instead of the value
        for sign in ["showingPlcHdr", "dataBinding"] {
            if let Some(sign) = properties.child(sign) {
                self.cut(sign.range(), key, gone.clone(), "");
            }
        }
        let look = look_of(control, content);
        let rule = match (&boxes, properties.child("date")) {
            (Some(boxes), _) => {
                let entry = |b: &TickBox| (b.words.clone(), b.label.clone());
                Some(ControlInk::Choice {
                    entries: boxes.iter().map(entry).collect(),
                    look: look.clone(),
                })
            }
            (None, Some(date)) => {
                let tag = date.tag().to_owned();
                let range = date.range().start..date.range().start + tag.len();
                self.cut(
                    range,
                    key,
                    Action::Control(ControlInk::FullDate { tag }),
                    "",
                );
                let format = date.child("dateFormat").and_then(Element::val);
                let format = format.unwrap_or_default().into_owned();
                (!format.is_empty()).then(|| ControlInk::Date {
                    format,
                    look: look.clone(),
                })
            }
            (None, None) => None,
        };
        if let Some(boxes) = boxes {
            self.choices.push((key.clone(), boxes));
        }
        self.content(control, content, key, name, (look, rule, gone));
    }

    /// What a control shows gives way.
    fn content(
        &mut self,
        control: Element<'_>,
        content: Element<'_>,
        key: &CutKey,
        name: &str,
        (look, rule, gone): (String, Option<ControlInk>, Action),
    ) {
        let cell = content.child("tc");
        let blocks = paragraphs(cell.unwrap_or(content));
        let mut runs = Vec::new();
        match blocks.first() {
            Some(first) => runs_of(*first, &mut runs),
            None => runs_of(content, &mut runs),
        }
        for block in blocks.iter().skip(1) {
            runs_of(*block, &mut runs);
        }
        // a control of plain text takes no further paragraphs: of a long text it becomes one that does
        let plain = control.at(&["sdtPr", "text"]);
        if let Some(plain) = plain.filter(|_| !blocks.is_empty()) {
            self.cut(plain.range(), key, Action::Long(String::new()), "");
        }
        for again in said_again(control) {
            self.cut(again.range(), key, gone.clone(), "");
        }
        let further = blocks.first().filter(|_| rule.is_none());
        let further = further.map(|p| long_look(p.child("pPr"), half_points(&look)));
        let ink = |before: &str, after: &str| match rule.clone() {
            Some(rule) if before.is_empty() => Action::Control(rule),
            _ => Action::Runs {
                look: look.clone(),
                before: before.to_owned(),
                after: after.to_owned(),
                further: further.clone(),
                width: 0,
            },
        };
        let Some((first, others)) = runs.split_first() else {
            match blocks.first() {
                Some(block) => self.blank(*block, key, name),
                None if content.inner().end == content.range().end => {
                    let ink = ink("<w:sdtContent>", "</w:sdtContent>");
                    self.cut(content.range(), key, ink, name);
                }
                None => {
                    let at = content.inner().start;
                    self.cut(at..at, key, ink("", ""), name);
                }
            }
            return;
        };
        self.cut(first.range(), key, ink("", ""), name);
        for run in others {
            self.cut(run.range(), key, gone.clone(), "");
        }
    }
}

/// Controls right behind one that show its prompt again, as LibreOffice writes them.
fn said_again(control: Element<'_>) -> Vec<Element<'_>> {
    let prompt = |control: Element<'_>| -> String {
        let texts = control.descendants().filter(|e| e.is("t"));
        texts.map(|t| t.text().into_owned()).collect()
    };
    let named = |control: &Element<'_>| {
        let mut names = ["tag", "alias"].into_iter();
        names.any(|name| control.at(&["sdtPr", name]).is_some())
    };
    let own = prompt(control);
    let siblings = control.parent().into_iter().flat_map(Element::children);
    let mut end = control.range().end;
    let mut again = Vec::new();
    for next in siblings.skip_while(|c| c.range().end <= control.range().end) {
        let follows = next.is("sdt") && next.range().start == end;
        if !follows || !shows_prompt(next) || named(&next) || !prompt(next).starts_with(&own) {
            break;
        }
        end = next.range().end;
        again.push(next);
    }
    again
}

/// The look of what stands in a control: its own, else that of its paragraph, else of the label beside it; never the prompt's.
fn look_of(control: Element<'_>, content: Element<'_>) -> String {
    let own = run_look(control.at(&["sdtPr", "rPr"]));
    if !own.is_empty() {
        return without_prompt(&own);
    }
    let paragraph = content
        .descendants()
        .find(|e| e.is("p"))
        .or_else(|| control.ancestors().find(|e| e.is("p")));
    let mark = paragraph.map(|p| run_look(p.at(&["pPr", "rPr"])));
    if let Some(mark) = mark.filter(|m| !m.is_empty()) {
        return without_prompt(&mark);
    }
    if !shows_prompt(control) {
        return paragraph.map(paragraph_look).unwrap_or_default();
    }
    let cell = content.descendants().find(|e| e.is("tc"));
    let cell = cell.or_else(|| control.ancestors().find(|e| e.is("tc")));
    cell.map(label_look).unwrap_or_default()
}

/// The entries of a drop-down as what can be chosen.
fn choices(control: Element<'_>, words: &dyn Fn(&[String]) -> Vec<Vec<String>>) -> Vec<TickBox> {
    let entries = choices_of(control);
    let labels: Vec<String> = entries.iter().map(|e| e.0.clone()).collect();
    let all = words(&labels).into_iter().zip(entries);
    all.map(|(mut words, (label, value))| {
        if !words.contains(&value) {
            words.push(value);
        }
        TickBox { label, words }
    })
    .collect()
}

/// The words of entries where no list of the campaign is known.
pub(super) fn as_they_are(labels: &[String]) -> Vec<Vec<String>> {
    labels.iter().map(|l| vec![l.clone()]).collect()
}
