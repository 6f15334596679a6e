//! What people entered about the readings of a meter, and what waits for a decision.

mod effect;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use domain::meters::{ImportRegister, Meter, MeterAddress};
use domain::operation::request::FormRefusal;
use domain::sites::clock;
use domain::view::PeriodContext;
use domain::{Field, MeterId};

pub use effect::{CorrectionEffect, effect};

use super::known;
use crate::energy::quarantine;
use crate::energy::quarantine::StepView;
use crate::meters::exchanges;
use crate::meters::exchanges::ExchangeView;
use crate::pages::{Query, shown_of};
use crate::readings::corrections;
use crate::readings::corrections::CorrectionView;
use crate::{Action, Core, Error, Principal, Service};

/// Exchanges, corrections and steps in quarantine, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrectionsPage {
    /// The period and its site.
    pub shown: PeriodContext,
    pub id: MeterId,
    pub name: String,
    pub exchanges: Vec<ExchangeView>,
    pub corrections: Vec<CorrectionView>,
    pub quarantine: Vec<StepView>,
    /// The reading that can be corrected; none where there is none.
    pub reading: Option<CorrectableReading>,
}

/// How far from a time the reading may lie that is meant by it.
const REACH: TimeDelta = TimeDelta::days(31);

/// A stored reading with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrectableReading {
    pub at: DateTime<Utc>,
    /// The values, registers of energy first.
    pub values: Vec<CorrectableValue>,
    /// The field that is most likely meant: the register that energy is counted by.
    pub usual: Field,
}

/// A value of a stored reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CorrectableValue {
    pub field: Field,
    /// As it came.
    pub stored: f64,
    /// The value that counts: a correction takes its place, and none is left where it was struck out.
    pub counted: Option<f64>,
}

/// Everything of a meter, whatever the period; none where there is no such meter.
pub async fn entered(
    service: &Service,
    who: &Principal,
    id: MeterId,
    query: &Query,
) -> Result<Option<CorrectionsPage>, Error> {
    who.require_somewhere(Action::See)?;
    let Some(meter) = known(service, who, id) else { return Ok(None) };
    let shown = shown_of(service, &meter, query).await?;
    let address = MeterAddress::from(id);
    let mut exchanges = exchanges::list(service, who, &address).await?;
    let mut corrections = corrections::list(service, who, &address).await?;
    exchanges.reverse();
    corrections.reverse();
    let quarantine = quarantine::list(service, who, None, Some(&address), None).await?;
    let asked = asked_time(&shown, query)?.unwrap_or(shown.now.min(shown.window.to));
    let reading = reading(service, &meter, asked).await?;
    Ok(Some(CorrectionsPage {
        id,
        name: meter.name,
        exchanges,
        corrections,
        quarantine,
        reading,
        shown,
    }))
}

/// The time of the reading that an address asks for: exactly as `reading`, or as the site's clock shows it as `time`.
fn asked_time(shown: &PeriodContext, query: &Query) -> Result<Option<DateTime<Utc>>, Error> {
    if let Some(text) = query.get("reading") {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| no_time("reading", text))?;
        return Ok(Some(at.to_utc()));
    }
    let Some(text) = query.get("time") else { return Ok(None) };
    let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
    let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let local = local.ok_or_else(|| no_time("time", text))?;
    // A field for times shows whole seconds; a reading within that second is meant.
    Ok(Some(clock::instant(shown.site.zone, local) + TimeDelta::microseconds(999_999)))
}

fn no_time(field: &str, text: &str) -> Error {
    Error::invalid(field, FormRefusal::NoTime { text: text.to_owned() })
}

/// The last reading at an instant or before, else the first one after it.
async fn reading(
    core: &Core,
    meter: &Meter,
    asked: DateTime<Utc>,
) -> Result<Option<CorrectableReading>, Error> {
    let (pool, id) = (core.pool(), meter.id);
    let until = asked + TimeDelta::microseconds(1);
    let mut found = storage::readings::last(pool, id, asked - REACH, until, 1).await?;
    if found.is_empty() {
        found = storage::readings::page(pool, id, until, asked + REACH, None, 1).await?;
    }
    let Some(found) = found.pop() else { return Ok(None) };
    let at = found.at;
    let until = at + TimeDelta::microseconds(1);
    let corrections = storage::readings::corrections::of(pool, &[id], at, until).await?;
    let value = |(field, stored): (Field, f64)| CorrectableValue {
        field,
        stored,
        counted: corrections
            .iter()
            .find(|correction| correction.field == field)
            .map_or(Some(stored), |correction| correction.value),
    };
    let mut values: Vec<CorrectableValue> = found.values.present().map(value).collect();
    let learned = storage::energy::registers::of(pool, &[id]).await?.remove(&id);
    let register = meter.import_register.or(learned.and_then(|learned| learned.import_register));
    let register = match register {
        Some(ImportRegister::Total) => Field::TotalEnergyKwh,
        Some(ImportRegister::Import) | None => Field::EnergyImportKwh,
    };
    let first = [register, Field::EnergyImportKwh, Field::TotalEnergyKwh, Field::EnergyExportKwh];
    let rank = |field| first.iter().position(|first| *first == field).unwrap_or(first.len());
    values.sort_by_key(|value| rank(value.field));
    let usual = values.first().map(|value| value.field);
    Ok(usual.map(|usual| CorrectableReading { at, values, usual }))
}
