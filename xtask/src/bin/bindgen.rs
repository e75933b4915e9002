//! Turns one compiled wasm module into what a browser loads: `xtask-bindgen INPUT.wasm OUT_DIR [--typescript] [--names]`.
//!
//! Not called by hand: `cargo xtask build` does.

use std::path::PathBuf;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

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
    let (mut typescript, mut names) = (false, false);
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("--typescript") => typescript = true,
            Some("--names") => names = true,
            _ => paths.push(argument.into()),
        }
    }
    let [input, out_dir] = paths.as_slice() else {
        return Err("usage: xtask-bindgen INPUT.wasm OUT_DIR [--typescript] [--names]".to_owned());
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(input)
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
    bindgen.generate(out_dir).map_err(|error| format!("{error:#}"))
}
