//! Cells of a form: what a cell template becomes when its keys are filled in.

use crate::campaign::{Align, CellTemplate, FormTemplate, Kind, OpinionTemplate, StyleTemplate};
use crate::face::Face;
use crate::units::Length;

use super::values::Scope;
use super::{Cell, Content, Opinion, Paragraph, PhotoBox, Photos, Style, Tick};

/// Room between Han and Latin in running text: a quarter of the size (CLReq 3.2.1).
const SCRIPT_GAP: u16 = 250;

/// A style template in lengths.
pub(super) fn style(template: &StyleTemplate) -> Style {
    Style {
        face: template.face,
        sizes: template
            .sizes
            .iter()
            .map(|&pt| Length::from_pt(pt))
            .collect(),
        leading: template.leading,
        pitch: template.pitch.map(Length::from_pt),
        align: template.align,
        indent: template.indent,
        left: template.left,
        right: template.right,
        spread: template.spread,
        keep: template.keep,
        padding: template.padding.map(Length::from_mm),
        inset: template.inset.map(Length::from_mm),
        script_gap: template.script_gap.unwrap_or(match template.align {
            Align::Justify => SCRIPT_GAP,
            _ => 0,
        }),
        signs: false,
    }
}

/// The style of a name; a plain one for a name that loading has refused.
pub(super) fn named(form: &FormTemplate, name: &str) -> Style {
    form.styles
        .get(name)
        .map_or_else(|| Style::plain(Face::Song, Length::from_pt(12.0)), style)
}

/// A paragraph for each line of a text.
pub(super) fn paragraphs(text: &str, style: &Style) -> Vec<Paragraph> {
    text.split('\n')
        .map(|line| Paragraph {
            text: line.to_owned(),
            style: style.clone(),
        })
        .collect()
}

/// A text with its keys filled in. A line in which nothing but keys stands is left out where all of them are empty.
fn filled(text: &str, scope: &Scope<'_>, style: &Style) -> Vec<Paragraph> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut kept: Vec<&str> = lines.clone();
    if lines.len() > 1 {
        kept.retain(|line| !line.starts_with('{') || !scope.fill(line).is_empty());
    }
    kept.into_iter()
        .flat_map(|line| paragraphs(&scope.fill(line), style))
        .collect()
}

/// One cell at a column.
pub(super) fn cell(
    form: &FormTemplate,
    template: &CellTemplate,
    column: usize,
    scope: &Scope<'_>,
    photos: &Photos,
    prefix: &str,
) -> Cell {
    let style_name = |usual: &str| {
        let name = if template.style.is_empty() {
            usual
        } else {
            &template.style
        };
        named(form, name)
    };
    let mut field = String::new();
    let repeated = scope
        .row
        .map(|(_, n, _)| n)
        .or(scope.candidate.map(|(_, n)| n));
    let content = if template.once && repeated.is_some_and(|n| n > 0) {
        Content::Text(Vec::new())
    } else if !template.label.is_empty() {
        label(
            &scope.fill(&template.label),
            template.vertical,
            &style_name("label"),
        )
    } else if !template.field.is_empty() {
        field = format!("{prefix}{}", template.field);
        value(template, scope, &style_name("value"))
    } else if !template.text.is_empty() {
        Content::Text(filled(&template.text, scope, &style_name("value")))
    } else if let Some([width, height]) = template.photo {
        field = "photo".to_owned();
        photo(form, template, [width, height], scope, photos)
    } else if !template.ticks.is_empty() {
        field = format!("{prefix}{}", template.ticks);
        ticks(&template.ticks, scope, style_name("value"))
    } else if let Some(opinion) = &template.opinion {
        Content::Opinion(Box::new(opinion_box(
            opinion,
            scope,
            &style_name("opinion"),
            &named(form, "signature"),
        )))
    } else {
        Content::Text(Vec::new())
    };
    Cell {
        column,
        columns: template.span.max(1),
        rows: template.rows.max(1),
        content,
        middle: !template.top,
        underline: template.underline,
        label: !template.label.is_empty(),
        continued: template.continued,
        field,
    }
}

fn label(text: &str, vertical: bool, style: &Style) -> Content {
    if vertical {
        Content::Vertical(Paragraph {
            text: text.to_owned(),
            style: style.clone(),
        })
    } else {
        Content::Text(paragraphs(text, style))
    }
}

fn value(template: &CellTemplate, scope: &Scope<'_>, style: &Style) -> Content {
    let mut text = scope.text(&template.field);
    if text.is_empty() {
        text = scope.fill(&template.blank);
    }
    let long = scope
        .field(&template.field)
        .is_some_and(|f| f.kind == Kind::Long);
    // a long text's first-line indent is for sentences, not for a lone 无
    let mut style = style.clone();
    if long && text.chars().count() <= 4 {
        style.indent = 0;
    }
    Content::Text(paragraphs(&text, &style))
}

fn photo(
    form: &FormTemplate,
    template: &CellTemplate,
    size: [f64; 2],
    scope: &Scope<'_>,
    photos: &Photos,
) -> Content {
    let [width, height] = size;
    let picture = scope
        .candidate
        .and_then(|(_, rank)| photos.get(&rank))
        .cloned();
    let hint = if form.styles.contains_key("hint") {
        "hint"
    } else {
        "label"
    };
    let style = named(form, hint);
    Content::Photo(PhotoBox {
        width: Length::from_mm(width),
        height: Length::from_mm(height),
        picture,
        hint: paragraphs(&template.hint, &style),
    })
}

fn ticks(key: &str, scope: &Scope<'_>, style: Style) -> Content {
    let chosen = scope.text(key);
    let chosen: Vec<&str> = chosen.split('、').collect();
    let list = scope
        .field(key)
        .and_then(|f| f.codes.as_ref())
        .and_then(|id| scope.campaign.lists.get(id));
    let ticks = list.map_or_else(Vec::new, |list| {
        let tick = |name: &String| Tick {
            on: chosen.contains(&name.as_str()),
            label: name.clone(),
        };
        list.items.iter().map(|item| tick(&item.name)).collect()
    });
    Content::Ticks(ticks, style)
}

fn opinion_box(
    template: &OpinionTemplate,
    scope: &Scope<'_>,
    text: &Style,
    lines: &Style,
) -> Opinion {
    let line = |words: &str, align| Paragraph {
        text: scope.fill(words),
        style: Style {
            align,
            indent: 0,
            left: 0,
            ..lines.clone()
        },
    };
    Opinion {
        text: if template.text.is_empty() {
            Vec::new()
        } else {
            paragraphs(&scope.fill(&template.text), text)
        },
        sign: line(&template.sign, Align::Left),
        seal: (!template.seal.is_empty()).then(|| line(&template.seal, Align::Center)),
        date: line(&template.date, Align::Center),
        slot: Length::from_mm(template.slot),
    }
}
