//! Finds a job's slot by its key: a hash table of slot numbers only, as the keys stand in the slots.
//! Knows no job. A tenth of a general map's code, and a tenth of its memory.

use std::hash::{Hash, Hasher};

const EMPTY: u32 = u32::MAX;

/// Slots by the hash of their keys; open addressing, linear probing, at most half full.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    table: Vec<u32>,
    len: usize,
}

impl Index {
    /// The slot among those of this hash that is the one meant.
    pub(crate) fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let place = self.place_of(hash, is_it)?;
        Some(self.table[place])
    }

    /// Adds a slot that is not there yet. `hash_of` tells the hash of any slot that is.
    pub(crate) fn insert(&mut self, hash: u32, slot: u32, hash_of: impl Fn(u32) -> u32) {
        if (self.len + 1) * 2 > self.table.len() {
            self.grow(hash_of);
        }
        self.len += 1;
        self.put(hash, slot);
    }

    /// Takes a slot out, if it is there.
    pub(crate) fn remove(&mut self, hash: u32, slot: u32, hash_of: impl Fn(u32) -> u32) {
        let Some(mut hole) = self.place_of(hash, |found| found == slot) else { return };
        self.len -= 1;
        // What was pushed aside by it moves back, so that no search ends too early.
        let mut at = hole;
        loop {
            at = self.after(at);
            let moved = self.table[at];
            if moved == EMPTY {
                break;
            }
            let home = self.home(hash_of(moved));
            let mask = self.table.len() - 1;
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(hole) & mask {
                self.table[hole] = moved;
                hole = at;
            }
        }
        self.table[hole] = EMPTY;
    }

    fn place_of(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<usize> {
        if self.table.is_empty() {
            return None;
        }
        let mut at = self.home(hash);
        while self.table[at] != EMPTY {
            if is_it(self.table[at]) {
                return Some(at);
            }
            at = self.after(at);
        }
        None
    }

    fn put(&mut self, hash: u32, slot: u32) {
        let mut at = self.home(hash);
        while self.table[at] != EMPTY {
            at = self.after(at);
        }
        self.table[at] = slot;
    }

    fn grow(&mut self, hash_of: impl Fn(u32) -> u32) {
        let size = (self.table.len() * 2).max(16);
        let old = std::mem::replace(&mut self.table, vec![EMPTY; size]);
        for slot in old.into_iter().filter(|slot| *slot != EMPTY) {
            self.put(hash_of(slot), slot);
        }
    }

    /// The table's size is a power of two.
    fn home(&self, hash: u32) -> usize {
        hash as usize & (self.table.len() - 1)
    }

    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.table.len() - 1)
    }
}

/// A key's hash. Source: FNV-1a over words, and the finalizer of `MurmurHash3`, which spreads it.
pub(crate) fn hash<K: Hash + ?Sized>(key: &K) -> u32 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    key.hash(&mut hasher);
    let mut h = hasher.0;
    h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let bytes = (h ^ (h >> 33)).to_le_bytes();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(steps in proptest::collection::vec((0_u32..60, any::<bool>()), 0..400), spread in 1_u32..70) {
            // Few hashes, so that many slots stand in each other's way.
            let hash_of = |slot: u32| slot % spread;
            let mut index = Index::default();
            let mut model = BTreeSet::new();
            for (slot, add) in steps {
                if add && model.insert(slot) {
                    index.insert(hash_of(slot), slot, hash_of);
                } else if !add {
                    index.remove(hash_of(slot), slot, hash_of);
                    model.remove(&slot);
                }
                for slot in 0..60 {
                    let found = index.find(hash_of(slot), |found| found == slot);
                    prop_assert_eq!(found.is_some(), model.contains(&slot));
                }
            }
        }
    }

    #[test]
    fn keys_that_are_alike_spread() {
        let homes: BTreeSet<u32> = (0..1000).map(|n| hash(&format!("job-{n}")) & 1023).collect();
        assert!(homes.len() > 600, "{} of 1024 places are used", homes.len());
    }
}
