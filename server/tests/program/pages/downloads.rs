//! Every table and every chart of a page has files, and the files can be had.

use std::collections::BTreeSet;

use super::{Visitor, html};

/// Tables and charts without files: the beginning of their address, their class, and the reason. Without a class, all
/// of such a page.
const WITHOUT: &[(&str, &str, &str)] = &[
    ("", "tree", "a menu with live figures: below the flow of energy is a file of all meters"),
    ("", "heat", "a picture of the table below it, which has one"),
    ("", "plot-two", "the chart of history: its files stand below the marks"),
    ("", "history-legend", "the legend of the chart, which its picture has"),
    ("", "channels", "the newest values: the raw rows of the meter have them"),
    ("", "phase-values", "the same of the meter that is selected"),
    ("", "alarm-rules", "settings"),
    ("", "report-schedules", "settings"),
    ("", "set-aside", "work that waits to be tried again"),
    ("/settings", "", "settings: they are exported as one document"),
    ("/devices/", "device-facts", "settings of a device, and what it says now"),
    ("/devices/", "device-history", "states since the program started, beside what it says now"),
    ("/devices/", "device-messages", "the last ten messages that could not be read"),
    ("/devices/", "device-list", "profiles to choose from, newest values, and what an import does"),
    ("/devices/", "device-rows", "fields of a form"),
    ("/devices/", "device-orders", "the answer to one trial read"),
    ("/devices/", "device-raw", "the same"),
    ("/grid", "candidates", "a question about one place of the map"),
    ("/grid", "grid-sums", "the same"),
    ("/bills/", "bill-quarters", "the lines of a bill: its own CSV has them"),
    ("/bills/", "bill-registers", "the same"),
    ("/simulator", "", "no meters, but a game with them"),
];

/// Tables and charts of a page that have no files, and files of it that cannot be had.
pub(crate) async fn faults(visitor: &Visitor, path: &str, page: &str) -> Vec<String> {
    let mut faults = lacking(path, page);
    let mut known = BTreeSet::new();
    for address in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let address = html::decoded(address);
        let Some((_, file)) = address.split_once("file=") else { continue };
        let is_picture = match file.rsplit_once('.') {
            Some((_, "svg")) => true,
            Some((_, "csv")) => false,
            _ => continue,
        };
        if !known.insert(address.clone()) {
            faults.push(format!("{path} offers {file} twice"));
        }
        let written = visitor.get(&address).await;
        let begin = if is_picture { "<svg " } else { "\u{feff}" };
        if written.status != 200 || !written.text.starts_with(begin) {
            faults.push(format!("{address}: {}", written.status));
        }
        // A picture has no style sheet.
        if is_picture && written.text.contains(" class=\"") {
            faults.push(format!("{address} has a class: {}", written.text));
        }
    }
    faults
}

/// Files stand in the section of their table or chart, behind it; a chart may have a table behind it.
fn lacking(path: &str, page: &str) -> Vec<String> {
    let (mut open, mut lacking): (Vec<Vec<String>>, _) = (vec![Vec::new()], Vec::new());
    let here: Vec<_> = WITHOUT.iter().filter(|(place, ..)| path.starts_with(place)).collect();
    for tag in page.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let class = tag.split(" class=\"").nth(1).and_then(|rest| rest.split('"').next());
        let classes: Vec<&str> = class.unwrap_or_default().split(' ').collect();
        if tag.starts_with("section") {
            open.push(Vec::new());
        } else if tag.starts_with("/section") {
            lacking.extend(open.pop().unwrap_or_default());
        }
        let Some(waiting) = open.last_mut() else { continue };
        let is_table = tag.starts_with("table") && classes.contains(&"table");
        let is_chart = tag.starts_with("div") && classes.contains(&"plot");
        if classes.contains(&"downloads") {
            waiting.clear();
        } else if (is_table || is_chart)
            && !here.iter().any(|(_, class, _)| class.is_empty() || classes.contains(class))
        {
            let goes_on = is_table && waiting.last().is_some_and(|tag| tag.starts_with("div"));
            if !goes_on {
                lacking.append(waiting);
            }
            waiting.push(tag.to_owned());
        }
    }
    lacking.extend(open.into_iter().flatten());
    lacking.iter().map(|tag| format!("{path} has no file of <{tag}>")).collect()
}

#[test]
fn what_has_no_files_is_named() {
    let (plot, table) = ("<div class=\"plot\"></div>", "<table class=\"table x\"></table>");
    let files = "<p class=\"downloads\"></p>";
    let count = |page: String| lacking("/", &page).len();
    assert_eq!(count(format!("<section>{plot}{table}{files}</section>")), 0);
    assert_eq!(count(format!("<section>{plot}{table}</section>{files}")), 2);
    assert_eq!(count(format!("{table}{table}{files}")), 1);
    assert_eq!(count(format!("{plot}{files}{table}")), 1);
    assert_eq!(count(format!("<section>{table}<section>{table}</section></section>")), 2);
    assert_eq!(count("<table class=\"table tree\"></table>".to_owned()), 0);
    assert_eq!(lacking("/settings/site", table), [""; 0]);
    let facts = "<table class=\"table device-facts\"></table>";
    for (path, table, count) in [
        ("/devices/7", facts, 0),
        ("/devices/7", table, 1),
        ("/devices", facts, 1),
        ("/grid", table, 1),
        ("/bills/7", plot, 1),
    ] {
        assert_eq!(lacking(path, table).len(), count, "{path} {table}");
    }
}
