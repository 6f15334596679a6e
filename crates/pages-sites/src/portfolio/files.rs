//! The tables of all sites as data, for files.

use domain::losses::balance::Verdict;
use domain::overview::portfolio::{Compared, PortfolioPage, SiteState};
use tables::{Column, Table, Value};
use texts::language;
use texts::words::overview::CHANGE;
use texts::words::period::capital;
use texts::words::portfolio::{self as words, compare};
use ui::drawing::files::Downloads;
use ui::drawing::parts::verdict;

use super::compare::share;

pub(super) fn now(page: &PortfolioPage) -> Downloads<'_> {
    Downloads::of_site(&page.shown.site, page.shown.now).of_all_sites()
}

pub(super) fn period(page: &PortfolioPage) -> Downloads<'_> {
    Downloads::of(&page.shown).of_all_sites()
}

pub(super) fn sites(page: &PortfolioPage) -> Table {
    let columns = vec![
        Column::new(words::SITE),
        Column::new(words::BUILDING),
        Column::in_unit(words::POWER, "kW"),
        Column::in_unit(words::LOSS, "kW"),
        Column::in_unit(words::LOSS, "± kW"),
        Column::in_unit(words::LOSS, "%"),
        Column::new(texts::words::losses::VERDICT),
        Column::in_unit(words::TODAY, "kWh"),
        Column::in_unit(words::SOLAR, "%"),
        Column::in_unit(words::CARBON, "kg"),
        Column::in_unit(words::COVERAGE, "%"),
        Column::new(words::ALARMS),
        Column::new(words::NEWEST),
    ];
    let rows = page.sites.iter().flat_map(|row| rows_of_site(&row.state)).collect();
    now(page).table(words::TITLE, columns, rows)
}

fn rows_of_site(site: &SiteState) -> Vec<Vec<Value>> {
    let tenths = |value: Option<f64>| Value::number(value, 1);
    let said =
        |found: Option<Verdict>| Value::from(found.map(|found| String::from(verdict(found).1)));
    let time = |at: Option<_>| at.map_or(Value::Unknown, Value::Time);
    let of = &site.standing;
    let whole = vec![
        Value::text(&site.name),
        Value::Unknown,
        tenths(of.power_in_kw),
        tenths(of.loss_kw),
        tenths(of.error_kw),
        tenths(of.loss_percent),
        said(of.verdict),
        tenths(of.today_kwh),
        tenths(of.solar_share_percent),
        tenths(of.net_carbon_kg),
        tenths(of.coverage.map(|share| share * 100.0)),
        Value::count(of.open_alarms),
        time(of.newest_at),
    ];
    let buildings = site.buildings.iter().map(|of| {
        vec![
            Value::text(&site.name),
            Value::text(&of.name),
            tenths(of.power_in_kw),
            tenths(of.loss_kw),
            tenths(of.error_kw),
            tenths(of.loss_percent),
            said(of.verdict),
            tenths(of.today_kwh),
            Value::Unknown,
            Value::Unknown,
            Value::Unknown,
            Value::count(of.open_alarms),
            time(of.newest_at),
        ]
    });
    std::iter::once(whole).chain(buildings).collect()
}

pub(super) fn compared(page: &PortfolioPage) -> Table {
    let shown = &page.shown;
    let compares = shown.period.compares();
    let mut columns = vec![
        Column::new(words::SITE),
        Column::in_unit(compare::ENERGY, "kWh"),
        Column::in_unit(compare::LOSS, "kWh"),
        Column::in_unit(compare::LOSS, "± kWh"),
        Column::in_unit(compare::SHARE, "%"),
        Column::in_unit(compare::COVERAGE, "%"),
    ];
    if compares {
        let before = capital(&shown.period.before_label(shown.today(), language::now()));
        columns.extend([
            Column::in_unit(before, "kWh"),
            Column::in_unit(CHANGE, "%"),
            Column::in_unit(compare::LOSS_CHANGE, "kWh"),
        ]);
    }
    let row = |side: &Compared| {
        let tenths = |value: Option<f64>| Value::number(value, 1);
        let loss = side.loss.as_ref();
        let lost = loss.and_then(|loss| loss.kwh);
        let mut row = vec![
            Value::text(&side.name),
            tenths(side.energy.map(|(energy, _)| energy)),
            tenths(lost),
            tenths(loss.filter(|_| lost.is_some()).map(|loss| loss.error_kwh)),
            tenths(share(side).map(|(part, _)| part)),
            tenths(side.energy.map(|(_, coverage)| coverage * 100.0)),
        ];
        if compares {
            let before = side.before.as_ref();
            let energy = before.and_then(|before| before.energy);
            let change = loss.zip(before.and_then(|before| before.loss.as_ref()));
            let change = change.and_then(|(now, before)| now.change_from(before));
            row.extend([
                tenths(energy.map(|(energy, _)| energy)),
                tenths(side.change_percent()),
                tenths(change.map(|change| change.kwh)),
            ]);
        }
        row
    };
    period(page).table(compare::TITLE, columns, page.compared.iter().map(row).collect())
}
