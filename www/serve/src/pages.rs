//! What is done to a request before the file service sees it, and to its answer after.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE, LAST_MODIFIED, RANGE,
};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;

use crate::Pipeline;
use crate::headers::{Caching, decorate};

/// The example chain that polls the pipeline over the network.
const PIPELINE_CHAIN: &str = "/chains/http-pipeline.json";
/// Where that chain, as it is kept, says that the pipeline is.
const PIPELINE_DEFAULT: &str = "http://127.0.0.1:8788";
/// Far more than an example chain has.
const MAX_CHAIN_BYTES: usize = 1_000_000;

pub(crate) async fn answer(
    State(pipeline): State<Pipeline>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    if path == "/" {
        *request.uri_mut() = with_path(request.uri(), PathAndQuery::from_static("/index.html"));
    }
    let mut response = match pipeline {
        Pipeline::At(address) if path.ends_with(PIPELINE_CHAIN) => {
            // The answer is not the file: neither its parts nor its date mean anything.
            for header in [RANGE, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE] {
                request.headers_mut().remove(header);
            }
            *request.method_mut() =
                if method == Method::HEAD { Method::GET } else { method.clone() };
            with_address(next.run(request).await, &format!("http://{address}"), &method).await
        }
        Pipeline::At(_) | Pipeline::Absent => next.run(request).await,
    };
    if response.status() == StatusCode::NOT_FOUND {
        response = not_found(&method);
    }
    let kept = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let caching = match pipeline {
        Pipeline::At(_) if path.ends_with(PIPELINE_CHAIN) => Caching::Never,
        Pipeline::At(_) | Pipeline::Absent if kept => Caching::of(&path),
        Pipeline::At(_) | Pipeline::Absent => Caching::Never,
    };
    decorate(&path, caching, response.headers_mut());
    response
}

fn with_path(uri: &Uri, path: PathAndQuery) -> Uri {
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path);
    Uri::from_parts(parts).unwrap_or_default()
}

/// The chain with the address at which the pipeline really is.
async fn with_address(response: Response, address: &str, method: &Method) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_CHAIN_BYTES).await else {
        return plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the example chain cannot be read\n",
            method,
        );
    };
    let text = String::from_utf8_lossy(&bytes).replace(PIPELINE_DEFAULT, address);
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
    parts.headers.remove(LAST_MODIFIED);
    let body = if method == Method::HEAD { Body::empty() } else { Body::from(text) };
    Response::from_parts(parts, body)
}

fn not_found(method: &Method) -> Response {
    plain(StatusCode::NOT_FOUND, "There is nothing here. Baton is at /\n", method)
}

fn plain(status: StatusCode, text: &'static str, method: &Method) -> Response {
    let body = if method == Method::HEAD { Body::empty() } else { Body::from(text) };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
    response
}
