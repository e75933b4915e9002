//! The standard library for wasm32-unknown-unknown, by the first way that works:
//!
//! 1. it is there;
//! 2. `rustup target add`;
//! 3. built from the library source of this very compiler ([`std_source`](super::std_source)), which is how it goes
//!    behind a mirror that has no rustup server.
//!
//! Never by two ways at once: two copies side by side break every build ("multiple candidates for crate `core`").

use std::fs;
use std::path::{Path, PathBuf};

use super::{State, std_source};
use crate::failure::Failure;
use crate::process::{Step, ask};
use crate::project::{self, Project};

pub(super) const TARGET: &str = "wasm32-unknown-unknown";
/// Written beside a library that we built, so that we remove only what is ours.
const MARK: &str = "built-by-xtask";

/// Where this compiler keeps things.
#[derive(Debug, Clone)]
pub(super) struct Sysroot(PathBuf);

impl Sysroot {
    pub(super) fn find() -> Result<Self, Failure> {
        let answer = ask("rustc", &["--print", "sysroot"]).filter(|path| !path.is_empty());
        answer.map(|path| Self(path.into())).ok_or_else(|| {
            Failure::new("asking rustc for its sysroot", "rustc does not answer")
                .mend("install Rust with rustup, then `rustup default stable`")
        })
    }

    fn target(&self) -> PathBuf {
        self.0.join("lib/rustlib").join(TARGET)
    }

    fn libraries(&self) -> PathBuf {
        self.target().join("lib")
    }

    /// Where the rust-src component lies, and where `-Zbuild-std` looks for it.
    pub(super) fn source(&self) -> PathBuf {
        self.0.join("lib/rustlib/src/rust/library")
    }
}

pub(super) fn state() -> Result<State, Failure> {
    let libraries = Sysroot::find()?.libraries();
    Ok(match copies(&libraries) {
        0 => State::Missing(format!("{TARGET} is not installed")),
        1 => State::Ready(libraries.display().to_string()),
        // Someone added rustup's to ours.
        several => State::Missing(format!("{several} copies lie side by side: each has to go")),
    })
}

/// How many standard libraries lie there.
fn copies(libraries: &Path) -> usize {
    let Ok(entries) = fs::read_dir(libraries) else {
        return 0;
    };
    entries
        .flatten()
        .filter(|entry| {
            let path = PathBuf::from(entry.file_name());
            let named =
                path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libstd-"));
            named && path.extension().is_some_and(|extension| extension == "rlib")
        })
        .count()
}

pub(super) fn provide(project: &Project) -> Result<(), Failure> {
    let sysroot = Sysroot::find()?;
    if copies(&sysroot.libraries()) > 0 {
        remove(project, &sysroot)?;
    }
    let added = Step::new(project, "rustup target add", "rustup")
        .args(["target", "add", TARGET])
        .env("RUST_BACKTRACE", "0")
        .run(project);
    let Err(refused) = added else {
        return Ok(());
    };
    println!("{refused}");
    println!("setup: so it is built from source instead, which takes a minute or two");
    from_source(project).map_err(|failure| {
        failure
            .and(&refused)
            .mend(format!("rustup target add {TARGET}"))
            .mend("or put the source of this compiler's library where rustup's rust-src component puts it, and run this again")
    })
}

pub(super) fn replace_from_source(project: &Project) -> Result<(), Failure> {
    let sysroot = Sysroot::find()?;
    if copies(&sysroot.libraries()) > 0 {
        remove(project, &sysroot)?;
    }
    from_source(project)
}

fn from_source(project: &Project) -> Result<(), Failure> {
    let sysroot = Sysroot::find()?;
    let step = "installing the library built from source";
    let built = std_source::build(project, &sysroot)?;
    let libraries = sysroot.libraries();
    let broken = |error: std::io::Error| {
        Failure::new(step, format!("{}: {error}", libraries.display()))
            .mend("make that folder writable, or use a Rust that rustup installed for this user")
    };
    fs::create_dir_all(&libraries).map_err(broken)?;
    // The mark comes first: a copy that is cut short can then be cleared away.
    project::write(step, &sysroot.target().join(MARK), b"cargo xtask setup --std-from-source\n")?;
    for library in &built {
        let name = library.file_name().unwrap_or_default();
        fs::copy(library, libraries.join(name)).map_err(broken)?;
    }
    println!("  {} libraries installed into {}", built.len(), libraries.display());
    Ok(())
}

/// Removes what is there, whoever put it there.
fn remove(project: &Project, sysroot: &Sysroot) -> Result<(), Failure> {
    let step = "removing the wasm32 library that is there";
    if is_from_rustup() {
        println!("setup: removing rustup's own library first: two side by side break every build");
        Step::new(project, "rustup target remove", "rustup")
            .args(["target", "remove", TARGET])
            .run(project)?;
    }
    let folder = sysroot.target();
    if folder.join(MARK).is_file() {
        println!("setup: removing the library built earlier: {}", folder.display());
        fs::remove_dir_all(&folder)
            .map_err(|error| Failure::new(step, format!("{}: {error}", folder.display())))?;
    }
    if copies(&sysroot.libraries()) == 0 {
        return Ok(());
    }
    let why = format!("{} came neither from rustup nor from here", sysroot.libraries().display());
    Err(Failure::new(step, why).mend("remove it the way it was installed, then run this again"))
}

fn is_from_rustup() -> bool {
    let installed = ask("rustup", &["target", "list", "--installed"]).unwrap_or_default();
    installed.lines().any(|line| line == TARGET)
}
