//! Finder patterns that are damaged, or too faint for runs: a template of 9 × 9 modules, pattern and separator, laid over the whole
//! plane at one pitch and one turn, where the paper is not blank.

use super::plane::Plane;
use super::triple::Likely;
use super::warp::distance;

/// Least correlation of a place that is kept.
const LEAST: f32 = 0.5;
/// Most places kept.
const MOST: usize = 14;

/// Places that look like a finder pattern of `pitch` pixels a module, turned by `turn` degrees; the best first. The plane should be
/// smoothed to about a module.
pub(super) fn places(plane: &Plane, pitch: f32, turn: f32) -> Vec<Likely> {
    let (sine, cosine) = turn.to_radians().sin_cos();
    let reach = (4.0 * pitch * (sine.abs() + cosine.abs())).ceil() as usize + 1;
    if plane.width <= 2 * reach + 1 || plane.height <= 2 * reach + 1 {
        return Vec::new();
    }
    let Ok(width) = isize::try_from(plane.width) else {
        return Vec::new();
    };
    // nearest modules first, so that what is no pattern is seen early
    let mut template: Vec<(isize, f32, i32)> = Vec::with_capacity(81);
    for down in -4..=4_i16 {
        for across in -4..=4_i16 {
            let ring = down.abs().max(across.abs());
            let (x, y) = (f32::from(across) * pitch, f32::from(down) * pitch);
            let (u, v) = (x * cosine - y * sine, x * sine + y * cosine);
            let dark = ring <= 1 || ring == 3;
            let sign = if dark { 1.0 } else { -1.0 };
            template.push((
                v.round() as isize * width + u.round() as isize,
                sign,
                ring.into(),
            ));
        }
    }
    template.sort_by_key(|(_, _, ring)| *ring);
    let offsets: Vec<isize> = template.iter().map(|(offset, _, _)| *offset).collect();
    let signs: Vec<f32> = template.iter().map(|(_, sign, _)| *sign).collect();
    let sum_signs: f32 = signs.iter().sum();
    let count = signs.len() as f32;
    let sign_spread = count - sum_signs * sum_signs / count;
    let stride = ((pitch / 2.0) as usize).max(1);
    let mut found: Vec<Likely> = Vec::new();
    for y in (reach..plane.height - reach).step_by(stride) {
        for x in (reach..plane.width - reach).step_by(stride) {
            let start = (y * plane.width + x).cast_signed();
            let pick = |offset: &isize| {
                let at = (start + offset).cast_unsigned();
                plane.luma.get(at).copied().map_or(255, i32::from)
            };
            // the middle must be darker than the light ring about it
            let (middle, ring) = offsets.split_at(9);
            let dark: i32 = middle.iter().step_by(2).map(pick).sum();
            let light: i32 = ring.iter().step_by(3).take(5).map(pick).sum();
            if light < dark + 60 {
                continue;
            }
            let (mut sum, mut squares, mut product) = (0.0, 0.0, 0.0);
            for (offset, sign) in offsets.iter().zip(&signs) {
                let value = (255 - pick(offset)) as f32;
                sum += value;
                squares += value * value;
                product += sign * value;
            }
            let spread = (squares - sum * sum / count).max(36.0 * count);
            let sure = (product - sum * sum_signs / count) / (spread * sign_spread).sqrt();
            if sure > LEAST {
                add(
                    &mut found,
                    Likely {
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
    found
}

/// Keeps the best of places that are one.
fn add(found: &mut Vec<Likely>, place: Likely) {
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
