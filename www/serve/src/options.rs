//! The command line of `baton-serve`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use lexopt::prelude::*;

/// What `--help` prints.
pub const HELP: &str = "\
baton-serve [--dir dist] [--host 127.0.0.1] [--port 8787] [--pipeline-port 8788 | --no-pipeline]
            [--proxy proxy.toml]

Serves a built Baton, and the demo pipeline on a port of its own. Port 0 is any free one. Prints where they are:

  baton listening on http://127.0.0.1:8787
  pipeline listening on http://127.0.0.1:8788

--proxy lets the page reach, below /proxy/, the upstreams that the file lists, for systems that do not allow its origin.
Each request to them is a line on standard error. The README has an example of the file.";

/// What the server is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The folder that `cargo xtask build` assembled.
    pub dir: PathBuf,
    pub host: IpAddr,
    pub port: u16,
    /// The port of the demo pipeline; without one it does not run.
    pub pipeline_port: Option<u16>,
    /// The config of the proxy; without one there is none.
    pub proxy: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dir: "dist".into(),
            host: Ipv4Addr::LOCALHOST.into(),
            port: 8787,
            pipeline_port: Some(8788),
            proxy: None,
        }
    }
}

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Help,
    Serve(Options),
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// When one is not understood.
///
/// ```
/// use baton_serve::options::{Options, Request, parse};
///
/// let request = parse(lexopt::Parser::from_args(["--port", "0"]))?;
/// assert_eq!(request, Request::Serve(Options { port: 0, ..Options::default() }));
/// # Ok::<(), lexopt::Error>(())
/// ```
pub fn parse(mut arguments: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut options = Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Request::Help),
            Long("dir") => options.dir = arguments.value()?.into(),
            Long("host") => options.host = arguments.value()?.parse()?,
            Long("port") => options.port = arguments.value()?.parse()?,
            Long("pipeline-port") => options.pipeline_port = Some(arguments.value()?.parse()?),
            Long("proxy") => options.proxy = Some(arguments.value()?.into()),
            Long("no-pipeline") => options.pipeline_port = None,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Request::Serve(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request, String> {
        parse(lexopt::Parser::from_args(line.split_whitespace())).map_err(|error| error.to_string())
    }

    #[test]
    fn flags_replace_the_defaults() {
        let defaults = Options::default();
        assert_eq!(parsed(""), Ok(Request::Serve(defaults.clone())));
        assert_eq!(parsed("--help"), Ok(Request::Help));
        let expected = Options {
            dir: "built".into(),
            host: [0, 0, 0, 0].into(),
            port: 1,
            pipeline_port: Some(2),
            proxy: Some("proxy.toml".into()),
        };
        let line = "--dir built --host=0.0.0.0 --port 1 --pipeline-port 2 --proxy proxy.toml";
        assert_eq!(parsed(line), Ok(Request::Serve(expected)));
        let expected = Options { pipeline_port: None, ..defaults };
        assert_eq!(parsed("--no-pipeline"), Ok(Request::Serve(expected)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (line, word) in [
            ("--prot 1", "prot"),
            ("--port high", "high"),
            ("dist", "dist"),
            ("--host here", "here"),
            ("--proxy", "proxy"),
        ] {
            let error = parsed(line).expect_err(line);
            assert!(error.contains(word), "{line:?}: {error}");
        }
    }
}
