//! A blank form seen (绑定图): each page as a picture, and where on it each place of its binding lies. LibreOffice makes the pages; the
//! places are found on a copy in which each has a ground of its own colour.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::campaign::Campaign;
use crate::fill::{self, Binding, FieldPlace, Tint};
use crate::font::FontSet as Fonts;
use crate::pictures::{Container, Picture};

use crate::clerk::error::ClerkError;
use crate::clerk::forms::convert;

/// Resolution of the pages, in dots an inch: the smallest type of forms is read with ease.
pub(super) const DPI: u32 = 130;
/// Most pages that are drawn; a form has a few.
const MOST_PAGES: usize = 40;
/// Red of every ground: whatever mixes with black or white has another.
const RED: u8 = 200;
/// Least green and blue of a ground, and from one to the next.
const LEAST: u8 = 4;
const STEP: u8 = 7;
/// Grounds that there are of green and of blue alone.
const SHADES: usize = 34;
/// Pixels that a ground has at least.
const LEAST_PIXELS: u32 = 12;
/// A pixel darker than this is ink.
const INK: u8 = 96;
/// Of a hundred pixels of ink so many may lie elsewhere where the copy still has the form's lines.
const MOVED: usize = 25;

/// What a binding says of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceState {
    /// It is filled.
    Sure,
    /// It stays blank until a person confirms it.
    Unsure,
    /// It is somebody else's.
    Others,
    /// No field is known for it.
    Unbound,
}

/// A place of a binding on the pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenPlace {
    /// From 1, in the order in which the places are read.
    pub number: usize,
    /// What the binding says of it.
    pub state: PlaceState,
    /// Where it stands in its list in the binding: of places, of others', or of those unbound.
    pub index: usize,
    /// The words on the form.
    pub label: String,
    /// The field that goes there, or whose it is; empty where nothing is known.
    pub meaning: String,
    /// From 0 to 1; 0 where there is no field.
    pub confidence: f32,
    /// Where it lies; none where it is on no page.
    pub areas: Vec<SeenArea>,
}

/// A rectangle on a page; lengths are shares of the page's width and height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenArea {
    /// The page, from 0.
    pub page: usize,
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A blank form with its places.
#[derive(Debug)]
pub struct SeenForm {
    /// Its pages.
    pub pages: Vec<Picture>,
    /// All places of its binding, by number.
    pub places: Vec<SeenPlace>,
}

/// Draws a blank form, whose bytes are given with its name, and finds the places of its binding. Errors: LibreOffice is not installed, or
/// cannot read the form.
pub(super) fn see(
    campaign: &Campaign,
    (name, form): (&str, &[u8]),
    binding: &Binding,
    fonts: &Fonts,
) -> Result<SeenForm, ClerkError> {
    let mut places = listed(campaign, binding);
    let wanted: Vec<(FieldPlace, Tint)> = places
        .iter()
        .enumerate()
        .filter_map(|(n, p)| Some((p.1.clone()?, tint(n)?)))
        .collect();
    let broken = |error: crate::ooxml::OoxmlError| ClerkError::Refused(format!("{name}：{error}"));
    let copy = fill::tinted_form(campaign, form, &wanted).map_err(broken)?;
    let package = crate::ooxml::OpcPackage::read(form).map_err(broken)?;
    let is_book = package.names().any(|n| n.starts_with("xl/"));
    let kind = if is_book { "xlsx" } else { "docx" };
    let pdfs = convert::pdfs(name, &[form, &copy], kind, fonts)?;
    let [own, copy] = pdfs.as_slice() else {
        return Err(ClerkError::Bug("LibreOffice 少转了一份".to_owned()));
    };
    let (own, copy) = (drawn(own)?, drawn(copy)?);
    let mut found: BTreeMap<usize, Vec<SeenArea>> = BTreeMap::new();
    for (page, picture) in copy.iter().enumerate() {
        for (n, area) in grounds(picture, page) {
            found.entry(n).or_default().push(area);
        }
    }
    for (n, (seen, _)) in places.iter_mut().enumerate() {
        seen.areas = found.remove(&n).unwrap_or_default();
    }
    share_boxes(&mut places);
    let mut seen: Vec<SeenPlace> = places.into_iter().map(|p| p.0).collect();
    seen.sort_by_key(reading_order);
    for (n, place) in seen.iter_mut().enumerate() {
        place.number = n + 1;
    }
    let pages = match is_moved(&own, &copy) {
        false => own,
        true => copy.iter().map(without_grounds).collect::<Result<_, _>>()?,
    };
    Ok(SeenForm {
        pages,
        places: seen,
    })
}

