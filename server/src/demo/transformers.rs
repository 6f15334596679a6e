//! The transformers of the demonstration's city, added at the first start.

use service::grid::{self, NewTransformer};
use service::{Error, Principal, Service};
use simulator::transformers::{DEMO, SEED, Transformer, transformers};

const WHO: &Principal = &Principal::Loopback;

/// Adds them where there are none.
pub(super) async fn add(service: &Service) -> Result<(), Error> {
    if !grid::transformers(service, WHO, None, 1).await?.is_empty() {
        return Ok(());
    }
    let new = transformers(SEED, DEMO).map(described).collect();
    let added = grid::create_transformers(service, WHO, new).await?;
    tracing::info!("demo grid: {} transformers in San Francisco", added.len());
    Ok(())
}

fn described(transformer: Transformer) -> NewTransformer {
    let Transformer { name, place, loading } = transformer;
    NewTransformer {
        name,
        capacity_kva: loading.capacity.kilo(),
        latitude: place.latitude,
        longitude: place.longitude,
        city: "San Francisco".to_owned(),
        connected_consumption_kw: loading.consumption.kilo(),
        connected_production_kw: loading.production.kilo(),
    }
}
