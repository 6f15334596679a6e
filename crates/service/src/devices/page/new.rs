//! The page that adds a device, or changes one. What was typed stands in its address, without secrets.

use std::collections::BTreeMap;

use domain::devices::view::{NewDevicePage, Parent, ProfileChoice};
use domain::devices::{Protocol, profile};
use domain::message::Message;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;

use crate::devices::{self, DeviceForm};
use crate::meters::energy_meters::free_number;
use crate::pages::start::start_progress;
use crate::pages::{MOST_CHOICES, Query, site};
use crate::{Action, Error, Principal, Service, resolve};

/// What the address says of a new device, with what is wrong about it.
pub async fn new(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<NewDevicePage, Error> {
    let site = site(service, who, Action::Configure, query).await?;
    let changes = match query.meter("meter") {
        Some(meter) => Some(resolve::meter(service, who, Action::Configure, &meter).await?),
        None => None,
    };
    let is_checked = query.get("check").is_some();
    let stored = if is_checked {
        BTreeMap::new()
    } else {
        devices::texts(service, changes.as_ref(), query.get("profile")).await?
    };
    let sent =
        devices::fields().filter_map(|name| Some((name.clone(), query.get(&name)?.to_owned())));
    // What was typed counts before what is stored.
    let mut typed: BTreeMap<String, String> = stored.into_iter().chain(sent).collect();
    devices::other_settings::spread(&mut typed);
    devices::other_settings::withhold_secrets(&mut typed);
    let profile = typed.get("profile").and_then(|id| profile::find(id)).map(choice);
    if let Some(profile) = &profile {
        typed.insert("protocol".to_owned(), profile.protocol.as_str().to_owned());
    }
    let protocol = typed.get("protocol").and_then(|word| Protocol::parse(word));
    // Its page is where saving leads.
    if is_checked && typed.get("meterNumber").is_none_or(|number| number.trim().is_empty()) {
        typed.insert("meterNumber".to_owned(), free_number(service, site.id).await?);
    }
    let fault = if is_checked && protocol.is_some() {
        let (texts, change) = (typed.clone(), changes.is_some());
        let form = DeviceForm { texts, change, ..DeviceForm::default() };
        refused(devices::check(service, who, query.site().as_ref(), &form).await)?
    } else {
        None
    };
    let of = changes.as_ref().map(|meter| meter.id);
    let known = service.registry().known();
    let parents = known.trees.get(&site.id).map(|tree| parents(tree)).unwrap_or_default();
    let all = if protocol.is_none() { profile::all() } else { &[] };
    Ok(NewDevicePage {
        slug: query.get("site").map(str::to_owned),
        changes: of,
        profiles: all.iter().map(choice).collect(),
        protocol,
        profile,
        typed,
        is_checked,
        fault,
        parents,
        is_first: start_progress(service, who, query)?.is_some(),
    })
}

/// The field at fault and what is wrong, where that is for a person to mend.
fn refused(checked: Result<(), Error>) -> Result<Option<(String, Message)>, Error> {
    match checked {
        Ok(()) => Ok(None),
        Err(Error::Invalid { field, message, .. } | Error::Conflict { field, message, .. }) => {
            Ok(Some((field.unwrap_or_default(), message)))
        }
        Err(error) => Err(error),
    }
}

fn choice(profile: &profile::Profile) -> ProfileChoice {
    ProfileChoice {
        id: profile.id.clone(),
        maker: profile.maker.clone(),
        models: profile.models.clone(),
        protocol: profile.protocol,
        convention: profile.convention.clone(),
        notes: profile.notes.clone(),
    }
}

/// The meters that a new one may hang below, in the order of the tree; none where they are too many
/// to choose from.
fn parents(tree: &Tree) -> Vec<Parent> {
    let mut found = Vec::new();
    if tree.meters().len() <= MOST_CHOICES {
        for root in tree.roots() {
            gather(tree, root, 0, &mut found);
        }
    }
    found
}

fn gather(tree: &Tree, meter: &Meter, depth: usize, found: &mut Vec<Parent>) {
    found.push(Parent { number: meter.number.clone(), name: meter.name.clone(), depth });
    for child in tree.below(meter.id) {
        gather(tree, child, depth + 1, found);
    }
}
