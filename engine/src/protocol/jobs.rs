//! The upper border's part for jobs: what a page may ask of the scheduler, and what it is told.

use super::fires::{Blocking, FireEnds, FireId, FireList, FireOutcome, FireView};
use crate::form::{object, variants};
use crate::id::{ClientId, JobId};
use crate::locale::Locale;
use crate::time::Timestamp;

/// What a page may ask of the scheduler. Documents are JSON texts: [`crate::jobs`] reads them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JobsCommand {
    /// A page takes up its work with a new engine: which jobs it carries out, and which fires it is
    /// still at.
    Resume {
        /// The callback jobs that it has functions for.
        jobs: Vec<JobId>,
        /// The fires that it has begun and not yet reported.
        executing: Vec<FireId>,
    },
    /// Adds jobs, all or none. The page that adds a callback job carries it out.
    Add {
        /// Their documents, JSON texts.
        documents: Vec<String>,
        /// What becomes of those that are there already.
        existing: Existing,
    },
    /// Changes some members of a job; a new trigger counts from now.
    Modify {
        /// Which.
        job: JobId,
        /// The members that change, a JSON text.
        changes: String,
    },
    /// Pauses a job: it keeps its phase, and what passes meanwhile is skipped.
    Pause {
        /// Which.
        job: JobId,
    },
    /// Lets a paused job go on.
    Unpause {
        /// Which.
        job: JobId,
    },
    /// Removes a job.
    Remove {
        /// Which.
        job: JobId,
        /// What becomes of its fires under way.
        mode: RemoveMode,
    },
    /// Removes all jobs; fires under way go on.
    RemoveAll,
    /// Holds all jobs back, until [`JobsCommand::UnpauseAll`]. Runs go on.
    PauseAll,
    /// Lets jobs go on; what was due meanwhile is missed by each job's policy.
    UnpauseAll,
    /// Carries a job out now, besides its schedule; while a fire is under way, after it.
    RunNow {
        /// Which.
        job: JobId,
    },
    /// Carries out, one by one, the fires that a job would have had in a time that has passed.
    Backfill {
        /// Which.
        job: JobId,
        /// The first instant.
        from: Timestamp,
        /// The last instant; not after now.
        until: Timestamp,
    },
    /// A job's next fires; answered by [`JobsReply::Fires`].
    NextFires {
        /// Which.
        job: JobId,
        /// How many.
        count: u32,
    },
    /// The first fires of a trigger that no job has; answered by [`JobsReply::Fires`].
    Preview {
        /// The trigger, a JSON text.
        trigger: String,
        /// How many fires.
        count: u32,
    },
    /// The jobs that match; answered by [`JobsReply::Jobs`].
    List {
        /// Which.
        filter: JobFilter,
    },
    /// Recent fires, the latest first; answered by [`JobsReply::History`].
    History {
        /// Of which job; of all without it.
        job: Option<JobId>,
        /// How many at most.
        count: u32,
    },
    /// This page carries out these callback jobs.
    Bind {
        /// Which.
        jobs: Vec<JobId>,
    },
    /// This page doesn't carry out these callback jobs any more.
    Unbind {
        /// Which.
        jobs: Vec<JobId>,
    },
    /// Fires that this page carried out have ended.
    Ended {
        /// Which, and how.
        ends: Vec<FireEnds>,
    },
    /// This page stops: it begins no more fires. Answered when its fires have ended.
    Shutdown {
        /// Whether fires under way may end by themselves.
        wait: bool,
        /// For how long, in milliseconds; then they are aborted.
        timeout_ms: u64,
    },
    /// All jobs as one document; answered by [`JobsReply::Text`].
    Export,
    /// Adds the jobs of such a document, all or none.
    Import {
        /// The document, a JSON text.
        document: String,
        /// What becomes of those that are there already.
        existing: Existing,
    },
}

/// What becomes of a job that is added while one of its id is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Existing {
    /// It is replaced; with the same trigger it keeps its next fire, its count and its pause.
    #[default]
    Replace,
    /// It stays as it is.
    Keep,
    /// The command is refused.
    Refuse,
}

