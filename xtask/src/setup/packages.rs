//! The npm packages of a folder, exactly those of its lock file.

use std::path::PathBuf;

use super::State;
use crate::dist::Fingerprint;
use crate::failure::Failure;
use crate::process::Step;
use crate::project::{self, Project};

const STEP: &str = "installing npm packages";
/// Beside what npm wrote, so that it goes when `node_modules` goes.
const STAMP: &str = "node_modules/.installed-from";

/// A folder with a `package-lock.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folder {
    /// What the end-to-end tests use.
    Tests,
    /// What the engine is measured beside.
    Bench,
}

impl Folder {
    fn name(self) -> &'static str {
        match self {
            Self::Tests => "tests",
            Self::Bench => "tests/bench",
        }
    }

    fn path(self, project: &Project) -> PathBuf {
        project.root.join(self.name())
    }
}

pub(super) fn state(project: &Project, folder: Folder) -> Result<State, Failure> {
    let lock = fingerprint(project, folder)?;
    let stamp = folder.path(project).join(STAMP);
    let name = folder.name();
    Ok(if std::fs::read_to_string(stamp).is_ok_and(|installed| installed == lock) {
        State::Ready(format!("as {name}/package-lock.json says"))
    } else {
        State::Missing(format!("{name}/node_modules is not what {name}/package-lock.json says"))
    })
}

pub(super) fn provide(project: &Project, folder: Folder) -> Result<(), Failure> {
    let path = folder.path(project);
    Step::new(project, &format!("npm ci in {}", folder.name()), "npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .within(&path)
        .run(project)?;
    let lock = fingerprint(project, folder)?;
    project::write(STEP, &path.join(STAMP), lock.as_bytes())
}

fn fingerprint(project: &Project, folder: Folder) -> Result<String, Failure> {
    let lock = project::read(STEP, &folder.path(project).join("package-lock.json"))?;
    Ok(Fingerprint::of(lock.as_bytes()).to_string())
}
