//! A wasm-pack of our own, in the target folder: a copy of the one on `PATH` when that will do, else installed.
//!
//! Whatever it is called with, wasm-pack asks once a day over the network whether there is a newer one, and notes beside
//! itself when it did. A note without a time keeps it from asking, and tests from talking to anyone but themselves. That
//! note is not ours to write beside the user's own program; hence the copy.

use std::env;
use std::fs;
use std::path::PathBuf;

use super::tools::{Speed, Tool, install};
use super::version::Version;
use crate::failure::Failure;
use crate::process::{ask, on_path};
use crate::project::{self, Project};

pub(crate) const WASM_PACK: &str = "wasm-pack";
/// What is installed; a newer one that is there already will do.
const VERSION: &str = "0.15.1";
const AT_LEAST: Version = Version(0, 15, 1);
const QUIET_NOTE: &str = "created never\n";

fn program(project: &Project) -> PathBuf {
    project.tools().join("bin").join(WASM_PACK)
}

fn note(project: &Project) -> PathBuf {
    program(project).with_extension("stamp")
}

pub(super) fn is_ready(project: &Project) -> bool {
    // Only a quiet one is asked for its version: the question alone would send it to the network.
    let quiet = fs::read_to_string(note(project)).is_ok_and(|note| note == QUIET_NOTE);
    quiet && is_right(project)
}

fn is_right(project: &Project) -> bool {
    let answer = ask(program(project), &["--version"]).unwrap_or_default();
    Version::find(&answer).is_some_and(|found| found >= AT_LEAST)
}

pub(super) fn wanted() -> Tool {
    Tool { package: WASM_PACK, version: VERSION.to_owned(), speed: Speed::Whatever }
}

pub(super) fn provide(project: &Project) -> Result<(), Failure> {
    let step = "copying wasm-pack";
    let own = program(project);
    project::write(step, &note(project), QUIET_NOTE.as_bytes())?;
    if is_right(project) {
        return Ok(());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    if let Some(found) = on_path(&path, WASM_PACK).filter(|found| *found != own) {
        fs::copy(&found, &own)
            .map_err(|error| Failure::new(step, format!("{}: {error}", found.display())))?;
        if is_right(project) {
            println!("  wasm-pack is a copy of {}", found.display());
            return Ok(());
        }
    }
    // There is none, it is too old, or it is a wrapper that works from its own place only.
    install(project, &wanted())
}
