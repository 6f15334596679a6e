//! The routes of sites.

use domain::overview::portfolio::SiteState;
use service::sites::{NewSite, SitePreview, SiteView};

use super::{ADMINISTER, SEE, SIGNED_IN};
use crate::api::{forms, sites};
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
        post("/api/forms/{name}", SIGNED_IN, "Do what the form of a page says, for a browser that runs nothing, and lead on", forms::send)
            .asks::<forms::NextQuery>().takes_form::<forms::Fields>().leads_on(),
    ]
}
