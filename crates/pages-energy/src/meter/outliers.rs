//! Readings that do not fit their register or what is possible: rings in the chart, and a table in which a person decides
//! about each.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::MeterId;
use domain::meters::view::meter::{MeterPeriod, OutlierRow, Reading};
use markup::{Html, html};
use service::Action;
use tables::{Column, Table, Value};
use texts::figures;
use texts::language::Text;

use texts::words::alarms::UNIT;
use texts::words::energy as words;
use texts::words::history::of_field;
use ui::components::chart::percent;
use ui::components::mark::Shape;
use ui::drawing::files::Downloads;
use ui::drawing::parts::plot::Axis;
use ui::drawing::parts::{Clock, mark};
use ui::drawing::rights::may;
use ui::drawing::{hidden, send};

use super::registers::said;

/// Rings at the foot of the chart: such a figure has no place on its axis.
pub(super) fn rings(page: &MeterPeriod, axis: Axis) -> Html {
    let out = page.outliers.iter().filter(|row| row.reading.is_left_out());
    out.map(|row| ring(percent(axis.percent(row.at)), "97%")).collect()
}

pub(super) fn ring(x: String, y: &'static str) -> Html {
    html! { <circle class="plot-outlier" cx=x cy=y r="3" /> }
}

/// Nothing for a meter whose readings all fit.
pub(super) fn table(page: &MeterPeriod) -> Option<Html> {
    if page.outliers.is_empty() {
        return None;
    }
    let clock = Clock(&page.shown);
    let row = |row: &OutlierRow| {
        let (shape, word) = taken(row.reading);
        let decide = may(Action::Operate).then(|| {
            let of = Decidable { at: row.at, field: row.field.json(), value: row.value };
            decide(page.id, &of, row.reading)
        });
        let shown = format!("{} {}", figures::fixed(row.value, 2), row.field.unit());
        html! {
            <tr>
                <th scope="row">{format!("{} {}", clock.day(row.at), clock.second(row.at))}</th>
                <td>{of_field(row.field)}</td>
                <td class="num mono">{shown}</td>
                <td class="col-said">{mark(shape)} " " {word}</td>
                <td class="col-act">{decide}</td>
            </tr>
        }
    };
    let alone = page.shown.period.compares().then_some(words::ALONE);
    let more = (page.more_outliers > 0)
        .then(|| html! { <p class="note">{words::more_outliers(page.more_outliers)}</p> });
    Some(html! {
        <section class="meter-outliers" aria-labelledby="outliers">
            <h2 id="outliers">
                {words::OUTLIERS} " " <span class="note">{alone}</span>
            </h2>
            <div class="scroll" tabindex="0" role="group" aria-label=words::OUTLIERS>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words::TIME}</th>
                            <th scope="col">{words::FIELD}</th>
                            <th scope="col" class="num">{words::SHOWED}</th>
                            <th scope="col">{words::TAKEN_AS}</th>
                            <th scope="col">
                                <span class="sr">{words::CORRECT}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{page.outliers.iter().map(row).collect::<Html>()}</tbody>
                </table>
            </div>
            {Downloads::of(&page.shown).offer("outliers", || data(page))}
            {more}
        </section>
    })
}

fn taken(reading: Reading) -> (Shape, Text) {
    match reading {
        Reading::Outlier => (said(reading).0, words::DOES_NOT_FIT),
        decided => said(decided),
    }
}

/// The table as data, for files.
fn data(page: &MeterPeriod) -> Table {
    let heads = [words::TIME, words::FIELD, words::SHOWED, UNIT, words::TAKEN_AS];
    let row = |row: &OutlierRow| {
        vec![
            Value::Time(row.at),
            Value::text(of_field(row.field)),
            Value::Number(row.value, 3),
            Value::text(row.field.unit()),
            Value::text(taken(row.reading).1),
        ]
    };
    let rows = page.outliers.iter().map(row).collect();
    Downloads::of(&page.shown).table(words::OUTLIERS, heads.map(Column::new).into(), rows)
}

/// A value of a reading about which somebody may decide.
pub(super) struct Decidable<'a> {
    pub(super) at: DateTime<Utc>,
    /// Its JSON name.
    pub(super) field: &'a str,
    pub(super) value: f64,
}

/// Lets a value count, leaves it out, or takes back what a person said.
pub(super) fn decide(meter: MeterId, of: &Decidable<'_>, taken: Reading) -> Html {
    let opposite = if taken.is_left_out() {
        ("count-reading", words::COUNT_IT)
    } else {
        ("leave-out-reading", words::LEAVE_IT_OUT)
    };
    let is_decided = matches!(taken, Reading::Accepted | Reading::Rejected);
    let undo = is_decided.then_some(("undo-reading", words::UNDO));
    let form = |(act, text): (&'static str, Text)| {
        html! {
            <form class="act" action=send(act)>
                {hidden("meter", meter.to_string())}
                {hidden("at", encoded(of.at))}
                {hidden("field", of.field.to_owned())}
                {hidden("value", of.value.to_string())}
                <button type="submit" class="button">
                    {text}
                </button>
            </form>
        }
    };
    std::iter::once(opposite).chain(undo).map(form).collect()
}

/// An instant as it stands in an address.
pub(super) fn encoded(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reading_can_be_counted_left_out_or_left_undecided() {
        let (count, leave) = (("count-reading", "Count it"), ("leave-out-reading", "Leave it out"));
        let undo = ("undo-reading", "Undo");
        let cases = [
            (Reading::Outlier, &[count][..], "left out: does not fit this register"),
            (Reading::Rejected, &[count, undo], "left out: a person said that it does not count"),
            (Reading::Accepted, &[leave, undo], "counted: a person said that it counts"),
            (Reading::Start, &[leave], "start of the period"),
        ];
        for (reading, forms, word) in cases {
            let of = Decidable { at: DateTime::UNIX_EPOCH, field: "totalEnergyKwh", value: 1234.5 };
            let html = decide(MeterId(7), &of, reading);
            let html = html.into_string();
            assert_eq!(html.matches("<form").count(), forms.len(), "{reading:?}: {html}");
            for (act, text) in forms {
                let action = format!("action=\"/act/{act}\"");
                let from = html.find(&action).expect(act);
                let form = html[from..].split("</form>").next().unwrap_or_default();
                let fields = [
                    "name=\"meter\" value=\"7\"",
                    "value=\"totalEnergyKwh\"",
                    "value=\"1970-01-01T",
                    "name=\"value\" value=\"1234.5\"",
                    text,
                ];
                for part in fields {
                    assert!(form.contains(part), "{reading:?}: {part}: {form}");
                }
            }
            assert_eq!(said(reading).1.get(), word);
        }
    }
}
