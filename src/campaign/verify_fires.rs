//! What a rule needs of the campaign to be able to speak at all: fields, sheets, channels, forms. A rule that nothing can set off is
//! told, for it looks as if something were checked.

use super::rule::Rule;
use super::{Campaign, FormKind, Kind, Sheet};

/// What a campaign has of what a rule looks at.
struct Has<'a> {
    campaign: &'a Campaign,
    rule: &'a Rule,
}

impl Has<'_> {
    fn of(sheet: Option<&Sheet>, key: &str) -> bool {
        sheet.is_some_and(|s| s.field(key).is_some())
    }

    /// One of these fields of the unit.
    fn unit(&self, keys: &[&str]) -> bool {
        let sheet = self.campaign.unit_sheet();
        keys.iter().any(|key| Self::of(sheet, key))
    }

    /// One of these fields of a candidate.
    fn person(&self, keys: &[&str]) -> bool {
        let sheet = self.campaign.candidate_sheet();
        keys.iter().any(|key| Self::of(sheet, key))
    }

    /// The sheet that the rule names, or else the usual one, with a column where one is named.
    fn rows(&self, usual: &str, column: &str) -> bool {
        let key = match self.rule.text("sheet") {
            "" => usual,
            own => own,
        };
        let sheet = self.campaign.sheet(key);
        column.is_empty() && sheet.is_some() || Self::of(sheet, column)
    }

    /// One of the channels that the rule names, or else the usual one.
    fn channels(&self, usual: &str) -> bool {
        let has = |kind: &str| self.campaign.channel(kind).is_some();
        match self.rule.words("channels") {
            [] => has(usual),
            own => own.iter().any(|kind| has(kind)),
        }
    }

    /// A channel that hands in a form.
    fn hands_in(&self, kind: FormKind) -> bool {
        let mut channels = self.campaign.channels.iter();
        channels.any(|c| c.forms.contains(&kind))
    }

    /// A field of a kind.
    fn kind(&self, kind: Kind) -> bool {
        let mut fields = self.campaign.sheets.iter().flat_map(|s| &s.fields);
        fields.any(|f| f.kind == kind)
    }
}

/// What a rule looks at and the campaign does not have.
pub(super) fn missing(campaign: &Campaign, rule: &Rule) -> Option<String> {
    let code = rule.code.as_str();
    let has = Has { campaign, rule };
    let (there, what) = match code {
        "Q1" | "Q2" | "Q3" | "Q4" => (
            // a channel's rule that is not there was told, and may be meant as this one
            campaign
                .channels
                .iter()
                .any(|c| c.quota_rule == code || !campaign.rules.0.contains_key(&c.quota_rule)),
            "没有渠道的 quota_rule 是它".to_owned(),
        ),
        "Q5" => (
            has.unit(&["extra_count"]),
            "单位表没有字段 extra_count".to_owned(),
        ),
        "C4" => (
            has.person(&["org", "org_kind"]) && has.channels("city"),
            "候选人表没有字段 org、org_kind，或没有它说的渠道".to_owned(),
        ),
        "C5" => (
            campaign.channels.iter().any(|c| !c.joint.is_empty()),
            "没有渠道写有 joint".to_owned(),
        ),
        "L1" => (
            has.person(&["service_status"]),
            "候选人表没有字段 service_status".to_owned(),
        ),
        "L2" => (
            has.person(&["civil_servant"]),
            "候选人表没有字段 civil_servant".to_owned(),
        ),
        "L3" => (
            has.rows("awards", "level"),
            "没有带字段 level 的获奖表".to_owned(),
        ),
        "L4" => (
            has.rows("awards", "name") || !rule.words("winners").is_empty(),
            "没有带字段 name 的获奖表，也没有写 winners".to_owned(),
        ),
        "S2" => (
            has.person(&["consent"]),
            "候选人表没有字段 consent".to_owned(),
        ),
        "M9" => (
            has.hands_in(FormKind::Report),
            "没有渠道要交报告（forms 里没有 report）".to_owned(),
        ),
        "M11" => (
            has.hands_in(FormKind::Status) && has.rows("status", ""),
            "没有渠道要交开展情况表，或没有它的工作表".to_owned(),
        ),
        "M12" => (has.unit(&["sealed"]), "单位表没有字段 sealed".to_owned()),
        "M15" => (
            campaign.work_lists().next().is_some(),
            "没有写有 folder 的作品表".to_owned(),
        ),
        "D2" => (
            has.unit(&[
                "publicity_from",
                "publicity_to",
                "publicity_scope",
                "publicity_result",
            ]),
            "单位表没有公示的字段（publicity_from 等）".to_owned(),
        ),
        "A2" => (has.channels("defense_unit"), "没有它说的渠道".to_owned()),
        "F4" => (has.kind(Kind::IdNo), "没有身份证号的字段".to_owned()),
        "F7" => (
            has.kind(Kind::Uscc),
            "没有统一社会信用代码的字段".to_owned(),
        ),
        "F9" => (has.kind(Kind::Email), "没有电子邮箱的字段".to_owned()),
        "F18" => (has.kind(Kind::Url), "没有网址的字段".to_owned()),
        "F10" => (has.kind(Kind::Postcode), "没有邮政编码的字段".to_owned()),
        "F12" => (has.rows("resume", ""), "没有简历表".to_owned()),
        _ => return None,
    };
    (!there).then_some(what)
}
