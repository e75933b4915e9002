//! A Chromium and the driver that fits it. What is there is used; only root on Debian gets them installed.

use std::env;
use std::path::{Path, PathBuf};

use super::State;
use super::system::System;
use super::version::Version;
use crate::failure::Failure;
use crate::process::{Step, ask, on_path};
use crate::project::Project;

const BROWSERS: [&str; 4] =
    ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];
const MAC_BROWSERS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const DRIVERS: [&str; 2] = ["chromedriver", "chromium.chromedriver"];
/// Where Debian and Fedora have put the driver without putting it on `PATH`.
const DRIVER_FILES: [&str; 2] =
    ["/usr/lib/chromium/chromedriver", "/usr/lib64/chromium-browser/chromedriver"];
const DEBIAN_PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// A browser and the driver of the same major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Browser {
    pub(crate) chrome: PathBuf,
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// # Errors
    /// When one of the two is missing, or they do not fit.
    pub(crate) fn find() -> Result<Self, Failure> {
        let missing = |why: String| by_hand(Failure::new("looking for a browser", why));
        let chrome =
            chrome().ok_or_else(|| missing("there is no Chromium or Chrome".to_owned()))?;
        let driver =
            driver().ok_or_else(|| missing(format!("{} has no chromedriver", chrome.display())))?;
        let versions = (version(&chrome), version(&driver));
        if let (Some(Version(of_chrome, ..)), Some(Version(of_driver, ..))) = versions
            && of_chrome == of_driver
        {
            return Ok(Self { chrome, driver });
        }
        let (of_chrome, of_driver) = versions;
        Err(missing(format!(
            "{} is {}, but {} is {}: they have to be of one major version",
            chrome.display(),
            shown(of_chrome),
            driver.display(),
            shown(of_driver)
        )))
    }
}

fn shown(version: Option<Version>) -> String {
    version.map_or_else(
        || "of no known version".to_owned(),
        |Version(major, ..)| format!("version {major}"),
    )
}

fn version(program: &Path) -> Option<Version> {
    Version::find(&ask(program, &["--version"])?)
}

fn chrome() -> Option<PathBuf> {
    named("CHROME").or_else(|| first_on_path(&BROWSERS)).or_else(|| first_file(&MAC_BROWSERS))
}

fn driver() -> Option<PathBuf> {
    named("CHROMEDRIVER").or_else(|| first_on_path(&DRIVERS)).or_else(|| first_file(&DRIVER_FILES))
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn first_on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    names.iter().find_map(|name| on_path(&path, name))
}

fn first_file(files: &[&str]) -> Option<PathBuf> {
    files.iter().map(PathBuf::from).find(|file| file.is_file())
}

pub(super) fn state() -> State {
    match Browser::find() {
        Ok(browser) => State::Ready(browser.chrome.display().to_string()),
        Err(_) => State::Missing("no Chromium with a chromedriver of its version".to_owned()),
    }
}

pub(super) fn provide(project: &Project) -> Result<(), Failure> {
    let Err(missing) = Browser::find() else {
        return Ok(());
    };
    match System::here() {
        // Who chose a browser or a driver does not get another one.
        System::DebianAsRoot if named("CHROME").is_none() && named("CHROMEDRIVER").is_none() => {
            apt_install(project)
        }
        System::DebianAsRoot
        | System::Debian
        | System::Ubuntu
        | System::Fedora
        | System::MacOs
        | System::Other => Err(missing),
    }
}

fn apt_install(project: &Project) -> Result<(), Failure> {
    let install = |title: &str| {
        Step::new(project, title, "apt-get")
            .args(["install", "--yes", "--no-install-recommends"])
            .args(DEBIAN_PACKAGES)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run(project)
    };
    // The lists of a fresh machine are empty, and those of an old one name packages that are gone.
    Step::new(project, "apt-get update", "apt-get").args(["update"]).run(project)?;
    install("apt-get install chromium, its driver and a Chinese font").map(drop)
}

/// What to do on this system.
fn by_hand(failure: Failure) -> Failure {
    let packages = DEBIAN_PACKAGES.join(" ");
    let failure = match System::here() {
        System::DebianAsRoot => {
            failure.mend(format!("apt-get update && apt-get install {packages}"))
        }
        System::Debian => {
            failure.mend(format!("sudo apt-get update && sudo apt-get install {packages}"))
        }
        System::Ubuntu => failure.mend("sudo snap install chromium, which brings its driver along"),
        System::Fedora => {
            failure.mend("sudo dnf install chromium chromedriver google-noto-sans-cjk-fonts")
        }
        System::MacOs => failure.mend("brew install --cask google-chrome chromedriver"),
        System::Other => failure
            .mend("install Chromium or Chrome, and the chromedriver of the same major version"),
    };
    failure
        .mend("or name those you have: CHROME=/path/to/browser CHROMEDRIVER=/path/to/chromedriver")
}
