//! The pipeline on a socket. Only translates between HTTP and [`Request`]/[`Response`].
//!
//! ```no_run
//! # async fn run() -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8788").await?;
//! let stop = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
//! pipeline::server::serve(listener, pipeline::Options::default(), stop).await
//! # }
//! ```

mod clock;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body as AxumBody, HttpBody};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use crate::options::Options;
pub use clock::MANUAL_EPOCH;

use crate::http::{Answer, Body, Method, Request, Response};
use crate::limits::{MAX_BODY_BYTES, MAX_HANG, SHUTDOWN_GRACE};
use crate::options::ClockMode;
use crate::pipeline::Pipeline;

#[derive(Clone)]
struct Shared {
    pipeline: Arc<Mutex<Pipeline>>,
    clock: ClockMode,
    /// Turns true, or loses its sender, when the server stops.
    stopping: watch::Receiver<bool>,
}

/// Serves a new pipeline on this listener until `shutdown` is ready; then open answers may end, hanging ones do.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    options: Options,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stop, stopping) = watch::channel(false);
    let shared = Shared {
        clock: options.clock,
        pipeline: Arc::new(Mutex::new(Pipeline::new(options))),
        stopping: stopping.clone(),
    };
    let app = Router::new().fallback(handle).with_state(shared);
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        shutdown.await;
        stop.send_replace(true);
    });
    tokio::select! {
        ended = server => ended,
        // A client that never finishes its request shall not keep the server.
        () = grace(stopping) => Ok(()),
    }
}

async fn grace(stopping: watch::Receiver<bool>) {
    stopped(stopping).await;
    tokio::time::sleep(SHUTDOWN_GRACE).await;
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error says that the sender is gone, so the server is going too.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

async fn handle(
    State(shared): State<Shared>,
    request: axum::extract::Request,
) -> axum::response::Response {
    let request = read(request).await;
    let response = {
        // Read inside the lock, so that instants never go back from one request to the next.
        let mut pipeline = shared.pipeline.lock().unwrap_or_else(PoisonError::into_inner);
        pipeline.handle(&request, clock::now(shared.clock))
    };
    match response {
        Response::Answer(answer) => write(answer),
        Response::Hang => {
            tokio::select! {
                () = tokio::time::sleep(MAX_HANG) => {}
                () = stopped(shared.stopping) => {}
            }
            write(Answer { status: 504, headers: Vec::new(), body: Vec::new() })
        }
    }
}

async fn read(request: axum::extract::Request) -> Request {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut read = Request::new(Method::from_name(parts.method.as_str()), target);
    read.headers = parts
        .headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    read.body = read_body(body).await;
    read
}

async fn read_body(body: AxumBody) -> Body {
    // What says that it is too large is refused without waiting for it.
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > MAX_BODY_BYTES {
        return Body::TooLarge;
    }
    match axum::body::to_bytes(body, MAX_BODY_BYTES).await {
        Ok(bytes) => Body::Whole(bytes.into()),
        // A body that breaks off comes here too: its sender is gone, and reads no answer.
        Err(_) => Body::TooLarge,
    }
}

fn write(answer: Answer) -> axum::response::Response {
    let mut response = axum::response::Response::new(AxumBody::from(answer.body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        // Only an echoed origin could be no header value, and then no browser sent it.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}
