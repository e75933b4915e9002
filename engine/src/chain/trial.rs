//! A stage of a document under edit, tried without any run: its request filled in, and whatever answers it
//! judged by the same function that judges a run's answers and a line of `examples/evaluate.rs`
//! ([`evaluate`](crate::verify::evaluate)). Sends nothing, and remembers nothing: who asks brings along what
//! was tried before.
//!
//! Where to start: [`trial`].

use super::language::{Arrival, Judgement, Language, NotFilled, NotRead, Silence, StageOf, Start};
use super::outline::{Outline, StageOutline};
use super::probe;
use super::request::transport_of;
use super::run::{RunScope, StageRecords};
use crate::form::{Text, decode, object, variants};
use crate::id::RunId;
use crate::json::{self, Value};
use crate::locale::Locale;
use crate::protocol::{
    Answer, AttemptPhase, AttemptView, Body, Evidence, HttpRequest, HttpResponse, Note, Selection,
    StageUnderEdit, Told, Transport, TrialPlan, Tried,
};
use crate::time::{Timestamp, exact_ms};
use crate::verify::History;
use crate::verify::record::{Recorded, Records};

/// What is asked, step by step.
enum Step {
    /// What can be tried, and fresh values.
    Plan { document: String, environment: Option<String>, caret: u32, seed: u64, now: Timestamp },
    /// A stage's request.
    Request { of: StageUnderEdit, with: With },
    /// What a pasted answer comes to.
    Paste { of: StageUnderEdit, with: With, pasted: String },
    /// What answers come to, one after another: the last one's verdict.
    Judge { of: StageUnderEdit, with: With, seen: Vec<Seen> },
    /// What a path selects.
    Select { body: String, path: String, values: String, now: Timestamp },
}

/// What a trial is made with.
struct With {
    /// What the trial stands under in place of a run.
    run: RunId,
    now: Timestamp,
    /// What answered the stages before it.
    earlier: Vec<Earlier>,
}

/// An answer of an earlier stage: what it captures and records is there.
struct Earlier {
    stage: String,
    answer: Answer,
    latency_ms: Option<u64>,
}

/// An answer that is to be judged.
struct Seen {
    number: u32,
    begun_at: Timestamp,
    ended_at: Timestamp,
    latency_ms: Option<u64>,
    transport: Transport,
    evidence: Evidence,
}

/// What is said.
enum Said {
    Plan(TrialPlan),
    Request(ToSend),
    Tried(Box<Tried>),
    Selected(Selection),
    Refused(Note),
}

/// A request, and how it is sent.
struct ToSend {
    request: HttpRequest,
    transport: Transport,
    timeout_ms: u64,
    /// It may change something.
    careful: bool,
}

variants!(Step:
    "plan" Plan { document, environment, caret, seed, now },
    "request" Request { of, with },
    "paste" Paste { of, with, pasted },
    "judge" Judge { of, with, seen },
    "select" Select { body, path, values, now },
);
object!(With: run, now, earlier);
object!(Earlier: stage, answer, latency_ms);
object!(Seen: number, begun_at, ended_at, latency_ms, transport, evidence);
variants!(Said:
    "plan" Plan(plan),
    "request" Request(request),
    "tried" Tried(tried),
    "selected" Selected(selection),
    "refused" Refused(why),
);
object!(ToSend: request, transport, timeout_ms, careful);

/// Answers a question in JSON about a stage of a document under edit, in JSON:
///
/// | question | answer |
/// | --- | --- |
/// | `{"plan":{document, environment, caret, seed, now}}` | `{"plan":{stages, at, environments, values}}` |
/// | `{"request":{of, with}}` | `{"request":{request, transport, timeout_ms, careful}}` |
/// | `{"paste":{of, with, pasted}}` | `{"tried":{attempt, evidence, captures, record}}` |
/// | `{"judge":{of, with, seen:[{number, begun_at, ended_at, latency_ms, transport, evidence}]}}` | the same |
/// | `{"select":{body, path, values, now}}` | `{"selected":{places, count, reached}}` |
///
/// `of` is `{document, stage, values, locale}`, `with` is `{run, now, earlier:[{stage, answer, latency_ms}]}`. The
/// answer to each may be `{"refused":{en, zh}}`.
pub fn trial(language: &dyn Language, question: &str) -> String {
    let step = decode(question).map_err(|error| Note::same(error.to_string()));
    let said = step.and_then(|step| take(language, step));
    Text::of(&said.unwrap_or_else(Said::Refused))
}

