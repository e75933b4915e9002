//! Runs that are taken along from one store to another, as the rows they are. What is taken over is read as it would be
//! read when an engine is restored; what can't be is refused by name, and nothing that is here is ever written over.

use std::rc::Rc;

use super::commands::not_read;
use super::records::{RunRecord, attempt_key, definition_key, put, read, row};
use super::{Engine, Wanted};
use crate::chain::run::{Definition, Run};
use crate::form::Text;
use crate::id::{ChainId, CommandId, RunId};
use crate::protocol::{AttemptView, Evidence, Refusal, Reply, RunCopy, RunPart, TakenOver, Told};
use crate::store::{Row, Table, Write};

/// No run has more bytes of evidence, whatever a file says: sums of it stay numbers.
const MOST_EVIDENCE: u64 = 1 << 30;

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
    pub(super) fn take_over(&mut self, copy: RunCopy) -> Result<Reply, Refusal> {
        let RunCopy { run: id, chain, document, record, part, rows } = copy;
        let (mut run, is_new_definition) = self.read_copy(&id, &chain, document, record)?;
        if let Some(here) = self.runs.get(&id) {
            // Evidence that was pruned here makes no other run of it.
            let there = Run { evidence: here.evidence, ..run };
            let same = Text::of(&there) == Text::of(here.as_ref());
            return Ok(Reply::TakenOver(if same { TakenOver::Same } else { TakenOver::Different }));
        }
        let table = match part {
            RunPart::Record => {
                if is_new_definition {
                    let key = definition_key(&run.chain, run.revision);
                    self.outbox.write(put(Table::Definitions, key, &run.definition.document));
                    let definition = Rc::clone(&run.definition);
                    self.definitions.insert((run.chain.clone(), run.revision), definition);
                }
                run.evidence = run.evidence.map(|said| said.min(MOST_EVIDENCE));
                self.changed.push(id.clone());
                self.runs.insert(id, Box::new(run));
                return Ok(Reply::TakenOver(TakenOver::New));
            }
            RunPart::Attempts => Table::Attempts,
            RunPart::Evidence => Table::Evidence,
        };
        let mut kept = Vec::new();
        for (key, value) in rows {
            let row = Row { table, key, value };
            match self.is_lacking(&run, &row) {
                Some(true) => kept.push(Write::Put(row)),
                Some(false) => {}
                None => return Err(Refusal::Unreadable { row: row.key }),
            }
        }
        for write in kept {
            self.outbox.write(write);
        }
        Ok(Reply::TakenOver(TakenOver::New))
    }

    /// The run of a copy, under a revision of this store; and whether that has to be written first.
    fn read_copy(
        &self,
        id: &RunId,
        chain: &ChainId,
        document: String,
        record: String,
    ) -> Result<(Run, bool), Refusal> {
        let mut known = self
            .definitions
            .iter()
            .filter(|((of, _), known)| of == chain && known.document == document);
        let known = known.next().map(|((_, revision), known)| (*revision, Rc::clone(known)));
        let is_new = known.is_none();
        let (revision, definition) = if let Some(known) = known {
            known
        } else {
            let outline = self.language.outline(&document).map_err(not_read)?;
            (self.next_revision(chain), Rc::new(Definition { document, outline }))
        };
        let row = Row { table: Table::Runs, key: id.to_string(), value: record };
        let record = read::<RunRecord>(&row).filter(|record| record.definition().0 == *chain);
        match record.and_then(|record| record.into_run(id.clone(), definition)) {
            Some(run) if run.state.ended_at().is_some() => Ok((Run { revision, ..run }, is_new)),
            // It goes on where it was read, and must not go on twice.
            Some(run) => Err(Refusal::NotEnded(run.id)),
            None => Err(Refusal::Unreadable { row: row.key }),
        }
    }

    /// Whether a row that came with a run is not here. None when it is no such row.
    fn is_lacking(&self, run: &Run, row: &Row) -> Option<bool> {
        let (of, rest) = row.key.split_once('/')?;
        let of = Some(RunId::try_from(of).ok()?);
        let stage: usize = rest.split_once('/')?.0.parse().ok()?;
        let seeded = |run: &Run| run.stages.get(stage).is_some_and(|stage| stage.seeded_from == of);
        let belongs = of.as_ref() == Some(&run.id) || seeded(run);
        let is_here =
            || self.runs.values().any(|here| of.as_ref() == Some(&here.id) || seeded(here));
        (belongs && reads(row)).then(|| !is_here())
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
