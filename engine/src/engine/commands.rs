//! Commands: each is carried out or refused, exactly once, and repeating one changes nothing.

use std::rc::Rc;

use super::records::{attempt_key, definition_key, put, read, run_prefix};
use super::secrets::Setting;
use super::{Engine, OpenLoad, Wanted};
use crate::chain::run::{Definition, Run, RunEvent, RunState};
use crate::chain::stage::{StageRun, StageState};
use crate::chain::{NotFilled, NotRead, Outline, Problem, ProblemKind, Silence, Start};
use crate::id::{ChainId, CommandId, LoadId, RunId};
use crate::outbox::Effect;
use crate::protocol::{Command, Event, MAX_NUMBER, Order, Refusal, Reply, RunPhase, VERSION};
use crate::store::{Row, Table, Write};
use crate::time::Now;

/// How many chains there may be.
const MAX_CHAINS: usize = 1000;
/// How many runs may be open at one time.
const MAX_OPEN_RUNS: usize = 2000;

impl Engine {
    /// Carries a command out, and answers it.
    pub(super) fn obey(&mut self, now: Now, order: Order) {
        if matches!(order.command, Command::Jobs { .. }) && order.version == VERSION {
            return self.obey_jobs(now, order);
        }
        if order.version != VERSION {
            self.answer(order.id, Err(Refusal::Version { engine: VERSION }));
            return;
        }
        let missing = self.zones_of_schedule(&order.command);
        if !missing.is_empty() {
            return self.hold_for_zones(order, missing);
        }
        if let Command::TakeOver(copy) = order.command {
            let answer = self.take_over(copy);
            return self.answer(order.id, answer);
        }
        let answer = match &order.command {
            Command::Subscribe => {
                let snapshot = self.snapshot();
                self.outbox.push(Effect::Tell(Event::Snapshot(snapshot)));
                Ok(Reply::Ok)
            }
            Command::CheckDocument { document } => self.check_document(now, document),
            Command::SaveChain { chain, document, base } => {
                self.save_chain(now, chain, document, *base)
            }
            Command::RemoveChain { chain } => Ok(self.remove_chain(chain)),
            Command::ReadChain { chain } => self.read_chain(chain),
            Command::StartRun { run, chain, environment } => {
                self.start_run(now, run, chain, environment.as_deref())
            }
            Command::RetryRun { run, from, stage } => self.retry_run(now, run, from, *stage),
            Command::ChooseEnvironment { chain, environment } => {
                self.choose_environment(chain, environment)
            }
            Command::SetSecret { environment, name, value, origins } => {
                self.set_secret(environment, name, value.as_ref(), origins)
            }
            Command::RemoveSecret { environment, name } => {
                Ok(self.remove_secret(environment, name))
            }
            Command::ArmSchedule { chain, armed } => self.arm_schedule(now, chain, *armed),
            Command::PauseRun { run } => self.steer(now, run, RunEvent::Pause),
            Command::ResumeRun { run } => self.steer(now, run, RunEvent::Resume),
            Command::CancelRun { run } => self.cancel_run(now, run),
            Command::PollNow { run } => self.poll_now(now, run),
            Command::RemoveRun { run } => self.remove_run(run),
            Command::Retain { policy, free } => Ok(self.retain(*policy, *free)),
            Command::Matrix { run, reference } => self.matrix(run, reference.as_deref()),
            Command::KeepIn { storage } => {
                // Nothing is carried out while the store can't take its claim.
                self.outbox.push_at_once(Effect::KeepIn(*storage));
                Ok(Reply::Ok)
            }
            // Above.
            Command::Jobs { .. } | Command::TakeOver(_) => return,
            Command::ReadRun { run } => self.read_run(run),
            Command::ReadRows { run, part } => return self.read_rows_of(order.id, run, *part),
            // These two are answered when their rows are there.
            Command::ListAttempts { run } => {
                let places = self.places_of_attempts(run);
                return self.load_for_run(&order.id, run, Wanted::Attempts, places);
            }
            Command::ReadEvidence { run, stage, attempt } => {
                let place = attempt_key(self.verified_in(run, *stage), *stage, *attempt);
                return self.load_for_run(&order.id, run, Wanted::Evidence, vec![place]);
            }
        };
        // Whoever hears that it is done finds what it did.
        self.write_changed(now);
        self.answer(order.id, answer);
    }

    pub(super) fn answer(&mut self, id: CommandId, answer: Result<Reply, Refusal>) {
        self.outbox.push(Effect::Tell(match answer {
            Ok(reply) => Event::Done { id, reply },
            Err(refusal) => Event::Refused { id, refusal },
        }));
    }

