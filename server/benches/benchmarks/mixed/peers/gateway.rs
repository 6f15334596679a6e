//! A Modbus TCP gateway, behind which every unit answers.

use std::future::{Ready, ready};
use std::net::Ipv4Addr;

use benchmark::Result;
use tokio::net::{TcpListener, TcpStream};
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::Server;
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};

use crate::mixed::meter;

struct Units;

impl Service for Units {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = Ready<std::result::Result<Response, ExceptionCode>>;

    fn call(&self, request: Self::Request) -> Self::Future {
        ready(match request.request {
            Request::ReadHoldingRegisters(first, count) => {
                Ok(Response::ReadHoldingRegisters(meter::words(first, count, meter::now())))
            }
            _ => Err(ExceptionCode::IllegalFunction),
        })
    }
}

/// Answers the port.
pub(super) async fn start() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        let connected = |stream: TcpStream, _| async move {
            stream.set_nodelay(true)?;
            Ok(Some((Units, stream)))
        };
        Server::new(listener).serve(&connected, |error| eprintln!("Modbus: {error}")).await
    });
    Ok(port)
}
