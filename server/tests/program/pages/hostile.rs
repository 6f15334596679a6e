//! Words with markup in them are words on every page, and secrets are on none.

mod installation;
mod offers;

use sqlx::PgPool;

use super::walk::Walk;
use super::{Visitor, downloads, encoded, forms, html};
use installation::{HOSTILE, Installation, SECRET};

/// Pages with what was called so; those that have one of its names on them.
const NAMED: &[&str] = &[
    "/",
    "/?period=week&compare=previous",
    "/losses?compare=previous",
    "/meters",
    "/meters?view=heatmap",
    "/meters?meter=MAIN",
    "/meters/MAIN",
    "/meters/LOAD/registers",
    "/meters/LOAD/corrections",
    "/meters/MAIN/children",
    "/meters/LOAD/raw",
    "/meters/LOAD/delete",
    "/meters/MAIN/delete",
    "/losses",
    "/losses?by=area",
    "/losses?by=trend",
    "/carbon",
    "/history?series=MAIN.power_LOAD.energy",
    "/reports",
    "/alarms",
    "/alarms?watch=loss",
    "/devices",
    "/devices/READ",
    "/devices/TOPIC",
    "/devices/new?meter=READ",
    "/loggers",
    "/sites",
    "/start",
    "/find?q=img",
    "/settings",
    "/settings/site",
    "/settings/areas",
    "/settings/meters",
    "/settings/configuration",
];

/// Pages beside them, which may have none.
const OTHERS: &[&str] = &[
    "/meters?view=map",
    "/devices/new?meter=TOPIC",
    "/grid",
    "/connections",
    "/bills",
    "/trades",
    "/energy",
    "/simulator",
    "/help",
    "/sites/new",
    "/devices/import",
];

/// Parameters that pages read of their address, and pages that read them.
const ASKED: &[&str] = &[
    "communication",
    "meterName",
    "url",
    "profile",
    "host",
    "area",
    "q",
    "site",
    "series",
    "period",
];
const READERS: &[&str] = &["/devices/new", "/meters", "/history", "/find", "/losses"];

/// Acts that no page offers here, and why.
const NOT_OFFERED: &[(&str, &str)] = &[
    ("alarm-again", "work that failed again and again"),
    ("cancel-run", "a run over bills that is under way"),
    ("feeds", "days of readings, of which a cause is found: those of the demo"),
    ("move", "the same"),
    ("settings-clock", "a clock that leapt"),
    ("settings-stop", "an import that is under way"),
];

/// Tables for a spreadsheet.
const TABLES: &[&str] = &[
    "/api/Energy/meters/hierarchy?format=csv",
    "/api/devices.csv",
    "/api/history.csv?series=MAIN.power_LOAD.energy",
    "/api/audit?format=csv",
    "/api/alarms?format=csv",
];

#[sqlx::test(migrations = false)]
async fn hostile_words_are_words_and_secrets_are_nowhere(pool: PgPool) {
    let visitor = Visitor::start(&pool);
    let installation = Installation::fill(&visitor).await;
    let mut wrong = Vec::new();
    for path in NAMED.iter().chain(OTHERS) {
        let path_here = installation.path(path);
        let page = visitor.get(&path_here).await;
        if page.status != 200 {
            wrong.push(format!("{path}: {}", page.status));
        }
        if NAMED.contains(path) && !html::words(&page.text).contains(HOSTILE) {
            wrong.push(format!("{path} does not show the words"));
        }
        wrong.extend(faults(path, &page.text));
        wrong.extend(downloads::faults(&visitor, &path_here, &page.text).await);
    }
    for word in [HOSTILE, "</textarea><img src=x onerror=\"window.hostile=1\">"] {
        for name in ASKED {
            for path in READERS {
                let address = format!("{path}?protocol=http&check=1&{name}={}", encoded(word));
                wrong.extend(faults(&address, &visitor.get(&address).await.text));
            }
        }
    }
    for path in TABLES {
        let table = visitor.get(&installation.path(path)).await;
        assert_eq!(table.status, 200, "{path}: {}", table.text);
        let formulas = table.text.split("\r\n").flat_map(|line| line.split(',')).filter(formula);
        wrong.extend(formulas.map(|cell| format!("{path} has the formula {cell}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    each_form_is_sent_as_drawn(&visitor, &installation).await;
}

/// Every form of every page to which a link leads, in each language, by a browser that runs no script.
async fn each_form_is_sent_as_drawn(visitor: &Visitor, installation: &Installation) {
    let mut starts: Vec<_> = ["/", "/?site=world"].map(str::to_owned).into();
    starts.extend(NAMED.iter().chain(OTHERS).map(|path| installation.path(path)));
    starts.extend(offers::add(visitor, installation).await);
    let walk = Walk::from(visitor, &starts).await;
    let (sent, refused) = forms::sent_as_drawn(visitor, &walk.pages).await;
    let mut wrong = [walk.wrong, refused].concat();
    wrong.extend(walk.pages.iter().flat_map(|(path, page)| faults(path, page)));
    wrong.extend(walk.acts.difference(&sent).map(|act| format!("{act} was not sent")));
    let is_known = |act: &&str| NOT_OFFERED.iter().any(|(known, _)| known == act);
    let known = forms::known();
    let missing =
        known.iter().map(String::as_str).filter(|act| !sent.contains(*act) && !is_known(act));
    wrong.extend(missing.map(|act| format!("no page offers {act}")));
    let strange = NOT_OFFERED.iter().filter(|(act, _)| !known.contains(*act));
    wrong.extend(strange.map(|(act, _)| format!("{act} is done by nothing")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Markup that a browser would run, and secrets, on a page.
fn faults(path: &str, page: &str) -> Vec<String> {
    let parts = ["<img src=x", "<script>window.hostile", SECRET];
    let found = parts.into_iter().filter(|part| page.contains(part));
    found.map(|part| format!("{path} has {part} in it")).collect()
}

/// Whether a spreadsheet would compute a cell.
fn formula(cell: &&str) -> bool {
    let mut letters = cell.trim_start_matches('"').trim_start().chars();
    match letters.next() {
        Some('=' | '@') => true,
        Some('+' | '-') => !letters.next().is_some_and(|letter| letter.is_ascii_digit()),
        _ => false,
    }
}
