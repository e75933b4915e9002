//! The job document: what runs, when, and by which policies.
//!
//! ```json
//! {"id": "refresh", "name": "Refresh the table", "trigger": {"type": "interval", "seconds": 58},
//!  "run": "callback", "misfire_grace": "30s", "coalesce": "latest", "overlap": "skip",
//!  "max_fires": 100, "fire_timeout": "5m", "priority": 0, "tags": ["report"], "paused": false}
//! ```
//!
//! Only `id` and `trigger` are needed. `run` may also be `{"chain": "id", "environment": "local"}`,
//! `overlap` also `"buffer_one"` or `{"allow_n": 3}`.

use std::time::Duration;

use crate::json::{Map, Value};

use crate::document::{Object, Place, Problem, ProblemKind, Problems, tree};
use crate::id::{ChainId, JobId};
use crate::json;
use crate::scheduler::{Coalesce, Overlap, Policy};
use crate::trigger::{Setting, Trigger};

/// The longest job document that is read, in bytes.
pub const MAX_JOB_BYTES: usize = 64 * 1024;

/// The most tags of a job.
const MAX_TAGS: usize = 32;
/// The most fires that may be under way at once.
const MAX_ALLOWED: u32 = 1000;
const MAX_PRIORITY: u32 = 1000;
const LONGEST_GRACE: Duration = Duration::from_hours(366 * 24);
const LONGEST_FIRE: Duration = Duration::from_hours(30 * 24);
const SHORTEST_FIRE: Duration = Duration::from_millis(1);

const KEYS: [&str; 12] = [
    "id",
    "name",
    "trigger",
    "run",
    "misfire_grace",
    "coalesce",
    "overlap",
    "max_fires",
    "fire_timeout",
    "priority",
    "tags",
    "paused",
];

/// What a job carries out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A function of the page that has bound it.
    Callback,
    /// A run of a chain.
    Chain {
        /// Which.
        chain: ChainId,
        /// In which of its environments; the first without it.
        environment: Option<String>,
    },
}

/// A job document that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct JobDocument {
    /// Its id.
    pub id: JobId,
    /// Its name for people, if it has one.
    pub name: Option<String>,
    /// What it carries out.
    pub target: Target,
    /// How its fires are treated.
    pub policy: Policy,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether it is to stand still; none when the document doesn't say.
    pub paused: Option<bool>,
    /// Its trigger as it was written.
    pub trigger: Value,
    /// The members as they were written.
    members: Map,
}

/// A job with its trigger.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ParsedJob {
    pub(crate) document: JobDocument,
    pub(crate) trigger: Trigger,
    /// The whole document, with the trigger's zone and start date written in.
    pub(crate) complete: String,
}

impl JobDocument {
    /// Reads a job document, all but its trigger.
    ///
    /// # Errors
    /// Every problem with its path and its mend.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Self::read(&tree(text, MAX_JOB_BYTES)?)
    }

    /// Reads the tree of a job document, all but its trigger.
    pub(crate) fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let read = Place::root(value)
            .object(&mut problems, &KEYS, &[])
            .and_then(|object| read(&object, value, &mut problems));
        match read {
            Some(document) if problems.is_empty() => Ok(document),
            Some(_) | None => Err(problems.into_vec()),
        }
    }

    /// The document with some members changed; null takes one away.
    ///
    /// # Errors
    /// When the changes are no object, or the outcome is no job document.
    pub(crate) fn changed(&self, changes: &str) -> Result<Self, Vec<Problem>> {
        let changes = tree(changes, MAX_JOB_BYTES)?;
        let mut problems = Problems::default();
        let Some(entries) = Place::root(&changes).entries(&mut problems) else {
            return Err(problems.into_vec());
        };
        let mut members = self.members.clone();
        for (key, place) in entries {
            if key == "id" && place.value.as_str() != Some(self.id.as_str()) {
                let (en, zh) =
                    ("a job keeps its id; add another", "作业的 id 不能更改；请另行添加");
                problems.push(&place, ProblemKind::Said { en: en.into(), zh: zh.into() });
            }
            match place.value {
                Value::Null => members.remove(key),
                value => members.insert(key.to_owned(), value.clone()),
            }
        }
        if !problems.is_empty() {
            return Err(problems.into_vec());
        }
        Self::read(&Value::Object(members))
    }

    /// The zones that its trigger names.
    pub(crate) fn zones(&self) -> Vec<String> {
        Trigger::zones_named(&self.trigger)
    }

    /// Reads its trigger too.
    ///
    /// # Errors
    /// The trigger's problems, whose paths begin with `trigger`.
    pub(crate) fn with_trigger(self, setting: &Setting) -> Result<ParsedJob, Vec<Problem>> {
        let trigger = Trigger::parse(&self.trigger, setting).map_err(|problems| {
            problems.into_iter().map(|problem| within("trigger", problem)).collect::<Vec<_>>()
        })?;
        let mut members = self.members.clone();
        members.insert("trigger".to_owned(), Trigger::complete(&self.trigger, setting));
        let complete = json::text(&Value::Object(members));
        Ok(ParsedJob { document: self, trigger, complete })
    }
}