/// What becomes of the fires under way of a job that is removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum RemoveMode {
    /// They go on, and their end is still recorded.
    #[default]
    LetFinish,
    /// They are aborted.
    Abort,
    /// The job is removed when they have ended, and the command is answered then.
    Wait,
}

/// Which jobs are listed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct JobFilter {
    /// Only this one.
    pub job: Option<JobId>,
    /// Only those with this tag.
    pub tag: Option<String>,
    /// Only those in this state.
    pub state: Option<JobState>,
}

/// What a job is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JobState {
    /// It waits for its next fire.
    Waiting,
    /// A fire is under way.
    Running,
    /// It stands still.
    Paused,
    /// It is due, and no page has bound its function.
    Unbound,
    /// It never fires again.
    Finished,
}

/// A job as readers see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JobView {
    /// Which.
    pub id: JobId,
    /// Its whole document, a JSON text: with its time zone and start date written in.
    pub document: String,
    /// What it is doing.
    pub state: JobState,
    /// Its next fire.
    pub next: Option<Timestamp>,
    /// The instant of its last fire.
    pub last: Option<Timestamp>,
    /// How many fires were carried out.
    pub fires: u64,
    /// How many were skipped in a row, as another was under way.
    pub skipped: u32,
    /// How many are under way.
    pub under_way: u32,
    /// Since when the first of them is.
    pub under_way_since: Option<Timestamp>,
    /// How many wait for one under way to end.
    pub waiting: u32,
    /// Whether it has fired as often as it may.
    pub exhausted: bool,
}

/// A job that was added, in short.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddedJob {
    /// Which.
    pub id: JobId,
    /// Its next fire.
    pub next: Option<Timestamp>,
}

/// The answers of [`JobsCommand`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JobsReply {
    /// The jobs that were added.
    Added(Vec<AddedJob>),
    /// Jobs in the order of their ids.
    Jobs(Vec<JobView>),
    /// The next fires of a job, or the first of a trigger.
    Fires(Vec<Timestamp>),
    /// Recent fires, the latest first.
    History(Vec<FireView>),
    /// A document.
    Text(String),
}

/// What happened to jobs and their fires. Covers the events of `APScheduler` and what the listeners of
/// Quartz are told; the store's trouble and a clock that was set back are told by [`super::Health`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JobEvent {
    /// A job was added.
    Added {
        /// Which.
        job: JobId,
        /// Its next fire.
        next: Option<Timestamp>,
    },
    /// A job was changed, replaced or rescheduled.
    Modified {
        /// Which.
        job: JobId,
        /// Its next fire.
        next: Option<Timestamp>,
    },
    /// A job was paused.
    Paused {
        /// Which.
        job: JobId,
    },
    /// A job goes on.
    Unpaused {
        /// Which.
        job: JobId,
        /// Its next fire.
        next: Option<Timestamp>,
    },
    /// A job was removed.
    Removed {
        /// Which.
        job: JobId,
    },
    /// All jobs were removed.
    AllRemoved,
    /// All jobs are held back.
    AllPaused,
    /// Jobs go on.
    AllUnpaused,
    /// Fires were recorded, and are handed over.
    Submitted {
        /// Which.
        fires: FireList,
        /// The page that carries them out; none when they are runs of chains.
        client: Option<ClientId>,
        /// After how long each is aborted, in milliseconds.
        timeout_ms: u64,
    },
    /// Fires ended.
    Ended {
        /// Which.
        fires: FireList,
        /// How each of them did.
        outcome: FireOutcome,
    },
    /// Fires were missed.
    Missed {
        /// Which job.
        job: JobId,
        /// The first of them.
        first: Timestamp,
        /// How many; at least so many when it is 10,000.
        count: u64,
        /// Why.
        why: MissedWhy,
    },
    /// Several fires were due at once, and were merged into one.
    Coalesced {
        /// Which job.
        job: JobId,
        /// The one that is carried out.
        into: Timestamp,
        /// How many others were merged into it; at least so many when it is 9,999.
        count: u64,
    },
    /// A fire came while another was under way, and was skipped.
    Skipped {
        /// Which job.
        job: JobId,
        /// The instant that was skipped.
        scheduled_at: Timestamp,
        /// How many have been skipped in a row.
        in_a_row: u32,
        /// The fire that is under way, and since when.
        blocked_by: Option<Blocking>,
    },
    /// A fire came while another was under way, and waits for its end.
    Waiting {
        /// Which job.
        job: JobId,
        /// The instant that waits.
        scheduled_at: Timestamp,
    },
    /// A job is due, and no page has bound its function.
    Unbound {
        /// Which.
        job: JobId,
        /// Since when it is due.
        scheduled_at: Timestamp,
    },
    /// A clock change of the zone decided about fires of a job.
    ClockChange {
        /// Which job.
        job: JobId,
        /// When clocks changed.
        at: Timestamp,
        /// What was decided.
        decision: ClockDecision,
    },
    /// Jobs never fire again.
    Finished {
        /// Which.
        jobs: Vec<JobId>,
    },
    /// A page has stopped.
    Shutdown {
        /// Which.
        client: ClientId,
    },
}

