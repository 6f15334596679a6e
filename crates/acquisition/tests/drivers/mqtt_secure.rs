//! Brokers with TLS and with passwords.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use acquisition::{Brokers, Supervisor};
use domain::Field;
use domain::devices::mqtt::{Broker, Login};
use domain::devices::{Device, DeviceState, Protocol};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

use crate::broker::{self, Publisher, free_port};
use crate::collector::{Collector, device};

/// Puts TLS in front of the broker on a port. Where it listens, and the PEM of who vouches for it.
async fn encrypted(broker: u16) -> (u16, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let own = own.signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut near) = acceptor.accept(near).await else { return };
                let mut far = TcpStream::connect((Ipv4Addr::LOCALHOST, broker)).await.unwrap();
                tokio::io::copy_bidirectional(&mut near, &mut far).await.ok();
            });
        }
    });
    (port, authority.pem())
}

/// A supervisor that knows `broker` as `roof`, and one meter there.
async fn follow(collector: &Collector, broker: Broker) -> Supervisor {
    let mut supervisor = collector.supervisor(1, "test");
    supervisor.know(Brokers::from([("roof".to_owned(), Ok(broker))]));
    supervisor.apply(vec![meter()]).await;
    supervisor
}

fn meter() -> Device {
    device(1, Protocol::Mqtt, &json!({"broker": "roof", "topicPower": "m/p"}))
}

async fn arrives(collector: &Collector, publisher: &mut Publisher, value: f64) {
    while collector.look(|seen| !seen.has(1, Field::ActivePowerKw, value)) {
        publisher.publish("m/p", &value.to_string()).await;
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_broker_is_reached_through_tls_when_its_certificate_is_trusted() {
    let plain = free_port();
    let _broker = broker::start(plain).await;
    let (port, pem) = encrypted(plain).await;
    let distrusted = Broker { port, tls: true, ..Broker::local() };
    let collector = Collector::start();
    let mut supervisor = follow(&collector, distrusted.clone()).await;
    collector.until("the distrust", |seen| seen.told(1, DeviceState::Offline, "certificate")).await;
    let trusted = Broker { ca_certificate: Some(pem), ..distrusted };
    supervisor.know(Brokers::from([("roof".to_owned(), Ok(trusted))]));
    supervisor.apply(vec![meter()]).await;
    arrives(&collector, &mut Publisher::connect(plain), 5.0).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn a_broker_of_another_name_is_not_trusted() {
    let plain = free_port();
    let _broker = broker::start(plain).await;
    let (port, pem) = encrypted(plain).await;
    let host = "localhost".to_owned();
    let broker = Broker { host, port, tls: true, ca_certificate: Some(pem), login: None };
    let collector = Collector::start();
    let supervisor = follow(&collector, broker).await;
    collector.until("the distrust", |seen| seen.told(1, DeviceState::Offline, "certificate")).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn a_password_opens_a_broker_and_a_wrong_one_is_told() {
    let port = free_port();
    let _broker = broker::start_with(port, "anna", "s3cret").await;
    let login =
        |password: &str| Some(Login { username: "anna".to_owned(), password: password.to_owned() });
    let collector = Collector::start();
    let broker = Broker { port, login: login("wrong"), ..Broker::local() };
    let mut supervisor = follow(&collector, broker.clone()).await;
    collector
        .until("the refusal", |seen| seen.told(1, DeviceState::Offline, "cannot be reached"))
        .await;
    let right = Broker { login: login("s3cret"), ..broker };
    supervisor.know(Brokers::from([("roof".to_owned(), Ok(right))]));
    supervisor.apply(vec![meter()]).await;
    arrives(&collector, &mut Publisher::connect_as(port, "anna", "s3cret"), 5.0).await;
    assert!(!collector.look(|seen| format!("{:?}", seen.health).contains("s3cret")));
    supervisor.stop().await;
}

#[tokio::test]
async fn a_broker_that_cannot_be_used_says_why_at_its_meters() {
    let collector = Collector::start();
    let mut supervisor = collector.supervisor(1, "test");
    let reason = "its password cannot be opened".to_owned();
    supervisor.know(Brokers::from([(
        "roof".to_owned(),
        Err(domain::message::Message::foreign(reason.as_str())),
    )]));
    supervisor.apply(vec![meter()]).await;
    collector.until("the reason", |seen| seen.told(1, DeviceState::Error, &reason)).await;
    supervisor.stop().await;
}
