//! The halves of spans (起、止) that stand in two columns, as one value again.

use crate::campaign::Campaign;
use crate::fill::anatomy::halves::{Half, half_of, one_span};
use crate::fill::anatomy::label::field_of;
use crate::fill::back::form_read::ReadValue;
use crate::fill::back::text::flat;
use crate::finding::Finding;
use crate::ooxml::CellValue;
use crate::text::date::is_ambiguous_month;

/// Values with the halves of each span as one, where the first of them stands.
pub(super) fn whole(
    campaign: &Campaign,
    found: Vec<ReadValue>,
    findings: &mut Vec<Finding>,
) -> Vec<ReadValue> {
    let mut out: Vec<ReadValue> = Vec::with_capacity(found.len());
    let mut halves: Vec<(usize, [String; 2])> = Vec::new();
    for mut value in found {
        let Some((whole, half)) = half_of(&value.key) else {
            out.push(value);
            continue;
        };
        let whole = whole.to_owned();
        findings.extend(plain(campaign, &mut value));
        let same = |(n, _): &&mut (usize, [String; 2])| {
            let open = out.get(*n);
            open.is_some_and(|o| o.key == whole && o.how == value.how)
        };
        let text = std::mem::take(&mut value.text);
        // the halves of a row stand one behind the other
        let known = halves.iter_mut().rev().take(4).find(same);
        if let Some((n, texts)) = known {
            if let Some(first) = out.get_mut(*n) {
                first.cell = first.cell.take().or(value.cell);
            }
            put(texts, half, text);
            continue;
        }
        let mut texts = Default::default();
        put(&mut texts, half, text);
        halves.push((out.len(), texts));
        value.key = whole;
        out.push(value);
    }
    for (n, [from, to]) in halves {
        if let Some(value) = out.get_mut(n) {
            value.text = one_span(&from, &to);
        }
    }
    out
}

fn put([from, to]: &mut [String; 2], half: Half, text: String) {
    match half {
        Half::From => *from = text,
        Half::To => *to = text,
    }
}

/// A day or a number of a sheet as the month that it means. A number such as 2003.1, which may have lost the zero of October, is told.
fn plain(campaign: &Campaign, value: &mut ReadValue) -> Option<Finding> {
    match value.cell {
        Some(CellValue::Day { year, month, .. }) => {
            value.text = format!("{year:04}.{month:02}");
            value.cell = None;
            None
        }
        Some(CellValue::Number(number)) => {
            value.text = number.to_string();
            value.cell = None;
            if !is_ambiguous_month(&value.text) {
                return None;
            }
            let label = field_of(campaign, &flat(&value.key)).map_or("年月", |f| &f.label);
            let year = value.text.split('.').next().unwrap_or_default();
            Some(Finding::error(
                "F3",
                value.place.clone(),
                format!(
                    "{label}中的“{}”按数字存放，可能是{year}年1月，也可能是丢了末位0的{year}年10月。",
                    value.text
                ),
                format!("请把单元格设为文本格式，写作“{year}.01”或“{year}.10”。"),
            ))
        }
        _ => None,
    }
}
