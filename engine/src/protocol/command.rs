//! The upper border, down: what any user may ask, and how it is answered.

use super::{
    AttemptView, Evidence, JobsCommand, JobsReply, Retention, RunCopy, RunPart, RunView, Storage,
    TakenOver, Told,
};
use crate::chain::Problem;
use crate::id::{ChainId, ClientId, CommandId, JobId, RunId};
use crate::locale::Locale;
use crate::matrix::MatrixView;
use crate::secrets::{LEAST_CHARACTERS, MOST_CHARACTERS, SecretText, SecretWant};

/// A command on its way to the engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Order {
    /// The protocol's version that its client speaks.
    pub version: u32,
    /// Made by its client; the answer carries it back.
    pub id: CommandId,
    /// What to do.
    pub command: Command,
}

/// What any user may ask of the engine. Repeating one is harmless.
#[derive(Clone, PartialEq, Eq, Debug)]
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
    /// Takes an ended run up from a stage on, as a new run: what that one verified before stays verified,
    /// with its evidence, captures and variables.
    RetryRun {
        /// The new run's id, made by the client.
        run: RunId,
        /// The ended run.
        from: RunId,
        /// From which of its stages, from 0.
        stage: u32,
    },
    /// Chooses the environment in which a chain is started when nothing else is said: by hand, by its
    /// schedule, by a page.
    ChooseEnvironment {
        /// Which chain.
        chain: ChainId,
        /// Which of its environments.
        environment: String,
    },
    /// Sets a secret, or where it may go. Its value is never told again.
    SetSecret {
        /// Its environment; empty for chains that have none.
        environment: String,
        /// Its name.
        name: String,
        /// Its value; none keeps the one it has.
        value: Option<SecretText>,
        /// Where it may go, in place of where it could: `https://api.example`.
        origins: Vec<String>,
    },
    /// Removes a secret.
    RemoveSecret {
        /// Its environment.
        environment: String,
        /// Its name.
        name: String,
    },
    /// Lets a chain be started by its schedule, or not any more.
    ArmSchedule {
        /// Which chain.
        chain: ChainId,
        /// Whether it is.
        armed: bool,
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
    /// Reads a run; answered by [`Reply::Run`].
    ReadRun {
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
    /// Reads a part of a run as it is stored, to be taken along; answered by [`Reply::Rows`].
    ReadRows {
        /// Which run.
        run: RunId,
        /// Which part.
        part: RunPart,
    },
    /// Takes over a run that was read elsewhere; answered by [`Reply::TakenOver`]. Refused as a whole when one of its
    /// rows can't be read.
    TakeOver(RunCopy),
    /// Says how long what is kept stays, frees space, or asks what holds; answered by [`Reply::Retained`].
    Retain {
        /// What holds from now on; none leaves it.
        policy: Option<Retention>,
        /// So many bytes of evidence have to go, those of the runs that began first.
        free: Option<u64>,
    },
    /// Reads a run's fields, system by system; answered by [`Reply::Matrix`].
    Matrix {
        /// Which run.
        run: RunId,
        /// The stage whose values are the right ones; none takes what the fields say.
        reference: Option<String>,
    },
    /// Goes on keeping what is new in memory, when the database can't take it; or tries the database again,
    /// which then gets what was kept in memory meanwhile.
    KeepIn {
        /// Where.
        storage: Storage,
    },
    /// Asks something of the scheduler of jobs.
    Jobs {
        /// The page that asks.
        client: ClientId,
        /// What.
        command: JobsCommand,
    },
}

impl Command {
    /// Whether it can only be carried out by asking the language of chains. Other commands ask it too,
    /// but only about a chain that there is, and so after one of these or
    /// [`needs_language`](crate::engine::needs_language).
    pub fn needs_language(&self) -> bool {
        match self {
            Self::CheckDocument { .. }
            | Self::SaveChain { .. }
            | Self::TakeOver(_)
            | Self::Matrix { .. } => true,
            Self::Subscribe
            | Self::RemoveChain { .. }
            | Self::ReadChain { .. }
            | Self::StartRun { .. }
            | Self::RetryRun { .. }
            | Self::ChooseEnvironment { .. }
            | Self::SetSecret { .. }
            | Self::RemoveSecret { .. }
            | Self::ArmSchedule { .. }
            | Self::PauseRun { .. }
            | Self::ResumeRun { .. }
            | Self::CancelRun { .. }
            | Self::PollNow { .. }
            | Self::RemoveRun { .. }
            | Self::ReadRun { .. }
            | Self::ListAttempts { .. }
            | Self::ReadEvidence { .. }
            | Self::ReadRows { .. }
            | Self::Retain { .. }
            | Self::KeepIn { .. }
            | Self::Jobs { .. } => false,
        }
    }
}

/// The answer of a command that was carried out.
#[derive(Clone, PartialEq, Debug)]
pub enum Reply {
    /// It is done.
    Ok,
    /// The document's problems; none when it can be saved.
    Checked {
        /// What is wrong with it.
        problems: Vec<Problem>,
        /// What may be meant, but is worth a second look.
        warnings: Vec<Problem>,
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
    /// A run as it stands.
    Run(RunView),
    /// A run's attempts, in the order of stage and number.
    Attempts(Vec<AttemptView>),
    /// An attempt's request and response.
    Evidence(Told<Evidence>),
    /// Rows as they are stored: key and text.
    Rows(Vec<(String, String)>),
    /// What became of a run that was to be taken over.
    TakenOver(TakenOver),
    /// How long what is kept stays.
    Retained {
        /// What holds.
        policy: Retention,
        /// How much evidence there is, in bytes.
        evidence: u64,
    },
    /// A run's fields, system by system.
    Matrix(Told<MatrixView>),
    /// What was asked of the scheduler of jobs.
    Jobs(JobsReply),
}

/// Why a command was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
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
    /// No such job.
    UnknownJob(JobId),
    /// A job of this id is there already.
    JobExists(JobId),
    /// No such environment in the chain.
    UnknownEnvironment(String),
    /// The run lacks secrets, or some may not go where it would carry them.
    Secrets {
        /// The environment that it would run in; empty when the chain has none.
        environment: String,
        /// Which.
        wants: Told<Vec<SecretWant>>,
    },
    /// What is to be kept is no secret: too short, too long, or of several lines.
    NoSecret,
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
    /// The chain is not the same any more up to the stage of a retry.
    StagesChanged {
        /// Its revision now.
        revision: u32,
    },
    /// A stage before the one of a retry did not pass.
    NotPassed {
        /// Its name.
        stage: String,
    },
    /// The chain has no schedule.
    NoSchedule(ChainId),
    /// No such attempt, or its evidence was pruned.
    NoEvidence,
    /// A row that was to be taken over can't be read.
    Unreadable {
        /// Its key.
        row: String,
    },
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
    /// The language of chains gives no answer.
    Language {
        /// Why not.
        message: String,
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
            Self::UnknownJob(job) => format!("there is no job {job}; it may have been removed"),
            Self::JobExists(job) => {
                format!("there is a job {job} already; replace or keep it, or choose another id")
            }
            Self::UnknownEnvironment(name) => {
                format!("the chain has no environment \"{name}\"; choose one that it names")
            }
            Self::Secrets { environment, wants } => lacking(environment, wants, Locale::En),
            Self::NoSecret => format!(
                "a secret has {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters on one line; a shorter one could not be told from other text"
            ),
            Self::Ended(_) => "the run has ended; start a new one".into(),
            Self::NotEnded(_) => "the run goes on; cancel it first".into(),
            Self::NotRunning(_) => "the run is not running; resume it first".into(),
            Self::NotFrozen(_) => "the run is not paused".into(),
            Self::SentOnce(_) => "this stage is sent once and is never polled by hand".into(),
            Self::StagesChanged { revision } => format!(
                "revision {revision} of the chain differs before that stage, so what was verified may not hold for it; start a new run"
            ),
            Self::NotPassed { stage } => {
                format!("\"{stage}\" did not pass in that run; retry from there")
            }
            Self::NoSchedule(_) => "the chain has no schedule; add one to its document".into(),
            Self::NoEvidence => {
                "there is no evidence of that attempt; it may have been let go".into()
            }
            Self::Unreadable { row } => {
                format!("{row} can't be read; nothing of it was taken over")
            }
            Self::Invalid(problems) => join(problems, Locale::En),
            Self::Conflict { revision } => {
                format!("revision {revision} was saved since; reload it before you save yours")
            }
            Self::TooMany { what, limit } => {
                format!("there are {limit} {what}, and no more are taken; remove some")
            }
            Self::Language { message } => {
                format!("chains can't be read now: {message}; try again, or reload")
            }
            Self::Store { message } => format!("the store could not be read: {message}"),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Version { .. } => "页面与引擎版本不同；请刷新页面".into(),
            Self::UnknownChain(chain) => format!("没有链路 {chain}；可能已被删除"),
            Self::UnknownRun(run) => format!("没有运行 {run}；可能已被删除"),
            Self::UnknownJob(job) => format!("没有作业 {job}；可能已被删除"),
            Self::JobExists(job) => format!("作业 {job} 已存在；请替换、保留，或另选 id"),
            Self::UnknownEnvironment(name) => format!("该链路没有环境“{name}”；请选择其中之一"),
            Self::Secrets { environment, wants } => lacking(environment, wants, Locale::Zh),
            Self::NoSecret => format!(
                "机密须为一行 {LEAST_CHARACTERS} 至 {MOST_CHARACTERS} 个字符；更短则无法与其他文本区分"
            ),
            Self::Ended(_) => "该运行已结束；请重新开始".into(),
            Self::NotEnded(_) => "该运行仍在进行；请先取消".into(),
            Self::NotRunning(_) => "该运行未在进行；请先继续".into(),
            Self::NotFrozen(_) => "该运行没有暂停".into(),
            Self::SentOnce(_) => "此阶段只发送一次，不能手动轮询".into(),
            Self::StagesChanged { revision } => {
                format!("链路修订 {revision} 在该阶段之前已有改动，先前的验证未必适用；请重新运行")
            }
            Self::NotPassed { stage } => format!("“{stage}”在那次运行中未通过；请从该阶段重试"),
            Self::NoSchedule(_) => "该链路没有计划；请在其文档中添加".into(),
            Self::NoEvidence => "没有该次尝试的证据；可能已被清理".into(),
            Self::Unreadable { row } => format!("无法读取 {row}；未导入其任何内容"),
            Self::Invalid(problems) => join(problems, Locale::Zh),
            Self::Conflict { revision } => format!("其间已保存修订 {revision}；请先重新载入"),
            Self::TooMany { what, limit } => format!("{what} 已达 {limit}，不再接受；请先删除一些"),
            Self::Language { message } => {
                format!("目前无法读取链路：{message}；请重试，或刷新页面")
            }
            Self::Store { message } => format!("无法读取存储：{message}"),
        }
    }
}

/// What a run lacks, a sentence for each secret.
fn lacking(environment: &str, wants: &Told<Vec<SecretWant>>, locale: Locale) -> String {
    // Only a later build knows more of them.
    let wants = wants.read().unwrap_or_default();
    let lines: Vec<String> = wants.iter().map(|want| want.sentence(environment, locale)).collect();
    lines.join("\n")
}

fn join(problems: &[Problem], locale: Locale) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| problem.sentence(locale)).collect();
    lines.join("\n")
}
