//! The five gauges of today.

use domain::figures;
use domain::live::Gauge as Values;
use leptos::prelude::*;

use crate::components::figure::change_percent;
use crate::components::gauge::{Gauge, Worse};
use crate::components::lean::{AtOnce as _, text};
use crate::live::Live;
use crate::time::hours_minutes;
use crate::words::overview as words;

#[component]
pub(super) fn Gauges(live: Live) -> impl IntoView {
    let gauges = live.gauges;
    let consumption = Memo::new(move |_| gauges.read().consumption_kwh);
    let loss = Memo::new(move |_| gauges.read().loss_percent);
    let runtime = Memo::new(move |_| gauges.read().dg_runtime_hours);
    let solar = Memo::new(move |_| gauges.read().solar_share_percent);
    let carbon = Memo::new(move |_| gauges.read().net_carbon_kg);
    let change = |values: Memo<Values>| {
        Signal::derive(move || change_percent(values.get().value, values.get().yesterday))
    };
    let amount = |read: fn(&domain::live::Gauges) -> Option<f64>, unit: &'static str| {
        Signal::derive(move || {
            gauges.with(read).map(|value| format!("{} {unit}", figures::about(value)))
        })
    };
    let note = text(move || {
        let now = live.clock().minute(live.at.get());
        let with_normal = [consumption, loss, runtime, solar, carbon];
        words::gauge_note(&now, with_normal.iter().any(|g| g.get().normal.is_some()))
    });
    let whole = |value| figures::fixed(value, 0);
    let tenth = |value| figures::fixed(value, 1);
    view! {
        <section class="gauges" aria-label=words::GAUGES>
            <ul>
                <Gauge
                    label=words::CONSUMPTION
                    unit="kWh"
                    class="fill-load"
                    worse=Worse::High
                    values=consumption
                    format=figures::about
                    scale_format=whole
                    side=change(consumption)
                />
                <Gauge
                    label=words::LOSS
                    unit="%"
                    class="fill-loss"
                    worse=Worse::High
                    values=loss
                    format=tenth
                    scale_format=tenth
                    side=amount(|g| g.loss_kwh, "kWh")
                />
                <Gauge
                    label=words::DG_RUNTIME
                    unit="h"
                    class="fill-diesel"
                    worse=Worse::High
                    values=runtime
                    format=hours_minutes
                    scale_format=hours_minutes
                    side=amount(|g| g.dg_litres, "L")
                />
                <Gauge
                    label=words::SOLAR_SHARE
                    unit="%"
                    class="fill-solar"
                    worse=Worse::Low
                    values=solar
                    format=tenth
                    scale_format=whole
                    side=amount(|g| g.solar_kwh, "kWh")
                />
                <Gauge
                    label=words::NET_CARBON
                    unit=words::CARBON_UNIT
                    class="fill-carbon"
                    worse=Worse::High
                    values=carbon
                    format=figures::about
                    scale_format=whole
                    side=change(carbon)
                />
            </ul>
            <p class="note gauges-note">{note}</p>
        </section>
    }
    .at_once()
}
