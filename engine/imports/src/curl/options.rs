//! curl's options: which take a value, and which say something about a request.
//!
//! Source: curl(1), 8.x.

/// What an option is to an import.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    Request,
    Header,
    Cookie,
    Data,
    DataRaw,
    DataUrlencode,
    Json,
    Get,
    User,
    Bearer,
    UserAgent,
    Referer,
    Head,
    MaxTime,
    Url,
    UrlQuery,
    Next,
    GlobOff,
    /// Refused: a multipart form.
    Form,
    /// Refused: it reads a file.
    File,
    /// An authentication that a page cannot do.
    Scheme,
    /// Of no account for what is sent, or what a browser does anyway.
    Quiet,
    /// Left out, and said.
    Ignored,
}

/// Whether an option takes a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Takes {
    Nothing,
    Value,
}

use Meaning::{
    Bearer, Cookie, Data, DataRaw, DataUrlencode, File, Form, Get, GlobOff, Head, Header, Ignored,
    Json, MaxTime, Next, Quiet, Referer, Request, Scheme, Url, UrlQuery, User, UserAgent,
};

/// Short name, long name, meaning; those with a value.
const WITH_VALUE: &[(&str, &str, Meaning)] = &[
    ("X", "request", Request),
    ("H", "header", Header),
    ("b", "cookie", Cookie),
    ("d", "data", Data),
    ("", "data-ascii", Data),
    ("", "data-binary", Data),
    ("", "data-raw", DataRaw),
    ("", "data-urlencode", DataUrlencode),
    ("", "json", Json),
    ("u", "user", User),
    ("", "oauth2-bearer", Bearer),
    ("A", "user-agent", UserAgent),
    ("e", "referer", Referer),
    ("m", "max-time", MaxTime),
    ("", "url", Url),
    ("", "url-query", UrlQuery),
    ("F", "form", Form),
    ("", "form-string", Form),
    ("T", "upload-file", File),
    ("K", "config", File),
    ("", "aws-sigv4", Scheme),
    ("o", "output", Quiet),
    ("w", "write-out", Quiet),
    ("D", "dump-header", Quiet),
    ("", "trace", Quiet),
    ("", "trace-ascii", Quiet),
    ("", "stderr", Quiet),
    ("", "output-dir", Quiet),
    ("", "trace-config", Quiet),
    ("x", "proxy", Ignored),
    ("U", "proxy-user", Ignored),
    ("", "proxy-header", Ignored),
    ("", "preproxy", Ignored),
    ("", "noproxy", Ignored),
    ("", "socks4", Ignored),
    ("", "socks4a", Ignored),
    ("", "socks5", Ignored),
    ("", "socks5-hostname", Ignored),
    ("", "resolve", Ignored),
    ("", "connect-to", Ignored),
    ("", "connect-timeout", Ignored),
    ("", "retry", Ignored),
    ("", "retry-delay", Ignored),
    ("", "retry-max-time", Ignored),
    ("", "limit-rate", Ignored),
    ("", "max-redirs", Ignored),
    ("", "max-filesize", Ignored),
    ("E", "cert", Ignored),
    ("", "cert-type", Ignored),
    ("", "key", Ignored),
    ("", "key-type", Ignored),
    ("", "pass", Ignored),
    ("", "cacert", Ignored),
    ("", "capath", Ignored),
    ("", "ciphers", Ignored),
    ("", "tls-max", Ignored),
    ("", "tls13-ciphers", Ignored),
    ("", "curves", Ignored),
    ("", "pinnedpubkey", Ignored),
    ("", "interface", Ignored),
    ("", "local-port", Ignored),
    ("", "dns-servers", Ignored),
    ("", "doh-url", Ignored),
    ("", "unix-socket", Ignored),
    ("", "abstract-unix-socket", Ignored),
    ("", "keepalive-time", Ignored),
    ("", "expect100-timeout", Ignored),
    ("c", "cookie-jar", Ignored),
    ("", "netrc-file", Ignored),
    ("r", "range", Ignored),
    ("C", "continue-at", Ignored),
    ("z", "time-cond", Ignored),
    ("y", "speed-time", Ignored),
    ("Y", "speed-limit", Ignored),
    ("", "proto", Ignored),
    ("", "proto-default", Ignored),
    ("", "proto-redir", Ignored),
    ("", "alt-svc", Ignored),
    ("", "hsts", Ignored),
    ("", "rate", Ignored),
    ("", "etag-save", Ignored),
    ("", "etag-compare", Ignored),
    ("", "request-target", Ignored),
    ("", "variable", Ignored),
    ("", "parallel-max", Quiet),
    ("t", "telnet-option", Ignored),
    ("Q", "quote", Ignored),
    ("", "happy-eyeballs-timeout-ms", Ignored),
    ("", "delegation", Ignored),
    ("", "service-name", Ignored),
    ("P", "ftp-port", Ignored),
    ("", "create-file-mode", Quiet),
    ("", "ip-tos", Ignored),
];

