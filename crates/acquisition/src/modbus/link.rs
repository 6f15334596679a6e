//! A connection to a line.

use std::error::Error as StdError;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::devices::reason::modbus::Unanswered;
use domain::devices::reason::unreached::Unreached;
use domain::devices::{Function, Gateway, Line, Parity, SerialLine};
use domain::message::Message;
use serial2_tokio::SerialPort;
use tokio::io::BufReader;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_modbus::client::{Client, Context, rtu, tcp};
use tokio_modbus::slave::SlaveContext;
use tokio_modbus::{Error, ExceptionCode, ProtocolError, Request, Response, Slave};

use super::connect_policy::ConnectPolicy;
use super::drain::Drained;
use super::exception::said;
use super::first_wait;
use super::line_lock::LineLock;
use super::transactions::{OtherTransaction, Transactions};
use crate::outbound;

const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// Longer than the second after which gateways give up on a unit, whose word we want to hear.
const ANSWER_LIMIT: Duration = Duration::from_secs(3);

/// Why a read failed.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The device answered that it will not; the link is healthy.
    Exception(ExceptionCode),
    /// No answer in time. A late one would be taken for the next, so the link must be dropped.
    TimedOut(Duration),
    /// The connection broke.
    Broken(Message),
    /// An answer to somebody else; the link must be dropped.
    Foreign,
    /// An answer that by its transaction number is to another request; the link must be dropped.
    OtherTransaction,
    /// An answer that does not fit the question; the link must be dropped.
    Wrong(Message),
}

impl From<&ReadError> for Message {
    fn from(error: &ReadError) -> Self {
        let wrong = |why| Unanswered::Wrong { why: Box::new(why) }.into();
        match error {
            ReadError::Exception(exception) => said(*exception).into(),
            ReadError::TimedOut(limit) => {
                Unreached::NoAnswer { seconds: limit.as_secs_f64() }.into()
            }
            ReadError::Broken(why) => Unreached::Broke { why: Box::new(why.clone()) }.into(),
            ReadError::Foreign => wrong(Unanswered::Foreign.into()),
            ReadError::OtherTransaction => wrong(Unanswered::OtherTransaction.into()),
            ReadError::Wrong(why) => wrong(why.clone()),
        }
    }
}

/// A connection to a line, and the turn on it. After any error but an exception it must not be used
/// again.
pub(crate) struct Link {
    context: Context,
    /// Whether it has carried an answer; an idle one may have been closed by the gateway since.
    pub(super) used: bool,
    /// Tells this connection from all others.
    pub(super) id: u64,
    pub(super) line: Line,
    connected: Instant,
    answer_limit: Duration,
    /// Whether a first request without an answer is asked once more.
    asks_again: bool,
    /// Silence between two frames of a serial line.
    pause: Duration,
    free: Instant,
    turn: LineLock,
}

static LINKS: AtomicU64 = AtomicU64::new(0);

impl Link {
    /// Connects once the line is free, and leaves it alone for as long as it needs then.
    ///
    /// # Errors
    /// Why the line cannot be reached.
    pub(crate) async fn connect(line: &Line, reach: &ConnectPolicy) -> Result<Self, Unreached> {
        let (turn, context, pause) = match line {
            Line::Tcp { gateway, strict_transactions } => {
                let turn = LineLock::take(&line.name()).await;
                let stream = dial(gateway, reach).await?;
                let context = if *strict_transactions {
                    // A frame is read whole, and not its head first.
                    tcp::attach(Transactions::new(BufReader::new(stream), true))
                } else {
                    tcp::attach(Transactions::new(Drained::new(stream), false))
                };
                (turn, context, Duration::ZERO)
            }
            Line::RtuOverTcp(gateway) => {
                let turn = LineLock::take(&line.name()).await;
                let stream = dial(gateway, reach).await?;
                (turn, rtu::attach(Drained::new(stream)), Duration::ZERO)
            }
            Line::Serial(serial) => {
                let (turn, port) = open(serial, reach).await?;
                (turn, rtu::attach(Drained::new(port)), silence(serial.baud))
            }
        };
        let connected = Instant::now();
        sleep(first_wait::of(line)).await;
        Ok(Self {
            context,
            used: false,
            id: LINKS.fetch_add(1, Ordering::Relaxed),
            line: line.clone(),
            connected,
            answer_limit: ANSWER_LIMIT,
            asks_again: line.first_wait().is_none(),
            pause,
            free: Instant::now(),
            turn,
        })
    }

    /// Waits no longer than this for an answer, and asks nothing twice.
    pub(crate) const fn patient_for(mut self, limit: Duration) -> Self {
        self.answer_limit = limit;
        self.asks_again = false;
        self
    }

    /// Returns when somebody else waits for the line.
    pub(super) fn wanted(&self) -> impl Future<Output = ()> + Send + use<> {
        self.turn.wanted()
    }

