//! The five gauges of today.

use domain::live::{Gauge as Values, Snapshot};
use domain::meters::SourceKind;
use domain::overview::comparison::Figure;
use domain::overview::{clock, money};
use markup::{Html, html};
use rust_decimal::Decimal;

use super::gauge::Gauge;
use texts::figures;
use texts::language::{self, Text};
use texts::words::overview as words;
use ui::components::figure::change_percent;

pub(super) fn draw(now: &Snapshot) -> Html {
    let all = &now.gauges;
    let change = |of: Values| change_percent(of.value, of.yesterday);
    let amount =
        |of: Option<f64>, unit| of.map(|value| format!("{} {unit}", figures::about(value)));
    let metered = |kind: SourceKind, without: Text, amount| {
        if now.meters.iter().any(|card| card.kind == kind) { amount } else { Some(without.into()) }
    };
    let gauges = [
        (Figure::Input, words::CONSUMPTION, all.consumption_kwh, change(all.consumption_kwh)),
        (Figure::LossShare, words::LOSS, all.loss_percent, amount(all.loss_kwh, "kWh")),
        (
            Figure::DieselHours,
            words::DG_RUNTIME,
            all.dg_runtime_hours,
            metered(SourceKind::Diesel, words::NO_GENERATOR, diesel(now)),
        ),
        (
            Figure::SolarShare,
            words::SOLAR_SHARE,
            all.solar_share_percent,
            metered(SourceKind::Solar, words::NO_SOLAR, amount(all.solar_kwh, "kWh")),
        ),
        (Figure::NetCarbon, words::NET_CARBON, all.net_carbon_kg, change(all.net_carbon_kg)),
    ];
    let gauges = gauges
        .map(|(figure, label, values, side)| Gauge::of(figure, (label, true), values, side).draw());
    let until = clock(&now.site, now.whole.until.unwrap_or(now.at));
    html! {
        <section class="gauges" aria-label=words::GAUGES>
            <ul>{gauges}</ul>
            <p class="note gauges-note">{words::gauge_note(&until, all.normal_days)} {diesel_rate(now)}</p>
        </section>
    }
}

/// Litres of today, and their cost where diesel has a price.
fn diesel(now: &Snapshot) -> Option<String> {
    let litres = format!("{} L", figures::about(now.gauges.dg_litres?));
    Some(match now.gauges.dg_cost {
        Some(cost) => format!("{litres}, {}", price(now, cost)),
        None => litres,
    })
}

/// Cost of a kWh that the generators gave today; none where they gave none, or diesel has no price.
fn diesel_rate(now: &Snapshot) -> Option<String> {
    let cost = price(now, now.gauges.dg_cost_per_kwh?);
    Some(format!(" {}", words::diesel_rate(&cost)))
}

fn price(now: &Snapshot, amount: Decimal) -> String {
    language::now().marks(money(amount, &now.site.currency))
}
