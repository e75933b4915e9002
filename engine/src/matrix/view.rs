//! What the matrix has, as readers see it, and its form.

use crate::form::{object, variants};
use crate::protocol::StagePhase;
use crate::verify::{Kind, Reason};

/// A run's fields, system by system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MatrixView {
    /// The fields that tell one record from another; none when the chain has no subject.
    pub key: Vec<String>,
    /// The systems that have fields, in the order of their stages.
    pub columns: Vec<MatrixColumn>,
    /// The fields, in the order of the document.
    pub fields: Vec<MatrixField>,
    /// The records, those that are not alike first; as many as are shown.
    pub records: Vec<MatrixRecord>,
    /// How many records there are by key, over all systems.
    pub seen: u32,
    /// How many are alike in every system.
    pub matched: u32,
    /// How many differ in some system.
    pub differing: u32,
    /// How many lack something in some system, and differ in none.
    pub lacking: u32,
    /// How many of each system's keys there are to be: as the document says, or as the first system has.
    pub expected: Option<u32>,
    /// Where it first went wrong; none as long as nothing did.
    pub blame: Option<Blame>,
}

/// A system, as one stage asked it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MatrixColumn {
    /// Its stage, from 0.
    pub stage: u32,
    /// The stage's name.
    pub name: String,
    /// The system's name.
    pub system: Option<String>,
    /// What its stage has come to.
    pub phase: StagePhase,
    /// How many rows its answer has.
    pub rows: u64,
    /// How many keys they have.
    pub keys: u32,
    /// How many of its rows repeat a key.
    pub duplicates: u32,
    /// How many of its rows have no key.
    pub unkeyed: u32,
    /// How many records of other systems it lacks, or has not got yet.
    pub missing: u32,
    /// What its number of keys and rows comes to.
    pub count: CellState,
    /// How long after the sending it was verified, in milliseconds.
    pub latency_ms: Option<u64>,
    /// Why its records can't be read, if they can't.
    pub trouble: Option<Reason>,
}

/// A field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MatrixField {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// The stage whose values are the right ones, if one is named.
    pub reference: Option<String>,
}

/// A record: one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MatrixRecord {
    /// Its key's values in the form of their kinds; its place when the chain has no subject.
    pub key: String,
    /// The worst of its cells.
    pub state: CellState,
    /// How many rows each system has of it.
    pub rows: Vec<u32>,
    /// Its fields, each in every system.
    pub fields: Vec<Vec<MatrixCell>>,
}

/// A field's value in one system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MatrixCell {
    /// What it comes to.
    pub state: CellState,
    /// By which rule.
    pub rule: Option<Rule>,
    /// The value as it is, as JSON text.
    pub raw: Option<String>,
    /// The value in the form of its kind, as JSON text.
    pub normalised: Option<String>,
}

/// What a cell comes to. In the order of how much there is to do about it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CellState {
    /// The system is said not to have the field, or not said to have it.
    NotCarried,
    /// The same, to the letter.
    Match,
    /// The same once it is in the form of its kind.
    Normalised,
    /// Not the same, but near enough.
    Within,
    /// The run has not come so far, or ended before.
    NotReached,
    /// Not there yet.
    Pending,
    /// There, and null.
    Null,
    /// Not there, and no longer awaited.
    Missing,
    /// There, and different.
    Differs,
}

/// By which rule a cell is what it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rule {
    /// It is what the others are compared with.
    Reference,
    /// The system changes it on purpose; those after it are compared with this.
    Transformed,
    /// The same as values of this kind are.
    SameKind {
        /// The kind.
        kind: Kind,
    },
    /// Apart by no more than its tolerance.
    Within {
        /// How far: a number, or a time in words.
        by: String,
        /// How far it may be.
        most: String,
    },
    /// Another value was expected.
    Unlike {
        /// Which, as JSON text.
        want: String,
    },
    /// Apart by more than its tolerance.
    Beyond {
        /// The value that was expected, as JSON text.
        want: String,
        /// How far: a number, or a time in words.
        by: String,
        /// How far it may be.
        most: String,
    },
    /// It can't be compared.
    Unread {
        /// Why not.
        why: Reason,
    },
    /// The system's answer has no record of this key.
    NoRecord,
    /// The chain does not say where the system has the field.
    Unmapped,
}

