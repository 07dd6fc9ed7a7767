//! Tags of a part with their places in it, and splicing: the part is never rebuilt, only cut at tags and filled in.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::OoxmlError;

/// Whether a tag opens an element, closes it, or is the whole of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    Open,
    Close,
    Empty,
}

/// One tag and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    /// Name without its prefix.
    pub(super) name: &'a str,
    /// The tag itself, from `<` to `>`.
    pub(super) source: &'a str,
    /// Offset of `<`.
    pub(super) start: usize,
    /// Offset after `>`.
    pub(super) end: usize,
    /// What it is.
    pub(super) form: TagKind,
    /// Elements around it; the root element's tags have 0.
    pub(super) depth: usize,
}

impl Tag<'_> {
    /// Whether an element begins here.
    pub(super) fn begins(&self, name: &str) -> bool {
        self.form != TagKind::Close && self.name == name
    }

    /// Whether an element of that name ends here.
    pub(super) fn ends(&self, name: &str) -> bool {
        self.form != TagKind::Open && self.name == name
    }

    /// An attribute's value, unescaped; `name` with its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        attribute(self.source, name).map(unescape)
    }

    /// An attribute's value as a number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        attribute(self.source, name)?.trim().parse().ok()
    }

    /// The prefix of the tag's name with its colon; empty for none.
    pub(super) fn prefix(&self) -> &str {
        let name = self.source.trim_start_matches(['<', '/']);
        let name = name
            .split(|c: char| c.is_whitespace() || c == '>' || c == '/')
            .next()
            .unwrap_or("");
        name.rfind(':').map_or("", |colon| &name[..=colon])
    }
}

/// Reads the tags of a part one after another.
pub(super) struct Tags<'a> {
    reader: Reader<&'a [u8]>,
    xml: &'a str,
    part: &'a str,
    depth: usize,
}

impl<'a> Tags<'a> {
    /// The tags of `xml`; `part` names it in errors.
    pub(super) fn new(part: &'a str, xml: &'a str) -> Self {
        Self {
            reader: Reader::from_reader(xml.as_bytes()),
            xml,
            part,
            depth: 0,
        }
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Result<Tag<'a>, OoxmlError>;

    /// The next tag. A part that ends inside an element is an error.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.offset();
            let form = match self.reader.read_event() {
                Ok(Event::Start(_)) => TagKind::Open,
                Ok(Event::End(_)) => TagKind::Close,
                Ok(Event::Empty(_)) => TagKind::Empty,
                Ok(Event::Eof) if self.depth == 0 => return None,
                Ok(Event::Eof) | Err(_) => return Some(Err(self.fault(start))),
                Ok(_) => continue,
            };
            let end = self.offset();
            let Some(source) = self.xml.get(start..end).filter(|s| is_well_formed(s)) else {
                return Some(Err(self.fault(start)));
            };
            if form == TagKind::Close {
                self.depth = self.depth.saturating_sub(1);
            }
            let tag = Tag {
                name: local_name(source),
                source,
                start,
                end,
                form,
                depth: self.depth,
            };
            if form == TagKind::Open {
                self.depth += 1;
            }
            return Some(Ok(tag));
        }
    }
}

impl Tags<'_> {
    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn fault(&self, at: usize) -> OoxmlError {
        OoxmlError::Xml {
            part: self.part.to_owned(),
            at: at as u64,
        }
    }
}

/// Whether nothing stands in a tag but its name and attributes with values in quotation marks (XML 1.0, 3.1). The reader of tags
/// does not look at attributes, and a part that is cut and filled in by them must be what it seems.
fn is_well_formed(source: &str) -> bool {
    // most tags have no attributes
    if !source.bytes().any(|b| b <= b' ' || b >= 0x80) {
        return true;
    }
    let body = source.trim_start_matches(['<', '/']);
    let body = body.strip_suffix('>').unwrap_or(body);
    let mut rest = body.find(char::is_whitespace).map_or("", |at| &body[at..]);
    loop {
        let inner = rest.trim_start();
        if inner.is_empty() || inner == "/" {
            return true;
        }
        let Some((name, value)) = inner.split_once('=') else {
            return false;
        };
        let name = name.trim_end();
        let named = !name.is_empty()
            && !name.contains(|c: char| c.is_whitespace() || "<>\"'/;&".contains(c));
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some((_, behind)) = quote.and_then(|q| value.get(1..)?.split_once(q)) else {
            return false;
        };
        if !named {
            return false;
        }
        rest = behind;
    }
}

