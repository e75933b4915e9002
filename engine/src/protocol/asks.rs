//! What a page asks of its own worker besides the engine: questions to small modules, each of which is
//! loaded when it is first needed. No engine takes part, so that none has to lead.
//!
//! A question and its answer are JSON texts within an [`Ask`] and a [`Said`], which the worker's script takes
//! and sends beside the engine's messages. Each is answered once; after a crash of the worker, not at all.

use super::{AttemptView, Evidence, HttpRequest, Told};
use crate::document::Problem;
use crate::form::{Decode, Text, decode, object, variants};
use crate::id::{CommandId, RunId};
use crate::locale::Locale;
use crate::time::Timestamp;

/// Which module is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Module {
    /// Triggers and jobs in words.
    Words,
    /// cURL, HAR and Postman into stages, stages into cURL and Hurl.
    Imports,
    /// Stages of a document under edit, tried.
    Trial,
}

/// A question on its way to a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Made by its page; the answer carries it back.
    pub id: CommandId,
    /// Which module.
    pub of: Module,
    /// JSON text.
    pub question: String,
}

/// What came of an [`Ask`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// The question's id.
    pub id: CommandId,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a question ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The module's answer, JSON text.
    Answer(String),
    /// Why there is none.
    Error(String),
}

/// How a [`Said`] begins; no message of the engine does.
const SAID: &str = r#"{"said":"#;

enum Asking {
    Ask(Ask),
}

enum Saying {
    Said(Said),
}

impl Ask {
    /// The message as it is sent.
    pub fn to_json(self) -> String {
        Text::of(&Asking::Ask(self))
    }
}

impl Said {
    /// Reads a message; nothing when it is another one.
    pub fn from_json(text: &str) -> Option<Self> {
        let Saying::Said(said) = text.starts_with(SAID).then(|| read(text))??;
        Some(said)
    }
}

variants!(Asking: "ask" Ask(ask));
variants!(Saying: "said" Said(said));
object!(Ask: id, of, question);
object!(Said: id, outcome);
variants!(Module: "words" Words, "imports" Imports, "trial" Trial);
variants!(Outcome: "answer" Answer(text), "error" Error(why));

// ------------------------------------------------------------------------------------------ in words

/// Asks [`Module::Words`] what a trigger says.
pub fn ask_words(trigger: &str, locale: Locale) -> String {
    let (locale, trigger) = (locale.tag(), Text::of(&trigger.to_owned()));
    format!(
        r#"{{"locale":"{locale}","now":0,"standby":false,"describe":[{trigger}],"explain":[]}}"#
    )
}

/// The answer to [`ask_words`]; nothing when the trigger can't be read.
pub fn read_words(answer: &str) -> Option<String> {
    let Described { mut describe } = read(answer)?;
    describe.pop().filter(|words| !words.is_empty())
}

/// Asks [`Module::Words`] when a trigger that is being written fires next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AskNext {
    /// The trigger, JSON text.
    pub trigger: String,
    /// The language of its words.
    pub locale: Locale,
    /// After which instant.
    pub now: Timestamp,
    /// How many fires.
    pub count: u32,
}

/// The answer to [`AskNext`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NextFires {
    /// What it says, and when it fires.
    Fires {
        /// The trigger in words.
        words: String,
        /// Its next fires; fewer than were asked for when it has no more.
        fires: Vec<Timestamp>,
        /// The zone that it is in.
        zone: String,
    },
    /// What is wrong with it. Paths begin at the trigger.
    Wrong(Vec<Problem>),
}

object!(AskNext: trigger, locale, now, count);
variants!(NextFires: "fires" Fires { words, fires, zone }, "wrong" Wrong(problems));

struct Described {
    describe: Vec<String>,
}

object!(Described: describe);

// --------------------------------------------------------------------------------------------- answers

/// What an editor hears from [`Module::Imports`] and [`Module::Trial`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ToolAnswer {
    /// Nothing came of it: why, and where.
    Refused(Note),
    /// A text for another tool.
    Text {
        /// The text.
        text: String,
        /// What is to be known about it.
        notes: Vec<Note>,
    },
    /// An edit of the document.
    Edit {
        /// From where on, in UTF-16 units.
        start: u32,
        /// Up to where, in UTF-16 units.
        end: u32,
        /// What stands there then.
        text: String,
        /// What is to be known about it.
        notes: Vec<Note>,
    },
    /// A recording's entries, to choose from.
    Choose(Vec<ImportEntry>),
    /// What can be tried.
    Plan(TrialPlan),
    /// A request that may change something is sent only when that is confirmed.
    Confirm {
        /// The request's method.
        method: String,
        /// Its address.
        url: String,
    },
    /// What an answer comes to.
    Tried(Box<Tried>),
    /// What a path selects.
    Selected(Selection),
}

/// A sentence in both languages, without a full stop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// What it is about: `log.entries[3]`, `item[0]`; empty when it is about all.
    pub place: String,
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Note {
    /// A sentence about all.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { place: String::new(), en: en.into(), zh: zh.into() }
    }

    /// What a machine says, in either language.
    pub fn same(why: String) -> Self {
        Self { place: String::new(), en: why.clone(), zh: why }
    }

    /// The sentence in a language.
    pub fn sentence(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Zh => &self.zh,
        }
    }
}

variants!(ToolAnswer:
    "refused" Refused(note),
    "text" Text { text, notes },
    "edit" Edit { start, end, text, notes },
    "choose" Choose(entries),
    "plan" Plan(plan),
    "confirm" Confirm { method, url },
    "tried" Tried(tried),
    "selected" Selected(selection),
);
object!(Note: place, en, zh);

// --------------------------------------------------------------------------------- imports and exports

