//! The pages of the demonstration plant.

pub(super) mod links;
mod sums;
mod texts;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{TimeDelta, Utc};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::super::pages::walk::Walk;
use super::super::pages::{Page, Visitor, downloads, figures, forms, html};

/// The pages that were drawn so far, by language and address: most say several things.
struct Drawn<'a> {
    visitor: &'a Visitor,
    pages: HashMap<(&'static str, &'static str), Page>,
}

impl Drawn<'_> {
    async fn page(&mut self, language: &'static str, path: &'static str) -> &Page {
        match self.pages.entry((language, path)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.visitor.in_language(path, language).await),
        }
    }
}

/// Every page says what it is for in both languages, and its figures add up.
pub(super) async fn look(visitor: &Visitor) {
    founded(visitor).await;
    let (mut wrong, mut drawn) = (Vec::new(), Drawn { visitor, pages: HashMap::new() });
    for &(path, english, german) in texts::HEADLINES {
        for (language, headline) in [("en", english), ("de", german)] {
            let answer = drawn.page(language, path).await;
            let said = html::element(&answer.text, "h1").unwrap_or_default();
            forms::acts(path, &answer.text, &mut wrong);
            if language == "en" {
                wrong.extend(downloads::faults(visitor, path, &answer.text).await);
            }
            if answer.status != 200 || !said.contains(headline) {
                wrong.push(format!("{path}: {} “{said}” is not “{headline}”", answer.status));
            }
        }
    }
    for &(path, said) in texts::SAYS {
        says(&mut wrong, path, &drawn.page("en", path).await.text, said);
    }
    for &(path, said) in texts::SAYS_IN_GERMAN {
        says(&mut wrong, path, &drawn.page("de", path).await.text, said);
    }
    for &(path, headline) in texts::NOT_FOUND {
        let answer = drawn.page("en", path).await;
        let main = answer.text.split("<main").nth(1).unwrap_or_default();
        let said = html::element(main, "h1").unwrap_or_default();
        let main = main.split("</main>").next().unwrap_or_default();
        if answer.status != 404 || !said.contains(headline) || !main.contains("<a ") {
            wrong.push(format!("{path}: {} “{said}” is not “{headline}”", answer.status));
        }
    }
    for &(path, part, count) in texts::COUNTS {
        let found = drawn.page("en", path).await.text.matches(part).count();
        if found != count {
            wrong.push(format!("{path}: {found} times {part}, not {count}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    sums::add_up(visitor).await;
    odd_requests(visitor).await;
}

/// Pages, list and report say the same of a week and of the last month, diesel in money among it.
pub(super) async fn agree(visitor: &Visitor) {
    let today = Utc::now().date_naive();
    let day = |before: i64| today - TimeDelta::days(before);
    let week = figures::of_period(&format!("period=custom&from={}&to={}", day(8), day(2)));
    let shared = [("loss.kwh", 3), ("loss.percent", 3), ("coverage", 4), ("energy.in", 2)];
    figures::agree(visitor, &week, &shared).await;
    let month = figures::of_month(figures::last_month());
    let shared = [
        ("loss.kwh", 4),
        ("loss.percent", 4),
        ("loss.saving", 4),
        ("coverage", 5),
        ("energy.in", 3),
        ("carbon.net.kg", 2),
        ("diesel.litres", 2),
        ("diesel.cost", 3),
        ("diesel.cost_per_kwh", 3),
    ];
    figures::agree(visitor, &month, &shared).await;
}

/// Each link of the plant and of the world leads to a page, and a browser alone can send each form.
pub(super) async fn lead_on(visitor: &Visitor) {
    let walk = Walk::from(visitor, &["/", "/?site=world"].map(str::to_owned)).await;
    assert!(walk.wrong.is_empty(), "{}", walk.wrong.join("\n"));
    for path in ["/bills/", "/devices/", "/meters/", "/reports/", "/settings/people", "/simulator"]
    {
        assert!(walk.pages.iter().any(|(seen, _)| seen.starts_with(path)), "no link to {path}");
    }
}

/// Somebody at the machine sees it as its people do; nobody else does.
pub(super) async fn seen_as_others(visitor: &Visitor) {
    visitor.shown("/", "Facility manager").await;
    for (name, home) in [
        ("manager", "/"),
        ("clerk", "/grid?site=world"),
        ("household", "/energy?site=world&meter="),
    ] {
        let page = visitor.get("/").await.text;
        assert!(page.contains(&format!("name=\"as\" value=\"{name}\"")), "{name} is not offered");
        let posted = visitor.post("/look-as", ("accept", "*/*"), &format!("as={name}")).await;
        let [led, cookie] = ["location", "set-cookie"]
            .map(|header| posted.headers()[header].to_str().unwrap().to_owned());
        assert_eq!(posted.status(), 303);
        assert!(led.starts_with(home), "{name}: {led}");
        let cookie = cookie.split(';').next().unwrap();
        assert_eq!(visitor.asked(&led, ("cookie", cookie)).await.status(), 200, "{name}: {led}");
        let me = visitor.asked("/api/me", ("cookie", cookie)).await;
        assert!(me.text().await.unwrap().contains(&format!("\"name\":\"{name}\"")));
    }
    for (header, value, expected) in [
        ("origin", "http://evil.example", 403),
        ("x-real-ip", "203.0.113.7", 303),
        ("sec-fetch-site", "cross-site", 303),
    ] {
        let posted = visitor.post("/look-as", (header, value), "as=clerk").await;
        assert_eq!(posted.status(), expected, "{header}");
        assert!(posted.headers().get("set-cookie").is_none(), "{header}");
    }
}

fn says(wrong: &mut Vec<String>, path: &str, page: &str, said: &str) {
    if !html::words(page).contains(said) {
        wrong.push(format!("{path} does not say “{said}”"));
    }
}

/// Waits until the transformers of the neighbourhood are there.
async fn founded(visitor: &Visitor) {
    visitor.shown("/grid?lat=37.7586&lon=-122.4148&consumption=1", "Feasible at").await;
}

/// Addresses that no person writes.
async fn odd_requests(visitor: &Visitor) {
    let long = visitor.get(&format!("/find?q={}", "x".repeat(5_000))).await;
    assert_eq!(long.status, 200);
    assert!(html::words(&long.text).contains("No name has 5000 letters"));
    let series = |count: usize| {
        let one = |i| format!("{}.{}", i % 92 + 1, if i % 2 == 0 { "energy" } else { "power" });
        format!("/history?series={}", (0..count).map(one).collect::<Vec<_>>().join("_"))
    };
    let all = status(visitor, &series(10_000)).await;
    assert!(["200", "414", "431"].contains(&all.as_str()), "{all}");
    let some = visitor.get(&series(400)).await;
    assert!(html::words(&some.text).contains("at most"), "400 series are cut short");
}

/// The status of an address that is longer than clients send.
async fn status(visitor: &Visitor, path: &str) -> String {
    let host = visitor.program.address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}
