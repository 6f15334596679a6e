//! The page of all sites.

use domain::losses::view::Loss;
use domain::overview::portfolio::{Compared, Key, MOST_COMPARED, Order, PortfolioPage};
use domain::view::PeriodContext;
use domain::window::Window;
use domain::{MeterId, SiteSlug};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::carbon::{Directions, Input};
use crate::losses::page::Losses;
use crate::overview::portfolio;
use crate::pages::{Query, at_site, shown};
use crate::{Action, Error, Principal, Service, sites};

/// Sites and buildings that are looked at at once.
const AT_ONCE: usize = 2;

/// Every site as it is now, and those that the address sets side by side over the period.
pub async fn portfolio(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<PortfolioPage, Error> {
    let mut rows = portfolio::rows(service, service.live(), service.alarms(), who)?;
    let order = Order::parse(query.get("sort"), query.get("order"));
    order.sort(&mut rows);
    let mut chosen: Vec<(String, Key)> = Vec::new();
    let texts = query.get("with").unwrap_or_default().split(',');
    for text in texts.filter(|text| !text.is_empty()).take(MOST_COMPARED) {
        let key = Key::parse(text);
        if chosen.iter().all(|(_, other)| *other != key) {
            chosen.push((text.to_owned(), key));
        }
    }
    let found = |(text, key): (String, Key)| async move {
        Ok::<_, Error>((text, side(service, who, query, &key).await?))
    };
    let sides = stream::iter(chosen).map(found).buffered(AT_ONCE);
    let (mut compared, mut gone) = (Vec::new(), Vec::new());
    for (text, side) in sides.try_collect::<Vec<_>>().await? {
        match side {
            Some(side) => compared.push(side),
            None => gone.push(text),
        }
    }
    Ok(PortfolioPage {
        shown: shown(service, who, Action::See, query).await?,
        sites: rows,
        order,
        compared,
        gone,
        may_add: may_add_sites(who),
    })
}

/// Whether somebody may add sites.
pub fn may_add_sites(who: &Principal) -> bool {
    who.require(Action::Administer).is_ok()
}

/// One of those that are compared; none where it is not there.
async fn side(
    service: &Service,
    who: &Principal,
    query: &Query,
    key: &Key,
) -> Result<Option<Compared>, Error> {
    let known = service.registry().known();
    let site = match key {
        Key::Site(slug) => known.sites.values().find(|site| site.slug == *slug),
        Key::Building(meter) => known.site_of(*meter),
    };
    let Some(site) = site else { return Ok(None) };
    if !who.may(Action::See, site.id) {
        return Ok(None);
    }
    let slug = SiteSlug::from(&**site);
    let site = sites::resolve(service, who, Action::See, Some(&slug)).await?;
    let shown = at_site(service, site, query)?;
    let before = async {
        if shown.period.compares() {
            over(service, key, &shown, shown.before).await
        } else {
            Ok(None)
        }
    };
    let (side, before) = tokio::try_join!(over(service, key, &shown, shown.window), before)?;
    Ok(side.map(|side| Compared { before: before.map(Box::new), ..side }))
}

/// A site or building over a window; none where it was not there.
async fn over(
    service: &Service,
    key: &Key,
    shown: &PeriodContext,
    window: Window,
) -> Result<Option<Compared>, Error> {
    let losses = Losses::load(service, shown, window).await?;
    Ok(match key {
        Key::Site(_) => {
            let directions = Directions::load(service, &shown.site).await?;
            Some(of_site(key, shown.clone(), &losses, &directions))
        }
        Key::Building(meter) => of_building(key, *meter, shown.clone(), &losses),
    })
}

fn of_site(key: &Key, shown: PeriodContext, losses: &Losses, directions: &Directions) -> Compared {
    let boundary = losses.figures.boundary();
    let is_known = boundary.loss.is_some() && !losses.figures.all().is_empty();
    let kwh = Input::of(&losses.figures, directions).kwh.filter(|_| is_known);
    let whole = losses.whole();
    Compared {
        key: key.clone(),
        name: shown.site.name.clone(),
        site: None,
        shown,
        energy: kwh.map(|kwh| (kwh, whole.coverage)),
        loss: (!losses.views.is_empty()).then_some(whole),
        before: None,
    }
}

fn of_building(key: &Key, id: MeterId, shown: PeriodContext, losses: &Losses) -> Option<Compared> {
    let view = losses.views.iter().find(|view| view.parent_id == id);
    let loss: Option<Loss> = view.and_then(|view| losses.loss(view));
    let known = losses.figures.known(id);
    Some(Compared {
        key: key.clone(),
        name: losses.name(id)?,
        site: Some(shown.site.name.clone()),
        shown,
        energy: known.map(|known| (known.energy.import.0, known.energy.coverage)),
        loss,
        before: None,
    })
}
