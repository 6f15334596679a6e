//! The people that the demonstration can be seen as.

use domain::SiteSlug;
use domain::people::Role;
use service::people::accounts::NewRole;
use service::people::demo::{DemoAccount, offer as offered};
use service::people::own_meters::NewOwnMeter;
use service::{Error, Principal, Service};
use simulator::neighbourhood::members;

use super::neighbourhood::WORLD;

/// Offers a facility manager, a utility clerk, and the first household with solar panels.
pub(super) async fn offer(service: &Service) -> Result<(), Error> {
    let world = || Some(SiteSlug::from(WORLD));
    let account = |name, display_name, role, site, meters| DemoAccount {
        name,
        display_name,
        role: NewRole { site, role },
        meters,
    };
    let makes = |kind| kind == domain::simulation::ResourceType::Prosumer;
    let house =
        members().into_iter().find(|it| it.resource.as_ref().is_some_and(|of| makes(of.kind)));
    let meters = house.map(|house| NewOwnMeter {
        meter_number: house.number,
        site: world(),
        valid_from: None,
        valid_to: None,
    });
    let default = Some(SiteSlug::from("default"));
    let accounts = [
        account("manager", "Facility manager", Role::Operator, default, Vec::new()),
        account("clerk", "Utility clerk", Role::Utility, world(), Vec::new()),
        account("household", "Solar household", Role::Prosumer, world(), Vec::from_iter(meters)),
    ];
    offered(service, &Principal::Loopback, &accounts).await
}
