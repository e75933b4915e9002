//! Runs the test suites, one after the other, and adds up what they counted.
//!
//! A failing suite does not stop the later ones. Formatting, lints, the build and each budget count as one test each.
//! The last line is `N passed, N failed`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::bench;
use crate::build::{self, Profile};
use crate::clock::Stopwatch;
use crate::counts::Counts;
use crate::failure::Failure;
use crate::process::{Finished, Step, failure_tail};
use crate::project::{self, Project};
use crate::serve::SERVER;
use crate::setup::{self, Browser, Need, WASM_PACK};
use crate::sizes::{self, Table, Verdict};

/// The demo pipeline's program, which the end-to-end tests start.
const PIPELINE: &str = "pipeline";
const BROWSER_LIMIT: Duration = Duration::from_mins(15);
/// What is cut off the screens is read as it is served; their tests have it in one.
const SPLIT: &str = "baton-ui/split";
/// Seconds for all tests of one wasm program; the runner's own 20 are short on a busy machine.
const WASM_TEST_SECONDS: &str = "180";

/// Tests that are run and counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    Format,
    Lint,
    LintWeb,
    Native,
    Build,
    EngineWeb,
    Ui,
    EndToEnd,
}

impl Suite {
    /// In the order in which they run: what is quick and tells most comes first.
    pub(crate) const ALL: [Self; 8] = [
        Self::Format,
        Self::Lint,
        Self::LintWeb,
        Self::Native,
        Self::Build,
        Self::EngineWeb,
        Self::Ui,
        Self::EndToEnd,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Lint => "lint",
            Self::LintWeb => "lint-web",
            Self::Native => "native",
            Self::Build => "build",
            Self::EngineWeb => "engine-web",
            Self::Ui => "ui",
            Self::EndToEnd => "e2e",
        }
    }

    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Format => "cargo fmt --check",
            Self::Lint => "clippy over the native packages, warnings denied",
            Self::LintWeb => "clippy over the browser packages, warnings denied",
            Self::Native => "cargo test, documentation examples included",
            Self::Build => "the build that is served, and its size budgets",
            Self::EngineWeb => "wasm-pack test of engine/web in a headless browser",
            Self::Ui => "wasm-pack test of ui in a headless browser",
            Self::EndToEnd => "node --test over tests/e2e/*.test.mjs, in a headless browser",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.name() == name)
    }

    pub(crate) fn needs(self) -> &'static [Need] {
        match self {
            Self::Format | Self::Lint | Self::Native => &[],
            Self::LintWeb => &[Need::WasmStd],
            Self::Build => &[Need::WasmStd, Need::Node],
            Self::EngineWeb | Self::Ui => &[Need::WasmStd, Need::WasmTestTools, Need::Browser],
            Self::EndToEnd => &[Need::WasmStd, Need::Node, Need::Browser, Need::Packages],
        }
    }
}

/// A suite, and which of its tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) suite: Suite,
    pub(crate) filter: Option<String>,
}

impl Selection {
    pub(crate) fn all() -> Vec<Self> {
        Suite::ALL.into_iter().map(|suite| Self { suite, filter: None }).collect()
    }
}

/// Runs the selected suites; the answer is what they counted together.
///
/// # Errors
/// When what they need cannot be set up.
pub(crate) fn run(project: &Project, selections: &[Selection]) -> Result<Counts, Failure> {
    let clock = Stopwatch::start();
    let needed =
        |need: &Need| selections.iter().any(|selection| selection.suite.needs().contains(need));
    let needs: Vec<Need> = Need::FOR_TEST.iter().copied().filter(needed).collect();
    setup::provide(project, &needs)?;

    let mut lines = Vec::new();
    let mut sum = Counts::default();
    for selection in selections {
        let name = selection.suite.name();
        println!("\n{name}: {}", selection.suite.about());
        let clock = Stopwatch::start();
        let counts = run_suite(project, selection).unwrap_or_else(|failure| {
            println!("{failure}");
            Counts::ONE_FAILED
        });
        println!("{name}: {counts}, {clock}");
        let mark = if counts.all_passed() { "ok" } else { "FAILED" };
        lines.push(format!("{name:<12} {mark:<8} {counts:<28} {:>12}", clock.to_string()));
        sum += counts;
    }
    println!("\n{}\nall of it took {clock}\n\n{sum}", lines.join("\n"));
    Ok(sum)
}

