//! Where an operator jumps to in a long file: bookmarks (document outline, ISO 32000-1, 12.3.3), form › copy › page, and page labels
//! (12.4.2), so that a reader's page box says 01-王示例-推荐表 第2份 3 instead of 41.

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};

/// Pages of one copy of a form that follow each other in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedCopy {
    /// Which form it is, as people look for it.
    pub form: String,
    /// Which copy, such as 第2份; empty where there is one.
    pub copy: String,
    /// Index of its first sheet, from 0.
    pub sheet: usize,
    /// Its pages.
    pub pages: usize,
}

/// A bookmark before it has a number.
struct Bookmark {
    title: String,
    sheet: usize,
    children: Vec<Bookmark>,
}

/// Adds bookmarks and page labels; gives the root's entries. Copies of a form stand behind each other.
pub(super) fn add(
    document: &mut Document,
    pages: &[ObjectId],
    copies: &[PrintedCopy],
) -> Vec<(&'static str, Object)> {
    if copies.is_empty() {
        return Vec::new();
    }
    let entries = tree(copies);
    let root = document.new_object_id();
    let (first, last, count) = add_level(document, pages, root, &entries);
    let mut outlines = Dictionary::new();
    outlines.set("Type", Object::Name(b"Outlines".to_vec()));
    if let (Some(first), Some(last)) = (first, last) {
        outlines.set("First", Object::Reference(first));
        outlines.set("Last", Object::Reference(last));
        outlines.set("Count", count);
    }
    document.objects.insert(root, Object::Dictionary(outlines));
    let mut labels = Dictionary::new();
    labels.set("Nums", numbers(pages.len(), copies));
    vec![
        ("Outlines", Object::Reference(root)),
        ("PageLabels", Object::Dictionary(labels)),
        ("PageMode", Object::Name(b"UseOutlines".to_vec())),
    ]
}

/// Form › copy › page. A form of one copy has its pages below it, and one of one page has none.
fn tree(copies: &[PrintedCopy]) -> Vec<Bookmark> {
    let mut forms: Vec<Bookmark> = Vec::new();
    for copy in copies {
        let single = copy.pages == 1;
        let page = |n: usize| Bookmark {
            title: format!("第{}页", n + 1),
            sheet: copy.sheet + n,
            children: Vec::new(),
        };
        let below: Vec<Bookmark> = if single {
            Vec::new()
        } else {
            (0..copy.pages).map(page).collect()
        };
        let known = forms
            .last_mut()
            .filter(|form| form.title == copy.form && !copy.copy.is_empty());
        let children = match copy.copy.is_empty() {
            true => below,
            false => vec![Bookmark {
                title: copy.copy.clone(),
                sheet: copy.sheet,
                children: below,
            }],
        };
        match known {
            Some(form) => form.children.extend(children),
            None => forms.push(Bookmark {
                title: copy.form.clone(),
                sheet: copy.sheet,
                children,
            }),
        }
    }
    forms
}

/// Adds one level; gives its first and last bookmark and how many of them there are. What is below is closed.
fn add_level(
    document: &mut Document,
    pages: &[ObjectId],
    parent: ObjectId,
    entries: &[Bookmark],
) -> (Option<ObjectId>, Option<ObjectId>, i64) {
    let ids: Vec<ObjectId> = entries.iter().map(|_| document.new_object_id()).collect();
    for (n, entry) in entries.iter().enumerate() {
        let Some(id) = ids.get(n).copied() else {
            continue;
        };
        let mut item = Dictionary::new();
        item.set("Title", text(&entry.title));
        item.set("Parent", Object::Reference(parent));
        let beside = [("Prev", n.checked_sub(1)), ("Next", Some(n + 1))];
        for (key, at) in beside {
            if let Some(other) = at.and_then(|at| ids.get(at)) {
                item.set(key, Object::Reference(*other));
            }
        }
        if let Some(page) = pages.get(entry.sheet) {
            let fit = Object::Name(b"Fit".to_vec());
            item.set("Dest", vec![Object::Reference(*page), fit]);
        }
        if let (Some(first), Some(last), count) = add_level(document, pages, id, &entry.children) {
            item.set("First", Object::Reference(first));
            item.set("Last", Object::Reference(last));
            item.set("Count", -count);
        }
        document.objects.insert(id, Object::Dictionary(item));
    }
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    (ids.first().copied(), ids.last().copied(), count)
}

/// The ranges of page labels: a copy's pages count from 1, empty backs are called so.
fn numbers(sheets: usize, copies: &[PrintedCopy]) -> Vec<Object> {
    let mut nums = Vec::new();
    let mut range = |sheet: usize, prefix: &str, counted: bool| {
        let mut label = Dictionary::new();
        label.set("P", text(prefix));
        if counted {
            label.set("S", Object::Name(b"D".to_vec()));
        }
        nums.push(Object::Integer(i64::try_from(sheet).unwrap_or(i64::MAX)));
        nums.push(Object::Dictionary(label));
    };
    let mut next = 0;
    for copy in copies {
        if copy.sheet > next {
            range(next, "空白背面", false);
        }
        let prefix = match copy.copy.is_empty() {
            true => format!("{} ", copy.form),
            false => format!("{} {} ", copy.form, copy.copy),
        };
        range(copy.sheet, &prefix, true);
        next = copy.sheet + copy.pages;
    }
    if next < sheets {
        range(next, "空白背面", false);
    }
    nums
}

/// A text string in UTF-16 (7.9.2.2).
fn text(words: &str) -> Object {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(words.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}
