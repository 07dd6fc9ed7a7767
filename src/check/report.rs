//! What the report (推荐工作情况报告) says of itself: M16 to M19; what it says of others is in `report_facts` and `report_person`. It is printed word for word under a signed mark, so that a report that is
//! a stub, last year's, another unit's or the source text of a page must be told before.

use crate::campaign::FormKind;
use crate::finding::{Place, Severity};
use crate::text::count::count_chars;

use super::checking::Checking;
use super::report_facts::{Stated, agree};
use super::report_source::source_text;

/// Fewest characters that can say how candidates were found; a report of several pages has thousands.
const FEWEST_CHARS: usize = 60;

/// How far back a year is taken for last year's; others may be told as history.
const BACK: i32 = 6;

/// Words that names of units end in.
const UNIT_ENDS: &[&str] = &[
    "协会",
    "学会",
    "研究会",
    "促进会",
    "联合会",
    "委员会",
    "科协",
    "办公室",
    "科工办",
    "局",
    "厅",
    "院",
    "所",
    "公司",
    "集团",
    "大学",
    "学院",
    "学校",
    "中学",
    "小学",
    "中心",
    "医院",
    "宣传部",
    "党组",
    "站",
    "政府",
    "厂",
];

/// All rules about the words of a report that is handed in.
pub(super) fn unit(checking: &mut Checking<'_>) {
    let wanted = checking
        .channel
        .is_some_and(|c| c.forms.contains(&FormKind::Report));
    let submission = checking.submission;
    let said: Vec<&str> = submission.report.iter().map(|p| p.trim()).collect();
    let said: Vec<&str> = said.into_iter().filter(|p| !p.is_empty()).collect();
    if !wanted || checking.rule("M9").is_none() || said.is_empty() {
        return;
    }
    let told = Report {
        name: checking.campaign.form_name(FormKind::Report).into_owned(),
        place: submission
            .report_place
            .clone()
            .of(checking.unit_text("name"), ""),
        said,
    };
    too_short(checking, &told);
    another_year(checking, &told);
    another_unit(checking, &told);
    raw_source(checking, &told);
    let stated = Stated {
        name: &told.name,
        place: &told.place,
        said: &told.said,
    };
    agree(checking, &stated);
}

/// A report under check.
struct Report<'a> {
    /// What people call it.
    name: String,
    place: Place,
    /// Its paragraphs that are not blank; at least one.
    said: Vec<&'a str>,
}

impl<'a> Report<'a> {
    /// The title: the first paragraph.
    fn title(&self) -> &'a str {
        self.said.first().copied().unwrap_or_default()
    }

    /// The paragraphs below the text, from the last one upwards: day, names of units, notes.
    fn foot(&self) -> impl Iterator<Item = &'a str> {
        let below = self.said.iter().skip(1).rev().take(8).copied();
        below.take_while(|line| {
            line.chars().count() <= 40 && !line.ends_with(['。', '；', '：', ':'])
        })
    }
}

/// M16: a report of a few words.
fn too_short(checking: &mut Checking<'_>, report: &Report<'_>) {
    let Some(severity) = checking.weight("M16", Severity::Warning) else {
        return;
    };
    let chars: usize = report.said.iter().map(|p| count_chars(p)).sum();
    if chars < FEWEST_CHARS {
        let message = format!("{}只有{chars}字，不像写完的报告，会照样印出。", report.name);
        let hint = "请写全推荐工作的情况，存好后再试；放错文件的请换上报告。";
        checking.add(severity, "M16", report.place.clone(), message, hint);
    }
}

