//! How far a long command is: a bar with count and time left, on a terminal only, and not where quiet was asked for.

use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use sanlian::clerk::{ScannedPage, Step};

use super::colour::Stream;
use super::talk;
use super::visible::{Shape, visible};

/// Steps that a file counts for in the bar of a scan, so that its pages move the bar too.
const FILE: u64 = 1000;

/// The bar itself, narrow enough for a terminal beside something else; what is said behind it is cut to the terminal's width.
const COUNTED: &str = "{bar:10} {wide_msg}";

/// Where nothing is counted yet.
const UNCOUNTED: &str = "{spinner} {wide_msg}";

/// A bar of a form; hidden where nobody sees it.
fn bar(length: Option<u64>, form: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() || talk::is_hushed() {
        return ProgressBar::hidden();
    }
    let bar = match length {
        Some(length) => ProgressBar::new(length),
        None => ProgressBar::new_spinner(),
    };
    bar.set_style(style(form));
    bar
}

fn style(form: &str) -> ProgressStyle {
    ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// What is done, as the terminal may show it: names of people and files are a stranger's.
fn seen(what: &str) -> String {
    visible(Stream::Err, Shape::Line, what)
}

/// How long an act still takes, when so much of it is done: as long for the rest as for what is done.
fn left(elapsed: Duration, done: u64, of: u64) -> String {
    if done == 0 {
        return "尚不清楚".to_owned();
    }
    let rest = of.saturating_sub(done) as f64 / done as f64;
    let seconds = (elapsed.as_secs_f64() * rest).ceil() as u64;
    match seconds {
        0..60 => format!("{seconds} 秒"),
        60..3600 => format!("{} 分 {} 秒", seconds / 60, seconds % 60),
        _ => format!("{} 小时 {} 分", seconds / 3600, seconds / 60 % 60),
    }
}

/// An act that says at which step it is.
pub(crate) fn of_steps<T>(act: impl FnOnce(&mut dyn FnMut(Step<'_>)) -> T) -> T {
    let bar = bar(None, UNCOUNTED);
    let mut since = None;
    let done = act(&mut |step| {
        if step.of == 0 {
            bar.set_message(seen(step.what));
            return bar.tick();
        }
        let since = since.get_or_insert_with(|| {
            bar.set_length(step.of as u64);
            bar.set_style(style(COUNTED));
            bar.elapsed()
        });
        let (done, of) = (step.done as u64, step.of as u64);
        let left = left(bar.elapsed().saturating_sub(*since), done, of);
        bar.update(|state| state.set_pos(done));
        bar.set_message(format!("{done}/{of}，约剩 {left}　{}", seen(step.what)));
        match done + 1 < of {
            true => bar.tick(),
            // a terminal is not drawn on for every step, but for the last it is
            false => bar.suspend(|| ()),
        }
    });
    bar.finish_and_clear();
    done
}

/// The bar of a scan: pages are counted, the time left goes by files.
pub(crate) struct PageCount {
    bar: ProgressBar,
    files: u64,
    pages: u64,
    current: PathBuf,
    ended: HashSet<PathBuf>,
}

impl PageCount {
    /// Of so many files.
    pub(crate) fn of(files: usize) -> Self {
        let length = files as u64 * FILE;
        Self {
            bar: bar(Some(length), COUNTED),
            files: files as u64,
            pages: 0,
            current: PathBuf::new(),
            ended: HashSet::new(),
        }
    }

    /// Counts a page, and shows it by `show` without the bar in between.
    pub(crate) fn page<T>(&mut self, page: &ScannedPage, show: impl FnOnce() -> T) -> T {
        self.pages += 1;
        if page.file != self.current {
            let before = std::mem::replace(&mut self.current, page.file.clone());
            if !before.as_os_str().is_empty() {
                self.ended.insert(before);
            }
        }
        let of_file = match page.pages {
            0 => FILE,
            pages => page.page as u64 * FILE / pages as u64,
        };
        let at = self.ended.len() as u64 * FILE + of_file;
        let left = left(self.bar.elapsed(), at, self.files * FILE);
        self.bar.update(|state| state.set_pos(at));
        self.bar
            .set_message(format!("已读 {} 页，约剩 {left}", self.pages));
        self.bar.suspend(show)
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
