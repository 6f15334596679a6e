//! A gateway made by hand, for answers that no library would give.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

/// A request to read registers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    pub(crate) unit: u8,
    pub(crate) function: u8,
    pub(crate) start: u16,
    pub(crate) count: u16,
    /// Since its connection was made.
    pub(crate) age: Duration,
}

/// What the gateway does about it.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Registers(Vec<u16>),
    Exception(u8),
    Silence,
    Late(Duration, Vec<u16>),
    WrongTransaction(Vec<u16>),
    WrongUnit(Vec<u16>),
    WrongFunction,
    /// A frame whose length ends before its data.
    Truncated,
    /// Bytes that are no Modbus frame.
    Garbage,
    Close,
    /// A good answer, then the end of the connection.
    LastRegisters(Vec<u16>),
}

/// A gateway on a free port.
pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    pub(crate) connections: Arc<AtomicUsize>,
    /// The most connections that were open at the same time.
    pub(crate) most_at_once: Arc<AtomicUsize>,
}

impl Stub {
    pub(crate) async fn start(answer: impl Fn(Question) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let most_at_once = Arc::new(AtomicUsize::new(0));
        let (count, most) = (connections.clone(), most_at_once.clone());
        let open = Arc::new(AtomicUsize::new(0));
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (answer, open) = (answer.clone(), open.clone());
                most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::spawn(async move {
                    serve(stream, &*answer).await.ok();
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, connections, most_at_once }
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: &(impl Fn(Question) -> Answer + Send + Sync),
) -> std::io::Result<()> {
    let connected = Instant::now();
    loop {
        let mut frame = [0; 12];
        stream.read_exact(&mut frame).await?;
        let unit = frame[6];
        let question = Question {
            unit,
            function: frame[7],
            start: u16::from_be_bytes([frame[8], frame[9]]),
            count: u16::from_be_bytes([frame[10], frame[11]]),
            age: connected.elapsed(),
        };
        let transaction = u16::from_be_bytes([frame[0], frame[1]]);
        let registers = |words: &[u16]| {
            let bytes = words.iter().flat_map(|word| word.to_be_bytes());
            let length = u8::try_from(words.len() * 2).unwrap();
            [question.function, length].into_iter().chain(bytes).collect::<Vec<_>>()
        };
        let send = match answer(question) {
            Answer::Registers(words) => adu(transaction, unit, &registers(&words)),
            Answer::Exception(code) => adu(transaction, unit, &[question.function | 0x80, code]),
            Answer::Silence => continue,
            Answer::Late(delay, words) => {
                sleep(delay).await;
                adu(transaction, unit, &registers(&words))
            }
            Answer::WrongTransaction(words) => {
                adu(transaction.wrapping_add(7), unit, &registers(&words))
            }
            Answer::WrongUnit(words) => adu(transaction, unit ^ 0x55, &registers(&words)),
            Answer::WrongFunction => adu(transaction, unit, &[question.function ^ 7, 2, 0, 1]),
            Answer::Truncated => adu(transaction, unit, &[question.function, 20, 0, 1]),
            Answer::Garbage => vec![0xFF; 64],
            Answer::Close => return Ok(()),
            Answer::LastRegisters(words) => {
                stream.write_all(&adu(transaction, unit, &registers(&words))).await?;
                return Ok(());
            }
        };
        stream.write_all(&send).await?;
    }
}

/// A frame of Modbus TCP: transaction, protocol 0, length, unit, then function and data.
fn adu(transaction: u16, unit: u8, pdu: &[u8]) -> Vec<u8> {
    let length = u16::try_from(pdu.len() + 1).unwrap();
    let mut frame = transaction.to_be_bytes().to_vec();
    frame.extend([0, 0]);
    frame.extend(length.to_be_bytes());
    frame.push(unit);
    frame.extend(pdu);
    frame
}
