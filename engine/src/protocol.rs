//! The engine's two borders, each one pair of enums. Holds no logic.
//!
//! * [`Command`] down and [`Event`] up, between any user (screens, an embedding page, another tab) and
//!   the engine's worker; [`ToWorker`] and [`FromWorker`] are the messages that carry them.
//! * [`Input`] in and [`Action`] out, between the browser shell and the pure engine.
//!
//! Documents, JSON values and bodies cross as JSON text: a JavaScript number would lose 19.90 and
//! 64-bit ids. Enums are tagged externally, which every serializer carries faithfully.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::chain::Problem;
use crate::id::{CallId, ChainId, CommandId, CommitId, LoadId, RunId};
use crate::locale::Locale;
use crate::store::{Batch, Row, Table};
use crate::time::Timestamp;
use crate::verify::{Diagnosis, Reason, Verdict};

/// The version of the upper border. A client of another version is refused by name.
pub const VERSION: u32 = 1;

// ---------------------------------------------------------------- messages to and from the worker

/// What a page sends to its worker.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWorker {
    /// The first message: where to keep things, and by which clock.
    Start(Start),
    /// A command for the engine, wherever it runs.
    Command(Order),
    /// Moves the test clock forward. Answered by [`FromWorker::Advanced`].
    Advance {
        /// How far, in milliseconds.
        ms: u64,
        /// Whether time passes even while requests are under way, as it must for those that hang.
        through_calls: bool,
    },
}

/// How a worker begins.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Start {
    /// The namespace: one lock and one database for each (origin, name).
    pub name: String,
    /// Where records are kept.
    pub storage: Storage,
    /// Which clock drives the engine.
    pub clock: Clock,
    /// Chain documents that are saved when a namespace is used for the first time.
    pub samples: Vec<String>,
}

/// Where records are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// In the browser's database: shared by all tabs of the origin, kept over reloads.
    IndexedDb,
    /// In memory: private to its element, gone with it, without a lock.
    Memory,
}

/// Which clock drives the engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// The browser's.
    Real,
    /// One that stands still until [`ToWorker::Advance`] moves it.
    Test {
        /// Where it begins, in milliseconds since the Unix epoch.
        start_ms: i64,
    },
}

/// What a worker sends to its page.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWorker {
    /// An event of the engine, wherever it runs.
    Event(Envelope),
    /// Whether this worker drives the engine or follows another tab's.
    Role(Role),
    /// The test clock stands here now, in milliseconds since the Unix epoch.
    Advanced {
        /// Its reading.
        now_ms: i64,
    },
    /// The worker can't go on.
    Fatal(Fatal),
}

/// A worker's part among the tabs of its origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It holds the lock and owns the engine.
    Leader,
    /// Another tab does; commands and events pass through.
    Follower,
}

/// Why a worker can't go on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fatal {
    /// The database was written by a newer version of the page.
    NewerDatabase,
    /// The database can't be opened or read; the browser's own words.
    Database {
        /// The browser's own words.
        message: String,
    },
    /// Web Locks are missing: the page is not in a secure context. Only memory storage is offered.
    NoLocks,
    /// A message could not be understood.
    BadMessage {
        /// Why not.
        message: String,
    },
    /// The worker panicked; it is gone, and what it had committed is safe.
    Crashed {
        /// The panic's message.
        message: String,
    },
}

// -------------------------------------------------------------------------- the upper border, down

/// A command on its way to the engine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The protocol's version that its client speaks.
    pub version: u32,
    /// Made by its client; the answer carries it back.
    pub id: CommandId,
    /// What to do.
    pub command: Command,
}

