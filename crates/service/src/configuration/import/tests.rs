use serde_json::{Value, json};

use super::check::check_versions;
use crate::{Error, body};

/// Checks a virtual meter with terms from one instant to another.
fn checked(terms: &[(Value, Value)]) -> Result<(), Error> {
    let term = |(i, (from, to)): (usize, &(Value, Value))| json!({"meterNumber": format!("M-{i}"), "factor": 1, "validFrom": from, "validTo": to});
    let terms: Vec<_> = terms.iter().enumerate().map(term).collect();
    let sum = json!({"site": "works", "meterNumber": "V-1", "terms": terms});
    check_versions(&body::read(&sum).unwrap())
}

#[test]
fn terms_of_a_virtual_meter_hold_one_after_the_other() {
    let [may, june, july] =
        ["05", "06", "07"].map(|month| json!(format!("2026-{month}-01T00:00:00Z")));
    let ever = || Value::Null;
    let version = |from: &Value, to: &Value| (from.clone(), to.clone());
    let good = [
        vec![version(&ever(), &ever()), version(&ever(), &ever())],
        vec![version(&june, &ever()), version(&ever(), &may), version(&may, &june)],
        vec![version(&ever(), &may), version(&june, &july)],
    ];
    for terms in good {
        checked(&terms).unwrap();
    }
    let bad = [
        vec![version(&may, &june), version(&may, &july)],
        vec![version(&june, &may)],
        vec![version(&ever(), &june), version(&may, &ever())],
        vec![version(&ever(), &ever()), version(&may, &ever())],
    ];
    for terms in bad {
        let refused = checked(&terms).unwrap_err().to_string();
        assert!(refused.contains("V-1"), "{refused}");
    }
}
