//! Coming in by two steps. The codes are computed by Python, the symbol is read by zbar: a telephone would do the same.

use crate::service::{ADMIN, Browser, PASSWORD, Service};
use crate::tools;

/// Seconds of the clock that stands still.
const AT: i64 = 1_622_167_200;

/// The code that a telephone shows so many seconds from the time of the service; none where Python is not installed and need not be.
fn shown_code(secret: &str, later: i64) -> Option<String> {
    let program = "import sys, hmac, base64, struct\n\
        key, at = base64.b32decode(sys.argv[1]), int(sys.argv[2])\n\
        mac = hmac.new(key, struct.pack('>Q', at // 30), 'sha1').digest()\n\
        word = struct.unpack('>I', mac[mac[-1] & 15:][:4])[0] & 0x7fffffff\n\
        print(f'{word % 1000000:06}')";
    let at = (AT + later).to_string();
    let said = tools::says("/usr/bin/python3", &["-c", program, secret, &at])?;
    Some(said.trim().to_owned())
}

/// What is written in the symbol on a page, as zbar reads it.
fn read_symbol(page: &str) -> Option<String> {
    let path = page
        .split("<path d=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let side = page.split("viewBox=\"0 0 ").nth(1).unwrap();
    let side: usize = side.split(' ').next().unwrap().parse().unwrap();
    let mut dark = vec![255u8; side * side];
    for line in path.split('M').skip(1) {
        let (x, rest) = line.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (width, _) = rest.split_once('v').unwrap();
        let [x, y, width] = [x, y, width].map(|n| n.parse::<usize>().unwrap());
        dark[y * side + x..][..width].fill(0);
    }
    let large = 6;
    let mut picture = format!("P5 {0} {0} 255\n", side * large).into_bytes();
    for y in 0..side * large {
        picture.extend((0..side * large).map(|x| dark[y / large * side + x / large]));
    }
    // a folder of its own: several tests read symbols at once
    let folder = crate::folder::Folder::new();
    let file = folder.put("symbol.pgm", &picture);
    tools::says("zbarimg", &["-q", "--raw", file.to_str().unwrap()])
}

fn log_in(service: &Service, name: &str, code: &str) -> (u16, String) {
    let mut browser = service.browser();
    let fields = [("name", name), ("password", PASSWORD), ("code", code)];
    let answer = browser.post("/login", &fields);
    (answer.status, answer.text)
}

