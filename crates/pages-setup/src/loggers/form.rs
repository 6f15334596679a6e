//! The form that adds or changes a logger, and what belongs on the logger itself.

use domain::devices::logger::{ColumnMap, DeviceAddress, PointMeters};
use domain::devices::view::loggers::{LoggerView, LoggersPage};
use markup::{Html, html};

use texts::words::loggers as words;
use ui::drawing::{hidden, send};

pub(super) fn draw(page: &LoggersPage) -> Html {
    match page.chosen() {
        None => html! {
            <section id="logger-form">
                <h2>{words::ADD}</h2>
                <form class="form" action=send("add-logger")>
                    {hidden("site", page.shown.site.slug.clone())}
                    {text("serial", words::SERIAL.get(), None, true)}
                    {password(words::PASSWORD.get(), true)} {settings(None)}
                    <button type="submit" class="button button-main">
                        {words::ADD_NOW}
                    </button>
                </form>
            </section>
        },
        Some(logger) => html! {
            <section id="logger-form">
                <h2>{words::change(logger.serial_number.as_str())}</h2>
                <form class="form" action=send("change-logger")>
                    {hidden("serial", logger.serial_number.to_string())}
                    {password(words::NEW_PASSWORD.get(), false)} {settings(Some(logger))}
                    <button type="submit" class="button button-main">
                        {words::SAVE}
                    </button>
                </form>
                {remove(logger)}
            </section>
        },
    }
}

fn settings(logger: Option<&LoggerView>) -> Html {
    let role = |of: fn(&LoggerView) -> Option<DeviceAddress>| {
        logger.and_then(of).map(|address| address.to_string())
    };
    let columns = logger.filter(|logger| logger.columns != ColumnMap::default());
    let columns = columns.and_then(|logger| serde_json::to_string(&logger.columns).ok());
    let columns = columns.unwrap_or_default();
    let points = logger.filter(|logger| logger.point_meters != PointMeters::default());
    let points = points.and_then(|logger| serde_json::to_string(&logger.point_meters).ok());
    let points = points.unwrap_or_default();
    let rated = logger.filter(|logger| !logger.rated_power_kw.is_empty());
    let rated = rated.and_then(|logger| serde_json::to_string(&logger.rated_power_kw).ok());
    let rated = rated.unwrap_or_default();
    html! {
        {text("utility", words::UTILITY.get(), role(|logger| logger.utility_meter_id), false)}
        {text("load", words::LOAD.get(), role(|logger| logger.load_meter_id), false)}
        {text("solar", words::SOLAR.get(), role(|logger| logger.solar_meter_id), false)}
        <p class="note">{words::ROLES_NOTE}</p>
        <label class="form-field">
            {words::COLUMNS}
            <input
                class="field"
                type="text"
                name="columns"
                value=columns
                placeholder=words::COLUMNS_HINT
                autocomplete="off"
            />
        </label>
        <p class="note">{words::COLUMNS_NOTE}</p>
        <label class="form-field">
            {words::POINTS}
            <input
                class="field"
                type="text"
                name="pointMeters"
                value=points
                placeholder=words::POINTS_HINT
                autocomplete="off"
            />
        </label>
        <p class="note">{words::POINTS_NOTE}</p>
        <label class="form-field">
            {words::RATED}
            <input
                class="field"
                type="text"
                name="ratedPowerKw"
                value=rated
                placeholder=words::RATED_HINT
                autocomplete="off"
            />
        </label>
        <p class="note">{words::RATED_NOTE}</p>
    }
}

fn text(name: &'static str, label: &'static str, value: Option<String>, required: bool) -> Html {
    html! {
        <label class="form-field">
            {label}
            <input
                class="field"
                type="text"
                name=name
                value=value
                required=required
                autocomplete="off"
            />
        </label>
    }
}

fn password(label: &'static str, required: bool) -> Html {
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
                {hidden("serial", logger.serial_number.to_string())}
                <p>{words::REMOVE_NOTE}</p>
                <button type="submit" class="button">
                    {words::REMOVE_NOW}
                </button>
            </form>
        </details>
    }
}

/// What to type into the logger.
pub(super) fn setup(page: &LoggersPage) -> Html {
    let row = |name: &'static str, value: Html| {
        html! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    };
    let plain = |text: &'static str| html! { {text} };
    let target = format!("{}{}", words::SETUP_SERVER, page.upload_path);
    html! {
        <section>
            <h2>
                {words::SETUP} " " <span class="note">{words::SETUP_WHERE}</span>
            </h2>
            <dl class="values">
                {row(words::SETUP_TARGET.get(), html! { <code>{target}</code> })}
                {row(words::SETUP_PASSWORD.get(), plain(words::SETUP_SAME.get()))}
                {row(words::SETUP_CONFIG.get(), plain(words::SETUP_CONFIG_ON.get()))}
                {row(words::SETUP_PERIOD.get(), plain(words::SETUP_PERIOD_SHORT.get()))}
            </dl>
        </section>
    }
}
