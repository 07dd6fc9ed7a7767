//! Binding (绑定): where in a blank form which field goes, found from its labels alone. `survey` draws the form as boxes,
//! `parts` by what headings the form is divided, in whatever manner they stand, `heads` what those say, `blocks` and `subject` (with the words of `roles`,
//! `sections`, `callings`, `fillers`, `unit_names`, `unit_asks` and `unit_parts`) whose each label is, `matrix` of several people side by side the candidate's blanks, `settle` what of all that was found is sure, `unseen` what is not printed, `examples` what only shows how, `words` what a box says,
//! `answered` where something is written already, `lexicon` (with `synonyms`) says what labels mean, `lists` finds repeated rows, `spans` in them the two columns of a span, `cells` the blanks beside and below labels,
//! `opinions` what is signed and the photo, `digits` boxes for single characters, `blanks` what the blanks within a line ask (`slots`), `marked` what somebody prepared; what is wrong with it is told by `braces` before anything is
//! bound, with placeholders of other tools (`languages`). What is found is gathered in `finder` and comes to a `binding`, whose readable file is `document`; what was decided of last year's form is taken over in `carry`.

mod answered;
mod binding;
mod blanks;
mod blocks;
mod braces;
mod callings;
mod carry;
mod cells;
mod columns;
mod digits;
mod document;
mod examples;
mod fillers;
mod finder;
mod heads;
mod languages;
mod lexicon;
mod lists;
mod marked;
mod matrix;
mod opinions;
mod parts;
mod roles;
mod sections;
mod sentences;
mod settle;
mod slots;
mod spans;
mod subject;
mod survey;
mod synonyms;
mod topics;
mod typed;
mod unit_asks;
mod unit_names;
mod unit_parts;
mod unseen;
mod words;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::campaign::Campaign;
use crate::finding::Finding;
use crate::ooxml::{OoxmlError, OpcPackage};
use crate::text::heading::fold_heading as letters;

use crate::fill::anatomy::find::text_parts;

use crate::fill::bind::blocks::Blocks;
use crate::fill::bind::finder::PlaceFinder;
use crate::fill::bind::lexicon::Lexicon;
use crate::fill::bind::parts::Parts;
pub use binding::{Binding, BoundPlace, LEFT_EMPTY, OthersPlace, Undecided};
pub use carry::TakenOver;
pub use document::BindingError;
use subject::{Subject, is_of_team, named_in};
use survey::{FormGrid, Survey};

/// Finds the places of a blank form.
pub fn bind(campaign: &Campaign, file: &str, form: &[u8]) -> Result<Binding, OoxmlError> {
    let package = OpcPackage::read(form)?;
    let mut survey = Survey::of(&package)?;
    survey.grids.iter_mut().for_each(FormGrid::note_people);
    bound(campaign, file, &package, survey)
}

/// What is wrong with a form before anything is bound: placeholders that do not close, tables too long. A form with such faults is
/// neither bound nor filled.
pub fn faults_of_form(
    campaign: &Campaign,
    file: &str,
    form: &[u8],
) -> Result<Vec<Finding>, OoxmlError> {
    let package = OpcPackage::read(form)?;
    let long = braces::too_long(file, &package)?;
    if !long.is_empty() {
        return Ok(long);
    }
    // what is too much to be a form is refused before its words are looked into
    Survey::of(&package)?;
    braces::faults(campaign, file, &package)
}

/// Finds the places of a form that was typed into, by its labels alone: where the blank form is not at hand.
pub fn bind_typed(campaign: &Campaign, file: &str, form: &[u8]) -> Result<Binding, OoxmlError> {
    let package = OpcPackage::read(form)?;
    let mut survey = Survey::of(&package)?;
    typed::without_answers(&mut survey, &Lexicon::of(campaign));
    bound(campaign, file, &package, survey)
}

fn bound(
    campaign: &Campaign,
    file: &str,
    package: &OpcPackage,
    survey: Survey,
) -> Result<Binding, OoxmlError> {
    let marked = marked::find(campaign, package, &survey)?;
    let lexicon = Lexicon::of(campaign);
    let mut parts = Parts::of(&survey, &lexicon, &campaign.title);
    let blocks = Blocks::of(&survey, &lexicon, &parts);
    let outside = Subject::of(&survey, &lexicon, &blocks, false);
    let one_person = outside.is_somebody();
    let named_in = named_in(&survey, &lexicon, &blocks);
    let subject = match one_person {
        true => outside,
        false => Subject::of(&survey, &lexicon, &blocks, true),
    };
    let begins = subject.begins(&survey, &lexicon, &blocks);
    let blocks = Blocks::with(&survey, &lexicon, &parts, &begins);
    if let Some(words) = subject.words() {
        parts.know(words);
    }
    let mut finder = PlaceFinder {
        campaign,
        lexicon,
        parts,
        blocks,
        subject,
        one_person,
        team: is_of_team(&survey),
        named_in,
        survey,
        taken: BTreeSet::new(),
        places: Vec::new(),
        crossed: Vec::new(),
        others: Vec::new(),
        unbound: Vec::new(),
        ambiguous: Vec::new(),
        named: BTreeSet::new(),
        personal: false,
    };
    finder.take_marked(marked);
    finder.keep_instructions();
    finder.matrices();
    finder.lists();
    finder.look_for_people();
    finder.cells();
    finder.lines();
    finder.settle();
    finder.settle_rosters();
    finder.part_from_person();
    finder.doubles();
    finder.beyond();
    let order: Vec<String> = text_parts(package);
    finder.places.sort_by_key(|b| {
        let p = &b.place;
        (
            order.iter().position(|n| *n == p.part),
            p.part.clone(),
            p.table.clone(),
            p.row,
            p.column,
            p.paragraph,
        )
    });
    Ok(Binding {
        form: file.to_owned(),
        campaign: campaign.id.clone(),
        shape: shape_of(&finder.survey),
        confirmed: false,
        places: finder.places,
        others: finder.others,
        unbound: finder.unbound,
        ambiguous: finder.ambiguous,
    })
}

/// What a binding is bound to: SHA-256 over the boxes and words of a form, in hexadecimal. Saving a form again in another
/// program leaves it as it is; another row, column or word does not.
pub fn shape(form: &[u8]) -> Result<String, OoxmlError> {
    Ok(shape_of(&Survey::of(&OpcPackage::read(form)?)?))
}

fn shape_of(survey: &Survey) -> String {
    let mut hash = Sha256::new();
    let mut put = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    for grid in &survey.grids {
        put(&format!("{:?}", grid.path));
        // what a sheet holds beyond its words depends on who saved it
        let printed = grid
            .cells
            .iter()
            .filter(|c| grid.sheet.is_empty() || !c.is_blank())
            .filter(|c| grid.open_row != Some(c.row));
        for cell in printed {
            put(&format!(
                "{} {} {} {} {}",
                cell.row,
                cell.column,
                cell.down,
                cell.across,
                letters(&cell.text())
            ));
        }
    }
    for loose in &survey.loose {
        let text: String = loose.line.text.iter().collect();
        let text = letters(&text);
        if !text.is_empty() {
            put(&text);
        }
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