    fn check_document(&self, now: Now, document: &str) -> Result<Reply, Refusal> {
        let (problems, warnings) = match self.language.outline(document) {
            Ok(outline) => (self.problems_of_schedule(now, &outline), outline.warnings),
            Err(NotRead::Invalid(problems)) => (problems, Vec::new()),
            Err(NotRead::Silent(silence)) => return Err(silent(silence)),
        };
        Ok(Reply::Checked { problems, warnings })
    }

    fn save_chain(
        &mut self,
        now: Now,
        id: &ChainId,
        document: &str,
        base: Option<u32>,
    ) -> Result<Reply, Refusal> {
        let latest = self.chains.get(id).copied();
        if let Some(revision) = latest
            && self.definitions.get(&(id.clone(), revision)).is_some_and(|d| d.document == document)
        {
            return Ok(Reply::Saved { revision });
        }
        match (base, latest) {
            (Some(_), None) => return Err(Refusal::UnknownChain(id.clone())),
            (Some(base), Some(revision)) if base != revision => {
                return Err(Refusal::Conflict { revision });
            }
            (Some(_) | None, _) => {}
        }
        if latest.is_none() && self.chains.len() >= MAX_CHAINS {
            return Err(too_many("chains", MAX_CHAINS));
        }
        let outline = self.language.outline(document).map_err(not_read)?;
        let schedule = self.read_schedule(now, id, &outline).map_err(Refusal::Invalid)?;
        let revision = self.next_revision(id);
        self.put_chain(id.clone(), revision, document.to_owned(), outline);
        self.follow_schedule(now, id, schedule);
        if let Some(old) = latest {
            self.prune_definition(id, old);
        }
        Ok(Reply::Saved { revision })
    }

    /// Never one that a run of this chain was started with, even if the chain was removed since.
    pub(super) fn next_revision(&self, id: &ChainId) -> u32 {
        let of_chain = self.definitions.iter().filter(|((chain, _), _)| chain == id);
        of_chain.map(|((_, revision), _)| *revision).max().unwrap_or(0) + 1
    }

    pub(super) fn put_chain(
        &mut self,
        id: ChainId,
        revision: u32,
        document: String,
        outline: Outline,
    ) {
        let key = definition_key(&id, revision);
        self.outbox.write(put(Table::Definitions, key, &document));
        let setting = self.setting(&id);
        let chosen = setting.environment.filter(|chosen| outline.environments.contains(chosen));
        self.settings.insert(id.clone(), Setting { environment: chosen, refused: None });
        self.outbox.write(self.chain_row(&id, revision));
        let definition = Rc::new(Definition { document, outline });
        let view = self.chain_view(&id, revision, &definition);
        self.definitions.insert((id.clone(), revision), definition);
        self.chains.insert(id, revision);
        self.outbox.push(Effect::Tell(Event::ChainChanged(view)));
    }

    /// Drops a definition that neither its chain nor any run needs.
    fn prune_definition(&mut self, id: &ChainId, revision: u32) {
        let latest = self.chains.get(id) == Some(&revision);
        let used = self.runs.values().any(|run| run.chain == *id && run.revision == revision);
        if !latest && !used && self.definitions.remove(&(id.clone(), revision)).is_some() {
            let key = definition_key(id, revision);
            self.outbox.write(Write::Delete { table: Table::Definitions, key });
        }
    }

    fn remove_chain(&mut self, id: &ChainId) -> Reply {
        if let Some(revision) = self.chains.remove(id) {
            self.outbox.write(Write::Delete { table: Table::Chains, key: id.to_string() });
            self.prune_definition(id, revision);
            self.forget_schedule(id);
            self.settings.remove(id);
            self.outbox.push(Effect::Tell(Event::ChainRemoved(id.clone())));
        }
        Reply::Ok
    }

    fn read_chain(&self, id: &ChainId) -> Result<Reply, Refusal> {
        let unknown = || Refusal::UnknownChain(id.clone());
        let revision = *self.chains.get(id).ok_or_else(unknown)?;
        let definition = self.definitions.get(&(id.clone(), revision)).ok_or_else(unknown)?;
        Ok(Reply::Document { document: definition.document.clone(), revision })
    }

    pub(super) fn start_run(
        &mut self,
        now: Now,
        id: &RunId,
        chain: &ChainId,
        environment: Option<&str>,
    ) -> Result<Reply, Refusal> {
        if self.runs.contains(id) {
            return Ok(Reply::Ok);
        }
        let (revision, definition) = self.latest(chain)?;
        let chosen = self.setting(chain).environment;
        let environment = environment.or(chosen.as_deref());
        let environment = choose_environment(&definition.outline, environment)?;
        let variables = self.evaluate_variables(now, &definition.document, environment)?;
        let environment = environment.map(str::to_owned);
        self.begin_run(Run {
            id: id.clone(),
            chain: chain.clone(),
            revision,
            number: 0,
            environment,
            started_at: now.wall,
            retry_of: None,
            state: RunState::Running,
            variables,
            stages: definition.outline.stages.iter().map(|_| StageRun::default()).collect(),
            evidence: None,
            definition: Rc::clone(&definition),
        })
    }

