//! What can be asked on the command line, and its help.

use std::fmt::Write;

use lexopt::prelude::*;

use crate::bench::{self, Order, Readme};
use crate::build::Profile;
use crate::serve::{Options, Page};
use crate::setup::Need;
use crate::suites::{Selection, Suite};

/// One run of `cargo xtask`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    Help(Topic),
    Setup { needs: &'static [Need], work: SetupWork },
    Build(Profile),
    Serve(Options),
    Test(Vec<Selection>),
    Bench(Order),
}

/// What `setup` does about the needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetupWork {
    Provide,
    Check,
    StdFromSource,
}

/// What help is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Xtask,
    Setup,
    Build,
    Serve,
    Test,
    Bench,
    Ci,
}

impl Topic {
    const ALL: [Self; 7] =
        [Self::Xtask, Self::Setup, Self::Build, Self::Serve, Self::Test, Self::Bench, Self::Ci];

    fn name(self) -> &'static str {
        match self {
            Self::Xtask => "help",
            Self::Setup => "setup",
            Self::Build => "build",
            Self::Serve => "serve",
            Self::Test => "test",
            Self::Bench => "bench",
            Self::Ci => "ci",
        }
    }

    pub(crate) fn text(self) -> String {
        match self {
            Self::Xtask => XTASK.to_owned(),
            Self::Setup => SETUP.to_owned(),
            Self::Build => BUILD.to_owned(),
            Self::Serve => SERVE.to_owned(),
            Self::Test => test_help(),
            Self::Bench => bench_help(),
            Self::Ci => {
                format!("cargo xtask ci: another name for `cargo xtask test`\n\n{}", test_help())
            }
        }
    }
}

const XTASK: &str = "\
cargo xtask COMMAND

  serve    build Baton and serve it: a bare machine's way to the first page
  test     run every test: a bare machine's way to `N passed, 0 failed`
  build    build what is served into dist/
  setup    install what the other commands need; they call it by themselves
  bench    measure the engine beside its peers, sizes and build times
  ci       the same as test

Each takes --help.";

const SETUP: &str = "\
cargo xtask setup [--for serve|test] [--check] [--std-from-source]

Installs what is missing: the wasm32 standard library and, for tests, wasm-pack, wasm-bindgen's test runner, a
browser with its driver, and npm packages. Nothing system-wide, unless you are root on Debian. Programs go into
target/tools. CHROME and CHROMEDRIVER name a browser and a driver to use.

  --for serve         only what `serve` and `build` need
  --for test          all that `test` needs (default)
  --check             say what is there and what is missing, change nothing; fails if something is missing
  --std-from-source   build the wasm32 standard library from source, in place of the one that is there";

const BUILD: &str = "\
cargo xtask build [--dev]

Compiles the browser crates, binds them into www/pkg/ and assembles dist/, which any static host can serve. Prints the
sizes, and fails when a module is over its budget.

  --dev    quick and unoptimised, with names in stack traces; no budgets";

const SERVE: &str = "\
cargo xtask serve [--port 8787] [--pipeline-port 8788] [--dev] [--open]

Sets up, builds, and serves Baton on 127.0.0.1, with the demo pipeline on a second port so that CORS is real.

  --port PORT             where Baton is
  --pipeline-port PORT    where the demo pipeline is
  --dev                   serve an unoptimised build
  --open                  open it in the browser";

const BENCH: &str = "\
cargo xtask bench [SUITE ...] [--rounds 5] [--readme]

Measures these suites, or those named. Our engine runs natively, in Node and in Chromium, as it is served; beside it run
croner, cron-parser, toad-scheduler, node-schedule, bare setTimeout and APScheduler. Speed fails nothing; what does is a
subject that breaks or that computes something else than the others. APScheduler needs python3 with pip.

  --rounds N    how often each is measured; the median counts
  --readme      put the table into README.md
";

fn bench_help() -> String {
    let mut help = BENCH.to_owned();
    for suite in bench::Suite::ALL {
        // Writing into a text cannot fail.
        let _ = write!(help, "\n  {:<12} {}", suite.name(), suite.about());
    }
    help
}

