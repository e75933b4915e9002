//! The way of a request: who, what, where to, and the answer back.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use http_body_util::Full;
use hyper::body::{Body as _, Bytes};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

use super::body::{self, Pieces};
use super::exchange::{Exchange, exchange};
use super::log::Record;
use super::path::{MAX_TARGET_BYTES, PathFault};
use super::ready::Upstream;
use super::refusal::Refusal;
use super::{OUTCOME_HEADER, PREFIX, Shared, headers, list};

/// Answers a request below `/proxy`.
pub(crate) async fn answer(shared: &Shared, request: Request) -> Response {
    let mut record = Record::new(shared.log.clone(), &request);
    let refusal = match admitted(shared, &request, &mut record) {
        Ok(Target::List) => {
            let response = list::response(&shared.ready);
            record.answering(response.status());
            record.ended("ok");
            return response;
        }
        Ok(Target::Upstream(upstream, path)) => {
            match shared.under_way.clone().try_acquire_owned() {
                Ok(permit) => {
                    return match forward(shared, upstream, &path, request, permit, record).await {
                        Ok(response) => response,
                        Err((refusal, record)) => refused(&refusal, record),
                    };
                }
                Err(_) => Refusal::Busy,
            }
        }
        Err(refusal) => refusal,
    };
    refused(&refusal, record)
}

fn refused(refusal: &Refusal, mut record: Record) -> Response {
    record.answering(refusal.status());
    record.ended(refusal.code());
    refusal.response()
}

enum Target<'a> {
    List,
    Upstream(&'a Upstream, String),
}

/// All that is known without the network or the body.
fn admitted<'a>(
    shared: &'a Shared,
    request: &Request,
    record: &mut Record,
) -> Result<Target<'a>, Refusal> {
    if request.uri().authority().is_some() {
        return Err(Refusal::AbsoluteForm);
    }
    shared.ready.access.check(request.headers())?;
    let below = request.uri().path().strip_prefix(PREFIX).unwrap_or_default();
    let below = below.strip_prefix('/').unwrap_or_default();
    if below.is_empty() {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        return if reads { Ok(Target::List) } else { Err(Refusal::ListMethod) };
    }
    let end = below.find('/').unwrap_or(below.len());
    let (name, path) = below.split_at(end);
    let upstream = shared.ready.upstreams.get(name).ok_or(Refusal::NoUpstream)?;
    record.of_upstream(name, &upstream.mask);
    if !upstream.rule.methods.contains(request.method()) {
        let allowed = upstream.rule.methods.clone();
        return Err(Refusal::Method { upstream: name.to_owned(), allowed });
    }
    let path = if path.is_empty() { "/" } else { path };
    upstream.rule.paths.admit(path).map_err(Refusal::Path)?;
    query(request.uri().query().unwrap_or_default(), upstream)?;
    Ok(Target::Upstream(upstream, path.to_owned()))
}

fn query(query: &str, upstream: &Upstream) -> Result<(), Refusal> {
    if query.len() > MAX_TARGET_BYTES {
        return Err(Refusal::QueryTooLong);
    }
    // Some servers separate by semicolons too.
    for (name, _) in
        query.split([';', '&']).flat_map(|pair| form_urlencoded::parse(pair.as_bytes()))
    {
        if name.eq_ignore_ascii_case("_method") {
            return Err(Refusal::MethodOverride);
        }
        if let Some((name, _)) =
            upstream.query.iter().find(|(own, _)| name.eq_ignore_ascii_case(own))
        {
            return Err(Refusal::QueryReserved { name: name.clone() });
        }
    }
    Ok(())
}