/// Why fires were missed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MissedWhy {
    /// They were later than the job's grace allows.
    BeyondGrace,
    /// There were too many to be carried out one by one.
    TooMany,
}

/// What a clock change of the zone did to a job's fires.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClockDecision {
    /// A time that did not exist fires right after the gap.
    GapMoved,
    /// Times that did not exist were skipped.
    GapSkipped,
    /// A time that came twice fires the first time.
    FoldFirst,
    /// A time that came twice fires the second time.
    FoldLast,
    /// A time that came twice fires both times.
    FoldBoth,
}

// ------------------------------------------------------------------------------------------- forms

variants!(JobsCommand:
    "resume" Resume { jobs, executing },
    "add" Add { documents, existing },
    "modify" Modify { job, changes },
    "pause" Pause { job },
    "unpause" Unpause { job },
    "remove" Remove { job, mode },
    "remove_all" RemoveAll,
    "pause_all" PauseAll,
    "unpause_all" UnpauseAll,
    "run_now" RunNow { job },
    "backfill" Backfill { job, from, until },
    "next_fires" NextFires { job, count },
    "preview" Preview { trigger, count },
    "list" List { filter },
    "history" History { job, count },
    "bind" Bind { jobs },
    "unbind" Unbind { jobs },
    "ended" Ended { ends },
    "shutdown" Shutdown { wait, timeout_ms },
    "export" Export,
    "import" Import { document, existing },
);
variants!(Locale: "en" En, "zh-CN" Zh);
variants!(Existing: "replace" Replace, "keep" Keep, "refuse" Refuse);
variants!(RemoveMode: "let_finish" LetFinish, "abort" Abort, "wait" Wait);
object!(JobFilter: job, tag, state);
variants!(JobState:
    "waiting" Waiting,
    "running" Running,
    "paused" Paused,
    "unbound" Unbound,
    "finished" Finished,
);
object!(JobView:
    id, document, state, next, last, fires, skipped, under_way, under_way_since, waiting, exhausted,
);
object!(AddedJob: id, next);
variants!(JobsReply:
    "added" Added(jobs),
    "jobs" Jobs(jobs),
    "fires" Fires(fires),
    "history" History(fires),
    "text" Text(text),
);
variants!(JobEvent:
    "added" Added { job, next },
    "modified" Modified { job, next },
    "paused" Paused { job },
    "unpaused" Unpaused { job, next },
    "removed" Removed { job },
    "all_removed" AllRemoved,
    "all_paused" AllPaused,
    "all_unpaused" AllUnpaused,
    "submitted" Submitted { fires, client, timeout_ms },
    "ended" Ended { fires, outcome },
    "missed" Missed { job, first, count, why },
    "coalesced" Coalesced { job, into, count },
    "skipped" Skipped { job, scheduled_at, in_a_row, blocked_by },
    "waiting" Waiting { job, scheduled_at },
    "unbound" Unbound { job, scheduled_at },
    "clock_change" ClockChange { job, at, decision },
    "finished" Finished { jobs },
    "shutdown" Shutdown { client },
);
variants!(MissedWhy: "beyond_grace" BeyondGrace, "too_many" TooMany);
variants!(ClockDecision:
    "gap_moved" GapMoved,
    "gap_skipped" GapSkipped,
    "fold_first" FoldFirst,
    "fold_last" FoldLast,
    "fold_both" FoldBoth,
);
