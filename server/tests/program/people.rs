//! Onto a network: users from the command line, TLS, and the page on which they sign in.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::Value;
use sqlx::PgPool;

use super::{Program, wattlens};

pub(super) const PASSWORD: &str = "turbine lamp 4 river";

/// Runs a command with a password on standard input; answers its code and all that it said.
fn run(data_dir: &Path, arguments: &[&str], password: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wattlens"));
    command.args(arguments).arg("--data-dir").arg(data_dir).env_remove("DATABASE_URL");
    let (given, out, err) = (Stdio::piped(), Stdio::piped(), Stdio::piped());
    let mut child = command.stdin(given).stdout(out).stderr(err).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).trim().to_owned())
}

pub(super) fn create(
    data_dir: &Path,
    name: &str,
    role: &str,
    password: &str,
) -> (Option<i32>, String) {
    let who = ["create-user", "--name", name, "--role", role, "--password-stdin"];
    run(data_dir, &who, password)
}

/// A certificate of its own making for this machine.
fn certificate(folder: &Path) -> [String; 2] {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let [chain, key] = ["chain.pem", "key.pem"].map(|name| folder.join(name));
    std::fs::write(&chain, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    [chain, key].map(|file| file.display().to_string())
}

fn client() -> Client {
    super::client();
    let client = Client::builder().timeout(Duration::from_secs(15)).redirect(Policy::none());
    client.tls_danger_accept_invalid_certs(true).build().unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

#[tokio::test]
async fn onto_a_network_with_users_and_tls() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let [chain, key] = certificate(folder.path());
    for command in [&["users"][..], &["set-password", "--name", "asha", "--password-stdin"]] {
        let (code, said) = run(&data_dir, command, PASSWORD);
        assert!(code == Some(2) && said.contains("no Wattlens data in"), "{code:?} {said}");
        assert!(!data_dir.exists(), "{command:?} made a data folder");
    }
    let (code, said) = create(&data_dir, "ravi", "viewer", PASSWORD);
    assert!(code == Some(2) && said.contains("--role admin"), "{code:?} {said}");
    assert!(said.contains(&format!("made the data folder {}", data_dir.display())), "{said}");
    let (code, said) = create(&data_dir, "asha", "admin", "password1234");
    assert!(code == Some(2) && said.contains("easy to guess"), "{code:?} {said}");
    let (code, said) = create(&data_dir, "asha", "admin", PASSWORD);
    assert_eq!(code, Some(0), "{said}");
    let half = wattlens(&data_dir).args(["--tls-cert", &chain]).output().unwrap();
    assert_eq!(half.status.code(), Some(2));

    let listen = ["--listen", "0.0.0.0:0", "--tls-cert", &chain, "--tls-key", &key];
    let mut program = Program::start_with(&data_dir, &listen);
    let port = program.address.rsplit(':').next().unwrap().to_owned();
    program.address = format!("https://127.0.0.1:{port}");
    let (client, address) = (client(), &program.address);
    let get = async |path: &str, cookie: &str| {
        let asked = client.get(format!("{address}{path}")).header("cookie", cookie);
        asked.send().await.unwrap()
    };
    let sent = async |fields: &[(&str, &str)]| {
        let asked = client.post(format!("{address}/sign-in")).body(form(fields));
        asked.header("origin", address).send().await.unwrap()
    };
    let plain = client.get(format!("http://127.0.0.1:{port}/healthz")).send().await;
    assert!(plain.is_err(), "{plain:?}");

    let led = get("/losses?period=week", "").await;
    assert_eq!(
        (led.status().as_u16(), header(&led, "location")),
        (303, "/sign-in?next=%2Flosses%3Fperiod%3Dweek")
    );
    assert!(header(&led, "strict-transport-security").contains("max-age"));
    let call = async |kind: &str| {
        let asked = client.post(format!("{address}/fn/found")).header("content-type", kind);
        asked.body("{}").header("origin", address).send().await.unwrap()
    };
    assert_eq!(call("text/plain").await.status(), 415);
    let called = call("application/json").await;
    assert_eq!(called.status(), 401);
    assert_eq!(called.text().await.unwrap(), "ServerError|sign in to see figures");
    let page = get("/sign-in?next=%2Flosses", "").await.text().await.unwrap();
    assert!(page.contains("value=\"/losses\"") && page.contains("current-password"), "{page}");
    assert!(!page.contains("Your session has ended"), "{page}");
    let wrong = sent(&[("name", "asha"), ("password", "guess"), ("next", "/losses")]).await;
    assert_eq!(wrong.status(), 401);
    let page = wrong.text().await.unwrap();
    assert!(
        page.contains("role=\"alert\"")
            && page.contains("value=\"asha\"")
            && page.contains("value=\"/losses\"")
    );
    assert!(!page.contains("guess"), "{page}");
    for next in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let signed_in = sent(&[("name", "asha"), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!((signed_in.status().as_u16(), header(&signed_in, "location")), (303, "/"));
    }
    let signed_in = sent(&[("name", "asha"), ("password", PASSWORD), ("next", "/losses")]).await;
    assert_eq!((signed_in.status().as_u16(), header(&signed_in, "location")), (303, "/losses"));
    let session = header(&signed_in, "set-cookie").to_owned();
    assert!(session.starts_with("__Host-wattlens=") && session.contains("; Secure"), "{session}");
    let session = session.split(';').next().unwrap();
    let page = get("/losses", session).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(page.contains("action=\"/sign-out\"") && page.contains("asha"), "who has signed in");
    let me: Value =
        serde_json::from_slice(&get("/api/me", session).await.bytes().await.unwrap()).unwrap();
    assert_eq!(me["data"]["user"]["name"], "asha", "{me}");

    let (code, said) = create(&data_dir, "ravi", "viewer", PASSWORD);
    assert_eq!(code, Some(0), "{said}");
    let (_, said) = run(&data_dir, &["users"], "");
    assert!(said.contains("asha\tasha\tadmin of all sites") && said.contains("ravi"), "{said}");
    let change = ["set-password", "--name", "asha", "--password-stdin"];
    let (code, said) = run(&data_dir, &change, "another lamp 4 river");
    let changed = Instant::now();
    assert_eq!(code, Some(0), "{said}");
    while get("/api/sites", session).await.status() == 200 {
        assert!(changed.elapsed() < Duration::from_secs(5), "the session goes on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let page = get("/sign-in", session).await.text().await.unwrap();
    assert!(page.contains("Your session has ended"), "{page}");
}

/// Takes one message as a mail server does (RFC 5321), and returns all lines that were sent.
fn take_mail(mut stream: TcpStream) -> Vec<String> {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let (mut sent, mut in_message) = (Vec::new(), false);
    stream.write_all(b"220 mail.example ready\r\n").unwrap();
    for line in lines.map_while(Result::ok) {
        in_message &= line != ".";
        if !in_message {
            in_message = line == "DATA";
            let answer = if in_message { "354 go on\r\n" } else { "250 fine\r\n" };
            stream.write_all(answer.as_bytes()).unwrap();
        }
        sent.push(line);
    }
    sent
}

#[sqlx::test(migrations = false)]
async fn a_link_comes_by_mail_and_leads_in_once(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let mail = TcpListener::bind("127.0.0.1:0").unwrap();
    let smtp = format!("smtp://{}", mail.local_addr().unwrap());
    let data_dir = folder.path().join("data");
    let program = Program::start_on(&pool, &data_dir, &["--smtp-url", &smtp]);
    let mailed = std::thread::spawn(move || take_mail(mail.accept().unwrap().0));
    let (client, address) = (client(), &program.address);
    let sent = async |url: &str, fields: &[(&str, &str)]| {
        client.post(url).body(form(fields)).header("origin", address).send().await.unwrap()
    };
    let create = format!("{address}/settings/people/create");
    let new = [("name", "asha"), ("role", "admin"), ("email", "asha@example.org")];
    let led = sent(&create, &new).await;
    assert_eq!((led.status().as_u16(), header(&led, "location")), (303, "/settings/people"));
    let flash = header(&led, "set-cookie");
    assert!(flash.starts_with("wattlens-flash=") && flash.contains("HttpOnly"), "{flash}");
    // Long lines are broken by an equals sign (RFC 2045, 6.7).
    let mail = mailed.join().unwrap().join("\n").replace("=\n", "");
    assert!(mail.contains("RCPT TO:<asha@example.org>"), "{mail}");
    let link = mail.lines().find(|line| line.starts_with("http://")).unwrap();

    let page = client.get(link).send().await.unwrap();
    assert_eq!((page.status().as_u16(), header(&page, "cache-control")), (200, "no-store"));
    assert!(!page.text().await.unwrap().contains("<script"));
    let weak = sent(link, &[("password", "password1234")]).await;
    assert_eq!(weak.status(), 422);
    assert!(weak.text().await.unwrap().contains("aria-invalid"));
    let led = sent(link, &[("password", PASSWORD)]).await;
    assert_eq!((led.status().as_u16(), header(&led, "location")), (303, "/"));
    assert!(header(&led, "set-cookie").starts_with("wattlens="));
    let again = sent(link, &[("password", PASSWORD)]).await;
    let unknown = client.get(format!("{address}/invitation/x")).send().await.unwrap();
    assert_eq!((again.status().as_u16(), unknown.status().as_u16()), (410, 404));
    assert_eq!(again.text().await.unwrap(), unknown.text().await.unwrap());
}
