//! A Modbus TCP gateway whose units hold the registers that a test gives them.

use std::collections::BTreeMap;
use std::future::{Ready, ready};
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::Server;
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};

/// The registers of one table, by address.
pub(super) type Table = BTreeMap<u16, u16>;

/// What a unit holds.
#[derive(Default)]
pub(super) struct Unit {
    pub(super) holding: Table,
    pub(super) input: Table,
}

struct Units(BTreeMap<u8, Unit>);

impl Service for Units {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = Ready<Result<Response, ExceptionCode>>;

    fn call(&self, asked: Self::Request) -> Self::Future {
        let answer = || {
            let unit = self.0.get(&asked.slave).ok_or(ExceptionCode::GatewayTargetDevice)?;
            let read = |table: &Table, first: u16, count: u16| {
                let words: Option<Vec<_>> =
                    (first..first + count).map(|at| table.get(&at).copied()).collect();
                words.ok_or(ExceptionCode::IllegalDataAddress)
            };
            match asked.request {
                Request::ReadHoldingRegisters(first, count) => {
                    Ok(Response::ReadHoldingRegisters(read(&unit.holding, first, count)?))
                }
                Request::ReadInputRegisters(first, count) => {
                    Ok(Response::ReadInputRegisters(read(&unit.input, first, count)?))
                }
                _ => Err(ExceptionCode::IllegalFunction),
            }
        };
        ready(answer())
    }
}

/// Starts a gateway with these units, and answers its port.
pub(super) async fn start(units: impl IntoIterator<Item = (u8, Unit)>) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let units = Arc::new(Units(units.into_iter().collect()));
    tokio::spawn(async move {
        let connected = |stream: TcpStream, _| {
            let units = Arc::clone(&units);
            async move { Ok(Some((units, stream))) }
        };
        Server::new(listener).serve(&connected, |_| {}).await.unwrap();
    });
    port
}
