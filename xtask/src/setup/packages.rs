//! The npm packages that the end-to-end tests use, exactly those of the lock file.

use super::State;
use crate::dist::Fingerprint;
use crate::failure::Failure;
use crate::process::Step;
use crate::project::{self, Project};

const STEP: &str = "installing the test packages";
/// Beside what npm wrote, so that it goes when `node_modules` goes.
const STAMP: &str = "node_modules/.installed-from";

pub(super) fn state(project: &Project) -> Result<State, Failure> {
    let lock = fingerprint(project)?;
    let installed = std::fs::read_to_string(project.tests().join(STAMP)).unwrap_or_default();
    Ok(if installed == lock {
        State::Ready("as tests/package-lock.json says".to_owned())
    } else {
        State::Missing("tests/node_modules is not what tests/package-lock.json says".to_owned())
    })
}

pub(super) fn provide(project: &Project) -> Result<(), Failure> {
    Step::new(project, "npm ci in tests", "npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .within(&project.tests())
        .run(project)?;
    let lock = fingerprint(project)?;
    project::write(STEP, &project.tests().join(STAMP), lock.as_bytes())
}

fn fingerprint(project: &Project) -> Result<String, Failure> {
    let lock = project::read(STEP, &project.tests().join("package-lock.json"))?;
    Ok(Fingerprint::of(lock.as_bytes()).to_string())
}
