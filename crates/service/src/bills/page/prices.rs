//! The pages of tariffs and factors.

use chrono::NaiveDate;
use domain::bills::tariff::{TariffId, Terms, Version};
use domain::{MeterId, SiteSlug};
use serde_json::{Map, Value, json};

use crate::bills::tariffs::{self, NewTariff, TariffPreview};
use crate::carbon::factors::{self, FactorView};
use crate::configuration::page::settings::{About, PREVIEW, Previewed, previewed};
use crate::operation::clock;
use crate::pages::Query;
use crate::{Core, Error, Principal};

/// Prices of energy that the form has room for.
const LINES: usize = 4;

/// The page of tariffs.
#[derive(Debug, Clone)]
pub struct TariffsPage {
    pub about: About,
    /// The site's date.
    pub today: NaiveDate,
    /// The versions, by name and validity.
    pub versions: Vec<Version>,
    /// What the form for another version says.
    pub draft: Draft,
    /// What that would change.
    pub preview: Option<Previewed<TariffPreview>>,
}

/// A version that is being entered, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its fields by name.
    pub fields: Map<String, Value>,
    /// Its prices of energy: direction, price, days, and the times of day.
    pub lines: Vec<[String; 5]>,
    /// Terms of the version before it that the form has no field for, as JSON.
    kept: Map<String, Value>,
}

/// The names of the fields of a price of energy, each with its number behind it.
const OF_LINE: [&str; 5] = ["direction", "price", "days", "fromTime", "toTime"];
/// The days of a price that has none of its own.
const EVERY_DAY: &str = "all";
/// Terms of which the form has a field.
const OF_TERMS: [&str; 4] = ["fixedPerMonth", "demandPerKw", DEMAND_MINUTES, "taxPercent"];
/// The field that carries them.
const KEPT: &str = "kept";
/// The prices of energy among terms.
const ENERGY: &str = "energy";
/// A number of minutes.
const DEMAND_MINUTES: &str = "demandMinutes";
/// Amounts, which may have a comma before their cents.
const AMOUNTS: [&str; 4] = ["price", "fixedPerMonth", "demandPerKw", "taxPercent"];

impl Draft {
    /// What parameters or the fields of a form say, by their names.
    pub fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Self {
        let names = ["name", "validFrom", "endPrevious"].into_iter().chain(OF_TERMS);
        let plain = |name: &str, text: &str| {
            let text = text.trim();
            if AMOUNTS.contains(&name) { text.replace(',', ".") } else { text.to_owned() }
        };
        let field = |name: &str| Some((name.to_owned(), plain(name, get(name)?).into()));
        let line = |n: usize| {
            OF_LINE.map(|name| plain(name, get(&format!("{name}{n}")).unwrap_or_default()))
        };
        Self {
            fields: names.filter_map(field).collect(),
            lines: (0..LINES).map(line).collect(),
            // A text that is no JSON of terms stays as it is, so that the version is refused.
            kept: get(KEPT).map_or_else(Map::new, |kept| {
                let no_terms = |_| Map::from_iter([(KEPT.to_owned(), kept.into())]);
                serde_json::from_str(kept).unwrap_or_else(no_terms)
            }),
        }
    }

    /// The one that a version would be entered as, from a day on.
    fn after(version: &Version, from: NaiveDate) -> Self {
        let terms = &version.terms;
        let fields = json!({
            "name": version.name,
            "validFrom": from,
            "fixedPerMonth": terms.fixed_per_month,
            "demandPerKw": terms.demand_per_kw,
            "demandMinutes": terms.demand_interval.minutes().to_string(),
            "taxPercent": terms.tax_percent,
            "endPrevious": "on",
        });
        let mut kept = json!(terms).as_object().cloned().unwrap_or_default();
        kept.retain(|name, _| !OF_TERMS.contains(&name.as_str()));
        let mut lines = vec![<[String; 5]>::default(); LINES];
        let priced = kept.get_mut(ENERGY).and_then(Value::as_array_mut);
        let priced = priced.into_iter().flatten().filter_map(Value::as_object_mut);
        for (line, of_version) in lines.iter_mut().zip(priced) {
            *line = OF_LINE.map(|name| match of_version.remove(name) {
                Some(Value::String(text)) if text != EVERY_DAY => text,
                Some(Value::Array(days)) => {
                    days.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
                }
                _ => String::new(),
            });
        }
        Self { fields: fields.as_object().cloned().unwrap_or_default(), lines, kept }
    }

