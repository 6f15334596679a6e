//! The meter of a rule: whether it has the figure, and whether the limit is one that it could show.

use domain::MeterId;
use domain::alarms::{Kind, LimitRefusal, RuleRefusal, TankRefusal};
use domain::meters::{Meter, SourceKind};
use domain::readings::channel::Name;
use domain::sites::Site;

use super::RuleChanges;
use crate::alarms::present;
use crate::prices::PriceBook;
use crate::registry::Known;
use crate::{Core, Error, resolve};

/// No meter shows this many times its rated power: such a limit was meant in W.
const BEYOND_RATED: f64 = 2.0;

impl RuleChanges {
    /// The meter that is named, held to the rules of the kind.
    pub(super) async fn meter(
        &self,
        core: &Core,
        site: &Site,
        kind: Kind,
    ) -> Result<Option<MeterId>, Error> {
        let meter = match &self.meter_id {
            Some(meter) => Some(resolve::by_ref(core, site, "meterId", meter).await?),
            None => None,
        };
        let refused = |refusal: RuleRefusal| Err(Error::invalid("meterId", refusal));
        match (kind, &meter) {
            (Kind::DieselLow, None) => return Err(Error::invalid("meterId", TankRefusal::NoMeter)),
            (Kind::DieselLow, Some(meter)) if source(meter) != SourceKind::Diesel => {
                return Err(Error::invalid("meterId", TankRefusal::NoGenerator));
            }
            (Kind::Cost, None) => return refused(RuleRefusal::NoMeter { kind: kind.as_str() }),
            (Kind::Cost, Some(meter))
                if !matches!(source(meter), SourceKind::Grid | SourceKind::Load) =>
            {
                return refused(RuleRefusal::NotBought { meter: meter.name.clone() });
            }
            (_, Some(meter)) if kind.is_of_loss() && !is_node(core, meter).await? => {
                return refused(RuleRefusal::NoNode { meter: meter.name.clone() });
            }
            _ => {}
        }
        let id = meter.as_ref().map(|meter| meter.id);
        self.check_price(core, site, (kind, id)).await?;
        self.check_size(kind, meter.as_ref())?;
        Ok(id)
    }

    async fn check_price(
        &self,
        core: &Core,
        site: &Site,
        (kind, meter): (Kind, Option<MeterId>),
    ) -> Result<(), Error> {
        if !matches!(kind, Kind::LossCost | Kind::Cost) {
            return Ok(());
        }
        let (book, now) = (PriceBook::load(core.pool(), site).await?, present(core, site));
        let is_known = match kind {
            // The cost of blocks depends on the month, which the live state knows and a day alone does not.
            Kind::LossCost => book.states_price(meter, now),
            _ => book.price_now(meter, now).is_some(),
        };
        if is_known { Ok(()) } else { Err(Error::invalid("kind", RuleRefusal::NoPrice)) }
    }

    fn check_size(&self, kind: Kind, meter: Option<&Meter>) -> Result<(), Error> {
        let kw = match (kind, self.channel.as_deref().and_then(Name::parse)) {
            (Kind::Loss | Kind::Demand, _) => self.raise,
            (Kind::Threshold, Some(Name::ActivePower)) => {
                self.raise.map(|watts| watts / Name::ActivePower.scale())
            }
            _ => None,
        };
        let rated = meter.and_then(|meter| meter.rated_power_kw);
        match kw.zip(rated) {
            Some((kw, rated)) if kw > BEYOND_RATED * rated => {
                Err(Error::invalid("raise", LimitRefusal::BeyondRated { rated }))
            }
            _ => Ok(()),
        }
    }
}

fn source(meter: &Meter) -> SourceKind {
    meter.meter_type.source_kind()
}

/// Whether others hang below a meter; those that were just added are read first.
async fn is_node(core: &Core, meter: &Meter) -> Result<bool, Error> {
    let is_node =
        |known: &Known| known.trees.get(&meter.site).is_some_and(|tree| tree.is_node(meter.id));
    Ok(is_node(&core.registry().known()) || is_node(&*core.registry().reload().await?))
}
