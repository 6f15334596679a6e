//! Areas with their meters; a name is changed for all of them at once.

use markup::{Html, html};
use serde_json::json;
use service::configuration::page::settings::AreasPage;

use super::page;
use texts::words::settings as words;
use ui::drawing::{Sheet, at, draw_table, hidden, send, submit_button};
use ui::kit::Column;

pub(super) fn draw(this: &AreasPage) -> Sheet {
    let about = &this.about;
    let row = |(area, meters): (&String, &Vec<i64>)| {
        let href = at(about.slug.as_deref(), "/settings/meters", &[("ofArea", area)]);
        html! {
            <tr>
                <th scope="row">
                    <a href=href>{area.clone()}</a>
                </th>
                <td class="num">{meters.len()}</td>
                <td>{about.is_operator.then(|| rename(this, area, meters))}</td>
            </tr>
        }
    };
    let content = if this.areas.is_empty() {
        html! { <p>{words::NO_AREAS}</p> }
    } else {
        let columns = [
            Column::new(words::AREA),
            Column::of_figures(words::METERS),
            Column::unnamed(words::RENAME),
        ];
        draw_table(words::AREAS, "settings-facts", columns, this.areas.iter().map(row))
    };
    let without = (this.without > 0)
        .then(|| html! { <p class="note">{words::without_area(this.without)}</p> });
    let content = html! {
        {content}
        {without}
    };
    page(about, "areas", words::AREAS, words::AREAS_NOTE, content)
}

fn rename(this: &AreasPage, area: &str, meters: &[i64]) -> Html {
    html! {
        <form class="choice" action=send("settings-area")>
            {hidden("site", &this.about.site.slug)} {hidden("area", area)}
            {hidden("meters", json!(meters).to_string())}
            <label>
                <span class="sr">{words::NEW_NAME}</span>
                <input class="field" type="text" name="name" value=area.to_owned() required=true autocomplete="off" />
            </label>
            {submit_button(words::RENAME)}
        </form>
    }
}
