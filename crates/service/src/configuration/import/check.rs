//! What is wrong with a document before anything is stored: of each entry the first thing.

use std::collections::{BTreeMap, BTreeSet};

use domain::configuration::refusal::{EntryRefusal, TermsRefusal};
use domain::meters::check_name;

use super::super::Document;
use super::super::document::VirtualMeterEntry;
use super::faults::{Faults, no_site, time, twice, within};
use super::{alarms, changes, reports, sources};
use crate::meters::energy_meters::settings;
use crate::{Error, validity};

/// Finds what names something that the document does not hold, and values that the tables would not
/// refuse by name.
pub(super) fn check(document: &Document) -> Vec<Error> {
    let mut faults = Faults::default();
    let (mut sites, mut meters) = (BTreeSet::new(), BTreeMap::new());
    for site in &document.sites {
        sites.insert(site.slug.as_str());
    }
    for meter in &document.meters {
        meters.insert((meter.site.as_str(), meter.number.as_str()), meter.level);
    }
    let known = |field: String, site: &str, number: &str| {
        if meters.contains_key(&(site, number)) { Ok(()) } else { Err(no_meter(field, number)) }
    };
    let mut seen = BTreeSet::new();
    faults.each("sites", &document.sites, |field, site| {
        if !seen.insert(site.slug.clone()) {
            return Err(twice(format!("{field}.slug"), &site.slug));
        }
        if site.time_zone.parse::<chrono_tz::Tz>().is_err() {
            let name = site.time_zone.clone();
            return Err(Error::invalid(format!("{field}.timeZone"), EntryRefusal::Zone { name }));
        }
        Ok(())
    });
    let (mut seen, mut uuids) = (BTreeSet::new(), BTreeMap::new());
    faults.each("meters", &document.meters, |field, meter| {
        if !sites.contains(meter.site.as_str()) {
            return Err(no_site(&field, &meter.site));
        }
        if !seen.insert((meter.site.clone(), meter.number.clone())) {
            return Err(twice(format!("{field}.meterNumber"), &meter.number));
        }
        if let Some(other) = uuids.insert(meter.uuid, meter.number.clone()) {
            let refused = EntryRefusal::UuidTaken { number: meter.number.clone(), other };
            return Err(Error::invalid(format!("{field}.uuid"), refused));
        }
        check_name(&meter.name)
            .map_err(|error| Error::invalid(format!("{field}.meterName"), error))?;
        time(&format!("{field}.installedAt"), meter.installed_at)?;
        time(&format!("{field}.retiredAt"), meter.retired_at)?;
        let above = meter.placements.iter().filter_map(|placement| placement.parent.as_ref());
        for parent in above.chain(&meter.parent) {
            known(format!("{field}.parent"), &meter.site, parent)?;
        }
        let parent = meter.parent.as_deref().map(|parent| (meter.site.as_str(), parent));
        if let Some(above) = parent.and_then(|parent| meters.get(&parent).copied())
            && above >= meter.level
        {
            let (number, level) = (meter.number.clone(), meter.level);
            let refused = EntryRefusal::Level { number, level, above };
            return Err(
                Error::refused("level_not_below_parent", refused).at(format!("{field}.level"))
            );
        }
        for placement in &meter.placements {
            time(&format!("{field}.placements"), placement.valid_from)?;
        }
        Ok(())
    });
    faults.each("devices", &document.devices, |field, device| {
        known(format!("{field}.meterNumber"), &device.site, &device.meter_number)?;
        settings::check(device.protocol, &device.communication)
            .map_err(|error| within(&field, error))?;
        Ok(())
    });
    faults.each("virtualMeters", &document.virtual_meters, |field, sum| {
        known(format!("{field}.meterNumber"), &sum.site, &sum.meter_number)?;
        for term in &sum.terms {
            known(format!("{field}.terms"), &sum.site, &term.meter_number)?;
            time(&format!("{field}.terms"), term.valid_from)?;
            time(&format!("{field}.terms"), term.valid_to)?;
        }
        check_versions(sum).map_err(|error| within(&field, error))
    });
    faults.each("unmeteredLoads", &document.unmetered_loads, |field, load| {
        known(format!("{field}.meterNumber"), &load.site, &load.meter_number)?;
        time(&format!("{field}.validFrom"), Some(load.valid_from))
    });
    sources::check(&mut faults, document, &sites, known);
    alarms::check(&mut faults, document, &sites, known);
    reports::check(&mut faults, document);
    changes::check(&mut faults, document, known);
    check_prices(&mut faults, document, &sites, known);
    faults.0
}

