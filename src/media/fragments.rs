//! The length of a film in fragments (ISO/IEC 14496-12, 8.8): the `moov` of such a file says 0, and each `moof` says how long its
//! samples last. What boxes are and where they lie is in `video`.

use std::collections::BTreeMap;

/// What the fragments of all tracks say.
#[derive(Default)]
pub(super) struct Fragments {
    /// Usual duration of a sample by track, of `trex`.
    usual: BTreeMap<u32, u32>,
    /// Earliest beginning and latest end by track, in the track's ticks.
    spans: BTreeMap<u32, (u64, u64)>,
    /// The track fragment that is being read: track, usual duration, beginning.
    track: u32,
    sample: u32,
    at: u64,
    /// Longest index of segments (`sidx`), in milliseconds.
    index: u64,
}

impl Fragments {
    /// Takes `trex` (8.8.3).
    pub(super) fn usual(&mut self, trex: &[u8]) {
        if let Some((track, duration)) = u32_at(trex, 4).zip(u32_at(trex, 12)) {
            self.usual.insert(track, duration);
        }
    }

    /// Takes a box of `traf`; `body` holds all of it.
    pub(super) fn take(&mut self, kind: &[u8; 4], body: &[u8]) {
        let done = match kind {
            b"tfhd" => self.header(body),
            b"tfdt" => self.begin(body),
            b"trun" => self.run(body),
            b"sidx" => self.segments(body),
            _ => None,
        };
        // what is cut short says nothing
        let _ = done;
    }

    /// `tfhd` (8.8.7): the track, and the duration of its samples where it says one.
    fn header(&mut self, body: &[u8]) -> Option<()> {
        let flags = u32_at(body, 0)? & 0x00FF_FFFF;
        self.track = u32_at(body, 4)?;
        let at = 8 + if flags & 1 != 0 { 8 } else { 0 } + if flags & 2 != 0 { 4 } else { 0 };
        let usual = self.usual.get(&self.track).copied();
        // some writers number tracks of `trex` from 0
        let usual = usual.or_else(|| self.usual.get(&0).copied()).unwrap_or(0);
        self.sample = if flags & 8 != 0 {
            u32_at(body, at)?
        } else {
            usual
        };
        // without `tfdt` a fragment goes on where the last one of its track ended
        self.at = self.spans.get(&self.track).map_or(0, |span| span.1);
        Some(())
    }

    /// `tfdt` (8.8.12): when the first sample is shown.
    fn begin(&mut self, body: &[u8]) -> Option<()> {
        self.at = match body.first()? {
            1 => u64_at(body, 4)?,
            _ => u64::from(u32_at(body, 4)?),
        };
        Some(())
    }

    /// `trun` (8.8.8): the samples.
    fn run(&mut self, body: &[u8]) -> Option<()> {
        let flags = u32_at(body, 0)? & 0x00FF_FFFF;
        let count = usize::try_from(u32_at(body, 4)?).ok()?;
        let first = 8 + if flags & 1 != 0 { 4 } else { 0 } + if flags & 4 != 0 { 4 } else { 0 };
        let step = 4 * (flags & 0xF00).count_ones() as usize;
        let ticks: u64 = if flags & 0x100 == 0 {
            u64::from(self.sample).saturating_mul(u64::try_from(count).ok()?)
        } else {
            let samples = body.get(first..)?.chunks_exact(step.max(4)).take(count);
            samples.map(|s| u64::from(u32_at(s, 0).unwrap_or(0))).sum()
        };
        let end = self.at.saturating_add(ticks);
        let span = self.spans.entry(self.track).or_insert((self.at, end));
        *span = (span.0.min(self.at), span.1.max(end));
        self.at = end;
        Some(())
    }

    /// `sidx` (8.16.3): the durations of the segments that come behind it.
    fn segments(&mut self, body: &[u8]) -> Option<()> {
        let scale = u64::from(u32_at(body, 8)?);
        let head = if body.first()? == &0 { 20 } else { 28 };
        let count = usize::from(u16::from_be_bytes([
            *body.get(head + 2)?,
            *body.get(head + 3)?,
        ]));
        let entries = body.get(head + 4..)?.chunks_exact(12).take(count);
        let ticks: u64 = entries.map(|e| u64::from(u32_at(e, 4).unwrap_or(0))).sum();
        let milliseconds = ticks.saturating_mul(1000).checked_div(scale)?;
        self.index = self.index.max(milliseconds);
        Some(())
    }

    /// The length in milliseconds; none where there are no fragments, or they do not say it. `scales`: ticks a second by track.
    /// With `from_start` the film begins at 0, before its first fragment.
    pub(super) fn milliseconds(
        &self,
        scales: &BTreeMap<u32, u32>,
        from_start: bool,
    ) -> Option<u64> {
        let only = (scales.len() == 1)
            .then(|| scales.values().next())
            .flatten();
        let length = |(track, (start, end)): (&u32, &(u64, u64))| {
            let scale = u64::from(*scales.get(track).or(only)?);
            let ticks = if from_start { *end } else { end - start };
            let milliseconds = u128::from(ticks) * 1000 / u128::from(scale.max(1));
            u64::try_from(milliseconds)
                .ok()
                .filter(|n| *n > 0 && scale > 0)
        };
        let longest = self.spans.iter().filter_map(length).max();
        longest.or(Some(self.index).filter(|n| *n > 0))
    }
}

/// A big-endian 32-bit number.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let &[a, b, c, d] = bytes.get(at..at.checked_add(4)?)? else {
        return None;
    };
    Some(u32::from_be_bytes([a, b, c, d]))
}

/// A big-endian 64-bit number.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u32_at(bytes, at)?) << 32 | u64::from(u32_at(bytes, at.checked_add(4)?)?))
}