    /// The text of that field.
    pub fn kept(&self) -> String {
        Value::from(self.kept.clone()).to_string()
    }

    /// The same as terms, each price of energy whole.
    pub fn kept_terms(&self) -> Terms {
        let is_hidden =
            |n: &usize| *n >= LINES || self.kept_line(*n).is_some_and(|it| !it.is_empty());
        let energy = self.priced().filter(is_hidden).map(|n| self.line(n)).collect();
        let mut all = self.kept.clone();
        all.insert(ENERGY.to_owned(), energy);
        serde_json::from_value(Value::Object(all)).unwrap_or_default()
    }

    /// The places of its prices of energy: those that were typed, and those beyond the form's.
    fn priced(&self) -> impl Iterator<Item = usize> {
        let kept = self.kept.get(ENERGY).and_then(Value::as_array).map_or(0, Vec::len);
        let is_typed = |n: &usize| self.lines.get(*n).is_some_and(|line| !line[1].is_empty());
        (0..LINES).filter(is_typed).chain(LINES..kept)
    }

    fn kept_line(&self, n: usize) -> Option<&Map<String, Value>> {
        self.kept.get(ENERGY)?.get(n)?.as_object()
    }

    /// A price of energy: what was typed, over what is kept.
    fn line(&self, n: usize) -> Value {
        let typed = self.lines.get(n).into_iter().flat_map(|typed| OF_LINE.iter().zip(typed));
        let typed = typed.filter(|(_, text)| !text.is_empty());
        let typed = typed.map(|(name, text)| ((*name).to_owned(), text.clone().into()));
        let kept = self.kept_line(n).cloned().unwrap_or_default();
        Value::Object(kept.into_iter().chain(typed).collect())
    }

    /// What it says of a field.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The version, for the site; what was left empty is left out.
    ///
    /// # Errors
    /// A field is missing or wrong.
    pub fn version(&self, site: &str) -> Result<NewTariff, Error> {
        let given = self.fields.iter().filter(|(_, value)| value.as_str() != Some(""));
        let given = given.map(|(name, value)| (name.clone(), value.clone()));
        let mut body: Map<String, Value> = self.kept.clone().into_iter().chain(given).collect();
        if let Ok(minutes) = self.text(DEMAND_MINUTES).parse::<u16>() {
            body.insert(DEMAND_MINUTES.to_owned(), minutes.into());
        }
        body.insert("site".to_owned(), site.into());
        body.insert("endPrevious".to_owned(), (!self.text("endPrevious").is_empty()).into());
        body.insert(ENERGY.to_owned(), self.priced().map(|n| self.line(n)).collect());
        crate::body::read(&Value::Object(body))
    }
}

/// Tariffs.
pub async fn tariffs(core: &Core, who: &Principal, query: &Query) -> Result<TariffsPage, Error> {
    let about = About::load(core, who, query).await?;
    let versions = tariffs::list(core, who, Some(&SiteSlug::from(&about.site))).await?;
    let today = about.site.date_at(clock::now(core, &about.site));
    let typed = Draft::read(|name| query.get(name));
    let after = query.number("after").map(TariffId);
    let after = versions.iter().find(|version| Some(version.id) == after);
    let draft = match after {
        Some(version) if typed.fields.is_empty() => Draft::after(version, today),
        _ => typed,
    };
    let preview = if query.get(PREVIEW).is_some() {
        let asked = match draft.version(&about.site.slug) {
            Ok(new) => tariffs::preview(core, who, new).await,
            Err(error) => Err(error),
        };
        Some(previewed(asked)?)
    } else {
        None
    };
    Ok(TariffsPage { about, today, versions, draft, preview })
}

