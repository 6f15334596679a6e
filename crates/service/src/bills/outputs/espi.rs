//! Green Button: the quarter-hours of a bill as an Atom feed of the Energy Services Provider Interface.
//!
//! One entry for the usage point, one for the local time of its site; for each direction one for the meter reading, its reading type and
//! its block of intervals. Entries point at each other with `self`, `up` and `related` links.

mod zone;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::Quality;
use domain::bills::{BillState, QuarterHour, Side};
use quick_xml::Writer;
use quick_xml::events::BytesText;
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use super::super::view::Loaded;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const ESPI: &str = "http://naesb.org/espi";

/// Seconds of an interval.
const QUARTER: i64 = 900;
/// Values are in mWh: `uom` 72 is the watt-hour, 10^-3 of it.
const WATT_HOUR: &str = "72";
const MILLI: &str = "-3";
const PER_KWH: f64 = 1e6;
/// Quantities and their kind: energy of electricity, differences of a register, as they are.
const ELECTRICITY: &str = "1";
const DELTA: &str = "4";
const NORMAL: &str = "12";
const ENERGY: &str = "12";

/// A direction of energy, in the words of the interface.
struct Flow {
    name: &'static str,
    code: &'static str,
    kwh: fn(&QuarterHour) -> f64,
}

const DELIVERED: Flow = Flow { name: "Delivered", code: "1", kwh: |quarter| quarter.point.import };
const RECEIVED: Flow = Flow { name: "Received", code: "19", kwh: |quarter| quarter.point.export };

/// A feed has one zone.
const LOCAL_TIME: &str = "LocalTimeParameters/1";

type Xml = Writer<Vec<u8>>;
type Written = std::io::Result<()>;

/// The feed of a bill's month.
pub(super) fn feed(found: &Loaded, meter: Uuid) -> std::io::Result<String> {
    let flows: &[Flow] = match found.view.bill.side {
        Side::Consumer => &[DELIVERED],
        Side::Prosumer => &[DELIVERED, RECEIVED],
    };
    let updated = found.view.generated_at;
    let point = format!("UsagePoint/{meter}");
    let title = format!("{}, {}", found.view.meter_number, found.view.month);
    let title = match &found.view.credits {
        Some(credits) => format!("{title}, takes back {credits}"),
        None => title,
    };
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(quick_xml::events::Event::Decl(quick_xml::events::BytesDecl::new(
        "1.0",
        Some("UTF-8"),
        None,
    )))?;
    xml.create_element("feed").with_attribute(("xmlns", ATOM)).write_inner_content(|xml| {
        text(xml, "id", &urn(&[&title, &found.view.digest]))?;
        text(xml, "title", &format!("Green Button usage feed, {title}"))?;
        text(xml, "updated", &time(updated))?;
        link(xml, "self", "Batch/Subscription")?;
        let local =
            zone::of(found.billing.site.zone, found.view.month).map(|local| (local, LOCAL_TIME));
        let readings = flows.iter().map(|flow| format!("{point}/MeterReading/{}", flow.name));
        let related = local.iter().map(|(_, href)| (*href).to_owned()).chain(readings).collect();
        let of_point = Entry { href: point.clone(), up: "UsagePoint".to_owned(), related, title };
        entry(xml, &of_point, updated, |xml| {
            element(xml, "UsagePoint", |xml| {
                inner(xml, "ServiceCategory", |xml| text(xml, "kind", "0"))
            })
        })?;
        if let Some((local, href)) = local {
            local_time(xml, href, found.billing.site.zone.name(), local, updated)?;
        }
        flows.iter().try_for_each(|flow| self::readings(xml, found, flow, &point, updated))
    })?;
    String::from_utf8(xml.into_inner()).map_err(std::io::Error::other)
}

