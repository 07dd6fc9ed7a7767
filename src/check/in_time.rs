//! Days of the campaign's own doings (公示、报送、批准、送达): a day that lies years away from the campaign was typed or read wrongly, and
//! would be printed as it stands. F3; what the days mean together is D2 in `process`.

use jiff::civil::Date;

use crate::campaign::Campaign;
use crate::finding::Severity;
use crate::text::date::{chinese_date, parse_date};

use super::checking::Checking;

/// The unit's days that belong to the campaign, and what they are called where the campaign does not ask for them.
const DAYS: [(&str, &str); 6] = [
    ("publicity_from", "公示开始日期"),
    ("publicity_to", "公示结束日期"),
    ("report_date", "报送日期"),
    ("extra_date", "批准日期"),
    ("paper_received_at", "纸质材料送达日期"),
    ("file_received_at", "电子版送达日期"),
];
/// Half a year: as far from the deadline may a day of another year lie, for campaigns that run over New Year.
const HALF_A_YEAR: i32 = 183;

/// Tells of days that cannot belong to the campaign.
pub(super) fn unit(checking: &mut Checking<'_>) {
    let Some(severity) = checking.weight("F3", Severity::Error) else {
        return;
    };
    for (key, usual) in DAYS {
        let Some(day) = outside(checking, key) else {
            continue;
        };
        let campaign = checking.campaign;
        // later than the deadline is D1 for these
        let late = day > campaign.last_day();
        if late && matches!(key, "paper_received_at" | "file_received_at") {
            continue;
        }
        let message = format!(
            "{}{}不在本次活动的时间里：活动是{}年的，报送期限是{}。",
            checking.unit_label(key, usual),
            chinese_date(day),
            campaign.year,
            chinese_date(campaign.last_day())
        );
        let hint = format!("请核对年份，按“{}-05-08”的样子填写。", campaign.year);
        checking.add(severity, "F3", checking.unit_place(key), message, hint);
    }
}

/// A day of the unit's that lies outside of the campaign's time; none for one within it, and for what is no day.
pub(super) fn outside(checking: &Checking<'_>, key: &str) -> Option<Date> {
    let day = parse_date(checking.unit_text(key))?;
    (!belongs(checking.campaign, day)).then_some(day)
}

/// Whether a day may belong to a campaign: it is of its year, of the year of its deadline, or within half a year of the deadline.
fn belongs(campaign: &Campaign, day: Date) -> bool {
    let last = campaign.last_day();
    let apart = last.until(day).map_or(0, |span| span.get_days());
    let year = i64::from(day.year());
    year == i64::from(campaign.year) || day.year() == last.year() || apart.abs() <= HALF_A_YEAR
}