/// A trigger's text, by which two are the same.
pub(crate) fn canonical(trigger: &Value) -> String {
    json::text(trigger)
}

fn within(outer: &str, problem: Problem) -> Problem {
    let path = match problem.path.as_str() {
        "" => outer.to_owned(),
        path => [outer, ".", path].concat(),
    };
    Problem { path, ..problem }
}

fn read(object: &Object, value: &Value, problems: &mut Problems) -> Option<JobDocument> {
    let id = object.need(problems, "id").and_then(|place| id(&place, problems));
    let trigger = object.need(problems, "trigger");
    let name = object.find("name").and_then(|place| place.name(problems));
    let target = target(object, problems);
    let policy = policy(object, problems);
    let tags = object.find("tags").map_or_else(Vec::new, |place| tags(&place, problems));
    let paused = object.find("paused").and_then(|place| place.boolean(problems));
    Some(JobDocument {
        id: id?,
        name: name.map(str::to_owned),
        target: target?,
        policy,
        tags,
        paused,
        trigger: trigger?.value.clone(),
        members: value.as_object()?.clone(),
    })
}

fn id<I: for<'a> TryFrom<&'a str, Error = crate::id::IdError>>(
    place: &Place,
    problems: &mut Problems,
) -> Option<I> {
    match I::try_from(place.text(problems)?) {
        Ok(id) => Some(id),
        Err(error) => {
            problems.push(place, ProblemKind::Id { message: error.to_string() });
            None
        }
    }
}

fn target(object: &Object, problems: &mut Problems) -> Option<Target> {
    let Some(place) = object.find("run") else { return Some(Target::Callback) };
    if place.value.is_string() {
        return place.word(problems, &["callback"], &[()]).map(|()| Target::Callback);
    }
    let run = place.object(problems, &["chain", "environment"], &[])?;
    let chain = run.need(problems, "chain").and_then(|place| id(&place, problems))?;
    let environment = run.find("environment").and_then(|place| place.name(problems));
    Some(Target::Chain { chain, environment: environment.map(str::to_owned) })
}

fn policy(object: &Object, problems: &mut Problems) -> Policy {
    let set = |key| object.find(key).filter(|place| !place.value.is_null());
    let most = u32::MAX;
    Policy {
        misfire_grace: set("misfire_grace")
            .and_then(|place| place.duration(problems, Duration::ZERO, LONGEST_GRACE)),
        coalesce: set("coalesce")
            .and_then(|place| place.word(problems, &["earliest", "latest", "all"], &COALESCE))
            .unwrap_or_default(),
        overlap: set("overlap").and_then(|place| overlap(&place, problems)).unwrap_or_default(),
        max_fires: set("max_fires").and_then(|place| place.whole(problems, 1, most)).map(u64::from),
        fire_timeout: set("fire_timeout")
            .and_then(|place| place.duration(problems, SHORTEST_FIRE, LONGEST_FIRE)),
        priority: set("priority").and_then(|place| priority(&place, problems)).unwrap_or(0),
    }
}

