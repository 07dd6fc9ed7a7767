//! Finder patterns that are damaged, or too faint for runs: a template of 9 × 9 modules, pattern and separator, laid over the whole
//! plane at one pitch and one turn, where the paper is not blank.

use super::plane::Plane;
use super::triple::LikelyFinder;
use super::warp::distance;

/// Least correlation of a place that is kept.
const LEAST: f32 = 0.5;
/// Least difference of grey between the middle and the light ring about it.
const CONTRAST: i32 = 12;
/// Most places kept.
const MOST: usize = 14;

/// The template at one pitch and one turn, for planes of one width.
struct Template {
    /// From the middle to each of its modules, in pixels row by row; the nearest modules first: the dark middle of 9, the light ring of
    /// 16, the dark one of 24, the margin of 32.
    offsets: Vec<isize>,
    /// Sum and spread of its signs, +1 for a dark module and −1 for a light one.
    sign_sum: f32,
    sign_spread: f32,
}

impl Template {
    fn of(width: isize, pitch: f32, (sine, cosine): (f32, f32)) -> Self {
        let mut modules: Vec<(isize, i16)> = Vec::with_capacity(81);
        for down in -4..=4_i16 {
            for across in -4..=4_i16 {
                let (x, y) = (f32::from(across) * pitch, f32::from(down) * pitch);
                let (u, v) = (x * cosine - y * sine, x * sine + y * cosine);
                let offset = v.round() as isize * width + u.round() as isize;
                modules.push((offset, down.abs().max(across.abs())));
            }
        }
        modules.sort_by_key(|(_, ring)| *ring);
        let offsets: Vec<isize> = modules.iter().map(|(offset, _)| *offset).collect();
        let count = offsets.len() as f32;
        // 9 and 24 modules are dark, 16 and 32 light
        let sign_sum = 33.0 - 48.0;
        Self {
            offsets,
            sign_sum,
            sign_spread: count - sign_sum * sign_sum / count,
        }
    }

    /// How well the template agrees with a place of a plane, a correlation; none where the middle is not darker than the rings about
    /// it. Also how many pixels were looked at where there is more than paper.
    fn agreement(&self, plane: &Plane, at: usize) -> (Option<f32>, u64) {
        let (middle, rest) = self.offsets.split_at(9);
        let (light, rest) = rest.split_at(16);
        let (dark, margin) = rest.split_at(24);
        let pick = |offset: &isize| {
            let at = (at.cast_signed() + offset).cast_unsigned();
            plane.luma.get(at).copied().map_or(255, i32::from)
        };
        // the middle must be darker than the light ring about it: some of them first, then all, then the rings outside
        let few: i32 = middle.iter().step_by(2).map(pick).sum();
        if light.iter().step_by(3).take(5).map(pick).sum::<i32>() < few + 5 * CONTRAST {
            return (None, 0);
        }
        let sums = |offsets: &[isize]| {
            offsets
                .iter()
                .map(pick)
                .fold((0, 0), |(sum, squares), v| (sum + v, squares + v * v))
        };
        let is_darker = |(one, ones): (i32, i32), (other, others): (i32, i32), by: i32| {
            others * ones * by + one * others <= other * ones
        };
        let (middle_sum, middle_squares) = sums(middle);
        let (light_sum, light_squares) = sums(light);
        if !is_darker((middle_sum, 9), (light_sum, 16), CONTRAST) {
            return (None, 25);
        }
        let (dark_sum, dark_squares) = sums(dark);
        if !is_darker((dark_sum, 24), (light_sum, 16), CONTRAST / 2) {
            return (None, 49);
        }
        let (margin_sum, margin_squares) = sums(margin);
        let count = self.offsets.len() as f32;
        let sum = (middle_sum + light_sum + dark_sum + margin_sum) as f32;
        let squares = (middle_squares + light_squares + dark_squares + margin_squares) as f32;
        let product = (light_sum + margin_sum - middle_sum - dark_sum) as f32;
        let spread = (squares - sum * sum / count).max(36.0 * count);
        let sure = (product + sum * self.sign_sum / count) / (spread * self.sign_spread).sqrt();
        (Some(sure), 81)
    }
}

/// Places that look like a finder pattern of `pitch` pixels a module, turned by `turn` degrees; the best first. The plane should be
/// smoothed to about a module. Also how many pixels were looked at where there is more than paper.
pub(super) fn places(plane: &Plane, pitch: f32, turn: f32) -> (Vec<LikelyFinder>, u64) {
    let (sine, cosine) = turn.to_radians().sin_cos();
    let reach = (4.0 * pitch * (sine.abs() + cosine.abs())).ceil() as usize + 1;
    if plane.width <= 2 * reach + 1 || plane.height <= 2 * reach + 1 {
        return (Vec::new(), 0);
    }
    let Ok(width) = isize::try_from(plane.width) else {
        return (Vec::new(), 0);
    };
    let template = Template::of(width, pitch, (sine, cosine));
    let stride = ((pitch / 2.0) as usize).max(1);
    let mut found: Vec<LikelyFinder> = Vec::new();
    let mut work = 0;
    for y in (reach..plane.height - reach).step_by(stride) {
        for x in (reach..plane.width - reach).step_by(stride) {
            let (sure, looked) = template.agreement(plane, y * plane.width + x);
            work += looked;
            if let Some(sure) = sure.filter(|sure| *sure > LEAST) {
                let place = LikelyFinder {
                    middle: (x as f32 + 0.5, y as f32 + 0.5),
                    module: pitch,
                    sure,
                };
                add(&mut found, place);
            }
        }
    }
    found.sort_by(|a, b| b.sure.total_cmp(&a.sure));
    found.truncate(MOST);
    (found, work)
}

/// Keeps the best of places that are one.
fn add(found: &mut Vec<LikelyFinder>, place: LikelyFinder) {
    for known in found.iter_mut() {
        if distance(known.middle, place.middle) < 4.0 * place.module {
            if place.sure > known.sure {
                *known = place;
            }
            return;
        }
    }
    found.push(place);
    if found.len() > 8 * MOST {
        found.sort_by(|a, b| b.sure.total_cmp(&a.sure));
        found.truncate(MOST);
    }
}
