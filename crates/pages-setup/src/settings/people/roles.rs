//! The table of what each role may do.

use domain::people::{Action, Role};
use markup::{Html, html};

use texts::messages::told;
use texts::words::people as words;
use ui::components::mark::Shape;
use ui::drawing::parts::mark;

pub(super) fn draw() -> Html {
    let row = |action: Action| {
        let cell = |role: Role| {
            let may = if role.allows(action) {
                html! {
                    {mark(Shape::Good)}
                    <span class="sr">{words::YES}</span>
                }
            } else if role == Role::Prosumer && Action::OF_OWNERS.contains(&action) {
                html! { {words::OF_OWN} }
            } else {
                Html::default()
            };
            html! { <td>{may}</td> }
        };
        html! {
            <tr>
                <th scope="row">{told(&action.into())}</th>
                {Role::ALL.map(cell)}
            </tr>
        }
    };
    html! {
        <section class="settings-new">
            <h2>{words::MAY}</h2>
            <div class="scroll" tabindex="0" role="group" aria-label=words::MAY>
                <table class="table people-roles">
                    <thead>
                        <tr>
                            <th scope="col">{words::ACTION}</th>
                            {Role::ALL.map(|role| html! { <th scope="col">{words::role(role)}</th> })}
                        </tr>
                    </thead>
                    <tbody>{Action::ALL.map(row)}</tbody>
                </table>
            </div>
        </section>
    }
}