/// Short name, long name, meaning; those that stand alone.
const ALONE: &[(&str, &str, Meaning)] = &[
    ("G", "get", Get),
    ("I", "head", Head),
    (":", "next", Next),
    ("g", "globoff", GlobOff),
    ("", "basic", Quiet),
    ("", "digest", Scheme),
    ("", "ntlm", Scheme),
    ("", "negotiate", Scheme),
    ("", "anyauth", Scheme),
    ("s", "silent", Quiet),
    ("S", "show-error", Quiet),
    ("v", "verbose", Quiet),
    ("i", "include", Quiet),
    ("", "show-headers", Quiet),
    ("f", "fail", Quiet),
    ("", "fail-with-body", Quiet),
    ("", "fail-early", Quiet),
    ("L", "location", Quiet),
    ("", "compressed", Quiet),
    ("O", "remote-name", Quiet),
    ("J", "remote-header-name", Quiet),
    ("", "remote-name-all", Quiet),
    ("", "create-dirs", Quiet),
    ("R", "remote-time", Quiet),
    ("N", "no-buffer", Quiet),
    ("#", "progress-bar", Quiet),
    ("", "progress-meter", Quiet),
    ("", "no-progress-meter", Quiet),
    ("Z", "parallel", Quiet),
    ("", "parallel-immediate", Quiet),
    ("", "trace-time", Quiet),
    ("", "trace-ids", Quiet),
    ("", "styled-output", Quiet),
    ("", "path-as-is", Ignored),
    ("q", "disable", Quiet),
    ("", "raw", Ignored),
    ("k", "insecure", Ignored),
    ("", "proxy-insecure", Ignored),
    ("", "location-trusted", Ignored),
    ("0", "http1.0", Ignored),
    ("", "http1.1", Ignored),
    ("", "http2", Ignored),
    ("", "http2-prior-knowledge", Ignored),
    ("", "http3", Ignored),
    ("", "http3-only", Ignored),
    ("", "http0.9", Ignored),
    ("4", "ipv4", Ignored),
    ("6", "ipv6", Ignored),
    ("n", "netrc", Ignored),
    ("", "netrc-optional", Ignored),
    ("j", "junk-session-cookies", Ignored),
    ("p", "proxytunnel", Ignored),
    ("", "retry-all-errors", Ignored),
    ("", "retry-connrefused", Ignored),
    ("", "post301", Ignored),
    ("", "post302", Ignored),
    ("", "post303", Ignored),
    ("", "tcp-nodelay", Ignored),
    ("", "tcp-fastopen", Ignored),
    ("", "keepalive", Ignored),
    ("", "no-keepalive", Ignored),
    ("", "no-alpn", Ignored),
    ("", "no-sessionid", Ignored),
    ("", "ssl", Ignored),
    ("", "ssl-reqd", Ignored),
    ("", "ssl-no-revoke", Ignored),
    ("", "ssl-revoke-best-effort", Ignored),
    ("", "cert-status", Ignored),
    ("", "ca-native", Ignored),
    ("1", "tlsv1", Ignored),
    ("", "tlsv1.0", Ignored),
    ("", "tlsv1.1", Ignored),
    ("", "tlsv1.2", Ignored),
    ("", "tlsv1.3", Ignored),
    ("2", "sslv2", Ignored),
    ("3", "sslv3", Ignored),
    ("", "tr-encoding", Ignored),
    ("", "ignore-content-length", Ignored),
    ("", "disallow-username-in-url", Ignored),
    ("", "compressed-ssh", Ignored),
    ("", "haproxy-protocol", Ignored),
    ("", "xattr", Quiet),
    ("B", "use-ascii", Ignored),
    ("l", "list-only", Ignored),
    ("a", "append", Ignored),
];

/// An option by its long name, with `no-` before it too.
pub(crate) fn long(name: &str) -> Option<(Meaning, Takes)> {
    let find = |name: &str| find(|(_, long, _)| *long == name);
    find(name).or_else(|| match find(name.strip_prefix("no-")?)? {
        (_, Takes::Nothing) => Some((Quiet, Takes::Nothing)),
        (_, Takes::Value) => None,
    })
}

/// An option by its letter.
pub(crate) fn short(letter: char) -> Option<(Meaning, Takes)> {
    find(|(short, _, _)| short.starts_with(letter))
}

fn find(is: impl Fn(&(&str, &str, Meaning)) -> bool) -> Option<(Meaning, Takes)> {
    let in_table = |table: &[(&str, &str, Meaning)], takes| {
        table.iter().find(|row| is(row)).map(|&(_, _, meaning)| (meaning, takes))
    };
    in_table(WITH_VALUE, Takes::Value).or_else(|| in_table(ALONE, Takes::Nothing))
}

/// Whether a letter stands for no option: help, version, the manual.
pub(crate) fn does_nothing(letter: char) -> bool {
    matches!(letter, 'h' | 'V' | 'M')
}
