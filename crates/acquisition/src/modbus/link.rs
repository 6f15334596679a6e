//! A connection to a gateway.

use std::io;
use std::time::Duration;

use domain::device::Function;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_modbus::client::{Client, Context, tcp};
use tokio_modbus::slave::SlaveContext;
use tokio_modbus::{Error, ExceptionCode, ProtocolError, Request, Response, Slave};

use super::plan::Read;
use crate::outbound;

const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// Longer than the second after which gateways give up on a unit, whose word we want to hear.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(3);

/// Why a read failed.
#[derive(Debug, Error)]
pub(super) enum ReadError {
    /// The device answered that it will not; the link is healthy.
    #[error("{0}")]
    Exception(ExceptionCode),
    /// No answer in time. A late one would be taken for the next, so the link must be dropped.
    #[error("no answer within {} s", ANSWER_LIMIT.as_secs())]
    TimedOut,
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// An answer that does not belong to the question; the link must be dropped.
    #[error("wrong answer: {0}")]
    Wrong(String),
}

/// A connection to a gateway. After any error but an exception it must not be used again.
pub(super) struct Link {
    context: Context,
    /// Whether it has carried an answer; an idle one may have been closed by the gateway since.
    pub(super) used: bool,
}

impl Link {
    /// Connects to the first address of `host` that answers.
    pub(super) async fn connect(host: &str, port: u16) -> Result<Self, String> {
        let connecting = async {
            let mut last = io::Error::other("no address");
            for address in outbound::resolve(host, port).await? {
                match TcpStream::connect(address).await {
                    Ok(stream) => {
                        stream.set_nodelay(true)?;
                        return Ok(stream);
                    }
                    Err(error) => last = error,
                }
            }
            Err(last)
        };
        match timeout(CONNECT_LIMIT, connecting).await {
            Ok(Ok(stream)) => Ok(Self { context: tcp::attach(stream), used: false }),
            Ok(Err(error)) => Err(format!("{host}:{port} cannot be reached: {error}")),
            Err(_) => Err(format!("{host}:{port} does not answer")),
        }
    }

    /// Reads registers of a unit.
    pub(super) async fn read(&mut self, unit: u8, read: &Read) -> Result<Vec<u16>, ReadError> {
        self.context.set_slave(Slave(unit));
        let request = match read.function {
            Function::Holding => Request::ReadHoldingRegisters(read.start, read.count),
            Function::Input => Request::ReadInputRegisters(read.start, read.count),
        };
        let answer = timeout(ANSWER_LIMIT, self.context.call(request)).await;
        let words = match answer {
            Err(_) => return Err(ReadError::TimedOut),
            Ok(Err(error)) => return Err(failure(&error)),
            Ok(Ok(Err(exception))) => {
                self.used = true;
                return Err(ReadError::Exception(exception));
            }
            Ok(Ok(Ok(
                Response::ReadHoldingRegisters(words) | Response::ReadInputRegisters(words),
            ))) => words,
            Ok(Ok(Ok(other))) => {
                return Err(ReadError::Wrong(format!("{} was not asked", other.function_code())));
            }
        };
        if words.len() != usize::from(read.count) {
            let (got, asked) = (words.len(), read.count);
            return Err(ReadError::Wrong(format!("{got} registers where {asked} were asked for")));
        }
        self.used = true;
        Ok(words)
    }
}

fn failure(error: &Error) -> ReadError {
    match error {
        Error::Protocol(ProtocolError::HeaderMismatch { .. }) => {
            ReadError::Wrong("it belongs to another request or unit".to_owned())
        }
        Error::Protocol(ProtocolError::FunctionCodeMismatch { .. }) => {
            ReadError::Wrong("it belongs to another function".to_owned())
        }
        Error::Transport(error) => match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                ReadError::Wrong(error.to_string())
            }
            io::ErrorKind::UnexpectedEof => ReadError::Wrong("it is cut off".to_owned()),
            // What the library makes of an orderly end is the last error of the system, if any.
            _ if error.raw_os_error() == Some(0) => {
                ReadError::Broken("the gateway closed it".to_owned())
            }
            _ => ReadError::Broken(error.to_string()),
        },
    }
}
