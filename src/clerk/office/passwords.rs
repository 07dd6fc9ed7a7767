//! Passwords (密码): which are taken, and how they are kept.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::clerk::error::ClerkError;
use crate::clerk::office::common_passwords::is_common;
use crate::clerk::office::secrets::random;

/// Fewest characters of a password (NIST SP 800-63B asks for 8 at least).
const SHORTEST: usize = 10;
/// Most bytes of a password, so that hashing cannot be made long.
const LONGEST_PASSWORD: usize = 256;

pub(super) fn good_password(name: &str, password: &str) -> Result<(), ClerkError> {
    let count = password.chars().count();
    let mut kinds: Vec<char> = password.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if count < SHORTEST || password.len() > LONGEST_PASSWORD || kinds.len() < 5 {
        return Err(ClerkError::Refused(format!(
            "密码至少 {SHORTEST} 个字符，其中至少 5 种不同的字符，不超过 {LONGEST_PASSWORD} 字节。"
        )));
    }
    if is_common(password) {
        return Err(ClerkError::refused(
            "这个密码太常见，猜密码的人最先试它。请换一个。",
        ));
    }
    if password.to_lowercase().contains(&name.to_lowercase()) {
        return Err(ClerkError::refused("密码中不要含有账号名。"));
    }
    Ok(())
}

/// As much of a password as is hashed.
pub(super) fn cut(password: &str) -> &str {
    match password.get(..LONGEST_PASSWORD) {
        Some(start) => start,
        None if password.len() > LONGEST_PASSWORD => "",
        None => password,
    }
}

/// argon2id with 19 MiB, 2 passes, 1 lane (OWASP's first recommendation), and a salt of its own.
pub(super) fn hash(password: &str) -> Result<String, ClerkError> {
    let mut salt = [0; 16];
    random(&mut salt)?;
    let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    let unkept = |e| ClerkError::Bug(format!("密码无法保存：{e}"));
    Ok(hashed.map_err(unkept)?.to_string())
}

pub(super) fn matches(password: &str, hash: &str) -> bool {
    // one that is too long takes as long as any other
    let verified = Argon2::default().verify_password(cut(password).as_bytes(), hash);
    password.len() <= LONGEST_PASSWORD && verified.is_ok()
}
