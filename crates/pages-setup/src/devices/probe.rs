//! What a meter says when it is read on trial.

use std::slice;

use domain::Field;
use domain::devices::view::{Probe, Probed, RawRegisters, RawType, RawValue};
use domain::message::Message;
use markup::{Html, html};
use texts::figures;
use texts::language::Text;

use texts::messages::told;
use texts::words::devices::probe as words;
use texts::words::devices::registers::number as number_name;
use texts::words::history::of_field;
use ui::components::figure::UNKNOWN;
use ui::drawing::{Shape, draw_table, mark};
use ui::kit::Column;

pub(super) fn draw(probed: &Probed) -> Html {
    match probed {
        Ok(probe) => answered(probe),
        Err(reason) => html! {
            <section class="probe">{failed(words::SILENT, slice::from_ref(reason))}</section>
        },
    }
}

fn failed(title: Text, reasons: &[Message]) -> Html {
    let reasons = reasons.iter().map(|reason| html! { <p>{told(reason)}</p> }).collect::<Html>();
    html! {
        <div class="probe-failed" role="alert">
            <h2>{mark(Shape::Alarm)} " " {title}</h2>
            {reasons}
        </div>
    }
}

fn answered(probe: &Probe) -> Html {
    let head = if probe.is_failed() {
        let title = if probe.values.is_empty() { words::SILENT } else { words::IN_PART };
        failed(title, &probe.notes)
    } else {
        let notes = probe.notes.iter().map(|note| html! { <li>{told(note)}</li> });
        html! {
            <h2>
                {mark(Shape::Good)} " " {words::answered(probe.latency_ms)} " "
                <span class="note">{words::NOTHING_STORED}</span>
            </h2>
            <ul class="note">{notes.collect::<Html>()}</ul>
        }
    };
    html! {
        <section class="probe">
            {head}
            {values(probe)}
            {raw(probe)}
            {orders(probe)}
        </section>
    }
}

fn values(probe: &Probe) -> Html {
    if probe.values.is_empty() {
        return html! { <p>{words::NOTHING}</p> };
    }
    let rows = probe.values.iter().map(|(name, value)| {
        html! {
            <tr>
                <th scope="row">{name.clone()}</th>
                <td class="num" title=value.to_string()>{shown(*value)}</td>
            </tr>
        }
    });
    html! {
        <table class="table device-facts">
            <thead>
                <tr>
                    <th scope="col">{words::FIELD}</th>
                    <th scope="col" class="num">{words::VALUE}</th>
                </tr>
            </thead>
            <tbody>{rows.collect::<Html>()}</tbody>
        </table>
    }
}

/// A value; one that is next to nothing comes of a wrong type or order, and is no zero.
fn shown(value: f64) -> Html {
    const LEAST: f64 = 0.000_5;
    if value == 0.0 || value.abs() >= LEAST {
        return html! { {figures::fixed(value, 3)} };
    }
    html! { {format!("{value:e}")} " " <span class="note">{words::NEXT_TO_NOTHING}</span> }
}

fn raw(probe: &Probe) -> Option<Html> {
    let rows = probe.raw.iter().map(|(place, text)| {
        html! {
            <tr>
                <th scope="row">{place.clone()}</th>
                <td><code class="setting">{text.clone()}</code></td>
            </tr>
        }
    });
    let columns = [words::WHERE, words::WHAT].map(Column::new);
    (!probe.raw.is_empty()).then(|| {
        html! {
            <details class="behind" open=true>
                <summary>{words::RAW}</summary>
                {draw_table(words::RAW, "device-raw", columns, rows)}
            </details>
        }
    })
}

fn orders(probe: &Probe) -> Option<Html> {
    let read = probe.registers.iter().filter(|registers| !registers.types.is_empty());
    let tables: Vec<_> = read.map(register).collect();
    (!tables.is_empty()).then(|| {
        html! {
            <details class="behind" open=true>
                <summary>{words::ORDERS} " " <span class="note">{words::ORDERS_HELP}</span></summary>
                {tables}
            </details>
        }
    })
}

fn register(registers: &RawRegisters) -> Html {
    let name = Field::parse(&registers.field).map(|field| of_field(field).get().to_owned());
    let name = name.unwrap_or_else(|| registers.field.clone());
    let caption = words::register(&name, registers.address, &registers.words);
    let widths = registers.types.chunk_by(|one, next| one.number.width() == next.number.width());
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=caption.clone()>
            <table class="table device-orders">
                <caption>{caption}</caption>
                {widths.map(width).collect::<Html>()}
            </table>
        </div>
    }
}

fn width(types: &[RawType]) -> Html {
    let number = types.first().map(|of| of.number.width()).unwrap_or_default();
    let orders = types.first().map(|of| of.values.as_slice()).unwrap_or_default();
    let heads = orders.iter().map(|value| {
        html! {
            <th scope="col" class="num">
                {value.order.letters(number)}
            </th>
        }
    });
    let row = |of: &RawType| {
        html! {
            <tr>
                <th scope="row">{number_name(of.number)}</th>
                {of.values.iter().map(cell).collect::<Html>()}
            </tr>
        }
    };
    html! {
        <tbody>
            <tr>
                <th scope="col">{words::FORM}</th>
                {heads.collect::<Html>()}
            </tr>
            {types.iter().map(row).collect::<Html>()}
        </tbody>
    }
}

fn cell(value: &RawValue) -> Html {
    let text = value.value.map_or_else(|| UNKNOWN.to_owned(), |value| value.to_string());
    if !value.is_plausible {
        return html! { <td class="num is-quiet">{text}</td> };
    }
    html! {
        <td class="num total">
            {mark(Shape::Good)} " " {text} " " <span class="note">{words::PLAUSIBLE}</span>
        </td>
    }
}
