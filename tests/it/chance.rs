//! Seeded chance, the one source of it in tests and benches: the same numbers on every machine (SplitMix64). A law holds for any seed, so
//! the one it is tried with can be set, `SANLIAN_TEST_SEED=77 tests/run font`, and a law that fails tells its seed. What is only made by
//! chance, a corpus or a name, keeps the seed that it was given.

/// A source of numbers.
pub(crate) struct Chance {
    state: u64,
    /// The seed of a law, told where the law fails.
    law: Option<u64>,
}

impl Chance {
    /// The source with a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            law: None,
        }
    }

    /// The source of a law: with a seed, or the one of `SANLIAN_TEST_SEED`.
    pub(crate) fn law(seed: u64) -> Self {
        let asked = std::env::var("SANLIAN_TEST_SEED").ok();
        let seed = asked.map_or(seed, |number| number.parse().unwrap());
        Self {
            state: seed,
            law: Some(seed),
        }
    }

    /// The source of one round of a law that is tried in many.
    pub(crate) fn round(seed: u64, round: u64) -> Self {
        let mut chance = Self::law(seed);
        chance.state = chance
            .state
            .wrapping_add(round.wrapping_mul(0xd6e8_feb8_6659_fd93));
        chance
    }

    /// Any number.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ self.state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number below `end`, of a list or a file.
    pub(crate) fn index(&mut self, end: usize) -> usize {
        self.below(end as u64) as usize
    }

    /// A byte.
    pub(crate) fn byte(&mut self) -> u8 {
        self.next() as u8
    }

    /// Bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next() as u8)
    }

    /// A digit.
    pub(crate) fn digit(&mut self) -> char {
        char::from(b'0' + self.below(10) as u8)
    }
}

/// How many rounds a test takes whose rounds are alike, as of a run that is killed: a few at every change, all of them where
/// `SANLIAN_TEST_ROUNDS` is `full`, as in `.ci/run`.
pub(crate) fn rounds(few: u64, all: u64) -> u64 {
    match std::env::var_os("SANLIAN_TEST_ROUNDS") {
        Some(asked) if asked == "full" => all,
        Some(asked) => panic!("SANLIAN_TEST_ROUNDS is `full` or not set, not {asked:?}"),
        None => few,
    }
}

impl Drop for Chance {
    fn drop(&mut self) {
        if let Some(seed) = self.law
            && std::thread::panicking()
        {
            println!("seed {seed}: SANLIAN_TEST_SEED={seed} tries it again");
        }
    }
}
