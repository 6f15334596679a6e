//! Versions of a tariff that change a month that was issued, and what takes a bill back.

use chrono::DateTime;
use domain::bills::BillState;

use super::*;

/// Marks of the list: whether each bill of a place would be another one now.
async fn changed(place: &Place<'_>) -> Vec<Option<bool>> {
    let listed = bills::list(&place.bench.service, WHO, Some(&place.slug()), None, None).await;
    listed.unwrap().iter().map(|bill| bill.changed).collect()
}

pub(super) async fn the_list_says_so_when_energy_is_of_another_time_of_its_day(bench: &Bench) {
    let (place, meter) = Place::in_may(bench, "shifted").await;
    place.tariff("2025-01-01", None, day_and_night()).await;
    place.issue("M-1", "2025-05").await;
    for _ in 0..2 {
        assert_eq!(changed(&place).await, [Some(false)]);
    }
    for (at, kwh) in [("2025-05-10T02:00:00Z", -0.1), ("2025-05-10T12:00:00Z", 0.1)] {
        let shift = "UPDATE energy_intervals SET import_kwh = import_kwh + $3 \
                     WHERE meter_id = $1 AND bucket_start = $2::timestamptz";
        let shift = sqlx::query(shift).bind(meter.0).bind(at.parse::<DateTime<Utc>>().unwrap());
        shift.bind(kwh).execute(&bench.pool).await.unwrap();
    }
    place.recompute(meter, ["2025-05-10".parse().unwrap()].into_iter()).await;
    assert_eq!(changed(&place).await, [Some(true)]);
}

pub(super) async fn a_version_of_equal_terms_changes_no_bill_and_one_of_others_says_so(
    bench: &Bench,
) {
    let (place, _) = Place::in_may(bench, "reversed").await;
    place.tariff("2025-01-01", None, flat()).await;
    let issued = place.issue("M-1", "2025-05").await;
    // A version of the same name that takes over on a day.
    let follows = async |from: &str, terms: Value| {
        let body =
            json!({"name": "Grid", "site": place.slug(), "validFrom": from, "endPrevious": true});
        place.enter(body, terms).await;
    };
    follows("2025-05-16", flat()).await;
    let same = place.bill("M-1", "2025-05").await;
    assert_eq!((same.changed, same.bill), (false, issued.bill.clone()));
    assert_eq!(changed(&place).await, [Some(false)]);

    follows("2025-05-22", json!({"energy": [{"direction": "import", "price": "7"}]})).await;
    let stale = place.bill("M-1", "2025-05").await;
    assert_eq!((stale.state, stale.changed), (BillState::Issued, true));
    assert_eq!(changed(&place).await, [Some(true)]);
    assert_eq!(stale.bill, issued.bill, "it stays as it was issued");
    assert_eq!(place.run(true).await.run.issued, 0, "nobody is billed twice");

    let service = &bench.service;
    let why = serde_json::from_value(json!({"reason": "the price of the 22nd"})).unwrap();
    let number = issued.number.unwrap();
    let credited = bills::credit(service, WHO, &place.numbered(&number), why).await.unwrap();
    let due = credited.bill.bill.amount_due.to_string();
    assert_eq!(due, "4704.00", "10 days of 24 kWh cost 1 more");
    let note = credited.credit_note;
    assert_eq!((note.state, note.credits.as_ref()), (BillState::CreditNote, Some(&number)));
    assert_eq!(note.bill.amount_due.to_string(), "-4464.00");
    assert_eq!(note.bill.consumed, Decimal::from(-744));
    let days: f64 = note.shape.days.iter().map(|day| day.import_kwh).sum();
    assert!((days + 744.0).abs() < 1e-6, "{days}");
    let note = place.numbered(&note.number.unwrap());
    let lines = bills::csv(service, WHO, &note).await.unwrap();
    assert!(lines.iter().all(|line| line.credits.as_ref() == Some(&number)));
    let behind = bills::intervals(service, WHO, &note, 0).await.unwrap();
    let behind = behind.iter().map(|part| part.kwh).sum::<Decimal>().round_dp(6);
    assert_eq!(behind, Decimal::from(-744));
    let green = bills::espi(service, WHO, &note).await.unwrap();
    assert!(green.contains("<value>-250000</value>") && green.contains(&number), "{green:.300}");
    bills::svg(service, WHO, &note).await.unwrap();

    let listed = bills::list(service, WHO, Some(&place.slug()), None, None).await.unwrap();
    let consumed: Decimal = listed.iter().map(|bill| bill.consumed).sum();
    let due: Decimal = listed.iter().map(|bill| bill.amount_due).sum();
    assert_eq!((consumed, due.to_string()), (Decimal::from(744), "4704.00".to_owned()));
}
