//! Measures what is built and how long building takes, and runs the packages' own benchmarks, if there are any.

use std::fs;

use crate::build::{self, Module, Profile};
use crate::clock::Stopwatch;
use crate::failure::Failure;
use crate::process::Step;
use crate::project::Project;
use crate::setup::{self, Need};
use crate::sizes::{self, Table};

/// The packages whose `benches` folder is looked for, beside their manifests.
const PACKAGES: [(&str, &str); 2] = [("baton-engine", "engine"), ("pipeline", "tests/pipeline")];

/// # Errors
/// When a build or a benchmark fails.
pub(super) fn measure(project: &Project) -> Result<(), Failure> {
    setup::provide(project, &[Need::WasmStd, Need::Node])?;
    build::build(project, Profile::Shipped, &[])?;
    let warm = Stopwatch::start();
    build::build(project, Profile::Shipped, &[])?;
    let warm = warm.to_string();
    let bare = bare_build(project)?;

    println!("\n{}", Table(&sizes::measure(project)?));
    println!("build with nothing changed:                    {warm}");
    println!("browser crates from an empty target folder:    {bare}");
    for (package, folder) in PACKAGES {
        if has_benches(project, folder) {
            let output = Step::new(project, &format!("benchmarks of {package}"), "cargo")
                .args(["bench", "--package", package, "--benches"])
                .run(project)?;
            println!("\n{output}");
        }
    }
    Ok(())
}

/// Compiles the browser crates where nothing is compiled yet. What is downloaded already stays.
fn bare_build(project: &Project) -> Result<String, Failure> {
    let title = "compiling the browser crates from nothing";
    let folder = project.scratch().join("bare");
    let clear =
        |error: std::io::Error| Failure::new(title, format!("{}: {error}", folder.display()));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(clear)?;
    }
    let clock = Stopwatch::start();
    for module in Module::ALL {
        Step::new(project, title, "cargo")
            .args(module.cargo_arguments(Profile::Shipped.cargo_name()))
            .arg("--target-dir")
            .arg(&folder)
            .run(project)?;
    }
    let took = clock.to_string();
    fs::remove_dir_all(&folder).map_err(clear)?;
    Ok(took)
}

fn has_benches(project: &Project, folder: &str) -> bool {
    let entries = fs::read_dir(project.root.join(folder).join("benches"));
    entries.is_ok_and(|mut entries| entries.next().is_some())
}
