//! What pages look up among the transformers.

use domain::grid::feasibility::{Bounds, FeasibilityRequest, Transformer};

use super::CheckedRequest;
use super::search::{self, Ranked};
use crate::grid::copy::Grid;
use crate::{Action, Core, Error, Principal, resolve};

/// The transformers that were considered for a request, the nearest first, with so many behind the one
/// that is assigned.
pub(crate) async fn ranked(
    core: &Core,
    grid: &Grid,
    who: &Principal,
    request: &FeasibilityRequest,
    behind: usize,
) -> Result<Vec<Ranked>, Error> {
    resolve::in_world(core, who, Action::CheckConnection)?;
    let asked = CheckedRequest::check(core, request)?;
    let index = grid.index().await?;
    Ok(search::ranked(&index, &asked, behind))
}

/// Looks at the transformers in a part of the map, without copying them.
pub(crate) async fn look<T>(
    grid: &Grid,
    who: &Principal,
    bounds: &Bounds,
    look: impl FnOnce(&mut dyn Iterator<Item = &Transformer>) -> T,
) -> Result<T, Error> {
    who.require_somewhere(Action::SeeGrid)?;
    let index = grid.index().await?;
    Ok(look(&mut index.within(bounds)))
}

/// How many transformers there are.
pub(crate) async fn count(grid: &Grid, who: &Principal) -> Result<usize, Error> {
    who.require_somewhere(Action::SeeGrid)?;
    Ok(grid.index().await?.len())
}
