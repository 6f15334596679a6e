//! Readings that do not fit their register or what is possible: rings in the chart, and a table in which a person decides
//! about each.

use super::registers::said;
use crate::parts::{button, heading, note, ring};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::MeterId;
use domain::meters::view::meter::{MeterPeriod, OutlierRow, Reading};
use markup::{Html, html};
use service::Action;
use service::energy::outliers::Decided;
use tables::{Rows, Table, Value};
use texts::figures;
use texts::language::Text;
use texts::words::alarms::UNIT;
use texts::words::energy as words;
use texts::words::history::of_field;
use ui::drawing::parts::plot::Axis;
use ui::drawing::parts::{Clock, mark};
use ui::drawing::{Downloads, Shape, may};
use ui::kit;

/// Rings at the foot of the chart: such a figure has no place on its axis.
pub(super) fn rings(page: &MeterPeriod, axis: Axis) -> Html {
    let out = page.outliers.iter().filter(|row| row.reading.is_left_out());
    out.map(|row| ring(axis.percent(row.at), "97%")).collect()
}

/// Nothing for a meter whose readings all fit.
pub(super) fn table(page: &MeterPeriod) -> Option<Html> {
    if page.outliers.is_empty() {
        return None;
    }
    let clock = Clock(&page.shown);
    let taken = |row: &OutlierRow| {
        let (shape, word) = taken(row.reading);
        html! { {mark(shape)} " " {word} }
    };
    let decide = |row: &OutlierRow| {
        let field = row.field.json().to_owned();
        let of = Decided { timestamp: row.at, field, value: row.value };
        may(Action::Operate).then(|| decide(page.id, &of, row.reading))
    };
    let rows = kit::Rows::of(&page.outliers)
        .column(words::TIME, |row| format!("{} {}", clock.day(row.at), clock.second(row.at)))
        .column(words::FIELD, |row| of_field(row.field))
        .column(kit::Column::of_figures(words::SHOWED).cells("mono"), |row| {
            format!("{} {}", figures::fixed(row.value, 2), row.field.unit())
        })
        .column(kit::Column::new(words::TAKEN_AS).cells("col-said"), taken)
        .column(kit::Column::unnamed(words::CORRECT).cells("col-act"), decide);
    let alone = page.shown.period.compares().then_some(words::ALONE);
    let more = (page.more_outliers > 0).then(|| note(words::more_outliers(page.more_outliers)));
    Some(html! {
        <section class="meter-outliers" aria-labelledby="outliers">
            {heading(Some("outliers"), words::OUTLIERS, alone)}
            {rows.scrolled(words::OUTLIERS, "")}
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

fn data(page: &MeterPeriod) -> Table {
    let rows = Rows::of(&page.outliers)
        .cell(words::TIME, |row| Value::Time(row.at))
        .text(words::FIELD, |row| of_field(row.field))
        .figure(words::SHOWED, 3, |row| row.value)
        .text(UNIT, |row| row.field.unit())
        .text(words::TAKEN_AS, |row| taken(row.reading).1);
    Downloads::of(&page.shown).rows(words::OUTLIERS, rows)
}

/// Lets a value count, leaves it out, or takes back what a person said.
pub(super) fn decide(meter: MeterId, of: &Decided, taken: Reading) -> Html {
    let opposite = if taken.is_left_out() {
        ("count-reading", words::COUNT_IT)
    } else {
        ("leave-out-reading", words::LEAVE_IT_OUT)
    };
    let is_decided = matches!(taken, Reading::Accepted | Reading::Rejected);
    let undo = is_decided.then_some(("undo-reading", words::UNDO));
    let form = |(act, text): (&'static str, Text)| {
        let (at, field, value) = (encoded(of.timestamp), of.field.clone(), of.value.to_string());
        let fields = [("meter", meter.to_string()), ("at", at), ("field", field), ("value", value)];
        button("act", act, fields, text)
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
            let (timestamp, field) = (DateTime::UNIX_EPOCH, "totalEnergyKwh".to_owned());
            let of = Decided { timestamp, field, value: 1234.5 };
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