/// What any user may ask of the engine. Repeating one is harmless.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Asks for a [`Event::Snapshot`].
    Subscribe,
    /// Reads a chain document without saving it; answered by [`Reply::Checked`].
    CheckDocument {
        /// The chain document, JSON text.
        document: String,
    },
    /// Saves a chain document. Refused with its problems if it has any.
    SaveChain {
        /// The chain's id, made by the client when it is new.
        chain: ChainId,
        /// The chain document, JSON text; kept to the letter.
        document: String,
        /// The revision that was edited; refused if another was saved since. None overwrites.
        base: Option<u32>,
    },
    /// Removes a chain; its runs stay.
    RemoveChain {
        /// Which.
        chain: ChainId,
    },
    /// Reads a chain's document; answered by [`Reply::Document`].
    ReadChain {
        /// Which.
        chain: ChainId,
    },
    /// Starts a run. Answered at once; the work goes on by itself.
    StartRun {
        /// The run's id, made by the client.
        run: RunId,
        /// Which chain.
        chain: ChainId,
        /// Which of its environments; None takes the first, if there is one.
        environment: Option<String>,
    },
    /// Pauses a run: no poll, and its deadline is frozen.
    PauseRun {
        /// Which.
        run: RunId,
    },
    /// Resumes a paused or blocked run.
    ResumeRun {
        /// Which.
        run: RunId,
    },
    /// Ends a run as cancelled.
    CancelRun {
        /// Which.
        run: RunId,
    },
    /// Polls the current stage now, besides its interval.
    PollNow {
        /// Which.
        run: RunId,
    },
    /// Removes an ended run with its evidence.
    RemoveRun {
        /// Which.
        run: RunId,
    },
    /// Reads a run's attempts; answered by [`Reply::Attempts`].
    ListAttempts {
        /// Which.
        run: RunId,
    },
    /// Reads an attempt's request and response; answered by [`Reply::Evidence`].
    ReadEvidence {
        /// Which run.
        run: RunId,
        /// Which of its stages, from 0.
        stage: u32,
        /// Which of its attempts, from 1.
        attempt: u32,
    },
}

// ---------------------------------------------------------------------------- the upper border, up

/// An event with its place in the stream. A reader that sees a gap in `seq`, or another `epoch`,
/// subscribes again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// The protocol's version that the engine speaks.
    pub version: u32,
    /// Which engine: one higher for each that took the lead.
    pub epoch: u64,
    /// Its place: one higher for each event of the epoch, from 1.
    pub seq: u64,
    /// The engine's clock when it was told.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// What the engine tells every reader.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The whole state; what a reader begins with.
    Snapshot(Snapshot),
    /// A chain was saved.
    ChainChanged(ChainView),
    /// A chain was removed.
    ChainRemoved(ChainId),
    /// A run or one of its stages changed.
    RunChanged(RunView),
    /// A run was removed.
    RunRemoved(RunId),
    /// An attempt began or ended.
    AttemptChanged(AttemptView),
    /// The engine's health changed.
    Health(Health),
    /// A command was carried out.
    Done {
        /// The command.
        id: CommandId,
        /// Its answer.
        reply: Reply,
    },
    /// A command was refused; nothing was changed.
    Refused {
        /// The command.
        id: CommandId,
        /// Why.
        refusal: Refusal,
    },
}

/// The whole state, as readers need it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// Chains by name.
    pub chains: Vec<ChainView>,
    /// Runs, the latest first.
    pub runs: Vec<RunView>,
    /// The engine's health.
    pub health: Health,
}

/// How the engine is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Health {
    /// The store's trouble, if it has any.
    pub store: Option<StoreTrouble>,
    /// Rows that could not be read, and are kept aside.
    pub quarantined: u32,
    /// How often the wall clock was found set back, over the store's whole life.
    pub clock_generation: u32,
}

/// A commit that fails and is tried again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StoreTrouble {
    /// The store's own words.
    pub message: String,
    /// How often it has failed in a row.
    pub failures: u32,
    /// When it is tried again.
    pub retry_at: Timestamp,
}

/// A chain on the board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChainView {
    /// Its id.
    pub id: ChainId,
    /// Its name.
    pub name: String,
    /// Its description; empty when it has none.
    pub description: String,
    /// How often it was saved.
    pub revision: u32,
    /// The names of its stages, in order.
    pub stages: Vec<String>,
    /// The names of its environments, in the document's order.
    pub environments: Vec<String>,
}

/// What a run has come to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunPhase {
    /// Its stages advance.
    Running,
    /// Paused by a user.
    Paused,
    /// Needs a person: its token is not taken any more.
    Blocked,
    /// Every stage passed.
    Passed,
    /// A stage failed.
    Failed,
    /// A stage was not there in time.
    TimedOut,
    /// Ended by a user.
    Cancelled,
}

