//! Attempts: claimed, sent, answered and judged, or given up.

use std::cmp::Reverse;

use super::records::{attempt_key, put, row};
use super::{Engine, OpenCall};
use crate::chain::request::transport_of;
use crate::chain::run::{RunEvent, RunState};
use crate::chain::stage::{StageEvent, StageState};
use crate::chain::{
    Arrival, BODY_LIMIT, Fate, Filled, Judgement, NotFilled, OwnReason, RunScope, Seen, Shown,
    StageOf,
};
use crate::form::{Encode, Text};
use crate::id::{CallId, RunId};
use crate::outbox::Effect;
use crate::protocol::{Answer, AttemptPhase, AttemptView, Call, Event, HttpRequest, Told};
use crate::store::{Row, Table, Write};
use crate::time::{Now, Timestamp, exact_ms};
use crate::verify::{Diagnosis, History, Verdict};

/// How many of the executors' rows are kept; the oldest go first.
const MAX_KEPT: usize = 500;

impl Engine {
    /// Claims the next attempt of a stage: it is sent once the claim is in the store.
    pub(super) fn claim(&mut self, now: Now, id: &RunId, index: usize, scheduled: Timestamp) {
        let Some(run) = self.runs.get_mut(id) else {
            return;
        };
        let Some(rules) = run.definition.outline.stages.get(index) else { return };
        let asks = rules.asks(index);
        let secrets = self.secrets.of(run.environment.as_deref());
        let scope = RunScope { secrets, ..run.scope(asks, now.wall) };
        let of = StageOf { document: &run.definition.document, stage: asks };
        let (Filled { request, shown }, not_filled) = match self.language.request(of, &scope) {
            Ok(filled) => (filled, None),
            Err(why) => (Filled::default(), Some(why)),
        };
        let url = shown.as_ref().map_or(&request.url, |shown| &shown.url).clone();
        let (timeout, once) = (rules.poll.attempt_timeout, rules.once.is_some());
        let call = self.last_call.next();
        self.last_call = call;
        let attempt = AttemptView {
            run: id.clone(),
            stage: u32::try_from(index).unwrap_or(u32::MAX),
            number: run.stages[index].attempts + 1,
            phase: AttemptPhase::Calling,
            scheduled_at: scheduled,
            begun_at: now.wall,
            ended_at: None,
            latency_ms: None,
            transport: transport_of(&request, rules.transport),
            method: request.method.clone(),
            url,
            status: None,
            redirected_to: None,
            reason: None,
            readings: Told::default(),
        };
        let due = StageEvent::Due { call, attempt: Box::new(attempt.clone()) };
        run.on(now.wall, RunEvent::Stage(index, due));
        let transport = attempt.transport;
        if once {
            // What may have been sent is to be seen even if its answer never comes.
            let request = seen(&request, shown.as_ref());
            let evidence = Kept { request, answer: &Told::<Answer>::none(), cut: false };
            let key = attempt_key(id, attempt.stage, attempt.number);
            self.outbox.write(put(Table::Evidence, key, &evidence));
        }
        self.write_attempt(attempt);
        self.open_call(
            id,
            index,
            Call { call, transport, request, timeout, body_limit: BODY_LIMIT },
            shown,
        );
        self.changed.push(id.clone());
        self.schedule(id);
        if let Some(why) = not_filled {
            let kept_back = match &why {
                NotFilled::KeptBack(wants) => wants.first().cloned(),
                NotFilled::Unresolved(_) | NotFilled::Silent(_) => None,
            };
            let bad_address = || Diagnosis::BadAddress { message: why.to_string() };
            let diagnosis = kept_back.map_or_else(bad_address, Diagnosis::Secret);
            self.answered(now, call, Answer::NoResponse(diagnosis), None);
        }
    }

    fn open_call(&mut self, run: &RunId, stage: usize, call: Call, shown: Option<Seen>) {
        let id = call.call;
        self.calls.insert(id, OpenCall { run: run.clone(), stage, call, shown, sent: None });
        self.outbox.push(Effect::Call(id));
    }

