//! The chart as a PNG: the server's picture, drawn by the browser.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement};

/// Points of the PNG for each of the picture: sharp on paper, too.
const SCALE: u32 = 2;

/// Fetches a picture and hands it over as a PNG of this name.
pub(super) fn save_png(picture: &str, name: String) {
    let Ok(image) = HtmlImageElement::new() else { return };
    let loaded = image.clone();
    let save = Closure::once_into_js(move || {
        if let Err(error) = save(&loaded, &name) {
            leptos::logging::error!("the picture cannot be drawn: {error:?}");
        }
    });
    image.set_onload(Some(save.unchecked_ref()));
    image.set_src(picture);
}

fn save(image: &HtmlImageElement, name: &str) -> Result<(), JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(image.natural_width() * SCALE);
    canvas.set_height(image.natural_height() * SCALE);
    let Some(context) = canvas.get_context("2d")? else { return Ok(()) };
    let context: CanvasRenderingContext2d = context.unchecked_into();
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width, height)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&canvas.to_data_url()?);
    link.set_download(name);
    link.click();
    Ok(())
}