    /// Reads registers of a unit.
    pub(crate) async fn read(
        &mut self,
        unit: u8,
        function: Function,
        start: u16,
        count: u16,
    ) -> Result<Vec<u16>, ReadError> {
        // Of a moment that has just passed a timer waits until its next millisecond begins.
        if self.free > Instant::now() {
            sleep_until(self.free).await;
        }
        self.context.set_slave(Slave(unit));
        let request = || match function {
            Function::Holding => Request::ReadHoldingRegisters(start, count),
            Function::Input => Request::ReadInputRegisters(start, count),
        };
        let asked = Instant::now();
        let mut answer = timeout(self.answer_limit, self.context.call(request())).await;
        let mut asked_again = None;
        if answer.is_err() && self.asks_again && !self.used {
            asked_again = Some(Instant::now());
            answer = timeout(self.answer_limit, self.context.call(request())).await;
        }
        let words = match answer {
            Err(_) => return Err(ReadError::TimedOut(self.answer_limit)),
            Ok(Err(error)) => return Err(failure(&error)),
            Ok(Ok(Err(exception))) => {
                self.answered(asked, asked_again.is_some());
                return Err(ReadError::Exception(exception));
            }
            Ok(Ok(Ok(
                Response::ReadHoldingRegisters(words) | Response::ReadInputRegisters(words),
            ))) => words,
            Ok(Ok(Ok(other))) => {
                let function = other.function_code().to_string();
                return Err(ReadError::Wrong(Unanswered::NotAsked { function }.into()));
            }
        };
        if words.len() != usize::from(count) {
            let counts = Unanswered::Count { got: words.len(), asked: count };
            return Err(ReadError::Wrong(counts.into()));
        }
        if let Some(again) = asked_again {
            first_wait::learn(&self.line, again - self.connected);
        }
        self.answered(asked, asked_again.is_some());
        Ok(words)
    }

    fn answered(&mut self, asked: Instant, twice: bool) {
        self.used = true;
        self.free = Instant::now() + self.pause;
        if twice {
            // The other answer takes no longer than this one did, and must not meet the next request.
            self.free += asked.elapsed();
        }
    }
}

async fn dial(
    gateway: &Gateway,
    reach: &ConnectPolicy,
) -> Result<tokio::net::TcpStream, Unreached> {
    let Gateway { host, port, .. } = gateway;
    let connecting = async {
        let stream = reach.outbound.connect(host, *port).await?;
        stream.set_nodelay(true)?;
        Ok::<_, io::Error>(stream)
    };
    match timeout(CONNECT_LIMIT, connecting).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => {
            let (peer, why) = (format!("{host}:{port}"), Box::new(outbound::said(&error)));
            Err(Unreached::Peer { peer, why })
        }
        Err(_) => Err(Unreached::SilentPeer { peer: format!("{host}:{port}") }),
    }
}

async fn open(
    serial: &SerialLine,
    reach: &ConnectPolicy,
) -> Result<(LineLock, SerialPort), Unreached> {
    let path = &serial.path;
    reach.serial_ports.check(path)?;
    let refused = |error: io::Error| {
        let why = Box::new(outbound::said(&error));
        Unreached::Port { path: path.clone(), why }
    };
    // The same port may have several names.
    let port = tokio::fs::canonicalize(path).await.map_err(refused)?;
    let turn = LineLock::take(&port.to_string_lossy()).await;
    let opened = SerialPort::open(&port, |mut settings: serial2_tokio::Settings| {
        settings.set_raw();
        settings.set_baud_rate(serial.baud)?;
        settings.set_char_size(serial2_tokio::CharSize::Bits8);
        settings.set_flow_control(serial2_tokio::FlowControl::None);
        settings.set_parity(match serial.parity {
            Parity::None => serial2_tokio::Parity::None,
            Parity::Even => serial2_tokio::Parity::Even,
            Parity::Odd => serial2_tokio::Parity::Odd,
        });
        settings.set_stop_bits(match serial.stop_bits {
            2 => serial2_tokio::StopBits::Two,
            _ => serial2_tokio::StopBits::One,
        });
        Ok(settings)
    });
    Ok((turn, opened.map_err(refused)?))
}

/// The silence that ends a frame: three and a half characters of 11 bits, and no less than 1.75 ms
/// (Modbus over serial line 1.02, section 2.5.1.1).
fn silence(baud: u32) -> Duration {
    const SHORTEST: Duration = Duration::from_micros(1750);
    SHORTEST.max(Duration::from_secs_f64(3.5 * 11.0 / f64::from(baud)))
}

fn failure(error: &Error) -> ReadError {
    match error {
        Error::Protocol(ProtocolError::HeaderMismatch { .. }) => ReadError::Foreign,
        Error::Protocol(ProtocolError::FunctionCodeMismatch { .. }) => {
            ReadError::Wrong(Unanswered::OtherFunction.into())
        }
        Error::Transport(error) => match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                let why = Box::new(Message::foreign(error.to_string()));
                ReadError::Wrong(Unanswered::NoFrame { why }.into())
            }
            _ if error
                .get_ref()
                .is_some_and(<dyn StdError + Send + Sync>::is::<OtherTransaction>) =>
            {
                ReadError::OtherTransaction
            }
            io::ErrorKind::UnexpectedEof => ReadError::Wrong(Unanswered::CutOff.into()),
            io::ErrorKind::BrokenPipe => ReadError::Broken(Unreached::Closed.into()),
            // What the library makes of an orderly end is the last error of the system, if any.
            _ if error.raw_os_error() == Some(0) => ReadError::Broken(Unreached::Closed.into()),
            _ => ReadError::Broken(outbound::said(error)),
        },
    }
}