/// The entry of the local time, which all times of the feed may be turned into.
fn local_time(
    xml: &mut Xml,
    href: &str,
    zone: &str,
    local: zone::LocalTime,
    updated: DateTime<Utc>,
) -> Written {
    let of_zone = Entry {
        href: href.to_owned(),
        up: "LocalTimeParameters".to_owned(),
        related: Vec::new(),
        title: zone.to_owned(),
    };
    entry(xml, &of_zone, updated, |xml| {
        element(xml, "LocalTimeParameters", |xml| {
            text(xml, "dstEndRule", &format!("{:08X}", local.ends))?;
            text(xml, "dstOffset", &local.summer.to_string())?;
            text(xml, "dstStartRule", &format!("{:08X}", local.begins))?;
            text(xml, "tzOffset", &local.offset.to_string())
        })
    })
}

/// The three entries of a direction.
fn readings(
    xml: &mut Xml,
    found: &Loaded,
    flow: &Flow,
    point: &str,
    updated: DateTime<Utc>,
) -> Written {
    let kind = format!("ReadingType/{}", flow.name);
    let reading = format!("{point}/MeterReading/{}", flow.name);
    let block = format!("{reading}/IntervalBlock/{}", found.view.month);
    let title = format!("Energy {}", flow.name.to_lowercase());
    let of_reading = Entry {
        href: reading.clone(),
        up: format!("{point}/MeterReading"),
        related: vec![format!("{reading}/IntervalBlock"), kind.clone()],
        title: title.clone(),
    };
    entry(xml, &of_reading, updated, |xml| {
        xml.create_element("MeterReading").with_attribute(("xmlns", ESPI)).write_empty()?;
        Ok(())
    })?;
    let length = length(&found.quarters);
    let step = if length == Some(QUARTER) { "quarter-hour" } else { "day" };
    let of_type = Entry {
        href: kind,
        up: "ReadingType".to_owned(),
        related: Vec::new(),
        title: format!("{title}, mWh by {step}"),
    };
    entry(xml, &of_type, updated, |xml| {
        element(xml, "ReadingType", |xml| {
            text(xml, "accumulationBehaviour", DELTA)?;
            text(xml, "commodity", ELECTRICITY)?;
            text(xml, "dataQualifier", NORMAL)?;
            text(xml, "flowDirection", flow.code)?;
            if let Some(length) = length {
                text(xml, "intervalLength", &length.to_string())?;
            }
            text(xml, "kind", ENERGY)?;
            text(xml, "powerOfTenMultiplier", MILLI)?;
            text(xml, "timeAttribute", "0")?;
            text(xml, "uom", WATT_HOUR)
        })
    })?;
    let of_block = Entry {
        href: block,
        up: format!("{reading}/IntervalBlock"),
        related: Vec::new(),
        title: found.view.month.to_string(),
    };
    let sign = if found.view.state == BillState::CreditNote { -1.0 } else { 1.0 };
    entry(xml, &of_block, updated, |xml| intervals(xml, &found.quarters, sign, flow))
}

/// Seconds of the intervals: quarter-hours, or days where these are not kept any more.
fn seconds(quarter: &QuarterHour) -> i64 {
    (quarter.end - quarter.at).num_seconds()
}

/// The seconds of each interval; `None` where they differ, as days do when the clock is changed, and each
/// has its own `duration` alone.
fn length(quarters: &[QuarterHour]) -> Option<i64> {
    let first = quarters.first().map_or(QUARTER, seconds);
    quarters.iter().all(|quarter| seconds(quarter) == first).then_some(first)
}

fn intervals(xml: &mut Xml, quarters: &[QuarterHour], sign: f64, flow: &Flow) -> Written {
    let first = quarters.first().map_or(0, |quarter| quarter.at.timestamp());
    let end = quarters.last().map_or(first, |quarter| quarter.end.timestamp());
    element(xml, "IntervalBlock", |xml| {
        period(xml, "interval", first, end - first)?;
        quarters.iter().try_for_each(|quarter| {
            inner(xml, "IntervalReading", |xml| {
                inner(xml, "ReadingQuality", |xml| text(xml, "quality", quality(quarter)))?;
                period(xml, "timePeriod", quarter.at.timestamp(), seconds(quarter))?;
                // Added to zero, nothing has no sign.
                let value = (sign * (flow.kwh)(quarter) * PER_KWH).round() + 0.0;
                text(xml, "value", &format!("{value:.0}"))
            })
        })
    })
}