fn test_help() -> String {
    let mut help = "\
cargo xtask test [SUITE[:FILTER] ...]

Sets up, then runs these suites, or those named, and ends with a line `N passed, N failed`.
FILTER is a part of a test's name; for e2e, of a file's name.
"
    .to_owned();
    for suite in Suite::ALL {
        // Writing into a text cannot fail.
        let _ = write!(help, "\n  {:<12} {}", suite.name(), suite.about());
    }
    help
}

/// Reads the arguments after `cargo xtask`.
///
/// # Errors
/// When they are not understood; the error says which command's help to read.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let topic = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help(Topic::Xtask)),
        Some(Value(name)) => {
            let name = name.string()?;
            let found = Topic::ALL.into_iter().find(|topic| topic.name() == name);
            found.ok_or_else(|| format!("unknown command {name:?}; see cargo xtask --help"))?
        }
        Some(other) => return Err(other.unexpected()),
    };
    let mut flags = Flags::default();
    while let Some(argument) = parser.next()? {
        match (topic, argument) {
            (_, Short('h') | Long("help")) => return Ok(Command::Help(topic)),
            (Topic::Setup, Long("for")) => flags.needs = needs_for(&parser.value()?.string()?)?,
            (Topic::Setup, Long("check")) => flags.work = SetupWork::Check,
            (Topic::Setup, Long("std-from-source")) => flags.work = SetupWork::StdFromSource,
            (Topic::Build | Topic::Serve, Long("dev")) => flags.profile = Profile::Dev,
            (Topic::Serve, Long("port")) => flags.port = parser.value()?.parse()?,
            (Topic::Serve, Long("pipeline-port")) => {
                flags.pipeline_port = parser.value()?.parse()?;
            }
            (Topic::Serve, Long("open")) => flags.page = Page::Opened,
            (Topic::Bench, Long("rounds")) => flags.rounds = parser.value()?.parse()?,
            (Topic::Bench, Long("readme")) => flags.readme = Readme::Rewritten,
            (Topic::Bench, Value(name)) => flags.measured.push(measured(&name.string()?)?),
            (Topic::Test | Topic::Ci, Value(name)) => {
                flags.selections.push(selection(&name.string()?)?);
            }
            (_, other) => return Err(other.unexpected()),
        }
    }
    flags.command(topic)
}

struct Flags {
    needs: &'static [Need],
    work: SetupWork,
    profile: Profile,
    port: u16,
    pipeline_port: u16,
    page: Page,
    selections: Vec<Selection>,
    measured: Vec<bench::Suite>,
    rounds: u32,
    readme: Readme,
}

impl Default for Flags {
    fn default() -> Self {
        Self {
            needs: Need::FOR_TEST,
            work: SetupWork::Provide,
            profile: Profile::Shipped,
            port: 8787,
            pipeline_port: 8788,
            page: Page::Named,
            selections: Vec::new(),
            measured: Vec::new(),
            rounds: bench::ROUNDS,
            readme: Readme::Kept,
        }
    }
}

impl Flags {
    fn command(self, topic: Topic) -> Result<Command, lexopt::Error> {
        Ok(match topic {
            Topic::Xtask => Command::Help(topic),
            Topic::Setup => Command::Setup { needs: self.needs, work: self.work },
            Topic::Build => Command::Build(self.profile),
            Topic::Serve => Command::Serve(Options {
                port: self.port,
                pipeline_port: self.pipeline_port,
                profile: self.profile,
                page: self.page,
            }),
            Topic::Test | Topic::Ci if self.selections.is_empty() => {
                Command::Test(Selection::all())
            }
            Topic::Test | Topic::Ci => Command::Test(self.selections),
            Topic::Bench => Command::Bench(self.order()?),
        })
    }

    fn order(self) -> Result<Order, lexopt::Error> {
        let suites =
            if self.measured.is_empty() { bench::Suite::ALL.to_vec() } else { self.measured };
        let order = Order { suites, rounds: self.rounds.max(1), readme: self.readme };
        if order.readme == Readme::Rewritten && !order.has_all_rows() {
            return Err("--readme needs next, store, few, burst and page, or no suite named".into());
        }
        Ok(order)
    }
}

fn measured(name: &str) -> Result<bench::Suite, lexopt::Error> {
    bench::Suite::named(name)
        .ok_or_else(|| format!("unknown suite {name:?}; see cargo xtask bench --help").into())
}

