//! Papers around a submission (公文): which ones a unit's channel hands in, one for each department where they are letters to
//! departments. How the lines at their end are set is in `signature`. What a paper says is data, as with every form.

use jiff::civil::Date;

use crate::campaign::{Campaign, FormKind, FormTemplate};
use crate::record::Submission;

use super::build::Builder;
use super::values::{Scope, channel_of};
use super::{Form, Photos};

/// One paper to be written.
#[derive(Clone, Debug)]
pub struct Paper<'a> {
    /// What it looks like.
    pub template: &'a FormTemplate,
    /// The department to which it goes; none for a paper of which there is one.
    pub department: Option<String>,
}

/// The papers that the channel of a submission hands in, in their order; none where the channel is not known.
pub fn papers_of<'a>(campaign: &'a Campaign, submission: &Submission) -> Vec<Paper<'a>> {
    let Some(channel) = channel_of(campaign, submission) else {
        return Vec::new();
    };
    let own = campaign.forms.iter().filter(|form| {
        matches!(form.kind, FormKind::Paper(_)) && channel.forms.contains(&form.kind)
    });
    own.flat_map(|template| {
        let to = match template.each.is_empty() {
            true => vec![None],
            false => campaign
                .departments(channel)
                .into_iter()
                .map(Some)
                .collect(),
        };
        to.into_iter().map(move |department| Paper {
            template,
            department,
        })
    })
    .collect()
}

/// A paper. What the submission does not say yet is left to be filled in by hand.
pub fn build_paper(
    campaign: &Campaign,
    paper: &Paper<'_>,
    submission: &Submission,
    issued: Date,
) -> Form {
    let scope = Scope {
        department: paper.department.as_deref().unwrap_or_default(),
        by_hand: true,
        ..Scope::of_unit(campaign, submission, issued)
    };
    Builder {
        template: paper.template,
        scope,
        photos: &Photos::new(),
    }
    .form()
}
