//! The five gauges of today.

use crate::figures;
use domain::live::Gauge as Values;
use leptos::prelude::*;

use crate::components::figure::change_percent;
use crate::components::gauge::{Kind, Worse, gauge};
use crate::components::lean::{piece, text};
use crate::components::whole::AtOnce as _;
use crate::live::Live;
use crate::time::hours_minutes;
use crate::words::overview as words;

fn whole(value: f64) -> String {
    figures::fixed(value, 0)
}

fn tenth(value: f64) -> String {
    figures::fixed(value, 1)
}

const CONSUMPTION: Kind = Kind {
    label: words::CONSUMPTION,
    unit: "kWh",
    class: "fill-load",
    worse: Worse::High,
    format: figures::about,
    scale_format: whole,
};
const LOSS: Kind = Kind {
    label: words::LOSS,
    unit: "%",
    class: "fill-loss",
    worse: Worse::High,
    format: tenth,
    scale_format: tenth,
};
const RUNTIME: Kind = Kind {
    label: words::DG_RUNTIME,
    unit: "h",
    class: "fill-diesel",
    worse: Worse::High,
    format: hours_minutes,
    scale_format: hours_minutes,
};
const SOLAR: Kind = Kind {
    label: words::SOLAR_SHARE,
    unit: "%",
    class: "fill-solar",
    worse: Worse::Low,
    format: tenth,
    scale_format: whole,
};
const CARBON: Kind = Kind {
    label: words::NET_CARBON,
    unit: words::CARBON_UNIT,
    class: "fill-carbon",
    worse: Worse::High,
    format: figures::about,
    scale_format: whole,
};

#[component]
pub(super) fn Gauges(live: Live) -> impl IntoView {
    let gauges = piece(move || {
        let all = live.gauges.read();
        let change = |values: &Values| change_percent(values.value, values.yesterday);
        let amount = |value: Option<f64>, unit: &str| {
            value.map(|value| format!("{} {unit}", figures::about(value)))
        };
        [
            gauge(CONSUMPTION, &all.consumption_kwh, change(&all.consumption_kwh)),
            gauge(LOSS, &all.loss_percent, amount(all.loss_kwh, "kWh")),
            gauge(RUNTIME, &all.dg_runtime_hours, amount(all.dg_litres, "L")),
            gauge(SOLAR, &all.solar_share_percent, amount(all.solar_kwh, "kWh")),
            gauge(CARBON, &all.net_carbon_kg, change(&all.net_carbon_kg)),
        ]
        .into_iter()
        .collect_view()
    });
    let note = text(move || {
        let now = live.clock().minute(live.at.get());
        let all = live.gauges.read();
        let with_normal = [
            all.consumption_kwh,
            all.loss_percent,
            all.dg_runtime_hours,
            all.solar_share_percent,
            all.net_carbon_kg,
        ];
        words::gauge_note(&now, with_normal.iter().any(|gauge| gauge.normal.is_some()))
    });
    view! {
        <section class="gauges" aria-label=words::GAUGES>
            <ul>{gauges}</ul>
            <p class="note gauges-note">{note}</p>
        </section>
    }
    .at_once()
}
