//! Bills that cannot be made: they hold up no other, are listed, and are tried again.

use domain::MeterId;
use domain::bills::{LeftOut, RunState};
use domain::month::Month;
use domain::operation::task::Work;
use service::Service;
use service::bills::{self, BillState};
use service::operation::set_aside;
use sqlx::PgPool;

use super::meters::{left_out, placed};
use super::{WHO, bill_of, flat, issue, metered, place, run, tariff};
use crate::set_aside::{allow, forbid, lists};

/// Three houses of a month, of which one cannot be billed.
async fn street(pool: &PgPool) -> MeterId {
    let (site, main) = place(pool, "Asia/Kolkata").await;
    let mut houses = Vec::new();
    for number in ["A", "B", "C"] {
        let house = placed(pool, number, Some(main), false).await;
        metered(pool, &site, house, ["2025-05-01", "2025-06-01"], (0.25, 0.0)).await;
        houses.push(house);
    }
    forbid(pool, "bills", &format!("NEW.meter_id = {}", houses[1])).await;
    houses[1]
}

async fn tries(pool: &PgPool) -> i32 {
    let statement = "SELECT failures FROM set_aside WHERE work = 'bill'";
    sqlx::query_scalar(statement).fetch_one(pool).await.unwrap()
}

async fn draft_of_b(service: &Service) -> bills::BillView {
    bill_of(service, "B", "2025-05").await
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_bill_that_cannot_be_made_stands_aside_and_holds_up_no_other(pool: PgPool) {
    let house = street(&pool).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let done = run(&service, true).await;
    assert_eq!((done.run.state, done.run.done, done.run.issued), (RunState::Done, 3, 2));
    assert!(left_out(&done).contains(&("B", LeftOut::Failed)), "{:?}", left_out(&done));
    let aside = lists(&service, 1).await.remove(0);
    assert_eq!(
        (aside.work.as_str(), aside.meter_id, aside.parts),
        ("bill", Some(house), 1),
        "{aside:?}"
    );
    assert_eq!(aside.first.to_rfc3339(), "2025-05-01T00:00:00+00:00");
    assert!(aside.error.contains("poison"), "{}", aside.error);
    assert_eq!(set_aside::counts(&service).await.unwrap(), [(Work::Bill, 1)]);
    assert_eq!(tries(&pool).await, 3);

    // It is not tried by every run; whoever asks for it has it tried, and it may fail again.
    let next = run(&service, true).await;
    assert!(left_out(&next).contains(&("B", LeftOut::Failed)), "{:?}", left_out(&next));
    assert_eq!(tries(&pool).await, 3);
    let tried = set_aside::again(&service, &WHO, &"B".into()).await.unwrap();
    assert_eq!((tried.meter_id, tried.parts), (house, 1));
    for _ in 0..600 {
        if tries(&pool).await == 4 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!(tries(&pool).await, 4);

    allow(&pool).await;
    set_aside::again(&service, &WHO, &"B".into()).await.unwrap();
    lists(&service, 0).await;
    let draft = draft_of_b(&service).await;
    assert!(draft.id.is_some() && draft.state == BillState::Draft, "{draft:?}");
    assert_eq!(run(&service, true).await.run.issued, 1);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_bill_that_a_person_makes_stands_aside_no_more(pool: PgPool) {
    street(&pool).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tariff(&service, "2025-01-01", None, flat()).await;
    let drafted = run(&service, false).await;
    assert_eq!((drafted.run.state, drafted.run.done), (RunState::Done, 3));
    lists(&service, 1).await;
    allow(&pool).await;
    let issued = issue(&service, "B", "2025-05").await;
    assert_eq!(issued.state, BillState::Issued);
    assert_eq!(set_aside::list(&service, &WHO, None).await.unwrap(), []);
    let month: Month = "2025-05".parse().unwrap();
    assert_eq!(issued.month, month);
    tasks.stop().await;
}
