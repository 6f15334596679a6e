//! The page of device profiles, made from their data: `cargo xtask docs` writes it, and these tests hold
//! it against them.

use std::path::Path;
use std::{env, fs};

use domain::Field;
use domain::devices::profile::{Example, LEFT_OUT, Observed, Profile, ProfilePoint, all};
use domain::devices::{Order, Protocol};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/profiles.md");
/// Set where the page is to be written.
const WRITE: &str = "WATTLENS_WRITE_DOCS";

const START: &str = "\
# Device profiles

<!-- Made from crates/domain/profiles by `cargo xtask docs`. Edit those files, not this page. -->

A profile is what is known of a type of meter. `communication.profile` takes one by its id, and what
is written beside it holds over it:

```json
{\"protocol\": \"modbus\", \"communication\": {\"profile\": \"abb-b23\", \"host\": \"192.168.1.150\"}}
```

Each map is taken from the maker's document or from public sources that agree, which it names. Powers
are positive for import after mapping. `invert: true` turns them for a meter that is wired the other
way round. Addresses are those on the wire, which begin at 0.
";

#[test]
fn the_page_is_what_the_profiles_say() {
    if env::var_os(WRITE).is_some() {
        fs::write(Path::new(PAGE), page()).unwrap();
    }
    let written = fs::read_to_string(PAGE).unwrap();
    assert!(
        written == page(),
        "docs/profiles.md is not what the profiles say: run `cargo xtask docs`"
    );
}

fn page() -> String {
    let mut text = vec![START.to_owned()];
    for (protocol, name) in
        [(Protocol::Modbus, "Modbus"), (Protocol::Mqtt, "MQTT"), (Protocol::Http, "HTTP")]
    {
        text.push(format!("\n## {name}\n"));
        text.extend(all().iter().filter(|profile| profile.protocol == protocol).map(section));
    }
    text.push("\n## Left out\n\n| type | why |\n|---|---|\n".to_owned());
    text.extend(LEFT_OUT.iter().map(|left| format!("| {} | {} |\n", left.name, left.reason)));
    text.concat()
}

fn section(profile: &Profile) -> String {
    let mut text = vec![format!(
        "\n### {}\n\n{}: {}.\n\n{}\n",
        profile.id,
        profile.maker,
        profile.models.join(", "),
        profile.convention
    )];
    let points = profile.points();
    if !points.is_empty() {
        let head = match profile.protocol {
            Protocol::Modbus => "address | coding",
            Protocol::Mqtt => "topic | place",
            Protocol::Http => "place",
        };
        text.push(format!("\n| field | {head} | scale |\n|---|{}---|\n", rule(head)));
        text.extend(points.iter().map(row));
    }
    let others = others(profile);
    if !others.is_empty() {
        text.push(format!("\nAlso: {}.\n", others.join(", ")));
    }
    text.push("\n".to_owned());
    text.extend(profile.notes.iter().map(|note| format!("- {note}\n")));
    text.push(format!("- Sources: {}.\n", sources(profile).join("; ")));
    text.extend(profile.examples.iter().map(example));
    text.concat()
}

fn sources(profile: &Profile) -> Vec<String> {
    profile.sources.iter().map(|from| format!("[{}](<{}>)", from.title, from.url)).collect()
}

fn example(example: &Example) -> String {
    let values: Vec<_> = example.values.present().map(value).collect();
    let what = match &example.observed {
        Observed::Registers { .. } => "registers".to_owned(),
        Observed::Message { topic, .. } => format!("a message on `{topic}`"),
        Observed::Document(_) => "a document".to_owned(),
    };
    let origin = if example.from == "constructed" {
        "made to guard order and scale".to_owned()
    } else {
        format!("from {}", example.from)
    };
    format!("- Example: {what}, {origin}: {}.\n", values.join(", "))
}

fn rule(head: &str) -> String {
    "---|".repeat(head.split('|').count())
}

fn value((field, value): (Field, f64)) -> String {
    format!("{} {value} {}", field.json(), field.unit()).trim_end().to_owned()
}

fn row(point: &ProfilePoint) -> String {
    let mut cells = vec![format!("`{}`", point.field.json())];
    if let (Some(address), Some(function), Some(number)) =
        (point.address, point.function, point.number)
    {
        let mut coding = format!("{number:?}, {function:?}").to_lowercase();
        if number.width() > 1 && point.words == Some(Order::Little) {
            coding += ", low word first";
        }
        if point.optional {
            coding += ", not in all of them";
        }
        cells.extend([format!("{address} (0x{address:04X})"), coding]);
    }
    if let Some(topic) = &point.topic {
        cells.push(format!("`{topic}`"));
        let whole = || "the whole message".to_owned();
        cells.push(point.path.as_ref().map_or_else(whole, |path| place(point, path)));
    } else if let Some(path) = &point.path {
        cells.push(place(point, path));
    }
    let sign = if point.invert { "-" } else { "" };
    cells.push(format!("{sign}{}", point.scale));
    format!("| {} |\n", cells.join(" | "))
}

fn place(point: &ProfilePoint, path: &str) -> String {
    let beside = |sign: &str, path: &Option<String>| {
        path.as_ref().map(|path| format!(" {sign} `{path}`")).unwrap_or_default()
    };
    format!("`{path}`{}{}", beside("+", &point.plus), beside("-", &point.minus))
}

/// The settings beside its values.
fn others(profile: &Profile) -> Vec<String> {
    let fields = profile.communication.as_object().into_iter().flatten();
    fields
        .filter(|(name, _)| !["registers", "values"].contains(&name.as_str()))
        .map(|(name, value)| format!("`{name}: {value}`"))
        .collect()
}

#[test]
fn the_page_has_every_profile_with_all_its_values_and_sources() {
    let page = page();
    assert!(all().len() > 30);
    for profile in all() {
        let start = page.find(&format!("\n### {}\n", profile.id)).unwrap();
        let section = page[start + 1..].split("\n### ").next().unwrap();
        for point in profile.points() {
            assert!(section.contains(&format!("| `{}` |", point.field.json())), "{section}");
        }
        for source in &profile.sources {
            assert!(section.contains(&source.url), "{section}");
        }
    }
    assert!(LEFT_OUT.iter().all(|left| page.contains(left.reason)));
    assert!(page.contains("| `activePowerKw` | 23316 (0x5B14) | i32, holding | 0.00001 |"));
}
