//! The fields of the form, each with what is wrong with it.

use std::collections::BTreeMap;

use domain::devices::Protocol;
use domain::devices::settings::{Form as Group, Kind, Setting, named, of_form};
use domain::devices::view::{NewDevicePage, Parent};
use domain::message::Message;
use markup::{Html, html};
use service::devices::{OF_ALL, OF_REGISTER, REGISTERS};

use texts::messages::told;
use texts::words::devices::new as words;
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
    let words: &[&str] = match name {
        "function" => &["holding", "input"],
        "wordOrder" => &["big", "little"],
        "role" => &["grid", "building", "solar", "zone"],
        "type" => &["u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64", "bcd"],
        _ => match named(name)?.kind {
            Kind::Words(words) => words,
            Kind::Flag => &["true", "false"],
            _ => return None,
        },
    };
    Some(words)
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

    fn value(&self, name: &str) -> String {
        self.typed.get(name).cloned().unwrap_or_default()
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

    /// Registers are typed where no profile knows them and no list of them is stored.
    fn has_registers(&self, protocol: Protocol) -> bool {
        protocol == Protocol::Modbus && !self.has_profile && !self.changes
    }

    /// Whether what is wrong with a field can stand beside it.
    pub(super) fn shows(&self, field: &str, protocol: Protocol) -> bool {
        let of_registers = || {
            let named = |name: &&str| OF_REGISTER.iter().any(|of| field == format!("{name}.{of}"));
            OF_ALL.contains(&field) || REGISTERS.iter().any(named)
        };
        field == "communication"
            || self.of_meter().any(|name| name == field)
            || self.of_connection(protocol).any(|it| it.name == field && !it.is_secret())
            || (self.has_registers(protocol) && of_registers())
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

    /// The registers of the form, one in a line.
    pub(super) fn registers(&self, protocol: Protocol) -> Option<Html> {
        if !self.has_registers(protocol) {
            return None;
        }
        let row = |name: &&'static str| {
            let (label, _) = words::field(name);
            let cell = |of: &'static str| {
                let field = format!("{name}.{of}");
                let said = match of {
                    "address" => words::ADDRESS,
                    "type" => words::TYPE,
                    _ => words::SCALE,
                };
                let label = format!("{label}: {said}");
                html! { <td>{self.input(field.clone(), of, "", Some(label))} {self.fault(&field)}</td> }
            };
            html! {
                <tr>
                    <th scope="row">{label}</th>
                    {OF_REGISTER.map(cell)}
                </tr>
            }
        };
        let rows = REGISTERS.iter().map(row).collect::<Html>();
        let all = OF_ALL.map(|name| self.named(name));
        let view = html! {
            <h2>{words::REGISTERS} " " <span class="note">{words::REGISTERS_HELP}</span></h2>
            <table class="table device-registers">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{words::ADDRESS}</th>
                        <th scope="col">{words::TYPE}</th>
                        <th scope="col">{words::SCALE}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <div class="device-fields">{all}</div>
        };
        Some(view)
    }

    pub(super) fn other(&self) -> Html {
        let name = "communication";
        html! {
            <label class="form-field">
                <span>{words::OTHER} " " <span class="note">{words::OTHER_HELP}</span></span>
                <textarea class="field" name=name rows="3" spellcheck="false">
                    {self.value(name)}
                </textarea>
                {self.fault(name)}
            </label>
        }
    }

    /// A field with its label.
    fn named(&self, name: &'static str) -> Html {
        let (label, hint) = words::field(name);
        html! {
            <label class="form-field">
                {label} {self.input(name.to_owned(), name, hint.get(), None)} {self.fault(name)}
            </label>
        }
    }

    /// A field of a kind; `said` is what a reader is told where no label stands beside it.
    fn input(&self, name: String, kind: &str, hint: &'static str, said: Option<String>) -> Html {
        let value = self.value(&name);
        let is_wrong = self.fault.is_some_and(|(field, _)| *field == name).then_some("true");
        let Some(choices) = choices(kind) else {
            return html! {
                <input
                    class="field"
                    type="text"
                    name=name
                    value=value
                    placeholder=hint
                    aria-label=said
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
        let choices = usual.chain(choices.iter().map(|word| (*word, *word)));
        let options = choices.map(option).collect::<Html>();
        html! {
            <select class="field" name=name aria-label=said aria-invalid=is_wrong>
                {options}
            </select>
        }
    }

    fn fault(&self, name: &str) -> Option<Html> {
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
