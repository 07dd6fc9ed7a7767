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
    // nearest modules first: the dark middle of 9, the light ring of 16, the dark one of 24, the margin of 32
    let mut template: Vec<(isize, i16)> = Vec::with_capacity(81);
    for down in -4..=4_i16 {
        for across in -4..=4_i16 {
            let (x, y) = (f32::from(across) * pitch, f32::from(down) * pitch);
            let (u, v) = (x * cosine - y * sine, x * sine + y * cosine);
            let offset = v.round() as isize * width + u.round() as isize;
            template.push((offset, down.abs().max(across.abs())));
        }
    }
    template.sort_by_key(|(_, ring)| *ring);
    let offsets: Vec<isize> = template.iter().map(|(offset, _)| *offset).collect();
    let (middle, rest) = offsets.split_at(9);
    let (light, rest) = rest.split_at(16);
    let (dark, margin) = rest.split_at(24);
    let count = offsets.len() as f32;
    let sign_sum = (middle.len() + dark.len()) as f32 - (light.len() + margin.len()) as f32;
    let sign_spread = count - sign_sum * sign_sum / count;
    let stride = ((pitch / 2.0) as usize).max(1);
    let mut found: Vec<LikelyFinder> = Vec::new();
    let mut work = 0;
    for y in (reach..plane.height - reach).step_by(stride) {
        for x in (reach..plane.width - reach).step_by(stride) {
            let start = (y * plane.width + x).cast_signed();
            let pick = |offset: &isize| {
                let at = (start + offset).cast_unsigned();
                plane.luma.get(at).copied().map_or(255, i32::from)
            };
            // the middle must be darker than the light ring about it: some of them first, then all, then the rings outside
            let few: i32 = middle.iter().step_by(2).map(pick).sum();
            if light.iter().step_by(3).take(5).map(pick).sum::<i32>() < few + 5 * CONTRAST {
                continue;
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
            work += 25;
            if !is_darker((middle_sum, 9), (light_sum, 16), CONTRAST) {
                continue;
            }
            let (dark_sum, dark_squares) = sums(dark);
            work += 24;
            if !is_darker((dark_sum, 24), (light_sum, 16), CONTRAST / 2) {
                continue;
            }
            let (margin_sum, margin_squares) = sums(margin);
            work += 32;
            let sum = (middle_sum + light_sum + dark_sum + margin_sum) as f32;
            let squares = (middle_squares + light_squares + dark_squares + margin_squares) as f32;
            let product = (light_sum + margin_sum - middle_sum - dark_sum) as f32;
            let spread = (squares - sum * sum / count).max(36.0 * count);
            let sure = (product + sum * sign_sum / count) / (spread * sign_spread).sqrt();
            if sure > LEAST {
                add(
                    &mut found,
                    LikelyFinder {
                        middle: (x as f32 + 0.5, y as f32 + 0.5),
                        module: pitch,
                        sure,
                    },
                );
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
