//! The operators of checks: their words, and what each takes. How they judge is in [`super::check`].

/// What has to hold of a reading.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the words of the format, which its schema documents")]
pub enum Op {
    Equals,
    NotEquals,
    OneOf,
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
    Matches,
    Between,
    AtLeast,
    AtMost,
    GreaterThan,
    LessThan,
    Exists,
    Absent,
    NewerThan,
    OlderThan,
    Schema,
    SameAs,
}

impl Op {
    pub(crate) const ALL: [Self; 19] = [
        Self::Equals,
        Self::NotEquals,
        Self::OneOf,
        Self::Contains,
        Self::NotContains,
        Self::StartsWith,
        Self::EndsWith,
        Self::Matches,
        Self::Between,
        Self::AtLeast,
        Self::AtMost,
        Self::GreaterThan,
        Self::LessThan,
        Self::Exists,
        Self::Absent,
        Self::NewerThan,
        Self::OlderThan,
        Self::Schema,
        Self::SameAs,
    ];
    pub(crate) const WORDS: [&'static str; 19] = [
        "equals",
        "not_equals",
        "one_of",
        "contains",
        "not_contains",
        "starts_with",
        "ends_with",
        "matches",
        "between",
        "at_least",
        "at_most",
        "greater_than",
        "less_than",
        "exists",
        "absent",
        "newer_than",
        "older_than",
        "schema",
        "same_as",
    ];

    /// As it stands in a document.
    pub fn word(self) -> &'static str {
        let at = Self::ALL.iter().position(|op| *op == self);
        at.and_then(|at| Self::WORDS.get(at)).unwrap_or(&"")
    }

    /// Whether it puts numbers or instants in order.
    pub(crate) fn orders(self) -> bool {
        matches!(
            self,
            Self::Between | Self::AtLeast | Self::AtMost | Self::GreaterThan | Self::LessThan
        ) || self.is_of_time()
    }

    /// Whether it is about instants, whatever the filters are.
    pub(crate) fn is_of_time(self) -> bool {
        matches!(self, Self::NewerThan | Self::OlderThan)
    }

    /// Whether a tolerance has a meaning for it.
    pub(crate) fn takes_tolerance(self) -> bool {
        self.orders() || matches!(self, Self::Equals | Self::NotEquals | Self::OneOf | Self::SameAs)
    }

    /// Whether a count or a sum, which can still grow, can be judged by it.
    pub(crate) fn judges_amounts(self) -> bool {
        match self {
            Self::Equals
            | Self::OneOf
            | Self::Between
            | Self::AtLeast
            | Self::AtMost
            | Self::GreaterThan
            | Self::LessThan
            | Self::SameAs => true,
            Self::NotEquals
            | Self::Contains
            | Self::NotContains
            | Self::StartsWith
            | Self::EndsWith
            | Self::Matches
            | Self::Exists
            | Self::Absent
            | Self::NewerThan
            | Self::OlderThan
            | Self::Schema => false,
        }
    }
}
