//! The record book: versions that are only added to, and books that are refused.

use jiff::Timestamp;
use sanlian::campaign::{Campaign, FormKind};
use sanlian::record::{
    Book, BookError, EnrolStatus, RecordItem, Submission, records_of, summary_item,
};

use crate::record::{KIND, campaign, contents, reference, submission};

fn time(n: i64) -> Timestamp {
    Timestamp::from_second(1_621_499_400 + n * 60).unwrap()
}

/// All records of a submission entered in a book, the summary last.
fn enrol_all(
    book: &mut Book,
    campaign: &Campaign,
    submission: &Submission,
    at: i64,
) -> Vec<EnrolStatus> {
    let mut stamps = Vec::new();
    let mut statuses = Vec::new();
    for (n, item) in (0..).zip(records_of(campaign, submission)) {
        let enrolled = book.enrol(campaign, reference(n), &item, time(at)).unwrap();
        if item.kind == FormKind::Recommendation {
            stamps.push(enrolled.stamp());
        }
        statuses.push(enrolled.status);
    }
    let summary = summary_item(campaign, submission, &stamps).unwrap();
    let enrolled = book.enrol(campaign, reference(99), &summary, time(at));
    statuses.push(enrolled.unwrap().status);
    statuses
}

#[test]
fn an_unchanged_submission_keeps_versions_and_times() {
    let (campaign, submission) = (campaign(), submission());
    let mut book = Book::new("demo-2021", "示例市科学技术协会", "fe81");
    assert!(
        enrol_all(&mut book, &campaign, &submission, 0)
            .iter()
            .all(|s| *s == EnrolStatus::New)
    );
    let before = book.to_json().unwrap();
    assert!(
        enrol_all(&mut book, &campaign, &submission, 5)
            .iter()
            .all(|s| *s == EnrolStatus::Same)
    );
    assert_eq!(book.to_json().unwrap(), before);
    assert_eq!(book.records()[0].versions()[0].issued_at, time(0));
}

#[test]
fn a_changed_record_gets_the_next_version_and_so_does_the_summary() {
    let (campaign, mut submission) = (campaign(), submission());
    let mut book = Book::new("demo-2021", "示例市科学技术协会", "fe81");
    enrol_all(&mut book, &campaign, &submission, 0);
    let old = submission.clone();
    submission.candidates[1].set("org", "虚拟大学");
    let statuses = enrol_all(&mut book, &campaign, &submission, 5);
    assert_eq!(statuses[0], EnrolStatus::Same);
    let EnrolStatus::Changed {
        previous: 1,
        copies: 3,
        differences,
    } = &statuses[1]
    else {
        panic!("{:?}", statuses[1]);
    };
    assert_eq!(
        differences[0].to_string(),
        "工作单位：“示例研究院”→“虚拟大学”"
    );
    let Some(EnrolStatus::Changed { differences, .. }) = statuses.last() else {
        panic!("the summary lists another version");
    };
    let lines: Vec<_> = differences.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "第2名候选人·工作单位：“示例研究院”→“虚拟大学”",
            "第2名候选人·推荐表版本：“1”→“2”",
        ]
    );
    // Going back is a new version too: version 2 may lie on somebody's desk.
    enrol_all(&mut book, &campaign, &old, 9);
    let record = book.record(reference(1)).unwrap();
    let numbers: Vec<_> = record.versions().iter().map(|v| v.version).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(record.versions()[0].digest, record.versions()[2].digest);
    assert_eq!(record.versions()[2].issued_at, time(9));
}

#[test]
fn a_new_template_version_is_said_to_be_the_change() {
    let (mut campaign, submission) = (campaign(), submission());
    let mut book = Book::new("demo-2021", "示例市科学技术协会", "fe81");
    enrol_all(&mut book, &campaign, &submission, 0);
    campaign.version = 2;
    let statuses = enrol_all(&mut book, &campaign, &submission, 1);
    let EnrolStatus::Changed { differences, .. } = &statuses[0] else {
        panic!("{:?}", statuses[0]);
    };
    assert_eq!(differences[0].to_string(), "活动模板版本：“1”→“2”");
}

#[test]
fn withdrawn_candidates_are_named() {
    let (campaign, submission) = (campaign(), submission());
    let mut book = Book::new("demo-2021", "示例市科学技术协会", "fe81");
    enrol_all(&mut book, &campaign, &submission, 0);
    let others = book.others(&[reference(0), reference(2), reference(3), reference(99)]);
    assert_eq!(others.len(), 1);
    assert_eq!(others[0].name(), "阿卜杜拉·买买提");
}

#[test]
fn a_reference_of_another_kind_is_refused() {
    let (campaign, submission) = (campaign(), submission());
    let mut book = Book::new("demo-2021", "示例市科学技术协会", "fe81");
    let items = records_of(&campaign, &submission);
    book.enrol(&campaign, reference(0), &items[0], time(0))
        .unwrap();
    let refused = book.enrol(&campaign, reference(0), &items[2], time(0));
    assert_eq!(
        refused.unwrap_err(),
        BookError::Kind("ab00000000000000".to_owned())
    );
}

