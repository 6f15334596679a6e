//! Readings as programs post them, and the energy that is counted of them.

use std::time::Duration;

use chrono::{DateTime, Days, Utc};
use field_cases::{Input, Reading, Readings, Right};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::time::{Instant, sleep};

use super::{PATIENCE, Program, kept_since, play_all, send, slug};

/// The parts in which a case is posted, where it is not posted as a whole.
const PARTS: usize = 6;
const ASKED_EVERY: Duration = Duration::from_millis(150);
/// The time of a case that says none.
const BEGIN: &str = "2026-05-04T00:00:00Z";

/// The sums of a meter, and its steps that wait for a decision.
#[derive(Debug)]
struct Counted {
    kwh: f64,
    export_kwh: f64,
    questions: Vec<Value>,
}

/// A meter of a site.
struct Meter<'a> {
    number: &'a str,
    site: &'a str,
    /// The days that it was read on, and the first one after.
    days: [String; 2],
}

impl Meter<'_> {
    /// The energy imported and exported, once what was posted is computed.
    async fn sums(&self, program: &Program) -> [f64; 2] {
        let Self { number, site, days: [from, to] } = self;
        let path = format!(
            "/api/Energy/meters/{number}/readings?site={site}&resolution=1d&from={from}&to={to}&limit=10000"
        );
        let days = send(program, Method::GET, &path, &Value::Null).await;
        let days = days.as_array().unwrap();
        let sum = |field: &str| days.iter().filter_map(|day| day[field].as_f64()).sum::<f64>();
        ["importKwh", "exportKwh"].map(sum)
    }

    async fn counted(&self, program: &Program) -> Counted {
        let [kwh, export_kwh] = self.sums(program).await;
        let Self { number, site, .. } = self;
        let path = format!("/api/quarantine?site={site}&meter={number}&state=open");
        let open = send(program, Method::GET, &path, &Value::Null).await;
        Counted { kwh, export_kwh, questions: open.as_array().unwrap().clone() }
    }

    /// Waits until the meter has counted so.
    async fn counts(
        &self,
        program: &Program,
        is_right: impl Fn(&Counted) -> bool,
    ) -> Result<Counted, Counted> {
        let begun = Instant::now();
        loop {
            let counted = self.counted(program).await;
            // An answer waits for the sums that are being computed; an early one may be right by chance.
            if is_right(&counted) && is_right(&self.counted(program).await) {
                return Ok(counted);
            }
            if begun.elapsed() > PATIENCE {
                return Err(counted);
            }
            sleep(ASKED_EVERY).await;
        }
    }
}

fn is_near(is: f64, right: f64) -> bool {
    (is - right).abs() <= 1e-6 * right.abs() + 1e-9
}

fn is_right(counted: &Counted, right: &Right) -> bool {
    let of_export = right.export_kwh.is_none_or(|kwh| is_near(counted.export_kwh, kwh));
    let of_import = right.kwh.is_none_or(|kwh| is_near(counted.kwh, kwh));
    // The newest stands first.
    let asks = || counted.questions.iter().rev().map(|question| &question["kind"]);
    let of_questions =
        right.questions.is_none_or(|many| asks().len() == many && asks().eq(&right.asks));
    of_import && of_export && of_questions
}

fn begin(readings: &Readings) -> DateTime<Utc> {
    readings.from.as_deref().unwrap_or(BEGIN).parse().unwrap()
}

/// The body of a reading, and its time.
fn posted(begin: DateTime<Utc>, reading: &Reading) -> (DateTime<Utc>, Value) {
    let time = begin + Duration::from_secs_f64(reading.seconds);
    let mut body = json!(reading.values);
    body["timestamp"] = json!(time);
    if let Some(quality) = &reading.quality {
        body["quality"] = json!(quality);
    }
    (time, body)
}

/// Posts the readings of a case to two meters, to one of them as a whole, to the other part by part as they come, and
/// compares both: the sums are the same however much is known at a time.
pub(super) async fn play(
    program: &Program,
    name: &str,
    readings: &Readings,
    right: &Right,
) -> Result<(), String> {
    let begin = begin(readings);
    let (times, bodies): (Vec<_>, Vec<_>) =
        readings.each().iter().map(|reading| posted(begin, reading)).unzip();
    let last = times.last().unwrap().date_naive();
    let days = [begin.date_naive(), last + Days::new(1)].map(|day| day.to_string());
    let site = slug(name);
    let body = json!({"slug": site, "name": name, "timeZone": "UTC",
        "retention": kept_since(begin.date_naive())});
    send(program, Method::POST, "/api/sites", &body).await;
    let mut meters = Vec::new();
    for (number, parts) in [("WHOLE", 1), ("PARTS", PARTS)] {
        let mut meter = readings.meter.clone();
        meter.insert("meterNumber".into(), number.into());
        meter.insert("meterName".into(), number.into());
        meter.entry("meterType").or_insert_with(|| "Main".into());
        let path = format!("/api/Energy/meters?site={site}");
        send(program, Method::POST, &path, &meter.into()).await;
        let meter = Meter { number, site: &site, days: days.clone() };
        let path = format!("/api/Energy/meters/{number}/readings?site={site}");
        for (place, part) in bodies.chunks(bodies.len().div_ceil(parts)).enumerate() {
            // Each part finds the one before it counted.
            if place > 0 {
                meter.sums(program).await;
            }
            send(program, Method::POST, &path, &json!(part)).await;
        }
        meters.push(meter);
    }
    let judged = meters.iter().map(|meter| judged(program, meter, right));
    let judged = futures::future::join_all(judged).await;
    let wrong: Vec<String> = judged.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("{name}: {}", wrong.join("; "))) }
}

/// Compares a meter with what is right, and once more after all its questions were answered.
async fn judged(program: &Program, meter: &Meter<'_>, right: &Right) -> Result<(), String> {
    let said = |counted: &Counted| {
        let asked: Vec<String> = counted.questions.iter().map(step).collect();
        let Counted { kwh, export_kwh, .. } = counted;
        format!("{}: {kwh} kWh, {export_kwh} kWh exported, asks {asked:?}", meter.number)
    };
    let counted = meter.counts(program, |counted| is_right(counted, right)).await;
    let counted = counted.map_err(|is| {
        let Right { kwh, export_kwh, questions, .. } = right;
        format!("{}, not {kwh:?}, {export_kwh:?}, {questions:?} questions", said(&is))
    })?;
    let Some(kwh) = right.kwh_if_accepted else { return Ok(()) };
    for question in &counted.questions {
        let path = format!("/api/quarantine/{}/accept", question["n"]);
        send(program, Method::POST, &path, &json!({})).await;
    }
    let accepted = meter.counts(program, |counted| is_near(counted.kwh, kwh)).await;
    accepted.map(drop).map_err(|is| format!("accepted, {}, not {kwh}", said(&is)))
}

fn step(question: &Value) -> String {
    let [kind, at, from, to] =
        ["kind", "timestamp", "previous", "value"].map(|name| &question[name]);
    format!("{kind} {at}: {from} to {to}")
}

#[sqlx::test(migrations = false)]
async fn registers_from_the_field_are_counted_right(pool: PgPool) {
    let since = |input: &Input| match input {
        Input::Readings(readings) => Some(begin(readings).date_naive()),
        _ => None,
    };
    play_all(&pool, since).await;
}