/// All places of a binding, each with where it stands in the form.
fn listed(campaign: &Campaign, binding: &Binding) -> Vec<(SeenPlace, Option<FieldPlace>)> {
    let seen = |state, index, label: &str, meaning: String, confidence| SeenPlace {
        number: 0,
        state,
        index,
        label: label.split_whitespace().collect(),
        meaning,
        confidence,
        areas: Vec::new(),
    };
    let mut out = Vec::new();
    let unsure: Vec<_> = binding.unsure().collect();
    for (n, bound) in binding.places.iter().enumerate() {
        let is_unsure = unsure.iter().any(|u| std::ptr::eq(*u, bound));
        let state = match is_unsure {
            true => PlaceState::Unsure,
            false => PlaceState::Sure,
        };
        let place = &bound.place;
        let field = meaning_of(campaign, &place.key);
        let one = seen(state, n, &place.label, field, bound.confidence);
        out.push((one, Some(place.clone())));
    }
    for (n, other) in binding.others.iter().enumerate() {
        let place = &other.place;
        let one = seen(
            PlaceState::Others,
            n,
            &place.label,
            other.whose.clone(),
            0.0,
        );
        out.push((one, Some(place.clone())));
    }
    for (n, open) in binding.unbound.iter().enumerate() {
        let one = seen(PlaceState::Unbound, n, &open.label, String::new(), 0.0);
        out.push((one, open.blank.clone()));
    }
    out
}

/// A field in the words of the campaign: those of its list or owner in front.
pub fn meaning_of(campaign: &Campaign, key: &str) -> String {
    let own = campaign.candidate_sheet().and_then(|s| s.field(key));
    if let Some(own) = own {
        return own.label.clone();
    }
    if let Some(label) = key.strip_prefix("opinion.") {
        return format!("“{label}”的现成语句");
    }
    match key {
        "@photo" | "photo" => "照片".to_owned(),
        "@mark" => "二维码".to_owned(),
        _ => match key.split_once('.') {
            Some(("candidates", field)) => {
                format!("候选人名单·{}", meaning_of(campaign, field))
            }
            Some((list, field)) => {
                let sheet = campaign.sheet(list);
                let label = sheet.map_or(list, |s| s.label.as_str());
                let column = sheet.and_then(|s| s.field(field));
                let column = column.map_or(field, |f| f.label.as_str());
                let column = if field == "seq" { "序号" } else { column };
                format!("{label}·{column}")
            }
            None => campaign
                .sheet(key)
                .map_or_else(|| key.to_owned(), |s| s.label.clone()),
        },
    }
}

/// The ground of a place; none for more places than there are grounds.
fn tint(n: usize) -> Option<Tint> {
    let shade = |n: usize| u8::try_from(n).ok().map(|n| LEAST + n * STEP);
    (n < SHADES * SHADES).then_some(())?;
    Some([RED, shade(n % SHADES)?, shade(n / SHADES)?])
}

/// The place whose ground a colour is. One more or less comes from drawing.
fn place_of(colour: &[u8]) -> Option<usize> {
    let &[red, green, blue] = colour else {
        return None;
    };
    if red.abs_diff(RED) > 1 {
        return None;
    }
    let shade = |c: u8| {
        let over = c.saturating_add(1).checked_sub(LEAST)?;
        let n = usize::from(over / STEP);
        (over % STEP <= 2 && n < SHADES).then_some(n)
    };
    Some(shade(green)? + SHADES * shade(blue)?)
}

/// The pages of a PDF in colour.
fn drawn(pdf: &[u8]) -> Result<Vec<Picture>, ClerkError> {
    let bug = |e: &dyn std::fmt::Display| ClerkError::Bug(e.to_string());
    let container = Container::open(pdf.to_vec()).map_err(|e| bug(&e))?;
    let mut out = Vec::new();
    for page in 0..container.pages().min(MOST_PAGES) {
        let picture = container.draw(page, f64::from(DPI)).map_err(|e| bug(&e))?;
        out.extend(picture);
    }
    Ok(out)
}

/// The pixels of a picture, three samples each.
fn pixels(picture: &Picture) -> impl Iterator<Item = [u8; 3]> {
    let step = if picture.is_colour() { 3 } else { 1 };
    picture.samples().chunks_exact(step).map(|c| match c {
        &[red, green, blue] => [red, green, blue],
        other => [other.first().copied().unwrap_or(255); 3],
    })
}

