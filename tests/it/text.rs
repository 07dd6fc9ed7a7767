//! Characters, dates and numbers: the vectors of the standards, and what people really type.

use sanlian::text::contact::{is_email, is_mobile, is_phone, is_postcode, split_phones};
use sanlian::text::count::{count_chars, count_words};
use sanlian::text::date::{
    Month, chinese_date, is_ambiguous_month, parse_date, parse_month, parse_span,
};
use sanlian::text::id::{IdFault, check_id};
use sanlian::text::name::{NameFault, NameRepair, canonical_name, name_faults};
use sanlian::text::normal::{Trouble, clean_line, clean_text, mend, troubles};
use sanlian::text::uscc::{UsccFault, check_uscc};
use sanlian::text::width::{display_width, fold_width};

/// Texts that have broken programs before.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "\0",
    "\u{FEFF}",
    "\u{200B}",
    "\u{10FFFF}",
    "年",
    "月",
    "年月日",
    "至",
    "—",
    "-",
    "--",
    ".",
    "..",
    "／／",
    "@",
    "@.",
    "·",
    "···",
    "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨",
    "𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀",
    "99999999999999999999",
    "e\u{301}\u{301}\u{301}",
    "1978年年月",
    "2021-13-45",
    "20211345",
    "999999",
    "12345678901234567X",
    "1234567890123456XX",
    "𠮷123456789012345678",
];

#[test]
fn no_text_makes_a_function_panic() {
    for text in HOSTILE {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let cut = &text[..end];
            let _ = (fold_width(cut), display_width(cut), clean_line(cut));
            let _ = (
                clean_text(cut),
                troubles(cut),
                mend(cut),
                canonical_name(cut),
            );
            let _ = (name_faults(cut), parse_month(cut), is_ambiguous_month(cut));
            let _ = (
                parse_span(cut),
                parse_date(cut),
                check_id(cut),
                check_uscc(cut),
            );
            let _ = (
                is_mobile(cut),
                is_phone(cut),
                is_email(cut),
                is_postcode(cut),
            );
            let _ = (split_phones(cut), count_chars(cut), count_words(cut));
        }
    }
}

#[test]
fn full_width_ascii_is_folded_and_nothing_else() {
    assert_eq!(fold_width("１３９ＡＢｃ＠．－　"), "139ABc@.- ");
    assert_eq!(fold_width("“张三”——·①㎡"), "“张三”——·①㎡");
}

#[test]
fn widths_are_those_of_a_chinese_page() {
    for (text, width) in [
        ("", 0),
        ("abc 123", 7),
        ("张三", 4),
        ("é", 1),
        ("买·买", 6),
        ("“”——", 8),
        ("𬭚", 2),
        ("ｱ", 1),
        ("a\u{200B}b", 2),
    ] {
        assert_eq!(display_width(text), width, "{text}");
    }
}

#[test]
fn lines_and_paragraphs_come_to_one_form() {
    for (raw, line) in [
        ("  张三 \u{A0}", "张三"),
        ("\u{FEFF}河北\u{200B}省", "河北省"),
        ("甲\r\n乙\r丙", "甲乙丙"),
        ("甲\r\nb\rc，\n丁", "甲 b c，丁"),
        ("甲\u{B}乙\tc", "甲乙 c"),
        ("e\u{301}", "é"),
        ("\u{3000}张\u{3000}三\u{3000}", "张\u{3000}三"),
        ("a\u{7}b\u{AD}c", "abc"),
        ("豈", "豈"),
    ] {
        assert_eq!(clean_line(raw), line, "{raw:?}");
        assert_eq!(clean_line(line), line, "a second time");
    }
    let raw = "\u{FEFF}\u{3000}\u{3000}第一段。 \r\n\r\n    第二段。\u{3000}\n\n\n";
    assert_eq!(clean_text(raw), "第一段。\n第二段。");
    assert_eq!(clean_text("第一段。\n第二段。"), "第一段。\n第二段。");
}

