//! The chain document: JSON text in, a valid [`Chain`] or all of its problems out.
//!
//! Keys of the format that this version does not carry out are refused by name: a check that is
//! silently left out would make a verdict wrong. Keys that begin with `x-` are left alone.

use std::time::Duration;

use crate::json::Value;

use super::backoff::parse_backoff;
use super::outline::{Hold, OnInterrupt, Outline, Poll, StageOutline};
use super::steps::{again, parse_steps};
use super::template::{Name, Template, ValueTemplate};
use crate::document::{Object, Place, Problem, ProblemKind, Problems, nearest, tree};
use crate::id::ChainId;
use crate::json;
use crate::verify::check::Check;

/// The largest document, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;
const MAX_NAMES: usize = 200;

pub(super) const MS: Duration = Duration::from_millis(1);
const DAY: Duration = Duration::from_hours(24);

/// A definition that can be run: everything in it has been checked.
#[derive(Clone, Debug)]
pub struct Chain {
    pub(crate) id: Option<ChainId>,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) variables: Vec<(String, ValueTemplate)>,
    pub(crate) environments: Vec<Environment>,
    pub(crate) stages: Vec<Stage>,
    /// The trigger of its schedule, JSON text.
    pub(crate) schedule: Option<String>,
    /// Whether every stage that is polled is polled once more at the end.
    pub(crate) verify_again: bool,
}

/// A set of variables and base URLs.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) name: String,
    pub(crate) entries: Vec<(String, Value)>,
}

impl Environment {
    fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(entry, _)| entry == name)
    }
}

/// One stage: a request that is polled until its checks hold.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) system: Option<String>,
    /// Some: the request leaves at most once in a run.
    pub(crate) once: Option<OnInterrupt>,
    /// The group that it is of.
    pub(crate) group: Option<String>,
    pub(crate) request: Request,
    pub(crate) stop: Vec<Check>,
    pub(crate) checks: Vec<Check>,
    pub(crate) captures: Vec<Capture>,
    pub(crate) poll: Poll,
}

/// A request with templates in it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) url: Template,
    pub(crate) query: Vec<(String, ValueTemplate)>,
    pub(crate) headers: Vec<(String, Template)>,
    pub(crate) body: RequestBody,
    pub(crate) with_credentials: bool,
}

/// A request's body.
#[derive(Clone, Debug)]
pub(crate) enum RequestBody {
    None,
    Json(ValueTemplate),
    Form(Vec<(String, ValueTemplate)>),
    Text(Template),
}

/// A value taken from a response, for later stages.
#[derive(Clone, Debug)]
pub(crate) struct Capture {
    pub(crate) name: String,
    pub(crate) path: Template,
}

impl Chain {
    /// Reads a chain document.
    ///
    /// # Errors
    /// All of its problems, each with its path and its mend.
    ///
    /// ```
    /// use baton_engine::chain::Chain;
    /// let problems = Chain::parse(r#"{"baton": 1, "name": "x", "stages": [{"name": "a", "rquest": {}}]}"#)
    ///     .unwrap_err();
    /// assert_eq!(problems[0].to_string(), r#"stages[0]: unknown key "rquest"; did you mean "request"?"#);
    /// ```
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let chain = parse_chain(&tree(text, MAX_DOCUMENT_BYTES)?, &mut problems);
        match chain {
            Some(chain) if problems.is_empty() => Ok(chain),
            Some(_) | None => Err(problems.into_vec()),
        }
    }

    /// The chain's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id that the document itself carries, if any.
    pub fn id(&self) -> Option<&ChainId> {
        self.id.as_ref()
    }

    /// What the engine has to know of it.
    pub(crate) fn outline(&self) -> Outline {
        let names = self.environments.iter().map(|environment| environment.name.clone());
        Outline {
            id: self.id.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            environments: names.collect(),
            stages: self.stages.iter().map(Stage::outline).chain(again(self)).collect(),
            schedule: self.schedule.clone(),
        }
    }
}

impl Stage {
    pub(super) fn outline(&self) -> StageOutline {
        StageOutline {
            name: self.name.clone(),
            system: self.system.clone(),
            once: self.once,
            group: self.group.clone(),
            again: None,
            poll: self.poll.clone(),
        }
    }
}

