//! Puts together `dist/`, which any static host can serve.
//!
//! Not files but one folder is named by its contents: `dist/v-<fingerprint>/` is `www` unchanged, so relative imports
//! and `import.meta.url` stay valid, and everything in it may be cached for ever. Only the entries ([`MODULES`] and
//! the pages at the top of `www`) lie outside; in them, [`TOKEN`] becomes that folder's name.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::project::{self, Project};

/// What an entry writes for the folder: `./__ASSETS__/styles.css`.
const TOKEN: &str = "__ASSETS__";
/// What other pages import, with its types beside it, where a compiler looks for them; and the JSON Schema that chains
/// name.
const MODULES: [&str; 4] = ["embed.js", "scheduler.js", "scheduler.d.ts", "chain.schema.json"];
const FOLDER_PREFIX: &str = "v-";
const STEP: &str = "assembling dist";

/// FNV-1a: names a folder by its contents. Nothing rests on its being hard to forge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut fingerprint = Self::EMPTY;
        fingerprint.add(bytes);
        fingerprint
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A file of `www`: its path there, with `/`, and its content.
struct Asset {
    path: String,
    content: Vec<u8>,
}

/// Assembles `dist` from `www`, and removes the folders of earlier builds.
///
/// # Errors
/// When `www` has no page, an asset uses the token, or a file cannot be read or written.
pub(crate) fn assemble(project: &Project) -> Result<PathBuf, Failure> {
    let www = project.root.join("www");
    let dist = project.dist();
    let mut files = Vec::new();
    collect(&www, "", &mut files).map_err(|error| Failure::new(STEP, format!("www: {error}")))?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let (entries, assets): (Vec<Asset>, Vec<Asset>) =
        files.into_iter().partition(|file| is_entry(&file.path));
    if !entries.iter().any(|entry| entry.path == "index.html") {
        return Err(Failure::new(STEP, "there is no www/index.html"));
    }
    if let Some(asset) = assets.iter().find(|asset| contains_token(&asset.content)) {
        return Err(Failure::new(STEP, format!("www/{} contains {TOKEN}", asset.path))
            .mend("only modules and pages at the top of www may: write a relative path here"));
    }
    let folder = folder_name(&assets);
    for asset in &assets {
        project::write(STEP, &dist.join(&folder).join(&asset.path), &asset.content)?;
    }
    for entry in &entries {
        let text = String::from_utf8_lossy(&entry.content).replace(TOKEN, &folder);
        project::write(STEP, &dist.join(&entry.path), text.as_bytes())?;
    }
    // Last, so that a page which is loading meanwhile finds one or the other complete.
    remove_stale(&dist, &folder, &entries)
        .map_err(|error| Failure::new(STEP, format!("dist: {error}")))?;
    Ok(dist)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<Asset>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if !is_served(&path) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push(Asset { path, content: fs::read(entry.path())? });
        }
    }
    Ok(())
}

/// The server's own source, notes and hidden files stay here.
fn is_served(path: &str) -> bool {
    let hidden = path.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
    let note = Path::new(path).extension().is_some_and(|extension| extension == "md");
    path != "serve" && !hidden && !note
}

fn is_entry(path: &str) -> bool {
    let page = Path::new(path).extension().is_some_and(|extension| extension == "html");
    MODULES.contains(&path) || !path.contains('/') && page
}

fn contains_token(content: &[u8]) -> bool {
    content.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes())
}

fn folder_name(assets: &[Asset]) -> String {
    let mut fingerprint = Fingerprint::EMPTY;
    for asset in assets {
        fingerprint.add(asset.path.as_bytes());
        fingerprint.add(&asset.content.len().to_le_bytes());
        fingerprint.add(&asset.content);
    }
    format!("{FOLDER_PREFIX}{fingerprint}")
}

