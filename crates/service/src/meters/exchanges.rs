//! Meter exchanges: where the registers of the old and the new meter stood.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::interval::Exchange;
use domain::meters::refusal::ExchangeRefusal;
use domain::meters::{ImportRegister, Meter, MeterAddress};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::meters::exchanges::Entered;

use crate::operation::clock;
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, resolve, sites, validity};

/// An exchange as it was entered.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeView {
    /// Its number.
    pub n: i64,
    /// The meter.
    pub meter_id: MeterId,
    /// When the meter was replaced.
    pub timestamp: DateTime<Utc>,
    /// Where the old register stood at last, kWh.
    pub old_final_kwh: f64,
    /// Where the new register began, kWh.
    pub new_initial_kwh: f64,
    /// The column that both figures are of: `import` is `energy_import_kwh`, `total` is `total_energy_kwh`.
    pub import_register: Option<ImportRegister>,
    /// Why, in words.
    pub reason: String,
    /// Since when it no longer counts; null while it does.
    pub undone_at: Option<DateTime<Utc>>,
}

impl ExchangeView {
    fn new(meter_id: MeterId, entered: Entered) -> Self {
        let Entered { n, exchange, reason, undone_at } = entered;
        Self {
            n,
            meter_id,
            timestamp: exchange.at,
            old_final_kwh: exchange.old_final_kwh,
            new_initial_kwh: exchange.new_initial_kwh,
            import_register: exchange.register,
            reason,
            undone_at,
        }
    }
}

/// An exchange to enter.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewExchange {
    /// When the meter was replaced.
    pub timestamp: DateTime<Utc>,
    /// Where the old register stood at last, kWh.
    pub old_final_kwh: f64,
    /// Where the new register began, kWh.
    pub new_initial_kwh: f64,
    /// The column that both figures are of, where a meter shows `energy_import_kwh` and
    /// `total_energy_kwh`; absent: the one that import is taken from.
    #[serde(default)]
    pub import_register: Option<ImportRegister>,
    /// Why, in words.
    pub reason: String,
}

/// Every exchange of a meter, in the order in which they were entered.
pub async fn list(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<Vec<ExchangeView>, Error> {
    let meter = resolve::meter(core, who, Action::See, meter).await?;
    let entered = storage::meters::exchanges::list(core.pool(), meter.id).await?;
    Ok(entered.into_iter().map(|entered| ExchangeView::new(meter.id, entered)).collect())
}

/// Enters an exchange; the energy around it is computed again.
pub async fn create(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    new: NewExchange,
) -> Result<ExchangeView, Error> {
    let meter = resolve::meter(core, who, Action::Operate, meter).await?;
    let now = clock::now(core, &sites::of(core, &meter).await?);
    let at = validity::past("timestamp", new.timestamp, now)?;
    validity::measurable("oldFinalKwh", new.old_final_kwh)?;
    validity::measurable("newInitialKwh", new.new_initial_kwh)?;
    let exchange = Exchange {
        at,
        old_final_kwh: new.old_final_kwh,
        new_initial_kwh: new.new_initial_kwh,
        register: new.import_register,
    };
    let mut change = Change::begin(core, who).await?.at(meter.site).because(&new.reason);
    validity::computable(&mut *change.db, meter.id, at).await?;
    if !storage::meters::exchanges::was_read(&mut *change.db, meter.id, at).await? {
        return Err(never_read(&meter, at));
    }
    let entered =
        storage::meters::exchanges::insert(&mut *change.db, meter.id, &exchange, &new.reason)
            .await?;
    storage::recount::requeue::around(&mut change.db, meter.id, at).await?;
    let view = ExchangeView::new(meter.id, entered);
    change.commit("meter_exchange.create", &format!("meter:{}", meter.id), &view).await?;
    Ok(view)
}

/// The refusal of an exchange of a register of which nothing is known.
fn never_read(meter: &Meter, at: DateTime<Utc>) -> Error {
    Error::refused(
        "exchange_before_readings",
        ExchangeRefusal::NeverRead { meter: meter.number.clone(), at },
    )
    .at("timestamp")
}

/// Undoes an exchange; the energy around it is computed again without it.
pub async fn undo(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    n: &str,
) -> Result<ExchangeView, Error> {
    let meter = resolve::meter(core, who, Action::Operate, meter).await?;
    let missing = || {
        Error::not_found(
            "exchange_not_found",
            ExchangeRefusal::Unknown { meter: meter.number.clone(), n: n.to_owned() },
        )
    };
    let number = n.parse().map_err(|_| missing())?;
    let mut change = Change::begin(core, who).await?.at(meter.site);
    let undone = storage::meters::exchanges::undo(&mut *change.db, meter.id, number).await?;
    let view = ExchangeView::new(meter.id, undone.ok_or_else(missing)?);
    validity::computable(&mut *change.db, meter.id, view.timestamp).await?;
    storage::recount::requeue::around(&mut change.db, meter.id, view.timestamp).await?;
    change.commit_removed("meter_exchange.undo", &format!("meter:{}", meter.id), &view).await?;
    Ok(view)
}