/// Where it first went wrong, in the order of the stages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Blame {
    /// A value changed.
    Changed {
        /// The field.
        field: String,
        /// The record's key; none when there is only one.
        key: Option<String>,
        /// The first system that has another value.
        system: String,
        /// Its value, as JSON text.
        got: String,
        /// The system before it, or the one that it is compared with.
        before: String,
        /// What that has.
        want: String,
    },
    /// A value is not there.
    Lost {
        /// The field; none when the whole record is not there.
        field: Option<String>,
        /// The record's key; none when there is only one.
        key: Option<String>,
        /// The first system that lacks it.
        system: String,
        /// A system before it that has it; none when no system does.
        before: Option<String>,
    },
    /// A value is there that was not there before.
    Added {
        /// The field; none when the whole record was not there.
        field: Option<String>,
        /// The record's key; none when there is only one.
        key: Option<String>,
        /// The first system that has it.
        system: String,
        /// A system before it, which lacks it.
        before: String,
    },
    /// Records are there more than once.
    Repeated {
        /// The first system where they are.
        system: String,
        /// How many keys it has.
        keys: u32,
        /// How many rows repeat one of them.
        duplicates: u32,
    },
}

impl CellState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::NotCarried,
        Self::Match,
        Self::Normalised,
        Self::Within,
        Self::NotReached,
        Self::Pending,
        Self::Null,
        Self::Missing,
        Self::Differs,
    ];

    /// Whether it is wrong: not "not yet".
    pub fn is_wrong(self) -> bool {
        self >= Self::Null
    }

    /// Its name in messages.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NotCarried => "not_carried",
            Self::Match => "match",
            Self::Normalised => "normalised",
            Self::Within => "within",
            Self::NotReached => "not_reached",
            Self::Pending => "pending",
            Self::Null => "null",
            Self::Missing => "missing",
            Self::Differs => "differs",
        }
    }
}

impl MatrixColumn {
    /// The system's name; the stage's when it has none.
    pub fn title(&self) -> &str {
        self.system.as_deref().unwrap_or(&self.name)
    }
}

object!(MatrixView:
    key, columns, fields, records, seen, matched, differing, lacking, expected, blame,
);
object!(MatrixColumn:
    stage, name, system, phase, rows, keys, duplicates, unkeyed, missing, count, latency_ms, trouble,
);
object!(MatrixField: name, kind, reference);
object!(MatrixRecord: key, state, rows, fields);
object!(MatrixCell: state, rule, raw, normalised);
variants!(CellState:
    "not_carried" NotCarried,
    "match" Match,
    "normalised" Normalised,
    "within" Within,
    "not_reached" NotReached,
    "pending" Pending,
    "null" Null,
    "missing" Missing,
    "differs" Differs,
);
variants!(Rule:
    "reference" Reference,
    "transformed" Transformed,
    "same_kind" SameKind { kind },
    "within" Within { by, most },
    "unlike" Unlike { want },
    "beyond" Beyond { want, by, most },
    "unread" Unread { why },
    "no_record" NoRecord,
    "unmapped" Unmapped,
);
variants!(Blame:
    "changed" Changed { field, key, system, got, before, want },
    "lost" Lost { field, key, system, before },
    "added" Added { field, key, system, before },
    "repeated" Repeated { system, keys, duplicates },
);
variants!(Kind:
    "text" Text,
    "integer" Integer,
    "decimal" Decimal,
    "boolean" Boolean,
    "time" Time,
    "uuid" Uuid,
    "json" Json,
);
