//! The addresses in a config: where an upstream is, and where the page is.

use std::net::IpAddr;

use axum::http::Uri;

use crate::proxy::path::well_formed;

/// Where an upstream is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base {
    pub(crate) https: bool,
    /// In lower case; an IPv6 address in its brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What comes before each path; without a slash at its end, so empty for the root.
    pub(crate) path: String,
}

impl Base {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.contains(['*', '{', '}']) {
            return Err("a wildcard would make this an open relay; name one host".to_owned());
        }
        let wrong = || "this is no address; write https://host or https://host/path".to_owned();
        if !text.is_ascii() || text.contains([' ', '\\']) {
            return Err(wrong());
        }
        if text.contains(['?', '#', '@']) {
            return Err(
                "leave out user, query and fragment; a secret goes into [upstreams.NAME.secrets.NAME]"
                    .to_owned(),
            );
        }
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) | None => return Err(wrong()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let port = match uri.port_u16() {
            Some(port) => port,
            None if authority.len() > host.len() => return Err(wrong()),
            None if https => 443,
            None => 80,
        };
        let path = uri.path().trim_end_matches('/');
        if !path.is_empty() && well_formed(path).is_err() {
            return Err("its path has dots, double slashes or encoded slashes in it".to_owned());
        }
        Ok(Self { https, host: host.to_ascii_lowercase(), port, path: path.to_owned() })
    }

    /// The value of `Host`.
    pub(crate) fn authority(&self) -> String {
        let usual = if self.https { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// As a page writes it in front of a path.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{}{}", self.authority(), self.path)
    }

    /// The host, when it is an address.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }
}

/// Where the page is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Where the server listens, if that is loopback.
    Own,
    /// As browsers write it: lower case, without a usual port.
    At(String),
}

impl Origin {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "self" => return Ok(Self::Own),
            "*" | "null" => {
                return Err(format!(
                    "{text:?} would let any page use the proxy; name where your page is reached"
                ));
            }
            _ => {}
        }
        let base = Base::parse(text).map_err(|why| format!("{text:?}: {why}"))?;
        if base.path.is_empty() && !text.ends_with('/') {
            Ok(Self::At(base.url()))
        } else {
            Err(format!("{text:?}: an origin ends with its host or port; write {:?}", {
                Base { path: String::new(), ..base }.url()
            }))
        }
    }
}
