//! One row of the tree as HTML. The server writes the first rows with it, the browser those that come
//! into sight: a row is worth neither a view of its own nor the code to keep one alive.

use domain::live::{MeterCard, MeterLive};
use domain::meters::SourceKind;
use domain::meters::view::tree::{Key, Row};
use domain::meters::view::{Counted, heights};

use texts::messages::told;
use texts::words::meters as words;
use ui::components::balance_bar::source_class;
use ui::components::figure;
use ui::components::mark::{MeterState, Shape};
use ui::period::join;

/// A row as it is drawn: its attributes, of which an empty one is absent, and what is in its cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Drawn {
    pub(super) attributes: [(&'static str, String); 10],
    pub(super) cells: [String; 7],
}

const CELLS: [&str; 7] = [
    "col-name",
    "num",
    "num col-energy",
    "num col-loss",
    "num col-share",
    "col-spark",
    "col-state",
];

impl Drawn {
    pub(super) fn inner(&self) -> String {
        let cell = |(class, html): (&str, &String)| {
            format!("<td role=\"gridcell\" class=\"{class}\">{html}</td>")
        };
        CELLS.into_iter().zip(&self.cells).map(cell).collect::<Vec<_>>().concat()
    }

    #[cfg(feature = "ssr")]
    pub(super) fn outer(&self) -> String {
        let attributes = self.attributes.iter().filter(|(_, value)| !value.is_empty());
        let attributes = attributes.map(|(name, value)| format!(" {name}=\"{value}\""));
        format!("<tr{}>{}</tr>", attributes.collect::<Vec<_>>().concat(), self.inner())
    }
}

/// Where a row stands in the whole tree, and what is chosen of it.
pub(super) struct Place {
    /// From 0.
    pub(super) index: usize,
    pub(super) is_folded: bool,
    pub(super) is_selected: bool,
    /// Whether Tab goes to it.
    pub(super) is_stop: bool,
    /// How many below it need attention, while they are hidden.
    pub(super) troubled: usize,
}

pub(super) fn id(key: Key) -> String {
    match key {
        Key::Meter(id) => format!("meter-{id}"),
        Key::Others(id) => format!("others-{id}"),
    }
}

pub(super) fn key(id: &str) -> Option<Key> {
    let (kind, number) = id.split_once('-')?;
    let id = domain::MeterId(number.parse().ok()?);
    match kind {
        "meter" => Some(Key::Meter(id)),
        "others" => Some(Key::Others(id)),
        _ => None,
    }
}

fn drawn(row: &Row, place: &Place, cells: [String; 7], class: String) -> Drawn {
    let attributes = [
        ("id", id(row.key)),
        ("class", class),
        ("role", "row".to_owned()),
        ("aria-level", (row.depth + 1).to_string()),
        ("aria-posinset", row.place.to_string()),
        ("aria-setsize", row.siblings.to_string()),
        // The first row is the head.
        ("aria-rowindex", (place.index + 2).to_string()),
        ("aria-expanded", if row.is_node { (!place.is_folded).to_string() } else { String::new() }),
        ("aria-selected", place.is_selected.to_string()),
        ("tabindex", if place.is_stop { "0" } else { "-1" }.to_owned()),
    ];
    Drawn { attributes, cells }
}

/// The row of a meter. The `query` goes on in its address.
pub(super) fn meter(
    row: &Row,
    place: &Place,
    (card, live): (&MeterCard, &MeterLive),
    counted: Option<&Counted>,
    query: &str,
) -> Drawn {
    let state = MeterState::of(live);
    let own: String = state.word.into();
    let reason = live.reason.as_ref();
    let said = reason.map_or(own.clone(), |reason| format!("{own}: {}", told(reason)));
    let mut class = "row".to_owned();
    for (is, name) in [
        (row.is_node, " is-node"),
        (row.only_path, " is-path"),
        (state.is_trouble(), " is-trouble"),
    ] {
        if is {
            class.push_str(name);
        }
    }
    let kind = source_class(card.kind);
    let href = escaped(&join(&format!("/meters?meter={}", card.id), query));
    let mut name = vec![format!(
        "{}<i class=\"kind {kind}\"></i><a href=\"{href}\" tabindex=\"-1\" title=\"{}\">{}</a>",
        lead(row, place),
        escaped(&card.number),
        escaped(&card.name),
    )];
    let tag = |class: &str, text: &str| format!("<span class=\"{class}\">{text}</span>");
    let badges = counted.into_iter().flat_map(Counted::badges);
    let badges = badges.map(|(class, text)| tag(class, &escaped(&words::badge(class, text))));
    let remark = card.feeds_parent.then(|| tag("remark", words::FEEDS_PARENT.get()));
    let marks: String = badges.chain(remark).collect();
    if !marks.is_empty() {
        name.push(tag("marks", &marks));
    }
    name.push("</span>".to_owned());
    let of = |read: fn(&Counted) -> &str| escaped(counted.map_or("", read));
    let loss = |read: fn(&Counted) -> &str| match of(read) {
        text if text.is_empty() => text,
        text => {
            let said = words::loss_error(&of(Counted::said));
            format!("<span class=\"{}\" title=\"{said}\">{text}</span>", of(Counted::class))
        }
    };
    let cells = [
        name.concat(),
        figure::fixed(live.power_kw, 1),
        of(Counted::energy),
        loss(Counted::loss),
        loss(Counted::percent),
        counted
            .map_or_else(String::new, |counted| sparkline(counted.line(), spark_class(card.kind))),
        marked(state.shape, said, place.troubled),
    ];
    drawn(row, place, cells, class)
}

/// The row that stands for several small meters.
pub(super) fn others(
    row: &Row,
    place: &Place,
    count: usize,
    kw: Option<f64>,
    energy: &str,
) -> Drawn {
    let name = format!(
        "{}<i class=\"kind kind-others\"></i><span>{}</span></span>",
        lead(row, place),
        texts::words::overview::others(count),
    );
    let state = marked(Shape::Good, String::new(), place.troubled);
    let none = String::new;
    let cells = [name, figure::fixed(kw, 1), escaped(energy), none(), none(), none(), state];
    drawn(row, place, cells, "row row-others".to_owned())
}

/// Guide lines and chevron, in the name's box.
fn lead(row: &Row, place: &Place) -> String {
    let guides = "<i class=\"guide\"></i>".repeat(row.depth);
    let folded = if place.is_folded { " is-folded" } else { "" };
    let chevron = if row.is_node {
        format!(
            "<svg class=\"chevron{folded}\" width=\"14\" height=\"14\" aria-hidden=\"true\"><path \
             d=\"M3 5l4 4l4-4\"/></svg>"
        )
    } else {
        String::new()
    };
    format!("<span class=\"name\">{guides}<i class=\"branch\">{chevron}</i>")
}

/// The meter's own state; where it is folded, also how many below it need attention.
fn marked(own: Shape, said: String, troubled: usize) -> String {
    let shape = if own == Shape::Good && troubled > 0 { Shape::Stale } else { own };
    let (said, below) = match troubled {
        0 => (said, String::new()),
        count => {
            let hidden = words::troubled_below(count);
            let said = if said.is_empty() { hidden } else { format!("{said}, {hidden}") };
            (said, format!("<span class=\"below\" aria-hidden=\"true\">{count}</span>"))
        }
    };
    let said = escaped(&said);
    format!(
        "<span title=\"{said}\"><svg class=\"{}\" width=\"12\" height=\"12\" aria-hidden=\"true\"><path \
         d=\"{}\"/></svg><span class=\"sr\">{said}</span></span>{below}",
        shape.class(),
        shape.path(),
    )
}

/// The line of the last 24 hours, whose first level is that of zero.
fn sparkline(levels: &str, class: &str) -> String {
    let mut levels = heights(levels);
    let zero = levels.next().flatten();
    crate::pages::sparkline::draw(&levels.collect::<Vec<_>>(), zero, class)
}

const fn spark_class(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Grid => "spark-grid",
        SourceKind::Solar => "spark-solar",
        SourceKind::Diesel => "spark-diesel",
        SourceKind::Battery => "spark-battery",
        SourceKind::Load => "",
    }
}

