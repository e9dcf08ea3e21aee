//! The connection to the site: what it has answered is read, even if it reads nothing any more.
//!
//! A site may answer before it has read the whole request (`401`, `413`) and close the connection. Whatever is written to
//! it then fails, and hyper would give up the connection with the answer unread.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};

/// A stream that drops what the other side does not read, instead of failing.
pub(super) struct SiteStream<T> {
    inner: T,
    /// The other side reads nothing any more.
    is_closed: bool,
}

impl<T> SiteStream<T> {
    pub(super) fn new(inner: T) -> Self {
        Self {
            inner,
            is_closed: false,
        }
    }

    /// `written`, where a closed connection takes everything.
    fn or_dropped(
        &mut self,
        written: Poll<io::Result<usize>>,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Err(error)) if is_closed(&error) => {
                self.is_closed = true;
                Poll::Ready(Ok(length))
            }
            written => written,
        }
    }
}

fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
    )
}

impl<T: Read + Unpin> Read for SiteStream<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_read(context, buffer) {
            // Whether the response is complete is told by its own framing.
            Poll::Ready(Err(error)) if is_closed(&error) => Poll::Ready(Ok(())),
            read => read,
        }
    }
}

impl<T: Write + Unpin> Write for SiteStream<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_closed {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.or_dropped(written, bytes.len())
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length = buffers.iter().map(|buffer| buffer.len()).sum();
        if self.is_closed {
            return Poll::Ready(Ok(length));
        }
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, buffers);
        self.or_dropped(written, length)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_closed {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_closed {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use hyper_util::rt::TokioIo;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    #[tokio::test]
    async fn an_answer_outlives_the_side_that_reads_no_more() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stream = TcpStream::connect(address).await.expect("connected");
        let (mut site, _) = listener.accept().await.expect("accepted");
        let mut stream = TokioIo::new(SiteStream::new(TokioIo::new(stream)));
        stream.write_all(b"request").await.expect("sent");
        site.readable().await.expect("it has arrived");
        site.write_all(b"answer").await.expect("answered");
        // It closes with bytes unread: the connection is reset.
        drop(site);
        for _ in 0..3 {
            stream.write_all(&[0; 100_000]).await.expect("dropped");
            stream.flush().await.expect("nothing to flush");
        }
        assert!(stream.inner().is_closed);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("read");
        assert_eq!(answer, "answer");
        stream.shutdown().await.expect("closed");
    }
}
