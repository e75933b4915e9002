//! `cargo xtask`: one place to set up, build, serve and test Baton.
//!
//! `serve` and `test` each take a bare machine to their result: they call [`setup`] for what they need. This program
//! itself stays small, so that its first word comes soon. Start at [`cli`], which says what can be asked.

mod bench;
mod build;
mod cli;
mod clock;
mod counts;
mod dist;
mod failure;
mod lockfile;
mod nameless;
mod process;
mod project;
mod serve;
mod setup;
mod sizes;
mod suites;

use std::process::ExitCode;

use build::Profile;
use cli::{Command, SetupWork};
use failure::Failure;
use project::Project;
use setup::Need;
use sizes::{Table, Verdict};

fn main() -> ExitCode {
    let command = match cli::parse(lexopt::Parser::from_env()) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    if let Command::Help(topic) = command {
        println!("{}", topic.text());
        return Ok(ExitCode::SUCCESS);
    }
    process::end_children_on_interrupt()?;
    let project = Project::locate()?;
    match command {
        Command::Help(_) => {}
        Command::Setup { needs, work } => return set_up(&project, needs, work),
        Command::Build(profile) => return build_and_report(&project, profile),
        Command::Serve(options) => serve::serve(&project, options)?,
        Command::Test(selections) => {
            return Ok(code(suites::run(&project, &selections)?.all_passed()));
        }
        Command::Bench(order) => return Ok(code(bench::run(&project, &order)?)),
    }
    Ok(ExitCode::SUCCESS)
}

fn set_up(project: &Project, needs: &[Need], work: SetupWork) -> Result<ExitCode, Failure> {
    match work {
        SetupWork::Check => return Ok(code(setup::check(project, needs)?)),
        SetupWork::StdFromSource => setup::std_from_source(project)?,
        SetupWork::Provide => {}
    }
    setup::provide(project, needs)?;
    println!("setup: everything is there");
    Ok(ExitCode::SUCCESS)
}

fn build_and_report(project: &Project, profile: Profile) -> Result<ExitCode, Failure> {
    setup::provide(project, Need::FOR_SERVE)?;
    build::build(project, profile, &[])?;
    match profile {
        Profile::Dev => Ok(ExitCode::SUCCESS),
        Profile::Shipped if setup::node().is_none() => {
            println!("build: sizes are not measured: that takes Node, which is not here");
            Ok(ExitCode::SUCCESS)
        }
        Profile::Shipped => {
            let sizes = sizes::measure(project)?;
            print!("{}", Table(&sizes));
            Ok(code(sizes.iter().all(|size| size.verdict() != Verdict::Over)))
        }
    }
}

fn code(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
