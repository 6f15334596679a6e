//! Documentation that must be there: each file says what it is about, each public type or function what it is for.
//!
//! The compiler's own lint asks for words at every field, too, where they would say its name once more.

use std::path::Path;

use anyhow::Result;

use crate::files;

/// Items that need a doc comment where they stand by themselves and not within a type.
const ITEMS: [&str; 7] = [
    "pub fn ",
    "pub async fn ",
    "pub const fn ",
    "pub struct ",
    "pub enum ",
    "pub trait ",
    "pub type ",
];
/// The crate of texts, which explain themselves.
const TEXTS: &str = "crates/texts";

/// Returns the faults of a folder, each with what to do.
pub(super) fn faults(root: &Path, folder: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    if folder.starts_with(root.join(TEXTS)) {
        return Ok(faults);
    }
    for file in files::below(&folder.join("src"))? {
        if file.extension().is_some_and(|ending| ending == "rs") {
            let name = file.strip_prefix(root)?.display().to_string();
            faults.extend(unsaid(&name, &String::from_utf8(files::read(&file)?)?));
        }
    }
    Ok(faults)
}

fn unsaid(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let is_test = name.ends_with("tests.rs") || name.contains("/tests/");
    if !is_test && !text.starts_with("//!") {
        faults.push(format!("{name}: begin it with what it is about, in a line with //!"));
    }
    let (mut is_said, mut is_within) = (false, false);
    for (n, line) in text.lines().enumerate() {
        let is_item = ITEMS.iter().any(|item| line.starts_with(item));
        if is_item && !is_said && !is_test {
            faults.push(format!("{name}:{}: say above it what it is for, with ///", n + 1));
        }
        // An attribute stands between a comment and what it is about, over several lines at times.
        is_within = (is_within || line.starts_with("#[")) && !line.ends_with(']');
        is_said = line.starts_with("///") || is_said && (is_within || line.ends_with(']'));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_a_public_item_without_words_are_named() {
        let said = "//! Meters.\n\n/// A meter.\n#[derive(\n    Debug,\n)]\npub struct Meter {\n    pub name: String,\n}\n";
        assert!(unsaid("a.rs", said).is_empty());
        assert_eq!(unsaid("a.rs", "pub fn meter() {}\n").len(), 2);
        assert_eq!(unsaid("a.rs", "//! A.\n\n/// B.\nstruct B;\npub fn c() {}\n").len(), 1);
        assert!(unsaid("a/tests.rs", "pub fn meter() {}\n").is_empty());
    }
}
