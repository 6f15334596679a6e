//! What stays as it is when the energy of a meter is computed again.

use domain::message::{Message, Sentences};
use domain::meters::Meter;
use domain::meters::register::Stays;
use domain::month::Month;
use domain::{MeterId, SiteId};
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::PgConnection;

use crate::Error;

/// What stays as it is when energy is computed again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// Months with days whose readings are no longer kept: these stay as they were computed.
    pub frozen_months: Vec<Month>,
    /// Issued bills: they stay as they were issued, until somebody credits them.
    pub issued_bills: Vec<IssuedBill>,
    /// The same as a sentence; null where nothing stays.
    pub sentence: Option<String>,
}

/// A bill that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IssuedBill {
    /// Its month.
    pub month: Month,
    /// Its number.
    pub number: String,
}

/// Whether two states of a meter count by different rules.
pub(super) fn count_otherwise(before: &Meter, after: &Meter) -> bool {
    let rules = |meter: &Meter| {
        let register = (meter.register_modulus_kwh, meter.register_step_kwh, meter.import_register);
        (register, meter.rated_power_kw, meter.phase_type, meter.diesel_register)
    };
    rules(before) != rules(after)
}

/// What of a meter stays as it is when its energy is computed again.
pub(super) async fn kept(
    db: &mut PgConnection,
    site: SiteId,
    meter: MeterId,
) -> Result<Kept, Error> {
    let site = storage::sites::by_id(&mut *db, site).await?.ok_or_else(|| Error::no_site(site))?;
    let frozen = storage::recount::kept_months(&mut *db, meter, site.zone.name()).await?;
    let bills = storage::recount::issued_bills(&mut *db, meter).await?;
    let frozen_months: Vec<Month> = frozen.into_iter().map(Month::of).collect();
    let issued_bills: Vec<IssuedBill> = bills
        .into_iter()
        .map(|(month, number)| IssuedBill { month: Month::of(month), number })
        .collect();
    let months = frozen_months.first().zip(frozen_months.last());
    let months = months.map(|(&first, &last)| Stays::Days { first, last });
    let bills = issued_bills.first().zip(issued_bills.last()).map(|(first, last)| Stays::Bills {
        count: issued_bills.len(),
        first: first.number.clone(),
        last: last.number.clone(),
    });
    let stays: Vec<Message> = months.into_iter().chain(bills).map(Message::from).collect();
    let sentence = (!stays.is_empty()).then(|| Sentences(stays).to_string());
    Ok(Kept { frozen_months, issued_bills, sentence })
}
