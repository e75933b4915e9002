//! Makes and runs the subjects: our own engine natively, in Node and in Chromium, and its peers where they run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::figures::Figures;
use super::line::Line;
use super::rows::Group;
use crate::build::{self, Profile};
use crate::clock::Stopwatch;
use crate::failure::Failure;
use crate::process::{Step, failure_tail};
use crate::project::{self, Project};
use crate::setup::{self, Browser, Need, Python};

/// Our own subject: a program and a module.
pub(crate) const PACKAGE: &str = "baton-bench";
/// The least that a page of our screens' kind can be.
const COUNTER: &str = "baton-counter";
/// How the module is compiled: as what is served, and with an engine that may be larger.
const PROFILES: [&str; 2] = ["wasm", "wasm-fast"];
const SCHEDULER: &str = "www/scheduler.js";
const APSCHEDULER: &str = "APScheduler";
/// Of one subject and group; the slowest takes half a minute.
const LIMIT: Duration = Duration::from_mins(10);

/// A program that measures one subject, or several that share a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Native,
    Node(&'static str),
    Chromium(&'static [&'static str]),
    Python,
}

fn runs(group: Group) -> &'static [Run] {
    match group {
        Group::Next => &[
            Run::Native,
            Run::Node("baton"),
            Run::Node("baton-fast"),
            Run::Chromium(&["baton"]),
            Run::Node("croner"),
            Run::Node("cron_parser"),
            Run::Node("node_schedule"),
            Run::Python,
        ],
        Group::Store => &[
            Run::Native,
            Run::Node("baton"),
            Run::Node("baton-fast"),
            Run::Chromium(&["baton"]),
            Run::Node("set_timeout"),
            Run::Node("toad_scheduler"),
            Run::Python,
        ],
        Group::Few => &[
            Run::Native,
            Run::Node("baton"),
            Run::Node("baton-fast"),
            Run::Chromium(&["baton"]),
            Run::Node("set_timeout"),
            Run::Node("toad_scheduler"),
            Run::Node("croner"),
            Run::Node("node_schedule"),
            Run::Python,
        ],
        Group::Burst => &[
            Run::Native,
            Run::Node("baton"),
            Run::Node("set_timeout"),
            Run::Node("toad_scheduler"),
            Run::Node("croner"),
            Run::Node("node_schedule"),
            Run::Chromium(&["baton", "scheduler-memory", "scheduler-indexeddb"]),
            Run::Chromium(&["set_timeout", "toad_scheduler", "croner"]),
            Run::Python,
        ],
        Group::Page => &[Run::Chromium(&["screens", "counter"])],
    }
}

/// All subjects, ready to run.
pub(super) struct Bench<'project> {
    project: &'project Project,
    folder: PathBuf,
    modules: PathBuf,
    dist: PathBuf,
    browser: Browser,
    /// Where APScheduler is, or why not.
    python: Result<Python, String>,
}

impl<'project> Bench<'project> {
    /// # Errors
    /// When a build fails, or Node, a browser or the packages cannot be had. Python may be missing.
    pub(super) fn prepare(project: &'project Project) -> Result<Self, Failure> {
        setup::provide(project, Need::FOR_BENCH)?;
        let dist = served(project)?;
        let modules = project.scratch().join("bench");
        make_native(project, &modules)?;
        for profile in PROFILES {
            make_module(project, PACKAGE, profile, &modules.join(profile))?;
        }
        make_module(project, COUNTER, PROFILES[0], &modules.join("counter"))?;
        Ok(Self {
            project,
            folder: project.tests().join("bench"),
            modules,
            dist,
            browser: Browser::find()?,
            python: Python::provide(project),
        })
    }

    /// Runs all subjects of a group once. One that fails does not stop the others.
    pub(super) fn measure(&self, group: Group, figures: &mut Figures) {
        for &run in runs(group) {
            match self.step(run, group) {
                Ok(step) => take(step, &named(run), figures),
                Err(why) => figures.is_missing(APSCHEDULER, &why),
            }
        }
    }

