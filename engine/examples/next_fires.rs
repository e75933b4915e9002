//! When a trigger fires: one JSON object a line on standard input, one answer a line.
//!
//! ```sh
//! echo '{"trigger":{"type":"cron","hour":9,"day_of_week":"mon-fri"},"timezone":"Asia/Shanghai",
//!        "start_after":"2026-11-24T00:00:00Z","count":3}' | tr -d '\n' |
//!   cargo run --quiet --package baton-engine --example next_fires
//! ```
//!
//! prints `{"fires":["2026-11-24T01:00:00Z",...],"finished":false}`, or `{"error":"..."}`. Zones come from the
//! database that is compiled in; no clock is read.

use std::io::{self, BufRead, Write};

use baton_engine::trigger::fires_line;
use baton_engine::zone::bundled;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if !line.trim().is_empty() {
            writeln!(out, "{}", fires_line(&line, &bundled::zone))?;
            // An answer a question, also when someone types them.
            out.flush()?;
        }
    }
    Ok(())
}