fn take(language: &dyn Language, step: Step) -> Result<Said, Note> {
    match step {
        Step::Plan { document, environment, caret, seed, now } => {
            let start = Start { seed, now };
            plan(language, (&document, caret), environment, start).map(Said::Plan)
        }
        Step::Request { of, with } => {
            Trial::begin(language, &of, &with)?.to_send().map(Said::Request)
        }
        Step::Paste { of, with, pasted } => {
            let trial = Trial::begin(language, &of, &with)?;
            // One can be judged that would not be sent.
            let to_send = trial.to_send().ok();
            let transport = to_send.as_ref().map_or(Transport::Direct, |to_send| to_send.transport);
            let request = to_send.map(|to_send| to_send.request).unwrap_or_default();
            let evidence = Evidence { request, answer: Some(answer_of(&pasted)), cut: false };
            let (begun_at, ended_at) = (with.now, with.now);
            let seen =
                Seen { number: 1, begun_at, ended_at, latency_ms: None, transport, evidence };
            trial.judge(vec![seen]).map(Said::Tried)
        }
        Step::Judge { of, with, seen } => {
            Trial::begin(language, &of, &with)?.judge(seen).map(Said::Tried)
        }
        Step::Select { body, path, values, now } => {
            probe::select(&body, &path, parsed(values_of(&values)?), now).map(Said::Selected)
        }
    }
}

/// Values as trees. One that is no JSON is a text.
fn parsed(values: Vec<(String, String)>) -> Vec<(String, Value)> {
    let value = |text: String| json::parse(&text).unwrap_or(Value::String(text));
    values.into_iter().map(|(name, text)| (name, value(text))).collect()
}

fn plan(
    language: &dyn Language,
    (document, caret): (&str, u32),
    environment: Option<String>,
    start: Start,
) -> Result<TrialPlan, Note> {
    let outline = outline(language, document)?;
    let environment = environment.or_else(|| outline.environments.first().cloned());
    let values = language.variables(document, environment.as_deref(), start);
    let values = values.map_err(|why| not_filled(&why))?;
    let stages: Vec<String> = own(&outline).map(|(_, stage)| stage.name.clone()).collect();
    Ok(TrialPlan {
        at: around(document, caret, &stages),
        stages,
        values: laid_out(&values),
        environments: outline.environments,
    })
}

/// The stages that the document itself has.
fn own(outline: &Outline) -> impl Iterator<Item = (usize, &StageOutline)> {
    outline.stages.iter().enumerate().filter(|(_, stage)| stage.again.is_none())
}

fn outline(language: &dyn Language, document: &str) -> Result<Outline, Note> {
    language.outline(document).map_err(|why| match why {
        NotRead::Silent(Silence(why)) => Note::same(why),
        NotRead::Invalid(problems) => {
            let all = |locale| {
                let sentences = problems.iter().take(3).map(|problem| problem.sentence(locale));
                sentences.collect::<Vec<_>>().join("; ")
            };
            Note::new(
                format!("mend the document first: {}", all(Locale::En)),
                format!("请先更正文档：{}", all(Locale::Zh)),
            )
        }
    })
}

/// The stage whose name stands last before the caret. At the end of the document, where a caret begins, it is in
/// none, and the first one is taken.
fn around(document: &str, caret: u32, stages: &[String]) -> u32 {
    let caret = caret as usize;
    let before: Vec<u16> = document.encode_utf16().take(caret).collect();
    let before = String::from_utf16_lossy(&before);
    let names = stages.iter().map(|name| json::text(&name.as_str().into()));
    let places = names.enumerate().filter_map(|(at, name)| Some((before.rfind(&name)?, at)));
    let last = places.max().filter(|_| before.len() < document.len());
    last.map_or(0, |(_, at)| u32::try_from(at).unwrap_or(0))
}

/// An object with a line for each value; of two with one name the later, which hides the other.
fn laid_out(values: &[(String, String)]) -> String {
    let is_seen =
        |at: usize, name: &str| values.iter().skip(at + 1).all(|(later, _)| later != name);
    let seen = values.iter().enumerate().filter(|(at, (name, _))| is_seen(*at, name));
    let lines =
        seen.map(|(_, (name, value))| format!("  {}: {value}", json::text(&name.as_str().into())));
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { "{}".into() } else { format!("{{\n{}\n}}", lines.join(",\n")) }
}

