//! The command line of the binary.

use pipeline::{
    ClockMode, Options, Seed, SpecError, apply_delay_flag, apply_fault_flag, parse_duration,
};
use thiserror::Error;

/// The port without `--port`.
const DEFAULT_PORT: u16 = 8788;
/// Only this machine, without `--host`.
const DEFAULT_HOST: &str = "127.0.0.1";

const HELP: &str = "\
An asynchronous tracking pipeline to verify against: one event in, five systems out.

Usage: pipeline [options]

  --port N            port, 0 for any free one (8788)
  --host ADDRESS      address to listen on (127.0.0.1: this machine only)
  --seed TEXT         decides jitter, and which events a fault with a rate hits (0)
  --clock real|manual manual: time moves by POST /_control/clock only (real)
  --delay S=D,...     time to a system: ms, s, m, h, d
                      (collector=1s,stream=3s,cleaned=6s,warehouse=9s,report=12s)
  --jitter D          the most that is added to a delay (0ms)
  --fault S=F,...     faults of a system: lost, late, duplicate, rounded, shifted_zone, changed_case,
                      server_error, hang, login_page, no_cors; with bounds after colons
  --help, --version

Examples:

  pipeline
  pipeline --port 0 --clock manual --seed 7
  pipeline --delay collector=200ms,report=2s --jitter 500ms
  pipeline --fault warehouse=rounded,report=late:by_ms=5000
  pipeline --fault stream=server_error:times=2 --fault cleaned=lost:rate=0.1

  curl -d '{\"event_id\":\"4f1c\",\"event\":\"purchase\",\"amount\":19.90}' http://127.0.0.1:8788/events
  curl 'http://127.0.0.1:8788/report/events.json?event_id=4f1c'";

/// What the command line wants.
#[derive(Debug)]
pub(crate) enum Wish {
    Say(String),
    Serve(Box<Flags>),
}

/// How to serve.
#[derive(Debug)]
pub(crate) struct Flags {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) options: Options,
}

#[derive(Debug, PartialEq, Eq, Error)]
pub(crate) enum FlagError {
    #[error("there is no option `{0}`")]
    Unknown(String),
    #[error("{0} needs a value")]
    NoValue(String),
    #[error("{flag} must be {want}, not `{value}`")]
    Value { flag: &'static str, want: &'static str, value: String },
    #[error(transparent)]
    Spec(#[from] SpecError),
}

/// Reads `--flag value` and `--flag=value`.
pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Wish, FlagError> {
    let mut flags =
        Flags { host: DEFAULT_HOST.to_owned(), port: DEFAULT_PORT, options: Options::default() };
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let (flag, value) = match argument.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        match flag.as_str() {
            "--help" | "-h" => return Ok(Wish::Say(HELP.to_owned())),
            "--version" | "-V" => {
                return Ok(Wish::Say(format!("pipeline {}", env!("CARGO_PKG_VERSION"))));
            }
            "--port" | "--host" | "--seed" | "--clock" | "--delay" | "--jitter" | "--fault" => {
                let value = value
                    .or_else(|| arguments.next())
                    .ok_or_else(|| FlagError::NoValue(flag.clone()))?;
                set(&mut flags, &flag, value)?;
            }
            _ => return Err(FlagError::Unknown(flag)),
        }
    }
    Ok(Wish::Serve(Box::new(flags)))
}

fn set(flags: &mut Flags, flag: &str, value: String) -> Result<(), FlagError> {
    let options = &mut flags.options;
    match flag {
        "--port" => {
            flags.port = value.parse().map_err(|_| FlagError::Value {
                flag: "--port",
                want: "a port",
                value,
            })?;
        }
        "--host" => flags.host = value,
        "--seed" => options.seed = Seed::from_text(&value),
        "--clock" => {
            options.clock = match value.as_str() {
                "real" => ClockMode::Real,
                "manual" => ClockMode::Manual,
                _ => {
                    return Err(FlagError::Value {
                        flag: "--clock",
                        want: "real or manual",
                        value,
                    });
                }
            };
        }
        "--delay" => apply_delay_flag(&mut options.delays, &value)?,
        "--jitter" => {
            let want = "a duration such as 250ms";
            options.delays.jitter =
                parse_duration(&value).ok_or(FlagError::Value { flag: "--jitter", want, value })?;
        }
        "--fault" => apply_fault_flag(&mut options.faults, &value)?,
        _ => return Err(FlagError::Unknown(flag.to_owned())),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use pipeline::System;

    use super::*;

    fn parsed(line: &str) -> Result<Wish, FlagError> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    fn served(line: &str) -> Flags {
        match parsed(line) {
            Ok(Wish::Serve(flags)) => *flags,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn without_flags_only_this_machine_is_served() {
        let flags = served("");
        assert_eq!((flags.host.as_str(), flags.port), ("127.0.0.1", 8788));
        assert_eq!(flags.options, Options::default());
    }

    #[test]
    fn flags_with_blanks_or_equal_signs() {
        for line in [
            "--port 0 --clock manual --seed 7 --delay report=2s --jitter 5ms --fault report=lost",
            "--port=0 --clock=manual --seed=7 --delay=report=2s --jitter=5ms --fault=report=lost",
        ] {
            let Flags { port, options, .. } = served(line);
            assert_eq!((port, options.clock, options.seed), (0, ClockMode::Manual, Seed::new(7)));
            assert_eq!(options.delays.by_system[System::Report], Duration::from_secs(2));
            assert_eq!(options.delays.jitter, Duration::from_millis(5));
            assert_eq!(options.faults[System::Report].len(), 1);
        }
    }

    #[test]
    fn help_and_version() {
        assert!(matches!(parsed("--help"), Ok(Wish::Say(text)) if text.contains("Examples:")));
        assert!(
            matches!(parsed("--version"), Ok(Wish::Say(text)) if text.starts_with("pipeline 0."))
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let check = |line: &str, want: &str| {
            let error = parsed(line).unwrap_err().to_string();
            assert!(error.contains(want), "{line}: {error}");
        };
        check("--prot 1", "there is no option `--prot`");
        check("--port", "--port needs a value");
        check("--port 99999", "--port must be a port, not `99999`");
        check("--clock slow", "--clock must be real or manual");
        check("--jitter 5", "--jitter must be a duration");
        check("--delay 5s", "must read system=duration");
        check("--fault report=los", "there is no fault `los`");
    }
}
