//! The fields of the form, each with what is wrong with it.

use std::collections::BTreeMap;

use domain::devices::Protocol;
use domain::devices::settings::{Form as Group, Kind, OTHER_SETTINGS, Setting, named, of_form};
use domain::devices::view::{NewDevicePage, Parent};
use domain::message::Message;
use markup::{Html, html};

use super::{other_settings, registers};
use texts::messages::told;
use texts::words::devices::new as words;
use texts::words::devices::other_settings::NO;
use texts::words::people::YES;
use ui::components::mark::Shape;
use ui::drawing::parts::mark;

/// What is said of the meter.
pub(super) const METER: [&str; 9] = [
    "meterName",
    "meterNumber",
    "parentMeterNumber",
    "meterType",
    "role",
    "ratedPowerKw",
    "latitude",
    "longitude",
    "pollInterval",
];

/// What is said of a Modbus line, whatever its transport.
const TRANSPORTS: [Group; 5] =
    [Group::Transport, Group::Network, Group::Unit, Group::Direction, Group::Serial];

/// The words that a field takes; none where it takes any text.
fn choices(name: &str) -> Option<&'static [&'static str]> {
    if name == "role" {
        return Some(&["grid", "building", "solar", "zone"]);
    }
    let other = OTHER_SETTINGS.iter().find(|other| other.name == name);
    let kind = other.map(|other| &other.kind);
    match kind.or_else(|| named(name).map(|setting| &setting.kind))? {
        Kind::Words(words) => Some(words),
        Kind::Flag => Some(&["true", "false"]),
        _ => None,
    }
}

/// The text of a word that a field takes.
fn name_of(word: &'static str) -> &'static str {
    match word {
        "true" => YES.get(),
        "false" => NO.get(),
        word => word,
    }
}

/// What was typed, and what is wrong with it.
pub(super) struct Form<'a> {
    typed: &'a BTreeMap<String, String>,
    fault: Option<&'a (String, Message)>,
    has_profile: bool,
    changes: bool,
}

impl<'a> Form<'a> {
    pub(super) fn of(page: &'a NewDevicePage) -> Self {
        Self {
            typed: &page.typed,
            fault: page.fault.as_ref(),
            has_profile: page.profile.is_some(),
            changes: page.changes.is_some(),
        }
    }

    pub(super) fn value(&self, name: &str) -> String {
        self.typed.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn has_profile(&self) -> bool {
        self.has_profile
    }

    /// The names of the fields that are filled in.
    pub(super) fn filled(&self) -> impl Iterator<Item = &str> {
        let filled = self.typed.iter().filter(|(_, text)| !text.is_empty());
        filled.map(|(name, _)| name.as_str())
    }

    /// Whether such a field is filled in, or something is wrong with one.
    pub(super) fn has(&self, is_such: impl Fn(&str) -> bool) -> bool {
        self.filled().chain(self.fault.map(|(name, _)| name.as_str())).any(is_such)
    }

    /// The settings of a connection.
    fn of_connection(&self, protocol: Protocol) -> impl Iterator<Item = &'static Setting> {
        let groups: &[Group] = match protocol {
            Protocol::Modbus if self.value("transport") == "rtu" => {
                &[Group::Transport, Group::Unit, Group::Direction, Group::Serial]
            }
            Protocol::Modbus => &[Group::Transport, Group::Network, Group::Unit, Group::Direction],
            Protocol::Mqtt if self.has_profile => {
                &[Group::Broker, Group::Network, Group::Login, Group::Placeholders]
            }
            Protocol::Mqtt => &[Group::Broker, Group::Network, Group::Login, Group::Topics],
            Protocol::Http if self.has_profile => &[Group::Request, Group::Path],
            Protocol::Http => &[Group::Request],
        };
        groups.iter().flat_map(|group| of_form(*group))
    }

