//! Node, wasm-pack and wasm-bindgen's test runner. The latter two go into the target folder, nowhere else.

use std::path::PathBuf;

use super::State;
use super::system::System;
use super::version::Version;
use super::wasm_pack::{self, WASM_PACK};
use crate::failure::Failure;
use crate::lockfile;
use crate::process::{Step, ask, on_path};
use crate::project::{self, Project};

/// The first Node whose test runner can be told to run one file at a time.
const NODE_AT_LEAST: Version = Version(20, 10, 0);
pub(crate) const TEST_RUNNER: &str = "wasm-bindgen-test-runner";

/// Node, when there is one that is new enough.
pub(crate) fn node() -> Option<PathBuf> {
    let version = Version::find(&ask("node", &["--version"])?)?;
    (version >= NODE_AT_LEAST).then(|| PathBuf::from("node"))
}

pub(super) fn node_state() -> State {
    let found = ask("node", &["--version"]).unwrap_or_default();
    match Version::find(&found) {
        Some(version) if version >= NODE_AT_LEAST => State::Ready(found),
        Some(_) => State::Missing(format!("{found} is too old")),
        None => State::Missing("there is no node on PATH".to_owned()),
    }
}

pub(super) fn no_node() -> Failure {
    let Version(major, minor, _) = NODE_AT_LEAST;
    let failure = Failure::new(
        "looking for Node",
        format!("the tests need Node {major}.{minor} or newer, with npm"),
    );
    match System::here() {
        System::MacOs => failure.mend("brew install node"),
        System::Fedora => failure.mend("sudo dnf install nodejs npm"),
        System::DebianAsRoot | System::Debian | System::Ubuntu | System::Other => failure
            .mend("install Node with a version manager (fnm, nvm, volta) or from its own site"),
    }
}

pub(super) fn state(project: &Project) -> Result<State, Failure> {
    let missing: Vec<String> = missing(project)?.iter().map(Tool::shown).collect();
    Ok(if missing.is_empty() {
        State::Ready(format!("{WASM_PACK} and {TEST_RUNNER} are of the right version"))
    } else {
        State::Missing(format!("no {}", missing.join(", no ")))
    })
}

/// A program that `cargo install` provides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tool {
    pub(super) package: &'static str,
    pub(super) version: String,
    pub(super) speed: Speed,
}

/// Whether a tool is worth optimising: that doubles the time until it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speed {
    /// It only calls others.
    Whatever,
    Optimised,
}

impl Tool {
    fn shown(&self) -> String {
        format!("{} {}", self.package, self.version)
    }
}

fn missing(project: &Project) -> Result<Vec<Tool>, Failure> {
    let step = "reading the version of wasm-bindgen";
    let lock = project::read(step, &project.root.join("Cargo.lock"))?;
    let wanted = lockfile::version(&lock, "wasm-bindgen").ok_or_else(|| {
        Failure::new(step, "Cargo.lock does not name it").mend("cargo generate-lockfile")
    })?;

    let mut tools = Vec::new();
    if !wasm_pack::is_ready(project) {
        tools.push(wasm_pack::wanted());
    }
    // wasm-pack looks for `wasm-bindgen` and expects the runner beside it.
    let exact = Version::find(wanted);
    let names = ["wasm-bindgen", TEST_RUNNER];
    if names.iter().any(|name| version_of(project, name) != exact) {
        tools.push(Tool {
            package: "wasm-bindgen-cli",
            version: wanted.to_owned(),
            speed: Speed::Optimised,
        });
    }
    Ok(tools)
}

fn version_of(project: &Project, program: &str) -> Option<Version> {
    let file = on_path(&project.path_with_tools(), program)?;
    Version::find(&ask(file, &["--version"])?)
}

pub(super) fn provide(project: &Project) -> Result<(), Failure> {
    for tool in missing(project)? {
        if tool.package == WASM_PACK {
            wasm_pack::provide(project)?;
        } else {
            install(project, &tool)?;
        }
    }
    Ok(())
}

pub(super) fn install(project: &Project, tool: &Tool) -> Result<(), Failure> {
    install_with(project, tool, Dependencies::Locked).or_else(|locked| {
        // A lock file may name a version that a mirror does not serve yet.
        println!("{locked}");
        println!("  trying it without its own lock file");
        install_with(project, tool, Dependencies::Newest)
    })
}

#[derive(Debug, Clone, Copy)]
enum Dependencies {
    Locked,
    Newest,
}

fn install_with(project: &Project, tool: &Tool, dependencies: Dependencies) -> Result<(), Failure> {
    let title = format!("cargo install {}, a minute or two", tool.shown());
    let mut args = vec!["install", tool.package, "--version", &tool.version, "--force"];
    match dependencies {
        Dependencies::Locked => args.push("--locked"),
        Dependencies::Newest => {}
    }
    match tool.speed {
        Speed::Whatever => args.push("--debug"),
        Speed::Optimised => {}
    }
    Step::new(project, &title, "cargo")
        .args(args)
        .arg("--root")
        .arg(project.tools())
        .run(project)
        .map(drop)
}
