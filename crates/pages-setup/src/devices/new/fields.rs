//! The fields of the form, each with what is wrong with it.

use domain::devices::Protocol;
use domain::devices::settings::{Form as Group, Kind, OTHER_SETTINGS, Setting, named, of_form};
use domain::devices::view::{NewDevicePage, Parent};
use markup::{Html, html};

use super::{other_settings, registers};
use texts::messages::told;
use texts::words::devices::new as words;
use texts::words::devices::other_settings::NO;
use texts::words::people::YES;
use ui::drawing::form::options_of;
use ui::drawing::{Shape, hidden, mark};

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

/// The form with its typed values, and the field that is refused.
pub(super) struct Form<'a>(pub(super) &'a NewDevicePage);

impl Form<'_> {
    pub(super) fn value(&self, name: &str) -> &str {
        self.0.typed.get(name).map(String::as_str).unwrap_or_default()
    }

    pub(super) fn filled(&self) -> impl Iterator<Item = &str> {
        let filled = self.0.typed.iter().filter(|(_, text)| !text.is_empty());
        filled.map(|(name, _)| name.as_str())
    }

    /// Whether such a field is filled in, or something is wrong with one.
    pub(super) fn has(&self, is_such: impl Fn(&str) -> bool) -> bool {
        self.filled().chain(self.0.fault.as_ref().map(|(name, _)| name.as_str())).any(is_such)
    }

    fn of_connection(&self, protocol: Protocol) -> impl Iterator<Item = &'static Setting> {
        let groups: &[Group] = match protocol {
            Protocol::Modbus if self.value("transport") == "rtu" => {
                &[Group::Transport, Group::Unit, Group::Direction, Group::Serial]
            }
            Protocol::Modbus => &[Group::Transport, Group::Network, Group::Unit, Group::Direction],
            Protocol::Mqtt if self.0.profile.is_some() => {
                &[Group::Broker, Group::Network, Group::Login, Group::Placeholders]
            }
            Protocol::Mqtt => &[Group::Broker, Group::Network, Group::Login, Group::Topics],
            Protocol::Http if self.0.profile.is_some() => &[Group::Request, Group::Path],
            Protocol::Http => &[Group::Request],
        };
        groups.iter().flat_map(|group| of_form(*group))
    }

    pub(super) fn secret(&self, protocol: Protocol) -> Option<&'static str> {
        self.of_connection(protocol).find(|setting| setting.is_secret()).map(|it| it.name)
    }

    /// The fields of the meter: its number says which one is changed, and stays.
    fn of_meter(&self) -> impl Iterator<Item = &'static str> {
        let changes = self.0.changes.is_some();
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

    /// The fields that the form keeps without showing them. The settings of the other transport go.
    pub(super) fn kept(&self, protocol: Protocol) -> Html {
        let of_transport = |name: &str| {
            let form = named(name).and_then(|setting| setting.form);
            form.is_some_and(|form| TRANSPORTS.contains(&form))
        };
        html! {
            {self.all(|name| self.shows(name, protocol) || of_transport(name))}
            {hidden("check", "1")}
        }
    }

    /// All that was typed but some fields, for a form that goes on with it.
    pub(super) fn all(&self, is_left_out: impl Fn(&str) -> bool) -> Html {
        let typed = self.0.typed.iter();
        let typed = typed.filter(|(name, value)| !value.is_empty() && !is_left_out(name));
        html! {
            {typed.map(|(name, value)| hidden(name, value)).collect::<Html>()}
            {self.0.changes.map(|meter| hidden("meter", meter.to_string()))}
            {self.0.slug.as_ref().map(|slug| hidden("site", slug))}
        }
    }

    pub(super) fn connection(&self, protocol: Protocol) -> Html {
        let shown = self.of_connection(protocol).filter(|setting| !setting.is_secret());
        shown.map(|setting| self.named(setting.name)).collect::<Html>()
    }

    pub(super) fn meter(&self) -> Html {
        let field = |name: &'static str| match name {
            "parentMeterNumber" if !self.0.parents.is_empty() => self.parent(name),
            name => self.named(name),
        };
        self.of_meter().map(field).collect::<Html>()
    }

    /// The meters that it may hang below, drawn in as the tree is.
    fn parent(&self, name: &'static str) -> Html {
        let option = |parent: &Parent| {
            let space = "\u{2003}".repeat(parent.depth);
            let text = if parent.name == parent.number {
                format!("{space}{}", parent.name)
            } else {
                format!("{space}{} ({})", parent.name, parent.number)
            };
            (parent.number.clone(), text)
        };
        let (label, _) = words::field(name);
        html! {
            <label class="form-field">
                {label}
                <select class="field" name=name>
                    <option value="">{words::NO_PARENT}</option>
                    {options_of(self.value(name), self.0.parents.iter().map(option))}
                </select>
                {self.fault(name)}
            </label>
        }
    }

    pub(super) fn rest(&self, protocol: Protocol) -> Option<Html> {
        let name = "communication";
        let is_used = self.has(|other| other == name);
        (is_used || protocol == Protocol::Modbus).then(|| {
            html! {
                <label class="form-field">
                    {words::REST} " " <span class="note">{words::REST_HELP}</span>
                    <textarea class="field" name=name rows="3" spellcheck="false">
                        {self.value(name)}
                    </textarea>
                    {self.fault(name)}
                </label>
            }
        })
    }

    pub(super) fn named(&self, name: &'static str) -> Html {
        let (label, hint) = words::field(name);
        let options = choices(name).map(|choices| {
            let usual = std::iter::once(("", words::USUAL.get()));
            let choices = usual.chain(choices.iter().map(|word| (*word, name_of(word))));
            options_of(
                self.value(name),
                choices.map(|(word, text)| (word.to_owned(), text.to_owned())),
            )
        });
        html! {
            <label class="form-field">
                {label} {self.field(name, Some(hint.get()), None, options)} {self.fault(name)}
            </label>
        }
    }

    /// A field without its label, which may be for screen readers alone; a choice where there are options.
    pub(super) fn field(
        &self,
        name: &str,
        hint: Option<&str>,
        label: Option<&str>,
        options: Option<Html>,
    ) -> Html {
        let is_wrong = self.fault(name).map(|_| "true");
        if let Some(options) = options {
            return html! {
                <select class="field" name=name aria-label=label aria-invalid=is_wrong>
                    {options}
                </select>
            };
        }
        html! {
            <input
                class="field"
                type="text"
                name=name
                value=self.value(name)
                placeholder=hint
                aria-label=label
                aria-invalid=is_wrong
                autocomplete="off"
                spellcheck="false"
            />
        }
    }

    pub(super) fn fault(&self, name: &str) -> Option<Html> {
        let (_, message) = self.0.fault.as_ref().filter(|(field, _)| field == name)?;
        Some(html! {
            <span class="field-fault" role="alert">
                {mark(Shape::Alarm)} " " {told(message)}
            </span>
        })
    }
}
