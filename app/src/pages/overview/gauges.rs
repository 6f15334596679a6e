//! The five gauges of today.

use domain::live::{Gauge as Values, Snapshot};
use domain::meters::SourceKind;
use domain::overview::{clock, money};
use markup::{Html, html};
use rust_decimal::Decimal;

use super::gauge::{Gauge, Worse};
use texts::figures;
use texts::language::{self, Text};
use texts::time::hours_minutes;
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
        Gauge {
            label: words::CONSUMPTION,
            unit: "kWh",
            class: "fill-load",
            worse: Worse::High,
            format: figures::about,
            scale_format: whole,
            values: all.consumption_kwh,
            is_today: true,
            side: change(all.consumption_kwh),
        },
        Gauge {
            label: words::LOSS,
            unit: "%",
            class: "fill-loss",
            worse: Worse::High,
            format: tenth,
            scale_format: tenth,
            values: all.loss_percent,
            is_today: true,
            side: amount(all.loss_kwh, "kWh"),
        },
        Gauge {
            label: words::DG_RUNTIME,
            unit: "h",
            class: "fill-diesel",
            worse: Worse::High,
            format: hours_minutes,
            scale_format: hours_minutes,
            values: all.dg_runtime_hours,
            is_today: true,
            side: metered(SourceKind::Diesel, words::NO_GENERATOR, diesel(now)),
        },
        Gauge {
            label: words::SOLAR_SHARE,
            unit: "%",
            class: "fill-solar",
            worse: Worse::Low,
            format: tenth,
            scale_format: tenth,
            values: all.solar_share_percent,
            is_today: true,
            side: metered(SourceKind::Solar, words::NO_SOLAR, amount(all.solar_kwh, "kWh")),
        },
        Gauge {
            label: words::NET_CARBON,
            unit: words::CARBON_UNIT,
            class: "fill-carbon",
            worse: Worse::High,
            format: figures::about,
            scale_format: whole,
            values: all.net_carbon_kg,
            is_today: true,
            side: change(all.net_carbon_kg),
        },
    ];
    let until = clock(&now.site, now.whole.until.unwrap_or(now.at));
    html! {
        <section class="gauges" aria-label=words::GAUGES>
            <ul>{gauges.map(Gauge::draw)}</ul>
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

pub(super) fn whole(value: f64) -> String {
    figures::fixed(value, 0)
}

pub(super) fn tenth(value: f64) -> String {
    figures::fixed(value, 1)
}
