use chrono::{Days, NaiveDate};

use super::*;
use crate::losses::balance::Verdict;
use crate::period::{Kind, Period};
use crate::reports::Inflow;
use crate::sites::{GridSettings, Retention, Site, SiteKind};
use crate::{MeterId, SiteId};

/// The week from Monday, 16 November 2026, at noon of its Thursday, beside the one before.
fn shown() -> PeriodContext {
    let site = Site {
        id: SiteId(1),
        slug: "s".into(),
        name: "S".into(),
        kind: SiteKind::Live,
        zone: chrono_tz::UTC,
        currency: "EUR".into(),
        price_per_kwh: None,
        grid_capacity_kw: None,
        latitude: None,
        longitude: None,
        retention: Retention::default(),
        grid: GridSettings::default(),
    };
    let now = "2026-11-19T12:00:00Z".parse().unwrap();
    let period = Period::of(Kind::Week).comparing(true);
    let window = period.window(&site, now).unwrap();
    let (before, whole) = (period.previous_window(&site, now), period.whole(&site, now));
    PeriodContext { site, slug: None, period, now, window, before, whole }
}

fn loss(kwh: Option<f64>, coverage: f64) -> Loss {
    Loss {
        in_kwh: 1000.0,
        out_kwh: 1000.0 - kwh.unwrap_or_default(),
        kwh,
        error_kwh: 3.0,
        percent: kwh.map(|kwh| kwh / 10.0),
        verdict: Verdict::of(kwh, 3.0),
        nature: None,
        saving: None,
        cost: None,
        unpriced_kwh: 0.0,
        coverage,
        missing: Vec::new(),
        missing_kw: None,
        complete: None,
        left_out: Vec::new(),
    }
}

fn node(id: i64, kwh: f64) -> NodeLoss {
    let name = format!("Node {id}");
    NodeLoss { id: MeterId(id), name, loss: loss(Some(kwh), 1.0), cause: None }
}

fn days(first: &str, energies: &[Option<f64>]) -> Vec<Day> {
    let first: NaiveDate = first.parse().unwrap();
    let day = |(n, kwh): (u64, &Option<f64>)| Day {
        date: first + Days::new(n),
        seconds: 86_400.0,
        energy: kwh.map(|grid_kwh| Inflow { grid_kwh, ..Inflow::default() }),
        coverage: if kwh.is_some() { 1.0 } else { 0.0 },
        lost: None,
    };
    (0..).zip(energies).map(day).collect()
}

/// Three days of 100 kWh, of which 10 % came from the sun, with a loss at one node.
fn whole(first: &str) -> PeriodFigures {
    PeriodFigures {
        is_read: true,
        input_kwh: Some(300.0),
        diesel_hours: None,
        diesel_kwh: None,
        diesel_litres: None,
        diesel_cost: None,
        solar_kwh: Some(30.0),
        net_kg: Some(100.0),
        coverage: 1.0,
        unread: Vec::new(),
        loss: loss(Some(20.0), 1.0),
        nodes: vec![node(1, 20.0)],
        days: days(first, &[Some(100.0); 3]),
    }
}

fn page(now: PeriodFigures, before: PeriodFigures) -> PeriodOverview {
    let (steps, steps_before) = (Vec::new(), Vec::new());
    PeriodOverview { shown: shown(), now, before: Some(before), steps, steps_before }
}

fn now() -> PeriodFigures {
    whole("2026-11-16")
}

fn before() -> PeriodFigures {
    whole("2026-11-09")
}

