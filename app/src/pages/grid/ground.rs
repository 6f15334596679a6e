//! The map itself, which the browser alone draws: the ground, the view, and what is asked of the
//! server for it.

use domain::grid::feasibility::Place;
use leptos::html::Div;
use leptos::prelude::*;

use ui::components::sheet::{Address, Drawn};

/// Nothing to draw on the server: the card says all that the map does.
#[cfg(not(feature = "hydrate"))]
pub(super) fn lay(_: NodeRef<Div>, _: Memo<Address>, _: Drawn, _: impl Fn(Place) + 'static) {}

/// Lays the map into its container. `choose` is told of a place that someone points at.
#[cfg(feature = "hydrate")]
pub(super) fn lay(
    container: NodeRef<Div>,
    address: Memo<Address>,
    drawn: Drawn,
    choose: impl Fn(Place) + Copy + 'static,
) {
    use super::leaflet::Ground;
    use leptos::task::spawn_local;
    use ui::api::get_map;

    let ground = StoredValue::new_local(None::<Ground>);
    let view = RwSignal::new(None);
    Effect::new(move |_| {
        let Some(element) = container.get() else { return };
        spawn_local(async move {
            match Ground::lay(element.into(), view, choose).await {
                Ok(laid) => {
                    laid.report();
                    ground.try_set_value(Some(laid));
                }
                Err(error) => leptos::logging::error!("the map cannot be shown: {error:?}"),
            }
        });
    });
    on_cleanup(move || {
        ground.try_update_value(|ground| ground.take().map(Ground::remove));
    });
    let asked = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (_, query) = address.get();
        drawn.track();
        let Some(view) = view.get() else { return };
        let number = asked.get_value() + 1;
        asked.set_value(number);
        spawn_local(async move {
            match get_map(query, view).await {
                // A later move is on its way.
                Ok(map) if asked.try_get_value() == Some(number) => {
                    ground.try_update_value(|ground| {
                        if let Some(ground) = ground {
                            ground.draw(&map, choose);
                        }
                    });
                }
                Ok(_) => {}
                Err(error) => leptos::logging::warn!("the map stays as it is: {error}"),
            }
        });
    });
}
