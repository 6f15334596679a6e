//! The first steps: a list that follows what is there, from an empty installation to the first loss
//! figure. Each step is a link or a form; the figures move by themselves.

mod loss;

use domain::live::Status;
use domain::overview::money;
use domain::overview::start::{FirstMeter, STEPS, StartPage};
use markup::{Html, html};
use service::pages::{self, Query};
use service::{Action, Error, Principal, Service};

use crate::portfolio;
use texts::figures;
use texts::language::{self, Text};
use texts::messages::told;
use texts::time::duration;
use texts::words::start as words;
use ui::drawing::parts::figure;
use ui::drawing::{Shape, Sheet, at, link, mark, may, sheet};

pub(super) fn draw(page: &StartPage) -> Sheet {
    let done = page.done();
    // The site may keep its name; what is due is the first of the others.
    let due = (1..STEPS).find(|step| !done[*step]);
    let count = done.iter().filter(|done| **done).count();
    let content = html! {
        <article class="page start">
            <header class="sheet-head">
                <div class="state">
                    <h1 id="start-state">
                        {words::headline(count, STEPS)}
                    </h1>
                    <p class="state-detail">{words::DETAIL}</p>
                    <noscript>
                        <a href=at(page.slug.as_deref(), "/start", &[])>{words::LOOK_AGAIN}</a>
                    </noscript>
                </div>
            </header>
            <ol class="start-steps">
                {step(0, done[0], due, words::NAME_IT, site(page))}
                {step(1, done[1], due, words::ADD_MAIN, main(page))}
                {step(2, done[2], due, words::ADD_BELOW, below(page))}
                {step(3, done[3], due, words::FIRST, loss::draw(page))}
            </ol>
            {otherwise()}
        </article>
    };
    // Somebody waits for the first reading.
    Sheet { refresh_s: 3, ..sheet(&words::TITLE, content) }
}