/// A text that stands for itself in HTML, within quotes too.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use domain::MeterId;
    use domain::live::Status;
    use domain::meters::view::LossTexts;

    use super::*;

    fn drawn(name: &str, is_node: bool, troubled: usize) -> String {
        let card = MeterCard {
            id: MeterId(7),
            number: "M-7".into(),
            name: name.into(),
            meter_type: "Unit".into(),
            kind: SourceKind::Load,
            level: 3,
            parent: None,
            feeds_parent: false,
            area: None,
            is_aside: false,
        };
        let live = MeterLive {
            id: card.id,
            power_kw: Some(128.1),
            mean_kw: None,
            returned_kw: None,
            today_kwh: None,
            today_returned_kwh: None,
            at: None,
            status: Status::Online,
            reason: None,
            quality: domain::Quality::Good,
        };
        let loss = LossTexts {
            loss: "131.7".into(),
            percent: "9.0".into(),
            class: "is-loss",
            said: "8.2".into(),
        };
        let counted =
            Counted::new(card.id, "1,470".into(), loss, &[Some(1.0), None, Some(2.0)], Vec::new());
        let row = Row {
            key: Key::Meter(card.id),
            parent: None,
            depth: 2,
            place: 1,
            siblings: 3,
            is_node,
            only_path: false,
        };
        let place =
            Place { index: 41, is_folded: true, is_selected: true, is_stop: true, troubled };
        meter(&row, &place, (&card, &live), Some(&counted), "?period=week").outer()
    }

    #[test]
    fn a_row_says_where_it_stands_and_what_it_counted() {
        let html = drawn("Unit C", true, 2);
        for part in [
            "id=\"meter-7\"",
            "aria-level=\"3\"",
            "aria-posinset=\"1\"",
            "aria-setsize=\"3\"",
            "aria-rowindex=\"43\"",
            "aria-expanded=\"false\"",
            "aria-selected=\"true\"",
            "/meters?meter=7&amp;period=week",
            ">128.1<",
            ">1,470<",
            "is-loss",
            "2 below need attention",
        ] {
            assert!(html.contains(part), "{part} is missing in {html}");
        }
        assert!(!drawn("Unit C", false, 0).contains("aria-expanded"));
    }

    #[test]
    fn a_name_is_text_whatever_it_contains() {
        let html = drawn("<b>\"A\" & B</b>", false, 0);
        assert!(html.contains("&lt;b&gt;&quot;A&quot; &amp; B&lt;/b&gt;"));
        assert!(!html.contains("<b>"));
    }

    #[test]
    fn the_id_of_a_row_is_read_as_it_is_written() {
        for one in [Key::Meter(MeterId(12)), Key::Others(MeterId(3))] {
            assert_eq!(key(&id(one)), Some(one));
        }
        assert_eq!(key("search-1"), None);
    }

    #[test]
    fn a_silent_end_has_no_dot_and_a_line_below_zero_shows_where_zero_is() {
        assert!(!sparkline("##+ ", "").contains("circle"));
        assert!(sparkline("#+K", "").contains("circle"));
        assert!(sparkline("K+#", "").contains("spark-zero"));
        assert!(!sparkline("#+K", "").contains("spark-zero"));
    }
}
