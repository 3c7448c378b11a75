//! The front of the house: which service a request is for, whether its API key opens that, what shall go wrong.

use std::error::Error;
use std::iter;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::http::request::Parts;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::body::{Body as _, Incoming};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;

use crate::breakage::Breakage;
use crate::fault::{Action, Faults};
use crate::reply::Refusal;
use crate::requests::{Requests, UnderWay};
use crate::world::World;
use crate::{admin, dashboard, origin, page, quantum, subscription, validation};

/// The largest request body: room for tens of thousands of keys.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// What every call can reach. A clone is the same.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) world: World,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
    pub(crate) api_key: Arc<str>,
    /// None: the dashboard takes the general key.
    pub(crate) dashboard_key: Option<Arc<str>>,
    pub(crate) locator_key: Arc<str>,
    pub(crate) print_mail: bool,
    pub(crate) port: u16,
    pub(crate) tls: bool,
    /// Each change ends the connections that are open.
    pub(crate) connections: watch::Sender<()>,
}

impl App {
    pub(crate) fn close_connections(&self) {
        self.connections.send_replace(());
    }
}

/// The address that a request came from.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The services that XQ is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Service {
    Subscription,
    Validation,
    Dashboard,
    Quantum,
}

impl Service {
    pub(crate) const ALL: [Service; 4] = [
        Service::Subscription,
        Service::Validation,
        Service::Dashboard,
        Service::Quantum,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::Subscription => "subscription",
            Service::Validation => "validation",
            Service::Dashboard => "dashboard",
            Service::Quantum => "quantum",
        }
    }

    /// Whether the request's API key opens this call of the service.
    fn opens(self, path: &str, query: Option<&str>, headers: &HeaderMap, app: &App) -> bool {
        let given = headers.get("api-key").map(HeaderValue::as_bytes);
        let key = match self {
            // C announces its devices with the one key it has.
            Service::Dashboard if path == "/trusted/announce" && given == Some(app.api_key.as_bytes()) => &app.api_key,
            // JavaScript asks about a key in the query.
            Service::Subscription if path == "/apikey" && !asks_about(&app.api_key, query) => return false,
            Service::Subscription | Service::Validation => &app.api_key,
            Service::Dashboard => app.dashboard_key.as_ref().unwrap_or(&app.api_key),
            // It asks for none, and takes no wrong one.
            Service::Quantum if given.is_none() => return true,
            Service::Quantum => &app.api_key,
        };
        given == Some(key.as_bytes())
    }
}

/// Whether no other API key than this one is in the query.
fn asks_about(key: &str, query: Option<&str>) -> bool {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).all(|(name, value)| name != "api-key" || value == key)
}

/// All calls of all services, and the admin address.
pub(crate) fn routes(app: App) -> Router {
    Router::new()
        .nest("/subscription/v2", subscription::routes())
        .nest("/validation/v2", validation::routes())
        .nest("/dashboard/v2", dashboard::routes())
        .nest("/quantum/v2", quantum::routes())
        .nest("/admin", admin::routes())
        .route("/", get(page::page))
        .fallback(no_such_call)
        .method_not_allowed_fallback(wrong_method)
        // The limit is kept where bodies are read, below.
        .layer(DefaultBodyLimit::disable())
        .with_state(app)
}

async fn no_such_call(method: Method, uri: Uri) -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        format!("There is no call {method} {}", uri.path()),
    )
}

async fn wrong_method(method: Method, uri: Uri) -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("{} does not take {method}", uri.path()),
    )
}