/// The way back to the steps, for an overview whose site is not through yet.
pub(super) fn go_on(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Option<Html>, Error> {
    let Ok(shown) = pages::period(service, who, query) else { return Ok(None) };
    let page = pages::start::start_progress(service, who, query)?;
    Ok(page.map(|page| {
        let done = page.done().into_iter().filter(|done| *done).count();
        html! {
            <p class="state-detail">
                <a id="go-on" href=link(&shown, "/start")>
                    {words::go_on(done, STEPS)}
                </a>
            </p>
        }
    }))
}

/// A step: its mark and name follow what is there, and so does what stands below unless it is a form.
fn step(place: usize, done: bool, due: Option<usize>, name: Text, content: Html) -> Html {
    let shape = if done { Shape::Good } else { Shape::Ring };
    let is_due = due == Some(place);
    let id = |part: &str| format!("start-{part}-{place}");
    html! {
        <li class="start-step">
            <h2 id=id("name") class="start-name">
                <span aria-current=is_due.then_some("step")>
                    {mark(shape)} " " {place + 1} " " {name}
                </span>
            </h2>
            <div id=id("content") class="start-content">
                {content}
            </div>
        </li>
    }
}

fn site(page: &StartPage) -> Html {
    let site = &page.site;
    let price = site.price_per_kwh.map(|price| language::now().marks(money(price, &site.currency)));
    let now = words::named(&site.name, site.zone.name(), price.as_deref());
    let here = at(page.slug.as_deref(), "/start", &[]);
    if !page.may_name {
        return html! { <p>{now}</p> };
    }
    if !page.is_named() {
        return html! {
            <p>{words::NAME_WHY}</p>
            {portfolio::form::first(site, "", &here)}
        };
    }
    html! {
        <p>{now}</p>
        <details>
            <summary>{words::CHANGE}</summary>
            {portfolio::form::first(site, &site.name, &here)}
        </details>
    }
}

fn main(page: &StartPage) -> Html {
    if let Some(meter) = &page.main {
        return first(page, meter);
    }
    let slug = page.slug.as_deref();
    let add = may(Action::Configure).then(|| {
        let add = [("meterName", words::MAIN_NAME.get()), ("meterType", "Grid"), ("role", "grid")];
        html! {
            <p class="actions">
                <a id="add-main" class="button button-main" href=at(slug, "/devices/new", &add)>
                    {words::ADD_MAIN_NOW}
                </a>
                <a id="add-table" class="button" href=at(slug, "/devices/import", &[])>
                    {words::IMPORT}
                </a>
            </p>
        }
    });
    html! {
        <p>{words::ADD_MAIN_WHY}</p>
        {add}
    }
}

fn below(page: &StartPage) -> Html {
    if let Some(meter) = &page.below {
        return first(page, meter);
    }
    let add = page.main.as_ref().filter(|_| may(Action::Configure)).map(|main| {
        html! {
            <p class="actions">
                <a id="add-below" class="button button-main" href=below_main(page, main)>
                    {words::add_below(&main.name)}
                </a>
            </p>
        }
    });
    html! {
        <p>{words::ADD_BELOW_WHY}</p>
        {add}
    }
}

fn below_main(page: &StartPage, main: &FirstMeter) -> String {
    at(page.slug.as_deref(), "/devices/new", &[("parentMeterNumber", &main.number)])
}

fn first(page: &StartPage, meter: &FirstMeter) -> Html {
    let slug = page.slug.as_deref();
    let shape = match meter.status {
        Status::Online => Shape::Good,
        Status::None => Shape::Ring,
        Status::Stale => Shape::Stale,
        Status::Offline | Status::Error => Shape::Alarm,
    };
    let figure = |value: Option<f64>, places: usize, unit: &'static str| {
        value.map(|value| html! { {figure(figures::fixed(value, places), unit)} " " })
    };
    let is_wrong = matches!(meter.status, Status::Offline | Status::Error);
    let state = match (meter.reason.as_ref().filter(|_| is_wrong), meter.at) {
        (Some(reason), _) => words::not_read(&told(reason)),
        (None, Some(at)) => words::read(&duration(page.now - at)),
        (None, None) => words::NEVER_READ.get().to_owned(),
    };
    let device = if meter.has_device {
        let href = at(slug, &format!("/devices/{}", meter.id), &[]);
        let id = format!("device-of-{}", meter.id);
        html! {
            <a id=id href=href>
                {words::DEVICE}
            </a>
        }
    } else {
        html! { <span class="note">{words::WITHOUT_DEVICE}</span> }
    };
    html! {
        <p class="start-meter">
            {mark(shape)} " "
            <a
                id=format!("meter-{}", meter.id)
                class="start-meter-name"
                href=at(slug, &format!("/meters/{}", meter.id), &[])
            >
                {&meter.name}
            </a>
            " " {figure(meter.power_kw, 1, "kW")} {figure(meter.register_kwh, 1, "kWh")}
            <span class="note">{state}</span> " " {device}
        </p>
    }
}

fn otherwise() -> Html {
    html! {
        <section class="start-otherwise">
            <details>
                <summary>{words::NO_METER}</summary>
                <p>{words::TRY_DEMO}</p>
                <pre class="request" tabindex="0">
                    <code>{words::DEMO_COMMAND}</code>
                </pre>
                <p>
                    {words::TRY_WORLD} " "
                    <a href="/simulator" rel="external">
                        {words::TO_WORLD}
                    </a>
                </p>
            </details>
            <details>
                <summary>{words::BY_REQUEST}</summary>
                <p>{words::BY_REQUEST_HOW}</p>
                <pre class="request" tabindex="0">
                    <code>{words::REQUEST}</code>
                </pre>
                <p>
                    <a href="/api/docs" rel="external">
                        {words::ALL_REQUESTS}
                    </a>
                </p>
                <p class="note">{words::BY_SQL}</p>
            </details>
        </section>
    }
}
