//! The usage behind a bill as Green Button, read back as any other program would.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;
use service::bills;

use crate::bench::{Bench, WHO};
use crate::bills::Place;

/// An element: its name, its attributes, its text and what is in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn all(&self, name: &str) -> Vec<&Element> {
        self.children.iter().filter(|child| child.name == name).collect()
    }

    fn one(&self, path: &str) -> &Element {
        path.split('/').fold(self, |element, name| {
            let found = element.all(name);
            assert_eq!(found.len(), 1, "{name} of {path}");
            found[0]
        })
    }

    fn number(&self, path: &str) -> i64 {
        self.one(path).text.parse().unwrap()
    }

    fn names(&self) -> Vec<&str> {
        self.children.iter().map(|child| child.name.as_str()).collect()
    }

    fn links(&self, rel: &str) -> Vec<&str> {
        let links = self.all("link").into_iter().filter(|link| link.attributes["rel"] == rel);
        links.map(|link| link.attributes["href"].as_str()).collect()
    }
}

/// Reads a document; what is not well-formed is a panic.
fn parse(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(element(&start)),
            Event::Text(text) => {
                open.last_mut().unwrap().text.push_str(text.decode().unwrap().trim());
            }
            Event::End(_) => {
                let closed = open.pop().unwrap();
                open.last_mut().unwrap().children.push(closed);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "an element is not closed");
    open.pop().unwrap().children.pop().unwrap()
}

fn element(start: &quick_xml::events::BytesStart<'_>) -> Element {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let attribute = |found: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
        let found = found.unwrap();
        (text(found.key.as_ref()), text(&found.value))
    };
    Element {
        name: text(start.name().as_ref()),
        attributes: start.attributes().map(attribute).collect(),
        ..Element::default()
    }
}

pub(crate) async fn a_month_is_written_as_green_button(bench: &Bench) {
    let place = Place::new(bench, "green-button", "Europe/Berlin").await;
    let meter = place.meter("M-1").await;
    place.metered(meter, ["2025-03-01", "2025-04-01"], (0.123_456_7, 0.05)).await;
    let energy = json!({"energy": [{"direction": "import", "price": "0.3"}]});
    place.tariff("2025-01-01", None, energy).await;
    let draft = place.store("M-1", "2025-03").await.unwrap();
    let feed = bills::espi(&bench.service, WHO, &draft).await.unwrap();

    let feed = parse(&feed);
    assert_eq!(
        (feed.name.as_str(), feed.attributes["xmlns"].as_str()),
        ("feed", "http://www.w3.org/2005/Atom")
    );
    let entries = feed.all("entry");
    let contents: Vec<_> = entries.iter().map(|entry| entry.one("content").names()[0]).collect();
    let of_flow = ["MeterReading", "ReadingType", "IntervalBlock"];
    assert_eq!(contents, [&["UsagePoint", "LocalTimeParameters"][..], &of_flow, &of_flow].concat());
    let selves: Vec<&str> = entries.iter().flat_map(|entry| entry.links("self")).collect();
    for entry in &entries {
        for name in ["id", "title", "published", "updated"] {
            assert!(!entry.one(name).text.is_empty(), "{name}");
        }
        assert_eq!((entry.links("self").len(), entry.links("up").len()), (1, 1));
        let content = &entry.one("content").children[0];
        assert_eq!(content.attributes["xmlns"], "http://naesb.org/espi");
    }
    assert_eq!(entries[0].one("content/UsagePoint/ServiceCategory/kind").text, "0");
    local_time(entries[0], entries[1]);
    for (flow, code, kwh) in [(2, 1, 0.123_456_7), (5, 19, 0.05)] {
        let related = entries[flow].links("related");
        let kind = entries[flow + 1].links("self")[0];
        assert!(related.contains(&kind) && selves.contains(&kind), "{related:?} leads to its type");
        reading_type(entries[flow + 1].one("content/ReadingType"), code);
        block(entries[flow + 2].one("content/IntervalBlock"), kwh);
    }
}

/// Berlin is an hour ahead of UTC, and two from the last Sunday of March at 2:00 to that of October at
/// 3:00.
fn local_time(point: &Element, entry: &Element) {
    assert!(point.links("related").contains(&entry.links("self")[0]));
    assert_eq!(entry.one("title").text, "Europe/Berlin");
    let local = entry.one("content/LocalTimeParameters");
    let told: Vec<_> = local.children.iter().map(|child| (&*child.name, &*child.text)).collect();
    // In the order that the schema wants.
    let expected = [
        ("dstEndRule", "AE0E3000"),
        ("dstOffset", "3600"),
        ("dstStartRule", "3E0E2000"),
        ("tzOffset", "3600"),
    ];
    assert_eq!(told, expected);
}

fn reading_type(kind: &Element, flow: i64) {
    // In the order that the schema wants.
    let expected = [
        ("accumulationBehaviour", 4),
        ("commodity", 1),
        ("dataQualifier", 12),
        ("flowDirection", flow),
        ("intervalLength", 900),
        ("kind", 12),
        ("powerOfTenMultiplier", -3),
        ("timeAttribute", 0),
        ("uom", 72),
    ];
    let found: Vec<_> = kind.names().into_iter().map(|name| (name, kind.number(name))).collect();
    assert_eq!(found, expected);
}

fn block(block: &Element, kwh: f64) {
    let from: i64 =
        "2025-02-28T23:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp();
    let readings = block.all("IntervalReading");
    assert_eq!(readings.len(), 2_972, "a month of 743 hours");
    assert_eq!(block.number("interval/start"), from);
    assert_eq!(block.number("interval/duration"), 2_972 * 900);
    #[expect(clippy::cast_possible_truncation, reason = "far below 2^52")]
    let mwh = (kwh * 1e6).round() as i64;
    for (n, reading) in (0..).zip(readings) {
        assert_eq!(reading.names(), ["ReadingQuality", "timePeriod", "value"]);
        assert_eq!(reading.number("ReadingQuality/quality"), 0);
        assert_eq!(reading.number("timePeriod/start"), from + n * 900);
        assert_eq!(reading.number("timePeriod/duration"), 900);
        assert_eq!(reading.number("value"), mwh);
    }
}