/// Where the ground of each place lies on a page.
fn grounds(picture: &Picture, page: usize) -> Vec<(usize, SeenArea)> {
    struct Extent {
        left: usize,
        right: usize,
        top: usize,
        bottom: usize,
        count: u32,
    }
    let wide = picture.width();
    let mut found: BTreeMap<usize, Extent> = BTreeMap::new();
    for (n, pixel) in pixels(picture).enumerate() {
        let Some(place) = place_of(&pixel) else {
            continue;
        };
        let (x, y) = (n % wide, n / wide);
        let extent = found.entry(place).or_insert(Extent {
            left: x,
            right: x,
            top: y,
            bottom: y,
            count: 0,
        });
        extent.left = extent.left.min(x);
        extent.right = extent.right.max(x);
        extent.bottom = y;
        extent.count += 1;
    }
    let whole = |n: usize, of: usize| precise(n) / precise(of.max(1));
    let area = |e: &Extent| SeenArea {
        page,
        left: whole(e.left, wide),
        top: whole(e.top, picture.height()),
        width: whole(e.right + 1 - e.left, wide),
        height: whole(e.bottom + 1 - e.top, picture.height()),
    };
    let large = found.iter().filter(|(_, e)| e.count >= LEAST_PIXELS);
    large.map(|(n, e)| (*n, area(e))).collect()
}

fn precise(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}

/// Places that share a box share its area, side by side.
fn share_boxes(places: &mut [(SeenPlace, Option<FieldPlace>)]) {
    let mut groups: BTreeMap<(String, Vec<usize>, usize, usize), Vec<usize>> = BTreeMap::new();
    for (n, (_, place)) in places.iter().enumerate() {
        let Some(place) = place.as_ref() else {
            continue;
        };
        if place.sheet.is_empty() && place.table.is_empty() {
            continue;
        }
        let own = (
            place.part.clone(),
            place.table.clone(),
            place.row,
            place.column,
        );
        groups.entry(own).or_default().push(n);
    }
    for group in groups.into_values().filter(|g| g.len() > 1) {
        let seen = |n: &usize| places.get(*n).is_some_and(|p| !p.0.areas.is_empty());
        let without = group.iter().filter(|n| !seen(n)).count();
        if without == 0 {
            continue;
        }
        let Some(whole) = group.iter().copied().find(|n| seen(n)) else {
            continue;
        };
        let areas = places.get(whole).map(|p| p.0.areas.clone());
        let areas = areas.unwrap_or_default();
        let sharing: Vec<usize> = group
            .into_iter()
            .filter(|n| *n == whole || !seen(n))
            .collect();
        let many = precise(sharing.len());
        for (k, n) in sharing.into_iter().enumerate() {
            let own = areas.iter().map(|a| SeenArea {
                left: a.left + a.width / many * precise(k),
                width: a.width / many,
                ..*a
            });
            if let Some((place, _)) = places.get_mut(n) {
                place.areas = own.collect();
            }
        }
    }
}

/// By page, line and column; what is on no page comes last.
fn reading_order(place: &SeenPlace) -> (usize, u32, u32) {
    let Some(first) = place.areas.first() else {
        return (usize::MAX, 0, 0);
    };
    let parts = |share: f64, of: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a page is between 0 and 1"
        )]
        let n = (share.clamp(0.0, 1.0) * of) as u32;
        n
    };
    // what stands within half a line of each other is read across
    (
        first.page,
        parts(first.top, 120.0),
        parts(first.left, 1000.0),
    )
}

/// Whether the lines of a copy lie elsewhere than those of the form.
fn is_moved(own: &[Picture], copy: &[Picture]) -> bool {
    if own.len() != copy.len() {
        return true;
    }
    let (mut ink, mut moved) = (0, 0);
    for (own, copy) in own.iter().zip(copy) {
        if (own.width(), own.height()) != (copy.width(), copy.height()) {
            return true;
        }
        let dark = |p: [u8; 3]| p.iter().all(|c| *c < INK);
        for (a, b) in pixels(own).zip(pixels(copy)) {
            let (a, b) = (dark(a), dark(b));
            ink += usize::from(a);
            moved += usize::from(a != b);
        }
    }
    moved * 100 > ink * MOVED
}

/// A page of a copy with its grounds as white as paper.
fn without_grounds(picture: &Picture) -> Result<Picture, ClerkError> {
    let white = |p: [u8; 3]| match place_of(&p) {
        Some(_) => [255; 3],
        None => p,
    };
    let samples: Vec<u8> = pixels(picture).flat_map(white).collect();
    Picture::colour(picture.width(), picture.height(), samples)
        .map_err(|e| ClerkError::Bug(e.to_string()))
}
