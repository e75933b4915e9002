//! What an answer comes to under a stage's checks: one JSON object a line on standard input, one answer a line.
//!
//! ```sh
//! echo '{"stage": {"checks": [{"source": {"jsonpath": "$[*]"}, "filter": ["count"], "op": "equals", "value": 2}]},
//!        "response": {"status": 200, "headers": {}, "body": "[1]", "latency_ms": 12}, "variables": {}}' | tr -d '\n' |
//!   cargo run --quiet --package baton-engine --example evaluate
//! ```
//!
//! prints `{"verdict":"pending","reason":"1 of 2 at $[*]",...}`, or `{"error":"..."}`. Without `history` it is the first
//! attempt. `baton_engine::verify::dry_run` tells what else a line may have. Zones come from the database that is
//! compiled in; what `now` leaves out is the time at which the line is read.

use std::io::{self, BufRead, Write};
use std::time::SystemTime;

use baton_engine::time::{Timestamp, whole_ms};
use baton_engine::verify::dry_run;
use baton_engine::zone::bundled;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if !line.trim().is_empty() {
            let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
            let now = Timestamp::from_ms(whole_ms(since));
            writeln!(out, "{}", dry_run(&line, now, &bundled::zone))?;
            // An answer a question, also when someone types them.
            out.flush()?;
        }
    }
    Ok(())
}
