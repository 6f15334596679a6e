//! Bills that cannot be made: they hold up no other, are listed, and are tried again.

use domain::bills::{BillState, LeftOut};
use domain::operation::task::Work;
use service::operation::set_aside;

use super::meters::left_out;
use super::*;
use crate::set_aside::{allow, forbid, lists};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn bills_that_cannot_be_made_stand_aside(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_bill_that_cannot_be_made_stands_aside_and_holds_up_no_other(&bench).await;
    a_bill_that_a_person_makes_stands_aside_no_more(&bench).await;
    bench.stop().await;
}

/// Three houses of a month, of which B cannot be billed.
async fn street<'a>(bench: &'a Bench, slug: &str) -> (Place<'a>, MeterId) {
    let place = Place::new(bench, slug, "Asia/Kolkata").await;
    let main = place.meter("M-1").await;
    let mut houses = Vec::new();
    for number in ["A", "B", "C"] {
        let house = place.placed(number, Some(main), false).await;
        place.metered(house, MAY, (0.25, 0.0)).await;
        houses.push(house);
    }
    forbid(&bench.pool, "bills", &format!("NEW.meter_id = {}", houses[1])).await;
    place.tariff("2025-01-01", None, flat()).await;
    (place, houses[1])
}

async fn a_bill_that_cannot_be_made_stands_aside_and_holds_up_no_other(bench: &Bench) {
    let (place, house) = street(bench, "aside").await;
    let service = &bench.service;
    let tries = async || -> i32 {
        let statement = "SELECT failures FROM set_aside WHERE work = 'bill'";
        sqlx::query_scalar(statement).fetch_one(&bench.pool).await.unwrap()
    };
    let done = place.run(true).await;
    assert_eq!((done.run.state, done.run.done, done.run.issued), (RunState::Done, 3, 2));
    assert!(left_out(&done).contains(&("B", LeftOut::Failed)), "{:?}", left_out(&done));
    let aside = lists(service, &place.slug(), 1).await.remove(0);
    let listed = (aside.work.as_str(), aside.meter_id, aside.parts);
    assert_eq!(listed, ("bill", Some(house), 1), "{aside:?}");
    assert_eq!(aside.first.to_rfc3339(), "2025-05-01T00:00:00+00:00");
    assert!(aside.error.contains("poison"), "{}", aside.error);
    assert_eq!(set_aside::counts(service).await.unwrap(), [(Work::Bill, 1)]);
    assert_eq!(tries().await, 3);

    // It is not tried by every run; a person can have it tried, and it may fail again.
    let next = place.run(true).await;
    assert!(left_out(&next).contains(&("B", LeftOut::Failed)), "{:?}", left_out(&next));
    assert_eq!(tries().await, 3);
    let tried = set_aside::again(service, WHO, &place.address("B")).await.unwrap();
    assert_eq!((tried.meter_id, tried.parts), (house, 1));
    until("the fourth try", async || {
        let tries = tries().await;
        if tries == 4 { Ok(()) } else { Err(tries) }
    })
    .await;

    allow(&bench.pool).await;
    set_aside::again(service, WHO, &place.address("B")).await.unwrap();
    lists(service, &place.slug(), 0).await;
    let draft = place.bill("B", "2025-05").await;
    assert!(draft.id.is_some() && draft.state == BillState::Draft, "{draft:?}");
    assert_eq!(place.run(true).await.run.issued, 1);
}

async fn a_bill_that_a_person_makes_stands_aside_no_more(bench: &Bench) {
    let (place, _) = street(bench, "by-hand").await;
    let drafted = place.run(false).await;
    assert_eq!((drafted.run.state, drafted.run.done), (RunState::Done, 3));
    lists(&bench.service, &place.slug(), 1).await;
    allow(&bench.pool).await;
    let issued = place.issue("B", "2025-05").await;
    assert_eq!((issued.state, issued.month), (BillState::Issued, "2025-05".parse().unwrap()));
    let left = set_aside::list(&bench.service, WHO, Some(&place.slug())).await.unwrap();
    assert_eq!(left, []);
}