impl RunPhase {
    /// Whether the run has ended.
    pub fn ended(self) -> bool {
        match self {
            Self::Running | Self::Paused | Self::Blocked => false,
            Self::Passed | Self::Failed | Self::TimedOut | Self::Cancelled => true,
        }
    }
}

/// What a stage has come to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StagePhase {
    /// An earlier stage has not passed.
    NotStarted,
    /// Between two polls.
    Waiting,
    /// A request is under way.
    Calling,
    /// Passing, and has to last.
    Holding,
    /// Verified.
    Passed,
    /// Wrong.
    Failed,
    /// Not there in time.
    TimedOut,
    /// Ended by a user.
    Cancelled,
}

/// A run with its stages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RunView {
    /// Its id.
    pub id: RunId,
    /// Its chain.
    pub chain: ChainId,
    /// The chain's name when it started.
    pub name: String,
    /// The chain's revision when it started.
    pub revision: u32,
    /// Counts a chain's runs, from 1.
    pub number: u32,
    /// The environment it runs in.
    pub environment: Option<String>,
    /// What it has come to.
    pub phase: RunPhase,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Since when it is paused or blocked.
    pub frozen_since: Option<Timestamp>,
    /// The values of its variables, in the document's order, as JSON texts.
    pub variables: Vec<(String, String)>,
    /// Its stages, in order.
    pub stages: Vec<StageView>,
}

/// A stage of a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "marks that stand side by side, not a state")]
pub struct StageView {
    /// Its name, unique in its chain.
    pub name: String,
    /// The system it asks.
    pub system: Option<String>,
    /// What it has come to.
    pub phase: StagePhase,
    /// Whether its request leaves at most once.
    pub once: bool,
    /// How many attempts were begun.
    pub attempts: u32,
    /// When it was first polled.
    pub begun_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When the next poll is due.
    pub due: Option<Timestamp>,
    /// When its time is over. Moves while the run is paused or blocked.
    pub deadline: Option<Timestamp>,
    /// Its interval, in milliseconds.
    pub interval_ms: u64,
    /// Its time limit, in milliseconds.
    pub timeout_ms: u64,
    /// Why it is as it is: of its last attempt, or of its end.
    pub reason: Option<Reason>,
    /// Passed after its deadline, or after `late_after`.
    pub late: bool,
    /// Passed and then did not, while it was holding.
    pub flapping: bool,
    /// Taken as sent without a known answer.
    pub unconfirmed: bool,
    /// How far a hold has come.
    pub hold: Option<HoldView>,
    /// What it captured, as JSON texts.
    pub captures: Vec<(String, String)>,
}

/// How far a hold has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldView {
    /// It has to last for a time.
    Lasting {
        /// Since when it passes.
        since: Timestamp,
        /// How long it has to, in milliseconds.
        need_ms: u64,
    },
    /// It has to last for a number of polls.
    Polls {
        /// How many passed in a row.
        seen: u32,
        /// How many have to.
        need: u32,
    },
}

/// What an attempt has come to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptPhase {
    /// Its request is under way.
    Calling,
    /// It was answered, and judged.
    Judged(Verdict),
    /// Its answer will never be known.
    Lost,
    /// Ended by a user before its answer.
    Aborted,
}

/// One poll of one stage, without its bodies.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AttemptView {
    /// Its run.
    pub run: RunId,
    /// Its stage, from 0.
    pub stage: u32,
    /// Its number, from 1.
    pub number: u32,
    /// What it has come to.
    pub phase: AttemptPhase,
    /// When it was due.
    pub scheduled_at: Timestamp,
    /// When it was begun. How late it was is the difference.
    pub begun_at: Timestamp,
    /// When it was answered.
    pub ended_at: Option<Timestamp>,
    /// From request to answer, in milliseconds.
    pub latency_ms: Option<u64>,
    /// How it was sent.
    pub transport: Transport,
    /// The request's method.
    pub method: String,
    /// The request's address.
    pub url: String,
    /// The answer's status.
    pub status: Option<u16>,
    /// The worst of its readings, or why there are none.
    pub reason: Option<Reason>,
    /// What each check saw.
    pub readings: Vec<ReadingView>,
}

