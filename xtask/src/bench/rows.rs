//! The rows that are measured, as people read them. `tests/bench/workload.json` says what they do.

/// Rows that are measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Next,
    Store,
    Few,
    Burst,
}

impl Group {
    pub(crate) const ALL: [Self; 4] = [Self::Next, Self::Store, Self::Few, Self::Burst];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Store => "store",
            Self::Few => "few",
            Self::Burst => "burst",
        }
    }

    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Next => "the next fire of a cron trigger, from random instants",
            Self::Store => {
                "adding, taking, pausing and rescheduling 100,000 jobs, and their memory"
            }
            Self::Few => "the same with 10,000, which is as many as every peer can take",
            Self::Burst => "how late 10,000 jobs run that are due at one instant",
        }
    }

    pub(super) fn rows(self) -> &'static [Row] {
        match self {
            Self::Next => &NEXT,
            Self::Store => &STORE,
            Self::Few => &FEW,
            Self::Burst => &BURST,
        }
    }
}

/// A row: its name among the subjects, and its name for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// Whether peers are measured in a page too, where timers are not those of Node.
    pub(super) in_pages: bool,
}

const fn row(name: &'static str, title: &'static str) -> Row {
    Row { name, title, in_pages: false }
}

const NEXT: [Row; 4] = [
    row("next_dense_utc", "next fire, `*/15 9-17 * * 1-5`, UTC"),
    row("next_dense_zone", "next fire, `*/15 9-17 * * 1-5`, New York"),
    row("next_sparse_utc", "next fire, `0 0 29 2 *`, UTC"),
    row("next_sparse_zone", "next fire, `0 0 29 2 *`, New York"),
];

const STORE: [Row; 5] = [
    row("store_add", "add a job to 100,000"),
    row("store_pop", "take the next one due"),
    row("store_pause", "pause one"),
    row("store_reschedule", "reschedule one"),
    row("store_bytes", "memory of a job"),
];

const FEW: [Row; 5] = [
    row("few_add", "add a job to 10,000"),
    row("few_pop", "take the next one due of 10,000"),
    row("few_pause", "pause one of 10,000"),
    row("few_reschedule", "reschedule one of 10,000"),
    row("few_bytes", "memory of one of 10,000"),
];

const BURST: [Row; 2] = [
    Row { in_pages: true, ..row("burst_p50", "10,000 due at once, lateness p50") },
    Row { in_pages: true, ..row("burst_p99", "10,000 due at once, lateness p99") },
];