fn needs_for(command: &str) -> Result<&'static [Need], lexopt::Error> {
    match command {
        "serve" => Ok(Need::FOR_SERVE),
        "test" => Ok(Need::FOR_TEST),
        other => Err(format!("--for takes serve or test, not {other:?}").into()),
    }
}

fn selection(text: &str) -> Result<Selection, lexopt::Error> {
    let (name, filter) = match text.split_once(':') {
        Some((name, filter)) => (name, Some(filter.to_owned())),
        None => (text, None),
    };
    let suite = Suite::named(name)
        .ok_or_else(|| format!("unknown suite {name:?}; see cargo xtask test --help"))?;
    Ok(Selection { suite, filter })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(lexopt::Parser::from_args(line.split_whitespace())).map_err(|error| error.to_string())
    }

    #[test]
    fn commands_and_their_defaults() {
        let serve = |port, pipeline_port, profile, page| {
            Ok(Command::Serve(Options { port, pipeline_port, profile, page }))
        };
        for (line, expected) in [
            ("", Ok(Command::Help(Topic::Xtask))),
            ("--help", Ok(Command::Help(Topic::Xtask))),
            ("serve --help", Ok(Command::Help(Topic::Serve))),
            ("serve", serve(8787, 8788, Profile::Shipped, Page::Named)),
            (
                "serve --port 9000 --pipeline-port=9001 --open --dev",
                serve(9000, 9001, Profile::Dev, Page::Opened),
            ),
            ("build", Ok(Command::Build(Profile::Shipped))),
            ("build --dev", Ok(Command::Build(Profile::Dev))),
            (
                "setup --for serve",
                Ok(Command::Setup { needs: Need::FOR_SERVE, work: SetupWork::Provide }),
            ),
            ("setup --check", Ok(Command::Setup { needs: Need::FOR_TEST, work: SetupWork::Check })),
            (
                "setup --std-from-source",
                Ok(Command::Setup { needs: Need::FOR_TEST, work: SetupWork::StdFromSource }),
            ),
        ] {
            assert_eq!(parsed(line), expected, "{line:?}");
        }
    }

    #[test]
    fn bench_measures_all_or_what_is_named() {
        let order = |suites: &[bench::Suite], rounds, readme| {
            Ok(Command::Bench(Order { suites: suites.to_vec(), rounds, readme }))
        };
        let [sizes, next, store, few, burst, page] = bench::Suite::ALL;
        for (line, expected) in [
            ("bench", order(&[sizes, next, store, few, burst, page], 5, Readme::Kept)),
            ("bench store sizes --rounds 3", order(&[store, sizes], 3, Readme::Kept)),
            (
                "bench next store few burst page --readme",
                order(&[next, store, few, burst, page], 5, Readme::Rewritten),
            ),
        ] {
            assert_eq!(parsed(line), expected, "{line:?}");
        }
    }

    #[test]
    fn ci_is_test() {
        assert_eq!(parsed("ci"), parsed("test"));
        assert_eq!(parsed("test"), Ok(Command::Test(Selection::all())));
    }

    #[test]
    fn suites_are_named_with_or_without_a_filter() {
        let expected = vec![
            Selection { suite: Suite::Native, filter: None },
            Selection { suite: Suite::EndToEnd, filter: Some("tabs".to_owned()) },
        ];
        assert_eq!(parsed("test native e2e:tabs"), Ok(Command::Test(expected)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (line, word) in [
            ("srve", "unknown command \"srve\""),
            ("test nonsense", "unknown suite \"nonsense\""),
            ("setup --for lunch", "--for takes serve or test"),
            ("serve --port many", "many"),
            ("build --open", "--open"),
            ("bench lunch", "unknown suite \"lunch\""),
            ("bench next --readme", "--readme needs next, store, few, burst and page"),
            ("--version", "--version"),
        ] {
            let error = parsed(line).expect_err(line);
            assert!(error.contains(word), "{line:?}: {error}");
        }
    }

    #[test]
    fn every_topic_has_its_help() {
        for topic in Topic::ALL {
            assert!(topic.text().contains("cargo xtask"), "{topic:?}");
        }
        for suite in Suite::ALL {
            assert!(Topic::Test.text().contains(suite.name()), "{suite:?}");
        }
    }
}
