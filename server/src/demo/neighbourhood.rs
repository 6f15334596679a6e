//! The neighbourhood of the demonstration, in the simulated world: founded at the first start, and
//! given a month and the running one while the program serves already.
//!
//! Each step looks for what is there, so that a start which was cut short is made up for by the next.

mod past;

use std::time::Duration;

use domain::bills::tariff::Version;
use domain::meters::{MeterAddress, PhaseType};
use domain::simulation::Profile;
use serde_json::{Map, Value, json};
use service::bills::tariffs::{NewAssignment, NewTariff};
use service::simulation::{self, FoundedMeter, Neighbourhood, NewResource, TimeChange};
use service::{Error, Principal, Service};
use simulator::neighbourhood::{Kind, Member, members};
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use super::{people, transformers};
use past::{LOOK, Past};

const WHO: &Principal = &Principal::Loopback;

/// Slug of the world.
pub(super) const WORLD: &str = "world";
/// The name of the tariff by the time of day.
const TIME_OF_USE: &str = "Time of use";
/// Share of the light that the thickest clouds take: San Francisco has its fog.
const CLOUDS: f64 = 0.5;
/// The world stands still when nobody has looked for this long: its day is a minute.
const UNWATCHED: Duration = Duration::from_hours(1);

/// Settles the neighbourhood, in the background.
pub(crate) async fn settle(service: Service, stop: CancellationToken) {
    simulation::pause_when_unwatched(&service, UNWATCHED);
    let settled = async {
        all(&service).await?;
        people::offer(&service).await
    };
    let settled = tokio::select! {
        () = stop.cancelled() => return,
        settled = settled => settled,
    };
    if let Err(error) = settled {
        tracing::warn!("the demo neighbourhood is not complete; the next start goes on: {error}");
    }
}

async fn all(service: &Service) -> Result<(), Error> {
    transformers::add(service).await?;
    let members = members();
    let past = Past::of(service).await?;
    if !past.is_traded(service).await? {
        past::summed_up(service, &mut interval(LOOK)).await;
        // The world stands still until its past is there.
        set_paused(service, true).await?;
        if simulation::status(service, WHO).await?.meters == 0 {
            found(service, &members).await?;
        }
        price(service, &members, &past).await?;
        past.fill(service).await?;
        past.trade(service, &members).await?;
        set_paused(service, false).await?;
    }
    past.bill(service).await
}

async fn set_paused(service: &Service, paused: bool) -> Result<(), Error> {
    let change = TimeChange { paused: Some(paused), ..TimeChange::default() };
    simulation::set_time(service, WHO, change).await.map(drop)
}

async fn found(service: &Service, members: &[Member]) -> Result<(), Error> {
    let meters = members.iter().map(meter).collect();
    let founded = simulation::found(service, WHO, Neighbourhood { meters, clouds: CLOUDS }).await?;
    tracing::info!("demo neighbourhood: {} meters founded", founded.len());
    Ok(())
}

fn meter(member: &Member) -> FoundedMeter {
    let single = member.kind == Kind::Household;
    FoundedMeter {
        number: member.number.clone(),
        name: member.resource.as_ref().map_or(&member.address, |of| &of.name).clone(),
        meter_type: member.kind.meter_type().to_owned(),
        parent: member.parent.clone(),
        phase_type: Some(if single { PhaseType::Single } else { PhaseType::Three }),
        area: Some(member.area.to_owned()),
        city: Some("San Francisco".to_owned()),
        state: Some("California".to_owned()),
        pincode: Some(member.pincode.to_owned()),
        latitude: Some(member.latitude),
        longitude: Some(member.longitude),
        er: member.resource.as_ref().map(|of| NewResource {
            name: of.name.clone(),
            kind: of.kind,
            appliance_type: of.appliances.iter().map(|&name| name.to_owned()).collect(),
        }),
        profile: Profile::Daily,
        load_factor: 1.0,
    }
}

/// The tariff by the time of day, which holds since the past began.
async fn tariff(service: &Service) -> Result<Option<Version>, Error> {
    let tariffs = service::bills::tariffs::list(service, WHO, Some(&WORLD.into())).await?;
    Ok(tariffs.into_iter().find(|tariff| tariff.name == TIME_OF_USE))
}

/// Prices those who chose it by the time of day; the others keep the tariff of the site.
async fn price(service: &Service, members: &[Member], past: &Past) -> Result<(), Error> {
    if tariff(service).await?.is_some() {
        return Ok(());
    }
    let line = |direction: &str, price: &str| json!({"direction": direction, "price": price});
    let hours = |price: &str, from: &str, to: &str| json!({"direction": "import", "price": price, "fromTime": from, "toTime": to});
    let terms = json!([
        line("import", "5.40"),
        hours("8.20", "16:00", "21:00"),
        hours("4.10", "00:00", "06:00"),
        line("export", "4.00"),
    ]);
    let rest: [(&str, Value); 3] =
        [("validFrom", json!(past.first_day())), ("isDefault", json!(false)), ("energy", terms)];
    let new = NewTariff {
        end_previous: false,
        name: TIME_OF_USE.to_owned(),
        site: Some(WORLD.into()),
        currency: None,
        rest: rest
            .map(|(field, value)| (field.to_owned(), value))
            .into_iter()
            .collect::<Map<_, _>>(),
    };
    let tariff = service::bills::tariffs::create(service, WHO, new).await?;
    for member in members.iter().filter(|member| member.has_time_of_use) {
        let meter = MeterAddress::new(member.number.as_str(), Some(WORLD.into()));
        let new = NewAssignment { tariff_id: tariff.id, valid_from: past.first_day() };
        service::bills::tariffs::assign(service, WHO, &meter, new).await?;
    }
    Ok(())
}