#[test]
fn a_book_goes_through_its_text() {
    let (campaign, mut submission) = (campaign(), submission());
    let mut book = Book::new("demo-2021", "示例市科学技术协会", "fe81");
    enrol_all(&mut book, &campaign, &submission, 0);
    submission.candidates[0].set("deeds", "“引号”\t制表\u{0}零\u{2028}行𬭚");
    enrol_all(&mut book, &campaign, &submission, 1);
    let text = book.to_json().unwrap();
    assert_eq!(Book::parse(&text, None).as_ref(), Ok(&book));
    assert_eq!(Book::parse(&format!("\u{feff}{text}"), None), Ok(book));
    // Cut short anywhere it is refused.
    for cut in (0..text.trim_end().len())
        .filter(|n| text.is_char_boundary(*n))
        .step_by(7)
    {
        assert!(matches!(
            Book::parse(&text[..cut], None),
            Err(BookError::Syntax(_))
        ));
    }
}

#[test]
fn a_damaged_book_is_refused_with_its_reason() {
    let (campaign, mut submission) = (campaign(), submission());
    let mut book = Book::new("demo-2021", "示例市科学技术协会", "fe81");
    enrol_all(&mut book, &campaign, &submission, 0);
    submission.candidates[0].set("org", "虚拟大学");
    enrol_all(&mut book, &campaign, &submission, 1);
    let text = book.to_json().unwrap();
    let check = |from: &str, to: &str| {
        let damaged = text.replacen(from, to, 1);
        assert_ne!(damaged, text);
        let fault = Book::parse(&damaged, None).unwrap_err();
        assert!(
            fault.to_string().contains('。') || fault.to_string().contains("第"),
            "{fault}"
        );
        fault
    };
    assert_eq!(
        check("\"format\": 2", "\"format\": 3, \"later\": 1"),
        BookError::Format(3)
    );
    assert_eq!(
        check("\"format\": 2", "\"format\": 0"),
        BookError::Format(0)
    );
    let twice = check("ab00000000000001", "ab00000000000000");
    assert_eq!(twice, BookError::Twice("ab00000000000000".to_owned()));
    assert!(matches!(
        check("ab00000000000001", "AB00000000000001"),
        BookError::Reference(_)
    ));
    assert!(matches!(
        check("\"version\": 2", "\"version\": 3"),
        BookError::Versions {
            place: 2,
            version: 3,
            ..
        }
    ));
    assert!(matches!(
        check("\"version\": 2", "\"version\": 1"),
        BookError::Versions { .. }
    ));
    assert!(matches!(
        check("\"version\": 1", "\"version\": 0"),
        BookError::Versions { place: 1, .. }
    ));
    assert!(matches!(
        check("\"version\": 1", "\"version\": 65536"),
        BookError::Syntax(_)
    ));
    assert!(matches!(
        check("\"digest\": \"", "\"digest\": \"zz"),
        BookError::Syntax(_)
    ));
    assert!(matches!(
        check("\"issued_at\": \"2021", "\"issued_at\": \"昨天"),
        BookError::Syntax(_)
    ));
    assert!(matches!(
        check("\"unit\"", "\"einheit\""),
        BookError::Syntax(_)
    ));
    assert!(matches!(Book::parse("[]", None), Err(BookError::Syntax(_))));
    assert!(matches!(
        Book::parse(&"[".repeat(100_000), None),
        Err(BookError::Syntax(_))
    ));
}

#[test]
fn the_last_version_number_is_not_passed() {
    let campaign = campaign();
    let item = |org: &str| RecordItem {
        kind: KIND,
        identity: String::new(),
        name: "张三".to_owned(),
        copies: 1,
        contents: contents(&[("org", org)]),
    };
    let mut book = Book::new("demo-2021", "示例", "fe81");
    for n in 0..65_535 {
        let org = ["甲", "乙"][n % 2];
        book.enrol(&campaign, reference(0), &item(org), time(0))
            .unwrap();
    }
    let refused = book.enrol(&campaign, reference(0), &item("丙"), time(0));
    assert_eq!(refused.unwrap_err(), BookError::Full("张三".to_owned()));
}

/// A book of the first programs, whose digests name every field of the templates: it reads with those templates, the same contents
/// keep version and digest, since printed paper bears them, and nothing of it may be changed.
#[test]
fn a_book_of_the_first_programs_keeps_its_digests() {
    let (campaign, submission) = (campaign(), submission());
    let item = &records_of(&campaign, &submission)[0];
    let first = "80f812e0f38601e968e9b32adda611b3d5553f034006db526e699815b90c50fa";
    let text = serde_json::json!({"format": 1, "campaign": "demo-2021", "unit": "示例市科学技术协会", "key": "fe81", "records": [{
        "reference": "ab00000000000000", "kind": "recommendation", "name": item.name, "versions": [{
            "version": 1, "template": 1, "digest": first, "issued_at": "2021-05-20T08:10:00Z", "copies": item.copies,
            "contents": item.contents,
        }],
    }]})
    .to_string();
    let mut book = Book::parse(&text, Some(&campaign)).unwrap();
    let enrolled = book.enrol(&campaign, reference(0), item, time(9)).unwrap();
    assert_eq!((enrolled.version, enrolled.status), (1, EnrolStatus::Same));
    assert_eq!(enrolled.digest.to_string(), first);
    // written as today, it still reads with the templates, and is not guessed at without them
    let today = book.to_json().unwrap();
    assert_eq!(Book::parse(&today, Some(&campaign)), Ok(book));
    let fault = |text: &str, campaign| Book::parse(text, campaign).unwrap_err();
    assert!(matches!(fault(&today, None), BookError::Templates { .. }));
    let mut later = campaign.clone();
    later.version = 2;
    assert!(matches!(
        fault(&text, Some(&later)),
        BookError::Templates { .. }
    ));
    let changed = text.replace(&item.name, "李四");
    assert!(matches!(
        fault(&changed, Some(&campaign)),
        BookError::Contents { version: 1, .. }
    ));
}