/// What one check saw.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReadingView {
    /// Which check, as in the document: `checks[0]`, `stop[1]`.
    pub place: String,
    /// The rule in short: `$.rows[*].amount decimal equals`.
    pub rule: String,
    /// What was expected, as JSON text; none for rules without a value.
    pub expected: Option<String>,
    /// What was selected, as JSON texts, shortened.
    pub selected: Vec<String>,
    /// Where the selected values stand in the body: normalized JSONPaths, as many as are shown.
    pub locations: Vec<String>,
    /// How it was judged.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

/// How a request is sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// By the browser, to the address itself.
    Direct,
    /// To the demo pipeline inside the worker, without any network.
    Demo,
}

/// The answer of a command that was carried out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// It is done.
    Ok,
    /// The document's problems; none when it can be saved.
    Checked {
        /// What is wrong with it.
        problems: Vec<Problem>,
    },
    /// The chain was saved.
    Saved {
        /// Its revision now.
        revision: u32,
    },
    /// A chain's document.
    Document {
        /// JSON text, as it was saved.
        document: String,
        /// Its revision.
        revision: u32,
    },
    /// A run's attempts, in the order of stage and number.
    Attempts(Vec<AttemptView>),
    /// An attempt's request and response.
    Evidence(Box<Evidence>),
}

/// Why a command was refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Page and engine speak different versions; reload.
    Version {
        /// The engine's.
        engine: u32,
    },
    /// No such chain.
    UnknownChain(ChainId),
    /// No such run.
    UnknownRun(RunId),
    /// No such environment in the chain.
    UnknownEnvironment(String),
    /// The run has ended.
    Ended(RunId),
    /// The run goes on; cancel it first.
    NotEnded(RunId),
    /// The run is not running, so there is nothing to pause or poll.
    NotRunning(RunId),
    /// The run is not paused or blocked.
    NotFrozen(RunId),
    /// A stage that is sent once is never polled by hand.
    SentOnce(RunId),
    /// No such attempt, or its evidence was pruned.
    NoEvidence,
    /// The document has problems.
    Invalid(Vec<Problem>),
    /// Someone saved another revision since.
    Conflict {
        /// The revision now.
        revision: u32,
    },
    /// A limit is reached.
    TooMany {
        /// What there is too much of: `chains`, `open runs`.
        what: String,
        /// How many there may be.
        limit: u32,
    },
    /// The store could not be read; its own words.
    Store {
        /// The store's own words.
        message: String,
    },
}

impl Refusal {
    /// The refusal as a sentence with its mend, without a full stop.
    pub fn sentence(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.english(),
            Locale::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Version { .. } => {
                "this page and the engine are of different versions; reload".into()
            }
            Self::UnknownChain(chain) => {
                format!("there is no chain {chain}; it may have been removed")
            }
            Self::UnknownRun(run) => format!("there is no run {run}; it may have been removed"),
            Self::UnknownEnvironment(name) => {
                format!("the chain has no environment \"{name}\"; choose one that it names")
            }
            Self::Ended(_) => "the run has ended; start a new one".into(),
            Self::NotEnded(_) => "the run goes on; cancel it first".into(),
            Self::NotRunning(_) => "the run is not running; resume it first".into(),
            Self::NotFrozen(_) => "the run is not paused".into(),
            Self::SentOnce(_) => "this stage is sent once and is never polled by hand".into(),
            Self::NoEvidence => "there is no evidence of that attempt".into(),
            Self::Invalid(problems) => join(problems, Locale::En),
            Self::Conflict { revision } => {
                format!("revision {revision} was saved since; reload it before you save yours")
            }
            Self::TooMany { what, limit } => {
                format!("there are {limit} {what}, and no more are taken; remove some")
            }
            Self::Store { message } => format!("the store could not be read: {message}"),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Version { .. } => "页面与引擎版本不同；请刷新页面".into(),
            Self::UnknownChain(chain) => format!("没有链路 {chain}；可能已被删除"),
            Self::UnknownRun(run) => format!("没有运行 {run}；可能已被删除"),
            Self::UnknownEnvironment(name) => format!("该链路没有环境“{name}”；请选择其中之一"),
            Self::Ended(_) => "该运行已结束；请重新开始".into(),
            Self::NotEnded(_) => "该运行仍在进行；请先取消".into(),
            Self::NotRunning(_) => "该运行未在进行；请先继续".into(),
            Self::NotFrozen(_) => "该运行没有暂停".into(),
            Self::SentOnce(_) => "此阶段只发送一次，不能手动轮询".into(),
            Self::NoEvidence => "没有该次尝试的证据".into(),
            Self::Invalid(problems) => join(problems, Locale::Zh),
            Self::Conflict { revision } => format!("其间已保存修订 {revision}；请先重新载入"),
            Self::TooMany { what, limit } => format!("{what} 已达 {limit}，不再接受；请先删除一些"),
            Self::Store { message } => format!("无法读取存储：{message}"),
        }
    }
}