/// A stage with everything that it is tried with.
struct Trial<'a> {
    language: &'a dyn Language,
    of: StageOf<'a>,
    rules: StageOutline,
    scope: RunScope,
    run: RunId,
    locale: Locale,
}

impl<'a> Trial<'a> {
    fn begin(
        language: &'a dyn Language,
        asked: &'a StageUnderEdit,
        with: &With,
    ) -> Result<Self, Note> {
        let StageUnderEdit { document, stage: name, values, locale } = asked;
        let outline = outline(language, document)?;
        let found = own(&outline).find(|(_, stage)| stage.name == *name);
        let (stage, rules) = found.map(|(at, rules)| (at, rules.clone())).ok_or_else(|| {
            Note::new(
                format!("the document has no stage \"{name}\" now; choose another"),
                format!("文档中现在没有阶段“{name}”；请另选"),
            )
        })?;
        let values = values_of(values)?;
        // Those of runs stay with the engine: what a trial sends is shown whole.
        let (records, secrets) = (Vec::new(), Vec::new());
        let mut scope = RunScope { values, records, secrets, now: with.now };
        let (mut captured, before) = (0, outline.step_of(stage).start);
        for (at, earlier) in outline.stages.iter().enumerate().take(before) {
            let Some(last) = with.earlier.iter().rfind(|told| told.stage == earlier.name) else {
                continue;
            };
            let of = StageOf { document, stage: at };
            let arrival = Arrival { latency_ms: last.latency_ms };
            let judged = language.judge(of, &scope, None, (&last.answer, arrival));
            let Judgement { captures, records, .. } = judged.map_err(silent)?;
            // What a user has put down comes last, and so hides it.
            let more = captures.len();
            scope.values.splice(captured..captured, captures);
            captured += more;
            let stage = earlier.name.clone();
            scope.records.extend(records.map(|records| StageRecords { stage, records }));
        }
        Ok(Self {
            language,
            of: StageOf { document, stage },
            rules,
            scope,
            run: with.run.clone(),
            locale: *locale,
        })
    }

    fn to_send(&self) -> Result<ToSend, Note> {
        let filled = self.language.request(self.of, &self.scope);
        let request = filled.map_err(|why| not_filled(&why))?.request;
        let reads = matches!(request.method.as_str(), "GET" | "HEAD");
        Ok(ToSend {
            transport: transport_of(&request, self.rules.transport),
            timeout_ms: exact_ms(self.rules.poll.attempt_timeout),
            careful: self.rules.once.is_some() || !reads,
            request,
        })
    }

    /// Judges answers in their order, so that what wants several in a row finds them.
    fn judge(mut self, seen: Vec<Seen>) -> Result<Box<Tried>, Note> {
        let (mut history, mut last): (Option<Told<History>>, _) = (None, None);
        for seen in seen {
            let Some(answer) = seen.evidence.answer.as_ref().filter(|_| !seen.evidence.cut) else {
                last = None;
                continue;
            };
            self.scope.now = seen.ended_at;
            let arrival = Arrival { latency_ms: seen.latency_ms };
            let judged =
                self.language.judge(self.of, &self.scope, history.as_ref(), (answer, arrival));
            let judgement = judged.map_err(silent)?;
            history.clone_from(&judgement.history);
            last = Some((seen, judgement));
        }
        let (seen, judgement) = last.ok_or_else(|| {
            Note::new(
                "that attempt has no answer that was kept whole, so it can't be judged anew",
                "该次尝试没有完整保存的响应，无法重新判定",
            )
        })?;
        Ok(Box::new(self.told(seen, judgement)))
    }

    fn told(&self, seen: Seen, judgement: Judgement) -> Tried {
        let Judgement { verdict, reason, readings, captures, records, .. } = judgement;
        let Seen { number, begun_at, ended_at, latency_ms, transport, evidence } = seen;
        let response = match &evidence.answer {
            Some(Answer::Response(response)) => Some(response),
            Some(Answer::NoResponse(_) | Answer::Timeout) | None => None,
        };
        let attempt = AttemptView {
            run: self.run.clone(),
            stage: u32::try_from(self.of.stage).unwrap_or(u32::MAX),
            number,
            phase: AttemptPhase::Judged(verdict),
            scheduled_at: begun_at,
            begun_at,
            ended_at: Some(ended_at),
            latency_ms,
            transport,
            method: evidence.request.method.clone(),
            url: evidence.request.url.clone(),
            status: response.map(|response| response.status),
            redirected_to: response.and_then(|response| response.redirected_to.clone()),
            reason: Some(reason),
            readings,
        };
        let records = records.and_then(|records| records.read().ok());
        Tried {
            record: records.map(|records| shown(&records, self.locale)).unwrap_or_default(),
            evidence: evidence.into(),
            attempt,
            captures,
            before: None,
        }
    }
}

