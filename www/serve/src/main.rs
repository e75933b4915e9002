//! Serves Baton and its demo pipeline from the command line; `baton-serve --help` says how.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use baton_serve::Pipeline;
use baton_serve::options::{HELP, Options, Request, parse};
use baton_serve::proxy::{Config, ConfigError, Log, Proxy, System};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(
        "{0} holds no index.html: run `cargo xtask build` first, or name the folder with --dir"
    )]
    NoPage(PathBuf),
    #[error("cannot listen on {address}: {source}; choose another port with {flag}")]
    Port { address: SocketAddr, flag: &'static str, source: io::Error },
    #[error("the config of the proxy, {}, is refused: {source}", path.display())]
    Proxy { path: PathBuf, source: ConfigError },
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn main() -> ExitCode {
    let options = match parse(lexopt::Parser::from_env()) {
        Ok(Request::Help) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Ok(Request::Serve(options)) => options,
        Err(error) => {
            eprintln!("baton-serve: {error}\nTry `baton-serve --help`.");
            return ExitCode::from(2);
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("baton-serve: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<(), Error> {
    if !options.dir.join("index.html").is_file() {
        return Err(Error::NoPage(options.dir));
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(options))
}

async fn serve(options: Options) -> Result<(), Error> {
    let stop = stop_signal()?;
    // A config that is refused is said before a port is opened.
    let config = options.proxy.as_deref().map(Config::read).transpose();
    let config = config.map_err(|source| refused(&options, source))?;
    let baton = listen(options.host, options.port, "--port").await?;
    let address = baton.local_addr()?;
    let proxy = config.map(|config| Proxy::new(config, address, System, Log::stderr())).transpose();
    let proxy = proxy.map_err(|source| refused(&options, source))?;
    let site = |pipeline| {
        let site = baton_serve::site(options.dir.clone(), pipeline);
        match &proxy {
            Some(proxy) => proxy.clone().before(site),
            None => site,
        }
    };
    let Some(port) = options.pipeline_port else {
        say("baton", &baton)?;
        return Ok(baton_serve::serve(baton, site(Pipeline::Absent), stopped(stop)).await?);
    };

    let pipeline = listen(options.host, port, "--pipeline-port").await?;
    let site = site(Pipeline::At(pipeline.local_addr()?));
    say("baton", &baton)?;
    say("pipeline", &pipeline)?;
    tokio::try_join!(
        baton_serve::serve(baton, site, stopped(stop.clone())),
        pipeline::server::serve(pipeline, pipeline::Options::default(), stopped(stop)),
    )?;
    Ok(())
}

fn refused(options: &Options, source: ConfigError) -> Error {
    Error::Proxy { path: options.proxy.clone().unwrap_or_default(), source }
}

async fn listen(host: IpAddr, port: u16, flag: &'static str) -> Result<TcpListener, Error> {
    let address = SocketAddr::new(host, port);
    TcpListener::bind(address).await.map_err(|source| Error::Port { address, flag, source })
}

/// Writes a line at once: whoever started us reads the port from it.
fn say(what: &str, listener: &TcpListener) -> io::Result<()> {
    let address = listener.local_addr()?;
    let mut out = io::stdout().lock();
    writeln!(out, "{what} listening on http://{address}")?;
    out.flush()
}

/// Turns true on ctrl-c, and on a polite request to end. The handlers are in place when this returns.
fn stop_signal() -> io::Result<watch::Receiver<bool>> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        stop.send_replace(true);
    });
    Ok(stopping)
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error says that the sender is gone, and with it the runtime.
    let _ = stop.wait_for(|stop| *stop).await;
}
