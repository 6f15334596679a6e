//! The pages of tariffs and factors.

use chrono::NaiveDate;
use domain::bills::tariff::TariffId;
use domain::{MeterId, SiteSlug};
use serde_json::{Map, Value, json};

use crate::bills::tariffs::{self, NewTariff, TariffPreview, TariffView};
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
    pub versions: Vec<TariffView>,
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
}

/// The names of the fields of a price of energy, each with its number behind it.
const OF_LINE: [&str; 5] = ["direction", "price", "days", "fromTime", "toTime"];
/// A number of minutes.
const DEMAND_MINUTES: &str = "demandMinutes";
/// Amounts, which may have a comma before their cents.
const AMOUNTS: [&str; 4] = ["price", "fixedPerMonth", "demandPerKw", "taxPercent"];

impl Draft {
    /// What parameters or the fields of a form say, by their names.
    pub fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Self {
        let names = [
            "name",
            "validFrom",
            "fixedPerMonth",
            "demandPerKw",
            DEMAND_MINUTES,
            "taxPercent",
            "endPrevious",
        ];
        let plain = |name: &str, text: &str| {
            let text = text.trim();
            if AMOUNTS.contains(&name) { text.replace(',', ".") } else { text.to_owned() }
        };
        let field = |name: &&str| Some(((*name).to_owned(), plain(name, get(name)?).into()));
        let line = |n: usize| {
            OF_LINE.map(|name| plain(name, get(&format!("{name}{n}")).unwrap_or_default()))
        };
        Self {
            fields: names.iter().filter_map(field).collect(),
            lines: (0..LINES).map(line).collect(),
        }
    }

    /// The one that a version would be entered as, from a day on.
    fn after(version: &TariffView, from: NaiveDate) -> Self {
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
        let lines = terms.energy.iter().map(|line| {
            let line = serde_json::to_value(line).unwrap_or_default();
            OF_LINE.map(|name| match line.get(name) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Array(days)) => {
                    days.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
                }
                _ => String::new(),
            })
        });
        let lines = lines.chain(std::iter::repeat_with(<[String; 5]>::default)).take(LINES);
        Self { fields: fields.as_object().cloned().unwrap_or_default(), lines: lines.collect() }
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
        let mut body: Map<String, Value> =
            given.map(|(name, value)| (name.clone(), value.clone())).collect();
        if let Ok(minutes) = self.text(DEMAND_MINUTES).parse::<u16>() {
            body.insert(DEMAND_MINUTES.to_owned(), minutes.into());
        }
        body.insert("site".to_owned(), site.into());
        body.insert("endPrevious".to_owned(), (!self.text("endPrevious").is_empty()).into());
        let lines = self.lines.iter().filter(|line| !line[1].is_empty()).map(|line| {
            let given = OF_LINE.iter().zip(line).filter(|(_, text)| !text.is_empty());
            given.map(|(name, text)| ((*name).to_owned(), text.clone().into())).collect()
        });
        body.insert("energy".to_owned(), lines.map(Value::Object).collect());
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