#[test]
fn radicals_and_compatibility_ideographs_are_mended_and_private_ones_are_not() {
    let (text, changes) = mend("⼯程师⻅习，用⼾，金\u{F90A}");
    assert_eq!(text, "工程师见习，用户，金金");
    assert_eq!(
        changes,
        [
            (0, '⼯', '工'),
            (3, '⻅', '见'),
            (7, '⼾', '户'),
            (10, '\u{F90A}', '金')
        ]
    );
    // The twelve that are unified ideographs in a compatibility block.
    let unified = "\u{FA0E}\u{FA0F}\u{FA11}\u{FA13}\u{FA14}\u{FA1F}\u{FA21}\u{FA23}\u{FA24}\u{FA27}\u{FA28}\u{FA29}";
    assert_eq!(mend(unified), (unified.to_owned(), Vec::new()));
    assert!(troubles(unified).is_empty());
    let private = "张\u{E863}";
    assert_eq!(mend(private).0, private);
    assert_eq!(
        troubles(private),
        [(1, '\u{E863}', Trouble::Pua(Some('䶮')))]
    );
}

#[test]
fn every_kangxi_radical_has_an_ideograph() {
    for c in '\u{2F00}'..='\u{2FD5}' {
        assert!(matches!(
            troubles(&c.to_string()).as_slice(),
            [(0, _, Trouble::Radical(_))]
        ));
    }
    let supplement = ('\u{2E80}'..='\u{2EFF}').filter(|c| !troubles(&c.to_string()).is_empty());
    assert_eq!(supplement.count(), 114);
}

#[test]
fn characters_that_must_not_stay_are_told_by_kind() {
    let of = |text: &str| troubles(text).first().map(|(_, _, t)| *t);
    assert_eq!(of("\u{E81B}"), Some(Trouble::Pua(Some('㑇'))));
    assert_eq!(of("\u{E000}"), Some(Trouble::Pua(None)));
    assert_eq!(of("\u{F0001}"), Some(Trouble::Pua(None)));
    assert_eq!(of("\u{FFFD}"), Some(Trouble::Replacement));
    assert_eq!(of("\u{FFFF}"), Some(Trouble::Replacement));
    assert_eq!(of("\u{200D}"), Some(Trouble::Invisible));
    assert_eq!(of("\u{E0100}"), Some(Trouble::Invisible));
    assert_eq!(of("\u{1}"), Some(Trouble::Control));
    assert_eq!(of("⿰金刚"), Some(Trouble::Ids));
    for sound in [
        "张三",
        "㛃䶮𬭚𬱖𪚥\u{323BA}",
        "甲\n乙\t丙",
        "“”——……·℃〔2021〕㎡",
    ] {
        assert_eq!(of(sound), None, "{sound}");
    }
}

#[test]
fn names_come_to_one_way_of_writing() {
    use NameRepair::{Dots, Spaces};
    for (raw, name, repairs) in [
        ("张三", "张三", vec![]),
        ("张 三", "张三", vec![Spaces]),
        ("张\u{3000}三", "张三", vec![Spaces]),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提", vec![Dots]),
        ("阿卜杜拉‧买买提", "阿卜杜拉·买买提", vec![Dots]),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提", vec![Dots]),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提", vec![Dots]),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提", vec![Dots]),
        ("阿卜杜拉⋅买买提", "阿卜杜拉·买买提", vec![Dots]),
        ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提", vec![Spaces]),
        ("·阿卜杜拉··买买提·", "阿卜杜拉·买买提", vec![Dots]),
        ("John  A. Smith", "John A. Smith", vec![Spaces]),
        ("John Smith", "John Smith", vec![]),
        ("J.Smith", "J.Smith", vec![]),
        ("张 John", "张John", vec![Spaces]),
    ] {
        assert_eq!(canonical_name(raw), (name.to_owned(), repairs), "{raw}");
        assert_eq!(canonical_name(name).1, [], "{name} a second time");
    }
}

#[test]
fn names_of_25_characters_with_dots_are_accepted() {
    let name = "买买提艾力·阿卜杜热合曼·吾买尔江·示例示例示例示";
    assert_eq!(name.chars().count(), 25);
    for sound in [
        name,
        "欧阳测试",
        "才让卓玛",
        "㛃䶮𬭚𪚥\u{323BA}",
        "John A. Smith",
        "王〇",
    ] {
        assert_eq!(name_faults(sound), [], "{sound}");
    }
    let longer = format!("{name}例");
    assert_eq!(name_faults(&longer), [NameFault::Long { chars: 26 }]);
}

