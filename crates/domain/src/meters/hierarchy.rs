//! The tree of a site's meters.

mod once;
mod sources;

use std::collections::HashMap;

use crate::MeterId;
use crate::meters::Meter;
use crate::meters::refusal::PlaceRefusal;

/// Meters with their children, parents before children; of siblings those that feed the parent come
/// first, each kind by meter number.
///
/// Some stand aside and count in no balance: what is not placed yet, and what is computed from meters
/// that count beside it and would be counted twice.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    meters: Vec<Meter>,
    index: HashMap<MeterId, usize>,
    below: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    roots: Vec<usize>,
    aside: Vec<bool>,
}

impl Tree {
    /// Builds the tree. A meter whose parent is not among them is a root.
    pub fn new(mut meters: Vec<Meter>) -> Self {
        meters.sort_by(|a, b| {
            let (a_loads, b_loads) = (!a.feeds_parent, !b.feeds_parent);
            (a.level, a_loads, &a.number).cmp(&(b.level, b_loads, &b.number))
        });
        let index: HashMap<_, _> = meters.iter().enumerate().map(|(i, m)| (m.id, i)).collect();
        let mut below = vec![Vec::new(); meters.len()];
        let mut roots = Vec::new();
        for (i, meter) in meters.iter().enumerate() {
            match meter.parent.and_then(|parent| index.get(&parent)) {
                Some(&parent) if parent != i => below[parent].push(i),
                _ => roots.push(i),
            }
        }
        let aside = vec![false; meters.len()];
        let mut tree = Self { meters, index, children: below.clone(), below, roots, aside };
        tree.put_aside();
        tree
    }

    /// Every meter, parents first.
    pub fn meters(&self) -> &[Meter] {
        &self.meters
    }

    /// The same, without the tree.
    pub fn into_meters(self) -> Vec<Meter> {
        self.meters
    }

    /// The meters that count in the site's balance, parents first: all but those that stand aside.
    pub fn counted(&self) -> impl Iterator<Item = &Meter> {
        self.meters.iter().zip(&self.aside).filter(|(_, aside)| !**aside).map(|(meter, _)| meter)
    }

    /// Whether a meter counts in no balance: it is not placed, or computed from meters beside it.
    pub fn is_aside(&self, id: MeterId) -> bool {
        self.index.get(&id).is_some_and(|&i| self.aside[i])
    }

    /// The meter with this id.
    pub fn get(&self, id: MeterId) -> Option<&Meter> {
        self.index.get(&id).map(|&i| &self.meters[i])
    }

    /// The place of a meter among all of them.
    pub fn position(&self, id: MeterId) -> Option<usize> {
        self.index.get(&id).copied()
    }

    /// Meters without a parent.
    pub fn roots(&self) -> impl Iterator<Item = &Meter> {
        self.roots.iter().map(|&i| &self.meters[i])
    }

    /// Direct children of a meter that count in its balance; none where the meter is unknown.
    pub fn children(&self, id: MeterId) -> impl Iterator<Item = &Meter> {
        let rows = self.index.get(&id).map_or(&[][..], |&i| &self.children[i]);
        rows.iter().map(|&i| &self.meters[i])
    }

    /// All that hangs directly below a meter, with what stands aside.
    pub fn below(&self, id: MeterId) -> impl Iterator<Item = &Meter> {
        let rows = self.index.get(&id).map_or(&[][..], |&i| &self.below[i]);
        rows.iter().map(|&i| &self.meters[i])
    }

    /// Whether anything that counts hangs below a meter.
    pub fn is_node(&self, id: MeterId) -> bool {
        self.index.get(&id).is_some_and(|&i| !self.children[i].is_empty())
    }

    /// Whether nothing known stands above a meter.
    pub fn is_root(&self, meter: &Meter) -> bool {
        meter.parent.is_none_or(|parent| self.get(parent).is_none())
    }

    /// Whether a meter stands by itself, nothing above it and nothing below: no balance tells what becomes
    /// of its energy.
    pub fn is_alone(&self, meter: &Meter) -> bool {
        self.is_root(meter) && !self.is_node(meter.id)
    }

    /// Meters with children, parents first: the nodes that have a balance.
    pub fn nodes(&self) -> impl Iterator<Item = &Meter> {
        self.meters.iter().zip(&self.children).filter(|(_, c)| !c.is_empty()).map(|(m, _)| m)
    }

