//! Passwords that are too easy to guess.

use super::refusal::AccountRefusal;

/// Characters of a password.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=200;

/// Different characters that it has at least.
const DIFFERENT: usize = 5;

/// Common passwords of twelve characters and more, as small letters and digits.
const COMMON: [&str; 48] = [
    "123456789abc",
    "1234567890ab",
    "123456789012",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abc123456789",
    "abcd12345678",
    "abcdefghijkl",
    "abcdefghijklm",
    "adminadmin12",
    "administrator",
    "administrator1",
    "changeme1234",
    "changemenow1",
    "correcthorse",
    "correcthorsebatterystaple",
    "enterpassword",
    "iloveyou1234",
    "jesuschrist1",
    "letmein12345",
    "letmeinplease",
    "manchesterunited",
    "mypassword12",
    "mypassword123",
    "newpassword1",
    "newpassword123",
    "password1234",
    "password12345",
    "password123456",
    "password2024",
    "password2025",
    "password2026",
    "passwordpassword",
    "passw0rd1234",
    "p4ssw0rd1234",
    "qazwsxedcrfv",
    "qwerty123456",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdf",
    "qwertyuiopasdfghjkl",
    "secret123456",
    "superpassword",
    "testpassword",
    "trustno1trustno1",
    "welcome12345",
    "welcome123456",
    "zaq12wsxcde3",
];

/// Refuses a password that is too short, too long, or among the first that anybody would try for an account.
///
/// # Errors
/// Says which.
pub fn check(password: &str, name: &str) -> Result<(), AccountRefusal> {
    let length = password.chars().count();
    if !LENGTH.contains(&length) {
        return Err(AccountRefusal::PasswordLength { least: *LENGTH.start(), most: *LENGTH.end() });
    }
    let plain: String =
        password.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    let is_name =
        !name.is_empty() && plain.trim_matches(|c: char| c.is_ascii_digit()) == letters(name);
    if different.len() < DIFFERENT || is_name || COMMON.contains(&plain.as_str()) || is_row(&plain)
    {
        return Err(AccountRefusal::PasswordCommon);
    }
    Ok(())
}

fn letters(name: &str) -> String {
    name.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect()
}

/// Whether each character follows the one before it, or a few of them come again and again.
fn is_row(plain: &str) -> bool {
    let bytes = plain.as_bytes();
    let by = |step: i16| {
        bytes.windows(2).all(|pair| match pair {
            [one, next] => i16::from(*next) - i16::from(*one) == step,
            _ => false,
        })
    };
    let again =
        |unit: usize| bytes.iter().zip(bytes.iter().skip(unit)).all(|(one, next)| one == next);
    bytes.len() > 6 && (by(1) || by(-1) || (1..=6).any(again))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_anybody_would_try_first_is_refused() {
        for password in [
            "Password1234",
            "aaaaaaaaaaaa",
            "abcabcabcabcabc",
            "123412341234",
            "abcdefghijklmn",
            "asha.rao.1234567",
            "Change-Me-1234",
            "elevenchars",
        ] {
            assert!(check(password, "asha.rao").is_err(), "{password}");
        }
        for password in ["turbine lamp 4 river", "Gx7!pQ2#mm9z", "पवनचक्की नीला दीया नदी"]
        {
            check(password, "asha.rao").unwrap();
        }
        assert!(check(&"xy12z".repeat(1_000), "asha").is_err());
    }
}