/// Answers one request; the error is what to do to the connection instead.
pub(crate) async fn answer(
    app: App,
    routes: Router,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Response, Breakage> {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(peer);
    if parts.uri.path() == "/" || is_below(parts.uri.path(), "/admin") {
        return Ok(administer(&app, routes, parts, body).await);
    }
    match destination(&parts) {
        Some((service, path)) => {
            let seen = app
                .requests
                .note(service.name(), parts.method.as_str(), &path, parts.uri.query());
            let reply = serve(&app, routes, service, &path, parts, body, &seen).await;
            reply
                .map(origin::opened)
                .inspect(|reply| seen.answered(reply.status().as_u16()))
        }
        None => Ok(no_such_service(parts, body).await.into_response()),
    }
}

async fn administer(app: &App, routes: Router, parts: Parts, body: Incoming) -> Response {
    let body = whole(body).await;
    match origin::check_own(&parts.headers, app).and(body) {
        Ok(body) => pass(routes, parts, body).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn no_such_service(parts: Parts, body: Incoming) -> Refusal {
    let why = format!(
        "There is no XQ service at {}: see /subscription/v2 and its like",
        parts.uri.path()
    );
    match whole(body).await {
        Ok(_) => Refusal::new(StatusCode::NOT_FOUND, why),
        Err(refusal) => refusal,
    }
}

/// A service's reply to one request, or what a fault makes of it.
async fn serve(
    app: &App,
    routes: Router,
    service: Service,
    path: &str,
    mut parts: Parts,
    body: Incoming,
    seen: &UnderWay,
) -> Result<Response, Breakage> {
    let body = match whole(body).await {
        Ok(body) => body,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    // No fault meets it: one that happens once would be used up before the call itself.
    if origin::is_preflight(&parts.method, &parts.headers) {
        return Ok(origin::preflight(&parts.headers));
    }
    parts.uri = canonical(service, path, parts.uri.query());
    let opens = service.opens(path, parts.uri.query(), &parts.headers, app);
    let reply = async move {
        match opens {
            false => Refusal::unauthorized("Failed to locate API key").into_response(),
            // The routes would take it for GET, and a PIN or a key be used up with nobody to see the reply.
            true if parts.method == Method::HEAD => wrong_method(parts.method, parts.uri).await.into_response(),
            true => pass(routes, parts, body).await,
        }
    };
    let call = format!("{}{path}", service.name());
    match app.faults.strike(call.trim_end_matches('/')) {
        None => Ok(reply.await),
        Some(action) => {
            seen.struck_by(&action);
            struck(action, reply).await
        }
    }
}

/// The whole body, before anything else: a connection closed over unread bytes is reset, which is another fault.
async fn whole(body: Incoming) -> Result<Bytes, Refusal> {
    let too_large = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The body has more than 64 MiB");
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(too_large());
    }
    axum::body::to_bytes(Body::new(body), BODY_LIMIT)
        .await
        .map_err(|error| match is_broken(&error) {
            true => Refusal::bad("The body did not arrive whole"),
            false => too_large(),
        })
}

/// Whether the connection is why a body was not read, rather than its size.
fn is_broken(error: &axum::Error) -> bool {
    let mut causes = iter::successors(error.source(), |error| (*error).source());
    causes.any(|cause| cause.is::<hyper::Error>())
}

async fn pass(routes: Router, parts: Parts, body: Bytes) -> Response {
    let request = Request::from_parts(parts, Body::from(body));
    TowerToHyperService::new(routes)
        .call(request)
        .await
        .unwrap_or_else(|never| match never {})
}

/// The reply, as the fault makes it.
async fn struck(action: Action, reply: impl Future<Output = Response>) -> Result<Response, Breakage> {
    match action {
        Action::Delay(milliseconds) => {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            Ok(reply.await)
        }
        Action::Reply { status, body, headers } => {
            let mut response = Response::new(Body::from(body.unwrap_or_default()));
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
            response
                .headers_mut()
                .extend(headers.iter().filter_map(|(name, value)| {
                    Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
                }));
            Ok(response)
        }
        Action::Redirect(to) => Ok((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response()),
        Action::Nonsense => Ok(b"\xff\x00 {\"nonsense\": [\r\n".into_response()),
        Action::Close => Err(Breakage::raw(Vec::new())),
        Action::Raw(bytes) => Err(Breakage::raw(bytes.into_bytes())),
        Action::Stall => Err(Breakage::stall()),
        Action::Cut => Err(half(reply.await, false).await),
        Action::StallBody => Err(half(reply.await, true).await),
        Action::Drip => Err(Breakage::endless_body(true)),
        Action::EndlessBody => Err(Breakage::endless_body(false)),
        Action::EndlessHead => Err(Breakage::endless_head()),
    }
}

async fn half(reply: Response, stalls: bool) -> Breakage {
    let (parts, body) = reply.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    Breakage::half(&Response::from_parts(parts, ()), &body, stalls)
}

/// The service and the path below its base: from `/{service}/v2/…` on any host, or `/v2/…` on `{service}.localhost`.
fn destination(parts: &Parts) -> Option<(Service, String)> {
    let path = parts.uri.path();
    for service in Service::ALL {
        let base = format!("/{}/v2", service.name());
        if is_below(path, &base) {
            return Some((service, path[base.len()..].to_owned()));
        }
    }
    let host = parts
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or(parts.uri.host())?;
    let (first, _) = host.split_once('.')?;
    let service = Service::ALL
        .into_iter()
        .find(|service| service.name().eq_ignore_ascii_case(first))?;
    is_below(path, "/v2").then(|| (service, path["/v2".len()..].to_owned()))
}

fn is_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path form of an address, which the routes are written in.
fn canonical(service: Service, path: &str, query: Option<&str>) -> Uri {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    // The base itself is a call of the quantum service, with the slash or without.
    let path = if path == "/" { "" } else { path };
    let whole = format!("/{}/v2{path}{query}", service.name());
    // Its parts were a valid address a moment ago.
    PathAndQuery::try_from(whole).map(Uri::from).unwrap_or_default()
}