#[test]
fn a_figure_is_compared_as_far_as_both_periods_were_read() {
    let percent = |of: f64| Some(Change::Percent(of));
    let part = || PeriodFigures {
        input_kwh: Some(100.0),
        coverage: 0.4,
        days: days("2026-11-09", &[None, None, Some(150.0)]),
        ..before()
    };
    let blind = || PeriodFigures { loss: loss(None, 1.0), ..before() };
    let left_out =
        || PeriodFigures { loss: Loss { left_out: vec!["B".into()], ..before().loss }, ..before() };
    let exporting = || PeriodFigures { net_kg: Some(-5.0), ..before() };
    let half_the_sun = || PeriodFigures { solar_kwh: Some(15.0), ..before() };
    let never = || PeriodFigures { is_read: false, input_kwh: None, coverage: 0.0, ..before() };
    let cost = Some(Decimal::from(300));
    let burning = || PeriodFigures { diesel_kwh: Some(12.0), diesel_cost: cost, ..before() };
    let cases = [
        ("as much as before", before(), Figure::Input, Some(300.0), percent(0.0)),
        ("part of the sum", part(), Figure::Input, Some(100.0), None),
        ("the mean day", part(), Figure::InputPerDay, Some(150.0), percent(-100.0 / 3.0)),
        ("a loss not known", blind(), Figure::Loss, None, None),
        ("a loss of some nodes", left_out(), Figure::Loss, Some(20.0), None),
        ("against less than nothing", exporting(), Figure::NetCarbon, Some(-5.0), None),
        ("a share", half_the_sun(), Figure::SolarShare, Some(5.0), Some(Change::Points(5.0))),
        ("no generator", before(), Figure::DieselHours, None, None),
        ("a kWh of a generator", burning(), Figure::DieselCostPerKwh, Some(25.0), None),
        ("nothing before", never(), Figure::Loss, Some(20.0), None),
    ];
    for (name, before, figure, value, change) in cases {
        let found = page(now(), before).compare(figure);
        assert_eq!(found.before, value, "{name}");
        let close = |one: Change, other: Change| match (one, other) {
            (Change::Percent(one), Change::Percent(other))
            | (Change::Points(one), Change::Points(other)) => (one - other).abs() < 1e-9,
            _ => false,
        };
        let is_as_said = match (found.change, change) {
            (Some(one), Some(other)) => close(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        assert!(is_as_said, "{name}: {:?}", found.change);
    }
}

#[test]
fn all_that_a_comparison_lacks_is_told() {
    let day = |text: &str| text.parse().unwrap();
    let never = PeriodFigures { is_read: false, ..before() };
    let late = PeriodFigures {
        coverage: 0.4,
        days: days("2026-11-09", &[None, Some(100.0), Some(100.0)]),
        ..before()
    };
    let silent = PeriodFigures { unread: vec!["Solar".into()], ..before() };
    let others = PeriodFigures { nodes: vec![node(2, 5.0)], ..before() };
    let cases = [
        ("whole", before(), vec![]),
        ("never read", never, vec![Gap::NothingBefore]),
        (
            "founded later",
            late,
            vec![Gap::Begins(day("2026-11-10")), Gap::Partly { is_before: true, coverage: 0.4 }],
        ),
        ("a source", silent, vec![Gap::Unread { is_before: true, names: vec!["Solar".into()] }]),
        (
            "other nodes",
            others,
            vec![Gap::NewNodes(vec!["Node 1".into()]), Gap::GoneNodes(vec!["Node 2".into()])],
        ),
    ];
    for (name, before, gaps) in cases {
        assert_eq!(page(now(), before).gaps(), gaps, "{name}");
    }
    let alone = PeriodOverview { before: None, ..page(now(), before()) };
    assert_eq!(alone.gaps(), []);
}

#[test]
fn only_nodes_that_both_periods_know_are_compared() {
    let silent = NodeLoss { loss: loss(None, 1.0), ..node(3, 0.0) };
    let nodes = vec![node(1, 22.0), node(2, 40.0), silent, node(5, 1.0)];
    let now = PeriodFigures { loss: loss(None, 1.0), nodes, ..now() };
    let nodes = vec![node(1, 20.0), node(2, 20.0), node(3, 1.0), node(4, 9.0)];
    let page = page(now, PeriodFigures { nodes, ..before() });
    let change = |it: ComparedNode<'_>| it.change.map(|it| (it.kwh, it.is_within_error()));
    let found: Vec<_> = page.nodes().map(|it| (it.node.id.0, change(it))).collect();
    let expected = [(1, Some((2.0, true))), (2, Some((20.0, false))), (3, None), (5, None)];
    assert_eq!(found, expected);
    let common = page.common_loss().unwrap();
    assert_eq!(common, CommonLoss { nodes: 2, kwh: 62.0, before_kwh: 40.0 });
}

#[test]
fn where_the_loss_of_the_site_is_compared_no_part_of_it_is() {
    assert_eq!(page(now(), before()).common_loss(), None);
}