fn parse_chain(tree: &Value, problems: &mut Problems) -> Option<Chain> {
    let root = Place::root(tree).object(
        problems,
        &[
            "baton",
            "id",
            "name",
            "description",
            "variables",
            "environments",
            "schedule",
            "verify_again",
            "poll",
            "stages",
        ],
        &["subject", "fields"],
    )?;
    check_version(&root, problems);
    let id = root.find("id").and_then(|place| parse_id(&place, problems));
    let name = root.need(problems, "name").and_then(|place| place.name(problems));
    let description = root.find("description").and_then(|place| place.text(problems));
    let mut known = Vec::new();
    let environments = parse_environments(&root, problems, &mut known);
    let variables = parse_variables(&root, problems, &mut known);
    let poll = root.find("poll").map_or_else(
        || Some(Poll::default()),
        |place| parse_poll(&place, &Poll::default(), PollOf::Chain, problems),
    );
    let stages = parse_steps(&root, problems, &mut known, &poll.unwrap_or_default());
    let verify_again = root.find("verify_again").map(|place| place.boolean(problems));
    // What is in it is the engine's to read.
    let schedule = root.find("schedule");
    let schedule = schedule.filter(|place| place.entries(problems).is_some());
    Some(Chain {
        id,
        name: name?.to_owned(),
        description: description.unwrap_or_default().to_owned(),
        variables: variables?,
        environments: environments?,
        stages: stages?,
        schedule: schedule.map(|place| json::text(place.value)),
        verify_again: verify_again.flatten().unwrap_or(false),
    })
}

fn check_version(root: &Object, problems: &mut Problems) {
    if let Some(place) = root.need(problems, "baton")
        && place.value.as_u64() != Some(1)
    {
        problems.push(&place, ProblemKind::Version { got: json::text(place.value) });
    }
}

fn parse_id(place: &Place, problems: &mut Problems) -> Option<ChainId> {
    match ChainId::try_from(place.text(problems)?) {
        Ok(id) => Some(id),
        Err(error) => {
            problems.push(place, ProblemKind::Id { message: error.to_string() });
            None
        }
    }
}

fn parse_environments(
    root: &Object,
    problems: &mut Problems,
    known: &mut Vec<String>,
) -> Option<Vec<Environment>> {
    let Some(place) = root.find("environments") else {
        return Some(Vec::new());
    };
    let mut environments: Vec<Environment> = Vec::new();
    for (name, place) in place.entries(problems)? {
        let mut entries = Vec::new();
        for (entry, place) in place.entries(problems)? {
            check_name(entry, &place, problems);
            entries.push((entry.to_owned(), place.value.clone()));
        }
        environments.push(Environment { name: name.to_owned(), entries });
    }
    // A name that one of them lacks is known only if it is a variable too: a start never finds a hole.
    if let Some(first) = environments.first() {
        let in_all = |name: &String| environments.iter().all(|environment| environment.has(name));
        known.extend(first.entries.iter().map(|(name, _)| name.clone()).filter(in_all));
    }
    Some(environments)
}

/// Variables are evaluated in order, so each may use those above it.
fn parse_variables(
    root: &Object,
    problems: &mut Problems,
    known: &mut Vec<String>,
) -> Option<Vec<(String, ValueTemplate)>> {
    let Some(place) = root.find("variables") else {
        return Some(Vec::new());
    };
    let entries = place.entries(problems)?;
    if entries.len() > MAX_NAMES {
        let (seen, limit) = (entries.len() as u64, MAX_NAMES as u64);
        problems.push(&place, ProblemKind::TooMany { seen, limit });
        return None;
    }
    let mut variables = Vec::new();
    for (name, place) in entries {
        check_name(name, &place, problems);
        let mut names = Names { known, uuid: Uuid::Allowed };
        if let Some(value) = names.value(&place, problems) {
            variables.push((name.to_owned(), value));
        }
        known.push(name.to_owned());
    }
    Some(variables)
}

