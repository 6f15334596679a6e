//! The program's address, as far as benchmarks ask it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use server::guard::{GuardSettings, protect};
use service::Service;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Serves every endpoint on a free port until `stop`, and answers where.
pub(crate) async fn serve(service: &Service, stop: &CancellationToken) -> io::Result<SocketAddr> {
    let router = server::routes::router(service.clone(), Arc::default(), stop.clone());
    let router = protect(router, &GuardSettings::default(), service.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app = router.into_make_service_with_connect_info::<SocketAddr>();
    let stopped = stop.clone().cancelled_owned();
    tokio::spawn(axum::serve(listener, app).with_graceful_shutdown(stopped).into_future());
    Ok(address)
}
