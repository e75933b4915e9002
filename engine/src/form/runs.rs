//! Lists whose neighbours are mostly alike: what ten thousand jobs of one instant have in common is
//! kept, and written, once. Knows no meaning.
//!
//! The form of [`Runs`] is a flat list, `[value, count, value, count, …]`; `columns!` makes a column of
//! each field of a struct, and so turns a list of structs on its side.

use super::{Decode, Encode, Notes, Text};
use crate::json::Value;

/// A list by runs of equal values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Runs<T>(Vec<(T, u32)>);

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> Runs<T> {
    /// Adds a value at the end.
    pub(crate) fn push(&mut self, value: T) {
        match self.0.last_mut() {
            Some((last, count)) if *last == value => *count = count.saturating_add(1),
            Some(_) | None => self.0.push((value, 1)),
        }
    }
}

impl<T> Runs<T> {
    /// How many values there are.
    pub(crate) fn len(&self) -> u64 {
        self.0.iter().map(|(_, count)| u64::from(*count)).sum()
    }
}

impl<T: Clone> Runs<T> {
    /// The values, one by one. As many as its form said: bound them by something else that was read.
    pub(crate) fn iter(&self) -> impl Iterator<Item = T> {
        self.0.iter().flat_map(|(value, count)| (0..*count).map(|_| value.clone()))
    }
}

impl<T: Encode> Encode for Runs<T> {
    fn encode(&self, to: &mut Text) {
        let pairs = self.0.iter();
        to.list(pairs.flat_map(|(value, count)| [value as &dyn Encode, count]));
    }
}

impl<T: Decode> Decode for Runs<T> {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, from: &Value, notes: &mut Notes) {
        let Some(items) = from.as_array() else { return notes.wanted(from, "a list") };
        for pair in items.chunks(2) {
            let [value, count] = pair else { return notes.wanted(from, "a list of pairs") };
            let mut run = (T::blank(), 0);
            run.0.read(value, notes);
            run.1.read(count, notes);
            self.0.push(run);
        }
    }
}

/// A struct of columns for a list of structs: `push` adds one, `rows` gives them back, and `len` tells
/// how many there are, unless what was read has columns of different length.
macro_rules! columns {
    ($(#[$doc:meta])* $columns:ident of $row:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug, Default)]
        struct $columns {
            $($field: $crate::form::Runs<$type>),+
        }

        impl $columns {
            fn push(&mut self, row: $row) {
                let $row { $($field),+ } = row;
                $(self.$field.push($field);)+
            }

            fn len(&self) -> Option<u64> {
                let all = [$(self.$field.len()),+];
                all.iter().all(|len| *len == all[0]).then_some(all[0])
            }

            fn rows(&self) -> impl Iterator<Item = $row> {
                $(let mut $field = self.$field.iter();)+
                std::iter::from_fn(move || Some($row { $($field: $field.next()?),+ }))
            }
        }

        $crate::form::object!($columns: $($field),+);
    };
}

pub(crate) use columns;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::form::decode;

    #[test]
    fn equals_are_written_once() {
        let mut runs = Runs::default();
        for value in [7_u64, 7, 7, 8, 7] {
            runs.push(value);
        }
        assert_eq!(Text::of(&runs), "[7,3,8,1,7,1]");
    }

    #[test]
    fn half_a_pair_is_refused() {
        assert!(decode::<Runs<u64>>("[7,3,8]").is_err());
    }

    proptest! {
        #[test]
        fn what_went_in_comes_out(values in proptest::collection::vec(0_u64..4, 0..60)) {
            let mut runs = Runs::default();
            for &value in &values {
                runs.push(value);
            }
            let read: Runs<u64> = decode(&Text::of(&runs)).unwrap();
            prop_assert_eq!(read.iter().collect::<Vec<_>>(), values);
        }
    }
}
