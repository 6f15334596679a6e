//! The form that adds or changes a logger, and what belongs on the logger itself.

use domain::devices::logger::DeviceAddress;
use domain::devices::view::loggers::{LoggerView, LoggersPage};
use markup::{Html, html};

use crate::fields;
use texts::language::Text;
use texts::words::loggers as words;
use ui::drawing::{hidden, main_button, send, submit_button};

pub(super) fn draw(page: &LoggersPage) -> Html {
    match page.chosen() {
        None => html! {
            <section id="logger-form">
                <h2>{words::ADD}</h2>
                <form class="form" action=send("add-logger")>
                    {hidden("site", &page.shown.site.slug)}
                    {fields::needed("serial", words::SERIAL, None::<&str>)}
                    {password(words::PASSWORD, true)} {settings(None)}
                    {main_button(words::ADD_NOW)}
                </form>
            </section>
        },
        Some(logger) => html! {
            <section id="logger-form">
                <h2>{words::change(logger.serial_number.as_str())}</h2>
                <form class="form" action=send("change-logger")>
                    {hidden("serial", logger.serial_number.to_string())}
                    {password(words::NEW_PASSWORD, false)} {settings(Some(logger))}
                    {main_button(words::SAVE)}
                </form>
                {remove(logger)}
            </section>
        },
    }
}

fn settings(logger: Option<&LoggerView>) -> Html {
    let role = |name, label: Text, of: fn(&LoggerView) -> Option<DeviceAddress>| {
        fields::text(name, label, logger.and_then(of).map(|address| address.to_string()))
    };
    let map = |name, label: Text, hint: &str, json: Option<serde_json::Result<String>>| {
        let json = json.and_then(Result::ok).filter(|json| json != "{}");
        fields::proposed(name, label, json.unwrap_or_default(), None::<&str>, hint)
    };
    let columns = logger.map(|logger| serde_json::to_string(&logger.columns));
    let points = logger.map(|logger| serde_json::to_string(&logger.point_meters));
    let rated = logger.map(|logger| serde_json::to_string(&logger.rated_power_kw));
    html! {
        {role("utility", words::UTILITY, |logger| logger.utility_meter_id)}
        {role("load", words::LOAD, |logger| logger.load_meter_id)}
        {role("solar", words::SOLAR, |logger| logger.solar_meter_id)}
        <p class="note">{words::ROLES_NOTE}</p>
        {map("columns", words::COLUMNS, words::COLUMNS_HINT, columns)}
        <p class="note">{words::COLUMNS_NOTE}</p>
        {map("pointMeters", words::POINTS, words::POINTS_HINT, points)}
        <p class="note">{words::POINTS_NOTE}</p>
        {map("ratedPowerKw", words::RATED, words::RATED_HINT, rated)}
        <p class="note">{words::RATED_NOTE}</p>
    }
}

fn password(label: Text, required: bool) -> Html {
    html! {
        <label class="form-field">
            {label}
            <input
                class="field"
                type="password"
                name="password"
                minlength="8"
                maxlength="64"
                required=required
                autocomplete="new-password"
            />
        </label>
    }
}

fn remove(logger: &LoggerView) -> Html {
    html! {
        <details class="confirm">
            <summary>{words::REMOVE}</summary>
            <form action=send("remove-logger")>
                {hidden("serial", logger.serial_number.to_string())} <p>{words::REMOVE_NOTE}</p>
                {submit_button(words::REMOVE_NOW)}
            </form>
        </details>
    }
}

pub(super) fn setup(page: &LoggersPage) -> Html {
    let row = |name: Text, value: Text| {
        html! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    };
    let target = format!("{}{}", words::SETUP_SERVER, page.upload_path);
    html! {
        <section>
            <h2>
                {words::SETUP} " " <span class="note">{words::SETUP_WHERE}</span>
            </h2>
            <dl class="values">
                <dt>{words::SETUP_TARGET}</dt>
                <dd>
                    <code>{target}</code>
                </dd>
                {row(words::SETUP_PASSWORD, words::SETUP_SAME)}
                {row(words::SETUP_CONFIG, words::SETUP_CONFIG_ON)}
                {row(words::SETUP_PERIOD, words::SETUP_PERIOD_SHORT)}
            </dl>
        </section>
    }
}
