//! Fuzz targets of sanlian. What each does with its bytes is in `entry`, which the tests of the package share; here is only how
//! the engine calls it.

pub mod entry;
pub mod tags;

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

thread_local! {
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A target of a name out of [`entry::TARGETS`].
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        libfuzzer_sys::fuzz_target!(
            init: $crate::listen(),
            |data: &[u8]| $crate::run($name, data)
        );
    };
}

/// The same for a target of XML: every second change is one of elements.
#[macro_export]
macro_rules! xml_target {
    ($name:literal) => {
        $crate::target!($name);

        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
            let changed = match seed % 2 {
                0 => $crate::tags::change(data, size, most, seed / 2),
                _ => 0,
            };
            match changed {
                0 => libfuzzer_sys::fuzzer_mutate(data, size, most),
                changed => changed,
            }
        });
    };
}

/// Panics are kept and not told at once: those that the program itself catches, its entry catches too, and they are no finding.
/// The engine's own hook would end the process at each.
pub fn listen() {
    set_hook(Box::new(|info| {
        SAID.with_borrow_mut(|said| *said = info.to_string());
    }));
}

/// Runs the entry of a target; a panic that leaves it ends the process, and the engine keeps the input.
pub fn run(name: &str, data: &[u8]) {
    let entry = entry::TARGETS.iter().find(|(known, _)| *known == name);
    let Some((_, entry)) = entry else {
        eprintln!("no entry is called {name}");
        std::process::abort();
    };
    if catch_unwind(AssertUnwindSafe(|| entry(data))).is_err() {
        SAID.with_borrow(|said| eprintln!("{said}"));
        std::process::abort();
    }
}
