//! Packages as someone would forge them: a unit whose every field can be changed before it is signed again, and the changes.

use sanlian::campaign::FormKind;
use sanlian::mark::{Issue, Signed, SigningKey, sign};
use sanlian::package::{Contact, Limits, Parts, VoidEntry, write};
use sanlian::press::MarkEntry;
use sanlian::record::{Book, Contents, Digest, canonical_bytes};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::package::entry;

pub(crate) const CAMPAIGN: &str = "hebei-zuimei-2021";
const AT: &str = "2021-05-28T01:02:00Z";

/// One unit with its key, and everything that it packs.
#[derive(Clone)]
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) key: u8,
    /// The unit's name now, as the manifest has it.
    pub(crate) manifest: Value,
    pub(crate) book: Value,
    pub(crate) marks: Vec<MarkEntry>,
}

pub(crate) fn key_of(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// The digest of a version as the book has it.
fn digest_of(book: &Value, record: usize) -> Digest {
    let record = &book["records"][record];
    let version = &record["versions"][0];
    let contents: Contents = serde_json::from_value(version["contents"].clone()).unwrap();
    let kind: FormKind = serde_json::from_value(record["kind"].clone()).unwrap();
    let copies = version["copies"].as_u64().unwrap() as u8;
    let template = version["template"].as_u64().unwrap() as u16;
    let campaign = book["campaign"].as_str().unwrap();
    let bytes = canonical_bytes(campaign, template, (kind, copies), &contents);
    Digest(Sha256::digest(bytes).into())
}

impl Unit {
    /// A unit with two candidates and a summary, each of one version, three originals of two pages.
    pub(crate) fn new(name: &str, key: u8) -> Self {
        let person = |n: u8| format!("示例{}{n}", char::from(b'a' + key % 26));
        let record = |n: u8, kind: &str, who: &str, values: Value| {
            json!({
                "reference": format!("{:02x}{n:02x}00000000{key:02x}{n:02x}", key), "kind": kind, "name": who,
                "versions": [{"version": 1, "template": 1, "digest": "00".repeat(32), "issued_at": AT,
                    "copies": if kind == "summary" { 1 } else { 3 },
                    "contents": {"values": values, "attachments": [{"name": format!("{who}1.jpg"), "sha256": "05".repeat(32)}]}}],
            })
        };
        let candidate = |n: u8| {
            json!({"name": person(n), "id_no": format!("1399001985021{n}00{key:02}"), "org": format!("{name}研究院"),
                "unit.name": name, "unit.channel": "市科协"})
        };
        let records = json!([
            record(1, "recommendation", &person(1), candidate(1)),
            record(2, "recommendation", &person(2), candidate(2)),
            record(
                3,
                "summary",
                name,
                json!({"name": name, "candidates[0].name": person(1)})
            ),
        ]);
        let mut unit = Self {
            name: name.to_owned(),
            key,
            manifest: json!({"template": 1, "unit": name, "channel": "city", "made_at": AT,
                "contact": {"name": format!("{name}联系人"), "phones": [format!("140000000{key:02}")]},
                "present": [0, 1, 2], "voids": []}),
            book: json!({"format": 1, "campaign": CAMPAIGN, "unit": name,
                "key": key_of(key).id().to_string(), "records": records}),
            marks: Vec::new(),
        };
        unit.settle();
        unit
    }

    /// Makes the digests those of the contents, and the marks those of the records.
    pub(crate) fn settle(&mut self) {
        self.marks.clear();
        for n in 0..self.book["records"].as_array().unwrap().len() {
            let digest = digest_of(&self.book, n);
            self.book["records"][n]["versions"][0]["digest"] = json!(digest);
            let signed = self.pages(n, &key_of(self.key));
            self.marks.extend(signed.iter().map(entry));
        }
    }

    fn reference(&self, n: usize) -> [u8; 8] {
        let text = self.book["records"][n]["reference"].as_str().unwrap();
        u64::from_str_radix(text, 16).unwrap().to_be_bytes()
    }

    /// What the marks of a record's pages say.
    pub(crate) fn issues(&self, n: usize) -> Vec<Issue> {
        let record = &self.book["records"][n];
        let version = &record["versions"][0];
        let kind: FormKind = serde_json::from_value(record["kind"].clone()).unwrap();
        let copies = version["copies"].as_u64().unwrap() as usize;
        let digest: Digest = serde_json::from_value(version["digest"].clone()).unwrap();
        let page = |copy, page| Issue {
            kind: kind.mark_code().unwrap(),
            reference: self.reference(n),
            version: version["version"].as_u64().unwrap() as u16,
            copy,
            copies,
            page,
            pages: 2,
            issued_at: version["issued_at"].as_str().unwrap().parse().unwrap(),
            digest: digest.short(),
        };
        (1..=copies)
            .flat_map(|copy| [page(copy, 1), page(copy, 2)])
            .collect()
    }

    pub(crate) fn pages(&self, n: usize, key: &SigningKey) -> Vec<Signed> {
        let issues = self.issues(n);
        issues.iter().map(|i| sign(key, i).unwrap()).collect()
    }

    /// The package, signed by a key; none where no program of ours would write it.
    pub(crate) fn pack(&self, key: &SigningKey) -> Option<Vec<u8>> {
        // a book whose digests are not those of its contents is not even read: it goes in as text
        let book = Book::parse(&self.book.to_string(), None).ok()?;
        let m = &self.manifest;
        let present: Vec<[u8; 8]> = m["present"]
            .as_array()?
            .iter()
            .map(|n| match n.as_str() {
                Some(text) => u64::from_str_radix(text, 16).unwrap().to_be_bytes(),
                None => self.reference(n.as_u64().unwrap() as usize),
            })
            .collect();
        let contact: Contact = serde_json::from_value(m["contact"].clone()).ok()?;
        let voids: Vec<VoidEntry> = serde_json::from_value(m["voids"].clone()).ok()?;
        let parts = Parts {
            template: m["template"].as_u64()? as u16,
            unit: m["unit"].as_str()?,
            channel: m["channel"].as_str()?,
            contact: &contact,
            made_at: m["made_at"].as_str()?.parse().ok()?,
            present: &present,
            book: &book,
            marks: &self.marks,
            voids: &voids,
            owed: &[],
            files: &[],
        };
        write(key, &parts, &Limits::default()).ok()
    }
}

/// A change that the attacker makes to his own package, with what he takes from the other unit.
pub(crate) type Change = (&'static str, fn(&mut Unit, &Unit));

/// Every field of manifest and book, with the value of the other unit in it.
pub(crate) const EXCHANGES: &[Change] = &[
    ("manifest.unit", |u, o| {
        u.manifest["unit"] = o.manifest["unit"].clone()
    }),
    ("manifest.channel", |u, _| {
        u.manifest["channel"] = json!("society")
    }),
    ("manifest.template", |u, _| {
        u.manifest["template"] = json!(2)
    }),
    ("manifest.made_at", |u, _| {
        u.manifest["made_at"] = json!("2021-05-29T00:00:00Z")
    }),
    ("manifest.present", |u, o| {
        let theirs = o.book["records"][0]["reference"].clone();
        u.manifest["present"] = json!([theirs]);
    }),
    ("manifest.voids", |u, o| {
        let theirs = &o.book["records"][0]["reference"];
        u.manifest["voids"] = json!([{"record": theirs, "version": 1, "minutes": o.issues(0)[0].kind, "copy": 0, "at": AT, "reason": "x"}]);
    }),
    ("book.unit", |u, o| u.book["unit"] = o.book["unit"].clone()),
    ("book.key", |u, o| u.book["key"] = o.book["key"].clone()),
    ("book.unit and key", |u, o| {
        u.book["unit"] = o.book["unit"].clone();
        u.book["key"] = o.book["key"].clone();
    }),
    ("book.campaign", |u, _| {
        u.book["campaign"] = json!("quanguo-zuimei-2022")
    }),
    ("the whole book", |u, o| {
        u.book = o.book.clone();
        u.marks = o.marks.clone();
    }),
    ("the whole book under one's own marks", |u, o| {
        u.book = o.book.clone();
        u.settle();
    }),
    ("the whole book, in its unit's name", |u, o| {
        u.book = o.book.clone();
        u.manifest = o.manifest.clone();
        u.settle();
    }),
    ("its unit's name everywhere", |u, o| {
        let text = u.book.to_string().replace(&u.name, &o.name);
        u.book = serde_json::from_str(&text).unwrap();
        u.manifest["unit"] = o.manifest["unit"].clone();
        u.settle();
    }),
    ("renamed to the other unit", |u, o| {
        let begun = u.book["unit"].clone();
        let text = u.book.to_string().replace(&u.name, &o.name);
        u.book = serde_json::from_str(&text).unwrap();
        u.book["unit"] = begun;
        u.manifest["unit"] = o.manifest["unit"].clone();
        u.settle();
    }),
    ("reference", |u, o| {
        u.book["records"][0]["reference"] = o.book["records"][0]["reference"].clone();
        u.settle();
    }),
    ("reference of another form", |u, o| {
        u.book["records"][0]["reference"] = o.book["records"][2]["reference"].clone();
        u.settle();
    }),
    ("one record", |u, o| {
        u.book["records"][0] = o.book["records"][0].clone();
        u.settle();
    }),
    ("all records", |u, o| {
        u.book["records"] = o.book["records"].clone();
        u.settle();
    }),
    ("kind", |u, _| {
        u.book["records"][0]["kind"] = json!("status")
    }),
    ("kind and digest", |u, _| {
        u.book["records"][0]["kind"] = json!("status");
        u.settle();
    }),
    ("name", |u, o| {
        u.book["records"][0]["name"] = o.book["records"][0]["name"].clone()
    }),
    ("version", |u, _| {
        u.book["records"][0]["versions"][0]["version"] = json!(2)
    }),
    ("template", |u, _| {
        u.book["records"][0]["versions"][0]["template"] = json!(2)
    }),
    ("digest", |u, o| {
        u.book["records"][0]["versions"][0]["digest"] =
            o.book["records"][0]["versions"][0]["digest"].clone();
    }),
    ("issued_at", |u, _| {
        u.book["records"][0]["versions"][0]["issued_at"] = json!("2021-05-29T00:00:00Z")
    }),
    ("copies", |u, _| {
        u.book["records"][0]["versions"][0]["copies"] = json!(1)
    }),
    ("contents", |u, o| {
        u.book["records"][0]["versions"][0]["contents"] =
            o.book["records"][0]["versions"][0]["contents"].clone();
    }),
    ("a value", |u, _| {
        u.book["records"][0]["versions"][0]["contents"]["values"]["name"] = json!("别人")
    }),
    ("an id number", |u, _| {
        u.book["records"][0]["versions"][0]["contents"]["values"]["id_no"] =
            json!("139900197909300020");
    }),
    ("an attachment", |u, _| {
        u.book["records"][0]["versions"][0]["contents"]["attachments"][0]["sha256"] =
            json!("06".repeat(32));
    }),
    ("contents emptied", |u, _| {
        u.book["records"][0]["versions"][0]["contents"] = json!({"values": {}, "attachments": []});
    }),
    ("unit in the contents", |u, o| {
        u.book["records"][0]["versions"][0]["contents"]["values"]["unit.name"] =
            o.manifest["unit"].clone();
        u.settle();
    }),
    ("channel in the contents", |u, _| {
        u.book["records"][0]["versions"][0]["contents"]["values"]["unit.channel"] =
            json!("省级学会");
        u.settle();
    }),
    ("all marks", |u, o| u.marks = o.marks.clone()),
    ("one mark", |u, o| u.marks[0] = o.marks[0].clone()),
    ("a mark of another form", |u, _| {
        let mut issue = u.issues(0).remove(0);
        issue.kind = 3;
        u.marks[0] = entry(&sign(&key_of(u.key), &issue).unwrap());
    }),
    ("a page left out of the list of marks", |u, _| {
        u.marks.remove(1);
    }),
    ("two originals instead of three", |u, _| {
        u.book["records"][0]["versions"][0]["copies"] = json!(2);
        u.settle();
    }),
    ("fifteen originals of one candidate", |u, _| {
        u.book["records"][0]["versions"][0]["copies"] = json!(15);
        u.settle();
    }),
    ("a fourth copy", |u, _| {
        let mut issue = u.issues(0).remove(0);
        (issue.copy, issue.copies) = (4, 15);
        u.marks.push(entry(&sign(&key_of(u.key), &issue).unwrap()));
    }),
    ("a ninth page", |u, _| {
        let mut issue = u.issues(0).remove(0);
        (issue.page, issue.pages) = (9, 9);
        u.marks.push(entry(&sign(&key_of(u.key), &issue).unwrap()));
    }),
    ("a mark of 2020", |u, _| {
        let mut issue = u.issues(0).remove(0);
        issue.issued_at = "2020-05-01T00:00:00Z".parse().unwrap();
        u.marks.push(entry(&sign(&key_of(u.key), &issue).unwrap()));
    }),
    ("the other unit's record in the list of marks", |u, o| {
        let issue = o.issues(0).remove(0);
        u.marks.push(entry(&sign(&key_of(u.key), &issue).unwrap()));
    }),
    ("what the list says of a mark", |u, _| u.marks[0].copies = 9),
    ("a name of control characters", |u, _| {
        u.book["records"][0]["name"] = json!("示例\u{202e}人");
        u.book["records"][0]["versions"][0]["contents"]["values"]["name"] = json!("示例\u{202e}人");
        u.settle();
    }),
    ("a unit of control characters", |u, _| {
        u.manifest["unit"] = json!("\u{1b}[2J示例市")
    }),
    ("a contact of control characters", |u, _| {
        u.manifest["contact"]["name"] = json!("李\n示例")
    }),
];
