//! What the engine asks of the language that chains are written in: templates, paths, checks, verdicts.
//! Pure: the same question has the same answer.
//!
//! The engine knows a chain by its document and its [`Outline`], and everything else about it by asking.
//! In a browser the language is a module of its own, so that a page which only schedules never loads it.

use std::fmt;

use super::outline::Outline;
use super::run::RunScope;
use crate::document::Problem;
use crate::matrix::MatrixView;
use crate::protocol::{Answer, HttpRequest, ReadingView, StagePhase, Told};
use crate::secrets::SecretWant;
use crate::time::Timestamp;
use crate::verify::{History, Reason, Records, Verdict};

/// The largest body that is read, in bytes.
pub(crate) const BODY_LIMIT: u64 = 5_000_000;

/// The language that chains are written in.
pub trait Language {
    /// Reads a document.
    ///
    /// # Errors
    /// What is wrong with it.
    fn outline(&self, document: &str) -> Result<Outline, NotRead>;

    /// The values of a run that starts now, as JSON texts: variables, then the entries of this environment.
    ///
    /// # Errors
    /// Why there are none.
    fn variables(
        &self,
        document: &str,
        environment: Option<&str>,
        start: Start,
    ) -> Result<Vec<(String, String)>, NotFilled>;

    /// A stage's request as it is sent, and as it is shown.
    ///
    /// # Errors
    /// Why there is none.
    fn request(&self, of: StageOf, scope: &RunScope) -> Result<Filled, NotFilled>;

    /// Judges an answer to a stage's request, and how it came.
    ///
    /// # Errors
    /// When the language is silent.
    fn judge(
        &self,
        of: StageOf,
        scope: &RunScope,
        history: Option<&Told<History>>,
        answer: (&Answer, Arrival),
    ) -> Result<Judgement, Silence>;

    /// A run's fields, system by system. `stages` are all of the document's, and `reference` is the one
    /// whose values are the right ones, if one is chosen.
    ///
    /// # Errors
    /// When the language is silent.
    fn matrix(
        &self,
        document: &str,
        stages: Vec<StageNow>,
        reference: Option<&str>,
    ) -> Result<Told<MatrixView>, Silence>;
}

/// How an answer came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// How long it took, in milliseconds; none when nothing was sent.
    pub latency_ms: Option<u64>,
}

/// No more than this: what it would hold is of no use, and is code that pages wait for.
impl fmt::Debug for dyn Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Language")
    }
}

/// A stage of a document.
#[derive(Clone, Copy, Debug)]
pub struct StageOf<'a> {
    /// The document, in which nothing is wrong.
    pub document: &'a str,
    /// Which of its stages, from 0.
    pub stage: usize,
}

/// A request with every template filled in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filled {
    /// As it is sent.
    pub(crate) request: HttpRequest,
    /// Without the secrets that it carries; none when it carries none.
    pub(crate) shown: Option<Seen>,
}

/// A request as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    pub(crate) request: Told<HttpRequest>,
    pub(crate) url: String,
}

/// An answer as it is shown: without the secrets that were in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    pub(crate) answer: Told<Answer>,
    /// Whether its body is cut at the limit of what is kept.
    pub(crate) cut: bool,
    pub(crate) redirected_to: Option<String>,
}

impl Shown {
    /// Nothing of an answer.
    pub(crate) fn nothing() -> Self {
        Self { answer: Told::none(), cut: false, redirected_to: None }
    }
}

/// An answer that was judged: what a run goes by, and what it only keeps and tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    pub(crate) verdict: Verdict,
    pub(crate) reason: Told<Reason>,
    pub(crate) readings: Told<Vec<ReadingView>>,
    /// As JSON texts; set by a passing attempt only.
    pub(crate) captures: Vec<(String, String)>,
    /// What the answer has of the chain's fields, whatever the verdict.
    pub(crate) records: Option<Told<Records>>,
    /// What this attempt and those before it have said, for the next.
    pub(crate) history: Option<Told<History>>,
    pub(crate) fate: Fate,
    /// A person has to let it in.
    pub(crate) needs_access: bool,
    /// If an answer to the same request passed before, this is another one.
    pub(crate) differs: bool,
    /// A wrong reading waits for its confirmation, and is the worst there is.
    pub(crate) unconfirmed: Option<Told<Reason>>,
    /// The answer without the secrets that are in it, if any are.
    pub(crate) shown: Option<Shown>,
}

/// What became of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It was answered, or has never left and never will.
    Known,
    /// It may have arrived.
    Unknown,
    /// It was held back until a person lets it in.
    HeldBack,
}

/// How a stage of a run stands, as far as the language has to know it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StageNow {
    /// What it has come to.
    pub(crate) phase: StagePhase,
    /// When it passed.
    pub(crate) passed_at: Option<Timestamp>,
    /// What its latest answer has of the chain's fields.
    pub(crate) records: Option<Told<Records>>,
    /// Why it is as it is.
    pub(crate) reason: Option<Told<Reason>>,
}

/// How a run starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Start {
    /// From where its random values come; no greater than [`crate::protocol::MAX_NUMBER`].
    pub seed: u64,
    /// When.
    pub now: Timestamp,
}

/// Why the language gives no answer, without a full stop. A language that is linked in is never silent
/// about a document that it has read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Silence(pub String);

/// Why a document is not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotRead {
    /// What is wrong with it.
    Invalid(Vec<Problem>),
    /// The language is silent, so nothing is known of the document.
    Silent(Silence),
}

/// Why templates are not filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotFilled {
    /// This name has no value.
    Unresolved(String),
    /// These secrets may not go where the request would carry them.
    KeptBack(Vec<SecretWant>),
    /// The language is silent.
    Silent(Silence),
}

impl fmt::Display for NotFilled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unresolved(name) => write!(f, "`{{{{{name}}}}}` has no value"),
            // Its diagnosis has the sentence, and is told in its place.
            Self::KeptBack(_) => f.write_str("a secret is kept back"),
            Self::Silent(Silence(why)) => f.write_str(why),
        }
    }
}