/// Refuses terms of a virtual meter of which it is not clear which hold at a time.
pub(super) fn check_versions(sum: &VirtualMeterEntry) -> Result<(), Error> {
    let refused = |why| {
        let number = sum.meter_number.clone();
        Err(Error::invalid("terms", EntryRefusal::Sum { number, why }))
    };
    let mut versions = BTreeMap::new();
    for term in &sum.terms {
        if *versions.entry(term.valid_from).or_insert(term.valid_to) != term.valid_to {
            return refused(TermsRefusal::Ends);
        }
    }
    let mut versions = versions.into_iter().peekable();
    while let Some((from, to)) = versions.next() {
        if from.zip(to).is_some_and(|(from, to)| to <= from) {
            return refused(TermsRefusal::Order);
        }
        let next = versions.peek().and_then(|(next, _)| *next);
        if next.is_some_and(|next| to.is_none_or(|to| next < to)) {
            return refused(TermsRefusal::Overlap);
        }
    }
    Ok(())
}

/// The same for tariffs and factors.
fn check_prices(
    faults: &mut Faults,
    document: &Document,
    sites: &BTreeSet<&str>,
    known: impl Fn(String, &str, &str) -> Result<(), Error>,
) {
    faults.each("tariffs", &document.tariffs, |field, tariff| {
        let site = document.sites.iter().find(|site| site.slug == tariff.site);
        let Some(site) = site else {
            return Err(no_site(&field, &tariff.site));
        };
        if site.currency != tariff.currency {
            let (site, currency) = (site.slug.clone(), site.currency.clone());
            let refused = EntryRefusal::Currency { site, currency };
            return Err(Error::invalid(format!("{field}.currency"), refused));
        }
        validity::day(&format!("{field}.validFrom"), tariff.valid_from)?;
        tariff.terms.check().map_err(|invalid| {
            Error::invalid(format!("{field}.terms.{}", invalid.field), invalid.message)
        })?;
        match tariff.valid_to {
            Some(to) => validity::day(&format!("{field}.validTo"), to),
            None => Ok(()),
        }
    });
    faults.each("meterTariffs", &document.meter_tariffs, |field, given| {
        known(format!("{field}.meterNumber"), &given.site, &given.meter_number)?;
        validity::day(&format!("{field}.validFrom"), given.valid_from)?;
        let mut tariffs = document.tariffs.iter();
        if tariffs.any(|tariff| tariff.site == given.site && tariff.name == given.tariff) {
            return Ok(());
        }
        let name = given.tariff.clone();
        Err(Error::invalid(format!("{field}.tariff"), EntryRefusal::NoTariff { name }))
    });
    faults.each("emissionFactors", &document.emission_factors, |field, factor| {
        if !sites.contains(factor.site.as_str()) {
            return Err(no_site(&field, &factor.site));
        }
        if let Some(number) = &factor.meter_number {
            known(format!("{field}.meterNumber"), &factor.site, number)?;
        }
        validity::day(&format!("{field}.validFrom"), factor.valid_from)
    });
}

fn no_meter(field: String, name: &str) -> Error {
    Error::invalid(field, EntryRefusal::NoMeter { name: name.to_owned() })
}
