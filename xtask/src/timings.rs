//! How long steps, test binaries and tests took: printed, and written to `target/timings.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::files;
use crate::progress::spoken;
use crate::workspace::Workspace;

/// How many of the slowest tests are printed.
const SLOWEST: usize = 50;

/// The report that Playwright writes.
pub(crate) fn browser_report(workspace: &Workspace) -> PathBuf {
    workspace.target.join("timings/browser.json")
}

/// The folder in which nextest keeps what it writes: a `junit.xml` for each of its profiles.
pub(crate) fn rust_reports(workspace: &Workspace) -> PathBuf {
    workspace.target.join("nextest")
}

/// Removes the reports of an earlier run.
pub(crate) fn clear(workspace: &Workspace) -> Result<()> {
    files::remove_folder(&workspace.target.join("timings"))?;
    files::remove_folder(&rust_reports(workspace))
}

/// One test, with the binary or the file that it is in.
#[derive(Debug, PartialEq)]
struct Test {
    group: String,
    name: String,
    seconds: f64,
}

/// Prints a table of steps, test binaries and the slowest tests, and writes all of them as JSON.
pub(crate) fn report(workspace: &Workspace, steps: &[(&str, Duration)]) -> Result<()> {
    let mut tests = Vec::new();
    for file in files::below(&rust_reports(workspace))? {
        if file.file_name().is_some_and(|name| name == "junit.xml") {
            tests.extend(rust_tests(&fs::read_to_string(&file)?)?);
        }
    }
    if let Ok(text) = fs::read(browser_report(workspace)) {
        browser_tests(&serde_json::from_slice(&text)?, &mut tests);
    }
    tests.sort_by(|one, other| other.seconds.total_cmp(&one.seconds));

    let mut groups: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
    for test in &tests {
        let group = groups.entry(&test.group).or_default();
        *group = (group.0 + 1, group.1 + test.seconds);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(_, one), (_, other)| other.1.total_cmp(&one.1));

    println!("\n{:<50} {:>6} {:>12}", "test binary or file", "tests", "seconds");
    for (group, (count, seconds)) in &groups {
        println!("{group:<50} {count:>6} {seconds:>12.1}");
    }
    println!("\nthe slowest tests");
    for Test { group, name, seconds } in tests.iter().take(SLOWEST) {
        println!("{seconds:>8.1} s  {group}: {name}");
    }
    let whole = json!({
        "steps": steps.iter().map(|(name, took)| json!({"name": name, "seconds": took.as_secs_f64()})).collect::<Vec<_>>(),
        "groups": groups.iter().map(|(name, (tests, seconds))| json!({"name": name, "tests": tests, "seconds": seconds})).collect::<Vec<_>>(),
        "tests": tests.iter().map(|test| json!({"group": test.group, "name": test.name, "seconds": test.seconds})).collect::<Vec<_>>(),
    });
    let file = workspace.target.join("timings.json");
    files::write(&file, serde_json::to_string_pretty(&whole)?)?;
    let all: f64 = tests.iter().map(|test| test.seconds).sum();
    let all = spoken(Duration::from_secs_f64(all));
    println!("\n{} tests took {all} in sum; all of them are in {}", tests.len(), file.display());
    Ok(())
}

/// The tests of a `JUnit` report as nextest writes it: `<testsuite name="domain">` around
/// `<testcase name="…" time="0.003">`.
fn rust_tests(report: &str) -> Result<Vec<Test>> {
    let mut reader = Reader::from_str(report);
    let (mut tests, mut group) = (Vec::new(), String::new());
    loop {
        match reader.read_event().context("reading nextest's JUnit report")? {
            Event::Start(tag) | Event::Empty(tag) => {
                let attribute = |name: &str| -> Result<String> {
                    let found = tag.try_get_attribute(name)?.with_context(|| {
                        format!("nextest's JUnit report has a tag without {name}")
                    })?;
                    Ok(String::from_utf8_lossy(&found.value).into_owned())
                };
                match tag.name().as_ref() {
                    b"testsuite" => group = attribute("name")?,
                    b"testcase" => tests.push(Test {
                        group: group.clone(),
                        name: attribute("name")?,
                        seconds: attribute("time")?.parse()?,
                    }),
                    _ => {}
                }
            }
            Event::Eof => return Ok(tests),
            _ => {}
        }
    }
}

/// The tests of a report as Playwright writes it: suites within suites, with specs and their results.
fn browser_tests(suite: &Value, tests: &mut Vec<Test>) {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    for inner in list(suite, "suites") {
        browser_tests(&inner, tests);
    }
    for spec in list(suite, "specs") {
        let runs = list(&spec, "tests").into_iter().flat_map(|test| list(&test, "results"));
        let milliseconds: f64 = runs.filter_map(|run| run["duration"].as_f64()).sum();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let file = Path::new("end2end").join(text(&spec["file"]));
        tests.push(Test {
            group: file.to_string_lossy().into_owned(),
            name: text(&spec["title"]),
            seconds: milliseconds / 1000.0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(group: &str, name: &str, seconds: f64) -> Test {
        Test { group: group.to_owned(), name: name.to_owned(), seconds }
    }

    #[test]
    fn reads_the_reports_of_both_runners() {
        let report = r#"<?xml version="1.0"?><testsuites name="nextest-run"><testsuite name="domain">
            <testcase name="bills::total" classname="domain" time="0.25"/>
            <testcase name="bills::slab" classname="domain" time="1.5"><failure/></testcase>
            </testsuite></testsuites>"#;
        let expected = [test("domain", "bills::total", 0.25), test("domain", "bills::slab", 1.5)];
        assert_eq!(rust_tests(report).unwrap(), expected);
        assert!(rust_tests("<testsuite>").is_err());

        let report = json!({"suites": [{"file": "tree.spec.ts", "suites": [{"specs": [{
            "title": "scrolls", "file": "tree.spec.ts",
            "tests": [{"results": [{"duration": 400}, {"duration": 600}]}],
        }]}]}]});
        let mut tests = Vec::new();
        browser_tests(&report, &mut tests);
        assert_eq!(tests, [test("end2end/tree.spec.ts", "scrolls", 1.0)]);
    }
}
