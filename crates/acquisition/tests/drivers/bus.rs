//! A serial line behind a gateway that passes frames through as they are: what a unit says late is
//! sent to whoever is connected then, as on a real line.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use crate::stub::{Answer, Question};

/// A transparent gateway on a free port.
pub(crate) struct Bus {
    pub(crate) address: SocketAddr,
}

/// The connection that frames go to.
type Out = Arc<Mutex<Option<OwnedWriteHalf>>>;

impl Bus {
    pub(crate) async fn start(answer: impl Fn(Question) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answer = Arc::new(answer);
        let out = Out::default();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (requests, frames) = stream.into_split();
                *out.lock().await = Some(frames);
                let (answer, out) = (answer.clone(), out.clone());
                tokio::spawn(async move { serve(requests, &*answer, &out).await.ok() });
            }
        });
        Self { address }
    }
}

async fn serve(
    mut requests: OwnedReadHalf,
    answer: &(impl Fn(Question) -> Answer + Send + Sync),
    out: &Out,
) -> std::io::Result<()> {
    let connected = Instant::now();
    loop {
        let mut request = [0; 8];
        requests.read_exact(&mut request).await?;
        assert_eq!(frame(&request[..6]), request, "the check sum of a request");
        let question = Question {
            unit: request[0],
            function: request[1],
            start: u16::from_be_bytes([request[2], request[3]]),
            count: u16::from_be_bytes([request[4], request[5]]),
            age: connected.elapsed(),
        };
        let Question { unit, function, .. } = question;
        let registers = |unit: u8, words: &[u16]| {
            let bytes = words.iter().flat_map(|word| word.to_be_bytes());
            let length = u8::try_from(words.len() * 2).unwrap();
            frame(&[unit, function, length].into_iter().chain(bytes).collect::<Vec<_>>())
        };
        let say = match answer(question) {
            Answer::Registers(words)
            | Answer::WrongTransaction(words)
            | Answer::LastRegisters(words) => registers(unit, &words),
            Answer::Exception(code) => frame(&[unit, function | 0x80, code]),
            Answer::Silence => continue,
            Answer::Late(delay, words) => {
                let (late, out) = (registers(unit, &words), out.clone());
                tokio::spawn(async move {
                    sleep(delay).await;
                    send(&out, &late).await.ok();
                });
                continue;
            }
            Answer::WrongUnit(words) => registers(unit ^ 0x55, &words),
            Answer::WrongFunction => frame(&[unit, function ^ 7, 2, 0, 1]),
            Answer::Truncated => registers(unit, &[0; 10])[..9].to_vec(),
            Answer::Garbage => vec![0xFF; 64],
            Answer::Close => {
                out.lock().await.take();
                return Ok(());
            }
        };
        send(out, &say).await?;
    }
}

async fn send(out: &Out, bytes: &[u8]) -> std::io::Result<()> {
    match &mut *out.lock().await {
        Some(frames) => frames.write_all(bytes).await,
        None => Ok(()),
    }
}

/// A frame of Modbus RTU: unit, function and data, then the check sum, low byte first.
fn frame(data: &[u8]) -> Vec<u8> {
    let sum =
        data.iter().fold(0xFFFF_u16, |sum, byte| {
            (0..8).fold(sum ^ u16::from(*byte), |sum, _| {
                if sum & 1 == 1 { sum >> 1 ^ 0xA001 } else { sum >> 1 }
            })
        });
    [data, &sum.to_le_bytes()].concat()
}