/// M17: title, day or number of another year than the campaign's.
fn another_year(checking: &mut Checking<'_>, report: &Report<'_>) {
    let Some(severity) = checking.weight("M17", Severity::Warning) else {
        return;
    };
    let campaign = checking.campaign;
    let own = i32::from(campaign.year);
    let near = |year: i32| (own - BACK..=own + 2).contains(&year);
    let hint = format!("请核对是不是上一年的报告；是的请换上{own}年的报告。");
    let titled: Vec<i32> = years(report.title()).filter(|y| near(*y)).collect();
    if let Some(other) = titled.first()
        && !titled.contains(&own)
    {
        let message = format!("{}的标题写的是{other}年，本活动是{own}年的。", report.name);
        return checking.add(severity, "M17", report.place.clone(), message, hint);
    }
    // the day below the text; a campaign may end in the year after its own
    let last = i32::from(campaign.deadline.day.year());
    let dated = report.foot().find_map(day_alone).filter(|y| near(*y));
    if let Some(other) = dated.filter(|y| *y != own && *y != last) {
        let message = format!("{}落款的日期是{other}年，本活动是{own}年的。", report.name);
        return checking.add(severity, "M17", report.place.clone(), message, hint);
    }
    if let Some(other) = another_notice(&campaign.notice_no, &report.said, own) {
        let message = format!(
            "{}依据的通知写的是{other}，本活动的是{}。",
            report.name, campaign.notice_no
        );
        checking.add(severity, "M17", report.place.clone(), message, hint);
    }
}

/// The number of a notice of the same office and another year, where the campaign's own is nowhere in the text.
fn another_notice(own_no: &str, said: &[&str], own: i32) -> Option<String> {
    let (office, _) = own_no.split_once('〔')?;
    let tight = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    let head = format!("{office}〔");
    let texts: Vec<String> = said
        .iter()
        .map(|p| {
            tight(p)
                .replace(['[', '［', '﹝'], "〔")
                .replace([']', '］', '﹞'], "〕")
        })
        .collect();
    if texts.iter().any(|t| t.contains(&tight(own_no))) {
        return None;
    }
    texts.iter().find_map(|text| {
        let (_, rest) = text.split_once(&head)?;
        let (year, number) = rest.split_once('〕')?;
        let year: i32 = year.parse().ok().filter(|y| *y != own)?;
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        Some(format!("{head}{year}〕{number}号"))
    })
}

/// Years before 年 or 年度, in digits or in Chinese ones; 2020—2021年 gives both.
fn years(text: &str) -> impl Iterator<Item = i32> {
    let chars: Vec<char> = text.chars().collect();
    let runs = (0..chars.len()).filter_map(move |at| {
        let four: Option<Vec<i32>> = chars.get(at..at + 4)?.iter().map(|c| digit(*c)).collect();
        let touches = |c: Option<&char>| c.is_some_and(|c| digit(*c).is_some());
        let before = at.checked_sub(1).and_then(|i| chars.get(i));
        if touches(before) || touches(chars.get(at + 4)) {
            return None;
        }
        let followed = matches!(
            chars.get(at + 4),
            Some('年' | '—' | '-' | '–' | '～' | '~' | '至' | '〕')
        );
        four.filter(|_| followed)
            .map(|d| d.iter().fold(0, |n, d| n * 10 + d))
    });
    runs.filter(|year| (1900..2200).contains(year))
        .collect::<Vec<_>>()
        .into_iter()
}

/// A digit as people write years: 2, ２, 二, 〇.
fn digit(c: char) -> Option<i32> {
    let written = "〇一二三四五六七八九";
    let chinese = written.chars().position(|w| w == c);
    let other = match c {
        '○' | '零' | 'Ｏ' | 'O' => Some(0),
        '０'..='９' => u32::from(c)
            .checked_sub(u32::from('０'))
            .and_then(|n| usize::try_from(n).ok()),
        _ => c.to_digit(10).and_then(|n| usize::try_from(n).ok()),
    };
    chinese.or(other).and_then(|n| i32::try_from(n).ok())
}

