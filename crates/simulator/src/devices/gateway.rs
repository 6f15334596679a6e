//! A Modbus TCP gateway with many units behind it.

use std::collections::BTreeMap;
use std::future::{Ready, ready};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use domain::devices::{Function, LARGEST_READ};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::Server;
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};
use tokio_util::sync::CancellationToken;

use super::live::Live;
use super::map::RegisterMap;

/// The units of a gateway.
#[derive(Debug)]
pub(super) struct Units {
    pub(super) live: Arc<Live>,
    /// Index of the meter and its map, by unit id.
    pub(super) meters: BTreeMap<u8, (usize, RegisterMap)>,
}

impl Units {
    fn answer(&self, request: &SlaveRequest<'_>) -> Result<Response, ExceptionCode> {
        let (function, first, count) = match request.request {
            Request::ReadHoldingRegisters(first, count) => (Function::Holding, first, count),
            Request::ReadInputRegisters(first, count) => (Function::Input, first, count),
            _ => return Err(ExceptionCode::IllegalFunction),
        };
        let (meter, map) =
            self.meters.get(&request.slave).ok_or(ExceptionCode::GatewayTargetDevice)?;
        if !(1..=LARGEST_READ).contains(&count) {
            return Err(ExceptionCode::IllegalDataValue);
        }
        let words = map.read(&self.live.values(*meter), function, first, count)?;
        Ok(match function {
            Function::Holding => Response::ReadHoldingRegisters(words),
            Function::Input => Response::ReadInputRegisters(words),
        })
    }
}

impl Service for Units {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = Ready<Result<Response, ExceptionCode>>;

    fn call(&self, request: Self::Request) -> Self::Future {
        ready(self.answer(&request))
    }
}

/// Serves the units until `stop` is cancelled.
pub(super) async fn start(
    units: Units,
    stop: CancellationToken,
) -> io::Result<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let units = Arc::new(units);
    let task = tokio::spawn(async move {
        let connected = |stream: TcpStream, _| {
            let units = Arc::clone(&units);
            async move {
                stream.set_nodelay(true)?;
                Ok(Some((units, stream)))
            }
        };
        let failed = |error| tracing::debug!(%error, "a Modbus client went away");
        let served =
            Server::new(listener).serve_until(&connected, failed, stop.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(%error, %address, "a demo gateway stopped");
        }
    });
    Ok((address, task))
}
