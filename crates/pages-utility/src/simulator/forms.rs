//! What changes many meters at once, and what makes new ones.

use domain::simulation::view::{SimulatorPage, WorldMeter};
use markup::{Html, html};

use texts::language::Text;
use texts::words::simulator as words;
use ui::drawing::form::submit;
use ui::drawing::send;

pub(super) fn draw(page: &SimulatorPage) -> Html {
    html! {
        <section class="world-forms">
            {control(page)} {resource(page)} {meter(page)} {link(page)}
        </section>
    }
}

fn folded(id: &'static str, title: &'static str, form: Html) -> Html {
    html! {
        <details class="bill-form" id=id>
            <summary>{title}</summary>
            {form}
        </details>
    }
}

fn select(
    name: &'static str,
    label: &'static str,
    none: Option<&'static str>,
    options: Vec<(String, String)>,
) -> Html {
    let none = none.map(|none| html! { <option value="">{none}</option> });
    let option = |(value, text): (String, String)| html! { <option value=value>{text}</option> };
    html! {
        <label class="form-field">
            {label}
            <select class="field" name=name>
                {none}
                {options.into_iter().map(option).collect::<Html>()}
            </select>
        </label>
    }
}

fn field(name: &'static str, label: &'static str, value: &'static str, required: bool) -> Html {
    html! {
        <label class="form-field">
            {label} <input class="field" type="text" name=name value=value required=required />
        </label>
    }
}

fn named(meters: &[WorldMeter], which: fn(&&WorldMeter) -> bool) -> Vec<(String, String)> {
    let pair = |meter: &WorldMeter| {
        let name = if meter.name == meter.number {
            meter.number.clone()
        } else {
            format!("{}, {}", meter.number, meter.name)
        };
        (meter.id.to_string(), name)
    };
    meters.iter().filter(which).map(pair).collect()
}

/// Options that stand for themselves.
pub(super) fn same(names: &[String]) -> Vec<(String, String)> {
    names.iter().map(|name| (name.clone(), name.clone())).collect()
}

pub(super) fn pairs<const N: usize>(options: [(&str, Text); N]) -> Vec<(String, String)> {
    options.map(|(value, text)| (value.to_owned(), text.into())).into()
}

fn control(page: &SimulatorPage) -> Html {
    let sides = pairs([
        ("both", words::BOTH),
        ("consumption", words::CONSUMPTION),
        ("production", words::PRODUCTION),
    ]);
    let form = html! {
        <form class="form" action=send("world-control")>
            <p class="note">{words::CONTROL_HELP}</p>
            {select("parent", words::BELOW.get(), Some(words::ANY.get()), named(&page.meters, |m| m.is_parent))}
            {select("pincode", words::PINCODE.get(), Some(words::ANY.get()), same(&page.pincodes))}
            {select("appliance", words::ONLY_APPLIANCE.get(), Some(words::WHOLE_METER.get()), same(&page.catalogue))}
            {field("factor", words::FACTOR_FIELD.get(), "1", true)}
            {select("log_type", words::SIDE.get(), None, sides)}
            {submit("button", words::CONTROL_GO)}
        </form>
    };
    folded("world-many", words::CONTROL.get(), form)
}

fn resource(page: &SimulatorPage) -> Html {
    let kinds = pairs([("consumer", words::CONSUMER), ("prosumer", words::PROSUMER)]);
    let form = html! {
        <form class="form" action=send("world-resource")>
            {field("name", words::NAME.get(), "", true)} {select("type", words::TYPE.get(), None, kinds)}
            {field("appliances", words::APPLIANCE_LIST.get(), "LED Bulb, Refrigerator, Television", false)}
            <p class="note">{words::catalogue(&page.catalogue.join(", "))}</p>
            {submit("button", words::CREATE)}
        </form>
    };
    folded("world-resource", words::NEW_RESOURCE.get(), form)
}

fn meter(page: &SimulatorPage) -> Html {
    let types = same(&["1-Ph", "3-Ph", "Smart", "net-meter"].map(str::to_owned));
    let form = html! {
        <form class="form" action=send("world-meter")>
            {field("meter_id", words::METER_NUMBER.get(), "", true)}
            {select("parent", words::PARENT_METER.get(), Some(words::NO_PARENT.get()), named(&page.meters, |_| true))}
            {select("meter_type", words::TYPE.get(), None, types)}
            {field("load_factor", words::FACTOR_FIELD.get(), "1", true)}
            {field("city", words::CITY.get(), "San Francisco", true)}
            {field("state", words::STATE.get(), "California", true)}
            {field("latitude", words::LATITUDE.get(), "37.7749", true)}
            {field("longitude", words::LONGITUDE.get(), "-122.4194", true)}
            {field("pincode", words::PINCODE.get(), "94103", true)}
            {submit("button", words::CREATE)}
        </form>
    };
    folded("world-meter", words::NEW_METER.get(), form)
}

fn link(page: &SimulatorPage) -> Html {
    let free = named(&page.meters, |meter| meter.kind.is_none() && !meter.is_parent);
    let loose = page.loose.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let form = html! {
        <form class="form" action=send("world-link")>
            <p class="note">{words::LINK_HELP}</p>
            {select("meter", words::METER.get(), Some(words::CHOOSE.get()), free)}
            {select("resource", words::RESOURCE.get(), Some(words::CHOOSE.get()), loose)}
            {submit("button", words::LINK_GO)}
        </form>
    };
    folded("world-link", words::LINK.get(), form)
}
