use proptest::prelude::*;

use super::*;

fn site(name: &str, power: Option<f64>) -> SiteRow {
    let at = DateTime::UNIX_EPOCH;
    let standing = Standing {
        power_in_kw: power,
        loss_kw: power.map(|kw| kw / 10.0),
        error_kw: power.map(|kw| kw / 100.0),
        today_kwh: power.map(|kw| kw * 8.0),
        solar_kwh: power.map(|kw| kw * 2.0),
        net_carbon_kg: power,
        ..Standing::default()
    };
    let state = SiteState {
        slug: name.to_lowercase(),
        name: name.to_owned(),
        in_addresses: None,
        kind: SiteKind::Live,
        time_zone: "UTC".to_owned(),
        meters: 1,
        at,
        standing,
        today_start: at,
        buildings: Vec::new(),
    };
    SiteRow { state, snapshot: None }
}

fn names(sites: &[SiteRow]) -> Vec<&str> {
    sites.iter().map(|site| site.state.name.as_str()).collect()
}

#[test]
fn the_largest_comes_first_and_who_lacks_the_figure_last_either_way() {
    let mut sites = vec![site("A", None), site("B", Some(1.0)), site("C", Some(3.0))];
    Order::parse(Some("power"), None).sort(&mut sites);
    assert_eq!(names(&sites), ["C", "B", "A"]);
    Order::parse(Some("power"), Some("turned")).sort(&mut sites);
    assert_eq!(names(&sites), ["B", "C", "A"]);
}

#[test]
fn a_word_that_is_no_column_leaves_the_usual_order() {
    assert_eq!(Order::parse(Some("colour"), Some("up")), Order::default());
}

#[test]
fn power_energy_and_carbon_add_up_and_errors_as_independent() {
    let totals = Totals::of(&[site("A", Some(300.0)), site("B", Some(400.0))]).unwrap();
    assert_eq!((totals.sites, totals.power_in_kw), (2, Sum::Of(700.0)));
    assert_eq!((totals.loss_kw, totals.error_kw), (Sum::Of(70.0), Some(5.0)));
    assert_eq!(totals.today_kwh, Sum::Of(5600.0));
    assert_eq!(totals.solar_share_percent, Some(25.0));
}

#[test]
fn one_site_without_a_figure_leaves_the_sum_open_and_is_named() {
    let totals = Totals::of(&[site("A", Some(3.0)), site("B", None)]).unwrap();
    assert_eq!(totals.power_in_kw, Sum::Lacking(vec!["B".to_owned()]));
    assert_eq!((totals.error_kw, totals.solar_share_percent), (None, None));
}

#[test]
fn days_that_began_at_different_instants_are_not_added_and_their_power_is() {
    let mut sites = [site("A", Some(3.0)), site("B", Some(4.0))];
    sites[1].state.today_start += chrono::TimeDelta::hours(5);
    let totals = Totals::of(&sites).unwrap();
    assert_eq!((totals.today_kwh, totals.net_carbon_kg), (Sum::OtherDays, Sum::OtherDays));
    assert_eq!(totals.power_in_kw, Sum::Of(7.0));
}

#[test]
fn a_simulated_site_and_one_without_meters_are_in_no_sum() {
    let mut sites = [site("A", Some(3.0)), site("B", Some(4.0)), site("C", None)];
    sites[1].state.kind = SiteKind::Simulated;
    sites[2].state.meters = 0;
    assert_eq!(Totals::of(&sites), None);
}

#[test]
fn a_choice_is_a_slug_or_a_meter() {
    for text in ["default", "12", "meter:12"] {
        assert_eq!(Key::parse(text).to_string(), text);
    }
    assert_eq!(Key::parse("meter:12"), Key::Building(MeterId(12)));
    assert_eq!(Key::parse("meter:x"), Key::Site("meter:x".to_owned()));
}

proptest! {
    #[test]
    fn a_sum_is_that_of_its_rows(powers in prop::collection::vec(0.0..1e6_f64, 2..9)) {
        let sites: Vec<_> = powers.iter().map(|kw| site("S", Some(*kw))).collect();
        let totals = Totals::of(&sites).unwrap();
        let Sum::Of(sum) = totals.power_in_kw else { panic!("nothing is lacking") };
        prop_assert!((sum - powers.iter().sum::<f64>()).abs() <= 1e-6);
        let largest = powers.iter().fold(0.0_f64, |most, kw| most.max(kw / 100.0));
        prop_assert!(totals.error_kw.unwrap() >= largest - 1e-9);
    }
}
