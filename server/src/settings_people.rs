//! The forms of the page `/settings/people`.

use app::invitation::{Handover, handover};
use app::language::{Language, Text, of_request, written_in};
use app::words::{invitation as mailed, people as words};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::post;
use domain::SiteSlug;
use domain::people::refusal::AccountRefusal;
use domain::people::{Person, PersonMeter, Role, UserId};
use notify::Failure;
use serde_json::json;
use service::people::accounts::{self, NewRole, NewUser, UserChanges};
use service::people::own_meters::NewOwnMeter;
use service::{Error, Principal, Service, named};

use crate::error::ApiError;
use crate::extract::Id;
use crate::flash::Posted;
use crate::invitation::PublicUrl;
use crate::sign_in::{SignInPages, document};

const PAGE: &str = "/settings/people";

/// The addresses to which the forms are posted.
pub(crate) fn router(pages: SignInPages) -> Router {
    Router::new()
        .route("/settings/people/{act}", post(act))
        .method_not_allowed_fallback(async || ApiError::no_such_path())
        .with_state(pages)
}

/// The outcome of a form: a notice, or a link that is shown once.
enum Done {
    Notice(Text),
    Link { person: Person, token: String },
}

async fn act(
    State(pages): State<SignInPages>,
    Id(act): Id,
    posted: Posted,
) -> Result<Response, ApiError> {
    let done = match act.as_str() {
        "create" => create(&pages.service, &posted).await,
        _ => change(&pages.service, &act, &posted).await,
    };
    let page = match named::<UserId>(posted.text("user")) {
        Ok(user) if act != "erase" || done.is_err() => format!("{PAGE}?user={user}"),
        _ => PAGE.to_owned(),
    };
    let done = match done {
        Ok(Done::Link { person, token }) => {
            let link = link(&posted, &token);
            let language = of_request(&posted.parts.headers, posted.who.language());
            match mail(&pages, &person, &link, language).await {
                Some(Ok(())) => Ok(words::LINK_SENT),
                sent => {
                    let (name, is_unsent) = (person.name, sent.is_some());
                    let drawn = Handover { name, link, is_unsent, next: page };
                    return Ok(document(&pages, posted.parts, |style| handover(&drawn, style)));
                }
            }
        }
        Ok(Done::Notice(text)) => Ok(text),
        Err(error) => Err(error),
    };
    Ok(posted.answer(pages.service.vault(), &page, done))
}

/// The link as it is handed over: with the address of this request where no other is known.
fn link(posted: &Posted, token: &str) -> String {
    let public = posted.parts.extensions.get::<PublicUrl>().cloned();
    let link = public.unwrap_or(PublicUrl(None)).link(token);
    if !link.starts_with('/') {
        return link;
    }
    let scheme = if posted.origin.is_secure { "https" } else { "http" };
    let host = |headers: &HeaderMap| headers.get(header::HOST)?.to_str().ok().map(str::to_owned);
    host(&posted.parts.headers).map_or(link.clone(), |host| format!("{scheme}://{host}{link}"))
}

/// Sends a link by mail; none where there is no mail server, or no address.
async fn mail(
    pages: &SignInPages,
    person: &Person,
    link: &str,
    language: Language,
) -> Option<Result<(), Failure>> {
    let address = person.email.as_deref().filter(|_| pages.notifier.has_mail())?;
    let write = || (mailed::SUBJECT.into(), mailed::text(&person.display_name, link));
    let sent = pages.notifier.text(address, written_in(language, write)).await;
    if let Err(why) = &sent {
        tracing::warn!(%why, "a link was not sent by mail");
    }
    Some(sent)
}

async fn create(service: &Service, posted: &Posted) -> Result<Done, Error> {
    let new = NewUser {
        name: posted.text("name").to_owned(),
        display_name: posted.filled("displayName").map(str::to_owned),
        email: posted.filled("email").map(str::to_owned),
        password: None,
        roles: vec![role(posted)?],
        meters: Vec::new(),
    };
    let (person, token) = accounts::create_here(service, &posted.who, new).await?;
    Ok(token.map_or(Done::Notice(words::SAVED), |token| Done::Link { person, token }))
}