/// The page of factors.
#[derive(Debug, Clone)]
pub struct FactorsPage {
    pub about: About,
    /// The site's date.
    pub today: NaiveDate,
    /// The versions, the built-in ones first.
    pub factors: Vec<FactorView>,
    /// The meters that a factor can be for: id, number and name.
    pub meters: Vec<(MeterId, String)>,
}

/// Emission factors and specific fuel consumption.
pub async fn factors(core: &Core, who: &Principal, query: &Query) -> Result<FactorsPage, Error> {
    let about = About::load(core, who, query).await?;
    let factors = factors::list(core, who, Some(&SiteSlug::from(&about.site))).await?;
    let meters = storage::meters::list(core.pool(), about.site.id, true).await?;
    let meters = meters
        .into_iter()
        .filter(|meter| meter.meter_type.source_kind() != domain::meters::SourceKind::Load)
        .map(|meter| (meter.id, format!("{}, {}", meter.number, meter.name)));
    let today = about.site.date_at(clock::now(core, &about.site));
    Ok(FactorsPage { today, factors, meters: meters.collect(), about })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_after_another_says_what_that_says_until_something_is_typed() {
        let line = |price: &str, more: Value| {
            let mut line = json!({"direction": "import", "price": price, "days": "all"});
            line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            line
        };
        let terms = json!({"fixedPerMonth": "310", "fixedPerDay": "1.5", "holidays": ["2026-12-25"],
            "demandPerKw": "240.5", "demandMinutes": 30, "taxPercent": "9", "taxOn": "balance",
            "netting": "month", "acrossVersions": "continue", "energy": [
                line("8.25", json!({"toKwh": 500.0})), line("9.1", json!({"fromKwh": 500.0})),
                line("5", json!({"days": "weekend", "fromMonth": 4, "toMonth": 9})),
                line("6", json!({"fromTime": "22:00", "toTime": "06:00"})),
                line("4", json!({"days": ["sunday"], "fromMonth": 1, "toMonth": 1})),
                {"direction": "export", "price": "3.5", "days": "all"}]});
        let terms: Terms = serde_json::from_value(terms).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let (id, site, currency) = (TariffId(7), "plant".to_owned(), "EUR".to_owned());
        let version = Version {
            id,
            name: "Grid".to_owned(),
            site_id: domain::SiteId(1),
            site,
            currency,
            valid_from: day,
            valid_to: None,
            is_default: true,
            terms: terms.clone(),
        };
        let shown = Draft::after(&version, day);
        let kept = shown.kept();
        let mut posted: Map<String, Value> = shown.fields.clone();
        posted.insert(KEPT.to_owned(), kept.into());
        for (n, line) in shown.lines.iter().enumerate() {
            let fields = OF_LINE.iter().zip(line);
            posted.extend(fields.map(|(name, text)| (format!("{name}{n}"), text.clone().into())));
        }
        let entered = |posted: &Map<String, Value>| {
            let draft = Draft::read(|name| posted.get(name).and_then(Value::as_str));
            let mut rest = draft.version("plant").unwrap().rest;
            rest.remove("validFrom");
            serde_json::from_value::<Terms>(rest.into()).unwrap()
        };
        assert_eq!(entered(&posted), terms);
        posted.insert("price1".to_owned(), "9,9".into());
        posted.insert("taxPercent".to_owned(), "".into());
        let mut dearer = terms;
        (dearer.energy[1].price, dearer.tax_percent) =
            ("9.9".parse().unwrap(), "0".parse().unwrap());
        assert_eq!(entered(&posted), dearer);
        posted.insert(KEPT.to_owned(), "{".into());
        let cut_short = Draft::read(|name| posted.get(name).and_then(Value::as_str));
        assert_eq!(
            serde_json::from_value::<Terms>(cut_short.version("plant").unwrap().rest.into()).ok(),
            None
        );
    }
}
