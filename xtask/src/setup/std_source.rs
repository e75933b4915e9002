//! Builds the wasm32 standard library from the source of exactly this compiler.
//!
//! The source is rustup's rust-src component when that is there, else Debian's package `rust-src` of the same version,
//! fetched with a private apt configuration: signatures are checked, the system's own lists stay as they are, and no
//! root is needed.

use std::fs;
use std::path::{Path, PathBuf};

use super::version::Version;
use super::wasm_std::{Sysroot, TARGET};
use crate::failure::Failure;
use crate::process::{Step, ask};
use crate::project::{self, Project};

/// Where Debian may have it: the stable release's backports first, then what is to come.
const SUITES: [&str; 3] = ["trixie-backports", "forky", "sid"];
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
const EMPTY_CRATE: &str = "empty";

/// The libraries, built and ready to be copied.
pub(super) fn build(project: &Project, sysroot: &Sysroot) -> Result<Vec<PathBuf>, Failure> {
    let folder = project.scratch().join("std");
    source(project, sysroot, &folder)?;
    write_empty_crate(&folder.join(EMPTY_CRATE))?;
    compile(project, &folder)?;
    libraries(&folder.join("target").join(TARGET).join("release/deps"))
}

/// Makes sure that the sysroot holds the library's source.
fn source(project: &Project, sysroot: &Sysroot, folder: &Path) -> Result<(), Failure> {
    let place = sysroot.source();
    if place.join("std/Cargo.toml").is_file() {
        println!("  the library's source is there: {}", place.display());
        return Ok(());
    }
    let step = "getting the library's source";
    let version = compiler_version()?;
    let unpacked = from_debian(project, &folder.join("apt"), &version)?;
    let found = unpacked.join(format!("usr/src/rustc-{version}/library"));
    if !found.join("std/Cargo.toml").is_file() {
        return Err(Failure::new(step, format!("the package holds no {}", found.display())));
    }
    copy_tree(&found, &place)
        .map_err(|error| Failure::new(step, format!("{}: {error}", place.display())))
}

fn compiler_version() -> Result<String, Failure> {
    let spoken = ask("rustc", &["--version"]).unwrap_or_default();
    let Version(major, minor, patch) = Version::find(&spoken).ok_or_else(|| {
        Failure::new("asking rustc for its version", format!("it says {spoken:?}"))
    })?;
    Ok(format!("{major}.{minor}.{patch}"))
}

/// The unpacked package, from the first suite that has it.
fn from_debian(project: &Project, folder: &Path, version: &str) -> Result<PathBuf, Failure> {
    let step = format!("finding Debian's rust-src {version}");
    let mirror =
        ask("apt-get", &["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"])
            .and_then(|answer| debian_mirror(&answer).map(str::to_owned))
            .ok_or_else(|| {
                Failure::new(&step, "this is not a Debian with a package archive")
                    .mend("rustup component add rust-src, then run this again")
            })?;
    let mut failure = Failure::new(&step, format!("tried {} of {mirror}", SUITES.join(", ")));
    for suite in SUITES {
        match download(project, &folder.join(suite), &mirror, suite, version) {
            Ok(unpacked) => return Ok(unpacked),
            Err(refused) => failure = failure.and(&refused),
        }
    }
    Err(failure)
}

/// The archive itself, not its security updates.
fn debian_mirror(index_targets: &str) -> Option<&str> {
    index_targets.lines().find(|line| line.ends_with("/debian/"))
}

