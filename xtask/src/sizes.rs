//! Measures what a browser has to load, and holds it to the budgets. A kilobyte is 1000 bytes.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::build::Module;
use crate::failure::Failure;
use crate::project::Project;
use crate::setup;

const STEP: &str = "measuring sizes";
/// Node has brotli built in, which saves everyone compiling one.
const BROTLI: &str = "const {brotliCompressSync, constants: c} = require('zlib');
for (const file of process.argv.slice(1)) {
  const data = require('fs').readFileSync(file);
  const params = {[c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_SIZE_HINT]: data.length};
  console.log(brotliCompressSync(data, {params}).length);
}";

/// Kilobytes of brotli 11, wasm and its JavaScript together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Budget {
    limit_kb: u64,
    aim_kb: u64,
}

fn budget(module: Module) -> Option<Budget> {
    match module {
        Module::Engine => Some(Budget { limit_kb: 160, aim_kb: 120 }),
        // Loaded by pages with chains only. The whole language is in it (paths, patterns, schemas, zones)
        // and the matrix of fields; and how secrets are found in every way in which systems write them.
        Module::Verify => Some(Budget { limit_kb: 140, aim_kb: 90 }),
        Module::Ui => Some(Budget { limit_kb: 180, aim_kb: 130 }),
        // Loaded only when a `demo:` URL is first used, words of jobs are first asked for, something is
        // first imported or exported, a run's report is first wanted, or a stage is first tried.
        Module::Pipeline | Module::Words | Module::Imports | Module::Reports | Module::Trial => {
            None
        }
    }
}

/// Kilobytes of brotli 11 that a part of a module may have which is loaded on first use.
const CHUNK_LIMIT_KB: u64 = 60;

/// One file of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Size {
    name: String,
    raw: u64,
    brotli: u64,
}

impl Size {
    /// Whether it was cut off a module, to be loaded on first use.
    fn is_chunk(&self) -> bool {
        ["split_", "chunk_"].iter().any(|prefix| self.name.starts_with(prefix))
    }
}

/// All files of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModuleSize {
    module: Module,
    files: Vec<Size>,
}

/// How a module stands to its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    NoBudget,
    WithinAim,
    WithinLimit,
    Over,
}

impl ModuleSize {
    pub(crate) fn verdict(&self) -> Verdict {
        let brotli = self.brotli();
        let mut chunks = self.files.iter().filter(|file| file.is_chunk());
        match budget(self.module) {
            None => Verdict::NoBudget,
            Some(_) if chunks.any(|chunk| chunk.brotli > CHUNK_LIMIT_KB * 1000) => Verdict::Over,
            Some(budget) if brotli <= budget.aim_kb * 1000 => Verdict::WithinAim,
            Some(budget) if brotli <= budget.limit_kb * 1000 => Verdict::WithinLimit,
            Some(_) => Verdict::Over,
        }
    }

    /// What a page loads before it shows anything.
    fn at_once(&self) -> impl Iterator<Item = &Size> {
        self.files.iter().filter(|file| !file.is_chunk())
    }

    fn raw(&self) -> u64 {
        self.at_once().map(|file| file.raw).sum()
    }

    fn brotli(&self) -> u64 {
        self.at_once().map(|file| file.brotli).sum()
    }
}

/// Measures every module in `www/pkg`.
///
/// # Errors
/// When a module is not built, or there is no Node to compress with.
pub(crate) fn measure(project: &Project) -> Result<Vec<ModuleSize>, Failure> {
    let modules = Module::ALL.iter().map(|&module| measure_module(project, module));
    modules.collect()
}

fn measure_module(project: &Project, module: Module) -> Result<ModuleSize, Failure> {
    let folder = module.output(project);
    let mut paths = Vec::new();
    code(&folder, &mut paths).map_err(|error| {
        Failure::new(STEP, format!("{}: {error}", folder.display())).mend("cargo xtask build")
    })?;
    paths.sort();
    let compressed = brotli(&paths)?;
    let mut files = Vec::new();
    for (path, brotli) in paths.iter().zip(compressed) {
        let raw = fs::metadata(path).map_err(|error| Failure::new(STEP, error))?.len();
        let name = path.strip_prefix(&folder).unwrap_or(path).display().to_string();
        files.push(Size { name, raw, brotli });
    }
    Ok(ModuleSize { module, files })
}

/// The wasm and JavaScript under `folder`; types are not loaded by a browser.
fn code(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            code(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "wasm" || extension == "js")
        {
            found.push(path);
        }
    }
    Ok(())
}

