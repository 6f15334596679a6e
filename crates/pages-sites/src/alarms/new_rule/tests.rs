use domain::alarms::{Recipient, RecipientKind, Severity};
use domain::sites::{GridSettings, Retention, Site, SiteKind};
use domain::{MeterId, SiteId};

use super::*;

fn page(watch: Option<Watch>, raise: Option<f64>) -> AlarmsPage {
    let site = Site {
        id: SiteId(1),
        slug: "plant".to_owned(),
        name: "Plant".to_owned(),
        kind: SiteKind::Live,
        zone: "UTC".parse().unwrap(),
        currency: "EUR".to_owned(),
        price_per_kwh: None,
        grid_capacity_kw: None,
        latitude: None,
        longitude: None,
        retention: Retention::default(),
        grid: GridSettings::default(),
    };
    let party =
        |id: i64| Party { id: MeterId(id), number: format!("C-{id}"), name: "Unit".to_owned() };
    AlarmsPage {
        site,
        slug: None,
        meter: Some(party(7)),
        now: "2026-11-19T12:00:00Z".parse().unwrap(),
        open: Vec::new(),
        history: Vec::new(),
        cleared_today: 0,
        next: None,
        is_later: false,
        rules: Vec::new(),
        meters: 2,
        choices: vec![party(7), party(8)],
        prefilled: watch.map(|watch| Prefilled { watch, raise }),
        recipients: None,
        own_mailbox: Some("asha@plant.example".to_owned()),
        has_mail: true,
        aside: Vec::new(),
    }
}

fn recipient(id: i64, address: &str, min_severity: Severity) -> Recipient {
    Recipient {
        id,
        site_id: SiteId(1),
        site: "plant".to_owned(),
        kind: RecipientKind::Email,
        address: address.to_owned(),
        min_severity,
        enabled: true,
        waiting: 0,
        problem: None,
        problem_said: None,
    }
}

/// The form as it is drawn with these recipients.
fn told(recipients: Vec<Recipient>, has_mail: bool) -> String {
    let page = page(Some(Watch::kind(Kind::Loss)), Some(10.0));
    draw(&AlarmsPage { recipients: Some(recipients), has_mail, ..page }).into_string()
}

fn has(form: &str, parts: &[&str]) {
    for part in parts {
        assert!(form.contains(part), "no {part} in {form}");
    }
}

#[test]
fn an_address_fills_in_a_form_that_the_browser_sends_by_itself() {
    let form = draw(&page(Some(Watch::kind(Kind::Loss)), Some(10.0))).into_string();
    has(
        &form,
        &[
            "id=\"new-rule\" open",
            "data-act=\"alarm-add\" method=\"post\"",
            "action=\"/act/alarm-add?next=%2Falarms%3Fmeter%3D7",
            "<option value=\"loss\" selected>Loss, kW</option>",
            "<option value=\"loss_cost\">Cost of the loss, EUR/d</option>",
            "<option value=\"ActivePower\">Active power, kW</option>",
            "<option value=\"C-7\" selected>C-7, Unit</option>",
            "Raise the alarm above (kW)",
            "name=\"raise\" value=\"10\"",
            "name=\"delaySeconds\" value=\"300\"",
        ],
    );
    assert!(!form.contains("name=\"direction\""), "a loss has one side: {form}");
    assert!(!form.contains("name=\"address\""), "for administrators alone: {form}");
    let closed = draw(&page(None, None)).into_string();
    assert!(closed.contains("id=\"new-rule\">") && !closed.contains("alarm-add"), "{closed}");
}

#[test]
fn the_limits_are_those_of_the_figure_in_its_unit() {
    let form = |watch| draw(&page(Some(watch), None)).into_string();
    let power_factor = ["Raise the alarm below", "value=\"0.85\"", "value=\"0.88\""];
    has(&form(Watch::kind(Kind::PowerFactor)), &power_factor);
    let voltage = ["Raise the alarm above (%)", "value=\"10\"", "The alarm is over at (%)"];
    has(&form(Watch::kind(Kind::Voltage)), &voltage);
    let power = form(Watch::channel(domain::readings::channel::Name::ActivePower));
    has(&power, &["Limit (kW)", "name=\"direction\""]);
    let silence = form(Watch::kind(Kind::Stale));
    assert!(!silence.contains("name=\"raise\""), "{silence}");
}

#[test]
fn the_form_says_who_is_told_and_proposes_the_mailbox_of_the_reader() {
    let nobody = told(Vec::new(), true);
    has(&nobody, &["Nobody gets a message yet", "name=\"address\""]);
    has(&nobody, &["value=\"asha@plant.example\""]);
    assert!(!nobody.contains("/help#mail"), "{nobody}");

    let shift = recipient(3, "shift@plant.example", Severity::Critical);
    let reader = recipient(4, "asha@plant.example", Severity::Warning);
    let both = told(vec![shift, reader], true);
    has(
        &both,
        &[
            "Told so far: shift@plant.example (of critical alarms only); asha@plant.example",
            "<option value=\"3\">shift@plant.example (of critical alarms only)</option>",
        ],
    );
    assert!(!both.contains("value=\"asha@plant.example\""), "it is told already: {both}");
    assert!(
        !told(vec![recipient(5, "all@plant.example", Severity::Info)], true)
            .contains("name=\"recipient\"")
    );

    let without = told(Vec::new(), false);
    has(&without, &["no mail server is set", "href=\"/help#mail\"", "name=\"address\""]);
    assert!(!without.contains("value=\"asha@plant.example\""), "{without}");
}
