//! The rows that are measured, as people read them. `tests/bench/workload.json` says what they do.

/// Rows that are measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Next,
    Store,
    Few,
    Burst,
    Page,
}

impl Group {
    pub(crate) const ALL: [Self; 5] = [Self::Next, Self::Store, Self::Few, Self::Burst, Self::Page];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Store => "store",
            Self::Few => "few",
            Self::Burst => "burst",
            Self::Page => "page",
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
            Self::Page => "when our page can be used, and its frames while much goes on",
        }
    }

    pub(super) fn rows(self) -> &'static [Row] {
        match self {
            Self::Next => &NEXT,
            Self::Store => &STORE,
            Self::Few => &FEW,
            Self::Burst => &BURST,
            Self::Page => &PAGE,
        }
    }
}

/// Where a row's peers are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Places {
    /// Wherever they run that is no page.
    Outside,
    /// In a page too, where timers are not those of Node.
    Both,
    /// In a page only.
    Page,
}

/// A row: its name among the subjects, and its name for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) places: Places,
}

const fn row(name: &'static str, title: &'static str) -> Row {
    Row { name, title, places: Places::Outside }
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
    Row { places: Places::Both, ..row("burst_p50", "10,000 due at once, lateness p50") },
    Row { places: Places::Both, ..row("burst_p99", "10,000 due at once, lateness p99") },
];

const PAGE: [Row; 3] = [
    in_page("page_ready", "the page can be used, from nothing cached"),
    in_page("page_board", "longest frame, 1,000 live runs on the board"),
    in_page("page_scroll", "longest frame, 10,000 attempts scrolled"),
];

const fn in_page(name: &'static str, title: &'static str) -> Row {
    Row { name, title, places: Places::Page }
}
