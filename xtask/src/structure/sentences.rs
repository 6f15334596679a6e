//! Sentences that people read, and the codes of refusals: each is known, and each has a test.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::files;

/// The folder in which sentences are declared, and the list of them from which their words are checked.
const DECLARED: &str = "crates/domain/src";
const LIST: &str = "crates/domain/src/messages.rs";
/// The folders in which refusals are made with their codes.
const REFUSING: [&str; 2] = ["crates/service/src", "server/src"];
/// The folders of tests that are no part of what they test.
const TESTS: [&str; 4] =
    ["crates/api-tests/tests", "crates/service-tests/tests", "server/tests", "end2end/tests"];
/// How tests begin in a file of code.
const WITHIN: &str = "#[cfg(test)]";

/// Returns the faults in the sentences of a workspace, each with what to do.
pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let list = String::from_utf8(files::read(&root.join(LIST))?)?;
    let mut faults = Vec::new();
    for (file, text) in sources(&root.join(DECLARED))? {
        faults.extend(unlisted(&file, &text, &list));
    }
    let (mut codes, mut tests) = (BTreeSet::new(), String::new());
    for folder in REFUSING {
        for (_, text) in sources(&root.join(folder))? {
            let (code, test) = text.split_once(WITHIN).unwrap_or((&text, ""));
            codes.extend(codes_in(code));
            tests.push_str(test);
        }
    }
    for folder in TESTS {
        tests.extend(sources(&root.join(folder))?.into_iter().map(|(_, text)| text));
    }
    faults.extend(untested(&codes, &tests));
    Ok(faults)
}

/// The files of code below a folder, with their text.
fn sources(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for file in files::below(folder)? {
        let ending = file.extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("rs" | "ts")) {
            found.push((file.display().to_string(), String::from_utf8(files::read(&file)?)?));
        }
    }
    Ok(found)
}

/// Enums of sentences that are not in the list, so that nobody asks for their words.
fn unlisted(file: &str, text: &str, list: &str) -> Vec<String> {
    let code = text.split(WITHIN).next().unwrap_or_default();
    let declared = code.lines().filter_map(|line| {
        let (name, group) = line.trim().strip_prefix("pub enum ")?.split_once(' ')?;
        group.starts_with("in \"").then_some(name)
    });
    let missing = declared.filter(|name| !list.contains(&format!("{name}::DECLARED")));
    let said = |name| format!("{file}: add {name}::DECLARED to {LIST}, so that it gets its words");
    missing.map(said).collect()
}

/// How a refusal is made, with its code right behind.
const MADE: [&str; 4] = ["code: ", "::conflict(", "::not_found(", "::refused("];

/// The codes of refusals that stand in a text: `Error::not_found("meter_not_found", …)`.
fn codes_in(text: &str) -> impl Iterator<Item = String> {
    let made = MADE.into_iter().flat_map(|made| text.split(made).skip(1));
    let literals = made.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
    literals.map(str::to_owned)
}

fn untested(codes: &BTreeSet<String>, tests: &str) -> Vec<String> {
    let missing = codes.iter().filter(|code| !tests.contains(code.as_str()));
    let said = |code| format!("no test is refused with the code {code}: write one in {}", TESTS[0]);
    missing.map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_in_no_list_are_named() {
        let text = "messages! {\n    pub enum Trouble in \"trouble\" {\n        TooHot => \"hot\",\n    }\n}\n";
        assert_eq!(unlisted("a.rs", text, "[Other::DECLARED]").len(), 1);
        assert!(unlisted("a.rs", text, "[Trouble::DECLARED]").is_empty());
        assert!(unlisted("a.rs", "pub enum Plain {", "").is_empty());
    }

    #[test]
    fn a_code_that_no_test_sees_is_named() {
        let codes: BTreeSet<_> =
            codes_in(r#"{ code: "no_meter", field: None }, Error::conflict( "no_site", Refusal)"#)
                .collect();
        assert_eq!(codes.len(), 2);
        let faults = untested(&codes, r#"refused(404, "no_meter", None)"#);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains("no_site"));
    }
}
