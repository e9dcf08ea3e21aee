//! Bodies that pass through: streamed, never buffered whole.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
use tokio::sync::oneshot;
use tokio::time::Sleep;

use crate::devserver::proxy::upstream::Lease;

/// The body of any response.
pub(super) type Body = http_body_util::combinators::BoxBody<Bytes, hyper::Error>;

/// A body with this text.
pub(super) fn full(text: impl Into<Bytes>) -> Body {
    Full::new(text.into())
        .map_err(|never| match never {})
        .boxed()
}

/// How long to wait for `100 Continue` of the site before the body is read anyway.
const CONTINUE_AFTER: Duration = Duration::from_secs(1);

/// How long the rest of a body is read that the site did not read.
const REST_FOR: Duration = Duration::from_secs(30);

/// A request's body. Reading it makes hyper send `100 Continue`, so if the client waits for that, the body is not read
/// before the site has sent it.
///
/// What the site has not read when it is dropped is read and thrown away: most clients read the answer once they have
/// sent everything, and a connection that is closed before is an error to them.
#[derive(Debug)]
pub(super) struct Upload {
    /// `None` once it is dropped.
    inner: Option<Incoming>,
    gate: Option<Gate>,
}

/// Holds a body back.
#[derive(Debug)]
struct Gate {
    /// `None` once the sender is gone.
    opened: Option<oneshot::Receiver<()>>,
    late: Pin<Box<Sleep>>,
}

impl Gate {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some(opened) = &mut self.opened {
            match Pin::new(opened).poll(context) {
                Poll::Ready(Ok(())) => return Poll::Ready(()),
                Poll::Ready(Err(_)) => self.opened = None,
                Poll::Pending => {}
            }
        }
        self.late.as_mut().poll(context)
    }
}

impl Upload {
    pub(super) fn new(inner: Incoming) -> Self {
        Self {
            inner: Some(inner),
            gate: None,
        }
    }

    /// Holds the body back until `opened`, or for [`CONTINUE_AFTER`].
    pub(super) fn hold_back(&mut self, opened: oneshot::Receiver<()>) {
        self.gate = Some(Gate {
            opened: Some(opened),
            late: Box::pin(tokio::time::sleep(CONTINUE_AFTER)),
        });
    }
}

impl hyper::body::Body for Upload {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let Some(gate) = &mut self.gate {
            std::task::ready!(gate.poll(context));
            self.gate = None;
        }
        match &mut self.inner {
            Some(inner) => Pin::new(inner).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner
            .as_ref()
            .is_none_or(hyper::body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.as_ref();
        inner.map_or_else(|| SizeHint::with_exact(0), hyper::body::Body::size_hint)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // A client that still waits to be asked for its body does not send it.
        if let Some(mut rest) = self.inner.take()
            && self.gate.is_none()
            && !hyper::body::Body::is_end_stream(&rest)
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(tokio::time::timeout(REST_FOR, async move {
                while let Some(Ok(_)) = rest.frame().await {}
            }));
        }
    }
}

/// The body of the site's response: keeps the lease on its generation until the end.
pub(super) struct Download {
    inner: Incoming,
    /// Dropped at the end.
    _lease: Option<Lease>,
    /// Ends a stream that has no end of its own.
    cut: Option<Pin<Box<dyn Future<Output = ()> + Send + Sync>>>,
}

impl Download {
    pub(super) fn new(inner: Incoming, lease: Lease) -> Self {
        Self {
            inner,
            _lease: Some(lease),
            cut: None,
        }
    }

    /// A stream of events, for as long as its generation serves: no swap waits for its end.
    pub(super) fn endless(inner: Incoming, lease: &Lease) -> Self {
        let upstream = lease.upstream().clone();
        Self {
            inner,
            _lease: None,
            cut: Some(Box::pin(async move { upstream.closed().await })),
        }
    }
}

impl hyper::body::Body for Download {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let Some(cut) = &mut self.cut
            && cut.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A body whose start was read already.
pub(super) struct Resumed {
    start: Option<Bytes>,
    /// The trailers that followed the start, if they have been read.
    then: Option<Frame<Bytes>>,
    rest: Body,
}

impl Resumed {
    pub(super) fn new(start: impl Into<Bytes>, then: Option<Frame<Bytes>>, rest: Body) -> Self {
        let start = Some(start.into()).filter(|start| !start.is_empty());
        Self { start, then, rest }
    }
}

impl hyper::body::Body for Resumed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let Some(start) = self.start.take() {
            return Poll::Ready(Some(Ok(Frame::data(start))));
        }
        if let Some(then) = self.then.take() {
            return Poll::Ready(Some(Ok(then)));
        }
        Pin::new(&mut self.rest).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.start.is_none() && self.then.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.rest.size_hint();
        let start = self.start.as_ref().map_or(0, Bytes::len);
        let start = u64::try_from(start).unwrap_or_default();
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + start);
        }
        hint.set_lower(hint.lower() + start);
        hint
    }
}