    /// Judges an answer. One that nobody waits for any more is ignored.
    pub(super) fn answered(
        &mut self,
        now: Now,
        call: CallId,
        answer: Answer,
        keep: Option<String>,
    ) {
        let Some(open) = self.close_call(call) else {
            return;
        };
        let Some(run) = self.runs.get_mut(&open.run) else {
            return;
        };
        let both = run.definition.outline.stages.get(open.stage).zip(run.stages.get(open.stage));
        let Some((rules, stage)) = both else { return };
        let mut attempt = match &stage.state {
            StageState::Calling(calling) if calling.call == call => calling.attempt.clone(),
            _ => return,
        };
        attempt.latency_ms = open.sent.map(|sent| exact_ms(now.monotonic.saturating_sub(sent.at)));
        let arrival = Arrival { latency_ms: attempt.latency_ms };
        let asks = rules.asks(open.stage);
        let secrets = self.secrets.of(run.environment.as_deref());
        let scope = RunScope { secrets, ..run.scope_to_judge(asks, now.wall) };
        let of = StageOf { document: &run.definition.document, stage: asks };
        let history = stage.history.as_ref();
        let judged = self.language.judge(of, &scope, history, (&answer, arrival));
        let mut judgement = judged.unwrap_or_else(|_| {
            // What nobody has looked through for secrets is not kept.
            let unseen = (!scope.secrets.is_empty()).then(Shown::nothing);
            Judgement { shown: unseen, ..not_judged(&answer, history) }
        });
        let shown = judgement.shown.take();
        if let Answer::Response(response) = &answer {
            attempt.status = Some(response.status);
            let redirected_to = match &shown {
                Some(shown) => &shown.redirected_to,
                None => &response.redirected_to,
            };
            attempt.redirected_to.clone_from(redirected_to);
        }
        attempt.reason = Some(judgement.reason.clone());
        attempt.readings.clone_from(&judgement.readings);
        let phase = AttemptPhase::Judged(judgement.verdict);
        let decided = judgement.verdict != Verdict::Pending;
        let needs_access = judgement.needs_access;
        let event = StageEvent::Answered(Box::new(judgement));
        self.give(now, &open.run, RunEvent::Stage(open.stage, event));
        let state = self.runs.get(&open.run).map(|run| run.state);
        if needs_access && state == Some(RunState::Running) {
            self.give(now, &open.run, RunEvent::Block);
        }
        let ended = self.runs.get(&open.run).and_then(|run| run.stages.get(open.stage));
        let ended = decided || ended.is_some_and(|stage| stage.state.ended_at().is_some());
        let request = seen(&open.call.request, open.shown.as_ref());
        self.write_evidence(&attempt, request, (answer, shown), ended);
        self.keep(&attempt, keep);
        self.end_attempt(attempt, phase, now.wall);
    }

    /// Gives a run an event, and lets the scheduler follow. Requests under way are given up where their
    /// stages end by it: of a user who cancels, or beside a stage that failed.
    pub(super) fn give(&mut self, now: Now, id: &RunId, event: RunEvent) {
        let Some(run) = self.runs.get_mut(id) else { return };
        let open: Vec<_> = run.calling().collect();
        run.on(now.wall, event);
        for (stage, call, attempt) in open {
            let ended = self.runs.get(id).and_then(|run| run.stages.get(stage));
            let ended = ended.is_some_and(|stage| stage.state.ended_at().is_some());
            // The one that is answered is closed, and ends as it was judged.
            if ended && self.close_call(call).is_some() {
                self.outbox.push(Effect::Abort(call));
                self.end_attempt(attempt, AttemptPhase::Aborted, now.wall);
            }
        }
        self.changed.push(id.clone());
        self.schedule(id);
    }

    /// Gives up the requests whose time is over.
    pub(super) fn expire_calls(&mut self, now: Now) {
        while let Some((_, call)) = self.next_expiry().filter(|(at, _)| *at <= now.wall) {
            self.outbox.push(Effect::Abort(call));
            self.answered(now, call, Answer::Timeout, None);
        }
    }