    /// The secret that a connection may need, which is asked for when it is saved.
    pub(super) fn secret(&self, protocol: Protocol) -> Option<&'static str> {
        self.of_connection(protocol).find(|setting| setting.is_secret()).map(|it| it.name)
    }

    /// The fields of the meter: its number says which one is changed, and stays.
    fn of_meter(&self) -> impl Iterator<Item = &'static str> {
        let changes = self.changes;
        METER.into_iter().filter(move |name| !changes || *name != "meterNumber")
    }

    /// Whether what is wrong with a field can stand beside it.
    pub(super) fn shows(&self, field: &str, protocol: Protocol) -> bool {
        field == "communication"
            || self.of_meter().any(|name| name == field)
            || self.of_connection(protocol).any(|it| it.name == field && !it.is_secret())
            || (protocol == Protocol::Modbus && registers::shows(field))
            || other_settings::shows(field, protocol)
    }

    /// What the form keeps without showing it. The settings of the other transport go with it.
    pub(super) fn kept(&self, page: &NewDevicePage, protocol: Protocol) -> Html {
        let of_transport = |name: &str| {
            let form = named(name).and_then(|setting| setting.form);
            form.is_some_and(|form| TRANSPORTS.contains(&form))
        };
        let typed = self
            .typed
            .iter()
            .filter(|(name, _)| !self.shows(name, protocol) && !of_transport(name))
            .map(|(name, value)| (name.clone(), value.clone()));
        let meter = page.changes.map(|meter| ("meter".to_owned(), meter.to_string()));
        let site = page.slug.clone().map(|slug| ("site".to_owned(), slug));
        let check = ("check".to_owned(), "1".to_owned());
        hidden(typed.chain(meter).chain(site).chain([check]))
    }

    /// All that was typed but some fields, for a form that goes on with it.
    pub(super) fn all(&self, page: &NewDevicePage, but: &[&str]) -> Html {
        let meter = page.changes.map(|meter| ("meter".to_owned(), meter.to_string()));
        let site = page.slug.clone().map(|slug| ("site".to_owned(), slug));
        let typed = self.typed.iter().filter(|(name, _)| !but.contains(&name.as_str()));
        let typed = typed.map(|(name, value)| (name.clone(), value.clone()));
        hidden(typed.chain(meter).chain(site))
    }

    pub(super) fn connection(&self, protocol: Protocol) -> Html {
        let shown = self.of_connection(protocol).filter(|setting| !setting.is_secret());
        shown.map(|setting| self.named(setting.name)).collect::<Html>()
    }

    pub(super) fn meter(&self, parents: &[Parent]) -> Html {
        let field = |name: &'static str| match name {
            "parentMeterNumber" if !parents.is_empty() => self.parent(parents),
            name => self.named(name),
        };
        self.of_meter().map(field).collect::<Html>()
    }

    /// The meters that it may hang below, drawn in as the tree is.
    fn parent(&self, parents: &[Parent]) -> Html {
        let name = "parentMeterNumber";
        let chosen = self.value(name);
        let option = |parent: &Parent| {
            let space = "\u{2003}".repeat(parent.depth);
            let is_chosen = parent.number == chosen;
            let text = if parent.name == parent.number {
                format!("{space}{}", parent.name)
            } else {
                format!("{space}{} ({})", parent.name, parent.number)
            };
            html! {
                <option value=parent.number.clone() selected=is_chosen>
                    {text}
                </option>
            }
        };
        let options = parents.iter().map(option).collect::<Html>();
        let (label, _) = words::field(name);
        html! {
            <label class="form-field">
                {label}
                <select class="field" name=name>
                    <option value="">{words::NO_PARENT}</option>
                    {options}
                </select>
                {self.fault(name)}
            </label>
        }
    }

    /// Settings that have no field, as JSON; nothing where there are none.
    pub(super) fn rest(&self, protocol: Protocol) -> Option<Html> {
        let name = "communication";
        let is_used = self.has(|other| other == name);
        let view = html! {
            <label class="form-field">
                {words::REST} " " <span class="note">{words::REST_HELP}</span>
                <textarea class="field" name=name rows="3" spellcheck="false">
                    {self.value(name)}
                </textarea>
                {self.fault(name)}
            </label>
        };
        (is_used || protocol == Protocol::Modbus).then_some(view)
    }

    /// A field with its label.
    pub(super) fn named(&self, name: &'static str) -> Html {
        let (label, hint) = words::field(name);
        html! {
            <label class="form-field">
                {label} {self.input(name, hint.get())} {self.fault(name)}
            </label>
        }
    }

    fn input(&self, name: &'static str, hint: &'static str) -> Html {
        let value = self.value(name);
        let is_wrong = self.fault.is_some_and(|(field, _)| *field == name).then_some("true");
        let Some(choices) = choices(name) else {
            return html! {
                <input
                    class="field"
                    type="text"
                    name=name
                    value=value
                    placeholder=hint
                    aria-invalid=is_wrong
                    autocomplete="off"
                    spellcheck="false"
                />
            };
        };
        let option = |(choice, text): (&'static str, &'static str)| {
            let is_chosen = choice == value;
            html! {
                <option value=choice selected=is_chosen>
                    {text}
                </option>
            }
        };
        let usual = std::iter::once(("", words::USUAL.get()));
        let choices = usual.chain(choices.iter().map(|word| (*word, name_of(word))));
        let options = choices.map(option).collect::<Html>();
        html! {
            <select class="field" name=name aria-invalid=is_wrong>
                {options}
            </select>
        }
    }

    pub(super) fn fault(&self, name: &str) -> Option<Html> {
        let (_, message) = self.fault.filter(|(field, _)| field == name)?;
        let view = html! {
            <span class="field-fault" role="alert">
                {mark(Shape::Alarm)} " " {told(message)}
            </span>
        };
        Some(view)
    }
}

fn hidden(fields: impl Iterator<Item = (String, String)>) -> Html {
    fields
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| html! { <input type="hidden" name=name value=value /> })
        .collect::<Html>()
}
