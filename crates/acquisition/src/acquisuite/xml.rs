//! Log files as XML: devices with records, whose points carry their names and units.

use std::borrow::Cow;
use std::collections::HashMap;

use domain::Values;
use domain::devices::logger::DeviceAddress;
use domain::devices::logger::upload::{LineRefusal, UploadRefusal};
use domain::message::Message;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::log::MOST_LINES;
use super::{Columns, Entry, Line, Log, Point, PointReading, line};
use crate::json::excerpt;

/// Reads a document. Where the settings name points by their numbers, they count for what the names
/// do not tell.
pub(super) fn read(
    text: &str,
    columns: impl Fn(Option<DeviceAddress>) -> Columns,
) -> Result<Vec<Log>, UploadRefusal> {
    let mut reader = Reader::from_str(text);
    let mut document = Document {
        columns,
        logs: Vec::new(),
        record: None,
        known: Columns::default(),
        lines: 0,
        text: String::new(),
    };
    let mut open = 0_usize;
    loop {
        match reader.read_event().map_err(|error| malformed(&error))? {
            Event::Start(tag) => {
                open += 1;
                document.begin(&tag)?;
            }
            Event::Empty(tag) => {
                document.begin(&tag)?;
                document.end(tag.name().as_ref())?;
            }
            Event::Text(content) => {
                document.text.push_str(&content.decode().unwrap_or_default());
            }
            Event::End(tag) => {
                open = open.saturating_sub(1);
                document.end(tag.name().as_ref())?;
            }
            Event::Eof if open > 0 => return Err(unreadable(UploadRefusal::BreaksOff)),
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(document.logs)
}

/// A record that is being read.
#[derive(Default)]
struct Record {
    time: String,
    code: String,
    points: Vec<WrittenPoint>,
}

/// A point of a record, as it is written there.
struct WrittenPoint {
    /// Which of the device's points it is, where that can be read.
    number: Option<u16>,
    name: String,
    unit: String,
    value: String,
}

struct Document<F> {
    columns: F,
    logs: Vec<Log>,
    record: Option<Record>,
    /// What is known of the points of the current device.
    known: Columns,
    lines: usize,
    /// What was written since the last tag.
    text: String,
}

impl<F: Fn(Option<DeviceAddress>) -> Columns> Document<F> {
    fn begin(&mut self, tag: &BytesStart<'_>) -> Result<(), UploadRefusal> {
        self.text.clear();
        match (tag.name().as_ref(), &mut self.record) {
            (b"device", _) => {
                self.known = (self.columns)(None);
                self.logs.push(Log { device: None, lines: Vec::new(), is_named: false });
            }
            (b"record", _) => self.record = Some(Record::default()),
            (b"point", Some(record)) => {
                let mut attributes = HashMap::new();
                for attribute in tag.attributes() {
                    let attribute = attribute.map_err(|error| malformed(&error))?;
                    // Some loggers write a bare & in a name: then it means itself.
                    let raw = || String::from_utf8_lossy(&attribute.value).into_owned();
                    let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                    let value = value.map_or_else(|_| raw(), Cow::into_owned);
                    attributes.insert(attribute.key.as_ref().to_owned(), value);
                }
                let mut take = |name: &[u8]| attributes.remove(name).unwrap_or_default();
                record.points.push(WrittenPoint {
                    number: take(b"number").trim().parse().ok(),
                    name: take(b"name"),
                    unit: take(b"units"),
                    value: take(b"value"),
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), UploadRefusal> {
        let text = std::mem::take(&mut self.text);
        match (name, &mut self.record) {
            (b"time", Some(record)) => text.trim().clone_into(&mut record.time),
            (b"error", Some(record)) => text.trim().clone_into(&mut record.code),
            (b"address", None) => self.address(text.trim())?,
            (b"record", _) => {
                let record = self.record.take().unwrap_or_default();
                let mut is_named = false;
                let line = self.line(record, &mut is_named);
                self.lines += 1;
                if self.lines > MOST_LINES {
                    return Err(UploadRefusal::TooManyLines { limit: MOST_LINES });
                }
                if let Some(log) = self.logs.last_mut() {
                    log.lines.push(line);
                    log.is_named |= is_named;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn address(&mut self, text: &str) -> Result<(), UploadRefusal> {
        let address = text.parse().ok().and_then(|number| DeviceAddress::new(number).ok());
        let address = address.ok_or(UploadRefusal::NoDevice)?;
        self.known = (self.columns)(Some(address));
        if let Some(log) = self.logs.last_mut() {
            log.device = Some(address);
        }
        Ok(())
    }

    fn line(&self, record: Record, is_named: &mut bool) -> Line {
        let at = line::time(&record.time)?;
        let code = record.code.parse().map_err(|_| LineRefusal::Code)?;
        let mut values = Values::default();
        let mut points = Vec::new();
        let mut taken = Vec::new();
        let mut unnamed = false;
        let mut is_any_lost = false;
        for (place, WrittenPoint { number, name, unit, value }) in
            record.points.into_iter().enumerate()
        {
            // In messages, the place of a point stands for a number that it does not have.
            let place = || u16::try_from(place).map_err(|_| LineRefusal::TooMany);
            let point = Point { number: number.map_or_else(place, Ok)?, name, unit };
            if let Some(column) = number.and_then(|of| self.known.apart(of)) {
                *is_named = true;
                let value = line::value(point.number, value.trim())?;
                let column = column.in_unit(&point.unit);
                points.extend(value.map(|value| PointReading::new(point.number, column, value)));
                continue;
            }
            let column = point.column().or_else(|| number.and_then(|of| self.known.get(of)));
            let value = line::value(point.number, value.trim());
            if number.is_none() && column.is_none() {
                is_any_lost |= value != Ok(None);
                continue;
            }
            let value = value?;
            *is_named |= column.is_some();
            unnamed |= column.is_none() && value.is_some();
            // The first point of a field stands for it also where it has no value: the next one is
            // another register.
            let column = column.filter(|column| !taken.contains(&column.field));
            if let Some(column) = column {
                taken.push(column.field);
                if let Some(value) = value {
                    column.put(&mut values, value);
                }
            }
        }
        match line::entry(at, code, (values, points), unnamed) {
            Entry::Silent { .. } | Entry::Unnamed if is_any_lost => Err(LineRefusal::Number),
            entry => Ok(entry),
        }
    }
}

/// What is wrong with a document, in a line: the parser may repeat all that follows.
fn malformed(error: &impl std::fmt::Display) -> UploadRefusal {
    unreadable(Message::foreign(excerpt(&error.to_string())))
}

fn unreadable(why: impl Into<Message>) -> UploadRefusal {
    UploadRefusal::Xml { why: Box::new(why.into()) }
}

#[cfg(test)]
mod tests {
    use domain::{Field, Quality};

    use super::*;

    const TWO: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
        <DAS><mode>LOGFILEUPLOAD</mode><name>001EC6000D80 A1</name><serial>001EC6000D80</serial>
        <devices>
        <device><name>Main</name><address>12</address><type>Veris</type><records>
          <record><time zone="UTC">2020-08-21 17:30:00</time><age units="seconds">1</age>
            <error text="Ok">0</error>
            <point number="0" name="Energy Consumption" units="kWh" value="7675835.50"/>
            <point number="1" name="Real Power" units="kW" value="6.219"/>
            <point number="2" name="Average Demand" units="kW" value="6.563"/></record>
          <record><time zone="UTC">soon</time><error text="Ok">0</error></record>
        </records></device>
        <device><address>14</address><records>
          <record><time zone="UTC">2020-08-21 17:30:00</time><error text="off">139</error>
            <point number="0" name="Total Energy Consumption" units="kWh" value="NULL" /></record>
        </records></device></devices></DAS>"#;

    #[test]
    fn a_document_has_lines_of_several_devices() {
        let logs = read(TWO, |_| Columns::default()).unwrap();
        let devices: Vec<_> =
            logs.iter().map(|log| log.device.map(DeviceAddress::number)).collect();
        assert_eq!(devices, [Some(12), Some(14)]);
        let Ok(Entry::Reading { quality, values, .. }) = &logs[0].lines[0] else { panic!() };
        assert_eq!(*quality, Quality::Good);
        let expected = [(Field::ActivePowerKw, 6.219), (Field::TotalEnergyKwh, 7_675_835.5)];
        assert_eq!(values.present().collect::<Vec<_>>(), expected);
        assert_eq!(logs[0].lines[1], Err(LineRefusal::Time));
        assert!(matches!(logs[1].lines[0], Ok(Entry::Silent { code: 139, .. })));
    }

    #[test]
    fn the_first_point_of_a_value_stands_for_it_also_where_it_has_none() {
        let text = r#"<DAS><devices><device><address>1</address><records><record>
            <time>2020-08-21 17:30:00</time><error>0</error>
            <point number="0" name="Energy" units="kWh" value="NULL"/>
            <point number="1" name="Energy total" units="kWh" value="9000"/>
            <point number="2" name="Real Power" units="kW" value="2"/>
            </record></records></device></devices></DAS>"#;
        let logs = read(text, |_| Columns::default()).unwrap();
        let Ok(Entry::Reading { values, .. }) = &logs[0].lines[0] else { panic!() };
        assert_eq!(values.present().collect::<Vec<_>>(), [(Field::ActivePowerKw, 2.0)]);
    }

    #[test]
    fn names_are_unescaped_and_stand_for_numbers_that_are_none() {
        let text = |number: &str| {
            format!(
                r#"<DAS><devices><device><address>1</address><records><record>
                <time>2020-08-21 17:30:00</time><error>0</error>
                <point number="{number}" name="Voltage A&#45;N &amp; so on" units="V" value="230"/>
                </record></records></device></devices></DAS>"#
            )
        };
        let logs = read(&text("0"), |_| Columns::default()).unwrap();
        let Ok(Entry::Reading { values, .. }) = &logs[0].lines[0] else { panic!() };
        assert_eq!(values.present().collect::<Vec<_>>(), [(Field::VoltageL1, 230.0)]);
        for number in ["", "x", "-1", "65536"] {
            assert_eq!(read(&text(number), |_| Columns::default()).unwrap(), logs, "{number:?}");
        }
        let bare = text("0").replace("A&#45;N &amp; so on", "A-N & so on");
        assert_eq!(read(&bare, |_| Columns::default()).unwrap(), logs);
    }

    #[test]
    fn a_point_with_neither_number_nor_name_costs_no_other_value() {
        let lines = |code: u8, points: &str| {
            let text = format!(
                "<DAS><devices><device><address>1</address><records><record>\
                 <time>2020-08-21 17:30:00</time><error>{code}</error>{points}\
                 </record></records></device></devices></DAS>"
            );
            read(&text, |_| Columns::default()).unwrap().remove(0).lines
        };
        let power = r#"<point number="1" name="Real Power" units="kW" value="2"/>"#;
        for number in ["", "x", "-1", "65536"] {
            for value in ["9000", "much"] {
                let lost = format!(r#"<point number="{number}" value="{value}"/>"#);
                for both in [format!("{lost}{power}"), format!("{power}{lost}")] {
                    let Ok(Entry::Reading { values, .. }) = &lines(0, &both)[0] else { panic!() };
                    assert_eq!(values.present().collect::<Vec<_>>(), [(Field::ActivePowerKw, 2.0)]);
                }
                assert_eq!(lines(0, &lost), [Err(LineRefusal::Number)], "{lost}");
            }
        }
        let silent = lines(139, r#"<point number="" value="NULL"/>"#);
        assert!(matches!(silent[..], [Ok(Entry::Silent { code: 139, .. })]), "{silent:?}");
    }

    #[test]
    fn what_is_wrong_with_a_document_is_told_in_a_line() {
        let long = format!("<DAS><time></{}", "records ".repeat(10_000));
        for text in [long.clone(), long + "></DAS>"] {
            let refused = read(&text, |_| Columns::default()).unwrap_err().to_string();
            assert!(refused.len() < 400, "{} bytes", refused.len());
        }
    }

    #[test]
    fn a_document_that_breaks_off_is_refused() {
        for end in ["</record>", "</device>", "</devices>"] {
            let cut = &TWO[..TWO.find(end).unwrap() + end.len()];
            let read = read(cut, |_| Columns::default());
            assert!(matches!(read, Err(UploadRefusal::Xml { .. })), "{end}");
        }
        assert!(matches!(
            read("<DAS><devices></DAS>", |_| Columns::default()),
            Err(UploadRefusal::Xml { .. })
        ));
    }
}
