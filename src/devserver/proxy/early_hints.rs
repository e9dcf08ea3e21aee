//! Informational responses of the site, such as `103 Early Hints`, on their way to the client.
//!
//! hyper's server has no way to send them, so they are written to its stream between two messages: when hyper has
//! flushed everything that it had written, and before it writes the final response.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use hyper::Response;
use hyper::rt::{Read, ReadBufCursor, Write};

/// The informational responses for a client. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct EarlyHints(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Heads that have yet to be written.
    pending: Vec<u8>,
    /// hyper has written something that it has not flushed.
    is_within_message: bool,
    /// Wakes the connection.
    waker: Option<Waker>,
}

impl EarlyHints {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the head of an informational response.
    pub(super) fn send(&self, response: &Response<()>) {
        let mut state = self.state();
        let status = response.status();
        let reason = status.canonical_reason().unwrap_or_default();
        let line = format!("HTTP/1.1 {} {reason}\r\n", status.as_str());
        state.pending.extend(line.bytes());
        for (name, value) in response.headers() {
            state.pending.extend(name.as_str().bytes());
            state.pending.extend(b": ");
            state.pending.extend(value.as_bytes());
            state.pending.extend(b"\r\n");
        }
        state.pending.extend(b"\r\n");
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }

    /// The final response follows: hints that cannot be written before it are dropped.
    pub(super) fn end(&self) {
        let mut state = self.state();
        if state.is_within_message {
            state.pending.clear();
        }
    }
}

/// A stream into which informational responses are inserted.
pub(super) struct WithHints<T> {
    inner: T,
    hints: EarlyHints,
}

impl<T> WithHints<T> {
    pub(super) fn new(inner: T, hints: EarlyHints) -> Self {
        Self { inner, hints }
    }
}

impl<T: Write + Unpin> WithHints<T> {
    /// Writes the pending hints, unless hyper is within a message.
    fn poll_hints(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.hints.state();
        state.waker = Some(context.waker().clone());
        while !state.pending.is_empty() && !state.is_within_message {
            let written = ready!(Pin::new(&mut self.inner).poll_write(context, &state.pending))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            state.pending.drain(..written);
        }
        Poll::Ready(Ok(()))
    }

    fn wrote(&self) {
        self.hints.state().is_within_message = true;
    }
}

impl<T: Read + Unpin> Read for WithHints<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        self.hints.state().waker = Some(context.waker().clone());
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<T: Write + Unpin> Write for WithHints<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_hints(context))?;
        let written = ready!(Pin::new(&mut self.inner).poll_write(context, bytes));
        self.wrote();
        Poll::Ready(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_hints(context))?;
        let written = ready!(Pin::new(&mut self.inner).poll_write_vectored(context, buffers));
        self.wrote();
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.inner).poll_flush(context))?;
        // hyper flushes when it has written all that it had.
        self.hints.state().is_within_message = false;
        ready!(self.poll_hints(context))?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
