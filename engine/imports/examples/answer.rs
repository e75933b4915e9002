//! Answers one question a line on standard input, as the wasm module does: how anyone tries an import
//! without a browser.

use std::io::{self, BufRead as _, Write as _};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", baton_imports::answer(&line?))?;
    }
    Ok(())
}
