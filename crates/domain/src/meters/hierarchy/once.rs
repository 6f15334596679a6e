//! Nothing is added up twice: what is computed from others does not count beside them.

use std::collections::HashSet;

use super::Tree;
use crate::MeterId;
use crate::meters::Meter;

impl Tree {
    /// Of meters that are to be added up, those whose energy is in no other of them. One that is
    /// computed from another, or from what hangs below another, is left out.
    pub fn once<'a>(&self, meters: Vec<&'a Meter>) -> Vec<&'a Meter> {
        if meters.iter().all(|meter| meter.adds.is_empty()) {
            return meters;
        }
        let ids: HashSet<MeterId> = meters.iter().map(|meter| meter.id).collect();
        let repeats = |meter: &Meter| {
            self.made_of(meter).into_iter().any(|input| {
                let above = self.ancestors(input).map(|above| above.id);
                // What hangs below the meter itself is in its energy anyway.
                let counted = std::iter::once(input).chain(above).find(|id| ids.contains(id));
                counted.is_some_and(|counted| counted != meter.id)
            })
        };
        meters.iter().copied().filter(|meter| !repeats(meter)).collect()
    }

    /// What a meter adds up, with what that adds up in its turn.
    fn made_of(&self, meter: &Meter) -> HashSet<MeterId> {
        let mut found = HashSet::new();
        let mut open = meter.adds.clone();
        while let Some(id) = open.pop() {
            if found.insert(id) {
                open.extend(self.get(id).into_iter().flat_map(|input| &input.adds));
            }
        }
        found.retain(|id| self.index.contains_key(id));
        found
    }

    /// Finds what stands aside. A meter with others below it is their node and counts.
    pub(super) fn put_aside(&mut self) {
        let siblings = self.below.iter().chain([&self.roots]);
        let mut aside: Vec<usize> = siblings.flat_map(|rows| self.aside_among(rows)).collect();
        aside.sort_unstable();
        for &i in &aside {
            self.aside[i] = true;
        }
        for rows in &mut self.children {
            rows.retain(|i| aside.binary_search(i).is_err());
        }
    }

    fn aside_among(&self, rows: &[usize]) -> Vec<usize> {
        let is_leaf = |i: usize| self.below[i].is_empty();
        let mut aside: Vec<usize> =
            rows.iter().copied().filter(|&i| is_leaf(i) && !self.meters[i].is_placed()).collect();
        for feeds in [false, true] {
            let side = |&&i: &&usize| self.meters[i].feeds_parent == feeds;
            let side: Vec<usize> = rows.iter().filter(side).copied().collect();
            if side.iter().all(|&i| self.meters[i].adds.is_empty()) {
                continue;
            }
            let meters = side.iter().map(|&i| &self.meters[i]).collect();
            let kept: HashSet<MeterId> = self.once(meters).iter().map(|meter| meter.id).collect();
            let repeats = |&i: &usize| is_leaf(i) && !kept.contains(&self.meters[i].id);
            aside.extend(side.into_iter().filter(repeats));
        }
        aside
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kwh;
    use crate::energy::Energy;
    use crate::losses::balance::of_site;
    use crate::meters::PlacedBy;
    use crate::meters::hierarchy::tests::meter;

    fn sum_of(adds: &[i64], meter: Meter) -> Meter {
        Meter { adds: adds.iter().copied().map(MeterId).collect(), ..meter }
    }

    /// What goes into a site where each meter counted as many kWh as its id.
    fn into(meters: Vec<Meter>) -> Kwh {
        let energy = |id: MeterId| {
            let import = Kwh(f64::from(i32::try_from(id.0).unwrap()));
            Some(Energy { import, export: Kwh::ZERO, uncertain: Kwh::ZERO, coverage: 1.0 })
        };
        of_site(&Tree::new(meters), energy).source
    }

    #[test]
    fn a_sum_is_not_added_to_what_it_is_made_of() {
        let loads = [meter(10, None, 0, "Unit"), meter(20, None, 0, "Unit")];
        let sum = sum_of(&[10, 20], meter(30, None, 0, "Other"));
        let of_sums = sum_of(&[30], meter(31, None, 0, "Other"));
        assert_eq!(into([&loads[..], &[sum.clone(), of_sums]].concat()), Kwh(30.0));
        // A sum of what is not there any more counts as any other meter.
        assert_eq!(into(vec![sum]), Kwh(30.0));
    }

    #[test]
    fn below_a_node_a_sum_counts_beside_others_only() {
        let main = meter(60, None, 0, "Main");
        let loads = [meter(10, Some(60), 1, "Unit"), meter(20, Some(60), 1, "Unit")];
        let machine = meter(5, Some(10), 2, "Machine");
        let of_machine = sum_of(&[5], meter(6, Some(60), 1, "Other"));
        // What is left of the main meter takes the load off, and adds nothing beside it.
        let rest = sum_of(&[60], meter(7, Some(60), 1, "Other"));
        let tree = Tree::new([&loads[..], &[main, machine, of_machine, rest]].concat());
        let ids = |meters: Vec<&Meter>| meters.iter().map(|meter| meter.id.0).collect::<Vec<_>>();
        assert_eq!(ids(tree.children(MeterId(60)).collect()), [7, 10, 20]);
        assert_eq!(ids(tree.below(MeterId(60)).collect()), [6, 7, 10, 20]);
        assert!(tree.is_aside(MeterId(6)) && !tree.is_aside(MeterId(7)));
    }

    #[test]
    fn a_sum_above_what_it_is_made_of_is_their_node() {
        let sum = sum_of(&[10, 20], meter(30, None, 0, "Main"));
        let loads = [meter(10, Some(30), 1, "Unit"), meter(20, Some(30), 1, "Unit")];
        assert_eq!(into([&loads[..], &[sum]].concat()), Kwh(30.0));
    }

    #[test]
    fn the_other_side_of_a_bus_is_no_second_count() {
        // All load = what the grid gave and what the roof made.
        let grid = meter(70, None, 0, "Grid");
        let roof = Meter { feeds_parent: true, ..meter(30, Some(70), 1, "Solar") };
        let load = sum_of(&[70, 30], meter(100, Some(70), 1, "Main"));
        assert_eq!(into(vec![grid, roof, load]), Kwh(100.0));
    }

    #[test]
    fn what_nobody_placed_is_in_no_total_until_it_hangs_somewhere() {
        let main = meter(1, None, 0, "Main");
        let new = Meter { placed_by: PlacedBy::Nobody, ..meter(500, None, 0, "Other") };
        assert_eq!(into(vec![main.clone(), new.clone()]), Kwh(1.0));
        let hung = Meter { parent: Some(MeterId(1)), level: 1, ..new };
        assert!(!Tree::new(vec![main, hung]).is_aside(MeterId(500)));
    }
}