fn join(problems: &[Problem], locale: Locale) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| problem.sentence(locale)).collect();
    lines.join("\n")
}

/// An attempt's request and response, as they were.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// What was sent.
    pub request: HttpRequest,
    /// What came back, or why nothing did; none while it is under way or when it was lost.
    pub answer: Option<Answer>,
    /// Whether the body is cut at the limit of what is kept.
    pub cut: bool,
}

// --------------------------------------------------------------------------------- the lower border

/// What the shell tells the engine.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// A command of some user.
    Command(Order),
    /// The outcome of a call.
    Answered {
        /// Which call.
        call: CallId,
        /// What came back, or why nothing did.
        answer: Answer,
        /// What the executor wants to find again after a reload; written with the attempt.
        keep: Option<String>,
    },
    /// A batch is in the store.
    Committed(CommitId),
    /// A batch is not in the store; nothing of it is.
    CommitFailed {
        /// Which batch.
        commit: CommitId,
        /// The store's own words.
        message: String,
    },
    /// Rows that were asked for.
    Loaded {
        /// Which read.
        load: LoadId,
        /// The rows in the order of their keys, or the store's own words.
        rows: Result<Vec<Row>, String>,
    },
}

/// What the engine asks of the shell.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Write a batch. At most one is under way.
    Commit {
        /// Its id, for the answer.
        commit: CommitId,
        /// What to write.
        batch: Batch,
    },
    /// Send a request.
    Call(Call),
    /// Give up a request that is under way; no answer is needed.
    Abort(CallId),
    /// Read the rows of a table whose keys begin with `prefix`.
    Load {
        /// Its id, for the answer.
        load: LoadId,
        /// Which table.
        table: Table,
        /// How their keys begin.
        prefix: String,
    },
    /// Tell every reader.
    Emit(Envelope),
    /// Nothing to do until then, or until the next input.
    Sleep(Option<Timestamp>),
}

/// A request that is to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// Its id, for the answer.
    pub call: CallId,
    /// How it is sent.
    pub transport: Transport,
    /// What is sent.
    pub request: HttpRequest,
    /// After how long it is given up. The engine aborts it by itself; this is for the shell's message.
    pub timeout: Duration,
    /// The largest body that is read, in bytes.
    pub body_limit: u64,
}

/// A request, with every template filled in.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct HttpRequest {
    /// GET, HEAD, POST, PUT, PATCH or DELETE.
    pub method: String,
    /// An absolute address: http, https or demo.
    pub url: String,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body, if it has one.
    pub body: Option<String>,
    /// Whether the browser's credentials for that origin are sent.
    pub with_credentials: bool,
}

/// What became of a request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A response came.
    Response(HttpResponse),
    /// No response can be read.
    NoResponse(Diagnosis),
    /// No response came in time.
    Timeout,
}

/// A response, as far as a browser shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Header names, in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// Where a redirect led, if it was redirected.
    pub redirected_to: Option<String>,
}

/// A response's body.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Text, decoded as UTF-8; what is not becomes U+FFFD.
    Text(String),
    /// It is larger than the limit, and was not read to its end.
    TooLarge,
}