/// What is asked of [`Module::Imports`] by a screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportQuestion {
    /// Puts what stands in a text (a curl command, a HAR recording, a Postman collection) into a document, as
    /// stages. Answered by an edit, or by the entries to choose from.
    Insert {
        /// The document, JSON text; an empty one becomes a chain.
        document: String,
        /// Where the caret stands in it, in UTF-16 units: the stages follow the one around it.
        caret: u32,
        /// The stages and variables that are there are a new chain's examples, and give way.
        fresh: bool,
        /// The text that was pasted or read.
        text: String,
        /// The entries that were chosen; none yet.
        entries: Option<Vec<u32>>,
    },
    /// A request as it was sent, as a curl command.
    Curl {
        /// The request.
        request: HttpRequest,
    },
    /// A document as a Hurl file.
    Hurl {
        /// The document, JSON text.
        document: String,
    },
}

/// An entry of a recording.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportEntry {
    /// Its place in the recording, from 0.
    pub index: u32,
    /// What it is: `GET https://… 200`, without secrets.
    pub label: String,
    /// Whether a stage can send it.
    pub importable: bool,
}

variants!(ImportQuestion:
    "insert" Insert { document, caret, fresh, text, entries },
    "curl_of" Curl { request },
    "hurl_of" Hurl { document },
);
object!(ImportEntry: index, label, importable);

// --------------------------------------------------------------------------------------------- trials

/// A stage of a document under edit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StageUnderEdit {
    /// The document, JSON text.
    pub document: String,
    /// The stage's name.
    pub stage: String,
    /// What its templates are filled in with, a JSON object's text.
    pub values: String,
    /// The reader's language.
    pub locale: Locale,
}

/// What is asked of [`Module::Trial`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TrialQuestion {
    /// The document's stages, and fresh values. What was tried before is forgotten.
    Plan {
        /// The document, JSON text.
        document: String,
        /// Which of its environments; none takes the first, if there is one.
        environment: Option<String>,
        /// Where the caret stands in the document, in UTF-16 units.
        caret: u32,
    },
    /// Sends the stage's request once, and judges what comes back.
    Send {
        /// Which stage.
        of: StageUnderEdit,
        /// Whether it may be sent though it may change something.
        confirmed: bool,
    },
    /// Judges an answer that was pasted: a body, or what `curl -i` prints.
    Judge {
        /// By which stage's checks.
        of: StageUnderEdit,
        /// The answer.
        pasted: String,
    },
    /// Judges a kept attempt anew, and those before it.
    Replay {
        /// By which stage's checks.
        of: StageUnderEdit,
        /// Of which run it is.
        run: RunId,
        /// The names of that run's stages.
        stages: Vec<String>,
        /// Of which of them, from 0.
        stage: u32,
        /// Which attempt, from 1.
        attempt: u32,
    },
    /// The stage's request as a curl command.
    Curl {
        /// Which stage.
        of: StageUnderEdit,
    },
    /// What a path selects in a body.
    Select {
        /// The body, JSON text.
        body: String,
        /// The path, maybe with templates.
        path: String,
        /// What these are filled in with, a JSON object's text.
        values: String,
    },
}

/// What a path selects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selection {
    /// The normalized paths of the values, in the body's order; no more than can be shown.
    pub places: Vec<String>,
    /// How many there are.
    pub count: u32,
    /// When there are none, how far the path comes.
    pub reached: Option<Reached>,
}

/// The longest beginning of a path that selects something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reached {
    /// It.
    pub path: String,
    /// How many values it selects.
    pub count: u32,
    /// The segment after it, which finds nothing there.
    pub rest: String,
    /// The members that are there instead, the first of them.
    pub names: Vec<String>,
    /// How many items the longest array there has.
    pub items: Option<u32>,
}

/// What can be tried of a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TrialPlan {
    /// The names of its stages, in order.
    pub stages: Vec<String>,
    /// The one that the caret is in, from 0.
    pub at: u32,
    /// The names of its environments.
    pub environments: Vec<String>,
    /// Values as a run that starts now would have them, a JSON object's text.
    pub values: String,
}

/// What an answer comes to by a stage's checks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tried {
    /// The verdict, its reason and its readings, as an attempt has them.
    pub attempt: AttemptView,
    /// What was sent and what came back.
    pub evidence: Told<Evidence>,
    /// What it captured, as JSON texts.
    pub captures: Vec<(String, String)>,
    /// The fields of its record and their values, as they are shown.
    pub record: Vec<(String, String)>,
    /// What the same answer came to when it was polled.
    pub before: Option<Box<AttemptView>>,
}

object!(StageUnderEdit: document, stage, values, locale);
variants!(TrialQuestion:
    "plan" Plan { document, environment, caret },
    "send" Send { of, confirmed },
    "judge" Judge { of, pasted },
    "replay" Replay { of, run, stages, stage, attempt },
    "curl" Curl { of },
    "select" Select { body, path, values },
);
object!(Selection: places, count, reached);
object!(Reached: path, count, rest, names, items);
object!(TrialPlan: stages, at, environments, values);
object!(Tried: attempt, evidence, captures, record, before);

macro_rules! texts {
    ($($type:ident)+) => {$(
        impl $type {
            /// As JSON text.
            pub fn to_json(&self) -> String {
                Text::of(self)
            }

            /// Reads JSON text; nothing when it is something else.
            pub fn from_json(text: &str) -> Option<Self> {
                read(text)
            }
        }
    )+};
}

texts!(ImportQuestion TrialQuestion ToolAnswer AskNext NextFires);

fn read<T: Decode>(text: &str) -> Option<T> {
    decode(text).ok()
}
