//! A Modbus gateway, behind which every unit counts on whenever it is asked.

use std::future::{Ready, ready};
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Result;
use chrono::Utc;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::Server;
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};

use crate::ledger::Ledger;
use crate::plan::{Meter, UNITS};

/// Where the register stands, in two words.
const ADDRESS: u16 = 0x100;

#[derive(Clone)]
struct Units {
    gateway: usize,
    ledger: Ledger,
}

impl Service for Units {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = Ready<std::result::Result<Response, ExceptionCode>>;

    fn call(&self, request: Self::Request) -> Self::Future {
        let unit = usize::from(request.slave);
        ready(match request.request {
            Request::ReadHoldingRegisters(ADDRESS, 2) if (1..=UNITS).contains(&unit) => {
                let told = self.ledger.tell(Meter::of_unit(self.gateway, unit - 1), Utc::now());
                let wh = told.and_then(|told| u32::try_from(told.wh).ok());
                wh.ok_or(ExceptionCode::ServerDeviceFailure).map(|wh| {
                    let [a, b, c, d] = wh.to_be_bytes();
                    let words = [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])];
                    Response::ReadHoldingRegisters(words.into())
                })
            }
            _ => Err(ExceptionCode::IllegalDataAddress),
        })
    }
}

/// Opens one and answers where.
pub(crate) async fn start(gateway: usize, ledger: Ledger) -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let connected = |stream: TcpStream, _| {
            let units = Units { gateway, ledger: ledger.clone() };
            async move {
                stream.set_nodelay(true)?;
                Ok(Some((units, stream)))
            }
        };
        // A connection that breaks off is what is played.
        Server::new(listener).serve(&connected, |_| ()).await
    });
    Ok(address)
}

/// `communication` of a unit behind a port.
pub(crate) fn communication(port: u16, unit: usize) -> Value {
    let register = json!({"address": ADDRESS, "type": "u32", "scale": 0.001});
    json!({"host": "127.0.0.1", "port": port, "unitId": unit + 1,
           "registers": {"totalEnergyKwh": register}})
}