fn brotli(paths: &[PathBuf]) -> Result<Vec<u64>, Failure> {
    let node = setup::node().ok_or_else(|| {
        Failure::new(STEP, "it takes Node, which is not on PATH or too old")
            .mend("cargo xtask setup")
    })?;
    let output = Command::new(node)
        .args(["-e", BROTLI, "--"])
        .args(paths)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(STEP, error))?;
    let sizes: Vec<u64> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect();
    if output.status.success() && sizes.len() == paths.len() {
        Ok(sizes)
    } else {
        Err(Failure::new(STEP, String::from_utf8_lossy(&output.stderr)))
    }
}

/// Everything measured, as people read it.
pub(crate) struct Table<'sizes>(pub(crate) &'sizes [ModuleSize]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<40} {:>12} {:>12}", "what a browser loads", "raw", "brotli 11")?;
        for module in self.0 {
            for file in &module.files {
                let (raw, brotli) = (kilobytes(file.raw), kilobytes(file.brotli));
                write!(f, "{:<40} {raw:>12} {brotli:>12}", file.name)?;
                writeln!(f, "{}", if file.is_chunk() { chunk_in_words(file) } else { "" })?;
            }
            let name = format!("{} together", module.module.folder());
            write!(
                f,
                "{name:<40} {:>12} {:>12}",
                kilobytes(module.raw()),
                kilobytes(module.brotli())
            )?;
            writeln!(f, "  {}", in_words(module))?;
        }
        Ok(())
    }
}

fn in_words(size: &ModuleSize) -> String {
    let Some(Budget { limit_kb, aim_kb }) = budget(size.module) else {
        return "no budget: loaded on first use".to_owned();
    };
    match size.verdict() {
        Verdict::NoBudget | Verdict::WithinAim => format!("ok: within the aim of {aim_kb} kB"),
        Verdict::WithinLimit => format!("ok: over the aim of {aim_kb} kB, within {limit_kb} kB"),
        Verdict::Over => format!("OVER the budget of {limit_kb} kB"),
    }
}

fn chunk_in_words(chunk: &Size) -> &'static str {
    if chunk.brotli <= CHUNK_LIMIT_KB * 1000 {
        "  ok: loaded on first use"
    } else {
        "  OVER the limit of a part that is loaded on first use"
    }
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(wasm: u64, js: u64) -> ModuleSize {
        let file = |name: &str, brotli| Size { name: name.to_owned(), raw: brotli * 3, brotli };
        ModuleSize {
            module: Module::Engine,
            files: vec![file("e_bg.wasm", wasm), file("e.js", js)],
        }
    }

    #[test]
    fn wasm_and_glue_are_held_to_the_budget_together() {
        assert_eq!(engine(115_000, 5_000).verdict(), Verdict::WithinAim);
        assert_eq!(engine(115_000, 5_001).verdict(), Verdict::WithinLimit);
        assert_eq!(engine(155_000, 5_000).verdict(), Verdict::WithinLimit);
        assert_eq!(engine(155_000, 5_001).verdict(), Verdict::Over);
        let pipeline = ModuleSize { module: Module::Pipeline, files: engine(900_000, 0).files };
        assert_eq!(pipeline.verdict(), Verdict::NoBudget);
    }

    #[test]
    fn what_is_loaded_on_first_use_has_a_limit_of_its_own() {
        let with_chunk = |brotli| {
            let mut size = engine(115_000, 5_000);
            size.files.push(Size { name: "split_a.wasm".to_owned(), raw: 300_000, brotli });
            size
        };
        assert_eq!(with_chunk(60_000).verdict(), Verdict::WithinAim);
        assert_eq!(with_chunk(60_001).verdict(), Verdict::Over);
        let table = Table(&[with_chunk(60_000)]).to_string();
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[3].starts_with("split_a.wasm"), "{table}");
        assert!(lines[3].ends_with("60.0 kB  ok: loaded on first use"), "{table}");
        assert!(
            lines[4].contains("120.0 kB  ok: within the aim"),
            "the sum is without it: {table}"
        );
    }

    #[test]
    fn the_table_shows_files_sums_and_verdicts() {
        let table = Table(&[engine(155_000, 5_001)]).to_string();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(
            lines[1].starts_with("e_bg.wasm") && lines[1].ends_with("465.0 kB     155.0 kB"),
            "{table}"
        );
        assert!(
            lines[3].starts_with("engine together") && lines[3].contains("480.0 kB     160.0 kB"),
            "{table}"
        );
        assert!(lines[3].ends_with("OVER the budget of 160 kB"), "{table}");
    }
}
