//! A part as a tree of elements with their places in it: what is asked of it is answered with byte ranges, so that a part
//! is only ever cut and filled in, never written anew.

use std::borrow::Cow;
use std::ops::Range;

use super::OoxmlError;
use super::xml::{TagKind, Tags, attribute, unescape};

/// Deepest nesting that is read; Word itself stops far earlier.
const DEEPEST: usize = 400;
/// Most elements of a part: ten times what a sheet of 2,000 rows and 25 columns has. Each takes some 150 bytes of memory.
const MOST_ELEMENTS: usize = 1_000_000;

/// The elements of a part, in the order of their opening tags; the first is the root.
#[derive(Debug)]
pub struct Tree<'a> {
    xml: &'a str,
    nodes: Vec<Node<'a>>,
}

#[derive(Debug)]
struct Node<'a> {
    name: &'a str,
    /// The opening tag.
    tag: &'a str,
    start: usize,
    inner: Range<usize>,
    end: usize,
    parent: Option<usize>,
    children: Vec<usize>,
}

/// One element of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Element<'t> {
    tree: &'t Tree<'t>,
    at: usize,
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at && std::ptr::eq(self.tree, other.tree)
    }
}

impl<'a> Tree<'a> {
    /// Reads a part; `part` names it in errors. A part without a root, nested beyond reason, or with more
    /// than a million elements is an error.
    pub fn read(part: &'a str, xml: &'a str) -> Result<Self, OoxmlError> {
        let fault = |at: usize| OoxmlError::Xml {
            part: part.to_owned(),
            at: at as u64,
        };
        let mut nodes: Vec<Node<'a>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for tag in Tags::new(part, xml) {
            let tag = tag?;
            if tag.form == TagKind::Close {
                let at = open.pop().ok_or_else(|| fault(tag.start))?;
                if let Some(node) = nodes.get_mut(at) {
                    node.inner.end = tag.start;
                    node.end = tag.end;
                }
                continue;
            }
            let at = nodes.len();
            if at >= MOST_ELEMENTS {
                return Err(OoxmlError::TooMuch(part.to_owned()));
            }
            let parent = open.last().copied();
            if let Some(parent) = parent.and_then(|p| nodes.get_mut(p)) {
                parent.children.push(at);
            }
            nodes.push(Node {
                name: tag.name,
                tag: tag.source,
                start: tag.start,
                inner: tag.end..tag.end,
                end: tag.end,
                parent,
                children: Vec::new(),
            });
            if tag.form == TagKind::Open {
                open.push(at);
                if open.len() > DEEPEST {
                    return Err(fault(tag.start));
                }
            }
        }
        if nodes.is_empty() {
            return Err(fault(0));
        }
        Ok(Self { xml, nodes })
    }

    /// The root element.
    pub fn root(&self) -> Element<'_> {
        Element { tree: self, at: 0 }
    }

    /// The part's text.
    pub fn xml(&self) -> &'a str {
        self.xml
    }
}

impl<'t> Element<'t> {
    fn node(self) -> Option<&'t Node<'t>> {
        self.tree.nodes.get(self.at)
    }

    /// Its name without prefix.
    pub fn name(self) -> &'t str {
        self.node().map_or("", |n| n.name)
    }

    /// Whether it has this name, whatever its prefix.
    pub fn is(self, name: &str) -> bool {
        self.name() == name
    }

    /// The opening tag, from `<` to `>`.
    pub fn tag(self) -> &'t str {
        self.node().map_or("", |n| n.tag)
    }

    /// From its `<` to behind its last `>`.
    pub fn range(self) -> Range<usize> {
        self.node().map_or(0..0, |n| n.start..n.end)
    }

    /// Between its tags; empty behind the tag of an empty element.
    pub fn inner(self) -> Range<usize> {
        self.node().map_or(0..0, |n| n.inner.clone())
    }

    /// Its source, tags and all.
    pub fn source(self) -> &'t str {
        self.tree.xml.get(self.range()).unwrap_or("")
    }

    /// The source between its tags.
    pub fn inside(self) -> &'t str {
        self.tree.xml.get(self.inner()).unwrap_or("")
    }

    /// The text directly between its tags, unescaped.
    pub fn text(self) -> Cow<'t, str> {
        unescape(self.inside())
    }

    /// An attribute's value, unescaped; `name` with its prefix.
    pub fn attribute(self, name: &str) -> Option<Cow<'t, str>> {
        attribute(self.tag(), name).map(unescape)
    }

    /// The value of `w:val`.
    pub fn val(self) -> Option<Cow<'t, str>> {
        self.attribute("w:val")
    }

    /// An attribute as a number.
    pub fn number(self, name: &str) -> Option<i64> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// The element around it.
    pub fn parent(self) -> Option<Self> {
        let at = self.node()?.parent?;
        Some(Self { at, ..self })
    }

    /// The elements around it, the nearest first.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |e| e.parent())
    }

    /// The elements directly in it.
    pub fn children(self) -> impl DoubleEndedIterator<Item = Self> {
        let children = self.node().map_or(&[][..], |n| n.children.as_slice());
        children.iter().map(move |at| Self { at: *at, ..self })
    }

    /// The first element of a name directly in it.
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|c| c.is(name))
    }

    /// The first element along a way of names.
    pub fn at(self, way: &[&str]) -> Option<Self> {
        way.iter().try_fold(self, |at, name| at.child(name))
    }

    /// All elements in it at any depth, in the order of their opening tags.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        let end = self.range().end;
        let nodes = self.tree.nodes.iter().enumerate().skip(self.at + 1);
        nodes
            .take_while(move |(_, n)| n.start < end)
            .map(move |(at, _)| Self { at, ..self })
    }
}