fn run_suite(project: &Project, selection: &Selection) -> Result<Counts, Failure> {
    let filter = selection.filter.as_deref();
    match selection.suite {
        Suite::Format => check(
            project,
            "checking the format",
            &["fmt", "--all", "--check", "--", "--color", "never"],
        ),
        Suite::Lint => check(
            project,
            "linting the native packages",
            &["clippy", "--all-targets", "--all-features", "--", "-Dwarnings"],
        ),
        Suite::LintWeb => lint_web(project),
        Suite::Native => native(project, filter),
        Suite::Build => build_and_measure(project),
        Suite::EngineWeb => wasm_pack(project, "engine/web", filter),
        Suite::Ui => wasm_pack(project, "ui", filter),
        Suite::EndToEnd => end_to_end(project, filter),
    }
}

/// A cargo command that counts as one test.
fn check(project: &Project, title: &str, args: &[&str]) -> Result<Counts, Failure> {
    let finished = Step::new(project, title, "cargo").args(args).finish()?;
    Ok(shown(project, Counts { passed: u32::from(finished.success), failed: 0 }, &finished))
}

fn lint_web(project: &Project) -> Result<Counts, Failure> {
    let mut args = vec!["clippy", "--target", "wasm32-unknown-unknown", "--all-targets"];
    args.extend(build::Module::ALL.iter().flat_map(|module| ["--package", module.package()]));
    args.extend(["--package", bench::PACKAGE, "--features", SPLIT, "--", "-Dwarnings"]);
    check(project, "linting the browser packages", &args)
}

fn native(project: &Project, filter: Option<&str>) -> Result<Counts, Failure> {
    let finished = Step::new(project, "native tests", "cargo")
        .args(["test", "--all-features", "--no-fail-fast"])
        .args(filter)
        .finish()?;
    Ok(shown(project, Counts::of_cargo(&finished.output), &finished))
}

fn build_and_measure(project: &Project) -> Result<Counts, Failure> {
    build::build(project, Profile::Shipped, &[])?;
    let mut counts = Counts::ONE_PASSED;
    let sizes = sizes::measure(project)?;
    print!("{}", Table(&sizes));
    for size in &sizes {
        counts += match size.verdict() {
            Verdict::NoBudget => Counts::default(),
            Verdict::WithinAim | Verdict::WithinLimit => Counts::ONE_PASSED,
            Verdict::Over => Counts::ONE_FAILED,
        };
    }
    Ok(counts)
}

fn wasm_pack(project: &Project, folder: &str, filter: Option<&str>) -> Result<Counts, Failure> {
    let browser = Browser::find()?;
    let title = format!("browser tests of {folder}");
    let step = match filter {
        None => Step::new(project, &title, WASM_PACK)
            // Everything it could want is there: it has nothing to download.
            .args(["test", "--mode", "no-install", "--headless", "--chrome", "--chromedriver"])
            .arg(&browser.driver)
            .arg(folder),
        // It would give the filter to a build too, which refuses it. Without it, this is what it runs.
        Some(filter) => Step::new(project, &title, "cargo")
            .args(["test", "--target", build::TARGET, "--manifest-path"])
            .arg(format!("{folder}/Cargo.toml"))
            .args(["--tests", "--", filter])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", setup::TEST_RUNNER)
            .env("CHROMEDRIVER", &browser.driver)
            .env("WASM_BINDGEN_TEST_ONLY_WEB", "1"),
    };
    let finished = step
        .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_SECONDS)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver_json(project, folder, &browser)?)
        .limit(BROWSER_LIMIT)
        .finish()?;
    Ok(shown(project, Counts::of_cargo(&finished.output), &finished))
}

