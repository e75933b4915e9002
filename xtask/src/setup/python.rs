//! Python with APScheduler, which is only ever measured: whoever has no Python goes without its rows.

use std::env;
use std::path::PathBuf;

use crate::dist::Fingerprint;
use crate::failure::Failure;
use crate::process::{Step, ask, on_path};
use crate::project::{self, Project};

const STEP: &str = "installing APScheduler";
const PROGRAM: &str = "python3";
const REQUIREMENTS: &str = "tests/bench/requirements.txt";
const STAMP: &str = ".installed-from";

/// A Python, and the folder of the packages it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Python {
    pub(crate) program: PathBuf,
    pub(crate) packages: PathBuf,
}

impl Python {
    /// # Errors
    /// When it is not to be had here: why, in a sentence for people.
    pub(crate) fn provide(project: &Project) -> Result<Self, String> {
        let path = env::var_os("PATH").unwrap_or_default();
        let program = on_path(&path, PROGRAM).ok_or("there is no python3 on PATH")?;
        let version = ask(&program, &["--version"]).ok_or("python3 does not start")?;
        ask(&program, &["-m", "pip", "--version"]).ok_or("python3 has no pip")?;
        let python = Self { program, packages: project.scratch().join("python") };
        python.install(project, &version).map_err(|failure| failure.to_string())?;
        Ok(python)
    }

    /// Nothing to do when what is there was installed from the same list, for the same Python.
    fn install(&self, project: &Project, version: &str) -> Result<(), Failure> {
        let list = project.root.join(REQUIREMENTS);
        let mut wanted = Fingerprint::of(project::read(STEP, &list)?.as_bytes());
        wanted.add(version.as_bytes());
        let wanted = wanted.to_string();
        let stamp = self.packages.join(STAMP);
        if std::fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == wanted) {
            return Ok(());
        }
        Step::new(project, "pip install of APScheduler", &self.program)
            .args(["-m", "pip", "install", "--quiet", "--upgrade", "--no-deps"])
            .arg("--target")
            .arg(&self.packages)
            .arg("--requirement")
            .arg(list)
            .run(project)?;
        project::write(STEP, &stamp, wanted.as_bytes())
    }
}
