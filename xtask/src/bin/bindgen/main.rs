//! Turns one compiled wasm module into what a browser loads: `xtask-bindgen INPUT.wasm OUT_DIR [--typescript] [--names]
//! [--split]`.
//!
//! Not called by hand: `cargo xtask build` does.

mod split;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use wasm_bindgen_cli_support::Bindgen;

const USAGE: &str = "usage: xtask-bindgen INPUT.wasm OUT_DIR [--typescript] [--names] [--split]";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask-bindgen: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let (mut typescript, mut names, mut split) = (false, false, false);
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("--typescript") => typescript = true,
            Some("--names") => names = true,
            Some("--split") => split = true,
            _ => paths.push(argument.into()),
        }
    }
    let [input, out_dir] = paths.as_slice() else {
        return Err(USAGE.to_owned());
    };
    let mut bindgen = Bindgen::new();
    if split {
        let split::Main { name, module } = split::split(input, out_dir, names)?;
        // Chunks are linked to the table of functions.
        bindgen.input_bytes(&name, module).keep_lld_exports(true);
    } else {
        bindgen.input_path(input);
    }
    bindgen
        .web(true)
        .map_err(|error| format!("{error:#}"))?
        .typescript(typescript)
        .keep_debug(names)
        .remove_name_section(!names)
        .remove_producers_section(true)
        // A page may call `init()` without saying where the module is.
        .omit_default_module_path(false)
        // Linked scripts stay files: our policy forbids scripts from blobs.
        .split_linked_modules(true);
    bindgen.generate(out_dir).map_err(|error| format!("{error:#}"))?;
    number_hashes(out_dir).map_err(|error| format!("{}: {error}", out_dir.display()))
}

/// Replaces the hashes in the names that module and script share by numbers of the same length: a hash
/// is the one thing that can't be compressed, and there are two of each.
fn number_hashes(folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            files.push((fs::read(&path)?, path));
        }
    }
    // The script has them all, at the end of names.
    let mut hashes = BTreeSet::new();
    for (content, _) in files.iter().filter(|(_, path)| path.extension() == Some("js".as_ref())) {
        let names = content.split(|byte| !byte.is_ascii_alphanumeric());
        let ends =
            names.filter_map(|part| part.last_chunk::<HASH>().filter(|_| part.len() <= HASH + 1));
        hashes.extend(ends.filter(|end| end.iter().all(u8::is_ascii_hexdigit)).copied());
    }
    let hashes: Vec<[u8; HASH]> = hashes.into_iter().collect();
    for (content, path) in &mut files {
        for at in 0..content.len().saturating_sub(HASH - 1) {
            let place = &mut content[at..at + HASH];
            if let Ok(number) = hashes.binary_search_by(|hash| hash[..].cmp(place)) {
                place.copy_from_slice(format!("{number:0HASH$}").as_bytes());
            }
        }
        fs::write(path, content)?;
    }
    Ok(())
}

/// How many digits a hash has.
const HASH: usize = 16;
