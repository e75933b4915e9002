//! Takes a bare machine to what a command needs, and says what it does. Quick when there is nothing to do.
//!
//! Each need is one module: [`wasm_std`], [`tools`], [`browser`], [`packages`]. A need is looked at first and provided
//! only when it is missing. Nothing is installed for the whole system, unless the user is root on Debian.

mod browser;
mod packages;
mod python;
mod std_source;
mod system;
mod tools;
mod version;
mod wasm_pack;
mod wasm_std;

pub(crate) use browser::Browser;
pub(crate) use python::Python;
pub(crate) use tools::{TEST_RUNNER, node};
pub(crate) use wasm_pack::WASM_PACK;

use self::packages::Folder;
use crate::clock::Stopwatch;
use crate::failure::Failure;
use crate::project::Project;

/// Something that a bare machine lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The standard library for wasm32-unknown-unknown.
    WasmStd,
    /// Node, for the end-to-end tests and for measuring compressed sizes.
    Node,
    /// wasm-pack and wasm-bindgen's test runner.
    WasmTestTools,
    /// A Chromium and its driver.
    Browser,
    /// The packages that the end-to-end tests use.
    Packages,
    /// The packages that the engine is measured beside.
    BenchPackages,
}

impl Need {
    pub(crate) const FOR_SERVE: &[Self] = &[Self::WasmStd];
    pub(crate) const FOR_TEST: &[Self] =
        &[Self::WasmStd, Self::Node, Self::WasmTestTools, Self::Browser, Self::Packages];
    pub(crate) const FOR_BENCH: &[Self] =
        &[Self::WasmStd, Self::Node, Self::Browser, Self::BenchPackages];

    fn name(self) -> &'static str {
        match self {
            Self::WasmStd => "wasm32 standard library",
            Self::Node => "Node",
            Self::WasmTestTools => "wasm-pack and wasm-bindgen",
            Self::Browser => "browser and driver",
            Self::Packages => "test packages",
            Self::BenchPackages => "benchmark packages",
        }
    }

    fn state(self, project: &Project) -> Result<State, Failure> {
        match self {
            Self::WasmStd => wasm_std::state(),
            Self::Node => Ok(tools::node_state()),
            Self::WasmTestTools => tools::state(project),
            Self::Browser => Ok(browser::state()),
            Self::Packages => packages::state(project, Folder::Tests),
            Self::BenchPackages => packages::state(project, Folder::Bench),
        }
    }

    fn provide(self, project: &Project) -> Result<(), Failure> {
        match self {
            Self::WasmStd => wasm_std::provide(project),
            Self::Node => Err(tools::no_node()),
            Self::WasmTestTools => tools::provide(project),
            Self::Browser => browser::provide(project),
            Self::Packages => packages::provide(project, Folder::Tests),
            Self::BenchPackages => packages::provide(project, Folder::Bench),
        }
    }
}

/// Whether a need is met, in words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Ready(String),
    Missing(String),
}

/// Provides what is missing of `needs`.
///
/// # Errors
/// When a step fails: which, why, and what to do by hand.
pub(crate) fn provide(project: &Project, needs: &[Need]) -> Result<(), Failure> {
    let clock = Stopwatch::start();
    let mut provided = 0;
    for &need in needs {
        let State::Missing(what) = need.state(project)? else {
            continue;
        };
        println!("setup: {}: {what}", need.name());
        need.provide(project)?;
        if let State::Missing(still) = need.state(project)? {
            return Err(Failure::new(format!("setup of {}", need.name()), still));
        }
        provided += 1;
    }
    if provided > 0 {
        println!("setup: done in {clock}");
    }
    Ok(())
}

/// Says what is there and what is missing, and changes nothing. The answer is whether nothing is missing.
///
/// # Errors
/// When the state of something cannot be found out.
pub(crate) fn check(project: &Project, needs: &[Need]) -> Result<bool, Failure> {
    let mut complete = true;
    for &need in needs {
        match need.state(project)? {
            State::Ready(what) => println!("  ready    {}: {what}", need.name()),
            State::Missing(what) => {
                complete = false;
                println!("  missing  {}: {what}", need.name());
            }
        }
    }
    Ok(complete)
}

/// Builds the wasm32 standard library from source, in place of the one that is there.
///
/// # Errors
/// When a step fails: which, why, and what to do by hand.
pub(crate) fn std_from_source(project: &Project) -> Result<(), Failure> {
    wasm_std::replace_from_source(project)
}