fn remove_stale(dist: &Path, folder: &str, entries: &[Asset]) -> std::io::Result<()> {
    for found in fs::read_dir(dist)? {
        let found = found?;
        let name = found.file_name().to_string_lossy().into_owned();
        if name == folder || entries.iter().any(|entry| entry.path == name) {
            continue;
        }
        if found.file_type()?.is_dir() {
            fs::remove_dir_all(found.path())?;
        } else {
            fs::remove_file(found.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(name: &str, files: &[(&str, &str)]) -> Project {
        let root = std::env::temp_dir().join(format!("xtask-dist-{}-{name}", std::process::id()));
        for (path, content) in files {
            project::write("test", &root.join("www").join(path), content.as_bytes())
                .expect("written");
        }
        Project { target: root.join("target"), root }
    }

    fn listing(folder: &Path) -> Vec<String> {
        let mut files = Vec::new();
        collect(folder, "", &mut files).expect("read");
        let mut paths: Vec<String> = files.into_iter().map(|file| file.path).collect();
        paths.sort();
        paths
    }

    #[test]
    fn only_entries_lie_outside_the_folder_and_they_name_it() {
        let project = project(
            "layout",
            &[
                ("index.html", "<link href=\"./__ASSETS__/a.css\">"),
                ("embed.js", "export * from './__ASSETS__/board.js';"),
                ("scheduler.js", "export * from './__ASSETS__/scheduler/index.js';"),
                ("scheduler.d.ts", "export class Scheduler {}"),
                ("scheduler/index.js", "export {};"),
                ("a.css", "a{}"),
                ("examples/plain.html", "<p>"),
                ("serve/Cargo.toml", "[package]"),
                ("README.md", "notes"),
            ],
        );
        let dist = assemble(&project).expect("assembled");
        let files = listing(&dist);
        let folder =
            files.iter().find_map(|file| file.strip_suffix("/a.css")).expect("folder").to_owned();
        assert!(folder.starts_with("v-") && folder.len() == 18, "{folder}");
        let entries = ["embed.js", "index.html", "scheduler.d.ts", "scheduler.js"];
        let assets = ["a.css", "examples/plain.html", "scheduler/index.js"];
        let assets = assets.map(|asset| format!("{folder}/{asset}"));
        let expected: Vec<String> = entries.map(str::to_owned).into_iter().chain(assets).collect();
        assert_eq!(files, expected);
        let page = fs::read_to_string(dist.join("index.html")).expect("read");
        assert_eq!(page, format!("<link href=\"./{folder}/a.css\">"));

        // The same again is the same folder; a changed asset is another, and the first is gone.
        assemble(&project).expect("assembled");
        assert_eq!(listing(&dist), files);
        project::write("test", &project.root.join("www/a.css"), b"b{}").expect("written");
        assemble(&project).expect("assembled");
        assert_eq!(listing(&dist).len(), files.len());
        assert!(!dist.join(&folder).exists());
        fs::remove_dir_all(&project.root).expect("removed");
    }

    #[test]
    fn an_asset_must_not_use_the_token() {
        let project =
            project("token", &[("index.html", ""), ("deep/a.js", "import './__ASSETS__/b.js'")]);
        let failure = assemble(&project).expect_err("refused").to_string();
        assert!(failure.contains("www/deep/a.js contains __ASSETS__"), "{failure}");
        fs::remove_dir_all(&project.root).expect("removed");
    }

    #[test]
    fn a_www_without_a_page_is_refused() {
        let project = project("empty", &[("a.css", "")]);
        let failure = assemble(&project).expect_err("refused").to_string();
        assert!(failure.contains("no www/index.html"), "{failure}");
        fs::remove_dir_all(&project.root).expect("removed");
    }

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        assert_eq!(Fingerprint::of(b"").to_string(), "cbf29ce484222325");
        assert_eq!(Fingerprint::of(b"a").to_string(), "af63dc4c8601ec8c");
        assert_eq!(Fingerprint::of(b"foobar").to_string(), "85944171f73967e8");
    }
}
