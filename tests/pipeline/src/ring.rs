//! A queue with a limit: what comes in beyond it pushes the oldest out, and is counted.

use std::collections::VecDeque;

/// Keeps the newest items, at most so many, and at most so heavy together.
#[derive(Debug, Clone)]
pub(crate) struct Ring<T> {
    items: VecDeque<(usize, T)>,
    weight: usize,
    max_items: usize,
    max_weight: usize,
    dropped: u64,
}

impl<T> Ring<T> {
    pub(crate) fn new(max_items: usize, max_weight: usize) -> Self {
        Self { items: VecDeque::new(), weight: 0, max_items, max_weight, dropped: 0 }
    }

    pub(crate) fn push(&mut self, weight: usize, item: T) {
        self.weight = self.weight.saturating_add(weight);
        self.items.push_back((weight, item));
        while self.items.len() > self.max_items || self.weight > self.max_weight {
            let Some((weight, _)) = self.items.pop_front() else { break };
            self.weight -= weight;
            self.dropped += 1;
        }
    }

    /// Oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.items.iter().map(|(_, item)| item)
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.weight = 0;
        self.dropped = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first_and_are_counted() {
        let mut ring = Ring::new(3, 10);
        for item in 0..5 {
            ring.push(1, item);
        }
        assert_eq!(ring.iter().copied().collect::<Vec<_>>(), [2, 3, 4]);
        ring.push(9, 5);
        assert_eq!(ring.iter().copied().collect::<Vec<_>>(), [4, 5]);
        assert_eq!((ring.len(), ring.dropped()), (2, 4));
        ring.clear();
        assert_eq!((ring.len(), ring.dropped()), (0, 0));
    }
}
