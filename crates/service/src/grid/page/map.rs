//! What the map shows of a view.

use domain::grid::feasibility::{Place, Transformer};
use domain::grid::view::clusters::{Group, groups};
use domain::grid::view::map::{CheckedPlace, Connected, GridMap, Mark, Ranked, Spare, View};
use domain::grid::view::{Check, Found, Verdict};

use super::find;
use crate::grid::look;
use crate::pages::Query;
use crate::{Action, Error, Principal, Service, resolve};

/// Nearer to the request than this, transformers are drawn one by one, from this zoom on.
const NEAR_M: f64 = 600.0;
const NEAR_ZOOM: u8 = 14;
/// So many connections are drawn at most, from this zoom on.
const CONNECTIONS: i64 = 300;
const CONNECTIONS_ZOOM: u8 = 13;

/// What the map shows of a view, for the request in the address.
pub async fn grid_map(
    service: &Service,
    who: &Principal,
    query: &Query,
    view: View,
) -> Result<GridMap, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    let (_, found) = find(service, service.grid(), who, query).await?;
    let check = match found {
        Found::Checked(check) => Some(check),
        _ => None,
    };
    let near = check.as_ref().map(|check| check.at.place).filter(|_| view.zoom >= NEAR_ZOOM);
    // The numbers of the list stand in place of its transformers.
    let ranked: Vec<Place> =
        check.iter().flat_map(|check| &check.candidates).map(|candidate| candidate.place).collect();
    let marks = look::look(service.grid(), who, &view.bounds, |all| {
        let all: Vec<&Transformer> = all.filter(|one| !ranked.contains(&one.place)).collect();
        marks(&all, near, view.zoom)
    });
    let marks = marks.await?;
    let connections = if view.zoom >= CONNECTIONS_ZOOM {
        let pool = service.pool();
        storage::grid::connections::approved_within(pool, &view.bounds, CONNECTIONS).await?
    } else {
        Vec::new()
    };
    let connections =
        connections.into_iter().map(|(at, transformer)| Connected { at, transformer }).collect();
    let request = check.as_deref().map(asked);
    Ok(GridMap { marks, connections, request, tiles: None })
}

fn marks(all: &[&Transformer], near: Option<Place>, zoom: u8) -> Vec<Mark> {
    let is_near = |one: &&&Transformer| near.is_some_and(|at| at.distance_m(one.place) <= NEAR_M);
    let (close, far): (Vec<&Transformer>, Vec<&Transformer>) = all.iter().partition(is_near);
    let points: Vec<Place> = far.iter().map(|one| one.place).collect();
    let grouped = groups(&points, zoom);
    let mark = |group: Group| match group.members.as_slice() {
        [only] => single(far[*only]),
        members => Mark::Cluster {
            at: group.at,
            count: members.len(),
            roomy: members
                .iter()
                .filter(|&&one| far[one].loading.spare_consumption() >= Spare::ROOM_KW)
                .count(),
        },
    };
    grouped.into_iter().map(mark).chain(close.iter().map(|one| single(one))).collect()
}

fn single(one: &Transformer) -> Mark {
    Mark::Transformer {
        at: one.place,
        name: one.name.clone(),
        capacity_kva: one.loading.capacity.kilo(),
        spare_consumption_kw: one.loading.spare_consumption(),
        spare_production_kw: one.loading.spare_production(),
    }
}

fn asked(check: &Check) -> CheckedPlace {
    let ranked = |(at, candidate): (usize, &domain::grid::view::Candidate)| Ranked {
        at: candidate.place,
        is_feasible: candidate.verdict == Verdict::Feasible,
        is_chosen: check.chosen == Some(at),
    };
    CheckedPlace {
        at: check.at.place,
        candidates: check.candidates.iter().enumerate().map(ranked).collect(),
    }
}

/// The area around a place, for whoever has no view yet.
#[cfg(test)]
mod tests {
    use domain::grid::feasibility::{Loading, Power, TransformerId};

    use super::*;

    fn transformer(longitude: f64, connected: f64) -> Transformer {
        Transformer {
            id: TransformerId(uuid::Uuid::nil()),
            name: format!("TX {longitude}"),
            city: "San Francisco".to_owned(),
            place: Place { latitude: 37.76, longitude },
            loading: Loading {
                capacity: Power::new(50.0).unwrap(),
                consumption: Power::new(connected).unwrap(),
                production: Power::ZERO,
            },
        }
    }

    #[test]
    fn a_cluster_counts_those_with_room_and_the_near_ones_stand_alone() {
        let all: Vec<_> = (0..6)
            .map(|i| transformer(-122.42 + f64::from(i) * 0.0001, f64::from(i) * 8.0))
            .collect();
        let all: Vec<_> = all.iter().collect();
        let marked = marks(&all, None, 12);
        // 80 % of 50 kVA are 40 kW: with 0, 8 and 16 kW connected, 24 kW and more are left.
        assert!(
            matches!(marked.as_slice(), [Mark::Cluster { count: 6, roomy: 3, .. }]),
            "{marked:?}"
        );
        let near = Place { latitude: 37.76, longitude: -122.42 };
        assert_eq!(marks(&all, Some(near), 12).len(), 6);
    }
}
