//! Rows of the store: how chains, runs and attempts are written, and read back. Every record carries
//! the version of its form; one of another version is not guessed at, but quarantined.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::chain::run::{Definition, Run, RunState};
use crate::chain::stage::StageRun;
use crate::id::{ChainId, RunId};
use crate::store::{Row, Table, Write};
use crate::time::Timestamp;

/// The form that records have now.
const FORM: u32 = 1;

/// The latest revision of a chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct ChainRecord {
    pub(super) revision: u32,
}

/// A run with the state of its stages, without its definition.
#[derive(Serialize, Deserialize)]
pub(super) struct RunRecord {
    chain: ChainId,
    revision: u32,
    number: u32,
    environment: Option<String>,
    started_at: Timestamp,
    state: RunState,
    /// Values as JSON texts.
    variables: Vec<(String, String)>,
    stages: Vec<StageRun>,
}

impl RunRecord {
    pub(super) fn of(run: &Run) -> Self {
        let text = |(name, value): &(String, Value)| (name.clone(), value.to_string());
        Self {
            chain: run.chain.clone(),
            revision: run.revision,
            number: run.number,
            environment: run.environment.clone(),
            started_at: run.started_at,
            state: run.state,
            variables: run.variables.iter().map(text).collect(),
            stages: run.stages.clone(),
        }
    }

    pub(super) fn definition(&self) -> (ChainId, u32) {
        (self.chain.clone(), self.revision)
    }

    /// The run; none when it doesn't fit its definition.
    pub(super) fn into_run(self, id: RunId, definition: Rc<Definition>) -> Option<Run> {
        if self.stages.len() != definition.chain.stages.len() {
            return None;
        }
        let value =
            |(name, text): (String, String)| Some((name, serde_json::from_str(&text).ok()?));
        Some(Run {
            id,
            chain: self.chain,
            revision: self.revision,
            number: self.number,
            environment: self.environment,
            started_at: self.started_at,
            state: self.state,
            variables: self.variables.into_iter().map(value).collect::<Option<_>>()?,
            stages: self.stages,
            definition,
        })
    }
}

/// Writes a record: `{"form":1,"record":…}`.
pub(super) fn put<T: Serialize>(table: Table, key: String, record: &T) -> Write {
    let mut value = head().into_bytes();
    let mut json = serde_json::Serializer::new(&mut value);
    // Our own records can't fail to become text: their keys are texts, and memory takes any length.
    let written = record.serialize(&mut json);
    debug_assert!(written.is_ok(), "a record was not written: {written:?}");
    value.push(b'}');
    Write::Put(Row { table, key, value: String::from_utf8(value).unwrap_or_default() })
}

/// Reads a record back; none when it is of another form, or broken.
pub(super) fn read<T: DeserializeOwned>(row: &Row) -> Option<T> {
    let record = row.value.strip_prefix(&head())?.strip_suffix('}')?;
    let tree: Value = serde_json::from_str(record).ok()?;
    serde_json::from_value(tree).ok()
}

/// How every record of the present form begins.
fn head() -> String {
    format!("{{\"form\":{FORM},\"record\":")
}

/// The key of an attempt's rows. Fixed widths, so that keys sort as attempts do.
pub(super) fn attempt_key(run: &RunId, stage: u32, attempt: u32) -> String {
    format!("{run}/{stage:03}/{attempt:07}")
}

/// How the keys of all of a run's attempts begin.
pub(super) fn run_prefix(run: &RunId) -> String {
    format!("{run}/")
}

/// The key of a definition.
pub(super) fn definition_key(chain: &ChainId, revision: u32) -> String {
    format!("{chain}/{revision}")
}

/// The chain and revision that a definition's key names.
pub(super) fn parse_definition_key(key: &str) -> Option<(ChainId, u32)> {
    let (chain, revision) = key.rsplit_once('/')?;
    Some((ChainId::try_from(chain).ok()?, revision.parse().ok()?))
}
