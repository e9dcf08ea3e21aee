//! Bodies on their way through: streamed, never gathered.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
use tokio::sync::oneshot;
use tokio::time::Sleep;

use crate::devserver::upstream::Lease;

/// The body of any answer.
pub(super) type Body = http_body_util::combinators::BoxBody<Bytes, hyper::Error>;

/// A body of our own.
pub(super) fn full(text: impl Into<Bytes>) -> Body {
    Full::new(text.into())
        .map_err(|never| match never {})
        .boxed()
}

/// How long a client that waits for `100 Continue` waits when the site does not say it.
const CONTINUE_AFTER: Duration = Duration::from_secs(1);

/// A request's body. Reading it makes hyper tell the client to go on, so one whose client waits for that is not read
/// before the site has said so.
#[derive(Debug)]
pub(super) struct Upload {
    inner: Incoming,
    gate: Option<Gate>,
}

/// What holds a body back.
#[derive(Debug)]
struct Gate {
    /// `None` when nobody will open it any more.
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
        Self { inner, gate: None }
    }

    /// Holds the body back until `opened`, or a while.
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
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of the site's answer: holds on to its generation until it is through.
pub(super) struct Download {
    inner: Incoming,
    /// Dropped at the end.
    _lease: Option<Lease>,
    /// Cuts a stream that has no end of its own.
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

/// A page with our script put into it, at the first place that will do. What was read before that place is held back,
/// the rest flows.
pub(super) struct Injected<B> {
    inner: B,
    /// The script's tag, until it is in.
    tag: Option<Bytes>,
    held: Vec<u8>,
    /// What follows what was just sent.
    then: Option<Frame<Bytes>>,
}

impl<B> Injected<B> {
    pub(super) fn new(inner: B, tag: Bytes) -> Self {
        Self {
            inner,
            tag: Some(tag),
            held: Vec::new(),
            then: None,
        }
    }

    /// What was held back, with the tag at `place`.
    fn put(&mut self, place: usize) -> Bytes {
        let mut page = std::mem::take(&mut self.held);
        page.splice(place..place, self.tag.take().unwrap_or_default());
        page.into()
    }
}

impl<B> hyper::body::Body for Injected<B>
where
    B: hyper::body::Body<Data = Bytes, Error = hyper::Error> + Unpin,
{
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let Some(frame) = self.then.take() {
            return Poll::Ready(Some(Ok(frame)));
        }
        loop {
            let frame = std::task::ready!(Pin::new(&mut self.inner).poll_frame(context));
            if self.tag.is_none() {
                return Poll::Ready(frame);
            }
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => {
                    self.held.extend_from_slice(&data);
                    let place = super::inject::place(&self.held).or_else(|| {
                        // A page that hides its head so far down gets the script where it is.
                        (self.held.len() > super::inject::LOOK).then_some(self.held.len())
                    });
                    if let Some(place) = place {
                        return Poll::Ready(Some(Ok(Frame::data(self.put(place)))));
                    }
                }
                // Trailers: the page is over.
                Some(Ok(Err(frame))) => {
                    let end = self.held.len();
                    self.then = Some(frame);
                    return Poll::Ready(Some(Ok(Frame::data(self.put(end)))));
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    let end = self.held.len();
                    return Poll::Ready(Some(Ok(Frame::data(self.put(end)))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.tag.is_none() && self.then.is_none() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.inner.size_hint();
        let ours = self.held.len() + self.tag.as_ref().map_or(0, Bytes::len);
        let ours = u64::try_from(ours).unwrap_or_default();
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + ours);
        }
        hint.set_lower(hint.lower() + ours);
        hint
    }
}
