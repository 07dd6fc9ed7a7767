//! What is missing or wrong with one record's paper, in words (缺什么、错什么): faults ask the unit for something, notes only tell.

use std::collections::BTreeMap;

use super::places::{CopyPage, CopyPageState, RecordBoard};

/// What each state is called behind the pages that are in it.
const WORDS: &[(CopyPageState, &str)] = &[
    (
        CopyPageState::Older,
        "是旧版本，请换用新版打印、签字、盖章的",
    ),
    (CopyPageState::Void, "是作废的打印件"),
    (
        CopyPageState::Disowned,
        "签名的密钥已吊销，不再作数，请用现在的密钥重新制作、打印",
    ),
    (CopyPageState::Unverified, "没有验签，请录入页上的编码"),
    (
        CopyPageState::Differs,
        "与电子件内容不符：版本号相同而内容不同，请核实以哪一份为准",
    ),
    (CopyPageState::Ahead, "纸质比电子件新，请催报送包"),
];

impl RecordBoard {
    /// What is missing or wrong, in words: `第2份第3页未到`. A sheet that came several times while the same page of another copy
    /// lacks is named too: a photocopy bears the mark of the original it was made of.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let absent = |row: &[CopyPage]| row.iter().all(|c| c.state == CopyPageState::Missing);
        let copies = (1..).zip(&self.matrix);
        let older = |n: &u8| {
            let mut beyond = self.beyond.iter();
            beyond.any(|b| b.0 == *n && b.2 == CopyPageState::Older)
        };
        // a copy of an earlier version came, whatever its pages are
        let gone = copies.filter(|(n, r)| absent(r) && !older(n));
        let gone = gone.map(|(n, _)| n);
        // a void print would not be taken if it came
        let (void, gone): (Vec<u8>, Vec<u8>) = gone.partition(|n| self.voided.contains(n));
        if !gone.is_empty() {
            faults.push(format!("第{}份未到", list(&gone)));
        }
        if !void.is_empty() {
            faults.push(format!(
                "第{}份已作废，没有收到重新打印的：请单位重新制作、打印",
                list(&void)
            ));
        }
        for (copy, row) in (1_u8..).zip(&self.matrix).filter(|(_, r)| !absent(r)) {
            let missing: Vec<u8> = pages_that(row, |s| s == CopyPageState::Missing);
            if !missing.is_empty() {
                faults.push(format!("第{copy}份缺第{}页", list(&missing)));
            }
            for (state, words) in WORDS {
                let pages = pages_that(row, |s| s == *state);
                if !pages.is_empty() {
                    faults.push(format!("第{copy}份第{}页{words}", list(&pages)));
                }
            }
        }
        faults.extend(self.strays());
        let copies = self.copies;
        faults.extend(
            self.repeated(true).into_iter().map(|(copy, words)| {
                format!("{words}：可能是第{copy}份的复印件，原件应有{copies}份")
            }),
        );
        faults
    }

    /// What is told and asks for nothing: sheets that came several times while no copy lacks them.
    pub fn notes(&self) -> Vec<String> {
        let repeated = self.repeated(false).into_iter();
        repeated
            .map(|(_, words)| format!("{words}：是重复扫描还是复印件，请看纸面"))
            .collect()
    }

    /// Sheets outside the table.
    fn strays(&self) -> Vec<String> {
        let mut by: BTreeMap<(u8, &str), Vec<u8>> = BTreeMap::new();
        for (copy, page, state) in &self.beyond {
            let words = WORDS.iter().find(|w| w.0 == *state).map_or("", |w| w.1);
            by.entry((*copy, words)).or_default().push(*page);
        }
        by.into_iter()
            .map(|((copy, words), pages)| format!("第{copy}份第{}页{words}", list(&pages)))
            .collect()
    }

    /// Sheets that came more than once, by copy: `第1份第2页收到3次`; those whose page another copy lacks, or those that none does.
    fn repeated(&self, lacking: bool) -> Vec<(u8, String)> {
        let lacks = |page: usize| {
            let cells = self.matrix.iter().filter_map(|row| row.get(page));
            cells.into_iter().any(|c| !c.state.is_here())
        };
        let mut found = Vec::new();
        for (copy, row) in (1_u8..).zip(&self.matrix) {
            let mut by: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
            for (page, (at, cell)) in (1_u8..).zip(row.iter().enumerate()) {
                if cell.state == CopyPageState::Duplicate && lacks(at) == lacking {
                    by.entry(cell.times).or_default().push(page);
                }
            }
            for (times, pages) in by {
                let each = if pages.len() > 1 { "各" } else { "" };
                let words = format!("第{copy}份第{}页{each}收到{times}次", list(&pages));
                found.push((copy, words));
            }
        }
        found
    }
}

fn pages_that(row: &[CopyPage], wanted: impl Fn(CopyPageState) -> bool) -> Vec<u8> {
    let numbered = (1..).zip(row);
    numbered
        .filter(|(_, c)| wanted(c.state))
        .map(|(n, _)| n)
        .collect()
}

/// `2、4—6`.
fn list(pages: &[u8]) -> String {
    let mut words = Vec::new();
    let mut rest = pages.iter().copied().peekable();
    while let Some(first) = rest.next() {
        let mut last = first;
        while rest.peek() == Some(&last.saturating_add(1)) {
            last = rest.next().unwrap_or(last);
        }
        words.push(match last - first {
            0 => first.to_string(),
            1 => format!("{first}、{last}"),
            _ => format!("{first}—{last}"),
        });
    }
    words.join("、")
}
