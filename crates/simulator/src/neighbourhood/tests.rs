use std::collections::HashSet;

use domain::simulation::{ResourceType, appliance};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn of(kind: Kind) -> Vec<Member> {
    members().into_iter().filter(|member| member.kind == kind).collect()
}

#[test]
fn it_is_a_neighbourhood_of_households_offices_and_flats_below_two_feeders() {
    let count = |kind| of(kind).len();
    assert_eq!((count(Kind::Feeder), count(Kind::Transformer)), (2, 8));
    assert_eq!(
        (count(Kind::Household), count(Kind::Office), count(Kind::ApartmentBlock)),
        (60, 2, 1)
    );
    let makes = |member: &&Member| {
        member.resource.as_ref().is_some_and(|resource| resource.kind == ResourceType::Prosumer)
    };
    assert_eq!(members().iter().filter(makes).count(), 20);
    let has_charger = |member: &&Member| {
        member.resource.as_ref().is_some_and(|resource| resource.appliances.contains(&"EV Charger"))
    };
    let chargers = members().iter().filter(has_charger).count();
    assert!((6..20).contains(&chargers), "{chargers} chargers");
    let chose = members().iter().filter(|member| member.has_time_of_use).count();
    assert!((8..30).contains(&chose), "{chose} have a tariff by the time of day");
}

#[test]
fn every_parent_comes_first_and_every_number_once() {
    let mut known = HashSet::new();
    for member in members() {
        if let Some(parent) = &member.parent {
            assert!(known.contains(parent), "{} hangs below {parent}", member.number);
        }
        assert!(known.insert(member.number.clone()), "{} is there twice", member.number);
        let below = matches!(member.kind, Kind::Feeder | Kind::Transformer);
        assert_eq!(member.resource.is_none(), below, "{}", member.number);
    }
    assert!(known.contains("HH-0147"));
}

#[test]
fn every_appliance_is_known_and_only_prosumers_have_sources() {
    for member in members() {
        let Some(resource) = member.resource else { continue };
        let sources = resource.appliances.iter().filter(|name| {
            appliance::find(name).unwrap_or_else(|| panic!("{name} is not in the catalogue")).source
        });
        assert_eq!(
            sources.count() > 0,
            resource.kind == ResourceType::Prosumer,
            "{}",
            member.number
        );
    }
}

#[test]
fn they_live_in_the_mission_and_on_potrero_hill_each_in_a_house_of_its_own() {
    let mut addresses = HashSet::new();
    for member in members() {
        assert!((37.745..37.765).contains(&member.latitude), "{}", member.number);
        let (west, east) =
            if member.pincode == "94110" { (-122.42, -122.408) } else { (-122.402, -122.393) };
        assert!((west..east).contains(&member.longitude), "{}", member.number);
        assert!(addresses.insert(member.address.clone()), "{} is there twice", member.address);
    }
}

#[test]
fn the_neighbours_are_the_same_for_everyone() {
    assert_eq!(members(), members());
}

proptest! {
    #[test]
    fn prosumers_sell_to_others_between_the_prices_of_the_grid(year in 2020..2100_i32, month in 1..=12_u32) {
        let members = members();
        let made = trades(&members, year, month);
        prop_assert_eq!(&made, &trades(&members, year, month));
        prop_assert!(made.is_sorted_by_key(|trade| (trade.day, trade.minute)));
        prop_assert!(!made.is_empty());
        for trade in made {
            let kind = |number: &str| {
                let member = members.iter().find(|member| member.number == number)?;
                Some(member.resource.as_ref()?.kind)
            };
            prop_assert_eq!(kind(&trade.seller), Some(ResourceType::Prosumer));
            prop_assert_eq!(kind(&trade.buyer), Some(ResourceType::Consumer));
            prop_assert!(trade.units_kwh > Decimal::ZERO);
            prop_assert!(trade.price_per_kwh > Decimal::from(4) && trade.price_per_kwh < Decimal::from(6));
            prop_assert!(trade.day < 28 && trade.minute < 24 * 60);
        }
    }
}
