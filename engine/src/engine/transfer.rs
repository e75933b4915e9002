//! Runs that are taken along from one store to another, as the rows they are. What is taken over is read as it would be
//! read when an engine is restored; what can't be is refused by name, and nothing that is here is ever written over.

use std::rc::Rc;

use super::commands::not_read;
use super::records::{RunRecord, attempt_key, definition_key, put, read, row, run_prefix};
use super::{Engine, Wanted};
use crate::chain::run::{Definition, Run};
use crate::form::Text;
use crate::id::{CommandId, RunId};
use crate::protocol::{AttemptView, Evidence, Refusal, Reply, RunCopy, RunPart, TakenOver, Told};
use crate::store::{Row, Table, Write};

impl Engine {
    /// Answers with a part of a run as it is stored.
    pub(super) fn read_rows_of(&mut self, command: CommandId, id: &RunId, part: RunPart) {
        let table = match part {
            RunPart::Record => {
                let rows = self.runs.get(id).map(|run| {
                    let record = row(Table::Runs, id.to_string(), run.as_ref());
                    let document = run.definition.document.clone();
                    Reply::Rows(vec![(run.chain.to_string(), document), (record.key, record.value)])
                });
                let unknown = || Refusal::UnknownRun(id.clone());
                return self.answer(command, rows.ok_or_else(unknown));
            }
            RunPart::Attempts => Table::Attempts,
            RunPart::Evidence => Table::Evidence,
        };
        let places = self.places_of_attempts(id);
        self.load_for_run(&command, id, Wanted::Rows(table), places);
    }

    /// Takes over a run that was read elsewhere, or keeps some of its rows until the rest has come.
    pub(super) fn take_over(&mut self, copy: &RunCopy) -> Result<Reply, Refusal> {
        let (run, is_new_definition) = self.read_copy(copy)?;
        if let Some(here) = self.runs.get(&copy.run) {
            // Evidence that was pruned here makes no other run of it.
            let there = Run { evidence: here.evidence, ..run };
            let same = Text::of(&there) == Text::of(here.as_ref());
            return Ok(Reply::TakenOver(if same { TakenOver::Same } else { TakenOver::Different }));
        }
        for row in self.rows_to_keep(copy, &run)? {
            self.outbox.write(Write::Put(row));
        }
        if copy.whole {
            let (chain, revision) = (run.chain.clone(), run.revision);
            if is_new_definition {
                let key = definition_key(&chain, revision);
                self.outbox.write(put(Table::Definitions, key, &run.definition.document));
                self.definitions.insert((chain, revision), Rc::clone(&run.definition));
            }
            self.changed.push(copy.run.clone());
            self.runs.insert(copy.run.clone(), Box::new(run));
        }
        Ok(Reply::TakenOver(TakenOver::New))
    }

    /// The run of a copy, under a revision of this store; and whether that has to be written first.
    fn read_copy(&self, copy: &RunCopy) -> Result<(Run, bool), Refusal> {
        let RunCopy { run: id, chain, document, record, .. } = copy;
        let unreadable = || Refusal::Unreadable { row: id.to_string() };
        let known = self
            .definitions
            .iter()
            .find(|((of, _), known)| of == chain && known.document == *document);
        let (revision, definition) = if let Some(((_, revision), known)) = known {
            (*revision, Rc::clone(known))
        } else {
            let outline = self.language.outline(document).map_err(not_read)?;
            let document = document.clone();
            (self.next_revision(chain), Rc::new(Definition { document, outline }))
        };
        let row = Row { table: Table::Runs, key: id.to_string(), value: record.clone() };
        let record: RunRecord = read(&row).ok_or_else(unreadable)?;
        if record.definition().0 != *chain {
            return Err(unreadable());
        }
        let run = record.into_run(id.clone(), definition).ok_or_else(unreadable)?;
        match run.state.ended_at() {
            Some(_) => Ok((Run { revision, ..run }, known.is_none())),
            // It goes on where it was read, and must not go on twice.
            None => Err(Refusal::NotEnded(id.clone())),
        }
    }

    /// The rows of a copy that are not here; all of them have to be such as are kept of a run.
    fn rows_to_keep(&self, copy: &RunCopy, run: &Run) -> Result<Vec<Row>, Refusal> {
        let mut of = run.rests_on();
        of.push(run.id.clone());
        let mut kept = Vec::new();
        let attempts = copy.attempts.iter().map(|row| (Table::Attempts, row));
        let evidence = copy.evidence.iter().map(|row| (Table::Evidence, row));
        for (table, (key, value)) in attempts.chain(evidence) {
            let row = Row { table, key: key.clone(), value: value.clone() };
            let place = of.iter().find_map(|run| Some((run, key.strip_prefix(&run_prefix(run))?)));
            let stage =
                place.and_then(|(run, rest)| Some((run, rest.split_once('/')?.0.parse().ok()?)));
            let (run, stage) = stage
                .filter(|_| reads(&row))
                .ok_or_else(|| Refusal::Unreadable { row: key.clone() })?;
            if !self.runs.contains(run) && !self.rests_here_on(run, stage) {
                kept.push(row);
            }
        }
        Ok(kept)
    }

    /// Whether a run that is here was seeded with this stage of another.
    fn rests_here_on(&self, run: &RunId, stage: usize) -> bool {
        let seeded = |here: &Run| {
            here.stages.get(stage).and_then(|stage| stage.seeded_from.as_ref()) == Some(run)
        };
        self.runs.values().any(|here| seeded(here))
    }
}

/// Whether a row reads as what its table holds.
fn reads(row: &Row) -> bool {
    if row.table == Table::Evidence {
        return read::<Told<Evidence>>(row).is_some();
    }
    read::<AttemptView>(row)
        .is_some_and(|view| attempt_key(&view.run, view.stage, view.number) == row.key)
}
