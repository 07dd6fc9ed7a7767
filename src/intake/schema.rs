//! The JSON Schema (draft 2020-12) of `submission.json` for a campaign.

use serde_json::{Map, Value, json};

use crate::campaign::{Campaign, Field, Kind, Sheet};

/// The schema of a campaign's `submission.json`. It asks for canonical texts; reading is more patient than the schema.
/// Counts of characters are told in words: a schema counts white space, notices do not.
pub fn schema(campaign: &Campaign) -> Value {
    let mut root = Map::new();
    root.insert("$schema".to_owned(), json!({"type": "string"}));
    root.insert("campaign".to_owned(), json!({"const": campaign.id}));
    let unit_lists: Vec<&Sheet> = campaign.unit_lists().collect();
    if let Some(sheet) = campaign.unit_sheet() {
        root.insert("unit".to_owned(), object(campaign, sheet, &unit_lists));
    }
    if let Some(sheet) = campaign.candidate_sheet() {
        let lists: Vec<&Sheet> = campaign.candidate_lists().collect();
        root.insert(
            "candidates".to_owned(),
            json!({
                "description": "按推荐排名排列。",
                "type": "array",
                "minItems": 1,
                "items": object(campaign, sheet, &lists),
            }),
        );
    }
    for sheet in unit_lists {
        root.insert(sheet.key.clone(), rows(campaign, sheet));
    }
    root.insert(
        "report".to_owned(),
        json!({
            "description": "推荐工作情况报告的段落，第一段为标题。",
            "type": "array",
            "items": {"type": "string"},
        }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": campaign.title,
        "type": "object",
        "properties": root,
        "required": ["campaign", "unit", "candidates"],
        "additionalProperties": false,
    })
}

/// The object of an owner, with its lists.
fn object(campaign: &Campaign, sheet: &Sheet, lists: &[&Sheet]) -> Value {
    let mut properties = Map::new();
    for field in &sheet.fields {
        properties.insert(field.key.clone(), property(campaign, field));
    }
    for list in lists {
        properties.insert(list.key.clone(), rows(campaign, list));
    }
    let required: Vec<&str> = sheet
        .fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.key.as_str())
        .collect();
    json!({
        "title": sheet.label,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The array of a list's rows.
fn rows(campaign: &Campaign, sheet: &Sheet) -> Value {
    json!({
        "title": sheet.label,
        "type": "array",
        "minItems": sheet.least,
        "items": object(campaign, sheet, &[]),
    })
}

/// One field.
fn property(campaign: &Campaign, field: &Field) -> Value {
    let mut property = Map::new();
    property.insert("title".to_owned(), json!(field.label));
    property.insert("type".to_owned(), json!("string"));
    let mut words = Vec::new();
    if !field.note.is_empty() {
        words.push(field.note.clone());
    }
    if let Some(max) = field.max {
        words.push(format!("不超过{max}字。"));
    }
    words.extend(
        [field.pattern_in_words.as_str()]
            .into_iter()
            .filter(|w| !w.is_empty())
            .map(|w| format!("{w}。")),
    );
    if field.at_least.is_some() || field.at_most.is_some() {
        words.push(format!("{}。", field.number_in_words()));
    }
    let names = names(campaign, field);
    if field.multi && !names.is_empty() {
        words.push(format!("可选多项，用“、”隔开：{}。", names.join("，")));
    } else if field.free && !names.is_empty() {
        property.insert("examples".to_owned(), json!(names));
    } else if !names.is_empty() {
        let mut all = names;
        all.extend((!field.blank.is_empty()).then_some(field.blank.as_str()));
        property.insert("enum".to_owned(), json!(all));
    } else if let Some(pattern) = shape(field) {
        let pattern = if field.blank.is_empty() {
            format!("^({pattern})$")
        } else {
            format!("^({pattern}|{})$", field.blank)
        };
        property.insert("pattern".to_owned(), json!(pattern));
    }
    if !words.is_empty() {
        property.insert("description".to_owned(), json!(words.join("")));
    }
    Value::Object(property)
}

/// The shape of a field's canonical text, without anchors: its own pattern, else that of its kind, else its length.
fn shape(field: &Field) -> Option<String> {
    if let Some(own) = &field.pattern {
        return Some(own.text.clone());
    }
    let of_kind = pattern(field.kind).map(str::to_owned);
    of_kind.or_else(|| field.length.map(|n| format!(".{{{n}}}")))
}

/// The names of a field's code list.
fn names<'c>(campaign: &'c Campaign, field: &Field) -> Vec<&'c str> {
    let list = field.codes.as_ref().and_then(|id| campaign.lists.get(id));
    list.map_or_else(Vec::new, |list| {
        list.items.iter().map(|i| i.name.as_str()).collect()
    })
}

/// The shape of a kind's canonical text, without anchors.
fn pattern(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Month => "[0-9]{4}\\.(0[1-9]|1[0-2])",
        Kind::Span => "[0-9]{4}\\.(0[1-9]|1[0-2])—([0-9]{4}\\.(0[1-9]|1[0-2])|至今)",
        Kind::Date => "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
        Kind::Count => "0|[1-9][0-9]*",
        Kind::Decimal => "-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?",
        Kind::Uscc => "[0-9A-HJ-NPQRTUWXY]{18}",
        Kind::Mobile => "1[3-9][0-9]{9}",
        Kind::Email => "[^@\\s]+@[^@\\s]+\\.[^@\\s]+",
        Kind::Postcode => "[0-9]{6}",
        Kind::YesNo => "是|否",
        Kind::Text
        | Kind::Name
        | Kind::Long
        | Kind::Code
        | Kind::IdNo
        | Kind::Phone
        | Kind::Photo
        | Kind::File => return None,
        Kind::Url => "https?://[^\\s]+",
    })
}
