//! Where things are: the workspace, its target folder, and the tools installed beside it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folders that the commands work in.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the user's configuration puts it.
    pub(crate) target: PathBuf,
}

impl Project {
    /// # Errors
    /// When this program was neither started by `cargo xtask` nor inside the workspace.
    pub(crate) fn locate() -> Result<Self, Failure> {
        let step = "finding the workspace";
        let root = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(manifest) => PathBuf::from(manifest).parent().map(Path::to_path_buf),
            None => env::current_dir().ok(),
        };
        let root =
            root.filter(|root| root.join("xtask/Cargo.toml").is_file()).ok_or_else(|| {
                Failure::new(step, "this is not the workspace").mend("run `cargo xtask` inside it")
            })?;
        // This program lies in <target>/debug, which also holds where a configuration file moves the folder.
        let target = env::current_exe()
            .ok()
            .and_then(|exe| exe.ancestors().nth(2).map(Path::to_path_buf))
            .unwrap_or_else(|| root.join("target"));
        Ok(Self { root, target })
    }

    /// Logs, stamps and other by-products of the tool.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Where `cargo install --root` puts the tools that tests need.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    pub(crate) fn tests(&self) -> PathBuf {
        self.root.join("tests")
    }

    /// A native program built in the dev profile.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// `PATH` with the project's own tools first.
    pub(crate) fn path_with_tools(&self) -> OsString {
        let old = env::var_os("PATH").unwrap_or_default();
        let all = std::iter::once(self.tools().join("bin")).chain(env::split_paths(&old));
        env::join_paths(all).unwrap_or(old)
    }

    /// `path` as a person standing in the workspace would write it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// The text of a file.
///
/// # Errors
/// When it cannot be read, naming `step` and the file.
pub(crate) fn read(step: &str, path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::new(step, format!("{}: {error}", path.display())))
}

/// Writes a file and the folders above it.
///
/// # Errors
/// When it cannot be written, naming `step` and the file.
pub(crate) fn write(step: &str, path: &Path, content: &[u8]) -> Result<(), Failure> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, content))
        .map_err(|error| Failure::new(step, format!("{}: {error}", path.display())))
}