    /// From the meter's parent up to its root.
    pub fn ancestors(&self, id: MeterId) -> impl Iterator<Item = &Meter> {
        let parent_of = |meter: &Meter| meter.parent.and_then(|parent| self.get(parent));
        let first = self.get(id).and_then(parent_of);
        std::iter::successors(first, move |meter| parent_of(meter)).take(self.meters.len())
    }

    /// The meter and everything below it, parents first.
    pub fn subtree(&self, id: MeterId) -> Vec<&Meter> {
        let mut found = Vec::new();
        let mut open: Vec<usize> = self.index.get(&id).copied().into_iter().collect();
        while let Some(i) = open.pop() {
            found.push(&self.meters[i]);
            open.extend(self.below[i].iter().rev());
        }
        found
    }

    /// Checks that `meter` may hang below `parent` at `level`, and answers the level it gets.
    ///
    /// # Errors
    /// A cycle, another site, or a level that is not below the parent's.
    pub fn place(
        &self,
        meter: Option<MeterId>,
        parent: &Meter,
        site: crate::SiteId,
        level: Option<i16>,
    ) -> Result<i16, PlaceRefusal> {
        if parent.site != site {
            return Err(PlaceRefusal::OtherSite { parent: parent.id });
        }
        if let Some(meter) = meter {
            let below = self.ancestors(parent.id).any(|ancestor| ancestor.id == meter);
            if meter == parent.id || below {
                return Err(PlaceRefusal::Cycle { meter, parent: parent.id });
            }
        }
        let level = level.unwrap_or(parent.level + 1);
        if level <= parent.level {
            let (above, below) = (parent.level, parent.level + 1);
            return Err(PlaceRefusal::Level { level, above, below });
        }
        Ok(level)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::SiteId;
    use crate::meters::{DieselRegister, LoadRole, MeterType, PlacedBy};

    pub(crate) fn meter(id: i64, parent: Option<i64>, level: i16, kind: &str) -> Meter {
        Meter {
            id: MeterId(id),
            site: SiteId(1),
            number: format!("M-{id:03}"),
            name: format!("Meter {id}"),
            meter_type: MeterType::from(kind),
            level,
            parent: parent.map(MeterId),
            feeds_parent: false,
            area: None,
            location: None,
            load_role: LoadRole::None,
            phase_type: None,
            channel_prefix: Some(format!("m-{id:03}")),
            rated_power_kw: None,
            accuracy_class: None,
            register_modulus_kwh: None,
            register_step_kwh: None,
            import_register: None,
            diesel_register: DieselRegister::default(),
            latitude: None,
            longitude: None,
            installed_at: None,
            retired_at: None,
            placed_by: PlacedBy::Person,
            adds: Vec::new(),
        }
    }

    fn tree() -> Tree {
        Tree::new(vec![
            meter(3, Some(2), 2, "Unit"),
            meter(1, None, 0, "Grid"),
            meter(2, Some(1), 1, "Main"),
        ])
    }

    #[test]
    fn parents_come_first_and_ancestors_end_at_the_root() {
        let tree = tree();
        let order: Vec<_> = tree.meters().iter().map(|m| m.id.0).collect();
        assert_eq!(order, [1, 2, 3]);
        let up: Vec<_> = tree.ancestors(MeterId(3)).map(|m| m.id.0).collect();
        assert_eq!(up, [2, 1]);
        assert_eq!(tree.subtree(MeterId(2)).len(), 2);
    }

    #[test]
    fn a_meter_cannot_hang_below_its_own_descendant() {
        let tree = tree();
        let leaf = tree.get(MeterId(3)).unwrap().clone();
        let refused = tree.place(Some(MeterId(1)), &leaf, SiteId(1), None);
        assert_eq!(refused, Err(PlaceRefusal::Cycle { meter: MeterId(1), parent: MeterId(3) }));
    }

    #[test]
    fn the_level_defaults_to_one_below_the_parent_and_may_not_be_above() {
        let tree = tree();
        let main = tree.get(MeterId(2)).unwrap().clone();
        assert_eq!(tree.place(None, &main, SiteId(1), None), Ok(2));
        assert_eq!(tree.place(None, &main, SiteId(1), Some(4)), Ok(4));
        assert!(tree.place(None, &main, SiteId(1), Some(1)).is_err());
    }
}
