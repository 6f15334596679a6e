//! Starts everything in order, and stops it in the opposite one.

mod error;

pub use error::StartError;

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use acquisition::{Backoff, ConnectPolicy, Outbound, SerialPorts, Settings, Supervisor};
use domain::SiteSlug;
use domain::devices::mqtt::Broker;
use domain::grid::view::map::Tiles;
use domain::operation::task::Task;
use domain::period::refusal::TimeRefusal;
use notify::{Notifier, SmtpServer};
use service::Service;
use service::operation::supervision::{Pulse, Supervision};
use service::reports::Mailer;
use service::rollup::{self, RebuildRequest, Rebuilt};
use storage::PgPool;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::assets::{Assets, Inside};
use crate::client::Proxies;
use crate::config::{Command, DatabaseSettings, RebuildSettings, ServeSettings};
use crate::database::Schema;
use crate::guard::GuardSettings;
use crate::listen::tls::Certificate;
use crate::listen::{self, Limits};
use crate::{backup, configuration, database, demo, disk, people, report_letters, web};

/// Requests under way get this long to finish after the stop signal.
const DRAIN: Duration = Duration::from_secs(3);

/// Devices are compared with the running drivers at least this often.
const LOOK_AFTER_DRIVERS: Duration = Duration::from_mins(1);

/// One line per event that a person acts on; `RUST_LOG` changes what is shown. Where the program
/// prints something for another one to read, the lines go to standard error.
pub fn log(command: &Command) {
    let quiet = "info,sqlx=warn,rumqttc=warn,tokio_modbus=warn,hyper=warn";
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(quiet));
    let writer = match command {
        Command::ExportConfig(_) | Command::Users(_) => BoxMakeWriter::new(io::stderr),
        _ => BoxMakeWriter::new(io::stdout),
    };
    tracing_subscriber::fmt()
        .with_writer(writer)
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(io::stdout().is_terminal())
        .compact()
        .init();
}

/// Does what the command line says. Not asynchronous, so that all of it is compiled here.
pub fn perform(command: Command, inside: Inside) -> Result<(), StartError> {
    match command {
        Command::Serve(settings) => block_on(serve(settings, inside)),
        Command::Migrate(database) => block_on(migrate(database)),
        Command::ExportConfig(settings) => block_on(configuration::export(settings)),
        Command::ImportConfig(settings) => block_on(configuration::import(settings)),
        Command::Backup(settings) => block_on(backup::backup(settings)),
        Command::Restore(settings) => block_on(backup::restore(settings)),
        Command::Rebuild(settings) => block_on(rebuild(settings)),
        Command::CreateUser(settings) => block_on(people::create(settings)),
        Command::SetPassword(settings) => block_on(people::set_password(settings)),
        Command::Users(database) => block_on(people::list(database)),
        Command::DatabaseUrl { data_dir } => database_url(&data_dir),
    }
}

/// Runs a task on a new runtime.
fn block_on(task: impl Future<Output = Result<(), StartError>>) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|_| StartError::Interrupted)?;
    runtime.block_on(task)
}

/// Where to look for what is delivered beside the program.
pub(crate) fn beside_program() -> Vec<PathBuf> {
    let program = std::env::current_exe().ok();
    program.as_deref().and_then(Path::parent).map(Path::to_owned).into_iter().collect()
}

/// Brings the database to this version's schema.
async fn migrate(settings: DatabaseSettings) -> Result<(), StartError> {
    let schema = Schema::Migrated;
    database::open(&settings, &Supervision::default(), schema).await?.close().await?;
    tracing::info!("the database has this version's schema");
    Ok(())
}

/// Computes the energy of a meter again, and says what was done.
async fn rebuild(settings: RebuildSettings) -> Result<(), StartError> {
    let schema = Schema::AsItIs;
    let database = database::open(&settings.database, &Supervision::default(), schema).await?;
    let rebuilt = rebuilt(&database.pool, &settings).await;
    database.close().await?;
    let rebuilt = rebuilt?;
    println!(
        "computed {} quarter-hours of meter {} again, from {} to {}",
        rebuilt.quarters, settings.meter, rebuilt.from, rebuilt.to
    );
    Ok(())
}

