//! Channels of recommendation (推荐渠道): C1, C2, C4 and C5.

use crate::campaign::{Campaign, Channel};
use crate::text::name::canonical_name;

use super::checking::{Checking, Person};
use super::nearest::nearest;
use crate::check::params::{quoted, words_or};

/// The channel that a text means: its key, label or an alias.
pub(super) fn resolve<'a>(campaign: &'a Campaign, text: &str) -> Option<&'a Channel> {
    campaign.channel_named(text)
}

/// C1, C2 and C5.
pub(super) fn unit(checking: &mut Checking<'_>) {
    known(checking);
    organisation(checking);
    joint(checking);
}

/// C1: the unit names one of the campaign's channels.
fn known(checking: &mut Checking<'_>) {
    let Some((_, severity)) = checking.rule("C1") else {
        return;
    };
    if checking.channel.is_some() {
        return;
    }
    let text = checking.unit_text("channel");
    let labels = checking.campaign.channels.iter().map(|c| c.label.as_str());
    let near = nearest(text, labels.clone()).map_or(String::new(), |n| format!("可能是“{n}”。"));
    let message = if text.is_empty() {
        "“推荐渠道”未填，候选人均应通过规定渠道推荐。".to_owned()
    } else {
        format!("推荐渠道“{text}”不在规定渠道之内。")
    };
    let hint = format!("{near}请从{}中选择。", quoted(labels));
    checking.add(
        severity,
        "C1",
        checking.unit_place("channel"),
        message,
        hint,
    );
}

/// C2: the recommender is an organisation and not a candidate. Parameter `words`: names that stand for a person
/// who applies for himself.
fn organisation(checking: &mut Checking<'_>) {
    let Some((rule, severity)) = checking.rule("C2") else {
        return;
    };
    let name = checking.unit_text("name");
    let bare = canonical_name(name).0;
    let himself = words_or(rule, "words", &["个人", "本人", "自荐", "无"]);
    let rest = without_applying(&bare, &himself);
    let message = if name.is_empty() {
        "“推荐单位”未填，不接受个人申报。".to_owned()
    } else if rest.is_empty() {
        format!("推荐单位填为“{name}”，不接受个人申报。")
    } else if checking
        .submission
        .candidates
        .iter()
        .any(|c| canonical_name(c.text("name")).0 == rest)
    {
        format!("推荐单位“{name}”与候选人同名，不接受个人申报。")
    } else {
        return;
    };
    let hint = "请填写推荐单位全称。";
    checking.add(severity, "C2", checking.unit_place("name"), message, hint);
}

/// What is left of a unit's name without the words of one who applies for himself, in whatever order and with whatever around them
/// (个人自荐, 本人申报, 无推荐单位); the whole name where none of them stands in it.
fn without_applying(name: &str, himself: &[&str]) -> String {
    /// Words that stand beside those and name nobody.
    const BESIDE: &[&str] = &[
        "推荐", "申报", "申请", "报名", "报送", "参评", "自我", "自行", "单位", "渠道", "身份",
    ];
    let without =
        |text: &str, words: &[&str]| words.iter().fold(text.to_owned(), |t, w| t.replace(w, ""));
    let bare = without(name, himself);
    if bare == name && !name.contains("自我") {
        return name.to_owned();
    }
    let rest = without(&bare, BESIDE);
    let rest: String = rest.chars().filter(|c| c.is_alphanumeric()).collect();
    // of the name of an office nothing is taken away
    if rest.chars().count() > 4 {
        name.to_owned()
    } else {
        rest
    }
}

/// C5: a joint recommendation has the opinion of every partner (the channel's `joint`). Parameter `accepted`.
fn joint(checking: &mut Checking<'_>) {
    let (Some((rule, severity)), Some(channel)) = (checking.rule("C5"), checking.channel) else {
        return;
    };
    let accepted = words_or(rule, "accepted", &["同意", "已征求", "已同意", "是"]);
    for key in &channel.joint {
        let Some(field) = checking.campaign.unit_sheet().and_then(|s| s.field(key)) else {
            continue;
        };
        let text = checking.unit_text(key);
        if accepted.contains(&text.trim_end_matches(['。', '！']))
            || text.is_empty() && checking.unit_requires(key)
        {
            continue;
        }
        let label = &field.label;
        let message = if text.is_empty() {
            format!("“{label}”未填，缺联合推荐单位意见。")
        } else {
            format!(
                "“{label}”填为“{text}”，应为{}。",
                quoted(accepted.iter().copied())
            )
        };
        let hint = format!("请征求联合推荐单位意见后填写“{label}”。");
        checking.add(severity, "C5", checking.unit_place(key), message, hint);
    }
}

/// C4: people of certain institutions come through their city. Parameters `words`, sought in the employer's name and kind;
/// `channels`, the kinds through which they may come.
pub(super) fn candidate(checking: &mut Checking<'_>, person: &Person<'_>) {
    let (Some((rule, severity)), Some(channel)) = (checking.rule("C4"), checking.channel) else {
        return;
    };
    if words_or(rule, "channels", &["city"]).contains(&channel.kind.as_str()) {
        return;
    }
    let usual = ["中国科学院", "中科院", "河北省科学院", "省科学院"];
    let words = words_or(rule, "words", &usual);
    let hit = ["org", "org_kind"]
        .into_iter()
        .find(|key| words.iter().any(|w| person.text(key).contains(w)));
    if let Some(key) = hit {
        let message = format!(
            "{}的“{}”应由所在市科协统一报送，现经“{}”报送。",
            person.record,
            person.text(key),
            channel.label
        );
        let hint = "请与所在市科协联系，改由市科协报送。";
        checking.add(severity, "C4", person.place(key), message, hint);
    }
}
