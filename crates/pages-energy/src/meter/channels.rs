//! Channels as rows: phases side by side, each row with its worst quality and its oldest age.

use chrono::{DateTime, Utc};
use domain::meters::view::meter::ChannelValue;
use domain::{Field, Quality};
use markup::Html;
use texts::figures;
use texts::language::Text;
use texts::words::meter::channel as words;
use ui::kit;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Digits {
    /// About three significant digits, the same decimals along the row.
    About,
    Fixed(usize),
    /// Registers: as the meter gave it.
    Full,
}

/// A row: its name, the fields of L1, L2, L3 and the total.
pub(crate) type Definition = (Text, [Option<Field>; 4], Digits);

pub(crate) const fn phases(name: Text, [a, b, c]: [Field; 3], digits: Digits) -> Definition {
    (name, [Some(a), Some(b), Some(c), None], digits)
}

pub(crate) const fn total(name: Text, field: Field, digits: Digits) -> Definition {
    (name, [None, None, None, Some(field)], digits)
}

pub(crate) const ACTIVE_POWER: [Option<Field>; 4] = [
    Some(Field::ActivePowerL1Kw),
    Some(Field::ActivePowerL2Kw),
    Some(Field::ActivePowerL3Kw),
    Some(Field::ActivePowerKw),
];
const REACTIVE_POWER: [Option<Field>; 4] = [
    Some(Field::ReactivePowerL1Kvar),
    Some(Field::ReactivePowerL2Kvar),
    Some(Field::ReactivePowerL3Kvar),
    Some(Field::ReactivePowerKvar),
];
pub(crate) const VOLTAGES: [Field; 3] = [Field::VoltageL1, Field::VoltageL2, Field::VoltageL3];
const LINE_VOLTAGES: [Field; 3] = [Field::VoltageL12, Field::VoltageL23, Field::VoltageL31];
pub(crate) const CURRENTS: [Field; 3] = [Field::CurrentL1, Field::CurrentL2, Field::CurrentL3];

const ROWS: &[Definition] = &[
    phases(words::VOLTAGE, VOLTAGES, Digits::Fixed(1)),
    phases(words::VOLTAGE_LINE, LINE_VOLTAGES, Digits::Fixed(1)),
    phases(words::CURRENT, CURRENTS, Digits::About),
    (words::ACTIVE, ACTIVE_POWER, Digits::About),
    (words::REACTIVE, REACTIVE_POWER, Digits::About),
    total(words::APPARENT, Field::ApparentPowerKva, Digits::About),
    total(words::FACTOR, Field::PowerFactor, Digits::Fixed(2)),
    total(words::FREQUENCY, Field::FrequencyHz, Digits::Fixed(2)),
    total(words::ROCOF, Field::RocofHzS, Digits::Fixed(2)),
    total(words::TOTAL, Field::TotalEnergyKwh, Digits::Full),
    total(words::IMPORT, Field::EnergyImportKwh, Digits::Full),
    total(words::EXPORT, Field::EnergyExportKwh, Digits::Full),
    total(words::REACTIVE_IMPORT, Field::ReactiveEnergyImportKvarh, Digits::Full),
    total(words::REACTIVE_EXPORT, Field::ReactiveEnergyExportKvarh, Digits::Full),
    total(words::DIESEL, Field::DieselConsumptionLiters, Digits::Full),
    total(words::RUNTIME, Field::RuntimeHours, Digits::Full),
];

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChannelRow {
    pub(crate) name: Text,
    pub(crate) unit: &'static str,
    /// L1, L2, L3 and the total; empty where the meter gives none.
    pub(crate) cells: [Option<String>; 4],
    pub(crate) quality: Quality,
    pub(crate) at: DateTime<Utc>,
}

pub(super) fn rows(values: &[ChannelValue]) -> Vec<ChannelRow> {
    ROWS.iter().filter_map(|definition| row(definition, values)).collect()
}

/// A row; none where the meter gives nothing of it.
pub(crate) fn row(
    (name, fields, digits): &Definition,
    values: &[ChannelValue],
) -> Option<ChannelRow> {
    let find = |field| values.iter().find(|value| value.field == field);
    let found = fields.map(|field| field.and_then(find));
    let known = || found.iter().flatten();
    let quality = known().map(|value| value.quality).max()?;
    let at = known().map(|value| value.at).min()?;
    let places = known().map(|value| figures::places(value.value)).max().unwrap_or(0);
    let write = |value: f64| match digits {
        Digits::About => figures::fixed(value, places),
        Digits::Fixed(places) => figures::fixed(value, *places),
        Digits::Full => full(value),
    };
    let unit = fields.iter().flatten().next().map_or("", |field| field.unit());
    let cells = found.map(|value| value.map(|value| write(value.value)));
    Some(ChannelRow { name: *name, unit, cells, quality, at })
}

/// A table of rows, with their phases and the total beside each other.
pub(crate) fn by_phase<'a>(
    rows: &'a [ChannelRow],
    channel: impl Into<kit::Column>,
    total: Text,
    name: impl Fn(&'a ChannelRow) -> Html,
) -> kit::Rows<&'a ChannelRow> {
    let cell = |i: usize| move |row: &'a ChannelRow| row.cells[i].as_ref();
    kit::Rows::of(rows)
        .column(channel, name)
        .column(kit::Column::of_figures("L1"), cell(0))
        .column(kit::Column::of_figures("L2"), cell(1))
        .column(kit::Column::of_figures("L3"), cell(2))
        .column(kit::Column::of_figures(total).cells("total"), cell(3))
}

/// All decimals the meter gave, up to three.
fn full(value: f64) -> String {
    let places = (0..3)
        .find(|&places| {
            let factor = 10_f64.powi(places);
            ((value * factor).round() - value * factor).abs() < 1e-6 * factor
        })
        .unwrap_or(3);
    figures::fixed(value, usize::try_from(places).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(field: Field, value: f64, quality: Quality, second: i64) -> ChannelValue {
        ChannelValue {
            field,
            value,
            quality,
            at: DateTime::from_timestamp(1_763_543_764 + second, 0).unwrap(),
        }
    }

    #[test]
    fn phases_stand_in_one_row_with_the_worst_quality_and_the_oldest_age() {
        let rows = rows(&[
            value(Field::CurrentL1, 29.94, Quality::Good, 5),
            value(Field::CurrentL2, 9.2, Quality::Stale, 0),
        ]);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].cells, [Some("29.9".into()), Some("9.2".into()), None, None]);
        assert_eq!(rows[0].quality, Quality::Stale);
        assert_eq!(rows[0].at.timestamp(), 1_763_543_764);
        assert_eq!(rows[0].unit, "A");
    }

    #[test]
    fn every_field_has_a_row() {
        let shown: Vec<_> = ROWS.iter().flat_map(|(_, fields, _)| fields).flatten().collect();
        for field in Field::ALL {
            assert!(shown.contains(&field), "{field:?} is never shown");
        }
    }

    #[test]
    fn registers_are_shown_in_full() {
        assert_eq!(full(482_113.5), "482,113.5");
        assert_eq!(full(12.0), "12");
        assert_eq!(full(0.125), "0.125");
    }
}
