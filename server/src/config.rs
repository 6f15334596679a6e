//! What the program is told on its command line and in its environment.

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use acquisition::SerialPorts;
use axum::http::Uri;
use clap::{Args, Parser, Subcommand};
use domain::devices::mqtt::Broker;
use domain::people::Role;
use domain::people::refusal::AccountRefusal;
use ipnet::IpNet;

use crate::client::Proxies;

/// Energy metering from the meter to the bill.
#[derive(Debug, Parser)]
#[command(name = "wattlens", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeSettings,
}

/// What to do.
#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one, for as long as the program runs")]
pub enum Command {
    /// Read the meters and serve the pages and the API (the default).
    Serve(ServeSettings),
    /// Bring the database to this version's schema, then stop.
    Migrate(DatabaseSettings),
    /// Compute the energy of a meter again, after SQL changed or deleted readings, then stop.
    Rebuild(RebuildSettings),
    /// Write what people entered, less secrets, as one JSON document.
    ExportConfig(ExportSettings),
    /// Take in such a document: all of it or nothing.
    ImportConfig(ImportSettings),
    /// Write the whole database into one file, while the server works or not.
    Backup(CopySettings),
    /// Bring such a file into an empty database: a new data folder, or the one that is named.
    Restore(CopySettings),
    /// Create somebody who can sign in; the first is an administrator of all sites.
    CreateUser(CreateUserSettings),
    /// Set a user's password and end their sessions.
    SetPassword(SetPasswordSettings),
    /// List the users with their roles.
    Users(DatabaseSettings),
    /// Print the URL of the running private database.
    DatabaseUrl {
        /// The data folder of the running server.
        #[arg(long, env = "WATTLENS_DATA_DIR", default_value = "./data")]
        data_dir: PathBuf,
    },
}

/// Where the database is.
#[derive(Debug, Clone, Args)]
pub struct DatabaseSettings {
    /// Folder for the private database, made when missing.
    #[arg(long, env = "WATTLENS_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// A Postgres to use instead of the private one.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Key of the devices' secrets: 32 bytes in base64, the same for all servers of one database. By
    /// default it is made once and kept in the data folder, as secret.key.
    #[arg(long, env = "WATTLENS_SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
}

/// Where the configuration goes.
#[derive(Debug, Clone, Args)]
pub struct ExportSettings {
    /// The file to write; `-` is standard output.
    #[arg(default_value = "-")]
    pub file: PathBuf,
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseSettings,
}

/// Where the configuration comes from.
#[derive(Debug, Clone, Args)]
pub struct ImportSettings {
    /// The file to read; `-` is standard input.
    pub file: PathBuf,
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseSettings,
}

/// Where a copy of the database is, and the database.
#[derive(Debug, Clone, Args)]
pub struct CopySettings {
    /// The file.
    pub file: PathBuf,
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseSettings,
}

/// The user to create.
#[derive(Debug, Clone, Args)]
pub struct CreateUserSettings {
    /// User name.
    #[arg(long)]
    pub name: String,
    /// The name that others see; the user name unless stated.
    #[arg(long)]
    pub display_name: Option<String>,
    /// The role.
    #[arg(long, value_parser = role, help = roles())]
    pub role: Role,
    /// Slug of the site on which it holds; all sites unless stated.
    #[arg(long)]
    pub site: Option<String>,
    /// Read the password from standard input, instead of asking for it.
    #[arg(long)]
    pub password_stdin: bool,
    /// The database of the installation.
    #[command(flatten)]
    pub database: DatabaseSettings,
}

/// Whose password to set.
#[derive(Debug, Clone, Args)]
pub struct SetPasswordSettings {
    /// User name.
    #[arg(long)]
    pub name: String,
    /// Read the password from standard input, instead of asking for it.
    #[arg(long)]
    pub password_stdin: bool,
    /// The database of the installation.
    #[command(flatten)]
    pub database: DatabaseSettings,
}

