//! The calls that each service has.

const CALLS: [&[&str]; 4] = [
    &[
        "GET apikey",
        "POST authorize",
        "POST authorizealias",
        "GET codevalidation",
        "GET exchange",
        "GET time",
        "POST authorize/trusted/",
        "POST authorize/certificate/",
        "POST packet",
        "POST packet/add",
        "POST packet/batch",
        "DELETE authorization",
        "GET subscriber",
        "DELETE subscriber",
        "GET settings",
        "PATCH settings",
        "GET delegate",
        "POST combined",
    ],
    &[
        "POST packet",
        "POST keys",
        "GET key/",
        "DELETE key/",
        "GET expiration/",
        "POST grant/",
        "PATCH revoke/",
    ],
    &[
        "POST trusted/announce",
        "POST signup",
        "POST login/link",
        "POST login",
        "GET login/verify",
        "GET session",
        "POST usergroup",
        "GET usergroup",
        "GET usergroup/",
        "PATCH usergroup/",
        "DELETE usergroup/",
        "POST contact",
        "GET contact/all",
        "DELETE contact/",
        "GET communication/",
        "PATCH communication/labels",
        "GET businesses",
        "GET business",
        "GET business/auth",
        "POST certificate",
    ],
    &["GET "],
];

/// The call that this is, and the value in its path or query; `None` where this service has no such call.
pub(super) fn target(index: usize, method: &str, path: &str, query: Option<&str>) -> Option<(String, Option<String>)> {
    let (start, in_path) = of_path(path);
    let in_query = query.map(|query| of_query(start, query)).unwrap_or(Some(None))?;
    let value = in_path.or(in_query).map(str::to_owned);
    let call = format!("{method} {start}");
    CALLS.get(index)?.contains(&call.as_str()).then_some((call, value))
}

/// The path without its value, and that.
fn of_path(path: &str) -> (&str, Option<&str>) {
    const WITH_VALUE: [&str; 6] = [
        "authorize/trusted/",
        "key/",
        "expiration/",
        "grant/",
        "revoke/",
        "communication/",
    ];
    const WITH_ID: [&str; 3] = ["authorize/certificate/", "usergroup/", "contact/"];
    let is_id = |text: &str| text.parse::<i64>().is_ok_and(|id| id >= 0);
    let below = |start: &&'static str| Some((*start, path.strip_prefix(*start)?));
    let labels = path
        .strip_prefix("communication/")
        .and_then(|rest| rest.strip_suffix("/labels"));
    let auth = path
        .strip_prefix("business/")
        .and_then(|rest| rest.strip_suffix("/auth"));
    if let Some(locator) = labels {
        return ("communication/labels", Some(locator));
    }
    if let Some(id) = auth.filter(|id| is_id(id)) {
        return ("business/auth", Some(id));
    }
    let with_id = WITH_ID.iter().find_map(below).filter(|(_, id)| is_id(id));
    let found = with_id.or_else(|| WITH_VALUE.iter().find_map(below));
    found.map_or((path, None), |(start, value)| (start, Some(value)))
}

/// The value in the query of this call, where it has one; `None` where it has no such query.
fn of_query<'a>(start: &str, query: &'a str) -> Option<Option<&'a str>> {
    match start {
        "codevalidation" => Some(Some(query.strip_prefix("pin=")?)),
        "exchange" if query == "request=dashboard" => Some(None),
        "exchange" => {
            let rest = query.strip_prefix("selector=")?;
            let rest = rest.strip_prefix("True").or(rest.strip_prefix("False"))?;
            after(rest, "&b=")
        }
        "login/verify" if query == "request=default" => Some(None),
        "login/verify" => after(query.strip_prefix("request=sub")?, "&bid="),
        "contact/" => (query == "delete=true").then_some(None),
        "contact/all" => contacts(query),
        "" => Some(Some(query.strip_prefix("ks=")?)),
        _ => None,
    }
}

/// Nothing, or what follows `start`.
fn after<'a>(rest: &'a str, start: &str) -> Option<Option<&'a str>> {
    match rest {
        "" => Some(None),
        rest => Some(Some(rest.strip_prefix(start)?)),
    }
}

/// The filter among what contacts may be asked for by, each once and in this order.
fn contacts(query: &str) -> Option<Option<&str>> {
    let (mut names, mut filter) = (["role", "filter", "limit", "page"].iter(), None);
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=')?;
        names.find(|known| **known == name)?;
        match name {
            "filter" => filter = Some(value),
            _ => drop(value.parse::<u64>().ok()?),
        }
    }
    Some(filter)
}
