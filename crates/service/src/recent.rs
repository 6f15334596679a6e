//! Figures that take long to work out, kept in memory for whoever asks for them again.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

/// Figures, each by all that they rest on; the last ones asked for first.
pub(crate) struct Recent<K, V> {
    /// As many are kept.
    most: usize,
    kept: Mutex<VecDeque<Kept<K, V>>>,
}

struct Kept<K, V> {
    basis: K,
    count: usize,
    figures: Arc<V>,
}

impl<K: PartialEq, V> Recent<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, kept: Mutex::default() }
    }

    pub(crate) fn find(&self, basis: &K) -> Option<Arc<V>> {
        let mut kept = self.kept.lock();
        let place = kept.iter().position(|known| known.basis == *basis)?;
        let found = kept.remove(place)?;
        let figures = Arc::clone(&found.figures);
        kept.push_front(found);
        Some(figures)
    }

    /// Keeps so many figures, and forgets those that were asked for longest ago where they are too many.
    pub(crate) fn keep(&self, basis: K, count: usize, figures: Arc<V>) {
        let mut kept = self.kept.lock();
        kept.push_front(Kept { basis, count, figures });
        let mut sum = 0;
        kept.retain(|known| {
            sum += known.count;
            sum <= self.most
        });
    }
}
