//! Every part of the kit in every state, for whoever draws pages. It stands at `/kit` while there are no users.

use domain::operation::request::FormRefusal;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use texts::words::energy::UNDO;
use texts::words::frame;
use texts::words::grid::connections as words;
use ui::components::island::REFUSED;
use ui::components::mark::Shape;
use ui::drawing::Sheet;
use ui::drawing::act::notice_with_undo;
use ui::drawing::action::ActionCall;
use ui::drawing::form::{self, Flash, Outcome};
use ui::kit::{
    self, Badge, Cell, Choice, Column, Confirm, Draw as _, Empty, Failure, Field, Form, Notice,
    PlainTable, Row, Table, submit,
};

pub(crate) fn draw() -> Sheet {
    let view = view! {
        <article class="page kit">
            <h1>"Kit"</h1>
            {part("Table", tables())}
            {part("Field, Choice, Form", forms())}
            {part("Form, refused", refused_field())}
            {part("Choice, refused", refused_choice())}
            {part("Confirm", confirm())}
            {part("Confirm, opened", sent(confirm(), "", "", FormRefusal::Outdated))}
            {part("Badge", badges())}
            {part("Notice, Failure", outcomes())}
            {part("Notice, undo", undo())}
        </article>
        <Empty title=words::NONE.get() why=words::NONE_HELP.get() next=("/grid", words::TO_GRID) />
        <Empty title="Nothing here, and nothing to do" why=words::NONE_HELP.get() />
    };
    kit::page("Kit", view)
}

fn part(name: &'static str, shown: AnyView) -> AnyView {
    view! {
        <section>
            <h2>{name}</h2>
            {shown}
        </section>
    }
    .drawn()
}

fn tables() -> AnyView {
    let columns = || {
        vec![
            Column::new(words::STATE),
            Column::of_figures(words::CONSUMPTION),
            Column::unnamed(words::ACTIONS),
        ]
    };
    let row = |(shape, is_quiet, kw): (Shape, bool, &str)| Row {
        id: None,
        is_quiet,
        cells: vec![
            Cell::State(shape, words::CONSUMER.into()),
            kw.into(),
            Cell::of(view! { <a href="/grid">{words::MAP}</a> }),
        ],
    };
    let rows = [(Shape::Good, false, "12.0"), (Shape::Ring, true, "1,250.5")].map(row).into();
    view! {
        <Table label=words::REQUESTS class="" columns=columns() rows />
        <Table label=words::REQUESTS class="" columns=columns() rows=Vec::new() />
        {linked()}
        {plain()}
    }
    .drawn()
}

/// A table whose rows lead on.
fn linked() -> AnyView {
    let columns = vec![Column::new(words::TRANSFORMER), Column::of_figures(words::CONSUMPTION)];
    let row = |name: &str, is_quiet| Row {
        id: None,
        is_quiet,
        cells: vec![Cell::RowLink(name.to_owned(), "/grid".to_owned()), "12.0".into()],
    };
    let rows = vec![row("TX-101", false), row("TX-102", true)];
    view! { <Table label=words::REQUESTS class="ranking" columns rows /> }.drawn()
}

/// A table without a frame, whose rows say what they are and whose last column weighs most.
fn plain() -> AnyView {
    let columns = vec![
        Column::blank(),
        Column::of_figures(words::CONSUMPTION),
        Column::of_figures(words::PRODUCTION).cells("total"),
    ];
    let cells = vec![words::PROSUMER.into(), "12.0".into(), "4.5".into()];
    let rows = vec![Row::of(cells)];
    view! { <PlainTable columns rows /> }.drawn()
}

fn forms() -> AnyView {
    let options = || vec![("1".to_owned(), "One".to_owned()), ("2".to_owned(), "Two".to_owned())];
    view! {
        <Form action=call("nothing") class="form">
            <Field name="empty" label=words::CONSUMPTION keys="decimal" />
            <Field name="filled" label=words::PRODUCTION value="12.5" required=false />
            <Choice name="first" label=words::TYPE options=options() />
            <Choice name="chosen" label=words::STATE options=options() chosen="2" />
            {submit("button button-main", words::WITHDRAW)}
        </Form>
    }
    .drawn()
}

const SENT: &str = "sent";

/// An action that nothing does.
fn call(name: &'static str) -> ActionCall {
    ActionCall { name, fields: Vec::new() }
}

/// A form as it stands on the page that follows when it was refused for a field, with the section opened that holds it.
fn sent(form: AnyView, field: &str, typed: &str, why: FormRefusal) -> AnyView {
    let typed = [(field.to_owned(), typed.to_owned())].into();
    let outcome = Outcome::Refused { message: why.into(), field: Some(field.to_owned()), typed };
    let drawn = form.to_html();
    let refilled = Owner::new().with(|| {
        provide_context(Flash { form: SENT.to_owned(), outcome });
        form::refilled(drawn)
    });
    // Elsewhere a page has one such form at most.
    InertElement::new(refilled.replace(REFUSED, &format!("{REFUSED}-{field}"))).into_any()
}

fn refused(field: AnyView, name: &str, typed: &str, why: FormRefusal) -> AnyView {
    let form = view! {
        <Form action=call(SENT) class="form">
            {field} {submit("button button-main", words::WITHDRAW)}
        </Form>
    };
    sent(form.drawn(), name, typed, why)
}

fn refused_field() -> AnyView {
    let field = view! { <Field name="number" label=words::CONSUMPTION keys="decimal" /> };
    let typed = "12,5,";
    refused(field.drawn(), "number", typed, FormRefusal::NoNumber { text: typed.to_owned() })
}

fn refused_choice() -> AnyView {
    let options = ["", "1", "2"].map(|value| (value.to_owned(), value.to_owned())).into();
    let choice = view! { <Choice name="choice" label=words::TYPE options /> };
    let why = FormRefusal::Missing { name: words::TYPE.get().to_owned() };
    refused(choice.drawn(), "choice", "", why)
}

fn confirm() -> AnyView {
    let shown = view! {
        <Confirm
            button=words::WITHDRAW.get()
            what=words::frees("12.0", None, "TX-101")
            now=words::WITHDRAW_NOW.get()
            action=call(SENT)
        />
    };
    shown.drawn()
}

fn badges() -> AnyView {
    let shapes = [Shape::Good, Shape::Ring, Shape::Loss, Shape::Warn, Shape::Stale, Shape::Alarm];
    let badge = |shape: Shape| view! { <p><Badge shape word=shape.class() /></p> };
    shapes.map(badge).collect_view().drawn()
}

fn outcomes() -> AnyView {
    view! {
        <Notice>{words::WITHDRAW}</Notice>
        <Failure why=frame::NO_ANSWER.get() />
    }
    .drawn()
}

fn undo() -> AnyView {
    let said = notice_with_undo(words::WITHDRAW.get(), UNDO.get(), Some(("nothing", Vec::new())));
    view! { <Notice>{InertElement::new(said).into_any()}</Notice> }.drawn()
}
