//! Check (校验): everything that reading and the rules find, and whether it fits on paper, in one pass; and the
//! workbook given back with its faults marked.

use jiff::Timestamp;

use crate::campaign::{Campaign, FormKind, FormTemplate, Per};
use crate::finding::{Finding, has_errors};
use crate::font::FontSet as Fonts;
use crate::form::{Photos, build_candidate, build_paper, build_unit, papers_of};
use crate::hours::beijing;
use crate::layout::layout;

use crate::clerk::making::judge::{judge, local_day, once_each, placed};
use crate::clerk::making::read::Reading;
use crate::clerk::making::step::Step;

/// Most candidates whose forms are laid out by a check; a list far above any quota is checked by the rules alone.
const MOST_LAID_OUT: usize = 100;

/// What a check found.
pub struct Checked {
    /// All findings.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether anything must be mended.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.findings)
    }
}

/// Checks a submission as of a time.
pub fn check(campaign: &Campaign, reading: &Reading, fonts: &Fonts, now: Timestamp) -> Checked {
    check_telling(campaign, reading, fonts, now, &mut |_| {})
}

/// The same; `progress` hears the title of each form before it is laid out.
pub fn check_telling(
    campaign: &Campaign,
    reading: &Reading,
    fonts: &Fonts,
    now: Timestamp,
    progress: &mut dyn FnMut(Step<'_>),
) -> Checked {
    let submission = &reading.submission;
    let today = local_day(now);
    progress(Step::uncounted("核对规则"));
    let mut findings = judge(campaign, reading, beijing(now));
    let candidates = submission.candidates.len().min(MOST_LAID_OUT);
    let each = |template: &FormTemplate| match template.per {
        Per::Unit => 1,
        _ => candidates,
    };
    let of = campaign.forms.iter().map(each).sum();
    let mut done = 0;
    let mut progress = |template: &FormTemplate| {
        progress(Step {
            what: &campaign.form_name(template.kind),
            done,
            of,
        });
        done += 1;
    };
    for template in &campaign.forms {
        if let FormKind::Paper(_) = template.kind {
            progress(template);
            let papers = papers_of(campaign, submission).into_iter();
            for paper in papers.filter(|p| p.template.kind == template.kind) {
                let form = build_paper(campaign, &paper, submission, today);
                let laid = layout(fonts, &form).1;
                findings.extend(laid.into_iter().map(|f| placed(f, submission, None)));
            }
            continue;
        }
        if template.per == Per::Unit {
            progress(template);
            if template.kind == FormKind::Summary && submission.candidates.len() > MOST_LAID_OUT {
                continue;
            }
            let form = build_unit(campaign, template, submission, today);
            let laid = layout(fonts, &form).1;
            findings.extend(laid.into_iter().map(|f| placed(f, submission, None)));
            continue;
        }
        for index in 0..candidates {
            progress(template);
            let form =
                build_candidate(campaign, template, submission, index, &Photos::new(), today);
            let laid = form.map(|form| layout(fonts, &form).1).unwrap_or_default();
            findings.extend(laid.into_iter().map(|f| placed(f, submission, Some(index))));
        }
    }
    once_each(&mut findings);
    Checked { findings }
}
