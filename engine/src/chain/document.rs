//! The chain document: JSON text in, a valid [`Chain`] or all of its problems out.
//!
//! Keys of the format that this version does not carry out are refused by name: a check that is
//! silently left out would make a verdict wrong. Keys that begin with `x-` are left alone.

use crate::json::Value;

use super::auth::Auth;
use super::carried;
use super::field_document::{Subject, parse_fields, parse_subject};
use super::keys;
use super::names::{Names, Uuid, check_name};
use super::outline::{OnInterrupt, Outline, Poll, StageOutline};
use super::poll_document::{PollOf, parse_poll};
use super::steps::{again, parse_steps};
use super::template::{Template, ValueTemplate};
use crate::document::{Object, Place, Problem, ProblemKind, Problems, tree};
use crate::id::ChainId;
use crate::json;
use crate::protocol::Transport;
use crate::verify::check::Check;
use crate::verify::record::{Field, RecordRule};

/// The largest document, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// A definition that can be run: everything in it has been checked.
#[derive(Clone, Debug)]
pub struct Chain {
    pub(crate) id: Option<ChainId>,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) variables: Vec<(String, ValueTemplate)>,
    pub(crate) environments: Vec<Environment>,
    pub(crate) subject: Option<Subject>,
    /// What is compared across systems.
    pub(crate) fields: Vec<Field>,
    pub(crate) stages: Vec<Stage>,
    /// What may be meant, but is worth a second look.
    pub(crate) warnings: Vec<Problem>,
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
    pub(crate) transport: Transport,
    /// Some: the request leaves at most once in a run.
    pub(crate) once: Option<OnInterrupt>,
    /// The group that it is of.
    pub(crate) group: Option<String>,
    pub(crate) request: Request,
    pub(crate) stop: Vec<Check>,
    pub(crate) checks: Vec<Check>,
    pub(crate) captures: Vec<Capture>,
    /// Where its answer has the chain's fields.
    pub(crate) record: Option<RecordRule>,
    /// Fields that its system changes on purpose.
    pub(crate) transformed: Vec<String>,
    /// Fields that its system leaves out.
    pub(crate) not_carried: Vec<String>,
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
    pub(crate) auth: Option<Auth>,
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
            Some(chain) if problems.is_empty() => {
                Ok(Self { warnings: problems.into_warnings(), ..chain })
            }
            Some(_) | None => Err(problems.into_vec()),
        }
    }

    /// The chain's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The record that it is about, if it says so.
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// The time zones that its fields and checks name: their rules have to be known when it is run.
    pub fn zones_named(&self) -> Vec<String> {
        let checks = self.stages.iter().flat_map(|stage| stage.stop.iter().chain(&stage.checks));
        let zones = checks.filter_map(|check| check.zone.as_ref());
        let mut names: Vec<String> = Vec::new();
        for zone in zones.chain(self.fields.iter().filter_map(|field| field.zone.as_ref())) {
            if !names.contains(zone) {
                names.push(zone.clone());
            }
        }
        names
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
            secrets: carried::names_in(self),
            stages: self.stages.iter().map(Stage::outline).chain(again(self)).collect(),
            schedule: self.schedule.clone(),
            warnings: self.warnings.clone(),
        }
    }
}

impl Stage {
    pub(super) fn outline(&self) -> StageOutline {
        StageOutline {
            name: self.name.clone(),
            system: self.system.clone(),
            transport: self.transport,
            once: self.once,
            compares: self.stop.iter().chain(&self.checks).any(Check::compares),
            group: self.group.clone(),
            again: None,
            poll: self.poll.clone(),
        }
    }
}

fn parse_chain(tree: &Value, problems: &mut Problems) -> Option<Chain> {
    let root = Place::root(tree).object(problems, &keys::CHAIN, &[])?;
    // For the author's editor alone.
    root.find("$schema").and_then(|place| place.text(problems));
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
    let fields = parse_fields(&root, problems).unwrap_or_default();
    let subject = parse_subject(&root, &fields, problems);
    let stages = parse_steps(&root, problems, &mut known, &poll.unwrap_or_default(), &fields);
    check_references(&root, &fields, stages.as_deref().unwrap_or_default(), problems);
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
        subject,
        fields,
        stages: stages?,
        warnings: Vec::new(),
        schedule: schedule.map(|place| json::text(place.value)),
        verify_again: verify_again.flatten().unwrap_or(false),
    })
}

/// The stage that a field names as the right one has to be there.
fn check_references(root: &Object, fields: &[Field], stages: &[Stage], problems: &mut Problems) {
    for field in fields {
        let known: Vec<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
        if let (Some(name), Some(place)) = (&field.reference, root.find("fields"))
            && !known.contains(&name.as_str())
        {
            place.unknown_word(problems, name, &known);
        }
    }
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
    if entries.len() > keys::MAX_VARIABLES {
        let (seen, limit) = (entries.len() as u64, keys::MAX_VARIABLES as u64);
        problems.push(&place, ProblemKind::TooMany { seen, limit });
        return None;
    }
    let mut variables = Vec::new();
    for (name, place) in entries {
        check_name(name, &place, problems);
        let mut names = Names { uuid: Uuid::Allowed, ..Names::of_stage(known) };
        if let Some(value) = names.value(&place, problems) {
            variables.push((name.to_owned(), value));
        }
        known.push(name.to_owned());
    }
    Some(variables)
}
