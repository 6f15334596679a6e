//! A stream of Modbus TCP that knows which answers belong to the request under way.
//!
//! A request may be asked twice, and either answer is good; the other one must then not be taken for
//! the next request's. And some gateways answer with a transaction number of their own.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Transaction number, protocol and length: what stands before the unit.
const HEAD: usize = 6;
/// The longest frame there is.
const FRAME: usize = 260;

/// An answer carries the number of no request under way.
#[derive(Debug, thiserror::Error)]
#[error("the answer carries the transaction number of another request")]
pub(super) struct OtherTransaction;

/// Gives answers the number of the request last written where they belong to it.
#[derive(Debug)]
pub(super) struct Transactions<T> {
    stream: T,
    /// Whether an answer must carry the number of its request.
    strict: bool,
    is_writing: bool,
    /// The request last written, and the one before it.
    request: Vec<u8>,
    before: Vec<u8>,
    is_answered: bool,
    /// The number under which the same was asked before and not answered.
    earlier: Option<u16>,
    /// The number whose answer is not wanted any more.
    late: Option<u16>,
    place: Place,
    /// The head of a frame as far as it came.
    head: Vec<u8>,
    /// Bytes that are read and not handed on yet.
    handed: Vec<u8>,
}

/// The place of the stream in a frame, with how many bytes of it are to come.
#[derive(Debug, Clone, Copy)]
enum Place {
    Head,
    Body(usize),
    Skipped(usize),
}

impl<T> Transactions<T> {
    pub(super) const fn new(stream: T, strict: bool) -> Self {
        Self {
            stream,
            strict,
            is_writing: false,
            request: Vec::new(),
            before: Vec::new(),
            is_answered: true,
            earlier: None,
            late: None,
            place: Place::Head,
            head: Vec::new(),
            handed: Vec::new(),
        }
    }

    fn begin_request(&mut self) {
        self.is_writing = true;
        self.before = std::mem::take(&mut self.request);
        self.handed.clear();
        if let Place::Body(left) = self.place {
            self.place = Place::Skipped(left);
        }
    }

    fn begin_answer(&mut self) {
        self.is_writing = false;
        let is_same = !self.is_answered && self.before.get(2..) == self.request.get(2..);
        self.earlier = number(&self.before, 0).filter(|_| is_same);
        self.is_answered = false;
    }

    /// Says what becomes of the frame whose head is complete.
    fn judge(&mut self) -> Result<(), OtherTransaction> {
        let mut head = std::mem::take(&mut self.head);
        let (asked, got) = (number(&self.request, 0), number(&head, 0));
        if number(&head, 2) != Some(0) {
            // No Modbus, which shows when it is read.
            self.place = Place::Body(usize::MAX);
            self.handed = head;
            return Ok(());
        }
        let length = number(&head, 4).map_or(0, usize::from);
        if self.strict && got != asked {
            if got == self.late {
                self.place = Place::Skipped(length);
                return Ok(());
            }
            if got != self.earlier {
                return Err(OtherTransaction);
            }
            self.late = asked;
        } else if self.earlier.is_some() {
            self.late = self.earlier;
        }
        if let Some(asked) = asked {
            head.splice(..2, asked.to_be_bytes());
        }
        self.is_answered = true;
        self.place = Place::Body(length);
        self.handed = head;
        Ok(())
    }

    fn hand_on(&mut self, buffer: &mut ReadBuf<'_>) {
        let rest = self.handed.split_off(self.handed.len().min(buffer.remaining()));
        buffer.put_slice(&self.handed);
        self.handed = rest;
    }
}

/// The number at a place of a head.
fn number(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

impl<T: AsyncRead + Unpin> AsyncRead for Transactions<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.is_writing {
            this.begin_answer();
        }
        loop {
            if !this.handed.is_empty() {
                this.hand_on(buffer);
                return Poll::Ready(Ok(()));
            }
            let left = match this.place {
                Place::Head => HEAD - this.head.len(),
                Place::Body(0) | Place::Skipped(0) => {
                    this.place = Place::Head;
                    continue;
                }
                Place::Body(left) | Place::Skipped(left) => left,
            };
            let mut bytes = [0; FRAME];
            let mut whole = ReadBuf::new(&mut bytes);
            let mut part = whole.take(left);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut part))?;
            let part = part.filled();
            if part.is_empty() {
                // The part of a head that came shows that the answer is cut off.
                this.handed = std::mem::take(&mut this.head);
                this.hand_on(buffer);
                return Poll::Ready(Ok(()));
            }
            match &mut this.place {
                Place::Head => {
                    this.head.extend_from_slice(part);
                    if this.head.len() == HEAD {
                        this.judge().map_err(io::Error::other)?;
                    }
                }
                Place::Body(left) => {
                    *left -= part.len();
                    this.handed = part.to_vec();
                }
                Place::Skipped(left) => *left -= part.len(),
            }
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Transactions<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        if !self.is_writing {
            self.begin_request();
        }
        self.request.extend_from_slice(bytes.get(..written).unwrap_or_default());
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
    use std::error::Error as StdError;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::timeout;

    use super::*;

    /// A request or an answer of unit 1, told apart by one byte.
    fn frame(number: u16, says: u8) -> [u8; 8] {
        let [high, low] = number.to_be_bytes();
        [high, low, 0, 0, 0, 2, 1, says]
    }

    async fn read(near: &mut (impl AsyncRead + Unpin)) -> io::Result<[u8; 8]> {
        let mut frame = [0; 8];
        near.read_exact(&mut frame).await.map(|_| frame)
    }

    #[tokio::test]
    async fn of_the_same_request_asked_twice_one_answer_is_taken() {
        for (first, second) in [(0, 1), (1, 0)] {
            let (near, mut far) = tokio::io::duplex(64);
            let mut near = Transactions::new(near, true);
            for number in [0, 1] {
                near.write_all(&frame(number, 7)).await.unwrap();
                assert!(timeout(Duration::from_millis(10), read(&mut near)).await.is_err());
            }
            far.write_all(&frame(first, 8)).await.unwrap();
            assert_eq!(read(&mut near).await.unwrap(), frame(1, 8));
            // Part of the other answer comes before the next request, the rest after it.
            let other = frame(second, 9);
            far.write_all(&other[..3]).await.unwrap();
            near.write_all(&frame(2, 7)).await.unwrap();
            far.write_all(&other[3..]).await.unwrap();
            far.write_all(&frame(2, 10)).await.unwrap();
            assert_eq!(read(&mut near).await.unwrap(), frame(2, 10));
        }
    }

    #[tokio::test]
    async fn the_answer_to_another_request_is_refused_unless_numbers_mean_nothing() {
        for (strict, before) in [(true, None), (false, None), (true, Some(6))] {
            let (near, mut far) = tokio::io::duplex(64);
            let mut near = Transactions::new(near, strict);
            if let Some(says) = before {
                near.write_all(&frame(4, says)).await.unwrap();
                assert!(timeout(Duration::from_millis(10), read(&mut near)).await.is_err());
            }
            near.write_all(&frame(5, 7)).await.unwrap();
            far.write_all(&frame(4, 8)).await.unwrap();
            let answer = read(&mut near).await;
            match answer {
                Ok(answer) => assert_eq!((strict, answer), (false, frame(5, 8))),
                Err(error) => {
                    assert!(
                        strict
                            && error
                                .get_ref()
                                .is_some_and(<dyn StdError + Send + Sync>::is::<OtherTransaction>)
                    );
                }
            }
        }
    }
}
