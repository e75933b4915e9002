//! One request on one connection, to an address that was checked.

use std::net::{IpAddr, SocketAddr};

use axum::http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_rustls::rustls::pki_types::ServerName;

use super::ready::Upstream;
use super::refusal::Refusal;
use super::resolve::{Resolve, checked};

/// All the headers of an answer; hyper answers an error beyond.
const MAX_HEAD_BYTES: usize = 64 * 1024;
const MAX_HEADERS: usize = 100;

/// The answer, and the task that reads it, which ends when this is dropped.
pub(crate) struct Exchange {
    pub(crate) response: Response<Incoming>,
    pub(crate) connection: JoinSet<()>,
}

pub(crate) async fn exchange(
    upstream: &Upstream,
    resolver: &dyn Resolve,
    request: Request<Full<Bytes>>,
    deadline: Instant,
) -> Result<Exchange, Refusal> {
    let base = &upstream.rule.base;
    let host = || base.host.clone();
    let addresses = checked(resolver, &base.host, &upstream.rule.reach).await?;
    let stream = connect(&addresses, base.port, deadline)
        .await
        .ok_or_else(|| Refusal::Unreachable { host: host() })?;
    let Some(tls) = &upstream.tls else {
        return over(TokioIo::new(stream), request, host()).await;
    };
    // The certificate is for the name, whatever address it has led to.
    let bare = base.host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare).map_err(|_| Refusal::Tls { host: host() })?;
    let stream = tls.connect(name, stream).await.map_err(|_| Refusal::Tls { host: host() })?;
    over(TokioIo::new(stream), request, host()).await
}

/// The first of `addresses` that answers. Each gets its share of the time, lest one that is silent takes it all.
async fn connect(addresses: &[IpAddr], port: u16, deadline: Instant) -> Option<TcpStream> {
    let mut left = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
    for &address in addresses {
        let share = deadline.saturating_duration_since(Instant::now()) / left.max(1);
        left = left.saturating_sub(1);
        let stream = TcpStream::connect(SocketAddr::new(address, port));
        if let Ok(Ok(stream)) = timeout(share, stream).await {
            return Some(stream);
        }
    }
    None
}

async fn over<T>(io: T, request: Request<Full<Bytes>>, host: String) -> Result<Exchange, Refusal>
where
    T: Read + Write + Unpin + Send + 'static,
{
    let broken = || Refusal::NotHttp { host: host.clone() };
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .handshake(io)
        .await
        .map_err(|_| broken())?;
    let mut task = JoinSet::new();
    task.spawn(async move {
        // What breaks the connection breaks the answer too, where it is said.
        drop(connection.await);
    });
    let response = sender.send_request(request).await.map_err(|_| broken())?;
    Ok(Exchange { response, connection: task })
}