    /// A chain's revision and definition now.
    pub(super) fn latest(&self, chain: &ChainId) -> Result<(u32, Rc<Definition>), Refusal> {
        let revision = self.chains.get(chain).copied();
        let found = revision.and_then(|revision| {
            let definition = self.definitions.get(&(chain.clone(), revision))?;
            Some((revision, Rc::clone(definition)))
        });
        found.ok_or_else(|| Refusal::UnknownChain(chain.clone()))
    }

    /// Begins a run, and numbers it.
    pub(super) fn begin_run(&mut self, mut run: Run) -> Result<Reply, Refusal> {
        let open = self.runs.values().filter(|run| run.state.ended_at().is_none()).count();
        if open >= MAX_OPEN_RUNS {
            return Err(too_many("open runs", MAX_OPEN_RUNS));
        }
        self.check_secrets(&run, run.started_at)?;
        self.note_refusal(&run.chain, None);
        let of_chain = self.runs.values().filter(|other| other.chain == run.chain);
        run.number = of_chain.map(|run| run.number).max().unwrap_or(0).saturating_add(1);
        let (id, at) = (run.id.clone(), run.started_at);
        run.on(at, RunEvent::Start);
        self.runs.insert(id.clone(), Box::new(run));
        self.schedule(&id);
        self.changed.push(id);
        Ok(Reply::Ok)
    }

    fn evaluate_variables(
        &mut self,
        now: Now,
        document: &str,
        environment: Option<&str>,
    ) -> Result<Vec<(String, String)>, Refusal> {
        let start = Start { seed: self.random.next() & MAX_NUMBER, now: now.wall };
        self.language.variables(document, environment, start).map_err(|why| match why {
            NotFilled::Unresolved(name) => {
                let kind = ProblemKind::UnknownName { name, meant: None };
                Refusal::Invalid(vec![Problem::new("variables".into(), kind)])
            }
            // No variable holds a secret.
            NotFilled::KeptBack(_) => Refusal::NoSecret,
            NotFilled::Silent(silence) => silent(silence),
        })
    }

    fn open_run(&mut self, id: &RunId) -> Result<&mut Run, Refusal> {
        let run = self.runs.get_mut(id).ok_or_else(|| Refusal::UnknownRun(id.clone()))?;
        if run.state.ended_at().is_some() {
            return Err(Refusal::Ended(id.clone()));
        }
        Ok(run)
    }

    pub(super) fn cancel_run(&mut self, now: Now, id: &RunId) -> Result<Reply, Refusal> {
        if self.runs.get(id).is_some_and(|run| run.state.phase() == RunPhase::Cancelled) {
            return Ok(Reply::Ok);
        }
        self.steer(now, id, RunEvent::Cancel)
    }

    /// Gives an open run an event, and lets the scheduler follow.
    fn steer(&mut self, now: Now, id: &RunId, event: RunEvent) -> Result<Reply, Refusal> {
        self.open_run(id)?;
        self.give(now, id, event);
        Ok(Reply::Ok)
    }

    fn poll_now(&mut self, now: Now, id: &RunId) -> Result<Reply, Refusal> {
        let run = self.open_run(id)?;
        if run.state != RunState::Running {
            return Err(Refusal::NotRunning(id.clone()));
        }
        let open = run.current().filter(|(.., stage)| stage.state.is_open());
        let (once, polled): (Vec<_>, Vec<_>) = open.partition(|(_, rules, _)| rules.once.is_some());
        if polled.is_empty() && !once.is_empty() {
            return Err(Refusal::SentOnce(id.clone()));
        }
        // While a request is under way there is nothing to add.
        let waits =
            |stage: &StageRun| matches!(stage.state, StageState::Waiting | StageState::Holding(_));
        let polled: Vec<usize> =
            polled.into_iter().filter(|(.., stage)| waits(stage)).map(|(at, ..)| at).collect();
        for stage in polled {
            // The scheduled phase stays as it is; this poll is one more.
            self.claim(now, id, stage, now.wall);
        }
        Ok(Reply::Ok)
    }

