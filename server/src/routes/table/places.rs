//! The routes of sites.

use domain::overview::portfolio::SiteState;
use service::sites::{NewSite, SitePreview, SiteView};

use super::{ADMINISTER, SEE, SIGNED_IN};
use crate::acts;
use crate::api::sites;
use crate::routes::{Route, get, patch, post};

/// Sites, and the forms that add them.
#[rustfmt::skip]
pub(super) fn places() -> Vec<Route> {
    vec![
        get("/api/sites", SIGNED_IN, "All sites", sites::list)
            .asks::<sites::ListQuery>().answers_many::<SiteView>(),
        post("/api/sites", ADMINISTER, "Create a site", sites::create)
            .takes::<NewSite>().creates::<SiteView>(),
        get("/api/portfolio", SEE, "How each site is doing now, with the buildings on it", sites::portfolio)
            .asks::<sites::ListQuery>().answers_many::<SiteState>(),
        get("/api/sites/{slug}", SIGNED_IN, "One site", sites::get)
            .answers::<SiteView>(),
        patch("/api/sites/{slug}", ADMINISTER, "Change a site; with expected, only what nobody else changed", sites::update)
            .changes_seen::<NewSite, SiteView>().answers::<SiteView>(),
        post("/api/sites/{slug}/preview", ADMINISTER, "What a change of a site would make anew and take away", sites::preview)
            .changes_seen::<NewSite, SiteView>().answers::<SitePreview>(),
        post("/act/{name}", SIGNED_IN, "Do what the form of a page says; a browser is led to the page that shows what was done", acts::send)
            .asks::<acts::NextQuery>().takes_form::<acts::Fields>().answers::<acts::Done>().leads_on(),
    ]
}
