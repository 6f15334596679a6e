//! What is selected on the page of all meters: its balance, its last 24 hours, its phases now.

mod line;
mod phases;

use domain::alarms::{Kind, Watch};
use domain::losses::balance::Verdict;
use domain::meters::view::selected::{Child, Node, SelectedPage};
use markup::{Html, html};
use service::pages::Query;
use service::{Error, Principal, Service};
use texts::figures::fixed;
use texts::language::Text;
use texts::words::overview::others;
use texts::words::{selected as words, state};
use ui::components::balance_bar::{Part, bar, fold, short_names};
use ui::drawing::{Shape, Wording, address, alert, link, mark};

/// More pieces than this are not told apart.
const MOST: usize = 12;

pub(super) async fn draw(service: &Service, who: &Principal, query: &Query) -> Result<Html, Error> {
    let without = address("/meters", &query.without(&["meter"]));
    let content = match service::meters::page::tree::selected(service, who, query).await? {
        Some(page) => selected(&page, without),
        None => match query.get("meter") {
            Some(asked) => absent(asked, without),
            None => nothing(),
        },
    };
    Ok(html! { {content} {legend()} })
}

fn selected(page: &SelectedPage, without: String) -> Html {
    let card = &page.card;
    let children = page.node.as_ref().map_or(0, |node| node.children.len());
    let facts = words::facts(&card.number, &card.meter_type, card.level, page.parent.as_deref());
    let class = page.accuracy_class.map(words::accuracy).unwrap_or_default();
    let below = words::meters_below(children);
    html! {
        <header class="detail-head">
            <h2>{card.name.clone()}</h2>
            <p class="note">{facts + &class + &below} ". " {words::NOW}</p>
            <a class="detail-open" href=link(&page.shown, &format!("/meters/{}", card.id))>
                {words::OPEN.get()}
            </a>
            {close(without)}
        </header>
        {page.node.as_ref().map(|node| balance(page, node))}
        <div class="detail-parts">{line::draw(page)} {phases::draw(page)}</div>
    }
}

/// What goes into the node against its children, with the loss and its error.
fn balance(page: &SelectedPage, node: &Node) -> Html {
    let balance = &node.balance;
    let kw = |value: f64| fixed(value, 1);
    let part =
        |child: &Child| Some(Part { name: child.name.clone(), kw: child.kw?, class: "fill-load1" });
    let loads = node.children.iter().filter(|child| !child.feeds_parent);
    let mut parts: Vec<_> = loads.filter_map(part).collect();
    parts.sort_by(|a, b| b.kw.total_cmp(&a.kw));
    let mut parts = fold(short_names(parts), MOST, others);
    let (fill, class) = match balance.verdict {
        Verdict::Loss => (Some("fill-loss"), "is-loss"),
        Verdict::WithinError => (Some("fill-within"), "is-quiet"),
        Verdict::Negative => (None, "is-negative"),
        Verdict::Incomplete => (None, "is-quiet"),
    };
    if let Some((kw, class)) = balance.loss_kw.filter(|&kw| kw > 0.0).zip(fill) {
        parts.push(Part { name: words::LOSS.into(), kw, class });
    }
    let loss = match balance.loss_kw {
        Some(loss) => words::balance_loss(&kw(loss), balance.loss_percent.map(kw).as_deref()),
        None => words::NO_BALANCE.into(),
    };
    let watched = (page.card.id, Watch::kind(Kind::Loss));
    let address = |path: &str| link(&page.shown, path);
    let watch = alert(address, watched, balance.loss_kw, Wording::Sentence);
    let whisker = balance.loss_kw.map(|_| (balance.out_kw, balance.error_kw));
    html! {
        <div class="node-balance" id="selected-balance">
            <p class="node-line">
                <span>{words::balance_in(&kw(balance.in_kw), node.children.len())}</span>
                <strong class=class>{loss}</strong>
            </p>
            {bar(&parts, balance.in_kw.max(balance.out_kw), whisker)}
            <p class="node-line note">
                <span>{watch}</span>
                <span>{words::error_band(&kw(balance.error_kw))}</span>
            </p>
        </div>
    }
}

fn absent(asked: &str, without: String) -> Html {
    html! {
        <header class="detail-head">
            <h2>{words::NOTHING.get()}</h2>
            <p class="note" role="status">
                {words::no_meter(asked)}
            </p>
            {close(without)}
        </header>
    }
}

fn close(href: String) -> Html {
    html! {
        <a class="button button-quiet" data-key="Escape" href=href aria-label=words::CLOSE.get()>
            "\u{d7}"
        </a>
    }
}

fn nothing() -> Html {
    let key = |(key, what): (&'static str, Text)| {
        html! {
            <dt>
                <kbd>{key}</kbd>
            </dt>
            <dd>{what.get()}</dd>
        }
    };
    html! {
        <div class="detail-nothing">
            <h2>{words::NOTHING.get()}</h2>
            <p class="note">{words::NOTHING_HELP.get()}</p>
            <details class="behind">
                <summary>{words::KEYS.get()}</summary>
                <dl class="keys">{words::KEY_LINES.map(key)}</dl>
            </details>
        </div>
    }
}

fn legend() -> Html {
    let item = |shape: Shape, word: Text| html! { <span>{mark(shape)} " " {word.get()}</span> };
    html! {
        <p class="legend note">
            {item(Shape::Good, state::GOOD)} {item(Shape::Ring, state::DERIVED)}
            {item(Shape::Stale, state::STALE_HERE_OR_BELOW)}
            {item(Shape::Alarm, state::ERROR_OR_OFFLINE)} <span>{words::LEGEND_NOTE.get()}</span>
        </p>
    }
}