/// What to compute again.
#[derive(Debug, Clone, Args)]
pub struct RebuildSettings {
    /// Number of the meter.
    #[arg(long)]
    pub meter: String,
    /// First instant: 2026-05-01T00:00:00Z, or a date on the site's clock.
    #[arg(long)]
    pub from: String,
    /// First instant after it.
    #[arg(long)]
    pub to: String,
    /// Slug of the meter's site; the default site unless stated.
    #[arg(long)]
    pub site: Option<String>,
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseSettings,
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeSettings {
    /// Address and port to listen on.
    #[arg(long, env = "WATTLENS_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Run the demonstration plant: 92 simulated meters with five weeks of history.
    #[arg(long, env = "WATTLENS_DEMO")]
    pub demo: bool,
    /// Folder of the web assets, in place of those inside the program.
    #[arg(long, env = "WATTLENS_SITE_ROOT")]
    pub site_root: Option<PathBuf>,
    /// Address under which browsers reach this server, where that is not the listening one.
    #[arg(long, env = "WATTLENS_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<Uri>,
    /// Where the map's pictures come from: an address with {z}, {x} and {y}. Without, the map shows
    /// outlines that come with the program, and no browser asks anyone else.
    #[arg(long, env = "WATTLENS_TILES_URL", value_parser = tiles_url)]
    pub tiles_url: Option<String>,
    /// Whom to name in the map's corner for its pictures.
    #[arg(long, env = "WATTLENS_TILES_CREDIT", default_value = "", requires = "tiles_url")]
    pub tiles_credit: String,
    /// Broker of the MQTT meters that name none, until someone changes it: `mqtt://host:port`, or
    /// `mqtts://` with TLS. Without, it is `mqtt://127.0.0.1:1883`, or the demonstration plant's own.
    #[arg(long, env = "WATTLENS_MQTT_URL", hide_env_values = true, value_parser = Broker::parse)]
    pub mqtt_url: Option<Broker>,
    /// Mail server that alarms are sent through: `smtp://user:password@host:587`, or `smtps://` with TLS
    /// from the start. Without, webhooks alone are told.
    #[arg(long, env = "WATTLENS_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Mailbox that e-mails come from.
    #[arg(long, env = "WATTLENS_SMTP_FROM", default_value = "wattlens@localhost")]
    pub smtp_from: String,
    /// Serial ports that Modbus meters may be on, separated by commas; a `*` at the end stands for the
    /// rest of a name.
    #[arg(long, env = "WATTLENS_SERIAL_PORTS", value_delimiter = ',',
        default_values_t = SerialPorts::USUAL.map(str::to_owned))]
    pub serial_ports: Vec<String>,
    /// Networks of the proxies that are believed whom they name in X-Forwarded-For, separated by commas.
    #[arg(long, env = "WATTLENS_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network,
        default_values = Proxies::USUAL)]
    pub trusted_proxies: Vec<IpNet>,
    /// File with the certificate for TLS and those that it rests on (PEM). It is read again when it changes.
    #[arg(long, env = "WATTLENS_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// File with the private key of the certificate (PEM).
    #[arg(long, env = "WATTLENS_TLS_KEY", requires = "tls_cert", hide_env_values = true)]
    pub tls_key: Option<PathBuf>,
    /// Let devices be on this machine even where other machines reach the server.
    #[arg(long, env = "WATTLENS_ALLOW_LOOPBACK")]
    pub allow_loopback: bool,
}

impl ServeSettings {
    /// Whether connections to this machine are allowed: where nobody else reaches the server, in the
    /// demo, whose devices are here, and where it was asked for.
    pub fn reaches_loopback(&self) -> bool {
        self.is_alone() || self.demo || self.allow_loopback
    }

    /// Whether nobody at another machine is to reach it.
    pub fn is_alone(&self) -> bool {
        self.listen.ip().is_loopback() && self.public_url.is_none()
    }
}

fn roles() -> String {
    let all = Role::ALL.map(Role::name).join(", ");
    format!(
        "The role, one of {all}: viewer looks, operator also changes meters and devices, utility works \
         on grid and bills, prosumer sees meters of their own, admin does everything"
    )
}

fn role(text: &str) -> Result<Role, AccountRefusal> {
    Role::of(text).ok_or_else(|| AccountRefusal::NotRole { text: text.to_owned() })
}

/// An address of the web.
fn web_address(text: &str) -> Option<Uri> {
    let is_web = |url: &Uri| matches!(url.scheme_str(), Some("http" | "https"));
    text.parse::<Uri>().ok().filter(|url| is_web(url) && url.authority().is_some())
}

/// The address as browsers name it: without the port that its scheme means.
fn public_url(text: &str) -> Result<Uri, String> {
    let refused = || "give http:// or https:// and a host, without a path".to_owned();
    let url = web_address(text).filter(|url| url.path() == "/" && url.query().is_none());
    let (scheme, authority) = url
        .as_ref()
        .and_then(|url| Some((url.scheme_str()?, url.authority()?.as_str())))
        .filter(|(_, authority)| !authority.contains('@'))
        .ok_or_else(refused)?;
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let host = authority.strip_suffix(usual).unwrap_or(authority);
    format!("{scheme}://{host}").parse().map_err(|_| refused())
}

/// A network, or a single address.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let refused = || "give a network such as 10.0.0.0/8, or an address".to_owned();
    text.parse().ok().or_else(address).ok_or_else(refused)
}