/// `QualityOfReading` of the interface.
fn quality(quarter: &QuarterHour) -> &'static str {
    let (valid, edited, interpolated, questionable, derived) = ("0", "7", "9", "10", "11");
    match quarter.quality {
        Quality::Stale | Quality::Error => questionable,
        Quality::Estimated => interpolated,
        _ if quarter.point.estimated > 0.0 => interpolated,
        Quality::Corrected => edited,
        Quality::Derived => derived,
        Quality::Good => valid,
    }
}

struct Entry {
    href: String,
    up: String,
    related: Vec<String>,
    title: String,
}

fn entry(
    xml: &mut Xml,
    of: &Entry,
    updated: DateTime<Utc>,
    content: impl FnOnce(&mut Xml) -> Written,
) -> Written {
    inner(xml, "entry", |xml| {
        text(xml, "id", &urn(&[&of.href, &of.title]))?;
        link(xml, "self", &of.href)?;
        link(xml, "up", &of.up)?;
        of.related.iter().try_for_each(|href| link(xml, "related", href))?;
        text(xml, "title", &of.title)?;
        inner(xml, "content", content)?;
        text(xml, "published", &time(updated))?;
        text(xml, "updated", &time(updated))
    })
}

/// An element of the interface, in its name space.
fn element(xml: &mut Xml, name: &str, content: impl FnOnce(&mut Xml) -> Written) -> Written {
    let element = xml.create_element(name).with_attribute(("xmlns", ESPI));
    element.write_inner_content(content).map(|_| ())
}

fn inner(xml: &mut Xml, name: &str, content: impl FnOnce(&mut Xml) -> Written) -> Written {
    xml.create_element(name).write_inner_content(content).map(|_| ())
}

fn text(xml: &mut Xml, name: &str, content: &str) -> Written {
    xml.create_element(name).write_text_content(BytesText::new(content)).map(|_| ())
}

fn link(xml: &mut Xml, rel: &str, href: &str) -> Written {
    xml.create_element("link").with_attributes([("rel", rel), ("href", href)]).write_empty()?;
    Ok(())
}

fn period(xml: &mut Xml, name: &str, start: i64, duration: i64) -> Written {
    inner(xml, name, |xml| {
        text(xml, "duration", &duration.to_string())?;
        text(xml, "start", &start.to_string())
    })
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A UUID that is the same whenever the same thing is written.
fn urn(of: &[&str]) -> String {
    let hash = of.iter().fold(Sha256::new(), sha2::Digest::chain_update);
    let first = hash.finalize().into_iter().take(16);
    let number = first.fold(0_u128, |number, byte| (number << 8) | u128::from(byte));
    format!("urn:uuid:{}", Builder::from_custom_bytes(number.to_be_bytes()).into_uuid())
}

#[cfg(test)]
mod tests {
    use domain::bills::Point;

    use super::*;

    #[test]
    fn intervals_of_one_length_alone_have_it_in_common() {
        let feed = |hours: &[i64]| {
            let at = DateTime::UNIX_EPOCH;
            let point = Point {
                start: at.naive_utc(),
                import: 1.0,
                export: 0.0,
                coverage: 1.0,
                estimated: 0.0,
            };
            let day = |hours: &i64| QuarterHour {
                at,
                end: at + chrono::TimeDelta::minutes(hours * 60),
                point,
                quality: Quality::Good,
            };
            length(&hours.iter().map(day).collect::<Vec<_>>())
        };
        assert_eq!(feed(&[]), Some(QUARTER));
        assert_eq!(feed(&[24, 24]), Some(86_400));
        assert_eq!(feed(&[25, 24, 24]), None);
    }
}