async fn rebuilt(pool: &PgPool, settings: &RebuildSettings) -> Result<Rebuilt, service::Error> {
    let moment = |field, text: &str| {
        text.parse().map_err(|refused: TimeRefusal| service::Error::invalid(field, refused))
    };
    let site = settings.site.as_deref().map(SiteSlug::from);
    let asked = RebuildRequest {
        site: site.as_ref(),
        meter: &settings.meter,
        from: moment("from", &settings.from)?,
        to: moment("to", &settings.to)?,
    };
    rollup::rebuild(pool, asked).await
}

/// Prints the URL of the running private database.
fn database_url(data_dir: &Path) -> Result<(), StartError> {
    let url = cluster::Cluster::running_url(data_dir).map_err(StartError::Cluster)?;
    println!("{url}");
    Ok(())
}

/// Serves until SIGTERM or Ctrl-C.
async fn serve(settings: ServeSettings, inside: Inside) -> Result<(), StartError> {
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    let address = settings.listen;
    let certificate = certificate(&settings)?;
    listen::raise_descriptors();
    let notifier = notifier(&settings)?;
    let assets = Assets::find(settings.site_root.as_deref(), inside)?;
    let listener =
        TcpListener::bind(address).await.map_err(|error| StartError::Listen { address, error })?;
    let supervision = Supervision::default();
    let led = Schema::Led(&listener, certificate.as_ref(), &stop);
    let database = match database::open(&settings.database, &supervision, led).await {
        Err(StartError::Stopped) => return Ok(()),
        opened => opened?,
    };
    let served = serve_on(
        listener,
        &settings,
        (assets, notifier, certificate),
        &database,
        supervision,
        &stop,
    )
    .await;
    stop.cancel();
    let closed = database.close().await;
    tracing::info!("stopped");
    served.and(closed)
}

async fn serve_on(
    listener: TcpListener,
    settings: &ServeSettings,
    (assets, notifier, certificate): (Assets, Notifier, Option<Arc<Certificate>>),
    database: &database::Database,
    supervision: Supervision,
    stop: &CancellationToken,
) -> Result<(), StartError> {
    let vault = database::vault(&settings.database)?;
    let (service, tasks) = service::start_under(supervision, database.pool.clone(), vault).await?;
    if !settings.is_alone() && !service::people::sign_in::has_users(&service).await {
        tasks.stop().await;
        let reached = settings.public_url.as_ref().map(ToString::to_string);
        return Err(StartError::NoUsers(reached.unwrap_or_else(|| settings.listen.to_string())));
    }
    let plant = if settings.demo {
        Some(demo::start(&service, &tasks.outbox, stop.clone()).await?)
    } else {
        None
    };
    let broker = settings.mqtt_url.clone().or_else(|| demo::broker(plant.as_ref()?));
    service::devices::brokers::begin_with(&service, broker.unwrap_or_else(Broker::local));
    let reach = ConnectPolicy {
        outbound: Outbound::new(settings.reaches_loopback()),
        serial_ports: SerialPorts::new(settings.serial_ports.iter().cloned()),
    };
    service::devices::commissioning::may_reach(&service, reach.clone());
    let supervisor = Supervisor::new(
        tasks.outbox.clone(),
        Settings {
            client_name: service::devices::brokers::client_name(&service).await?,
            outbound: reach.outbound,
            serial_ports: reach.serial_ports,
        },
    );
    service::devices::follow_unreadable(&service, supervisor.unreadable_log());
    let neighbours = settings
        .demo
        .then(|| tokio::spawn(demo::neighbourhood::settle(service.clone(), stop.clone())));
    let watching = database.folder.clone().map(|folder| disk::watch(&service, folder, stop));
    let drivers = Arc::new(Mutex::new(Some(supervisor)));
    let reading = Arc::clone(&drivers);
    let acquisition = service.keep(Task::Drivers, stop, move |service, stop, pulse| {
        acquire(service, Arc::clone(&reading), stop, pulse)
    });
    let pages = settings.public_url.as_ref().map(ToString::to_string);
    let mailer =
        Mailer { notifier: notifier.clone(), draw: report_letters::draw(), pages: pages.clone() };
    let mailer = Arc::new(mailer);
    let mailing = service.keep(Task::Reports, stop, move |service, stop, pulse| {
        service::reports::send(service, Arc::clone(&mailer), stop, pulse)
    });
    let links = notifier.clone();
    let telling = service.keep(Task::Messages, stop, move |service, stop, pulse| {
        service::alarms::tell(service, notifier.clone(), pages.clone(), stop, pulse)
    });
    let guard = GuardSettings {
        public_url: settings.public_url.clone(),
        proxies: Proxies::new(settings.trusted_proxies.clone()),
    };
    let credit = settings.tiles_credit.clone();
    let tiles = settings.tiles_url.clone().map(|url| Tiles { url, credit });
    let router = web::router(service, &guard, &assets, tiles, links, stop.clone());
    let address = listener.local_addr().map_err(StartError::Serve)?;
    let scheme = if certificate.is_some() { "https" } else { "http" };
    if certificate.is_none() && !address.ip().is_loopback() {
        tracing::warn!(
            "passwords cross the network unencrypted: give --tls-cert and --tls-key, or put a proxy with TLS in front"
        );
    }
    tracing::info!("Wattlens is ready on {scheme}://{address}");
    drain(listener, router, certificate, stop).await;
    stop.cancel();
    finished("acquisition", acquisition).await;
    if let Some(drivers) = drivers.lock().await.take() {
        drivers.stop().await;
    }
    if let Some(watching) = watching {
        finished("the watch over the disk", watching).await;
    }
    finished("telling of alarms", telling).await;
    finished("the sending of reports", mailing).await;
    if let Some(neighbours) = neighbours {
        finished("the demo neighbourhood", neighbours).await;
    }
    tasks.stop().await;
    if let Some(plant) = plant {
        plant.stopped().await;
    }
    Ok(())
}

