//! Adding a device in steps. What was typed stands in the address, so that each step can be gone back
//! to; what is wrong stands beside its field.

pub(super) mod announced;
mod fields;
mod other_settings;
mod registers;
mod rows;
pub(super) mod scan;

use domain::devices::Protocol;
use domain::devices::view::{NewDevicePage, Probed, ProfileChoice};
use markup::{Html, html};
use service::devices::other_settings::secret_headers;

use self::fields::{Form, METER};
use super::probe;
use texts::language::Text;
use texts::messages::told;
use texts::words::devices::{self as all, new as words};
use ui::drawing::{Shape, Sheet, at, draw_table, mark, send, send_to, still_sheet};
use ui::kit::Column;

const FORM: &str = "device-form";

pub(crate) fn draw(page: &NewDevicePage, probed: Option<&Probed>) -> Sheet {
    let title = if page.changes.is_some() { words::CHANGE_TITLE } else { words::TITLE };
    let step = match page.protocol {
        None => choose(page),
        Some(protocol) => {
            let ready = page.is_checked && page.fault.is_none();
            html! {
                {form(page, protocol)}
                {scan::draw(page, protocol)}
                {announced::draw(protocol)}
                {ready.then(|| finish(page, protocol, probed))}
            }
        }
    };
    let content = html! {
        <article class="page device-new">
            <header class="sheet-head">
                <div class="state">
                    <h1>{title}</h1>
                    <p class="note">{words::DETAIL}</p>
                </div>
                <a class="button" href=at(page.slug.as_deref(), "/devices/new", &[])>
                    {words::START_OVER}
                </a>
            </header>
            {steps(page)}
            {step}
        </article>
    };
    still_sheet(&title, content)
}

fn steps(page: &NewDevicePage) -> Html {
    let due = match (page.protocol, page.is_checked, &page.fault) {
        (None, ..) => 0,
        (Some(_), true, None) => 3,
        (Some(_), true, Some((field, _))) if METER.contains(&field.as_str()) => 2,
        (Some(_), ..) => 1,
    };
    let step = |(i, (name, detail)): (usize, (Text, Text))| {
        html! {
            <li class="step" aria-current=(i == due).then_some("step")>
                <span>{(i < due).then(|| mark(Shape::Good))} {name}</span>
                <span class="note">{detail}</span>
            </li>
        }
    };
    html! { <ol class="steps">{words::STEPS.into_iter().enumerate().map(step).collect::<Html>()}</ol> }
}

fn choose(page: &NewDevicePage) -> Html {
    // What is said of the meter already goes along.
    let to = |name: &'static str, value: &str| {
        let said = page.typed.iter().filter(|(other, _)| *other != name);
        let mut all: Vec<_> = said.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.push((name, value));
        at(page.slug.as_deref(), "/devices/new", &all)
    };
    let protocols = [Protocol::Modbus, Protocol::Mqtt, Protocol::Http].map(|protocol| {
        let href = to("protocol", protocol.as_str());
        html! {
            <a class="button" href=href>
                {all::protocol(protocol)}
            </a>
        }
    });
    let row = |profile: &ProfileChoice| {
        let href = to("profile", &profile.id);
        html! {
            <tr>
                <th scope="row">
                    <a class="row-link" href=href>
                        {profile.maker.clone()}
                    </a>
                </th>
                <td class="col-reason">{profile.models.join(", ")}</td>
                <td>{all::protocol(profile.protocol)}</td>
            </tr>
        }
    };
    let profiles = if page.profiles.is_empty() {
        html! { <p class="note">{words::NO_PROFILES}</p> }
    } else {
        let columns = [all::PROFILE, words::MODELS, words::PROTOCOL].map(Column::new);
        draw_table(words::BY_PROFILE, "device-list", columns, page.profiles.iter().map(row))
    };
    html! {
        <section>
            <h2>{words::BY_PROTOCOL} " " <span class="note">{words::BY_PROTOCOL_HELP}</span></h2>
            <div class="actions">{protocols}</div>
        </section>
        <section>
            <h2>{words::BY_PROFILE} " " <span class="note">{words::BY_PROFILE_HELP}</span></h2>
            {profiles}
        </section>
    }
}

