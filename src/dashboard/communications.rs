//! Communications: what the dashboard tells of stored keys.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Rows;
use crate::api::Api;
use crate::call::SUCCESS;
use crate::check;
use crate::config::Service;
use crate::error::Error;
use crate::fields::{number, text};
use crate::platform::prelude::*;
use crate::secret::Secret;

/// A stored key as the dashboard shows it. What the service leaves out is `None`.
#[derive(Debug)]
pub struct Communication {
    /// Its number.
    pub id: Option<i64>,
    /// Its locator token.
    pub locator: Option<Secret>,
    /// Its labels.
    pub labels: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct RawCommunication<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    locator_token: Option<&'a RawValue>,
    labels: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Labels<'a> {
    labels: &'a [&'a str],
}

impl Api {
    /// What the dashboard tells of the key with this locator token: one row.
    pub fn get_communication_by_locator_token(&self, locator: &str) -> Result<Rows<Communication>, Error> {
        check::path_segment("locator token", locator)?;
        let reply = self
            .call("GET", Service::Dashboard, "communication")
            .locator(locator)
            .on_dashboard()?
            .send(&[200])?;
        let raw: RawCommunication = reply.json("a JSON object that describes a communication")?;
        Rows::of(read(&raw).map(|communication| vec![communication]), &reply)
    }

    /// Adds labels to the key with this locator token.
    pub fn add_labels_to_locator_token(&self, locator: &str, labels: &[&str]) -> Result<(), Error> {
        check::path_segment("locator token", locator)?;
        check::all_not_empty("label", labels)?;
        self.call("PATCH", Service::Dashboard, "communication")
            .locator(locator)
            .segment("labels")
            .on_dashboard()?
            .json(&Labels { labels })?
            .send(SUCCESS)
            .map(drop)
    }
}

fn read(raw: &RawCommunication) -> serde_json::Result<Communication> {
    let labels = match raw.labels.map(RawValue::get) {
        Some(json) if json.starts_with('[') => {
            let labels: Vec<&RawValue> = serde_json::from_str(json)?;
            let texts = labels.into_iter().map(|label| text(Some(label)));
            Some(texts.filter_map(Result::transpose).collect::<serde_json::Result<_>>()?)
        }
        _ => None,
    };
    Ok(Communication {
        id: number(raw.id)?,
        locator: text(raw.locator_token)?.map(Secret::from),
        labels,
    })
}