/// Does something with the user whom the form names.
async fn change(service: &Service, act: &str, posted: &Posted) -> Result<Done, Error> {
    let (who, user) = (&posted.who, named::<UserId>(posted.text("user"))?);
    let (changes, notice) = match act {
        "profile" => {
            let (name, email) = (posted.text("displayName"), posted.text("email"));
            let (display_name, email) = (Some(name.to_owned()), Some(email.to_owned()));
            (UserChanges { display_name, email, ..UserChanges::default() }, words::SAVED)
        }
        "give" | "take" => {
            let roles = Some(roles(service, who, user, (act == "give", role(posted)?)).await?);
            (UserChanges { roles, ..UserChanges::default() }, words::ROLES_CHANGED)
        }
        "give-meter" | "take-meter" => {
            let meters = meters(service, posted, user, act == "give-meter").await?;
            (UserChanges { meters: Some(meters), ..UserChanges::default() }, words::METERS_CHANGED)
        }
        "disable" | "enable" => {
            let is_disabled = Some(act == "disable");
            let notice = if act == "disable" { words::IS_DISABLED } else { words::IS_ENABLED };
            (UserChanges { is_disabled, ..UserChanges::default() }, notice)
        }
        "link" => {
            let token = accounts::invite(service, who, user).await?;
            let person = accounts::get(service, who, user).await?;
            return Ok(Done::Link { person, token });
        }
        "sessions" => {
            accounts::end_sessions(service, who, user).await?;
            return Ok(Done::Notice(words::SESSIONS_ENDED));
        }
        "erase" => {
            accounts::erase(service, who, user).await?;
            return Ok(Done::Notice(words::ERASED));
        }
        other => return Err(app::no_act(other)),
    };
    match accounts::update(service, who, user, changes).await {
        Ok(_) => Ok(Done::Notice(notice)),
        // The form has one of the meters.
        Err(Error::Invalid { code, field: Some(field), message }) => {
            let field = field.rsplit('.').next().map(str::to_owned);
            Err(Error::Invalid { code, field, message })
        }
        Err(error) => Err(error),
    }
}

/// The role that a form names, on the site that it names or on all.
fn role(posted: &Posted) -> Result<NewRole, Error> {
    let text = posted.text("role");
    let refused = || AccountRefusal::NotRole { text: text.to_owned() };
    let role = Role::of(text).ok_or_else(|| Error::invalid("role", refused()))?;
    Ok(NewRole { site: posted.filled("site").map(SiteSlug::from), role })
}

/// The roles of a user with one more or one less.
async fn roles(
    service: &Service,
    who: &Principal,
    user: UserId,
    (is_given, role): (bool, NewRole),
) -> Result<Vec<NewRole>, Error> {
    let person = accounts::get(service, who, user).await?;
    let kept = person
        .roles
        .into_iter()
        .map(|it| NewRole { site: it.site.as_deref().map(SiteSlug::from), role: it.role });
    let mut roles: Vec<NewRole> = kept.filter(|it| *it != role).collect();
    if is_given {
        roles.push(role);
    }
    Ok(roles)
}

/// The own meters of a user with the one that a form names, or without it.
async fn meters(
    service: &Service,
    posted: &Posted,
    user: UserId,
    is_given: bool,
) -> Result<Vec<NewOwnMeter>, Error> {
    let [meter_number, site] = ["meterNumber", "site"].map(|name| posted.text(name).trim());
    let person = accounts::get(service, &posted.who, user).await?;
    let others =
        person.meters.into_iter().filter(|it| it.meter_number != meter_number || it.site != site);
    let other = |it: PersonMeter| NewOwnMeter {
        meter_number: it.meter_number,
        site: Some(SiteSlug(it.site)),
        valid_from: it.valid_from,
        valid_to: it.valid_to,
    };
    let mut meters: Vec<NewOwnMeter> = others.map(other).collect();
    if is_given {
        let [from, to] = ["validFrom", "validTo"].map(|name| posted.filled(name));
        meters.push(service::body::read(&json!({
            "meterNumber": meter_number, "site": site, "validFrom": from, "validTo": to,
        }))?);
    }
    Ok(meters)
}
