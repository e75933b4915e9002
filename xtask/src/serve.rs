//! Builds Baton and serves it with the demo pipeline, until it is told to stop.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::build::{self, Profile};
use crate::failure::Failure;
use crate::process::{Group, ask, give_way_to_interrupt};
use crate::project::Project;
use crate::setup::{self, Need};

pub(crate) const SERVER: &str = "baton-serve";
/// What the server prints once its port is open.
const LISTENING: &str = "baton listening on http://";
const ANSWER_TIME: Duration = Duration::from_secs(5);
const STEP: &str = "serving Baton";

/// What `serve` was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) pipeline_port: u16,
    pub(crate) profile: Profile,
    pub(crate) page: Page,
}

/// Whether a browser is opened once the page answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    Named,
    Opened,
}

/// Ends only when the server does; Ctrl-C ends both.
///
/// # Errors
/// When a port is taken, a step fails, or the server ends.
pub(crate) fn serve(project: &Project, options: Options) -> Result<(), Failure> {
    // Known now, rather than after a minute of compiling.
    ensure_free(options.port, "--port")?;
    ensure_free(options.pipeline_port, "--pipeline-port")?;
    setup::provide(project, Need::FOR_SERVE)?;
    let dist = build::build(project, options.profile, &[SERVER])?;
    run(project, &dist, options)
}

fn ensure_free(port: u16, flag: &str) -> Result<(), Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).map_err(|error| {
        Failure::new(STEP, format!("port {port} cannot be used: {error}")).mend(format!(
            "choose another one: cargo xtask serve {flag} {}",
            port.saturating_add(10)
        ))
    })
}

fn run(project: &Project, dist: &Path, options: Options) -> Result<(), Failure> {
    let mut command = Command::new(project.program(SERVER));
    command
        .arg("--dir")
        .arg(dist)
        .args(["--port", &options.port.to_string()])
        .args(["--pipeline-port", &options.pipeline_port.to_string()])
        .stdout(Stdio::piped());
    let mut server = Group::spawn(&mut command)?;
    let output = server
        .child()
        .stdout
        .take()
        .ok_or_else(|| Failure::new(STEP, "the server has no output"))?;
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        match line.strip_prefix(LISTENING) {
            Some(address) => announce(address, options.page)?,
            None => println!("{line}"),
        }
    }
    let status = server.child().wait().map_err(|error| Failure::new(STEP, error))?;
    give_way_to_interrupt();
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(STEP, format!("the server ended: {status}")))
    }
}

/// Says where Baton is, after it has answered there.
fn announce(address: &str, page: Page) -> Result<(), Failure> {
    let answer = first_line(address)
        .map_err(|error| Failure::new(STEP, format!("http://{address}/: {error}")))?;
    if !answer.contains(" 200 ") {
        return Err(Failure::new(STEP, format!("http://{address}/ answers {answer:?}")));
    }
    println!("\nBaton is at http://{address}/ - the sample chain is one click away");
    println!("Ctrl-C stops it.\n");
    match page {
        Page::Named => {}
        Page::Opened => {
            let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
            if ask(opener, &[&format!("http://{address}/")]).is_none() {
                println!("{opener} could not open it: open it by hand");
            }
        }
    }
    Ok(())
}

fn first_line(address: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(ANSWER_TIME))?;
    write!(stream, "GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut line = String::new();
    let mut reader = BufReader::new(stream);
    reader.read_line(&mut line)?;
    // The rest is read, so that the server does not see a broken connection.
    std::io::copy(&mut reader.by_ref(), &mut std::io::sink())?;
    Ok(line.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_the_flag_that_mends_it() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = taken.local_addr().expect("known").port();
        let failure = ensure_free(port, "--port").expect_err("taken").to_string();
        assert!(failure.contains(&format!("port {port} cannot be used")), "{failure}");
        assert!(failure.contains("cargo xtask serve --port"), "{failure}");
        assert!(ensure_free(0, "--port").is_ok());
    }
}
