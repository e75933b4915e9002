//! Keeps the names of this machine's folders out of what is served: panics tell their places.

use std::env;
use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use crate::failure::Failure;
use crate::project::Project;

/// What cargo passes on to rustc, split by [`SEPARATOR`]: flags with blanks in them stay whole.
pub(crate) const FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";
const SEPARATOR: &str = "\u{1f}";

/// Has compiled code call the folders of crates `crates`, and the project's own nothing.
pub(crate) fn flags(project: &Project) -> String {
    let crates = crate_folders(&cargo_home());
    let crates = crates.iter().map(|folder| (folder.as_path(), "crates"));
    let flags: Vec<String> = crates
        .chain([(project.root.as_path(), "baton")])
        .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()))
        .collect();
    flags.join(SEPARATOR)
}

fn cargo_home() -> PathBuf {
    let unset = || {
        let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"));
        PathBuf::from(home.unwrap_or_default()).join(".cargo")
    };
    env::var_os("CARGO_HOME").map_or_else(unset, PathBuf::from)
}

/// A folder for each source that crates came from, and of what came from repositories.
fn crate_folders(home: &Path) -> Vec<PathBuf> {
    let mut folders = vec![home.join("git/checkouts")];
    let sources = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    folders.extend(sources.map(|source| source.path()));
    folders.sort();
    folders
}

/// Sees to it that no module names a folder of this machine.
///
/// # Errors
/// When one does: which, and what.
pub(crate) fn check(project: &Project, folder: &Path) -> Result<(), Failure> {
    let title = "looking for this machine's folders in what is served";
    let unread =
        |error: std::io::Error| Failure::new(title, format!("{}: {error}", folder.display()));
    let folders = [project.root.clone(), cargo_home()];
    for entry in fs::read_dir(folder).map_err(unread)? {
        let file = entry.map_err(unread)?.path();
        if file.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let bytes = fs::read(&file).map_err(unread)?;
        if let Some(named) = folders.iter().find(|folder| names(&bytes, folder)) {
            let (file, named) = (file.display(), named.display());
            return Err(Failure::new(title, format!("{file} names {named}")));
        }
    }
    Ok(())
}

fn names(bytes: &[u8], folder: &Path) -> bool {
    // What is in it, so that a short name is not found in an address.
    let name = format!("{}{MAIN_SEPARATOR}", folder.display());
    bytes.windows(name.len()).any(|window| window == name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_of_crates_gets_another_name() {
        let home = env::temp_dir().join(format!("xtask-nameless-{}", std::process::id()));
        let sources = home.join("registry/src");
        for name in ["b", "a"] {
            fs::create_dir_all(sources.join(name)).unwrap();
        }
        let wanted = [home.join("git/checkouts"), sources.join("a"), sources.join("b")];
        assert_eq!(crate_folders(&home), wanted);
        fs::remove_dir_all(home).unwrap();
    }

    #[test]
    fn a_folder_that_is_named_is_found() {
        assert!(names(b"at /home/me/crate/src/lib.rs:1", Path::new("/home/me")));
        assert!(!names(b"at crates/crate/src/lib.rs:1", Path::new("/home/me")));
    }
}
