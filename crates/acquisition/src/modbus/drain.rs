//! A stream on which nothing that came before a request can pass for its answer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Throws away what is waiting to be read whenever writing begins anew.
///
/// Frames of a serial line carry no number that ties an answer to its request, so an answer that came
/// too late would be taken for the next one.
#[derive(Debug)]
pub(super) struct Drained<T> {
    stream: T,
    /// Whether the last thing done was reading, or nothing yet.
    stale: bool,
}

impl<T: AsyncRead + Unpin> Drained<T> {
    pub(super) const fn new(stream: T) -> Self {
        Self { stream, stale: true }
    }

    fn discard(&mut self, cx: &mut Context<'_>) {
        let mut bytes = [0; 256];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            let read = Pin::new(&mut self.stream).poll_read(cx, &mut buffer);
            // An end or an error shows when the answer is read.
            if !matches!(read, Poll::Ready(Ok(()))) || buffer.filled().is_empty() {
                return;
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Drained<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stale = true;
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Drained<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.stale {
            self.discard(cx);
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.stale = false;
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn what_came_before_the_request_is_not_its_answer() {
        let (near, mut far) = tokio::io::duplex(64);
        let mut near = Drained::new(near);
        far.write_all(b"noise").await.unwrap();
        near.write_all(b"first").await.unwrap();
        far.write_all(b"1").await.unwrap();
        assert_eq!(near.read_u8().await.unwrap(), b'1');
        far.write_all(b"late").await.unwrap();
        near.write_all(b"se").await.unwrap();
        near.write_all(b"cond").await.unwrap();
        far.write_all(b"2").await.unwrap();
        assert_eq!(near.read_u8().await.unwrap(), b'2');
        let mut asked = [0; 11];
        far.read_exact(&mut asked).await.unwrap();
        assert_eq!(&asked, b"firstsecond");
    }
}
