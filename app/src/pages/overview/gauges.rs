//! The five gauges of today.

use domain::live::{Gauge as Values, Gauges as All};
use domain::meters::SourceKind;
use leptos::prelude::*;

use texts::figures;
use texts::time::hours_minutes;
use texts::words::overview as words;
use ui::components::erased_view::{Erase as _, ErasedView};
use ui::components::figure::change_percent;
use ui::components::gauge::{Kind, Worse, gauge};
use ui::components::reactive::text;
use ui::live::Live;

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
    needs: None,
};
const LOSS: Kind = Kind {
    label: words::LOSS,
    unit: "%",
    class: "fill-loss",
    worse: Worse::High,
    format: tenth,
    scale_format: tenth,
    needs: None,
};
const RUNTIME: Kind = Kind {
    label: words::DG_RUNTIME,
    unit: "h",
    class: "fill-diesel",
    worse: Worse::High,
    format: hours_minutes,
    scale_format: hours_minutes,
    needs: Some((SourceKind::Diesel, words::NO_GENERATOR)),
};
const SOLAR: Kind = Kind {
    label: words::SOLAR_SHARE,
    unit: "%",
    class: "fill-solar",
    worse: Worse::Low,
    format: tenth,
    scale_format: tenth,
    needs: Some((SourceKind::Solar, words::NO_SOLAR)),
};
const CARBON: Kind = Kind {
    label: words::NET_CARBON,
    unit: words::CARBON_UNIT,
    class: "fill-carbon",
    worse: Worse::High,
    format: figures::about,
    scale_format: whole,
    needs: None,
};

fn change(values: Values) -> String {
    change_percent(values.value, values.yesterday).unwrap_or_default()
}

fn amount(value: Option<f64>, unit: &str) -> String {
    value.map(|value| format!("{} {unit}", figures::about(value))).unwrap_or_default()
}

#[component]
pub(super) fn Gauges(live: Live) -> impl IntoView {
    let one =
        move |kind: Kind, values: fn(&All) -> Values, side: fn(&All) -> String| -> ErasedView {
            let values = Memo::new(move |_| live.gauges.with(values));
            let side = move || match kind.needs {
                Some((source, without)) if !live.cards.read().iter().any(|c| c.kind == source) => {
                    without.into()
                }
                _ => live.gauges.with(side),
            };
            gauge(kind, values, text(side))
        };
    let note = text(move || {
        let until = live.whole.read().until;
        let now = live.clock().minute(until.unwrap_or_else(|| live.status.at.get()));
        words::gauge_note(&now, live.gauges.read().normal_days)
    });
    view! {
        <section class="gauges" aria-label=words::GAUGES>
            <ul>
                {one(CONSUMPTION, |all| all.consumption_kwh, |all| change(all.consumption_kwh))}
                {one(LOSS, |all| all.loss_percent, |all| amount(all.loss_kwh, "kWh"))}
                {one(RUNTIME, |all| all.dg_runtime_hours, |all| amount(all.dg_litres, "L"))}
                {one(SOLAR, |all| all.solar_share_percent, |all| amount(all.solar_kwh, "kWh"))}
                {one(CARBON, |all| all.net_carbon_kg, |all| change(all.net_carbon_kg))}
            </ul>
            <p class="note gauges-note">{note}</p>
        </section>
    }
    .erased()
}