    /// # Errors
    /// When it cannot run here: the reason.
    fn step(&self, run: Run, group: Group) -> Result<Step, String> {
        let title = format!("{}, {}", group.name(), named(run));
        let node = |script| {
            Step::new(self.project, &title, "node").arg("--expose-gc").arg(script).arg(group.name())
        };
        let step = match run {
            Run::Native => Step::new(self.project, &title, native(self.project)).arg(group.name()),
            Run::Node(name) => node("node.mjs").arg(name),
            Run::Chromium(names) => node("chromium.mjs").args(names),
            Run::Python => {
                let python = self.python.as_ref().map_err(Clone::clone)?;
                Step::new(self.project, &title, &python.program)
                    .args(["peers/aps.py", group.name()])
                    .env("PYTHONPATH", &python.packages)
            }
        };
        let step = step
            .within(&self.folder)
            .env("BATON_BENCH_MODULES", &self.modules)
            .env("BATON_CHROMIUM", &self.browser.chrome)
            .env("BATON_DIST", &self.dist);
        Ok(step.limit(LIMIT))
    }
}

fn named(run: Run) -> String {
    match run {
        Run::Native => "our own engine, native".to_owned(),
        Run::Node(name) => format!("{name} in node"),
        Run::Chromium(names) => format!("{} in chromium", names.join(" and ")),
        Run::Python => "apscheduler in python".to_owned(),
    }
}

fn take(step: Step, name: &str, figures: &mut Figures) {
    let clock = Stopwatch::start();
    let finished = match step.finish() {
        Ok(finished) => finished,
        Err(failure) => return figures.broke(&failure),
    };
    let lines: Vec<Line> = finished.output.lines().filter_map(Line::read).collect();
    println!("  {name}: {clock}");
    if !finished.success || lines.is_empty() {
        let failure = Failure::new(name, failure_tail(&finished.output));
        println!("{failure}");
        figures.broke(&failure);
    }
    for line in lines {
        figures.add(line);
    }
}

/// What a page loads, once a page can load our scheduler: `peers/scheduler.mjs` measures it.
fn served(project: &Project) -> Result<PathBuf, Failure> {
    if project.root.join(SCHEDULER).is_file() {
        return build::build(project, Profile::Shipped, &[]);
    }
    build::compile_native(project, &[])?;
    Ok(project.dist())
}

fn native(project: &Project) -> PathBuf {
    project.target.join("release").join(format!("{PACKAGE}{}", std::env::consts::EXE_SUFFIX))
}

/// Compiles the native program, and lets it write the zones that the modules are given.
fn make_native(project: &Project, modules: &Path) -> Result<(), Failure> {
    Step::new(project, "compiling the native benchmark", "cargo")
        .args(["build", "--release", "--package", PACKAGE, "--features", "native"])
        .run(project)?;
    let step = "writing the zones";
    let zones = Step::new(project, step, native(project)).arg("zones").run(project)?;
    project::write(step, &modules.join("zones.txt"), zones.as_bytes())
}

fn make_module(
    project: &Project,
    package: &str,
    profile: &str,
    output: &Path,
) -> Result<(), Failure> {
    Step::new(project, &format!("compiling {package} as {profile}"), "cargo")
        .args(build::module_arguments(package, profile))
        .run(project)?;
    let module = format!("{}.wasm", package.replace('-', "_"));
    let input = project.target.join(build::TARGET).join(profile).join(module);
    Step::new(project, &format!("binding {profile}"), project.program(build::BINDGEN))
        .args([&input, output])
        .run(project)
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_measures_our_engine_on_every_host_and_a_peer() {
        for group in Group::ALL.into_iter().filter(|group| *group != Group::Page) {
            let runs = runs(group);
            assert!(runs.contains(&Run::Native) && runs.contains(&Run::Node("baton")), "{group:?}");
            let in_chromium =
                |run: &Run| matches!(run, Run::Chromium(names) if names.contains(&"baton"));
            assert!(runs.iter().any(in_chromium), "{group:?}");
            assert!(runs.contains(&Run::Python), "{group:?}");
        }
    }
}
