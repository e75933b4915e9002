//! Compiles the browser crates, binds them to JavaScript, and puts together what is served.
//!
//! The result is `www/pkg/{engine,verify,ui,pipeline,words,imports,reports,trial}/` and, from all of `www`, [`dist`](crate::dist).

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::clock::Stopwatch;
use crate::dist::{self, Fingerprint};
use crate::failure::Failure;
use crate::nameless;
use crate::process::Step;
use crate::project::{self, Project};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// A crate that becomes a wasm module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Module {
    Engine,
    Verify,
    Ui,
    Pipeline,
    Words,
    Imports,
    Reports,
    Trial,
}

impl Module {
    pub(crate) const ALL: [Self; 8] = [
        Self::Engine,
        Self::Verify,
        Self::Ui,
        Self::Pipeline,
        Self::Words,
        Self::Imports,
        Self::Reports,
        Self::Trial,
    ];

    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Engine => "baton-engine-web",
            Self::Verify => "baton-verify",
            Self::Ui => "baton-ui",
            Self::Pipeline => "pipeline-web",
            Self::Words => "baton-words",
            Self::Imports => "baton-imports",
            Self::Reports => "baton-reports",
            Self::Trial => "baton-trial",
        }
    }

    /// Its folder in `www/pkg`.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Verify => "verify",
            Self::Ui => "ui",
            Self::Pipeline => "pipeline",
            Self::Words => "words",
            Self::Imports => "imports",
            Self::Reports => "reports",
            Self::Trial => "trial",
        }
    }

    pub(crate) fn output(self, project: &Project) -> PathBuf {
        project.root.join("www/pkg").join(self.folder())
    }

    fn library(self) -> String {
        self.package().replace('-', "_")
    }

    /// What has cargo compile it as it is served.
    pub(crate) fn cargo_arguments(self, profile: &'static str) -> Vec<&'static str> {
        let mut arguments = module_arguments(self.package(), profile).to_vec();
        match self {
            // Its screens are loaded one by one.
            Self::Ui => arguments.extend(["--features", "split"]),
            Self::Engine
            | Self::Verify
            | Self::Pipeline
            | Self::Words
            | Self::Imports
            | Self::Reports
            | Self::Trial => {}
        }
        arguments
    }

    fn bindgen_flags(self, profile: Profile) -> Vec<&'static str> {
        let mut flags = Vec::new();
        match self {
            // Other people's pages import the engine's module: they get its types.
            Self::Engine => flags.push("--typescript"),
            Self::Ui => flags.push("--split"),
            Self::Verify
            | Self::Pipeline
            | Self::Words
            | Self::Imports
            | Self::Reports
            | Self::Trial => {}
        }
        match profile {
            Profile::Shipped => {}
            Profile::Dev => flags.push("--names"),
        }
        flags
    }
}

/// How the browser crates are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Small: what is served.
    Shipped,
    /// Quick to build, with names in its stack traces.
    Dev,
}

impl Profile {
    pub(crate) fn cargo_name(self) -> &'static str {
        match self {
            Self::Shipped => "wasm",
            Self::Dev => "dev",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Shipped => "wasm",
            Self::Dev => "debug",
        }
    }
}

/// Builds everything that is served, and the native `programs` beside it. The answer is the assembled folder.
///
/// # Errors
/// When a step fails: which and why.
pub(crate) fn build(
    project: &Project,
    profile: Profile,
    programs: &[&str],
) -> Result<PathBuf, Failure> {
    let clock = Stopwatch::start();
    compile(project, profile, programs)?;
    for module in Module::ALL {
        bind(project, module, profile)?;
        if profile == Profile::Shipped {
            nameless::check(project, &module.output(project))?;
        }
    }
    let dist = dist::assemble(project)?;
    println!("build: {} is ready after {clock}", project.shown(&dist));
    Ok(dist)
}

/// The native programs and the wasm modules lie in different folders, so that cargo can work on both at once.
fn compile(project: &Project, profile: Profile, programs: &[&str]) -> Result<(), Failure> {
    thread::scope(|scope| {
        let native = scope.spawn(|| compile_native(project, programs));
        let wasm = compile_wasm(project, profile);
        let native = native
            .join()
            .map_err(|_| Failure::new("compiling the native programs", "its thread ended"))?;
        wasm.and(native)
    })
}

fn compile_wasm(project: &Project, profile: Profile) -> Result<(), Failure> {
    Module::ALL.iter().try_for_each(|module| {
        let step = Step::new(project, &format!("compiling {}", module.folder()), "cargo")
            .args(module.cargo_arguments(profile.cargo_name()));
        let step = match profile {
            Profile::Shipped => step.env(nameless::FLAGS, nameless::flags(project)),
            // Its stack traces lead to the files.
            Profile::Dev => step,
        };
        step.run(project).map(drop)
    })
}

/// What has cargo compile a package as a module alone. As a library for its tests too, which its
/// manifest says that it is, cargo would silently leave link-time optimisation out.
pub(crate) fn module_arguments<'a>(package: &'a str, profile: &'a str) -> [&'a str; 10] {
    [
        "rustc",
        "--target",
        TARGET,
        "--profile",
        profile,
        "--package",
        package,
        "--crate-type",
        "cdylib",
        "--lib",
    ]
}

/// Compiles what binds modules to JavaScript, and native `programs`.
///
/// # Errors
/// When something does not compile.
pub(crate) fn compile_native(project: &Project, programs: &[&str]) -> Result<(), Failure> {
    Step::new(project, "compiling wasm-bindgen", "cargo")
        .args(["build", "--package", "xtask", "--features", "bindgen", "--bin", BINDGEN])
        .run(project)?;
    if programs.is_empty() {
        return Ok(());
    }
    Step::new(project, &format!("compiling {}", programs.join(" and ")), "cargo")
        .args(["build", "--bins"])
        .args(programs.iter().flat_map(|program| ["--package", program]))
        .run(project)
        .map(drop)
}

/// Our program that binds a module to JavaScript, which `build` compiles.
pub(crate) const BINDGEN: &str = "xtask-bindgen";

/// Writes a module's JavaScript, unless it is of this very module already.
fn bind(project: &Project, module: Module, profile: Profile) -> Result<(), Failure> {
    let step = format!("binding {}", module.folder());
    let folder = project.target.join(TARGET).join(profile.folder());
    let input = folder.join(format!("{}.wasm", module.library()));
    let compiled = fs::read(&input)
        .map_err(|error| Failure::new(&step, format!("{}: {error}", input.display())))?;
    let flags = module.bindgen_flags(profile);
    let bindgen = project.program(BINDGEN);
    let compiled_at = fs::metadata(&bindgen).and_then(|found| found.modified());
    let compiled_at = compiled_at
        .map_err(|error| Failure::new(&step, format!("{}: {error}", bindgen.display())))?;

    let mut fingerprint = Fingerprint::of(&compiled);
    fingerprint.add(flags.concat().as_bytes());
    fingerprint.add(format!("{compiled_at:?}").as_bytes());
    let fingerprint = fingerprint.to_string();

    let output = module.output(project);
    let stamp = project.scratch().join("bound").join(module.folder());
    let done = fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == fingerprint);
    if done && output.join(format!("{}_bg.wasm", module.library())).is_file() {
        return Ok(());
    }
    clear(&step, &output)?;
    Step::new(project, &step, bindgen).args([&input, &output]).args(flags).run(project)?;
    project::write(&step, &stamp, fingerprint.as_bytes())
}

fn clear(step: &str, folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(step, format!("{}: {error}", folder.display())))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
