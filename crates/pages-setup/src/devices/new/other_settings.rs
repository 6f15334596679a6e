//! The fields of settings that few meters need, and the tables of values and of headers.

use domain::devices::Protocol;
use domain::devices::settings::{OTHER_SETTINGS, OtherSetting};
use markup::{Html, html};
use service::devices::other_settings::{
    HEADERS, MOST_ROWS, OF_HEADER, OF_VALUE, VALUES, is_secret_header,
};
use service::devices::rows;
use texts::language::Text;
use texts::words::devices::new::OTHER;
use texts::words::devices::{other_settings as words, registers};
use texts::words::people::YES;

use super::fields::Form;
use super::rows::{Column, Rows, is_in_table};

/// Names in a row of values that mean something for messages of a broker alone.
const OF_MESSAGE: [&str; 2] = ["topic", "sum"];

pub(super) fn shows(field: &str, protocol: Protocol) -> bool {
    let is_of_protocol = |of: &str| protocol == Protocol::Mqtt || !OF_MESSAGE.contains(&of);
    let of_value = OF_VALUE.into_iter().filter(|of| is_of_protocol(of));
    of_protocol(protocol).any(|other| other.name == field)
        || (protocol != Protocol::Modbus && is_in_table(field, VALUES, MOST_ROWS, of_value))
        || (protocol == Protocol::Http && is_in_table(field, HEADERS, MOST_ROWS, OF_HEADER))
}

fn of_protocol(protocol: Protocol) -> impl Iterator<Item = &'static OtherSetting> {
    OTHER_SETTINGS.iter().filter(move |other| other.protocols.contains(&protocol))
}

pub(super) fn draw(form: &Form<'_>, protocol: Protocol) -> Html {
    let fields = of_protocol(protocol).map(|other| form.named(other.name)).collect::<Html>();
    let values = (protocol != Protocol::Modbus).then(|| values(protocol).draw(form));
    let headers = (protocol == Protocol::Http).then(|| headers().draw(form));
    let is_used = form.has(|name| name == "communication" || shows(name, protocol));
    // A profile says where its values stand.
    let (open, folded) = if form.0.profile.is_some() { (None, values) } else { (values, None) };
    html! {
        {open}
        <details class="behind" open=is_used>
            <summary>{OTHER}</summary>
            <div class="device-other">
                <div class="device-fields">{fields}</div>
                {folded}
                {headers}
                {form.rest(protocol)}
            </div>
        </details>
    }
}

fn headers() -> Rows {
    Rows {
        name: HEADERS,
        title: words::HEADERS,
        help: words::HEADERS_HELP,
        least: 2,
        most: MOST_ROWS,
        columns: vec![
            Column::text("name", words::NAME),
            Column::text("value", words::VALUE).noted(value_note),
        ],
    }
}

/// The reason why the value of a header cannot be typed yet: this form is sent as an address, in which no secret may
/// stand.
fn value_note(form: &Form<'_>, row: usize) -> Option<Text> {
    let text = |of| form.value(&rows::field(HEADERS, row, of));
    let (name, value) = (text("name"), text("value"));
    if is_secret_header(name) {
        return Some(words::VALUE_WHEN_SAVED);
    }
    (name.is_empty() && value.is_empty()).then_some(words::VALUE_AFTER_NAME)
}

fn values(protocol: Protocol) -> Rows {
    let flag = || [("true", YES.get().to_owned()), ("false", words::NO.get().to_owned())];
    let mut columns = vec![
        Column::channel("field"),
        Column::text("path", words::PATH),
        Column::text("unit", words::UNIT),
        Column::text("scale", registers::SCALE),
        Column::choice("invert", words::INVERT, flag()),
        Column::text("negativePath", words::NEGATIVE_PATH),
        Column::text("negativeWhen", words::NEGATIVE_WHEN),
    ];
    let is_of_messages = protocol == Protocol::Mqtt;
    if is_of_messages {
        columns.insert(0, Column::text("topic", words::TOPIC));
        columns.push(Column::choice("sum", words::SUM, flag()));
    }
    Rows {
        name: VALUES,
        title: if is_of_messages { words::VALUES } else { words::VALUES_OF_ANSWER },
        help: words::VALUES_HELP,
        least: 3,
        most: MOST_ROWS,
        columns,
    }
}