fn form(page: &NewDevicePage, protocol: Protocol) -> Html {
    let form = Form(page);
    let loose = page.fault.as_ref().filter(|(field, _)| !form.shows(field, protocol));
    let loose = loose.map(|(field, message)| {
        let message = told(message);
        let said = if field.is_empty() { message } else { format!("{field}: {message}") };
        html! {
            <p class="field-fault" role="alert">
                {mark(Shape::Alarm)} " " {said}
            </p>
        }
    });
    let about = page.profile.as_ref().map(about);
    html! {
        <form id=FORM class="device-form" method="get" action="/devices/new">
            {loose}
            {form.kept(protocol)}
            <fieldset>
                <legend>
                    {words::CONNECTION} " " <span class="note">{all::protocol(protocol)}</span>
                </legend>
                {about}
                <div class="device-fields">{form.connection(protocol)}</div>
                {(protocol == Protocol::Modbus).then(|| registers::draw(&form))}
                {other_settings::draw(&form, protocol)}
            </fieldset>
            <fieldset>
                <legend>{words::METER}</legend>
                <div class="device-fields">{form.meter()}</div>
            </fieldset>
            <button type="submit" class="button" id="check">
                {words::CHECK}
            </button>
        </form>
    }
}

/// A button that sends what stands in the form now, to ask for something by it, and where the answer is shown.
fn ask(act: &'static str, into: &'static str, from: Option<u8>, words: String) -> Html {
    html! {
        <button
            type="submit"
            class="button"
            form=FORM
            formaction=send(act)
            data-into=into
            name=from.map(|_| "from")
            value=from
        >
            {words}
        </button>
    }
}

fn about(profile: &ProfileChoice) -> Html {
    let notes = profile.notes.iter().map(|note| html! { <li>{note}</li> });
    html! {
        <p>
            <strong>{profile.maker.clone()}</strong>
            " "
            {profile.models.join(", ")}
        </p>
        <ul class="note">
            <li>{profile.convention.clone()}</li>
            {notes.collect::<Html>()}
        </ul>
    }
}

/// The trial, and the form that saves: after a trial that failed it is better to read again.
fn finish(page: &NewDevicePage, protocol: Protocol, probed: Option<&Probed>) -> Html {
    let form = Form(page);
    let is_failed = probed.is_some_and(|probed| match probed {
        Ok(probe) => probe.is_failed(),
        Err(_) => true,
    });
    let parent = page.typed.get("parentMeterNumber").filter(|number| !number.is_empty());
    let save = match parent {
        _ if is_failed => words::SAVE_ANYWAY.into(),
        Some(parent) => words::save_below(parent),
        None => words::SAVE.into(),
    };
    let read = if probed.is_some() { words::READ_AGAIN } else { all::one::READ_NOW };
    let class = |is_main: bool| if is_main { "button button-main" } else { "button" };
    html! {
        <section class="device-finish" id="device-finish">
            <h2>
                {mark(Shape::Good)} " " {words::CHECKED} " "
                <span class="note">{words::CHECKED_HELP}</span>
            </h2>
            <div id="device-probe">{probed.map(probe::draw)}</div>
            <div class="actions">
                <button
                    type="submit"
                    class=class(is_failed)
                    form=FORM
                    formaction="/devices/new#device-finish"
                    name="preview"
                    value="read"
                >
                    {read}
                </button>
            </div>
            <form class="form" action=send_to("device-save", &next(page))>
                {form.all(|_| false)} {secrets(page, &form, protocol)}
                <button type="submit" class=class(!is_failed)>
                    {save}
                </button>
                <p class="note">{words::SAVES_CHECKED} " " {words::COUNTS}</p>
            </form>
        </section>
    }
}

/// The fields of the secrets, which no address may have.
fn secrets(page: &NewDevicePage, form: &Form<'_>, protocol: Protocol) -> Html {
    let field = |name: &str, label: &str, hint: &str, (is_stored, is_needed): (bool, bool)| {
        html! {
            <label class="form-field">
                {label}
                <input
                    class="field"
                    type="password"
                    name=name
                    placeholder=hint
                    autocomplete="new-password"
                    required=is_needed
                />
                <span class="note">{is_stored.then_some(words::KEPT.get())}</span>
            </label>
        }
    };
    let own = form.secret(protocol).map(|name| {
        let (label, hint) = words::field(name);
        field(name, label.get(), hint.get(), (page.changes.is_some(), false))
    });
    let headers = if protocol == Protocol::Http { secret_headers(&page.typed) } else { Vec::new() };
    let headers = headers.iter().map(|header| {
        field(&header.field, &header.name, "", (header.is_stored, !header.is_stored))
    });
    own.into_iter().chain(headers).collect()
}

/// The page that follows when the meter is saved: its own.
fn next(page: &NewDevicePage) -> String {
    let slug = page.slug.as_deref();
    let number = page.typed.get("meterNumber").map(String::as_str).unwrap_or_default();
    match page.changes {
        _ if page.is_first => at(slug, "/start", &[]),
        Some(meter) => at(slug, &format!("/meters/{meter}"), &[]),
        None => at(slug, "/meters/numbered", &[("number", number)]),
    }
}
