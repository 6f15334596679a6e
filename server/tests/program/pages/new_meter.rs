//! Meters that are added and changed in a browser that runs no script.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::browser::Browser;
use super::forms::value;
use super::{Visitor, html};

pub(super) async fn a_modbus_meter_with_a_wrong_register_is_added_and_mended(visitor: &Visitor) {
    // A site with so many is past its first steps: saving leads on to the meter.
    for number in 0..6 {
        let meter = json!({"meterNumber": format!("CELL-{number}"), "meterName": "Cell",
            "meterType": "Machine"});
        visitor.done(Method::POST, "/api/Energy/meters", &meter).await;
    }
    let mut browser = Browser::open(visitor, "en", "/devices/new").await;
    browser.follow("Modbus").await;
    two_rows_with_one_register_are_refused(&mut browser).await;

    // Nothing listens there.
    read(&mut browser, &[("registers.1.channel", ""), ("registers.1.address", "")]).await;
    is_red(&browser, "cannot be reached");
    let port = device().await.to_string();
    read(&mut browser, &[("port", &port)]).await;
    is_red(&browser, "registers from 400: Illegal data address");
    assert!(!browser.content().contains("device-orders"), "there is nothing to choose from");

    browser.send("device-save", &[]).await;
    browser.is_at("/meters/numbered?number=PRESS");
    browser.says(&["PRESS is saved"]);
    assert!(html::element(browser.content(), "h1").unwrap().contains("Press"));

    let id = &meter(visitor, "PRESS").await;
    browser.go(&format!("/devices/{id}")).await;
    browser.follow("Change").await;
    read(&mut browser, &[("registers.0.address", "10")]).await;
    browser.says(&["It answered in", "probably the wrong type or byte order"]);
    the_right_order_stands_out(&browser);
    let more = [("registers.1.channel", "currentL1"), ("registers.1.address", "500")];
    read(&mut browser, &[&more[..], &[("registers.0.order", "cdab")]].concat()).await;
    browser.says(&["Not all of it could be read", "registers from 500: Illegal data address"]);
    assert_eq!(class(&browser, "Save anyway"), "button", "a value is missing");
    read(&mut browser, &more.map(|(name, _)| (name, ""))).await;
    browser.says(&["It answered in", "230.500"]);
    assert_eq!(class(&browser, "Save"), "button button-main");

    browser.send("device-save", &[]).await;
    assert_eq!(browser.path, format!("/meters/{id}"));
    let registers = json!({"voltage": {"address": 10, "type": "f32", "wordOrder": "little"}});
    assert_eq!(settings(visitor, id).await["registers"], registers);
}

pub(super) async fn the_settings_of_a_meter_need_no_json(visitor: &Visitor) {
    let mut browser = Browser::open(visitor, "en", "/devices/new").await;
    browser.follow("HTTP").await;
    let typed = [
        ("url", "http://127.0.0.1:9/"),
        ("meterName", "Roof"),
        ("meterNumber", "ROOF"),
        ("headers.0.name", "X-Site"),
        ("headers.1.name", "X-Api-Key"),
        ("values.1.field", "activePowerKw"),
        ("values.1.path", "power"),
    ];
    browser.ask(&typed).await;
    let has = |browser: &Browser<'_>, field: &str| {
        browser.content().contains(&format!("name=\"{field}\""))
    };
    assert!(!has(&browser, "headers.1.value"), "the address would have the secret");
    assert!(!has(&browser, "headers.2.value"), "a secret may be called there");
    browser.ask(&[("headers.0.value", "7")]).await;
    let row = browser.row("is not a JSONPath").unwrap_or_default();
    assert!(row.contains("name=\"values.1.path\" value=\"power\""), "{row}");
    browser.ask(&[("values.1.path", "$.power"), ("timePath", "$.ts")]).await;
    browser.says(&["All settings fit"]);
    browser.send("device-save", &[("headers.1.value", "told-to-nobody")]).await;
    browser.says(&["ROOF is saved"]);

    let id = meter(visitor, "ROOF").await;
    let stored = json!({"url": "http://127.0.0.1:9/", "headers": {"X-Site": "7"},
        "timePath": "$.ts", "values": [{"field": "activePowerKw", "path": "$.power"}]});
    assert_eq!(settings(visitor, &id).await, stored);
    browser.go(&format!("/devices/{id}")).await;
    browser.follow("Change").await;
    let shown = [
        "headers.0.name\" value=\"X-Api-Key",
        "headers.1.name\" value=\"X-Site",
        "timePath\" value=\"$.ts",
    ];
    for field in shown {
        assert!(has(&browser, field), "{field}");
    }
    assert!(!browser.content().contains("<textarea"), "nothing is left to be typed as JSON");

    browser.ask(&[("headers.0.name", "")]).await;
    browser.says(&["All settings fit"]);
    browser.send("device-save", &[]).await;
    browser.go(&format!("/devices/{id}")).await;
    browser.follow("Change").await;
    assert!(!browser.content().contains("X-Api-Key"), "it is gone");
    assert_eq!(settings(visitor, &id).await, stored);
}

