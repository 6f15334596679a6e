//! What the forms of devices do.

use domain::SiteSlug;
use domain::devices::settings::SETTINGS;
use domain::devices::view::NewDevicePage;
use service::devices::page::probe as asked;
use service::devices::{self, DeviceForm};
use service::{Error, Principal, Service, pages};

use super::new::{announced, scan};
use super::probe;
use texts::words::devices::done as words;
use texts::words::energy::UNDO;
use ui::drawing::act::{Answer, Fields, no_act, notice_with_link, notice_with_undo};
use ui::drawing::at;

pub(crate) async fn act(service: &Service, who: &Principal, name: &str, fields: &Fields) -> Answer {
    match name {
        "device-save" => save(service, who, fields).await,
        "device-read" => {
            let probed = asked::stored(service, who, &fields.meter()?).await?;
            Ok(probe::draw(&probed).into_string())
        }
        "device-scan" => {
            let page = typed(service, who, fields).await?;
            let from = fields.text("from").ok().and_then(|from| from.parse().ok());
            let found = asked::scan(service, who, &page, from).await?;
            Ok(scan::answer(&page, &found).into_string())
        }
        "device-announced" => {
            let page = typed(service, who, fields).await?;
            let heard = asked::announced(service, who, &page).await?;
            Ok(announced::answer(&page, &heard).into_string())
        }
        "device-switch" => switch(service, who, fields).await,
        "device-remove" => {
            devices::remove(service, who, &fields.meter()?).await?;
            Ok(notice_with_link(words::REMOVED.get(), "/devices"))
        }
        "devices-apply" => {
            let report = devices::apply(service, who, fields.id("table")?).await?;
            Ok(notice_with_link(&words::applied(report.created, report.changed), "/devices"))
        }
        other => Err(no_act(other)),
    }
}

async fn typed(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<NewDevicePage, Error> {
    let all = fields.0.iter();
    let query = all.fold(pages::Query::default(), |query, (name, text)| query.with(name, text));
    devices::page::new(service, who, &query).await
}

async fn switch(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let (meter, on) = (fields.meter()?, fields.text("on")? == "true");
    devices::switch(service, who, &meter, on).await?;
    let back = vec![("meter", meter.to_string()), ("on", (!on).to_string())];
    let text = if on { words::ON } else { words::OFF };
    Ok(notice_with_undo(text.get(), UNDO.get(), Some(("device-switch", back))))
}

async fn save(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let given = |name: String| Some((name.clone(), fields.text(&name).ok()?.to_owned()));
    let secret = |name: &str| Some((name.to_owned(), fields.secret(name)?.to_owned()));
    let secrets = SETTINGS.iter().filter(|setting| setting.is_secret());
    let form = DeviceForm {
        texts: devices::fields().filter_map(given).collect(),
        secrets: secrets.filter_map(|setting| secret(setting.name)).collect(),
        change: fields.text("meter").is_ok(),
    };
    let site = fields.site().ok();
    let saved = devices::add(service, who, site.as_ref(), &form).await?;
    let site = site.as_ref().map(SiteSlug::as_str);
    let query = pages::Query::default().with("site", site.unwrap_or_default());
    if pages::start::start_progress(service, who, &query)?.is_some() {
        let start = at(site, "/start", &[]);
        return Ok(notice_with_link(&texts::words::start::saved(&saved.meter_number), &start));
    }
    Ok(notice_with_link(&words::saved(&saved.meter_number), &format!("/devices/{}", saved.id)))
}
