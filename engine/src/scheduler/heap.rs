//! A heap of jobs by when they are due, that knows where each one stands: a job is moved or taken out
//! without a search. Knows no trigger.

use crate::time::Timestamp;

/// Where a job stands that is not in the heap.
pub(super) const NOWHERE: u32 = u32::MAX;

/// When a job is due, and its place among those of the same instant: the greater priority first,
/// then the one that was added first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Rank {
    pub(super) due: Timestamp,
    /// The priority turned round, above the serial number: one comparison for both.
    order: u64,
}

impl Rank {
    pub(super) fn new(due: Timestamp, priority: i32, serial: u32) -> Self {
        // Flipping the sign bit sorts negative numbers below positive ones; flipping all, the other way.
        let turned = !(priority.cast_unsigned() ^ (1 << 31));
        Self { due, order: u64::from(turned) << 32 | u64::from(serial) }
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    rank: Rank,
    slot: u32,
}

/// A binary heap, the earliest on top. Slots are small numbers: where each stands is a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Heap {
    entries: Vec<Entry>,
    places: Vec<u32>,
}

impl Heap {
    /// The earliest, and its slot.
    pub(super) fn first(&self) -> Option<(Rank, u32)> {
        self.entries.first().map(|entry| (entry.rank, entry.slot))
    }

    /// Puts a slot at its rank, wherever it stood.
    pub(super) fn set(&mut self, slot: u32, rank: Rank) {
        let index = slot as usize;
        if self.places.len() <= index {
            self.places.resize(index + 1, NOWHERE);
        }
        let entry = Entry { rank, slot };
        match self.places[index] {
            NOWHERE => {
                self.entries.push(entry);
                self.rise(self.entries.len() - 1, entry);
            }
            at => {
                let at = self.rise(at as usize, entry);
                self.sink(at, entry);
            }
        }
    }

    /// Takes a slot out, if it is there.
    pub(super) fn remove(&mut self, slot: u32) {
        let at = match self.places.get(slot as usize) {
            None | Some(&NOWHERE) => return,
            Some(&at) => at as usize,
        };
        self.places[slot as usize] = NOWHERE;
        let Some(last) = self.entries.pop() else { return };
        if at < self.entries.len() {
            let at = self.rise(at, last);
            self.sink(at, last);
        }
    }

    /// Moves an entry up from `at` to where it belongs, and answers where that is.
    fn rise(&mut self, mut at: usize, entry: Entry) -> usize {
        while at > 0 {
            let parent = (at - 1) / 2;
            if self.entries[parent].rank <= entry.rank {
                break;
            }
            self.put(at, self.entries[parent]);
            at = parent;
        }
        self.put(at, entry);
        at
    }

    /// Moves the gap at `at` down to the bottom, the lesser child up each time, and the entry from there
    /// up to where it belongs: what is put back late belongs far down, so most comparisons with it are
    /// saved. Source: std's `BinaryHeap::pop`.
    fn sink(&mut self, mut at: usize, entry: Entry) {
        let mut child = 2 * at + 1;
        while child < self.entries.len() {
            let other = child + 1;
            if other < self.entries.len() && self.entries[other].rank < self.entries[child].rank {
                child = other;
            }
            self.put(at, self.entries[child]);
            at = child;
            child = 2 * at + 1;
        }
        self.rise(at, entry);
    }

    fn put(&mut self, at: usize, entry: Entry) {
        self.entries[at] = entry;
        self.places[entry.slot as usize] = place(at);
    }
}

fn place(at: usize) -> u32 {
    // A slot is a u32, so there are no more entries.
    u32::try_from(at).unwrap_or(NOWHERE)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn rank(due: i64, serial: u32) -> Rank {
        Rank::new(Timestamp::from_ms(due), 0, serial)
    }

    #[test]
    fn of_one_instant_the_greater_priority_comes_first_then_the_earlier_serial() {
        let mut heap = Heap::default();
        let at = Timestamp::from_ms(5);
        heap.set(0, Rank::new(at, 1, 0));
        heap.set(1, Rank::new(at, 9, 2));
        heap.set(2, Rank::new(at, 9, 1));
        heap.set(3, Rank::new(at, i32::MIN, 3));
        heap.set(4, Rank::new(at, i32::MAX, 4));
        heap.set(5, Rank::new(at, -1, 5));
        let order: Vec<u32> = std::iter::from_fn(|| {
            let (_, slot) = heap.first()?;
            heap.remove(slot);
            Some(slot)
        })
        .collect();
        assert_eq!(order, [4, 2, 1, 0, 5, 3]);
    }

    proptest! {
        #[test]
        fn the_first_is_always_the_least(steps in proptest::collection::vec((0_u32..30, proptest::option::of(0_i64..100)), 0..300)) {
            let mut heap = Heap::default();
            let mut model = BTreeMap::new();
            for (slot, due) in steps {
                if let Some(due) = due {
                    heap.set(slot, rank(due, slot));
                    model.insert(slot, due);
                } else {
                    heap.remove(slot);
                    model.remove(&slot);
                }
                let least = model.iter().map(|(slot, due)| (*due, *slot)).min();
                prop_assert_eq!(heap.first().map(|(rank, slot)| (rank.due.as_ms(), slot)), least);
            }
        }
    }
}
