//! The tree, whose meters may be dragged where the browser runs our code: what is dropped leads to the
//! same preview as the form.

use domain::meters::Meter;
use markup::{Html, html};
use service::meters::page::settings::MetersPage;

use super::here;
use texts::words::settings::meters;

pub(super) fn draw(this: &MetersPage) -> Option<Html> {
    let can = this.about.is_operator && !this.about.is_simulated();
    if this.tree.is_empty() {
        return None;
    }
    let rows =
        this.tree.iter().map(|(depth, meter)| row(this, *depth, meter, can)).collect::<Html>();
    let top = can.then(|| {
        html! {
            <li class="settings-top" data-onto=onto(this, ("top", "on"))>
                {meters::TO_TOP}
            </li>
        }
    });
    let note = can.then(|| html! { <p class="note">{meters::TREE_NOTE}</p> });
    Some(html! {
        <section class="settings-new">
            <h2>{meters::TREE}</h2>
            {note}
            <ul class="settings-tree">{rows} {top}</ul>
        </section>
    })
}

/// The address that the id of a dropped meter and `=on` complete.
fn onto(this: &MetersPage, above: (&str, &str)) -> String {
    format!("{}&m", here(this, &[("preview", "1"), above]))
}

fn row(this: &MetersPage, depth: usize, meter: &Meter, can: bool) -> Html {
    let id = meter.id.to_string();
    let href = here(this, &[("meter", &id)]);
    let indent = "\u{2003}".repeat(depth);
    let onto = can.then(|| onto(this, ("onto", &id)));
    let drag = can.then_some("true");
    html! {
        <li draggable=drag data-meter=can.then_some(id) data-onto=onto>
            <span aria-hidden="true">{indent}</span>
            <a href=href draggable="false">
                {meter.name.clone()}
            </a>
            " "
            <span class="note">{meter.number.clone()} " " {meter.meter_type.0.clone()}</span>
            <span class="sr">{depth}</span>
        </li>
    }
}