fn check_name(name: &str, place: &Place, problems: &mut Problems) {
    let allowed = |c: char| crate::id::is_letter_or_digit(c) || matches!(c, '_' | '-');
    if name.is_empty() || !name.chars().all(allowed) {
        let message = format!("\"{name}\" is no name; use letters, digits, `_` and `-`");
        problems.push(place, ProblemKind::Template { message });
    }
}

/// Whose poll policy it is: only a stage can hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PollOf {
    Chain,
    Stage,
}

/// A poll policy, merged key by key over `base`.
pub(crate) fn parse_poll(
    place: &Place,
    base: &Poll,
    of: PollOf,
    problems: &mut Problems,
) -> Option<Poll> {
    let mut known = vec![
        "interval",
        "timeout",
        "attempt_timeout",
        "initial_delay",
        "max_attempts",
        "late_after",
        "backoff",
    ];
    if of == PollOf::Stage {
        known.push("hold");
    }
    let object = place.object(problems, &known, &[])?;
    let mut span = |key: &str, least: Duration, most: Duration| {
        object.find(key).and_then(|place| place.duration(problems, least, most))
    };
    let mut poll = base.clone();
    poll.interval = span("interval", 100 * MS, 7 * DAY).unwrap_or(poll.interval);
    poll.timeout = span("timeout", 100 * MS, 90 * DAY).unwrap_or(poll.timeout);
    poll.attempt_timeout =
        span("attempt_timeout", 100 * MS, DAY / 24).unwrap_or(poll.attempt_timeout);
    poll.initial_delay =
        span("initial_delay", Duration::ZERO, 7 * DAY).unwrap_or(poll.initial_delay);
    poll.late_after = span("late_after", Duration::ZERO, 90 * DAY).or(poll.late_after);
    let attempts =
        object.find("max_attempts").and_then(|place| place.whole(problems, 1, 1_000_000));
    poll.max_attempts = attempts.or(poll.max_attempts);
    parse_backoff(&object, &mut poll, problems);
    poll.hold = object.find("hold").and_then(|place| parse_hold(&place, problems));
    Some(poll)
}

fn parse_hold(place: &Place, problems: &mut Problems) -> Option<Hold> {
    if place.value.is_number() {
        return place.whole(problems, 2, 10_000).map(Hold::Polls);
    }
    place.duration(problems, MS, 90 * DAY).map(Hold::Lasting)
}

/// Whether `{{$uuid}}` may stand here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Uuid {
    Allowed,
    Refused,
}

/// The names that a template may use at its place.
pub(crate) struct Names<'a> {
    pub(crate) known: &'a [String],
    pub(crate) uuid: Uuid,
}

impl Names<'_> {
    pub(crate) fn template(&mut self, place: &Place, problems: &mut Problems) -> Option<Template> {
        let text = place.text(problems)?;
        match Template::parse(text) {
            Ok(template) => {
                self.check(&template, place, problems);
                Some(template)
            }
            Err(kind) => {
                problems.push(place, kind);
                None
            }
        }
    }

    pub(crate) fn value(
        &mut self,
        place: &Place,
        problems: &mut Problems,
    ) -> Option<ValueTemplate> {
        let parsed = ValueTemplate::parse(place.value, &mut |template| {
            self.check(template, place, problems);
        });
        match parsed {
            Ok(value) => Some(value),
            Err(kind) => {
                problems.push(place, kind);
                None
            }
        }
    }

    fn check(&self, template: &Template, place: &Place, problems: &mut Problems) {
        for name in template.names() {
            match name {
                Name::Value(name) if name.starts_with("secret.") => {
                    problems.push(place, ProblemKind::NotCarriedOut { key: name.clone() });
                }
                Name::Value(name) if !self.known.contains(name) => {
                    let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
                    let meant = nearest(name, &known);
                    problems.push(place, ProblemKind::UnknownName { name: name.clone(), meant });
                }
                Name::Uuid if self.uuid == Uuid::Refused => {
                    let kind = ProblemKind::NotTogether {
                        key: "{{$uuid}}".into(),
                        with: "anything but variables, where it is one for the whole run".into(),
                    };
                    problems.push(place, kind);
                }
                Name::Value(_) | Name::Now { .. } | Name::Today | Name::Uuid => {}
            }
        }
    }
}
