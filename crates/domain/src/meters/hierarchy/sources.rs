//! The meters that are the connections of a site to the grid, its generators, solar panels and batteries.

use super::Tree;
use crate::MeterId;
use crate::meters::{Meter, SourceKind};

impl Tree {
    /// Every meter that energy comes in through, with its kind; figures of the grid, of generation, of
    /// carbon and of its cost are sums over these, stored and live alike.
    ///
    /// A `Grid` meter counts unless one stands above it and it does not feed its parent: a second
    /// connection counts, a sub-meter does not. Of the other kinds the upper one counts, and never a sum
    /// beside what it is made of. Without a `Grid` meter the top loads are the grid's.
    pub fn sources(&self) -> Vec<(&Meter, SourceKind)> {
        use SourceKind::{Battery, Diesel, Grid, Load, Solar};
        let is = |kind| move |meter: &&Meter| meter.meter_type.source_kind() == kind;
        let of_kind = |kind| {
            let counts = |meter: &&Meter| {
                (kind == Grid && meter.feeds_parent)
                    || !self.ancestors(meter.id).any(|above| is(kind)(&above))
            };
            let meters = self.once(self.meters.iter().filter(is(kind)).filter(counts).collect());
            meters.into_iter().map(move |meter| (meter, kind)).collect::<Vec<_>>()
        };
        let mut grid = of_kind(Grid);
        if grid.is_empty() {
            let loads = self.roots().filter(is(Load)).filter(|root| !self.is_aside(root.id));
            grid = loads.map(|root| (root, Grid)).collect();
        }
        grid.into_iter().chain([Diesel, Solar, Battery].into_iter().flat_map(of_kind)).collect()
    }

    /// The one `Grid` meter that energy comes in through; none where there is none or several.
    pub fn grid_meter(&self) -> Option<&Meter> {
        let sources = self.sources().into_iter().map(|(meter, _)| meter);
        let mut all = sources.filter(|meter| {
            meter.meter_type.source_kind() == SourceKind::Grid && !self.is_aside(meter.id)
        });
        all.next().filter(|_| all.next().is_none())
    }