/// The year of a line that is a day and nothing else.
fn day_alone(line: &str) -> Option<i32> {
    let tight: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let of_day = |c: char| {
        digit(c).is_some()
            || matches!(
                c,
                '年' | '月' | '日' | '号' | '十' | '廿' | '.' | '-' | '/' | '．'
            )
    };
    let mut found = years(&tight).chain(tight.get(..4).and_then(|y| y.parse().ok()));
    found
        .next()
        .filter(|year| tight.chars().all(of_day) && (1900..2200).contains(year))
}

/// M18: title or foot names another unit than the one that hands it in.
fn another_unit(checking: &mut Checking<'_>, report: &Report<'_>) {
    let Some(severity) = checking.weight("M18", Severity::Warning) else {
        return;
    };
    let own = checking.unit_text("name");
    if own.chars().count() < 4 {
        return;
    }
    let signed: Vec<&str> = report.foot().filter(|line| is_unit(line)).collect();
    let heads = [titled_unit(report.title())];
    let hint = "请核对报告是不是放错了；确是本单位的，请改成公章上的全称。";
    let faults = [
        ("落款", signed.clone()),
        ("标题", heads.into_iter().flatten().collect()),
    ];
    for (what, names) in faults {
        if let Some(other) = names.first()
            && !names.iter().any(|name| same_unit(name, own))
        {
            let message = format!(
                "{}的{what}写的单位是“{other}”，报送的单位是“{own}”。",
                report.name
            );
            return checking.add(severity, "M18", report.place.clone(), message, hint);
        }
    }
}

/// The unit at the head of a title: what stands before 关于.
fn titled_unit(title: &str) -> Option<&str> {
    let head = ["关于", "推荐", "开展", "报送"]
        .into_iter()
        .find_map(|word| title.split_once(word))?
        .0;
    let head = head
        .trim_end_matches(|c: char| digit(c).is_some() || matches!(c, '年' | '度'))
        .trim();
    is_unit(head).then_some(head)
}

/// Whether a line is the name of a unit: it ends as names of units do and is no sentence.
fn is_unit(line: &str) -> bool {
    let line = bare_unit(line);
    let long_enough = line.chars().count() >= 4;
    let sentence = line.contains(['。', '，', '；', '：', '、', ',', ':', '“', '《']);
    long_enough && !sentence && UNIT_ENDS.iter().any(|end| line.ends_with(end))
}

/// A name without blanks and what stands in brackets behind it, such as （盖章）.
fn bare_unit(line: &str) -> String {
    let tight: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let tight = tight.trim_end_matches(['）', ')']);
    let cut = tight
        .rfind(['（', '('])
        .filter(|_| ["盖章", "章"].iter().any(|w| tight.ends_with(w)));
    cut.and_then(|at| tight.get(..at))
        .unwrap_or(tight)
        .to_owned()
}

/// Whether two names may be of one unit: one is the other shortened (市科协 for 市科学技术协会), or the other with something around it.
fn same_unit(one: &str, other: &str) -> bool {
    let (one, other) = (bare_unit(one), bare_unit(other));
    let inside = |short: &str, long: &str| {
        let mut rest = long.chars();
        short.chars().all(|c| rest.any(|l| l == c))
    };
    inside(&one, &other) || inside(&other, &one)
}

/// M19: the source text of a page instead of its words.
fn raw_source(checking: &mut Checking<'_>, report: &Report<'_>) {
    let Some(severity) = checking.weight("M19", Severity::Error) else {
        return;
    };
    let Some(found) = source_text(&report.said) else {
        return;
    };
    // marks of Markdown can be meant as they stand; tags cannot
    let severity = if found.certain {
        severity
    } else {
        severity.min(Severity::Warning)
    };
    let message = format!(
        "{}里有{}的源代码，如“{}”，会照样印出。",
        report.name, found.what, found.sample
    );
    let hint = "请在显示正常的窗口里复制文字，粘贴到Word或WPS中，另存为“报告.docx”；只有几处的，请删去这些符号。";
    checking.add(severity, "M19", report.place.clone(), message, hint);
}
