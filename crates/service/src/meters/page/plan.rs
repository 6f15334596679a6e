//! Where the meters of a site hang.

use std::collections::HashMap;

use domain::MeterId;
use domain::live::MeterLive;
use domain::meters::view::plan::{MOST_MARKERS, Marker, PlanPage};

use crate::losses::page::Losses;
use crate::losses::power_loss::LossView;
use crate::pages::{Query, look, shown};
use crate::{Action, Error, Principal, Service};

/// The plan of a site, with the power of now and the losses of the period.
pub async fn plan(service: &Service, who: &Principal, query: &Query) -> Result<PlanPage, Error> {
    let shown = shown(service, who, Action::See, query).await?;
    let losses = Losses::load(service, &shown, shown.window).await?;
    let of_node: HashMap<MeterId, &LossView> =
        losses.views.iter().map(|view| (view.parent_id, view)).collect();
    let live: HashMap<MeterId, MeterLive> = look(service.live(), shown.site.id, |live| {
        live.values().iter().map(|value| (value.id, value.clone())).collect()
    })?;
    let mut markers = Vec::new();
    let mut without = Vec::new();
    let meters = losses.figures.tree().meters().iter();
    for meter in meters.filter(|meter| meter.retired_at.is_none()) {
        // Half a place is none.
        let Some(at) = meter.latitude.zip(meter.longitude) else {
            without.push((meter.id, meter.name.clone()));
            continue;
        };
        let value = live.get(&meter.id);
        let loss = of_node.get(&meter.id).map(|it| (it.loss_kwh, it.loss_percent, it.verdict));
        markers.push(Marker {
            id: meter.id,
            name: meter.name.clone(),
            kind: meter.meter_type.source_kind(),
            parent: meter.parent,
            at,
            power_kw: value.and_then(|value| value.power_kw),
            status: value.map(|value| value.status).unwrap_or_default(),
            loss,
        });
    }
    let power = |marker: &Marker| marker.power_kw.unwrap_or(0.0);
    markers.sort_by(|a, b| power(b).total_cmp(&power(a)));
    let too_many = markers.len().saturating_sub(MOST_MARKERS);
    markers.truncate(MOST_MARKERS);
    Ok(PlanPage { shown, markers, too_many, without })
}
