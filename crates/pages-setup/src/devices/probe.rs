//! What a meter says when it is read on trial.

use domain::devices::view::{Probe, Probed};
use markup::{Html, html};
use texts::figures;

use texts::messages::told;
use texts::words::devices::probe as words;
use ui::components::figure::UNKNOWN;
use ui::components::mark::Shape;
use ui::drawing::parts::mark;

pub(super) fn draw(probed: &Probed) -> Html {
    match probed {
        Ok(probe) => answered(probe),
        Err(reason) => html! {
            <section class="probe">
                <h2>{mark(Shape::Alarm)} " " {words::SILENT}</h2>
                <p>{told(reason)}</p>
            </section>
        },
    }
}

fn answered(probe: &Probe) -> Html {
    let notes = probe.notes.iter().map(|note| html! { <li>{told(note)}</li> }).collect::<Html>();
    html! {
        <section class="probe">
            <h2>
                {mark(Shape::Good)} " " {words::answered(probe.latency_ms)} " "
                <span class="note">{words::NOTHING_STORED}</span>
            </h2>
            <ul class="note">{notes}</ul>
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
                <td class="num" title=value.to_string()>{figures::fixed(*value, 3)}</td>
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

fn raw(probe: &Probe) -> Option<Html> {
    let rows = probe.raw.iter().map(|(place, text)| {
        html! {
            <tr>
                <th scope="row">{place.clone()}</th>
                <td><code class="setting">{text.clone()}</code></td>
            </tr>
        }
    });
    let rows = rows.collect::<Html>();
    let view = html! {
        <details class="behind" open=true>
            <summary>{words::RAW}</summary>
            <div class="scroll" tabindex="0" role="group" aria-label=words::RAW>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words::WHERE}</th>
                            <th scope="col">{words::WHAT}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    };
    (!probe.raw.is_empty()).then_some(view)
}

/// The same words in every order; a plausible one stands out by its mark and its words.
fn orders(probe: &Probe) -> Option<Html> {
    let rows = probe.readings.iter().map(|reading| {
        let hint = reading.hint.clone().map(|hint| html! { {mark(Shape::Good)} " " {hint} });
        let value = reading.value.map_or_else(|| UNKNOWN.to_owned(), |value| value.to_string());
        html! {
            <tr class=if reading.is_plausible { "" } else { "is-quiet" }>
                <td>{reading.address}</td>
                <td>{reading.field.clone()}</td>
                <td><code>{reading.words.clone()}</code></td>
                <td>{reading.form.clone()}</td>
                <td class="num">{value}</td>
                <td>{hint}</td>
            </tr>
        }
    });
    let rows = rows.collect::<Html>();
    let view = html! {
        <details class="behind" open=true>
            <summary>{words::ORDERS}</summary>
            <div class="scroll" tabindex="0" role="group" aria-label=words::ORDERS>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words::ADDRESS}</th>
                            <th scope="col">{words::FIELD}</th>
                            <th scope="col">{words::WORDS}</th>
                            <th scope="col">{words::FORM}</th>
                            <th scope="col" class="num">{words::VALUE}</th>
                            <th scope="col">{words::HINT}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    };
    (!probe.readings.is_empty()).then_some(view)
}