/// The id of a meter.
async fn meter(visitor: &Visitor, number: &str) -> Value {
    let meter = visitor.get(&format!("/api/Energy/meters/{number}")).await.text;
    serde_json::from_str::<Value>(&meter).unwrap()["data"]["id"].take()
}

/// The stored settings of the device of a meter.
async fn settings(visitor: &Visitor, id: &Value) -> Value {
    let device = visitor.get(&format!("/api/devices/{id}")).await.text;
    serde_json::from_str::<Value>(&device).unwrap()["data"]["communication"].take()
}

async fn two_rows_with_one_register_are_refused(browser: &mut Browser<'_>) {
    let typed = [
        ("host", "127.0.0.1"),
        ("port", "9"),
        ("meterName", "Press"),
        ("meterNumber", "PRESS"),
        ("registers.0.channel", "voltageL1"),
        ("registers.0.address", "400"),
        ("registers.0.type", "f32"),
        ("registers.1.channel", "currentL1"),
        ("registers.1.address", "400"),
    ];
    browser.ask(&typed).await;
    let row = browser.row("row 1 reads the registers 400 to 401").unwrap_or_default();
    assert!(row.contains("name=\"registers.1.address\" value=\"400\""), "{row}");
    assert!(!browser.has("All settings fit"), "it cannot be saved");
}

/// Checks what is typed and reads the meter on trial.
async fn read(browser: &mut Browser<'_>, typed: &[(&str, &str)]) {
    browser.ask(typed).await;
    browser.says(&["All settings fit"]);
    assert!(browser.page.contains("name=\"preview\" value=\"read\""), "a button asks for it");
    let path = format!("{}&preview=read", browser.path);
    browser.go(&path).await;
}

/// Asserts that the trial failed for a reason, and that reading again is the better button.
#[track_caller]
fn is_red(browser: &Browser<'_>, reason: &str) {
    let (_, red) = browser.page.split_once("class=\"probe-failed\"").expect("it is red");
    let red = red.split("</div>").next().unwrap_or_default();
    assert!(red.contains("It could not be read") && red.contains(reason), "{red}");
    assert_eq!(class(browser, "Read again"), "button button-main");
    assert_eq!(class(browser, "Save anyway"), "button");
}

/// Asserts that a float is shown in each order side by side, and that the only plausible one is marked.
fn the_right_order_stands_out(browser: &Browser<'_>) {
    let table = html::table(browser.content(), "at 10: 0x8000 0x4366");
    let heads = table.iter().find(|row| row.len() == 5).unwrap();
    let float = table.iter().find(|row| row[0] == "32 bits, float").unwrap();
    let marked = heads.iter().zip(float).filter(|(_, cell)| cell.contains("fits"));
    let marked: Vec<_> = marked.map(|(head, cell)| (head.trim(), cell.trim())).collect();
    assert_eq!(marked, [("CD AB", "230.5 fits")], "{table:?}");
}

/// The class of the button that says this.
#[track_caller]
fn class<'a>(browser: &'a Browser<'_>, says: &str) -> &'a str {
    let buttons = browser.content().split("<button").filter_map(|button| button.split_once('>'));
    let words = |inner: &str| html::words(inner.split("</button>").next().unwrap_or_default());
    let button = buttons.into_iter().find(|(_, inner)| words(inner).trim() == says);
    let (tag, _) = button.unwrap_or_else(|| panic!("{} has no button {says}", browser.path));
    value(tag, "class").unwrap_or_default()
}

/// A Modbus device with 230.5 V at 10 as a float whose low word comes first, and no other registers.
async fn device() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    port
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    loop {
        let mut frame = [0; 12];
        stream.read_exact(&mut frame).await?;
        let function = frame[7];
        let said = if frame[8..] == [0, 10, 0, 2] {
            vec![function, 4, 0x80, 0x00, 0x43, 0x66]
        } else {
            vec![function | 0x80, 2]
        };
        let length = u8::try_from(said.len() + 1).unwrap();
        let head = [frame[0], frame[1], 0, 0, 0, length, frame[6]];
        stream.write_all(&[&head[..], &said].concat()).await?;
    }
}
