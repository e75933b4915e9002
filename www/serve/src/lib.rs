//! Serves a built `dist` folder with the headers that Baton is made for: right types, strict Content-Security-Policy,
//! caching by folder. Never lists a folder, never writes; forwards a request only where a [`proxy`] is put before it.
//!
//! Start at [`site`], which makes the router of a folder, and [`serve`], which runs it; [`options`] reads the command
//! line.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8787").await?;
//! let site = baton_serve::site("dist".into(), baton_serve::Pipeline::Absent);
//! baton_serve::serve(listener, site, std::future::pending()).await
//! # }
//! ```

mod headers;
pub mod options;
mod pages;
pub mod proxy;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::services::ServeDir;

/// What a request that is under way gets when the server is told to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Whether the demo pipeline runs beside the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pipeline {
    /// There, and the example chain that needs it names this address.
    At(SocketAddr),
    /// Not there; the example chain is served as it is.
    Absent,
}

/// The router for the files under `dir`.
pub fn site(dir: PathBuf, pipeline: Pipeline) -> Router {
    // A folder has no page of its own: only `/` has, which `pages` sees to.
    let files = ServeDir::new(dir).append_index_html_on_directories(false);
    Router::new().fallback_service(files).layer(from_fn_with_state(pipeline, pages::answer))
}

/// Serves `site` until `stop` is done, then gives open requests two seconds.
///
/// # Errors
/// When the listener breaks.
pub async fn serve<S>(listener: TcpListener, site: Router, stop: S) -> io::Result<()>
where
    S: Future<Output = ()> + Send + 'static,
{
    let (stopping, stopped) = oneshot::channel();
    let server = axum::serve(listener, site).with_graceful_shutdown(async move {
        stop.await;
        // Nobody listens any more when the server has ended by itself.
        let _ = stopping.send(());
    });
    tokio::select! {
        ended = server => ended,
        // A client that never finishes its request shall not keep the server.
        () = grace(stopped) => Ok(()),
    }
}

async fn grace(stopped: oneshot::Receiver<()>) {
    // An error says that the sender is gone, so the server is going too.
    let _ = stopped.await;
    tokio::time::sleep(GRACE).await;
}
