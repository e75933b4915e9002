//! Rows of the store: how chains, runs and attempts are written, and read back. Every record carries
//! the version of its form; one of another version is not guessed at, but quarantined.
//!
//! What readers are told too has its form in `protocol/forms.rs`, the rest here.

mod run;
#[cfg(test)]
mod tests;

pub(super) use self::run::RunRecord;
use crate::form::{Decode, Encode, Text, decode, object};
use crate::id::{ChainId, RunId};
use crate::protocol::{Refusal, Told};
use crate::store::{Row, Table, Write};

/// How every record begins: with the form that it has now.
const HEAD: &str = r#"{"form":1,"record":"#;

/// The latest revision of a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ChainRecord {
    pub(super) revision: u32,
    /// The environment that was chosen, and why the last start by its schedule was refused.
    pub(super) environment: Option<String>,
    pub(super) refused: Option<Told<Refusal>>,
}

object!(ChainRecord: revision, environment, refused);

/// A record as a row: `{"form":1,"record":…}`.
pub(super) fn row(table: Table, key: String, record: &dyn Encode) -> Row {
    let value = [HEAD, &Text::of(record), "}"].concat();
    Row { table, key, value }
}

/// Writes a record.
pub(super) fn put(table: Table, key: String, record: &dyn Encode) -> Write {
    Write::Put(row(table, key, record))
}

/// Reads a record back; none when it is of another form, or broken.
pub(super) fn read<T: Decode>(row: &Row) -> Option<T> {
    decode(written(row)?).ok()
}

fn written(row: &Row) -> Option<&str> {
    row.value.strip_prefix(HEAD)?.strip_suffix('}')
}

/// The key of an attempt's rows. Fixed widths, so that keys sort as attempts do.
pub(super) fn attempt_key(run: &RunId, stage: u32, attempt: u32) -> String {
    format!("{run}/{stage:03}/{attempt:07}")
}

/// How the keys of all of a run's attempts begin.
pub(super) fn run_prefix(run: &RunId) -> String {
    format!("{run}/")
}

/// How the keys of the attempts of one of its stages begin.
pub(super) fn stage_prefix(run: &RunId, stage: u32) -> String {
    format!("{run}/{stage:03}/")
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
