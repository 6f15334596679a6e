//! Forms of pages, from a browser that runs nothing.

use crate::{Answer, Request, World, one_after_another};

pub(crate) async fn send(world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
    form(path, fields).send(world.address).await
}

pub(crate) fn form(path: &str, fields: &[(&str, &str)]) -> Request {
    let part = |(name, value): &(&str, &str)| {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body: String = fields.iter().map(part).chain(["--X--\r\n".to_owned()]).collect();
    let form = Request::new("POST", path).header("Content-Type", "multipart/form-data; boundary=X");
    form.body(body)
}

pub(crate) const NAMED: [(&str, &str); 5] = [
    ("site", "default"),
    ("name", "Mill"),
    ("timeZone", "Europe/Berlin"),
    ("currency", "EUR"),
    ("pricePerKwh", "0,25"),
];

one_after_another! { forms_of_pages:
    what_is_refused_and_where_no_form_leads, whatever_a_site_is_called_a_browser_is_led_on,
    a_browser_is_led_to_the_page_that_says_what_became_of_it, a_site_without_a_short_name_gets_one, a_file_that_is_refused_leads_back_to_its_form, the_first_step_names_the_site_and_leads_back,
}

async fn the_first_step_names_the_site_and_leads_back(world: &World) {
    let sent = send(world, "/act/site-name?next=/start", &NAMED).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let site = world.get("/api/sites/default").await.data();
    assert_eq!((&site["name"], &site["pricePerKwh"]), (&"Mill".into(), &"0.25".into()));
}

async fn a_site_without_a_short_name_gets_one(world: &World) {
    let mut fields = NAMED.to_vec();
    fields[1] = ("name", "Mühle Süd");
    let sent = send(world, "/act/site-add", &fields[1..]).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert_eq!(world.get("/api/sites/muehle-sued").await.json()["data"]["name"], "Mühle Süd");
    send(world, "/act/site-add", &fields[1..]).await.refused(409, "slug_taken", Some("slug"));
}

async fn what_is_refused_and_where_no_form_leads(world: &World) {
    for next in
        ["//elsewhere.example", "/%5Celsewhere.example", "https://elsewhere.example", "/%0A"]
    {
        let path = format!("/act/site-name?next={next}");
        send(world, &path, &NAMED).await.invalid("next");
    }
    let site = world.get("/api/sites/default").await.data();
    assert_eq!(site["name"], "Default site", "nothing was done");
    let mut fields = NAMED.to_vec();
    fields[2] = ("timeZone", "Mars/Olympus");
    let refused = send(world, "/act/site-name", &fields).await;
    refused.invalid("timeZone");
    send(world, "/act/nothing", &NAMED).await.invalid("act");
    // A page of another version may have other fields.
    send(world, "/act/trade", &[("site", "default"), ("amount", "1")]).await.invalid("act");
    let json = Request::new("POST", "/act/site-name").json(&serde_json::json!({}));
    json.send(world.address).await.refused(415, "unsupported_media_type", None);
}

async fn whatever_a_site_is_called_a_browser_is_led_on(world: &World) {
    for (site, leads) in [("default", "&site=default"), ("a%0C%C3%9D%26b", "&site=a%0C%C3%9D%26b")]
    {
        let path = format!("/api/configuration/staged?site={site}");
        let sent = send(world, &path, &[("document", "no document")]).await;
        let page = format!("/settings/configuration?unreadable=1{leads}");
        assert_eq!((sent.status, sent.headers["location"].as_str()), (303, page.as_str()));
    }
}

async fn a_browser_is_led_to_the_page_that_says_what_became_of_it(world: &World) {
    let path = "/act/site-name?next=/start&page=/start?step=1";
    let browser = |fields: &[(&str, &str)]| form(path, fields).header("Accept", "text/html, */*");
    let mut wrong = NAMED.to_vec();
    wrong[2] = ("timeZone", "Mars/Olympus");
    for (fields, leads) in [(&NAMED[..], "/start"), (&wrong, "/start?step=1")] {
        let sent = browser(fields).send(world.address).await;
        assert_eq!((sent.status, sent.headers["location"].as_str()), (303, leads), "{}", sent.text);
        let flash = &sent.headers["set-cookie"];
        assert!(flash.starts_with("wattlens-flash=") && !flash.contains("Mars"), "{flash}");
    }
    // Somebody unknown signs in, and comes back to the form.
    let behind = browser(&NAMED).header("X-Forwarded-For", "192.0.2.1").send(world.address).await;
    let leads = "/sign-in?next=%2Fstart%3Fstep%3D1";
    assert_eq!((behind.status, behind.headers["location"].as_str()), (303, leads));
    let program = form(path, &NAMED).header("X-Forwarded-For", "192.0.2.1");
    program.send(world.address).await.refused(401, "unauthorized", None);
}

async fn a_file_that_is_refused_leads_back_to_its_form(world: &World) {
    let path = "/api/devices/import/staged?site=default";
    let sent = form(path, &[]).header("Accept", "text/html, */*").send(world.address).await;
    let leads = "/devices/import?site=default";
    assert_eq!((sent.status, sent.headers["location"].as_str()), (303, leads), "{}", sent.text);
    assert!(sent.headers["set-cookie"].starts_with("wattlens-flash="));
    send(world, path, &[]).await.refused(422, "missing_field", Some("table"));
}
