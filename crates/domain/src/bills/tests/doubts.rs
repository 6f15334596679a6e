//! Doubts about drafts.

use super::*;
use crate::bills::{Beside, SettledOn};

#[test]
fn a_draft_names_what_somebody_should_look_at() {
    let draft = |change: &dyn Fn(&mut Inputs)| {
        let mut inputs = inputs(1, Side::Prosumer, days(10.0, 4.0));
        change(&mut inputs);
        inputs
    };
    let listed = |year: i32| {
        move |inputs: &mut Inputs| {
            inputs.pieces[0].terms.holidays =
                [NaiveDate::from_ymd_opt(year, 12, 25).unwrap()].into();
        }
    };
    let export = terms(json!([{"direction": "export", "price": "0.08"}]));
    let cases: [(&str, Inputs, &[&str]); 7] = [
        ("nothing", draft(&|_| {}), &[]),
        ("a gap within the month", draft(&|inputs| inputs.series[3].estimated = 5.0), &[]),
        (
            "a month that ends with an estimate",
            draft(&|inputs| inputs.series.last_mut().unwrap().estimated = 5.0),
            &["bill_doubt.estimated"],
        ),
        (
            "a price that changes in a gap",
            draft(&|inputs| inputs.estimated = 2.0),
            &["bill_doubt.estimated"],
        ),
        ("holidays of the year", draft(&listed(2025)), &[]),
        ("holidays of the year before", draft(&listed(2024)), &["bill_doubt.no_holidays"]),
        (
            "a tariff for export alone",
            draft(&|inputs| inputs.pieces[0].terms = export.clone()),
            &["bill_doubt.no_import_price"],
        ),
    ];
    for (name, inputs, expected) in cases {
        let concerns = Beside::default().concerns(&inputs, &bill(&inputs), 0.95);
        let found: Vec<_> = concerns.iter().map(|concern| concern.doubt.code.as_ref()).collect();
        assert_eq!(found, expected, "{name}");
    }
    let few = draft(&|inputs| inputs.coverage = 0.5);
    let beside = Beside { questions: 2, ..Beside::default() };
    let settled: Vec<_> =
        beside.concerns(&few, &bill(&few), 0.95).iter().map(|it| it.settled_on).collect();
    assert_eq!(settled, [SettledOn::Readings, SettledOn::Corrections]);
}
