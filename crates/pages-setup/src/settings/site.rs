//! The site: its name and place, and its zone with what another one makes anew.

use markup::{Html, html};
use serde_json::{Map, Value};
use service::configuration::page::settings::{SitePage, zones};
use service::sites::{SitePreview, ZonePreview};

use super::{fields, page};
use texts::figures::fixed;
use texts::language::Text;
use texts::words::settings as words;
use ui::drawing::{Sheet, at, hidden, main_button, send, submit_button, time};

/// The fields of the form, as the site has them, with their labels.
pub(super) const FIELDS: [(&str, Text); 6] = [
    ("name", words::NAME),
    ("currency", words::CURRENCY),
    ("pricePerKwh", words::PRICE),
    ("gridCapacityKw", words::CAPACITY),
    ("latitude", words::LATITUDE),
    ("longitude", words::LONGITUDE),
];

pub(super) fn draw(this: &SitePage) -> Sheet {
    let about = &this.about;
    let content = html! {
        {this.preview.as_ref().map(|preview| match preview {
            Ok(preview) => zone_preview(this, preview),
            Err(why) => fields::refusal(why),
        })}
        <div class="sheet-pair settings-pair">
            <section>
                <h2>{words::SITE}</h2>
                {if about.is_admin { form(this) } else { facts(this) }}
            </section>
            <section>
                <h2>{words::ZONE}</h2>
                {zone(this)}
            </section>
        </div>
    };
    page(about, "site", words::SITE, words::OVERVIEW_NOTE, content)
}

pub(super) fn seen(this: &service::sites::SiteView, names: &[&str]) -> Map<String, Value> {
    let all = serde_json::to_value(this).unwrap_or_default();
    let field = |name: &&str| ((*name).to_owned(), all[*name].clone());
    names.iter().map(field).collect()
}

fn value(this: &SitePage, name: &str) -> String {
    fields::typed(&seen(&this.about.view, &[name])[name])
}

fn form(this: &SitePage) -> Html {
    let field = |(name, label): (&'static str, Text)| {
        fields::input("text", name, label, value(this, name), matches!(name, "name" | "currency"))
    };
    html! {
        <form class="form" action=send("settings-site")>
            {hidden("site", &this.about.site.slug)}
            {fields::expected(seen(&this.about.view, &FIELDS.map(|(name, _)| name)))}
            {FIELDS.map(field)}
            {main_button(words::SAVE)}
        </form>
    }
}

fn facts(this: &SitePage) -> Html {
    let row = |(field, name): (&str, Text)| {
        let value = Some(value(this, field)).filter(|value| !value.is_empty());
        html! {
            <dt>{name}</dt>
            <dd>{value.unwrap_or_else(|| words::NOT_SET.into())}</dd>
        }
    };
    html! { <dl class="values">{FIELDS.map(row)}</dl> }
}

fn zone(this: &SitePage) -> Html {
    let about = &this.about;
    let now = about.site.zone.name().to_owned();
    if about.is_simulated() || !about.is_admin {
        let why = about.is_simulated().then_some(words::ZONE_LOCKED);
        return html! {
            <p>{now}</p>
            <p class="note">{why.unwrap_or(words::ZONE_NOTE)}</p>
        };
    }
    let zones = zones().map(|zone| (zone.to_owned(), String::new()));
    html! {
        <form class="form" method="get" action="/settings/site">
            {fields::site(about)} {hidden("preview", "1")}
            {fields::proposed(
                "zone",
                words::ZONE,
                this.zone.clone().unwrap_or(now),
                "zones",
                words::ZONE,
            )} {fields::list("zones", zones)} <p class="note">{words::ZONE_NOTE}</p>
            {submit_button(words::LOOK)}
        </form>
    }
}

fn zone_preview(this: &SitePage, preview: &SitePreview) -> Html {
    let about = &this.about;
    let Some(zone) = &preview.zone else {
        return html! { <p class="note" role="status">{words::meters::NO_CHANGE}</p> };
    };
    let fields = html! {
        {hidden("site", &about.site.slug)} {hidden("timeZone", &preview.site.time_zone)}
        {fields::expected(seen(&about.view, &["timeZone"]))}
    };
    let back = at(about.slug.as_deref(), "/settings/site", &[]);
    html! {
        <section class="settings-preview" role="status">
            <h2>
                {words::zone_title(&preview.site.time_zone)} " "
                <span class="note">{words::NOTHING_STORED}</span>
            </h2>
            <ul>{said(zone).into_iter().map(|line| html! { <li>{line}</li> }).collect::<Html>()}</ul>
            {fields::store("settings-zone", fields, words::MOVE_ZONE, back)}
        </section>
    }
}

fn said(zone: &ZonePreview) -> Vec<String> {
    let utc = |at: chrono::DateTime<chrono::Utc>| at.format("%H:%M").to_string();
    let day = zone.last_day.map(|day| {
        let (before, after) = (fixed(day.before_kwh, 1), fixed(day.after_kwh, 1));
        words::last_day(&time::short_day(day.date), &before, &after)
    });
    let mut lines = vec![
        words::today_begins(&utc(zone.today_before), &utc(zone.today_after)),
        words::days_anew(zone.days, zone.meters, zone.balances),
    ];
    lines.extend((zone.days_kept > 0).then(|| words::days_kept(zone.days_kept)));
    lines.extend(day);
    lines
}