/// The crate's own `webdriver.json`, with the browser that was found: a driver by itself looks in few places.
fn webdriver_json(project: &Project, folder: &str, browser: &Browser) -> Result<PathBuf, Failure> {
    let step = "preparing webdriver.json";
    let text = project::read(step, &project.root.join(folder).join("webdriver.json"))?;
    let with_binary = name_binary(&text, &browser.chrome.to_string_lossy());
    let place = project.scratch().join(folder.replace('/', "-")).join("webdriver.json");
    project::write(step, &place, with_binary.as_bytes())?;
    Ok(place)
}

fn name_binary(webdriver_json: &str, chrome: &str) -> String {
    let chrome = chrome.replace('\\', r"\\").replace('"', "\\\"");
    webdriver_json.replacen("\"args\"", &format!("\"binary\": \"{chrome}\", \"args\""), 1)
}

/// Each has servers and a browser of its own, and mostly waits for them.
const FILES_AT_ONCE: &str = "--test-concurrency=2";

fn end_to_end(project: &Project, filter: Option<&str>) -> Result<Counts, Failure> {
    let browser = Browser::find()?;
    // Nothing to do when the build suite ran before; else the tests would see an old page, or none.
    let dist = build::build(project, Profile::Shipped, &[])?;
    // The very features that `cargo test` has: nearly all is compiled already.
    Step::new(project, "compiling the servers", "cargo")
        .args(["build", "--bins", "--all-features"])
        .run(project)?;
    let files = scenarios(project, filter)?;
    let finished = Step::new(project, "end-to-end tests", "node")
        .args(["--test", FILES_AT_ONCE, "--test-reporter=spec"])
        .args(&files)
        .within(&project.tests())
        .env("BATON_CHROMIUM", &browser.chrome)
        .env("BATON_DIST", &dist)
        .env("BATON_SERVE", project.program(SERVER))
        .env("BATON_PIPELINE", project.program(PIPELINE))
        .limit(BROWSER_LIMIT)
        .finish()?;
    Ok(shown(project, Counts::of_node(&finished.output), &finished))
}

/// The files of `tests/e2e` whose names contain the filter.
fn scenarios(project: &Project, filter: Option<&str>) -> Result<Vec<PathBuf>, Failure> {
    let step = "looking for end-to-end tests";
    let folder = project.tests().join("e2e");
    let entries = fs::read_dir(&folder)
        .map_err(|error| Failure::new(step, format!("{}: {error}", folder.display())))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".test.mjs") && filter.is_none_or(|filter| name.contains(filter))
    });
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(step, format!("{} holds none that fits", folder.display())));
    }
    Ok(files)
}

/// Judges the counts of a suite that ended, and shows the end of its log when it failed.
fn shown(project: &Project, counts: Counts, finished: &Finished) -> Counts {
    let counts = counts.judged(finished.success);
    if !counts.all_passed() {
        println!("  the end of its log, {}:", project.shown(&finished.log));
        println!("{}", failure_tail(&finished.output));
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_is_found_by_its_name() {
        for suite in Suite::ALL {
            assert_eq!(Suite::named(suite.name()), Some(suite));
        }
        assert_eq!(Suite::named("nonsense"), None);
    }

    #[test]
    fn all_suites_together_need_all_that_setup_provides() {
        for need in Need::FOR_TEST {
            assert!(Suite::ALL.iter().any(|suite| suite.needs().contains(need)), "{need:?}");
        }
    }

    #[test]
    fn the_browser_that_was_found_is_named_to_the_driver() {
        let named = name_binary(include_str!("../../engine/web/webdriver.json"), "/opt/chrome");
        assert!(named.contains("\"binary\": \"/opt/chrome\", \"args\": ["), "{named}");
    }
}
