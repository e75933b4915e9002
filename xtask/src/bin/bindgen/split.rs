//! Cuts a module where its source says so (`#[wasm_split]`): into what is loaded at once, and chunks that are
//! loaded on first use.
//!
//! All parts have one memory, one stack and one table of functions. It takes a module that was linked with
//! `--emit-relocs`, so that every address in it is known, and comes before wasm-bindgen, which then works on the
//! part that is loaded at once.

use std::fs;
use std::path::Path;

use walrus::{ModuleConfig, passes};
use wasm_split_cli_support::{Options, transform};

/// The script that loads the chunks, beside the module's own, which imports it.
const LOADER: &str = "./chunks.js";

/// How the loader compiles what it fetched, and how it has to: also from a host that does not know the type of wasm.
const STREAMED: &str = "WebAssembly.instantiateStreaming(src, imports)";
const WHOLE: &str = "WebAssembly.instantiate(await (await src).arrayBuffer(), imports)";

/// What is loaded at once.
pub(crate) struct Main {
    /// What its files are named after.
    pub(crate) name: String,
    /// For wasm-bindgen.
    pub(crate) module: Vec<u8>,
}

/// Writes the chunks, and what loads them, into a folder.
///
/// # Errors
/// When a file can't be read or written, or the module can't be split: in words.
pub(crate) fn split(input: &Path, out_dir: &Path, names: bool) -> Result<Main, String> {
    let name = input.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let compiled = fs::read(input).map_err(|error| format!("{}: {error}", input.display()))?;
    let main = out_dir.join("main.wasm");
    let script = format!("./{name}.js");
    let mut options = Options::new(&compiled);
    options.output_dir = out_dir;
    options.main_out_path = &main;
    options.link_name = LOADER;
    options.main_module = &script;
    let parts = transform(options).map_err(|error| format!("splitting: {error:#}"))?;
    for chunk in &parts.split_modules {
        shrink(chunk, names).map_err(|error| format!("{}: {error}", chunk.display()))?;
    }
    let loader = out_dir.join(LOADER);
    rewrite(&loader).map_err(|error| format!("{}: {error}", loader.display()))?;
    let module = fs::read(&main).and_then(|module| fs::remove_file(&main).map(|()| module));
    let module = module.map_err(|error| format!("{}: {error}", main.display()))?;
    Ok(Main { name, module })
}

/// Has the loader compile what has come as a whole.
fn rewrite(loader: &Path) -> Result<(), String> {
    let script = fs::read_to_string(loader).map_err(|error| error.to_string())?;
    if !script.contains(STREAMED) {
        return Err(format!("there is no `{STREAMED}` in it any more; see how it loads now"));
    }
    fs::write(loader, script.replace(STREAMED, WHOLE)).map_err(|error| error.to_string())
}

/// Does to a chunk what wasm-bindgen does to the rest: writes numbers in as few bytes as they need, which the linker
/// leaves room for, and leaves out types that nothing uses, and names unless they are wanted.
fn shrink(path: &Path, names: bool) -> Result<(), String> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(names).generate_producers_section(false);
    let mut module = config.parse_file(path).map_err(|error| format!("{error:#}"))?;
    passes::gc::run(&mut module);
    let custom: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    for id in custom {
        module.customs.delete(id);
    }
    module.emit_wasm_file(path).map_err(|error| format!("{error:#}"))
}
