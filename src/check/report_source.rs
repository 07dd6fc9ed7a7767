//! Source text (源代码) in what should be words: tags of web pages and of XML, control words of RTF and TeX, marks of Markdown.

/// Most characters of a sample that a message shows.
const SAMPLE: usize = 20;

/// What was found.
pub(super) struct SourceText {
    /// Of what it is the source, as people call it.
    pub(super) what: &'static str,
    /// Whether it cannot be anything else.
    pub(super) certain: bool,
    /// A piece of it.
    pub(super) sample: String,
}

/// The first source text in the paragraphs of a report.
pub(super) fn source_text(said: &[&str]) -> Option<SourceText> {
    let first = |find: fn(&str) -> Option<String>| said.iter().find_map(|p| find(p));
    let certain = |what: &'static str, sample: Option<String>| {
        sample.map(|sample| SourceText {
            what,
            certain: true,
            sample: brief(&sample),
        })
    };
    certain("网页", first(tag))
        .or_else(|| certain("网页", first(entity)))
        .or_else(|| certain("RTF或TeX", control_words(said)))
        .or_else(|| {
            markdown(said).map(|sample| SourceText {
                what: "Markdown",
                certain: false,
                sample: brief(&sample),
            })
        })
}

fn brief(sample: &str) -> String {
    let short: String = sample.chars().take(SAMPLE).collect();
    if short.len() < sample.len() {
        format!("{short}……")
    } else {
        short
    }
}

/// A tag that nothing but markup has: one that closes, one with an attribute, one that stands alone such as `<br>`.
fn tag(text: &str) -> Option<String> {
    const ALONE: &[&str] = &[
        "br", "hr", "p", "div", "span", "html", "body", "table", "tr", "td", "ul", "li", "font",
        "strong",
    ];
    text.match_indices('<').find_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let inside = rest.get(..rest.find(['<', '>'])?)?;
        let closes = inside.starts_with('/');
        let comment = inside.starts_with("!--") || inside.starts_with('?');
        let body = inside.trim_start_matches('/').trim_end_matches('/').trim();
        let name: String = body
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_'))
            .collect();
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic());
        let attribute = body
            .get(name.len()..)
            .is_some_and(|more| more.starts_with(char::is_whitespace) && more.contains('='));
        let whole = body.len() == name.len();
        let known = whole && ALONE.contains(&name.to_lowercase().as_str());
        // an address in angle brackets closes nothing
        let found = comment || named && (closes && whole || attribute || known);
        found.then(|| format!("<{inside}>"))
    })
}

/// A sign written as pages write it: `&nbsp;`, `&#8220;`.
fn entity(text: &str) -> Option<String> {
    text.match_indices('&').find_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let name = rest.get(..rest.find(';').filter(|end| (2..=8).contains(end))?)?;
        let number = name.strip_prefix('#').is_some_and(|n| {
            let n = n.strip_prefix(['x', 'X']).unwrap_or(n);
            !n.is_empty() && n.chars().all(|c| c.is_ascii_hexdigit())
        });
        let known = [
            "nbsp", "amp", "lt", "gt", "quot", "ldquo", "rdquo", "mdash", "middot", "hellip",
            "emsp", "ensp", "apos",
        ];
        (number || known.contains(&name)).then(|| format!("&{name};"))
    })
}

/// Control words of RTF or TeX, of which a text has either several or one that begins a document.
fn control_words(said: &[&str]) -> Option<String> {
    const WORDS: &[&str] = &[
        "rtf",
        "par",
        "pard",
        "plain",
        "fs",
        "f",
        "cf",
        "b",
        "lang",
        "fonttbl",
        "ansi",
        "ansicpg",
        "deff",
        "qc",
        "u",
        "documentclass",
        "begin",
        "end",
        "section",
        "subsection",
        "textbf",
        "usepackage",
        "item",
        "title",
    ];
    let mut found = Vec::new();
    for text in said {
        for (at, _) in text.match_indices('\\') {
            let rest = text.get(at + 1..).unwrap_or_default();
            let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            let byte = rest.strip_prefix('\'').is_some_and(|hex| {
                hex.chars().take(2).filter(char::is_ascii_hexdigit).count() == 2
            });
            if byte || WORDS.contains(&name.as_str()) {
                found.push(format!(
                    "\\{}",
                    if byte {
                        rest.chars().take(3).collect()
                    } else {
                        name
                    }
                ));
            }
        }
    }
    let begins = found.iter().any(|w| w == "\\rtf" || w == "\\documentclass");
    // a path of a file has one or two
    (begins || found.len() >= 4)
        .then(|| found.into_iter().next())
        .flatten()
}

/// Marks of Markdown: a heading with `#`, bold words between `**`, a link, a fence, the line under a table's head. Lists with `-` are
/// how people write too and count only where there are several.
fn markdown(said: &[&str]) -> Option<String> {
    let heading = |line: &str| {
        let rest = line.trim_start_matches('#');
        let hashes = line.len() - rest.len();
        (1..=6).contains(&hashes) && rest.starts_with([' ', '\u{3000}']) && !rest.trim().is_empty()
    };
    let bold = |line: &str| {
        line.split_once("**")
            .and_then(|(_, rest)| rest.split_once("**"))
            .is_some_and(|(inner, _)| !inner.trim().is_empty() && !inner.starts_with(' '))
    };
    let link = |line: &str| {
        line.split_once("](").is_some_and(|(head, rest)| {
            head.contains('[')
                && rest.contains(')')
                && (rest.starts_with("http") || rest.contains('.'))
        })
    };
    let ruled = |line: &str| {
        line.contains('|')
            && line.contains("--")
            && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
    };
    let mark = |line: &&&str| {
        heading(line) || bold(line) || link(line) || ruled(line) || line.starts_with("```")
    };
    if let Some(line) = said.iter().find(mark) {
        return Some((*line).to_owned());
    }
    let listed =
        |line: &&&str| line.starts_with("- ") || line.starts_with("* ") || line.starts_with("> ");
    (said.iter().filter(listed).count() >= 3)
        .then(|| said.iter().find(listed).map(|line| (*line).to_owned()))
        .flatten()
}