/// What tells of alarms. The mail server is checked when something is sent.
fn notifier(settings: &ServeSettings) -> Result<Notifier, StartError> {
    let smtp = settings.smtp_url.as_deref().map(|url| SmtpServer::parse(url, &settings.smtp_from));
    let outbound = Outbound::new(settings.reaches_loopback());
    Notifier::new(outbound, smtp.transpose()?).map_err(StartError::Notifier)
}

/// The certificate for TLS, where one is named.
fn certificate(settings: &ServeSettings) -> Result<Option<Arc<Certificate>>, StartError> {
    let (Some(chain), Some(key)) = (&settings.tls_cert, &settings.tls_key) else { return Ok(None) };
    let read = Certificate::read(chain, key).map_err(StartError::Tls)?;
    Ok(Some(Arc::new(read)))
}

/// Serves until the stop signal, then gives requests under way a little time.
async fn drain(
    listener: TcpListener,
    router: axum::Router,
    certificate: Option<Arc<Certificate>>,
    stop: &CancellationToken,
) {
    let served = listen::serve(listener, router, Limits::default(), certificate, stop);
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        () = served => {}
        () = late => tracing::warn!("some requests did not finish within {} s", DRAIN.as_secs()),
    }
}

/// Keeps the drivers in step with the registry, and starts again what ended unexpectedly.
async fn acquire(
    service: Service,
    drivers: Arc<Mutex<Option<Supervisor>>>,
    stop: CancellationToken,
    pulse: Pulse,
) {
    let mut drivers = drivers.lock().await;
    let Some(supervisor) = drivers.as_mut() else { return };
    let mut registry = service::devices::changes(&service);
    let mut backoff = Backoff::new(Duration::from_secs(1), LOOK_AFTER_DRIVERS);
    loop {
        let found = tokio::try_join!(
            service::devices::to_read(&service),
            service::devices::brokers::to_follow(&service)
        );
        match found {
            Ok((devices, brokers)) => {
                supervisor.know(brokers);
                supervisor.apply(devices).await;
                pulse.beat();
            }
            Err(error) => tracing::warn!("the devices could not be read: {error}"),
        }
        tokio::select! {
            changed = registry.changed() => if changed.is_err() { break },
            () = tokio::time::sleep(LOOK_AFTER_DRIVERS) => backoff.succeed(),
            cause = supervisor.fell() => {
                service.supervision().stumbled(Task::Drivers, cause);
                tokio::time::sleep(backoff.fail()).await;
            }
            () = stop.cancelled() => break,
        }
    }
}

async fn finished(what: &str, task: JoinHandle<()>) {
    if let Err(error) = task.await {
        tracing::error!("{what} ended badly: {error}");
    }
}

async fn stop_on_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        tracing::error!("SIGTERM cannot be listened for; stop with Ctrl-C");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("stopping");
    stop.cancel();
}
