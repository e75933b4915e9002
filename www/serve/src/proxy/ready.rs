//! A config, with its secrets read and its address known: the last rules, which need both.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::access::Access;
use super::config::{Base, Config, ConfigError, Form, Origin, Place, Rule};
use super::secret::{Mask, Secret};

/// Fewer are guessed.
const MIN_TOKEN_CHARS: usize = 16;

/// All that requests are held against.
pub(crate) struct Ready {
    pub(crate) access: Access,
    pub(crate) upstreams: BTreeMap<String, Upstream>,
}

/// A rule with what its requests carry.
pub(crate) struct Upstream {
    pub(crate) rule: Rule,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) mask: Mask,
    pub(crate) tls: Option<TlsConnector>,
}

impl Ready {
    /// For a server that listens at `listening`.
    pub(crate) fn new(config: Config, listening: SocketAddr) -> Result<Self, ConfigError> {
        let is_local = listening.ip().to_canonical().is_loopback();
        let whole = |message: String| Err(ConfigError::Whole(message));
        if !is_local && config.token.is_none() {
            return whole(format!(
                "token: none is given, and {} is open to others than this machine; say token = {{ env = \"NAME\" }}, or listen on 127.0.0.1",
                listening.ip()
            ));
        }
        let folder = config.folder.as_path();
        let token = config.token.map(|source| {
            let token = Secret::read(&source, folder)
                .map_err(|why| ConfigError::Whole(format!("token: {why}")))?;
            if token.reveal().len() < MIN_TOKEN_CHARS {
                return Err(ConfigError::Whole(
                    "token: it has fewer than 16 characters; make a longer one, at random".into(),
                ));
            }
            Ok(token)
        });
        let access = Access {
            origins: origins(&config.origins, listening, is_local)?,
            token: token.transpose()?,
        };
        let mut upstreams = BTreeMap::new();
        for (name, rule) in config.upstreams {
            if leads_here(&rule.base, listening) {
                return whole(format!(
                    "upstreams.{name}: base is this very server; name another one"
                ));
            }
            let upstream = Upstream::new(rule, folder)
                .map_err(|why| ConfigError::Whole(format!("upstreams.{name}.{why}")))?;
            upstreams.insert(name, upstream);
        }
        Ok(Self { access, upstreams })
    }
}

fn origins(
    origins: &[Origin],
    listening: SocketAddr,
    is_local: bool,
) -> Result<Vec<String>, ConfigError> {
    let mut known = Vec::new();
    for origin in origins {
        match origin {
            Origin::At(text) => known.push(text.clone()),
            Origin::Own if is_local => {
                let usual = if listening.port() == 80 {
                    String::new()
                } else {
                    format!(":{}", listening.port())
                };
                known.extend(
                    ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("http://{host}{usual}")),
                );
            }
            Origin::Own => {
                return Err(ConfigError::Whole(format!(
                    "origins: \"self\" means nothing where others reach {}; name where the page is reached: \"https://baton.example\"",
                    listening.ip()
                )));
            }
        }
    }
    Ok(known)
}

fn leads_here(base: &Base, listening: SocketAddr) -> bool {
    let local = |address: IpAddr| {
        address == listening.ip() || address.is_loopback() && listening.ip().is_unspecified()
    };
    let is_host = match base.address() {
        Some(address) => local(address.to_canonical()),
        None => {
            base.host == "localhost"
                && (local(Ipv4Addr::LOCALHOST.into()) || local(Ipv6Addr::LOCALHOST.into()))
        }
    };
    is_host && base.port == listening.port()
}

impl Upstream {
    fn new(rule: Rule, folder: &Path) -> Result<Self, String> {
        let (mut headers, mut query, mut shown) = (Vec::new(), Vec::new(), Vec::new());
        for secret in &rule.secrets {
            let value = Secret::read(&secret.source, folder)
                .map_err(|why| format!("secrets.{}: {why}", secret.name))?;
            let text = match &secret.form {
                Form::Between(before, after) => format!("{before}{}{after}", value.reveal()),
                Form::Basic(user) => {
                    let pair = STANDARD.encode(format!("{user}:{}", value.reveal()));
                    shown.push(pair.clone());
                    format!("Basic {pair}")
                }
            };
            shown.push(value.reveal().to_owned());
            match &secret.place {
                Place::Header(name) => {
                    let mut value = HeaderValue::from_str(&text)
                        .map_err(|_| format!("secrets.{}: no header carries it", secret.name))?;
                    value.set_sensitive(true);
                    headers.push((name.clone(), value));
                }
                Place::Query(name) => query.push((name.clone(), text)),
            }
        }
        let tls = if rule.base.https { Some(tls(&rule, folder)?) } else { None };
        let mask = Mask::of(shown.iter().map(String::as_str));
        Ok(Self { rule, headers, query, mask, tls })
    }
}

fn tls(rule: &Rule, folder: &Path) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    let certificates = match &rule.ca_file {
        Some(path) => {
            let path = folder.join(path);
            let read = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect);
            read.map_err(|error| {
                format!("ca_file: {} holds no certificates: {error}", path.display())
            })?
        }
        None => rustls_native_certs::load_native_certs().certs,
    };
    // Some that a system has are too old to be read; they are not needed.
    let (good, _) = roots.add_parsable_certificates(certificates);
    if good == 0 {
        return Err("base: no certificates to trust were found; install the system's ca-certificates, or name a ca_file".to_owned());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("base: {error}"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
