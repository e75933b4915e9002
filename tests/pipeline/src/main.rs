//! Serves the pipeline from the command line; `pipeline --help` says how.

mod flags;

use std::io::{self, Write};
use std::process::ExitCode;

use flags::{Flags, Wish};
use tokio::net::TcpListener;

fn main() -> ExitCode {
    match flags::parse(std::env::args().skip(1)) {
        Ok(Wish::Say(text)) => report(say(&text)),
        Ok(Wish::Serve(flags)) => report(run(*flags)),
        Err(error) => {
            eprintln!("pipeline: {error}\nTry `pipeline --help`.");
            ExitCode::from(2)
        }
    }
}

fn report(result: io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pipeline: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes a line at once: a test that started us reads the port from it.
fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

fn run(flags: Flags) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let address = format!("{}:{}", flags.host, flags.port);
        let listener =
            TcpListener::bind((flags.host.as_str(), flags.port)).await.map_err(|error| {
                io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
            })?;
        let stop = stop_signal()?;
        say(&format!("pipeline listening on http://{}", listener.local_addr()?))?;
        pipeline::server::serve(listener, flags.options, stop).await
    })
}

/// Ready on ctrl-c, and on a polite request to end. The handlers are in place when this returns.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Ready on ctrl-c.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without the signal there is nothing to wait for: the server runs until it is killed.
            std::future::pending::<()>().await;
        }
    })
}