fn tiles_url(text: &str) -> Result<String, String> {
    let has_all = ["{z}", "{x}", "{y}"].iter().all(|part| text.contains(part));
    match tiles_origin(text) {
        Some(_) if has_all => Ok(text.to_owned()),
        _ => Err("give http:// or https://, a host, and a path with {z}, {x} and {y}".to_owned()),
    }
}

/// Scheme and host of the map's pictures, as a content security policy names them.
pub(crate) fn tiles_origin(url: &str) -> Option<String> {
    let url = web_address(&url.replace(['{', '}'], ""))?;
    let host = url.authority().filter(|host| !host.as_str().contains('@'))?;
    Some(format!("{}://{host}", url.scheme_str()?))
}

/// Why the program ends before it has begun.
#[derive(Debug, PartialEq, Eq)]
pub struct Exit {
    /// What to print.
    pub message: String,
    /// The exit code: 0 for help and version, 2 for a setting that is wrong.
    pub code: u8,
}

/// Reads the command line and the environment.
///
/// # Errors
/// Help and version, and one line that says what is wrong.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Exit> {
    let cli = Cli::try_parse_from(arguments).map_err(|error| {
        if error.use_stderr() {
            Exit { message: one_line(&error), code: 2 }
        } else {
            Exit { message: error.to_string(), code: 0 }
        }
    })?;
    Ok(cli.command.unwrap_or(Command::Serve(cli.serve)))
}

/// The first line says what is wrong, a tip how to mend it; usage is left to `--help`.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let what = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let tip = lines.find_map(|line| line.strip_prefix("tip: ").map(|tip| format!("; {tip}")));
    format!("wattlens: {what}{}; see `wattlens --help`", tip.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, Exit> {
        parse(std::iter::once("wattlens").chain(arguments.iter().copied()).map(OsString::from))
    }

    #[test]
    fn serving_is_the_default() {
        assert!(matches!(parsed(&["--demo"]), Ok(Command::Serve(settings)) if settings.demo));
        assert!(matches!(parsed(&["serve", "--listen", "[::1]:80"]), Ok(Command::Serve(_))));
    }

    #[test]
    fn the_public_address_is_that_which_browsers_name() {
        for (typed, meant) in [
            ("https://meters.example:443", Some("https://meters.example/")),
            ("https://meters.example/", Some("https://meters.example/")),
            ("http://meters.example:8080", Some("http://meters.example:8080/")),
            ("https://meters.example/wattlens", None),
            ("https://asha@meters.example", None),
            ("meters.example", None),
        ] {
            assert_eq!(public_url(typed).ok().map(|url| url.to_string()).as_deref(), meant);
        }
        assert_eq!(network("127.0.0.1"), network("127.0.0.1/32"));
        assert!(network("proxy").is_err());
    }

    #[test]
    fn tiles_have_an_origin_and_a_place_for_each_number() {
        assert!(matches!(
            parsed(&["--tiles-url", "https://tiles.example:8443/{z}/{x}/{y}.png"]),
            Ok(Command::Serve(settings)) if settings.tiles_url.is_some()
        ));
        for url in ["https://tiles.example/{z}/{x}.png", "ftp://t/{z}/{x}/{y}", "/{z}/{x}/{y}"] {
            assert_eq!(parsed(&["--tiles-url", url]).unwrap_err().code, 2);
        }
        let origin = tiles_origin("https://tiles.example:8443/{z}/{x}/{y}.png?key=1");
        assert_eq!(origin.as_deref(), Some("https://tiles.example:8443"));
    }

    #[test]
    fn serial_ports_are_the_usual_ones_unless_others_are_named() {
        let ports = |arguments: &[&str]| match parsed(arguments) {
            Ok(Command::Serve(settings)) => settings.serial_ports,
            other => panic!("{other:?}"),
        };
        assert_eq!(ports(&[]), SerialPorts::USUAL);
        let named = ports(&["--serial-ports", "/dev/ttymxc2,/dev/ttyAMA*"]);
        assert_eq!(named, ["/dev/ttymxc2", "/dev/ttyAMA*"]);
    }

    #[test]
    fn the_help_of_a_new_user_names_every_role() {
        let help = parsed(&["create-user", "--help"]).unwrap_err().message;
        assert!(Role::ALL.iter().all(|role| help.contains(role.name())), "{help}");
    }

    #[test]
    fn a_bad_setting_is_one_line_and_code_two() {
        for arguments in
            [&["--lissten", "x"][..], &["--listen", "nowhere"], &["swim"], &["--public-url", "x"]]
        {
            let exit = parsed(arguments).unwrap_err();
            assert_eq!(exit.code, 2);
            assert_eq!(exit.message.lines().count(), 1, "{}", exit.message);
        }
    }
}
