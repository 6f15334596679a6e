//! Forms as a browser sends them that runs no script, and the page that follows.

pub(super) mod drawn;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{TimeDelta, Utc};
use reqwest::{Method, Response};
use serde_json::json;
use service::vault::{KEY_FILE, Vault};
use sqlx::PgPool;

use super::{Visitor, html};

/// The acts of a page, with the tags that send them.
fn tags(page: &str) -> impl Iterator<Item = (&str, &str)> {
    let tags = page.split('<').filter_map(|part| part.split_once('>').map(|(tag, _)| tag));
    tags.filter_map(|tag| Some((value(tag, "data-act")?, tag)))
}

/// An attribute of a tag, as it is written.
pub(super) fn value<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// The acts of a page; in `wrong` stands which of them a browser alone cannot send.
pub(crate) fn acts(path: &str, page: &str, wrong: &mut Vec<String>) -> BTreeSet<String> {
    let of_page = |(act, tag): (&str, &str)| {
        let of = if tag.starts_with("form") { "" } else { "form" };
        let is = |name: &str, wanted: &str| value(tag, &format!("{of}{name}")) == Some(wanted);
        let action = value(tag, &format!("{of}action")).unwrap_or_default();
        let place = path.split('?').next().unwrap_or_default();
        let leads = format!("/act/{act}?next={}", super::encoded(place));
        let on = ["/start", "/sites", "/devices", "/meters"].map(super::encoded);
        let leads_on = on.iter().any(|next| action.contains(&format!("?next={next}")))
            && action.contains("&amp;page=");
        let is_sent = is("method", "post") && is("enctype", "multipart/form-data");
        if !is_sent || !(action.starts_with(&leads) || leads_on) {
            wrong.push(format!("{path}: <{tag}> does nothing without a script"));
        }
        act.to_owned()
    };
    tags(page).map(of_page).collect()
}

/// All that forms of pages do: the names in the crates of pages, and the typed actions.
pub(crate) fn known() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("crates");
    let mut sources = String::new();
    for of in ["pages-energy", "pages-setup", "pages-sites", "pages-utility"] {
        read_acts(&root.join(of).join("src"), &mut sources);
    }
    let arms =
        sources.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" =>"));
    let names = arms.flat_map(|(names, _)| names.split("\" | \"")).map(str::to_owned);
    names.chain(app::ACTIONS.iter().map(|action| action.name.to_owned())).collect()
}