/// Sets a browser's account up for two steps; gives the secret and the recovery codes.
fn enrol(browser: &mut Browser) -> Option<(String, Vec<String>)> {
    let begun = browser.post("/second/begin", &[("password", PASSWORD)]);
    assert_eq!(begun.status, 200, "{}", begun.text);
    let secret = begun
        .between("<code class=\"secret\">", "</code>")
        .replace(' ', "");
    let written = read_symbol(&begun.text)?;
    assert!(written.starts_with("otpauth://totp/sanlian:"), "{written}");
    assert!(
        written.contains(&format!("?secret={secret}&issuer=sanlian")),
        "{written}"
    );
    let wrong = browser.post("/second/confirm", &[("code", "000000")]);
    assert!(
        wrong.status == 422 && wrong.text.contains("没有开通"),
        "{}",
        wrong.text
    );
    let first = shown_code(&secret, -30)?;
    let on = browser.post("/second/confirm", &[("code", &first)]);
    assert_eq!(on.status, 200, "{}", on.text);
    let codes: Vec<String> = on
        .text
        .split("<li><code class=\"secret\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 8, "{}", on.text);
    Some((secret, codes))
}

#[test]
fn a_code_is_asked_for_and_holds_once() {
    let (service, mut admin) = Service::settled("web-second");
    admin.get("/second");
    let bad = admin.post("/second/begin", &[("password", "not the password")]);
    assert_eq!(bad.status, 422, "an open browser is not enough");
    let Some((secret, codes)) = enrol(&mut admin) else {
        return;
    };
    let (status, page) = log_in(&service, ADMIN, "");
    assert!(status == 422 && page.contains("请再输入密码"), "{page}");
    assert!(page.contains("autocomplete=\"one-time-code\""), "{page}");
    let code = |later| shown_code(&secret, later).unwrap();
    assert_eq!(
        log_in(&service, ADMIN, &code(-30)).0,
        422,
        "it confirmed the enrolment"
    );
    assert_eq!(log_in(&service, ADMIN, &code(90)).0, 422, "too early");
    // full-width digits and a space, as an input method leaves them
    let now: String = code(0)
        .chars()
        .map(|c| char::from_u32(c as u32 + 0xfee0).unwrap())
        .collect();
    assert_eq!(
        log_in(&service, ADMIN, &format!("{} {}", &now[..9], &now[9..])).0,
        303
    );
    assert_eq!(log_in(&service, ADMIN, &code(0)).0, 422, "used before");
    assert_eq!(log_in(&service, ADMIN, &code(30)).0, 303);
    assert_eq!(log_in(&service, ADMIN, &codes[3]).0, 303, "a recovery code");
    assert_eq!(log_in(&service, ADMIN, &codes[3]).0, 422, "it is used up");
    assert_eq!(log_in(&service, ADMIN, &codes[4].to_uppercase()).0, 303);
    let left = admin.get("/second");
    assert!(left.text.contains("还有 6 个恢复码"), "{}", left.text);
    // neither the secret nor a recovery code lies open in the data
    let ledger = crate::postgres::bytes_of_ledger(&service.dir.join("data"));
    for word in [secret.as_str(), codes[0].as_str()] {
        assert!(
            !ledger.windows(word.len()).any(|w| w == word.as_bytes()),
            "{word}"
        );
    }
    let log = admin.get("/admin/log").text;
    assert!(
        log.contains("开通两步验证") && log.contains("用去一个恢复码"),
        "{log}"
    );
}

#[test]
fn a_guessed_code_counts_as_a_wrong_password_does() {
    let (service, mut admin) = Service::settled("web-second-guess");
    admin.get("/second");
    let Some((_, codes)) = enrol(&mut admin) else {
        return;
    };
    for _ in 0..5 {
        log_in(&service, ADMIN, "123456");
    }
    let (_, page) = log_in(&service, ADMIN, &codes[0]);
    assert!(page.contains("试得太多"), "{page}");
}

#[test]
fn who_loses_the_telephone_is_helped_by_an_administrator() {
    let (service, mut admin) = Service::settled("web-second-lost");
    let mut clerk = service.member(&mut admin, "收件员丙", "clerk", "");
    clerk.get("/second");
    let Some((_, _)) = enrol(&mut clerk) else {
        return;
    };
    let again = clerk.post("/second/begin", &[("password", PASSWORD)]);
    assert!(
        again.status == 422 && again.text.contains("先取消再开通"),
        "{}",
        again.text
    );
    let accounts = admin.get("/admin/accounts");
    assert!(
        accounts.text.contains("取消 收件员丙 的两步验证"),
        "{}",
        accounts.text
    );
    let row = accounts.text.find("取消 收件员丙 的两步验证").unwrap();
    let number = accounts.text[..row]
        .rsplit("name=\"no\" value=\"")
        .next()
        .unwrap();
    let number = number.split('"').next().unwrap().to_owned();
    let refused = clerk.post("/admin/accounts/lift", &[("no", &number)]);
    assert_eq!(refused.status, 403);
    let lifted = admin.post("/admin/accounts/lift", &[("no", &number)]);
    assert_eq!(lifted.status, 200, "{}", lifted.text);
    assert!(!lifted.text.contains("取消 收件员丙 的两步验证"));
    assert_eq!(log_in(&service, "收件员丙", "").0, 303);
    let log = admin.get("/admin/log").text;
    assert!(log.contains("取消两步验证"), "{log}");
}

#[test]
fn a_changed_password_keeps_the_second_step_and_the_owner_can_give_it_up() {
    let (service, mut admin) = Service::settled("web-second-password");
    admin.get("/second");
    let Some((secret, _)) = enrol(&mut admin) else {
        return;
    };
    let fresh = "another horse 43";
    let fields = [("old", PASSWORD), ("password", fresh), ("again", fresh)];
    let changed = admin.post("/password", &fields);
    assert_eq!(changed.status, 303, "{}", changed.text);
    let mut browser = service.browser();
    let without = browser.post("/login", &[("name", ADMIN), ("password", fresh)]);
    assert_eq!(without.status, 422);
    let code = shown_code(&secret, 0).unwrap();
    let with = browser.post(
        "/login",
        &[("name", ADMIN), ("password", fresh), ("code", &code)],
    );
    assert_eq!(with.status, 303);
    browser.get("/second");
    let bad = browser.post("/second/drop", &[("password", PASSWORD)]);
    assert_eq!(bad.status, 422, "the old password");
    let gone = browser.post("/second/drop", &[("password", fresh)]);
    assert!(
        gone.status == 200 && gone.text.contains("开通"),
        "{}",
        gone.text
    );
    let without = service
        .browser()
        .post("/login", &[("name", ADMIN), ("password", fresh)]);
    assert_eq!(without.status, 303);
}