fn download(
    project: &Project,
    folder: &Path,
    mirror: &str,
    suite: &str,
    version: &str,
) -> Result<PathBuf, Failure> {
    let step = format!("apt-get of rust-src from {suite}");
    for part in ["lists/partial", "cache/archives/partial", "deb"] {
        fs::create_dir_all(folder.join(part)).map_err(|error| Failure::new(&step, error))?;
    }
    let list = folder.join("sources.list");
    let line = format!("deb [signed-by={KEYRING}] {mirror} {suite} main\n");
    project::write(&step, &list, line.as_bytes())?;
    let options = [
        format!("-oDir::Etc::SourceList={}", list.display()),
        "-oDir::Etc::SourceParts=/dev/null".to_owned(),
        format!("-oDir::State::Lists={}", folder.join("lists").display()),
        format!("-oDir::Cache={}", folder.join("cache").display()),
        // apt would give these up to a user of its own, who has no business in our folder.
        "-oAPT::Sandbox::User=".to_owned(),
    ];
    Step::new(project, &format!("apt-get update, {suite}, private lists"), "apt-get")
        .args(&options)
        .args(["update"])
        .run(project)?;
    let deb = folder.join("deb");
    Step::new(project, &format!("apt-get download rust-src, {suite}"), "apt-get")
        .args(&options)
        .args(["download".to_owned(), format!("rust-src={version}*")])
        .within(&deb)
        .run(project)?;
    let package =
        first_file(&deb, "deb").ok_or_else(|| Failure::new(&step, "no package was downloaded"))?;
    let unpacked = folder.join("unpacked");
    Step::new(project, "unpacking rust-src", "dpkg-deb")
        .args([Path::new("-x"), &package, &unpacked])
        .run(project)?;
    Ok(unpacked)
}

fn first_file(folder: &Path, extension: &str) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    entries.find(|path| path.extension().is_some_and(|found| found == extension))
}

fn write_empty_crate(folder: &Path) -> Result<(), Failure> {
    let step = "writing an empty crate to build the library for";
    let manifest = format!(
        "[package]\nname = \"{EMPTY_CRATE}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n"
    );
    project::write(step, &folder.join("Cargo.toml"), manifest.as_bytes())?;
    project::write(step, &folder.join("src/lib.rs"), b"#![no_std]\n")
}

fn compile(project: &Project, folder: &Path) -> Result<(), Failure> {
    let target = folder.join("target");
    // Leftovers of another compiler would be copied along.
    if target.exists() {
        fs::remove_dir_all(&target)
            .map_err(|error| Failure::new("clearing the last build of the library", error))?;
    }
    Step::new(project, "compiling the wasm32 standard library", "cargo")
        .args(["build", "--release", "--target", TARGET])
        // `test` is what `wasm-pack test` needs.
        .args(["-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test"])
        .env("RUSTC_BOOTSTRAP", "1")
        // Without the bitcode, a later `lto = true` fails: "Can't find section .llvmbc".
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", &target)
        .within(&folder.join(EMPTY_CRATE))
        .run(project)
        .map(drop)
}

fn libraries(deps: &Path) -> Result<Vec<PathBuf>, Failure> {
    let step = "collecting the libraries that were built";
    let entries = fs::read_dir(deps)
        .map_err(|error| Failure::new(step, format!("{}: {error}", deps.display())))?;
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| is_library(path)).collect();
    found.sort();
    if found.is_empty() {
        return Err(Failure::new(step, format!("{} holds none", deps.display())));
    }
    Ok(found)
}

fn is_library(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.extension().is_some_and(|extension| extension == "rlib") && !name.starts_with("libempty-")
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        // Debian links some folders to where its other packages put them: follow them.
        if fs::metadata(entry.path()).is_ok_and(|found| found.is_dir()) {
            copy_tree(&entry.path(), &place)?;
        } else if entry.path().exists() {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_is_told_from_its_security_updates() {
        let answer = "http://mirror.example/debian-security/\nhttp://mirror.example/debian/\n";
        assert_eq!(debian_mirror(answer), Some("http://mirror.example/debian/"));
        assert_eq!(debian_mirror("http://mirror.example/ubuntu/\n"), None);
    }

    #[test]
    fn the_empty_crate_is_not_part_of_the_library() {
        assert!(is_library(Path::new("deps/libstd-0a1b.rlib")));
        assert!(!is_library(Path::new("deps/libempty-0a1b.rlib")));
        assert!(!is_library(Path::new("deps/libstd-0a1b.rmeta")));
    }
}
