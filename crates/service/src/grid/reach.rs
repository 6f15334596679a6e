//! The bounding box of a part of the index, with the most room that any transformer in it has.

use domain::grid::feasibility::{Need, Room};
use rstar::{AABB, Envelope, RTreeObject};

/// A point on the unit sphere.
pub(super) type Point = [f64; 3];

/// A box that bounds places and room at once: a part of the index in which no transformer has enough
/// is passed over whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    places: AABB<Point>,
    room: Room,
}

impl Reach {
    pub(super) fn of(point: Point, room: Room) -> Self {
        Self { places: AABB::from_point(point), room }
    }

    /// Whether something within may take this.
    pub(super) fn may_take(&self, need: Option<Need>) -> bool {
        need.is_none_or(|need| self.room.takes(need))
    }

    /// Whether some of the places may lie within a box.
    pub(super) fn meets(&self, places: &AABB<Point>) -> bool {
        self.places.intersects(places)
    }
}

impl Envelope for Reach {
    type Point = Point;

    fn new_empty() -> Self {
        Self { places: AABB::new_empty(), room: Room::NONE }
    }

    fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn contains_point(&self, point: &Point) -> bool {
        self.places.contains_point(point)
    }

    fn contains_envelope(&self, other: &Self) -> bool {
        self.places.contains_envelope(&other.places) && self.room.max(other.room) == self.room
    }

    fn merge(&mut self, other: &Self) {
        self.places.merge(&other.places);
        self.room = self.room.max(other.room);
    }

    fn merged(&self, other: &Self) -> Self {
        Self { places: self.places.merged(&other.places), room: self.room.max(other.room) }
    }

    fn intersects(&self, other: &Self) -> bool {
        self.places.intersects(&other.places)
    }

    fn intersection_area(&self, other: &Self) -> f64 {
        self.places.intersection_area(&other.places)
    }

    fn area(&self) -> f64 {
        self.places.area()
    }

    fn distance_2(&self, point: &Point) -> f64 {
        self.places.distance_2(point)
    }

    fn min_max_dist_2(&self, point: &Point) -> f64 {
        self.places.min_max_dist_2(point)
    }

    fn center(&self) -> Point {
        self.places.center()
    }

    fn perimeter_value(&self) -> f64 {
        self.places.perimeter_value()
    }

    fn sort_envelopes<T: RTreeObject<Envelope = Self>>(axis: usize, envelopes: &mut [T]) {
        envelopes.sort_unstable_by(|one, other| lower(one, axis).total_cmp(&lower(other, axis)));
    }

    fn partition_envelopes<T: RTreeObject<Envelope = Self>>(
        axis: usize,
        envelopes: &mut [T],
        selection_size: usize,
    ) {
        envelopes.select_nth_unstable_by(selection_size, |one, other| {
            lower(one, axis).total_cmp(&lower(other, axis))
        });
    }
}

fn lower<T: RTreeObject<Envelope = Reach>>(object: &T, axis: usize) -> f64 {
    object.envelope().places.lower()[axis]
}
