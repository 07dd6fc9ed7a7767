//! The steps of a unit's way (报送步骤), as its pages show them.

/// A step of the way: words, address, whether it is done, whether it is this one.
pub(super) struct Step {
    pub(super) words: &'static str,
    pub(super) to: &'static str,
    pub(super) class: &'static str,
    pub(super) here: bool,
}

/// The steps, up to where the unit is.
pub(super) fn steps(here: usize, done: usize) -> Vec<Step> {
    const STEPS: [(&str, &str); 6] = [
        ("填报", "/own"),
        ("校验", "/own/check"),
        ("预览", "/own/preview"),
        ("打印", "/own/paper"),
        ("寄送", "/own/paper#mail"),
        ("回执", "/own/receipt"),
    ];
    (0..)
        .zip(STEPS)
        .map(|(n, (words, to))| Step {
            words,
            to,
            class: if n < done { "done" } else { "todo" },
            here: n == here,
        })
        .collect()
}