    /// The sources that are not read and without which energy into the site is not known. Of loads that stand by
    /// themselves each is a part of it alone: where there are only such, one that is read suffices.
    pub fn missing_sources(&self, is_read: impl Fn(MeterId) -> bool) -> Vec<MeterId> {
        let is_lone_load = |meter: &&Meter| {
            self.is_alone(meter) && meter.meter_type.source_kind() == SourceKind::Load
        };
        let sources = self.sources().into_iter().map(|(meter, _)| meter);
        let (lone, placed): (Vec<&Meter>, Vec<&Meter>) = sources.partition(is_lone_load);
        let needed = if placed.is_empty() { &lone } else { &placed };
        let missing: Vec<MeterId> =
            needed.iter().map(|meter| meter.id).filter(|id| !is_read(*id)).collect();
        let is_partly_read = missing.len() < needed.len();
        if placed.is_empty() && is_partly_read { Vec::new() } else { missing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meters::hierarchy::tests::meter;

    #[test]
    fn sources_are_picked_by_type_and_place() {
        // Each meter as number, type, parent (0 for none), and whether it feeds that; then the sources.
        type Row = (i64, &'static str, i64, bool);
        type Sources = &'static [(i64, SourceKind)];
        let cases: [(&str, &[Row], Sources); 12] = [
            ("one connection", &[(1, "Grid", 0, false)], &[(1, SourceKind::Grid)]),
            (
                "two at the top",
                &[(1, "Grid", 0, false), (2, "Grid", 0, false)],
                &[(1, SourceKind::Grid), (2, SourceKind::Grid)],
            ),
            (
                "a sub-meter",
                &[(1, "Grid", 0, false), (2, "Main", 1, false), (3, "Grid", 2, false)],
                &[(1, SourceKind::Grid)],
            ),
            (
                "a second incomer on the bus of the first",
                &[(1, "Grid", 0, false), (2, "Grid", 1, true)],
                &[(1, SourceKind::Grid), (2, SourceKind::Grid)],
            ),
            (
                "a second incomer further down",
                &[(1, "Grid", 0, false), (2, "Main", 1, false), (3, "Grid", 2, true)],
                &[(1, SourceKind::Grid), (3, SourceKind::Grid)],
            ),
            (
                "one feeds and one does not",
                &[(1, "Grid", 0, false), (2, "Grid", 1, true), (3, "Grid", 1, false)],
                &[(1, SourceKind::Grid), (2, SourceKind::Grid)],
            ),
            (
                "a sub-meter below an incomer",
                &[(1, "Grid", 0, false), (2, "Grid", 1, true), (3, "Grid", 2, false)],
                &[(1, SourceKind::Grid), (2, SourceKind::Grid)],
            ),
            (
                "an incomer below a load",
                &[(1, "Main", 0, false), (2, "Grid", 1, true)],
                &[(2, SourceKind::Grid)],
            ),
            (
                "no grid meter",
                &[(1, "Main", 0, false), (2, "Unit", 1, false), (3, "DG", 0, false)],
                &[(1, SourceKind::Grid), (3, SourceKind::Diesel)],
            ),
            ("nothing but a roof", &[(1, "Solar", 0, false)], &[(1, SourceKind::Solar)]),
            (
                "inverters below the meter of their roof, and a second roof",
                &[
                    (1, "Grid", 0, false),
                    (2, "Solar", 1, true),
                    (3, "Solar", 2, true),
                    (4, "Solar", 1, false),
                ],
                &[(1, SourceKind::Grid), (2, SourceKind::Solar), (4, SourceKind::Solar)],
            ),
            (
                "one of each",
                &[
                    (1, "Battery", 4, true),
                    (2, "Solar", 4, true),
                    (3, "DG", 4, true),
                    (4, "Grid", 0, false),
                ],
                &[
                    (4, SourceKind::Grid),
                    (3, SourceKind::Diesel),
                    (2, SourceKind::Solar),
                    (1, SourceKind::Battery),
                ],
            ),
        ];
        for (name, rows, wanted) in cases {
            let row = |&(id, kind, parent, feeds_parent): &Row| {
                let level = i16::from(parent != 0);
                let parent = Some(parent).filter(|parent| *parent != 0);
                Meter { feeds_parent, ..meter(id, parent, level, kind) }
            };
            let tree = Tree::new(rows.iter().map(row).collect());
            let found: Vec<_> =
                tree.sources().into_iter().map(|(meter, kind)| (meter.id, kind)).collect();
            let wanted: Vec<_> = wanted.iter().map(|(id, kind)| (MeterId(*id), *kind)).collect();
            assert_eq!(found, wanted, "{name}");
            let is_grid = |id: &MeterId| rows.iter().any(|row| (row.0, row.1) == (id.0, "Grid"));
            let incomers: Vec<MeterId> =
                found.into_iter().map(|(id, _)| id).filter(is_grid).collect();
            let only = if let [id] = incomers[..] { Some(id) } else { None };
            assert_eq!(tree.grid_meter().map(|meter| meter.id), only, "{name}");
        }
    }

    /// Number, type and parent of a meter; 0 for none.
    type Row = (i64, &'static str, i64);
    /// A name, the meters, those that are read, and the sources that are missing.
    type Case<'a> = (&'a str, &'a [Row], &'a [i64], &'a [i64]);

    #[test]
    fn energy_is_known_without_loads_that_stand_by_themselves() {
        let cases: [Case<'_>; 6] = [
            ("a connection and a lone load", &[(1, "Grid", 0), (2, "Unit", 0)], &[1], &[]),
            ("the connection is not read", &[(1, "Grid", 0), (2, "Unit", 0)], &[2], &[1]),
            ("a sub-meter is not read", &[(1, "Grid", 0), (2, "Unit", 1)], &[1], &[]),
            (
                "a main load and a lone one",
                &[(1, "Main", 0), (2, "Unit", 1), (3, "Unit", 0)],
                &[1],
                &[],
            ),
            ("lone loads, one of them read", &[(1, "Unit", 0), (2, "Unit", 0)], &[1], &[]),
            ("lone loads, none of them read", &[(1, "Unit", 0), (2, "Unit", 0)], &[], &[1, 2]),
        ];
        for (name, rows, read, wanted) in cases {
            let row = |&(id, kind, parent): &Row| {
                let level = i16::from(parent != 0);
                meter(id, Some(parent).filter(|parent| *parent != 0), level, kind)
            };
            let tree = Tree::new(rows.iter().map(row).collect());
            let mut found: Vec<i64> =
                tree.missing_sources(|id| read.contains(&id.0)).iter().map(|id| id.0).collect();
            found.sort_unstable();
            assert_eq!(found, wanted, "{name}");
        }
    }
}
