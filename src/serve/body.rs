//! The bytes of an answer, as they go out: whole, a file piece by piece, or
//! events for as long as somebody listens. None holds more than a piece.

use super::live::Word;
use hyper::body::{Bytes, Frame, SizeHint};
use std::future::Future;
use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;

/// Bytes of a file that are read at once.
const CHUNK: usize = 64 << 10;
/// How often a silent stream of events shows that it lives, so that a
/// connection that nobody holds is noticed.
const PULSE: Duration = Duration::from_secs(20);

/// The bytes of an answer.
pub(super) enum Body {
    Whole(Option<Bytes>),
    /// A file and how much of it is left.
    File(std::fs::File, u64),
    Events(Events),
}

impl Body {
    /// Word of every change, as server-sent events
    /// (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
    pub fn events(words: watch::Receiver<Word>) -> Self {
        Self::Events(Box::pin(next_event(words)))
    }
}

/// The next event, and how to go on after it.
pub(super) type Events =
    Pin<Box<dyn Future<Output = Option<(watch::Receiver<Word>, Bytes)>> + Send>>;

async fn next_event(mut words: watch::Receiver<Word>) -> Option<(watch::Receiver<Word>, Bytes)> {
    let text = match tokio::time::timeout(PULSE, words.changed()).await {
        Ok(Ok(())) => {
            // A word is plain data, so writing it cannot fail; JSON has no line breaks.
            let word = serde_json::to_string(&*words.borrow_and_update()).unwrap_or_default();
            format!("retry: 500\ndata: {word}\n\n")
        }
        Ok(Err(_)) => return None,
        Err(_) => ": still here\n\n".to_owned(),
    };
    Some((words, text.into()))
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(match &mut *self {
            Self::Whole(bytes) => bytes.take().map(|bytes| Ok(Frame::data(bytes))),
            Self::File(_, 0) => None,
            Self::File(file, left) => {
                let mut chunk = vec![0; usize::try_from(*left).unwrap_or(CHUNK).min(CHUNK)];
                match file.read(&mut chunk) {
                    // It has become shorter: the client sees that something is missing.
                    Ok(0) => Some(Err(std::io::ErrorKind::UnexpectedEof.into())),
                    Ok(read) => {
                        *left -= read as u64;
                        chunk.truncate(read);
                        Some(Ok(Frame::data(chunk.into())))
                    }
                    Err(error) => Some(Err(error)),
                }
            }
            Self::Events(next) => match next.as_mut().poll(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => None,
                Poll::Ready(Some((words, text))) => {
                    *next = Box::pin(next_event(words));
                    Some(Ok(Frame::data(text)))
                }
            },
        })
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::File(_, left) => SizeHint::with_exact(*left),
            Self::Events(_) => SizeHint::default(),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None) | Self::File(_, 0))
    }
}
