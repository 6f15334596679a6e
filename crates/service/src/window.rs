//! Windows of time as programs ask for them, and the tree of meters in one.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::window::Window;
use domain::losses::balance::step_of;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::period::refusal::TimeRefusal;
use domain::period::{Moment, SHORTEST};
use domain::sites::Site;
use domain::{MeterId, SiteId, SiteSlug};
use sqlx::PgPool;
use storage::meters::placements::{self, Placed};

use crate::{Error, instants, validity};

/// The window of a site that is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct SiteWindow<'a> {
    /// Slug of the site; the default site unless stated.
    pub site: Option<&'a SiteSlug>,
    /// Begin of the window; today unless stated.
    pub from: Option<Moment>,
    /// End of the window; now unless stated.
    pub to: Option<Moment>,
    /// Whether the answer says what it was computed from.
    pub explain: bool,
}

/// The longest window: ten years. What it rests on is read in as long a time before and after it.
const LONGEST: TimeDelta = TimeDelta::days(3_653);

/// A step below this, in kWh, does not widen an error that anybody sees.
const LEAST_STEP: f64 = 0.01;

/// The window between two moments; today up to now where one is absent.
pub(crate) fn between(
    site: &Site,
    from: Option<Moment>,
    to: Option<Moment>,
    now: DateTime<Utc>,
) -> Result<Window, Error> {
    let now = instants::stored(now).max(site.today_start(now) + SHORTEST);
    let [from, to] = bounds(site, from, to)?;
    let (from, to) = (from.unwrap_or_else(|| site.today_start(now)), to.unwrap_or(now));
    if to <= from {
        return Err(Error::invalid("to", TimeRefusal::EmptyWindow));
    }
    if to - from > LONGEST {
        return Err(Error::invalid("from", TimeRefusal::LongWindow));
    }
    Ok(Window { from, to })
}

/// The instants of two moments, of which each may be absent and the second is later.
pub(crate) fn bounds(
    site: &Site,
    from: Option<Moment>,
    to: Option<Moment>,
) -> Result<[Option<DateTime<Utc>>; 2], Error> {
    let from = from.map(|from| instant(site, "from", from)).transpose()?;
    let to = to.map(|to| instant(site, "to", to)).transpose()?;
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        return Err(Error::invalid("to", TimeRefusal::EmptyWindow));
    }
    Ok([from, to])
}

/// When a moment is on a site, as it is stored.
pub(crate) fn instant(site: &Site, field: &str, moment: Moment) -> Result<DateTime<Utc>, Error> {
    let at = moment.of(site);
    validity::time(field, at)?;
    Ok(instants::stored(at))
}

/// The meters with what their readings show of their registers, where nobody stated it: the one that import
/// is taken from, and the step, where readings of late before an instant show one.
pub(crate) async fn as_learned(
    pool: &PgPool,
    mut meters: Vec<Meter>,
    before: DateTime<Utc>,
) -> Result<Vec<Meter>, Error> {
    let register = meters.iter().filter(|meter| meter.import_register.is_none());
    let register: Vec<MeterId> = register.map(|meter| meter.id).collect();
    let step = meters.iter().filter(|meter| meter.register_step_kwh.is_none());
    let step: Vec<MeterId> = step.map(|meter| meter.id).collect();
    let (learned, shown) = tokio::try_join!(
        storage::energy::registers::of(pool, &register),
        storage::energy::registers::shown(pool, &step, LEAST_STEP, before),
    )?;
    for meter in &mut meters {
        let learned = learned.get(&meter.id).and_then(|learned| learned.import_register);
        meter.import_register = meter.import_register.or(learned);
        if let Some(shown) = shown.get(&meter.id) {
            meter.register_step_kwh = step_of(shown);
        }
    }
    Ok(meters)
}

/// The meters of a site, and where they hung when.
pub(crate) struct SiteTrees {
    pub(crate) meters: Vec<Meter>,
    pub(crate) history: Vec<Placed>,
}

impl SiteTrees {
    pub(crate) async fn load(pool: &PgPool, site: SiteId) -> Result<Self, storage::Error> {
        let (meters, history) = tokio::try_join!(
            storage::meters::list(pool, site, false),
            placements::history(pool, site),
        )?;
        Ok(Self { meters, history })
    }

    /// The same, with what the readings before an instant show of the registers.
    pub(crate) async fn as_learned(
        &self,
        pool: &PgPool,
        before: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let meters = as_learned(pool, self.meters.clone(), before).await?;
        Ok(Self { meters, history: self.history.clone() })
    }

    /// The tree as it stood at the end of a window, with what was retired during it.
    pub(crate) fn at_end(&self, window: Window) -> Tree {
        let places = placements::before(&self.history, window.to);
        let placed = |meter: &Meter| match places.get(&meter.id) {
            Some(place) => place.of(meter.clone()),
            None => meter.clone(),
        };
        let lived = |meter: &&Meter| meter.retired_at.is_none_or(|at| at > window.from);
        Tree::new(self.meters.iter().filter(lived).map(placed).collect())
    }

    /// The tree in each stretch of a window in which nothing was moved, in order of time; at least one.
    pub(crate) fn stood(&self, window: Window) -> Vec<(Window, Tree)> {
        let stretches = cut(window, placements::all_moves(&self.history)).into_iter();
        stretches.map(|stretch| (stretch, self.at_end(stretch))).collect()
    }
}

/// The tree in each stretch of a window in which nothing was moved, where `tree` is how the meters hang now: so they
/// did if nothing was moved since.
pub(crate) async fn stood_since(
    pool: &PgPool,
    site: &Site,
    tree: &Arc<Tree>,
    window: Window,
) -> Result<Vec<(Window, Arc<Tree>)>, Error> {
    if placements::moves(pool, site.id, window.from, instants::FAR).await?.is_empty() {
        return Ok(vec![(window, Arc::clone(tree))]);
    }
    let stood = SiteTrees::load(pool, site.id).await?.stood(window);
    Ok(stood.into_iter().map(|(stretch, tree)| (stretch, Arc::new(tree))).collect())
}

/// A window cut at those of some instants that lie inside it.
pub(crate) fn cut(window: Window, at: impl IntoIterator<Item = DateTime<Utc>>) -> Vec<Window> {
    let inside = at.into_iter().filter(|at| window.from < *at && *at < window.to);
    let ends: BTreeSet<_> = inside.chain([window.to]).collect();
    let starts = std::iter::once(window.from).chain(ends.iter().copied());
    starts.zip(&ends).map(|(from, to)| Window { from, to: *to }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_cut_where_something_was_moved() {
        let at = |hour: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hour);
        let whole = Window { from: at(0), to: at(9) };
        let (first, second) =
            (Window { from: at(0), to: at(4) }, Window { from: at(4), to: at(9) });
        assert_eq!(cut(whole, [at(4)]), [first, second]);
    }
}
