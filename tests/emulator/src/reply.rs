//! The forms of a reply: text, JSON, nothing, or a refusal that says why.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// What a call answers.
pub(crate) type Reply = Result<Response, Refusal>;

/// A failure: its HTTP status, and the sentence that goes out as `{"status":"why"}`.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    why: String,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, why: impl Into<String>) -> Self {
        Refusal {
            status,
            why: why.into(),
        }
    }

    pub(crate) fn why(&self) -> &str {
        &self.why
    }

    /// The same refusal, of something inside a larger request.
    pub(crate) fn within(self, place: &str) -> Self {
        Refusal {
            why: format!("{place}: {}", self.why),
            ..self
        }
    }

    pub(crate) fn bad(why: impl Into<String>) -> Self {
        Refusal::new(StatusCode::BAD_REQUEST, why)
    }

    pub(crate) fn unauthorized(why: impl Into<String>) -> Self {
        Refusal::new(StatusCode::UNAUTHORIZED, why)
    }

    pub(crate) fn forbidden(why: impl Into<String>) -> Self {
        Refusal::new(StatusCode::FORBIDDEN, why)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = json(&serde_json::json!({ "status": self.why }));
        *response.status_mut() = self.status;
        response
    }
}

/// A text reply: bare, but a JSON string where a reader would take the bare text for one.
pub(crate) fn text(text: impl Into<String>) -> Response {
    let text = text.into();
    if text.trim_ascii_start().starts_with('"') {
        return json(&text);
    }
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// A JSON reply of a service. Java and JavaScript take one for JSON only where it has the word `status`: an object without
/// one says `OK`.
pub(crate) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_value(value) {
        Ok(mut value) => {
            if let Some(fields) = value.as_object_mut() {
                fields.entry("status").or_insert_with(|| "OK".into());
            }
            plain_json(&value)
        }
        Err(error) => unwritable(&error),
    }
}

/// A JSON reply as it is.
pub(crate) fn plain_json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => unwritable(&error),
    }
}

fn unwritable(error: &serde_json::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

/// Success with nothing to tell: 204.
pub(crate) fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// Reads a body that is a JSON object, whatever its content type; a refusal tells where it is wrong.
pub(crate) fn parse<'a, T: Deserialize<'a>>(body: &'a Bytes) -> Result<T, Refusal> {
    parse_any(body).map(|Object(value)| value)
}

/// The same for JSON of any kind.
pub(crate) fn parse_any<'a, T: Deserialize<'a>>(body: &'a Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::bad(format!("The body is not the JSON that this call takes: {error}")))
}

/// A struct from a JSON object alone: serde would take the members of an array for its fields.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }

        deserializer.deserialize_map(Fields(PhantomData)).map(Object)
    }
}

/// The query of a request, decoded.
pub(crate) struct Params(HashMap<String, String>);

impl Params {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Params(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

/// The variable part of a path, decoded.
pub(crate) struct Segment(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let segment = Path::from_request_parts(parts, state).await;
        segment
            .map(|Path(text)| Segment(text))
            .map_err(|rejection| Refusal::bad(rejection.body_text()))
    }
}