    /// The request that is given up next, and when.
    pub(super) fn next_expiry(&mut self) -> Option<(Timestamp, CallId)> {
        while let Some(Reverse((at, call))) = self.expiries.peek().copied() {
            let sent = self.calls.get(&call).and_then(|open| open.sent);
            if sent.is_some_and(|sent| sent.expires == at) {
                return Some((at, call));
            }
            self.expiries.pop();
        }
        None
    }

    pub(super) fn end_attempt(
        &mut self,
        mut attempt: AttemptView,
        phase: AttemptPhase,
        at: Timestamp,
    ) {
        attempt.phase = phase;
        attempt.ended_at = Some(at);
        if phase == AttemptPhase::Lost {
            attempt.reason = Some(OwnReason::AttemptLost.into());
        }
        self.write_attempt(attempt);
    }

    fn close_call(&mut self, call: CallId) -> Option<OpenCall> {
        self.calls.remove(&call)
    }

    fn write_attempt(&mut self, attempt: AttemptView) {
        let key = attempt_key(&attempt.run, attempt.stage, attempt.number);
        self.outbox.write(put(Table::Attempts, key, &attempt));
        self.outbox.push(Effect::Tell(Event::AttemptChanged(attempt)));
    }

    /// The evidence of an attempt that decided its stage must survive; a pending one's body may not.
    fn write_evidence(
        &mut self,
        attempt: &AttemptView,
        request: &dyn Encode,
        (answer, shown): (Answer, Option<Shown>),
        decided: bool,
    ) {
        let key = attempt_key(&attempt.run, attempt.stage, attempt.number);
        let (answer, cut) = answer.cut();
        let (answer, cut): (&dyn Encode, bool) = match &shown {
            Some(Shown { answer, cut, .. }) => (answer, *cut),
            None => (&answer, cut),
        };
        let row = row(Table::Evidence, key, &Kept { request, answer, cut });
        if let Some(run) = self.runs.get_mut(&attempt.run) {
            let size = row.value.len() as u64;
            run.evidence = Some(run.evidence.unwrap_or(0) + size);
        }
        let write = Write::Put(row);
        if decided {
            self.outbox.write(write);
        } else {
            self.outbox.write_relaxed(write);
        }
    }

    fn keep(&mut self, attempt: &AttemptView, keep: Option<String>) {
        let Some(value) = keep else { return };
        let key = attempt_key(&attempt.run, attempt.stage, attempt.number);
        self.kept.push_back(key.clone());
        self.outbox.write(Write::Put(Row { table: Table::Kept, key, value }));
        if self.kept.len() > MAX_KEPT
            && let Some(key) = self.kept.pop_front()
        {
            self.outbox.write(Write::Delete { table: Table::Kept, key });
        }
    }
}

/// What an answer comes to when the language is silent: as if it were lost, which polling may mend.
fn not_judged(answer: &Answer, before: Option<&Told<History>>) -> Judgement {
    let fate = match answer {
        Answer::Timeout => Fate::Unknown,
        // Nobody can tell whether it has left, and what is sent once must not be taken as sent.
        Answer::Response(_) | Answer::NoResponse(_) => Fate::Known,
    };
    Judgement {
        verdict: Verdict::Pending,
        reason: OwnReason::AttemptLost.into(),
        readings: Told::default(),
        captures: Vec::new(),
        records: None,
        history: before.cloned(),
        fate,
        needs_access: false,
        differs: false,
        unconfirmed: None,
        shown: None,
    }
}

/// A request as it is shown.
fn seen<'a>(request: &'a HttpRequest, shown: Option<&'a Seen>) -> &'a dyn Encode {
    match shown {
        Some(shown) => &shown.request,
        None => request,
    }
}

/// [`Evidence`](crate::protocol::Evidence), as far as it has to be known to be written.
struct Kept<'a> {
    request: &'a dyn Encode,
    answer: &'a dyn Encode,
    cut: bool,
}

impl Encode for Kept<'_> {
    fn encode(&self, to: &mut Text) {
        let Self { request, answer, cut } = self;
        to.open();
        to.member("request", *request);
        to.member("answer", *answer);
        to.member("cut", cut);
        to.close();
    }
}
