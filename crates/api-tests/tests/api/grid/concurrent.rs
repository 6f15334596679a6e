//! Many at once: no limit is ever passed.

use futures::future::join_all;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{asked, clear, connected, keyed, transformer};
use crate::{World, one_after_another};

const CLIENTS: usize = 64;

/// Posts what each client asks for, all at the same time, and answers the statuses.
async fn at_once(world: &World, bodies: Vec<Value>) -> Vec<Value> {
    let asked = bodies.into_iter().map(|body| async move {
        let answer = world.post("/connection", &body).await;
        assert!([200, 201].contains(&answer.status), "{}", answer.text);
        answer.json()
    });
    join_all(asked).await
}

async fn sums(pool: &PgPool) -> Vec<(String, f64, f64)> {
    sqlx::query_as(
        "SELECT transformer_id::text, sum(requested_consumption_kw)::float8, \
             sum(requested_production_kw)::float8 \
         FROM connections WHERE status = 'approved' GROUP BY transformer_id",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

one_after_another! { many_connections_at_once:
    sixty_four_clients_on_one_transformer_never_pass_a_limit,
    sixty_four_clients_on_many_transformers_fill_them_in_order_of_distance,
    of_many_repeats_at_once_under_one_key_one_connects,
}

async fn sixty_four_clients_on_one_transformer_never_pass_a_limit(world: &World) {
    clear(world).await;
    let id = transformer(world, "TX-1", 10.0, json!({"capacity_kVA": 100})).await;
    let mut body = asked();
    body["requested_consumption_kW"] = 2.5.into();
    body["requested_production_kW"] = 0.7.into();
    let answers = at_once(world, vec![body; CLIENTS]).await;
    let approved = answers.iter().filter(|answer| answer["status"] == "approved").count();
    assert_eq!(approved, 32, "80 kW in parts of 2.5 kW");
    let (consumption, production) = connected(world, &id).await;
    assert!((consumption - 80.0).abs() < 1e-9);
    assert!((production - 22.4).abs() < 1e-9);
    assert_eq!(sums(&world.pool).await, [(id, consumption, production)]);
    assert_eq!(world.count("connections").await, 64);
}

async fn sixty_four_clients_on_many_transformers_fill_them_in_order_of_distance(world: &World) {
    clear(world).await;
    for n in 0..24_u32 {
        let capacity = json!({"capacity_kVA": 25});
        transformer(world, &format!("TX-{n}"), 10.0 * f64::from(n + 1), capacity).await;
    }
    let bodies = (0..CLIENTS).map(|n| {
        let mut body = asked();
        body["requested_consumption_kW"] = [5.0, 7.5, 3.3][n % 3].into();
        body["requested_production_kW"] = [1.5, 0.0, 2.5][n % 3].into();
        body
    });
    let answers = at_once(world, bodies.collect()).await;
    assert!(answers.iter().all(|answer| answer["status"] == "approved"));
    let sums = sums(&world.pool).await;
    let mut total = 0.0;
    for (id, consumption, production) in &sums {
        let (load, sun) = connected(world, id).await;
        assert!((load - consumption).abs() < 1e-9 && (sun - production).abs() < 1e-9, "{id}");
        assert!(*consumption <= 20.0 && *production <= 7.5, "{consumption} {production}");
        total += consumption;
    }
    let wanted: f64 = (0..CLIENTS).map(|n| [5.0, 7.5, 3.3][n % 3]).sum();
    assert!((total - wanted).abs() < 1e-9);
}

async fn of_many_repeats_at_once_under_one_key_one_connects(world: &World) {
    clear(world).await;
    let id = transformer(world, "TX-1", 10.0, json!({})).await;
    let body = asked();
    let answers = join_all((0..CLIENTS).map(|_| keyed(world, "order-1", &body))).await;
    let first = answers[0].json();
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.json() == first));
    assert_eq!(connected(world, &id).await, (15.0, 8.0));
    assert_eq!(world.count("connections").await, 1);
}