    pub(super) fn remove_run(&mut self, id: &RunId) -> Result<Reply, Refusal> {
        let Some(run) = self.runs.get(id) else {
            return Ok(Reply::Ok);
        };
        if run.state.ended_at().is_none() {
            return Err(Refusal::NotEnded(id.clone()));
        }
        let (chain, revision) = (run.chain.clone(), run.revision);
        let mut rested_on = run.rests_on();
        rested_on.push(id.clone());
        self.runs.remove(id);
        self.outbox.write(Write::Delete { table: Table::Runs, key: id.to_string() });
        for run in rested_on {
            if !self.has_evidence(&run) {
                self.delete_evidence(&run);
            }
        }
        self.prune_definition(&chain, revision);
        self.outbox.push(Effect::Tell(Event::RunRemoved(id.clone())));
        Ok(Reply::Ok)
    }

    fn read_run(&self, id: &RunId) -> Result<Reply, Refusal> {
        let run = self.runs.get(id).ok_or_else(|| Refusal::UnknownRun(id.clone()))?;
        Ok(Reply::Run(self.view(run)))
    }

    fn matrix(&self, id: &RunId, reference: Option<&str>) -> Result<Reply, Refusal> {
        let run = self.runs.get(id).ok_or_else(|| Refusal::UnknownRun(id.clone()))?;
        let written = self.language.matrix(&run.definition.document, run.stages_now(), reference);
        written.map(Reply::Matrix).map_err(silent)
    }

    fn delete_evidence(&mut self, run: &RunId) {
        let prefix = run_prefix(run);
        for table in [Table::Attempts, Table::Evidence, Table::Kept] {
            self.outbox.write(Write::DeletePrefix { table, prefix: prefix.clone() });
        }
        self.kept.retain(|key| !key.starts_with(&prefix));
    }

    /// Reads rows of a run from these places, one after the other.
    pub(super) fn load_for_run(
        &mut self,
        command: &CommandId,
        run: &RunId,
        wanted: Wanted,
        mut places: Vec<String>,
    ) {
        places.reverse();
        let Some(prefix) = places.pop().filter(|_| self.has_evidence(run)) else {
            self.answer(command.clone(), Err(Refusal::UnknownRun(run.clone())));
            return;
        };
        self.load(OpenLoad { more: places, ..OpenLoad::new(command.clone(), prefix, wanted) });
    }

    pub(super) fn load(&mut self, open: OpenLoad) {
        let load = self.last_load.next();
        self.last_load = load;
        self.loads.insert(load, open);
        self.outbox.push(Effect::Load(load));
    }

    /// Answers the command that asked for these rows.
    pub(super) fn loaded(&mut self, load: LoadId, rows: Result<Vec<Row>, String>) {
        let Some(mut open) = self.loads.remove(&load) else {
            return;
        };
        let rows = match rows {
            Ok(rows) => {
                open.rows.extend(rows);
                if let Some(next) = open.more.pop() {
                    open.prefix = next;
                    return self.load(open);
                }
                Ok(std::mem::take(&mut open.rows))
            }
            Err(message) => Err(message),
        };
        let answer = rows.map_err(|message| Refusal::Store { message }).and_then(|rows| {
            match &open.wanted {
                // A row that can't be read is left where it is; the others are still good evidence.
                Wanted::Attempts => Ok(Reply::Attempts(rows.iter().filter_map(read).collect())),
                Wanted::Rows(_) => {
                    Ok(Reply::Rows(rows.into_iter().map(|row| (row.key, row.value)).collect()))
                }
                Wanted::Evidence => {
                    let evidence = rows.first().and_then(read).map(Reply::Evidence);
                    evidence.ok_or(Refusal::NoEvidence)
                }
                Wanted::Fires { job, count } => Ok(self.history(&rows, job.as_ref(), *count)),
            }
        });
        self.answer(open.command, answer);
    }
}

fn choose_environment<'a>(
    chain: &'a Outline,
    name: Option<&str>,
) -> Result<Option<&'a str>, Refusal> {
    let Some(name) = name else { return Ok(chain.environments.first().map(String::as_str)) };
    match chain.environments.iter().find(|known| **known == name) {
        Some(environment) => Ok(Some(environment)),
        None => Err(Refusal::UnknownEnvironment(name.to_owned())),
    }
}

pub(super) fn not_read(why: NotRead) -> Refusal {
    match why {
        NotRead::Invalid(problems) => Refusal::Invalid(problems),
        NotRead::Silent(silence) => silent(silence),
    }
}

fn silent(Silence(message): Silence) -> Refusal {
    Refusal::Language { message }
}

pub(super) fn too_many(what: &str, limit: usize) -> Refusal {
    Refusal::TooMany { what: what.into(), limit: u32::try_from(limit).unwrap_or(u32::MAX) }
}
