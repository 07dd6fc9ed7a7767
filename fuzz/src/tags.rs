//! Changes of XML that the engine would hardly find byte by byte: an element is taken out, doubled, or put elsewhere.

/// Changes the first `size` bytes of `data` in place and gives their new number, at most `most`; 0 where there is no element.
pub fn change(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let text = data.get(..size).unwrap_or_default().to_vec();
    let starts: Vec<usize> = (0..size).filter(|at| is_start(&text[*at..])).collect();
    if starts.is_empty() {
        return 0;
    }
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % end.max(1) as u64).unwrap_or(0)
    };
    let from = starts[below(starts.len())];
    let to = end_of(&text, from);
    let other = starts[below(starts.len())];
    let element = &text[from..to];
    let made = match below(5) {
        0 => [&text[..from], &text[to..]].concat(),
        1 => [&text[..to], element, &text[to..]].concat(),
        2 => [&text[..other], element, &text[other..]].concat(),
        3 => {
            let end = end_of(&text, other);
            [&text[..other], element, &text[end..]].concat()
        }
        _ => {
            let times = 2 + below(30);
            [&text[..to], &element.repeat(times)[..], &text[to..]].concat()
        }
    };
    let long = made.len().min(most).min(data.len());
    data[..long].copy_from_slice(&made[..long]);
    long
}

fn is_start(rest: &[u8]) -> bool {
    rest.first() == Some(&b'<') && rest.get(1).is_some_and(u8::is_ascii_alphabetic)
}

/// Where an element ends that starts at `from`; the end of its tag where it has no end of its own.
fn end_of(text: &[u8], from: usize) -> usize {
    let name_end = |at: usize| {
        let rest = &text[at..];
        at + rest
            .iter()
            .position(|b| matches!(b, b' ' | b'>' | b'/'))
            .unwrap_or(rest.len())
    };
    let tag_end = |at: usize| {
        let rest = &text[at..];
        at + rest
            .iter()
            .position(|b| *b == b'>')
            .map_or(rest.len(), |n| n + 1)
    };
    let name = &text[from + 1..name_end(from + 1)];
    let first = tag_end(from);
    let (mut at, mut depth) = (from, 0_usize);
    while at < text.len() {
        let end = tag_end(at);
        if text[at..].starts_with(b"</") && text[at + 2..].starts_with(name) {
            depth = depth.saturating_sub(1);
        } else if is_start(&text[at..]) && &text[at + 1..name_end(at + 1)] == name {
            depth += usize::from(!text[at..end].ends_with(b"/>"));
        }
        if depth == 0 {
            return end;
        }
        let next = text[end..].iter().position(|b| *b == b'<');
        let Some(next) = next else { break };
        at = end + next;
    }
    first
}