/// The name in a tag, without prefix.
fn local_name(source: &str) -> &str {
    let bytes = source.as_bytes();
    // by bytes: names are read for every tag of a part
    let start = match bytes {
        [b'<', b'/', ..] => 2,
        [b'<', ..] => 1,
        _ => 0,
    };
    let mut from = start;
    let mut end = bytes.len();
    for (n, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b':' => from = n + 1,
            b'>' | b'/' | 0..=b' ' => {
                end = n;
                break;
            }
            _ => {}
        }
    }
    source.get(from..end).unwrap_or("")
}

/// Attributes of a tag one after another: name with its prefix, and raw value.
pub(super) fn attributes_of(source: &str) -> impl Iterator<Item = (&str, &str)> {
    let begin = source.find(char::is_whitespace).unwrap_or(source.len());
    let mut rest = source.get(begin..).unwrap_or("");
    std::iter::from_fn(move || {
        let (name, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, behind) = value.get(1..)?.split_once(quote)?;
        rest = behind;
        Some((name.trim(), value))
    })
}

/// An attribute's raw value in a tag.
pub(super) fn attribute<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let mut all = attributes_of(source);
    all.find(|(n, _)| *n == name).map(|(_, value)| value)
}

/// The tag with an attribute set; a new one stands behind all others.
pub(super) fn with_attribute(source: &str, name: &str, value: &str) -> String {
    let value = escape(value);
    if let Some(old) = attribute(source, name) {
        // a piece of the tag: where it begins is how far it lies behind the tag's beginning
        let from = old.as_ptr().addr() - source.as_ptr().addr();
        return splice(source, &[(from..from + old.len(), value)]);
    }
    let body = source.trim_end_matches('>').trim_end_matches('/');
    let tail = source.get(body.len()..).unwrap_or(">");
    format!("{} {name}=\"{value}\"{tail}", body.trim_end())
}

/// Text with `&`, `<`, `>` and `"` escaped, and characters that XML cannot hold left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c < ' ' || ('\u{FFFE}'..='\u{FFFF}').contains(&c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Text with its references resolved; as it stands where they cannot be.
pub(super) fn unescape(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}

/// `source` with pieces put in the place of ranges. Pieces of one place keep their order; of two ranges that overlap the
/// later one is left out.
pub(super) fn splice(source: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut order: Vec<&(Range<usize>, String)> = edits.iter().collect();
    order.sort_by_key(|(range, _)| (range.start, range.end));
    let grown: usize = edits.iter().map(|(_, piece)| piece.len()).sum();
    let mut out = String::with_capacity(source.len() + grown);
    let mut at = 0;
    for (range, piece) in order {
        let Some(kept) = source.get(at..range.start) else {
            continue;
        };
        out.push_str(kept);
        out.push_str(piece);
        at = range.end;
    }
    out.push_str(source.get(at..).unwrap_or(""));
    out
}

/// A cell's name such as `B3` as row and column from 0; `$` is allowed. None for anything else or beyond Excel's limits.
pub fn parse_cell(name: &str) -> Option<(u32, u32)> {
    let name: String = name.chars().filter(|c| *c != '$').collect();
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = (name.get(..digits)?, name.get(digits..)?);
    if letters.is_empty() || letters.len() > 3 || row.len() > 7 {
        return None;
    }
    let mut column = 0;
    for c in letters.chars() {
        let digit = c.to_ascii_uppercase();
        if !digit.is_ascii_uppercase() {
            return None;
        }
        column = column * 26 + (digit as u32 - 'A' as u32 + 1);
    }
    let row: u32 = row.parse().ok()?;
    let fits = (1..=MAX_ROWS).contains(&row) && column <= MAX_COLUMNS;
    fits.then(|| (row - 1, column - 1))
}

/// A range such as `A1:C9` as first and last row and column from 0; a single cell is its own range.
pub fn parse_range(name: &str) -> Option<[u32; 4]> {
    let (from, to) = name.split_once(':').unwrap_or((name, name));
    let (from, to) = (parse_cell(from)?, parse_cell(to)?);
    Some([from.0, from.1, to.0, to.1])
}

/// Rows of a sheet.
pub(super) const MAX_ROWS: u32 = 1 << 20;
/// Columns of a sheet.
pub(super) const MAX_COLUMNS: u32 = 1 << 14;
