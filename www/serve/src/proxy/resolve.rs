//! From an upstream's host to the addresses that a connection may go to.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;

use super::address::Reach;
use super::refusal::Refusal;

/// More addresses than this are not looked at.
const MAX_ADDRESSES: usize = 16;

/// The answer of a [`Resolve`].
pub type Addresses<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Looks names up.
pub trait Resolve: Send + Sync {
    /// The addresses of `host`, which is not one itself.
    fn resolve<'a>(&'a self, host: &'a str) -> Addresses<'a>;
}

/// As the system does it.
#[derive(Debug, Clone, Copy)]
pub struct System;

impl Resolve for System {
    fn resolve<'a>(&'a self, host: &'a str) -> Addresses<'a> {
        Box::pin(async move {
            // The port is not looked up: any will do.
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// The addresses of `host`, each of which has been checked: the connection goes to one of these and nowhere else, so
/// that a name which changes its address between check and use gains nothing.
pub(crate) async fn checked(
    resolver: &dyn Resolve,
    host: &str,
    reach: &Reach,
) -> Result<Vec<IpAddr>, Refusal> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses = match bare.parse() {
        Ok(address) => vec![address],
        Err(_) => resolver
            .resolve(host)
            .await
            .map_err(|_| Refusal::NoAddress { host: host.to_owned() })?,
    };
    if addresses.is_empty() {
        return Err(Refusal::NoAddress { host: host.to_owned() });
    }
    // One that is refused is enough: a name with both kinds is how rebinding begins.
    match addresses.iter().find(|&&address| !reach.admits(address)) {
        Some(&address) => Err(Refusal::Address { host: host.to_owned(), address }),
        None => Ok(addresses.into_iter().take(MAX_ADDRESSES).collect()),
    }
}