async fn forward(
    shared: &Shared,
    upstream: &Upstream,
    path: &str,
    request: Request,
    permit: OwnedSemaphorePermit,
    record: Record,
) -> Result<Response, (Refusal, Record)> {
    let limits = upstream.rule.limits;
    let deadline = Instant::now() + limits.timeout;
    let too_slow = Refusal::Slow { limit_ms: limits.timeout.as_millis() };
    let method = request.method().clone();
    let exchanged = async {
        let request = outgoing(upstream, path, request, deadline).await?;
        let exchange = exchange(upstream, shared.resolver.as_ref(), request, deadline);
        let exchange = timeout_at(deadline, exchange).await.map_err(|_| too_slow.clone())??;
        judged(upstream, &method, &exchange)?;
        Ok(exchange)
    };
    let exchange = match exchanged.await {
        Ok(exchange) => exchange,
        Err(refusal) => return Err((refusal, record)),
    };
    let (head, incoming) = exchange.response.into_parts();
    let mut map = headers::incoming(&head.headers, &upstream.rule.response_headers, &upstream.mask);
    map.insert(HeaderName::from_static(OUTCOME_HEADER), HeaderValue::from_static("upstream"));
    let mut record = record;
    record.answering(head.status);
    let pieces = Pieces {
        incoming,
        mask: upstream.mask.stream(),
        limit: limits.response_bytes,
        seen: 0,
        deadline,
        too_slow,
        broken: Refusal::NotHttp { host: upstream.rule.base.host.clone() },
        has_ended: false,
        _connection: exchange.connection,
        _permit: permit,
        record,
    };
    let (body, length) = pieces.into_body().await?;
    let is_bare = matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let length = if method == Method::HEAD {
        told_length(&head.headers)
    } else {
        length.map(HeaderValue::from)
    };
    if let Some(length) = length.filter(|_| !is_bare) {
        map.insert(CONTENT_LENGTH, length);
    }
    let mut response = Response::new(body);
    *response.status_mut() = head.status;
    *response.headers_mut() = map;
    Ok(response)
}

/// The request to the upstream, with its secrets.
async fn outgoing(
    upstream: &Upstream,
    path: &str,
    request: Request,
    deadline: Instant,
) -> Result<axum::http::Request<Full<Bytes>>, Refusal> {
    let (head, body) = request.into_parts();
    let bytes = request_body(&head.method, &head.headers, body, upstream, deadline).await?;
    let uri = target(upstream, path, head.uri.query()).ok_or(Refusal::Path(PathFault::Encoding))?;
    let mut map = headers::outgoing(&head.headers, &upstream.rule.request_headers);
    let host = HeaderValue::from_str(&upstream.rule.base.authority());
    map.insert(HOST, host.map_err(|_| Refusal::NoUpstream)?);
    for (name, value) in &upstream.headers {
        map.insert(name.clone(), value.clone());
    }
    let mut outgoing = axum::http::Request::new(Full::new(bytes));
    *outgoing.method_mut() = head.method;
    *outgoing.uri_mut() = uri;
    *outgoing.headers_mut() = map;
    Ok(outgoing)
}

async fn request_body(
    method: &Method,
    map: &HeaderMap,
    body: Body,
    upstream: &Upstream,
    deadline: Instant,
) -> Result<Bytes, Refusal> {
    let limit = upstream.rule.limits.request_bytes;
    if matches!(*method, Method::GET | Method::HEAD) {
        // Without one its end is clear to everybody.
        let is_empty = body.is_end_stream() && !map.contains_key(TRANSFER_ENCODING);
        return if is_empty {
            Ok(Bytes::new())
        } else {
            Err(Refusal::UnwantedBody { method: method.clone() })
        };
    }
    if body.size_hint().lower() > limit {
        return Err(Refusal::RequestTooLarge { limit });
    }
    body::request(body, limit, deadline).await
}

fn target(upstream: &Upstream, path: &str, query: Option<&str>) -> Option<Uri> {
    let mut text = format!("{}{path}", upstream.rule.base.path);
    let secrets = upstream.query.iter().map(|(name, value)| {
        form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
    });
    let parts: Vec<String> = query
        .filter(|query| !query.is_empty())
        .map(str::to_owned)
        .into_iter()
        .chain(secrets)
        .collect();
    if !parts.is_empty() {
        text.push('?');
        text.push_str(&parts.join("&"));
    }
    text.parse::<PathAndQuery>().ok().map(Uri::from)
}

/// What of an answer is not passed on.
fn judged(upstream: &Upstream, method: &Method, exchange: &Exchange) -> Result<(), Refusal> {
    let (status, map) = (exchange.response.status(), exchange.response.headers());
    if status.is_informational() {
        return Err(Refusal::Switched);
    }
    if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Err(Refusal::Redirect { status, location: headers::location(map, &upstream.mask) });
    }
    let is_plain = map.get_all(CONTENT_ENCODING).iter().all(|value| value == "identity");
    if !is_plain && !upstream.mask.is_empty() {
        return Err(Refusal::Encoding);
    }
    let limit = upstream.rule.limits.response_bytes;
    let has_body = *method != Method::HEAD;
    if has_body && exchange.response.body().size_hint().lower() > limit {
        return Err(Refusal::ResponseTooLarge { limit });
    }
    Ok(())
}

/// What the upstream says of a body that `HEAD` leaves out.
fn told_length(map: &HeaderMap) -> Option<HeaderValue> {
    map.get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .map(HeaderValue::from)
}