const COALESCE: [Coalesce; 3] = [Coalesce::Earliest, Coalesce::Latest, Coalesce::All];

fn overlap(place: &Place, problems: &mut Problems) -> Option<Overlap> {
    if place.value.is_object() {
        let object = place.object(problems, &["allow_n"], &[])?;
        let most = object.need(problems, "allow_n")?.whole(problems, 1, MAX_ALLOWED)?;
        return Some(Overlap::Allow(most));
    }
    place.word(problems, &["skip", "buffer_one"], &[Overlap::Skip, Overlap::BufferOne])
}

fn priority(place: &Place, problems: &mut Problems) -> Option<i32> {
    let (least, most) = (-i64::from(MAX_PRIORITY), i64::from(MAX_PRIORITY));
    match place.value.as_i64() {
        Some(number) if (least..=most).contains(&number) => i32::try_from(number).ok(),
        Some(_) | None => {
            let got = json::text(place.value);
            let (least, most) = (least.to_string(), most.to_string());
            problems.push(place, ProblemKind::OutOfRange { got, least, most });
            None
        }
    }
}

fn tags(place: &Place, problems: &mut Problems) -> Vec<String> {
    let items = place.items(problems, MAX_TAGS).unwrap_or_default();
    items.iter().filter_map(|item| item.name(problems)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(members: &str) -> String {
        let trigger = r#""trigger": {"type": "interval", "seconds": 58}"#;
        format!(r#"{{"id": "j", {trigger}{members}}}"#)
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let job = JobDocument::parse(&document("")).unwrap();
        assert_eq!((job.target, job.policy), (Target::Callback, Policy::default()));
        assert_eq!((job.name, job.tags, job.paused), (None, Vec::new(), None));
    }

    #[test]
    fn every_member_is_read() {
        let all = r#", "name": "n", "run": {"chain": "c", "environment": "local"}, "coalesce": "all",
            "misfire_grace": "30s", "overlap": {"allow_n": 3}, "max_fires": 5, "fire_timeout": "5m",
            "priority": -2, "tags": ["a"], "paused": true, "x-note": 1"#;
        let job = JobDocument::parse(&document(all)).unwrap();
        let policy = Policy {
            misfire_grace: Some(Duration::from_secs(30)),
            coalesce: Coalesce::All,
            overlap: Overlap::Allow(3),
            max_fires: Some(5),
            fire_timeout: Some(Duration::from_mins(5)),
            priority: -2,
        };
        assert_eq!((job.policy, job.paused), (policy, Some(true)));
        let chain = ChainId::try_from("c").unwrap();
        assert_eq!(job.target, Target::Chain { chain, environment: Some("local".into()) });
        assert!(job.members.get("x-note").is_some(), "what the engine doesn't know is kept");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_the_mend() {
        let check = |members: &str, want: &str| {
            let problems = JobDocument::parse(&document(members)).unwrap_err();
            assert_eq!(problems[0].to_string(), want);
        };
        check(r#", "overlp": "skip""#, "unknown key \"overlp\"; did you mean \"overlap\"?");
        check(
            r#", "coalesce": "newest""#,
            "coalesce: unknown word \"newest\"; use one of earliest, latest, all",
        );
        check(r#", "max_fires": 0"#, "max_fires: 0 is out of range; use 1 to 4294967295");
        check(r#", "priority": 1001"#, "priority: 1001 is out of range; use -1000 to 1000");
        check(r#", "run": {}"#, "run: the key \"chain\" is missing; add it");
        check(r#", "tags": [""]"#, "tags[0]: is empty; give it a value");
        for path in ["misfire_grace", "fire_timeout"] {
            let problems =
                JobDocument::parse(&document(&format!(r#", "{path}": 30"#))).unwrap_err();
            assert_eq!(problems[0].path, path, "a duration has its unit");
        }
        assert_eq!(JobDocument::parse("{}").unwrap_err().len(), 2, "id and trigger");
        let long = " ".repeat(MAX_JOB_BYTES + 1);
        let problems = JobDocument::parse(&long).unwrap_err();
        assert!(matches!(problems[0].kind.read(), Ok(ProblemKind::TooLarge { .. })));
    }
}
