//! Estimates given back: what bills of earlier months billed too much or too little, as is known since.

use std::collections::{BTreeMap, HashMap};

use domain::MeterId;
use domain::bills::{self, Correction};
use domain::month::Month;
use sqlx::PgPool;
use storage::bills::corrections::{self, Carried, Settled};

use super::{Basis, Begun, Billing};
use crate::Error;

impl Billing {
    /// The inputs of the bills of these meters, in the order given. A bill that was issued keeps its corrections; a
    /// draft has those that no other bill has.
    pub(crate) async fn inputs(
        &self,
        pool: &PgPool,
        meters: &[MeterId],
    ) -> Result<Vec<Basis>, Error> {
        self.complete(pool, self.begin(pool, meters).await?).await
    }

    /// The same without quarter-hours.
    pub(crate) async fn begin(&self, pool: &PgPool, meters: &[MeterId]) -> Result<Begun, Error> {
        let corrected = async {
            let carried = corrections::carried(pool, meters).await?;
            let corrections = Box::pin(self.corrections(pool, meters, &carried)).await?;
            Ok::<_, Error>((carried, corrections))
        };
        let (mut begun, (carried, mut corrections)) =
            tokio::try_join!(self.read(pool, meters), corrected)?;
        for inputs in &mut begun.all {
            inputs.corrections = corrections
                .remove(&inputs.meter)
                .unwrap_or_else(|| issued(&carried, inputs.meter, self.month));
        }
        Ok(begun)
    }

    /// Corrections of earlier bills on drafts of the month, by month.
    async fn corrections(
        &self,
        pool: &PgPool,
        meters: &[MeterId],
        carried: &[Carried],
    ) -> Result<HashMap<MeterId, Vec<Correction>>, Error> {
        let settled = corrections::settled(pool, meters, self.month, carried).await?;
        let mut by_month: BTreeMap<Month, Vec<Settled>> = BTreeMap::new();
        for bill in settled {
            by_month.entry(bill.month).or_default().push(bill);
        }
        let mut found: HashMap<MeterId, Vec<Correction>> = HashMap::new();
        for (month, settled) in by_month {
            let meters: Vec<MeterId> = settled.iter().map(|bill| bill.meter).collect();
            let billing = Self::load(pool, self.site.clone(), month, self.now).await?;
            let mut unknown = billing.behind(pool, &meters).await?;
            unknown.extend(billing.set_aside(pool, &meters).await?);
            let read = billing.read(pool, &meters).await?;
            let bases = billing.complete(pool, read).await?;
            for (bill, basis) in settled.iter().zip(bases) {
                if !unknown.contains(&bill.meter) {
                    let corrected = correction(bill, basis, carried);
                    found.entry(bill.meter).or_default().extend(corrected);
                }
            }
        }
        Ok(found)
    }
}

/// The corrections on the issued bill of a meter's month.
fn issued(carried: &[Carried], meter: MeterId, month: Month) -> Vec<Correction> {
    let its = carried.iter().filter(|carried| carried.meter == meter && carried.on == month);
    its.map(|carried| carried.correction.clone()).collect()
}

/// The rest to correct of a bill; none where its month could not be issued as it is known now.
fn correction(bill: &Settled, basis: Basis, carried: &[Carried]) -> Option<Correction> {
    let Basis { mut inputs, is_frozen, beside } = basis;
    inputs.corrections = issued(carried, bill.meter, bill.month);
    let now = bills::bill(&inputs);
    let is_priced = inputs.has_price() && now.unpriced.is_empty();
    if is_frozen || beside.questions > 0 || !is_priced || now.currency != bill.bill.currency {
        return None;
    }
    let of_bill =
        carried.iter().filter(|one| one.meter == bill.meter && one.correction.month == bill.month);
    let given: Vec<&Correction> = of_bill.map(|one| &one.correction).collect();
    let of = (bill.month, bill.number.as_str(), &bill.bill);
    Correction::of(of, (&now, bill.estimated), &given)
}
