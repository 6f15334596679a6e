//! The figures of a day that is under way: the stored ones, with what was read since they were stored.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::{Known, Window};
use domain::losses::unmetered::Unmetered;
use domain::meters::hierarchy::Tree;
use domain::sites::Site;

use super::complete::Stretches;
use super::{Piece, WindowEnergy};
use crate::energy::Counted;

impl WindowEnergy {
    /// Of a window by the stretches in which nothing was moved, at least one, and what is known of the
    /// meters in each.
    pub(crate) fn of(
        site: &Site,
        window: Window,
        stretches: Vec<(Window, Arc<Tree>, HashMap<MeterId, Known>)>,
        unmetered: &[Unmetered],
    ) -> Self {
        let mut whole: HashMap<MeterId, Known> = HashMap::new();
        for (id, known) in stretches.iter().flat_map(|(.., known)| known) {
            let sum = whole.get(id).map_or(*known, |before| before.and(*known));
            whole.insert(*id, sum);
        }
        let counted = |known: HashMap<MeterId, Known>| -> HashMap<MeterId, Counted> {
            known.into_iter().map(|(id, known)| (id, Counted::of(known))).collect()
        };
        let piece = |(window, tree, known)| Piece { window, tree, counted: Some(counted(known)) };
        Self {
            site: site.clone(),
            window,
            pieces: stretches.into_iter().map(piece).collect(),
            counted: counted(whole),
            unmetered: unmetered.to_vec(),
            stretches: Stretches::default(),
        }
    }

    /// The same up to a later instant, without the time for which incomplete nodes are complete. `since`
    /// is what a meter counted from an instant up to it.
    pub(crate) fn until(
        &self,
        to: DateTime<Utc>,
        since: impl Fn(MeterId, DateTime<Utc>) -> Option<Known>,
    ) -> Self {
        let longer = |window: Window| Window { to, ..window };
        let extend = |counted: &HashMap<MeterId, Counted>, window: Window| {
            let length = |window: Window| (window.to - window.from).as_seconds_f64();
            let share = length(window) / length(longer(window));
            let known = |id: MeterId| {
                let stored = counted.get(&id).and_then(|counted| counted.known);
                match stored {
                    Some(stored) => Some(stored.then(since(id, stored.to), share)),
                    None => since(id, window.from),
                }
            };
            let longer = |id: MeterId| Some((id, Counted::of(known(id)?)));
            let meters = self.tree().meters().iter();
            let mut extended = counted.clone();
            extended.extend(meters.filter_map(|meter| longer(meter.id)));
            extended
        };
        let last = self.pieces.len() - 1;
        let piece = |(number, piece): (usize, &Piece)| {
            let is_last = number == last;
            let counted = piece.counted.as_ref();
            Piece {
                window: if is_last { longer(piece.window) } else { piece.window },
                tree: Arc::clone(&piece.tree),
                counted: counted.map(|counted| {
                    if is_last { extend(counted, piece.window) } else { counted.clone() }
                }),
            }
        };
        Self {
            site: self.site.clone(),
            window: longer(self.window),
            pieces: self.pieces.iter().enumerate().map(piece).collect(),
            counted: extend(&self.counted, self.window),
            unmetered: self.unmetered.clone(),
            stretches: Stretches::default(),
        }
    }
}
