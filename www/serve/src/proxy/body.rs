//! Bodies, within their limits of size and time.

use axum::body::Body;
use futures_util::stream::unfold;
use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::log::Record;
use super::refusal::Refusal;
use super::secret::MaskStream;

/// An answer up to this length is held until it is whole, so that whatever goes wrong with it has a status and a
/// sentence. Of a longer one the status is sent before its end is known.
pub(crate) const HELD_BYTES: usize = 256 * 1024;

/// The whole body of the page's request: nothing has left for the upstream before it is known to be short enough.
pub(crate) async fn request(
    mut body: Body,
    limit: u64,
    deadline: Instant,
) -> Result<Bytes, Refusal> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    loop {
        let frame = timeout_at(deadline, body.frame()).await.map_err(|_| Refusal::RequestSlow)?;
        let Some(frame) = frame else { return Ok(bytes.into()) };
        // Trailers are dropped.
        if let Ok(piece) = frame.map_err(|_| Refusal::RequestBroken)?.into_data() {
            if piece.len() > most - bytes.len() {
                return Err(Refusal::RequestTooLarge { limit });
            }
            bytes.extend_from_slice(&piece);
        }
    }
}

/// The body of an upstream's answer, piece by piece.
pub(crate) struct Pieces {
    pub(crate) incoming: Incoming,
    pub(crate) mask: MaskStream,
    pub(crate) limit: u64,
    pub(crate) seen: u64,
    pub(crate) deadline: Instant,
    pub(crate) too_slow: Refusal,
    pub(crate) broken: Refusal,
    pub(crate) has_ended: bool,
    /// The three are kept as long as the body is read: the connection, a place among those under way, the log line.
    pub(crate) _connection: JoinSet<()>,
    pub(crate) _permit: OwnedSemaphorePermit,
    pub(crate) record: Record,
}

impl Pieces {
    /// The next piece, or `None` at the end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Refusal> {
        if self.has_ended {
            return Ok(None);
        }
        loop {
            let frame = timeout_at(self.deadline, self.incoming.frame())
                .await
                .map_err(|_| self.too_slow.clone())?;
            let Some(frame) = frame else {
                self.has_ended = true;
                return Ok(Some(self.mask.finish()));
            };
            // Trailers are dropped.
            let Ok(piece) = frame.map_err(|_| self.broken.clone())?.into_data() else { continue };
            self.seen = self.seen.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            if self.seen > self.limit {
                return Err(Refusal::ResponseTooLarge { limit: self.limit });
            }
            return Ok(Some(self.mask.push(&piece)));
        }
    }

    /// All of a short body, or the beginning of a long one and the rest as it comes.
    ///
    /// A rest that goes beyond a limit is cut: the connection to the page breaks, so `fetch` rejects rather than
    /// take a part for the whole, and the log says why.
    pub(crate) async fn into_body(mut self) -> Result<(Body, Option<usize>), (Refusal, Record)> {
        let mut bytes = Vec::new();
        loop {
            match self.next().await {
                Ok(Some(piece)) => bytes.extend_from_slice(&piece),
                Ok(None) => {
                    self.record.passed(bytes.len());
                    self.record.ended("ok");
                    let length = bytes.len();
                    return Ok((Body::from(bytes), Some(length)));
                }
                Err(refusal) => return Err((refusal, self.record)),
            }
            if bytes.len() > HELD_BYTES {
                return Ok((self.streamed(bytes), None));
            }
        }
    }

    fn streamed(self, begun: Vec<u8>) -> Body {
        Body::from_stream(unfold(Some((self, begun)), |state| async {
            let (mut pieces, mut ready) = state?;
            while ready.is_empty() {
                match pieces.next().await {
                    Ok(Some(piece)) => ready = piece,
                    Ok(None) => {
                        pieces.record.ended("ok");
                        return None;
                    }
                    Err(refusal) => {
                        pieces.record.ended(refusal.code());
                        return Some((Err(Cut(refusal.code())), None));
                    }
                }
            }
            pieces.record.passed(ready.len());
            Some((Ok(Bytes::from(ready)), Some((pieces, Vec::new()))))
        }))
    }
}

/// Why an answer ends before its end.
#[derive(Debug, thiserror::Error)]
#[error("the answer was cut: {0}")]
struct Cut(&'static str);