#[test]
fn what_no_name_has_is_told() {
    assert_eq!(name_faults("张?"), [NameFault::Lost { at: 2 }]);
    assert_eq!(name_faults("张3"), [NameFault::Digit { at: 2, ch: '3' }]);
    assert_eq!(
        name_faults("张三(女)"),
        [
            NameFault::Sign { at: 3, ch: '(' },
            NameFault::Sign { at: 5, ch: ')' }
        ]
    );
    assert_eq!(name_faults("张"), [NameFault::Single]);
    // Told by `troubles`, not twice.
    assert_eq!(name_faults("张\u{E863}"), []);
}

#[test]
fn months_are_read_in_every_shape() {
    for text in [
        "1978.05",
        "1978.5",
        "1978-05",
        "1978-5",
        "1978/5",
        "1978/05",
        "1978年5月",
        "1978年05月",
        "197805",
        "１９７８．０５",
        " 1978 年 5 月 ",
        "1978年5",
    ] {
        let month = parse_month(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(month.to_string(), "1978.05", "{text}");
    }
    for text in [
        "", "1978", "1978.13", "1978.00", "78.05", "1978.005", "1978.5.1", "19785", "1905-",
        "出生", "1978..05", "1978年", "2978.05", "-1978.05",
    ] {
        assert_eq!(parse_month(text), None, "{text}");
    }
    assert!(is_ambiguous_month("1978.1"));
    assert_eq!(parse_month("1978.1"), Month::new(1978, 1));
    for sure in [
        "1978.10",
        "1978.01",
        "1978.2",
        "1978-1",
        "1978年1月",
        "1978.11",
    ] {
        assert!(!is_ambiguous_month(sure), "{sure}");
    }
}

#[test]
fn spans_are_read_in_every_shape() {
    for text in [
        "1996.09—2000.07",
        "1996.09-2000.07",
        "1996.9–2000.7",
        "1996.09~2000.07",
        "1996.09～2000.07",
        "1996年9月至2000年7月",
        "1996年9月到2000年7月",
        "1996-09-2000-07",
        "1996/9 - 2000/7",
        "199609-200007",
        "1996.09——2000.07",
        "１９９６．０９－２０００．０７",
    ] {
        let span = parse_span(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(span.to_string(), "1996.09—2000.07", "{text}");
    }
    for text in [
        "2000.08—至今",
        "2000.08至今",
        "2000.08-今",
        "2000年8月—现在",
        "2000-08-至今",
    ] {
        let span = parse_span(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(span.to_string(), "2000.08—至今", "{text}");
    }
    let reversed = parse_span("2000.07—1996.09").unwrap();
    assert!(reversed.to < Some(reversed.from));
    for text in [
        "",
        "1996.09",
        "1996—2000",
        "1996.09—",
        "—2000.07",
        "至今",
        "1996.13—2000.07",
    ] {
        assert_eq!(parse_span(text), None, "{text}");
    }
}

#[test]
fn days_are_read_in_every_shape_and_printed_without_zeros() {
    for text in [
        "2021-05-08",
        "2021.5.8",
        "2021/5/8",
        "2021年5月8日",
        "20210508",
        "２０２１年５月８日",
        "2021-05-08 00:00:00",
        "2021-05-08T00:00:00",
    ] {
        let date = parse_date(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(chinese_date(date), "2021年5月8日", "{text}");
    }
    for text in [
        "",
        "2021-02-29",
        "2021.5",
        "5月8日",
        "2021年5月",
        "20210532",
        "2021-05/08",
        "44324",
    ] {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

#[test]
fn identity_numbers_of_the_standard_and_of_nobody_are_accepted() {
    // GB 11643-1999, both examples; then the unassigned area 139900.
    for (number, birth, male) in [
        ("11010519491231002X", "1949-12-31", false),
        ("11010519491231002x", "1949-12-31", false),
        ("440524188001010014", "1880-01-01", true),
        ("139900198502140015", "1985-02-14", true),
        ("139900197909300020", "1979-09-30", false),
        ("139900199202290139", "1992-02-29", true),
        ("139900200001010052", "2000-01-01", true),
    ] {
        let facts = check_id(number).unwrap_or_else(|fault| panic!("{number}: {fault}"));
        assert_eq!(facts.birth.to_string(), birth);
        assert_eq!(facts.male, male, "{number}");
        assert_eq!(facts.area, &number[..6]);
    }
}

#[test]
fn every_wrong_digit_of_an_identity_number_is_found() {
    let number = "139900198502140015";
    for at in 0..18 {
        for digit in b'0'..=b'9' {
            let mut bytes = number.as_bytes().to_vec();
            if bytes[at] != digit {
                bytes[at] = digit;
                let changed = String::from_utf8(bytes).unwrap();
                assert!(check_id(&changed).is_err(), "{changed}");
            }
        }
    }
}

#[test]
fn faults_of_identity_numbers_say_what_is_expected() {
    let fault = |number: &str| check_id(number).unwrap_err();
    assert_eq!(
        fault("110105194912310023"),
        IdFault::CheckDigit {
            expected: 'X',
            found: '3'
        }
    );
    assert_eq!(
        fault("110105194912310023").to_string(),
        "第 18 位应为 X，现为 3"
    );
    assert_eq!(fault("139900850214001"), IdFault::Length(15));
    assert!(fault("139900850214001").hint().contains("15位旧号"));
    assert_eq!(fault("139900199302290139"), IdFault::Birth);
    assert_eq!(fault("139900199202300139"), IdFault::Birth);
    assert_eq!(
        fault("13990019850214O015"),
        IdFault::NotDigit { at: 15, ch: 'O' }
    );
    assert_eq!(
        fault("1399001985021400X5"),
        IdFault::NotDigit { at: 17, ch: 'X' }
    );
}

#[test]
fn credit_codes_are_checked() {
    for code in [
        "91350100M000100Y43",
        "12139900TE5T000013",
        "51139900XH00000018",
        "91139900MA0TE5T012",
    ] {
        assert_eq!(check_uscc(code), Ok(()), "{code}");
    }
    assert_eq!(
        check_uscc("91350100M000100Y44"),
        Err(UsccFault::CheckDigit {
            expected: '3',
            found: '4'
        })
    );
    assert_eq!(check_uscc("91350100M0001"), Err(UsccFault::Length(13)));
    assert_eq!(
        check_uscc("91350100M000100I43"),
        Err(UsccFault::Character { at: 16, ch: 'I' })
    );
}

#[test]
fn contacts_are_told_apart() {
    assert!(is_mobile("14000000001") && !is_mobile("12000000001") && !is_mobile("1400000000"));
    for phone in [
        "0311-00000000",
        "010-00000000",
        "0311-0000000",
        "0311-00000000-123",
    ] {
        assert!(is_phone(phone), "{phone}");
    }
    for not in [
        "86040095",
        "0311-123",
        "1311-00000000",
        "0311 00000000",
        "0311-00000000-",
    ] {
        assert!(!is_phone(not), "{not}");
    }
    assert!(is_email("ce.shi+1@example.org"));
    for not in [
        "",
        "a@b",
        "@example.org",
        "a@@example.org",
        "a b@example.org",
        "测试@example.org",
        "a@example..org",
        "a@example.1",
    ] {
        assert!(!is_email(not), "{not}");
    }
    assert!(is_postcode("050000") && !is_postcode("05000") && !is_postcode("05000０"));
}

#[test]
fn several_numbers_in_one_field_come_apart() {
    for (raw, numbers) in [
        // The notice itself: “电  话：0311-86040095  86049309”.
        (
            "0311-86040095  86049309",
            vec!["0311-86040095", "0311-86049309"],
        ),
        (
            "（0311）86040095、14000000001",
            vec!["0311-86040095", "14000000001"],
        ),
        ("０３１１－８６０４００９５", vec!["0311-86040095"]),
        ("0311 86040095", vec!["0311-86040095"]),
        (
            "031186040095/010-00000000",
            vec!["0311-86040095", "010-00000000"],
        ),
        ("0311—86040095转123", vec!["0311-86040095-123"]),
        ("+86 140 0000 0001", vec!["14000000001"]),
        ("+86-140-0000-0001", vec!["14000000001"]),
        ("86040095", vec!["86040095"]),
        ("", vec![]),
        ("0311", vec!["0311"]),
    ] {
        assert_eq!(split_phones(raw), numbers, "{raw}");
    }
}

#[test]
fn characters_and_words_are_counted() {
    for (text, chars, words) in [
        ("", 0, 0),
        ("张三，李四。", 6, 6),
        ("共计 100%", 6, 3),
        ("Rust 语言\n2021年", 11, 5),
        ("“最美”——", 6, 6),
    ] {
        assert_eq!(
            (count_chars(text), count_words(text)),
            (chars, words),
            "{text}"
        );
    }
}