/// The fields of records: `amount`, or `2. amount` where there are several.
fn shown(records: &Records, locale: Locale) -> Vec<(String, String)> {
    let mut shown: Vec<(String, String)> = Vec::new();
    for (at, row) in records.rows.iter().enumerate() {
        for recorded in &row.fields {
            let Recorded { field, raw, normalised, trouble } = recorded;
            let name =
                if records.rows.len() > 1 { format!("{}. {field}", at + 1) } else { field.clone() };
            let raw = raw.as_deref().map_or_else(|| "–".into(), plain);
            let value = match (normalised.as_deref().map(plain), trouble) {
                (_, Some(trouble)) => format!("{raw}: {}", trouble.sentence(locale)),
                (Some(normalised), None) if normalised != raw => format!("{raw} → {normalised}"),
                (Some(_) | None, None) => raw,
            };
            shown.push((name, value));
        }
    }
    shown.extend(records.trouble.iter().map(|why| (String::new(), why.sentence(locale))));
    shown
}

/// A JSON text for people: a text in it without its quotes.
fn plain(json: &str) -> String {
    match json::parse(json) {
        Ok(Value::String(text)) => text,
        _ => json.to_owned(),
    }
}

/// The values that a user sees and edits; null is none.
fn values_of(text: &str) -> Result<Vec<(String, String)>, Note> {
    let tree = match text.trim() {
        "" => Value::Object(json::Map::default()),
        text => json::parse(text).map_err(|error| {
            Note::new(format!("the values are no JSON: {error}"), format!("取值不是 JSON：{error}"))
        })?,
    };
    let Value::Object(members) = tree else {
        return Err(Note::new(
            r#"the values are a JSON object, {"name": "value"}"#,
            r#"取值应为 JSON 对象：{"name": "value"}"#,
        ));
    };
    let given = members.iter().filter(|(_, value)| !value.is_null());
    Ok(given.map(|(name, value)| (name.clone(), json::text(value))).collect())
}

/// A body as it is, or all that `curl -i` prints: of several heads the last one counts.
fn answer_of(pasted: &str) -> Answer {
    let (mut status, mut headers, mut rest) = (200, Vec::new(), pasted);
    while rest.starts_with("HTTP/") {
        let ends = ["\r\n\r\n", "\n\n"].map(|blank| rest.find(blank).map(|at| (at, blank.len())));
        let end = ends.into_iter().flatten().min();
        let (end, length) = end.unwrap_or((rest.len(), 0));
        let mut lines = rest[..end].lines();
        let code = lines.next().and_then(|line| line.split(' ').nth(1));
        status = code.and_then(|code| code.parse().ok()).unwrap_or(status);
        let pairs = lines.filter_map(|line| line.split_once(':'));
        headers = pairs
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        rest = &rest[end + length..];
    }
    let is_large = rest.len() as u64 > super::BODY_LIMIT;
    let body = if is_large { Body::TooLarge } else { Body::Text(rest.to_owned()) };
    Answer::Response(HttpResponse { status, headers, body, redirected_to: None, hidden: None })
}

fn not_filled(why: &NotFilled) -> Note {
    match why {
        NotFilled::Unresolved(name) => Note::new(
            format!(
                "`{{{{{name}}}}}` has no value: try the stage that captures it first, or put it among the values"
            ),
            format!("`{{{{{name}}}}}` 没有值：请先试提取它的阶段，或把它写入取值"),
        ),
        NotFilled::KeptBack(wants) => {
            let names: Vec<String> =
                wants.iter().map(|want| format!("`{{{{secret.{}}}}}`", want.name)).collect();
            let names = names.join(", ");
            Note::new(
                format!(
                    "a trial is given no secrets, and needs {names}: run the chain, or write a value of your own there while you try"
                ),
                format!(
                    "试运行不使用机密，而此处需要 {names}：请运行链路，或在试运行时写入自己的值"
                ),
            )
        }
        NotFilled::Silent(Silence(why)) => Note::same(why.clone()),
    }
}

fn silent(Silence(why): Silence) -> Note {
    Note::same(why)
}