/// The sources of a folder that do what forms say.
fn read_acts(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_acts(&path, into);
        } else if path.ends_with("act.rs") || path.ends_with("lib.rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// Sends the forms of pages as they were drawn, in both languages, one of each kind; answers their acts, and which of
/// them were refused for that.
pub(crate) async fn sent_as_drawn(
    visitor: &Visitor,
    pages: &[(String, String)],
) -> (BTreeSet<String>, Vec<String>) {
    let (mut kinds, mut forms) = (BTreeSet::new(), Vec::new());
    for (path, english) in pages {
        let new: Vec<_> =
            drawn::of_page(english).into_iter().filter(|form| kinds.insert(form.kind())).collect();
        if new.is_empty() {
            continue;
        }
        let these: BTreeSet<_> = new.iter().map(drawn::DrawnForm::kind).collect();
        let german = drawn::of_page(&visitor.in_language(path, "de").await.text);
        let german = german.into_iter().filter(|form| these.contains(&form.kind()));
        forms.extend(new.into_iter().map(|form| ("en", form)));
        forms.extend(german.map(|form| ("de", form.untimed())));
    }
    forms.sort_by_key(|(_, form)| form.removes());
    drawn::send(visitor, forms).await
}

/// Sends a form with headers.
async fn post(
    visitor: &Visitor,
    path: &str,
    fields: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Response {
    let part = |(name, value): &(&str, &str)| {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body: String = fields.iter().map(part).chain(["--X--\r\n".to_owned()]).collect();
    let asked = visitor.client.post(format!("{}{path}", visitor.program.address)).body(body);
    let asked = asked.header("content-type", "multipart/form-data; boundary=X");
    let all = headers.iter().fold(asked, |asked, (name, value)| asked.header(*name, *value));
    all.send().await.unwrap()
}

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

/// Sends a form as a browser does; answers the page that follows, then the same page once more.
pub(super) async fn sent(
    visitor: &Visitor,
    path: &str,
    fields: &[(&str, &str)],
    language: &str,
) -> (String, [String; 2]) {
    let (page, shown) = led(visitor, path, fields, language).await;
    let again = visitor.in_language(&page, language).await.text;
    (page, [shown, again])
}

/// Sends a form as a browser does; answers the address to which it is led.
pub(super) async fn led_by(visitor: &Visitor, path: &str, fields: &[(&str, &str)]) -> String {
    let led = post(visitor, path, fields, &[BROWSER]).await;
    assert_eq!(led.status(), 303, "{path}");
    header(&led, "location")
}

fn header(answer: &Response, name: &str) -> String {
    let value = answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    value.unwrap_or_default()
}

/// The same with the page to which it is led.
async fn led(
    visitor: &Visitor,
    path: &str,
    fields: &[(&str, &str)],
    language: &str,
) -> (String, String) {
    let language = ("accept-language", language);
    let led = post(visitor, path, fields, &[BROWSER, language]).await;
    assert_eq!(led.status(), 303, "{path}");
    let (page, flash) = (header(&led, "location"), header(&led, "set-cookie"));
    assert!(flash.starts_with("wattlens-flash=") && flash.contains("; HttpOnly"), "{flash}");
    let asked = visitor.client.get(format!("{}{page}", visitor.program.address));
    let asked = asked.header("cookie", flash.split(';').next().unwrap());
    let shown = asked.header(language.0, language.1).send().await.unwrap();
    let forgotten = header(&shown, "set-cookie");
    assert!(forgotten.starts_with("wattlens-flash=;"), "shown once: {forgotten}");
    (page, shown.text().await.unwrap())
}

/// The part above the page.
fn said(page: &str) -> &str {
    let (_, said) = page.split_once("<div id=\"sent\">").expect("a place for it");
    said.split_once("<div class=\"sheet\">").map_or(said, |(said, _)| said)
}

/// A cookie that a browser should have forgotten.
async fn an_old_notice_is_not_shown(visitor: &Visitor, page: &str) {
    let vault = Vault::open_or_create(&visitor.data_dir().join(KEY_FILE)).unwrap();
    for (seconds, is_shown) in [(0, true), (70, false), (-70, false)] {
        let flash = json!({"form": "x", "outcome": {"Answered": "Done long ago."}});
        let kept = json!({"at": Utc::now() - TimeDelta::seconds(seconds), "flash": flash});
        let cookie = format!("wattlens-flash={}", vault.seal(&kept.to_string()));
        let shown = visitor.asked(page, ("cookie", cookie.as_str())).await.text().await.unwrap();
        assert_eq!(shown.contains("Done long ago."), is_shown, "after {seconds} s");
    }
}

#[sqlx::test(migrations = false)]
async fn a_browser_without_a_script_is_led_back_to_what_its_form_did(pool: PgPool) {
    let visitor = Visitor::start(&pool);
    let meter = json!({"name": "<b>Main", "location": "here", "meterType": "grid",
        "protocol": "mqtt", "communication": {"topicPower": "moving/power"}});
    let made = visitor.done(Method::POST, "/api/energy-meters", &meter).await;
    let id = made["id"].as_str().unwrap().trim_start_matches("meter_").to_owned();
    let page = format!("/devices/{id}");
    visitor.shown(&page, "Switch off").await;
    let off = format!("/act/device-switch?next={page}");

    let (led, [shown, again]) =
        sent(&visitor, &off, &[("meter", &id), ("on", "false")], "en").await;
    assert_eq!(led, page);
    let notice = said(&shown);
    let is_done = "<div class=\"form-done\" role=\"status\">";
    assert!(notice.starts_with(is_done), "{notice}");
    assert!(!again.contains(is_done) && html::words(&again).contains("Switch on"));
    // It can be undone.
    let (act, tag) = tags(notice).next().unwrap();
    assert_eq!(act, "device-switch");
    let undo = value(tag, "action").unwrap().replace("&amp;", "&");
    let (led, [shown, _]) = sent(&visitor, &undo, &[("meter", &id), ("on", "true")], "de").await;
    assert_eq!(led, page);
    assert!(html::words(said(&shown)).contains("Das Gerät ist eingeschaltet"), "{}", said(&shown));

    let (led, [shown, again]) = sent(&visitor, &off, &[("meter", &id)], "en").await;
    assert_eq!(led, page);
    let refused = "<p class=\"refused\" role=\"alert\">";
    assert!(said(&shown).starts_with(refused), "{}", said(&shown));
    assert!(!again.contains(refused));

    // A form that leads on leads back where it is refused, and what is said of what was typed is no markup.
    let site = "/act/site-add?next=/sites&page=/sites/new";
    let (led, [shown, _]) = sent(&visitor, site, &[("name", "X"), ("timeZone", "<b>")], "en").await;
    assert_eq!(led, "/sites/new");
    assert!(said(&shown).contains(refused) && !shown.contains("<b>"), "{}", said(&shown));

    // A notice that was cut off, or that another installation sealed, is no notice.
    let other = Vault::random().seal("{\"form\":\"x\"}");
    for cookie in [
        "wattlens-flash=",
        &format!("wattlens-flash={}", &other[..20]),
        &format!("wattlens-flash={other}"),
    ] {
        let plain = visitor.asked(&page, ("cookie", cookie)).await;
        assert_eq!(plain.status(), 200);
        assert!(!plain.text().await.unwrap().contains(is_done));
    }
    an_old_notice_is_not_shown(&visitor, &page).await;
    // A name that is far too long is refused, and nothing was done.
    let long = "x".repeat(1 << 20);
    let sites = visitor.get("/api/sites").await.text;
    let (_, [shown, _]) = sent(&visitor, site, &[("name", &long), ("timeZone", "UTC")], "en").await;
    assert!(said(&shown).contains(refused), "{}", said(&shown));
    assert_eq!(visitor.get("/api/sites").await.text, sites);

    // The same form from the same page is done once, however often it is sent.
    let new_site = async || {
        let page = visitor.get("/sites/new").await.text;
        let add = tags(&page).find(|(act, _)| *act == "site-add");
        add.and_then(|(_, tag)| value(tag, "action")).unwrap().replace("&amp;", "&")
    };
    let mill = [("name", "Mill"), ("timeZone", "Europe/Berlin"), ("currency", "EUR")];
    let action = new_site().await;
    let (one, two) =
        tokio::join!(sent(&visitor, &action, &mill, "en"), sent(&visitor, &action, &mill, "en"));
    assert_eq!((one.0.as_str(), one.0.as_str()), (two.0.as_str(), "/sites"));
    assert_eq!(said(&one.1[0]), said(&two.1[0]));
    assert!(said(&one.1[0]).starts_with(is_done), "{}", said(&one.1[0]));
    let (_, [shown, _]) = sent(&visitor, &new_site().await, &mill, "en").await;
    assert!(said(&shown).contains(refused), "from another page it is another form");
    // From a page that an earlier program drew nobody knows whether it was done.
    let (path, _) = action.rsplit_once("&sent=").unwrap();
    let windmill = [("name", "Windmill"), ("timeZone", "Europe/Berlin"), ("currency", "EUR")];
    let (led, [shown, _]) = sent(&visitor, &format!("{path}&sent=1"), &windmill, "en").await;
    assert!(led.starts_with("/sites/new") && said(&shown).contains("was restarted"), "{led}");
    assert!(shown.contains("value=\"Windmill\""), "what was typed stays");

    // So is a form that the script of a page sends.
    let action = new_site().await;
    let weir = [("name", "Weir"), ("timeZone", "Europe/Berlin"), ("currency", "EUR")];
    for _ in 0..2 {
        assert_eq!(post(&visitor, &action, &weir, &[]).await.status(), 200);
    }
    assert_eq!(post(&visitor, &new_site().await, &weir, &[]).await.status(), 422);

    // Programs read what is wrong.
    let program = post(&visitor, &off, &[("meter", &id)], &[]).await;
    assert_eq!(program.status(), 422);
    assert!(program.headers().get("set-cookie").is_none());
    let outside = post(&visitor, "/act/site-add?page=//x.example", &[], &[BROWSER]).await;
    assert_eq!(outside.status(), 422);
}
