//! Businesses: who is an administrator of more than one works in one of them at a time.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Rows;
use crate::api::Api;
use crate::check;
use crate::config::Service;
use crate::error::Error;
use crate::fields::{number, text};
use crate::platform::prelude::*;
use crate::secret::Secret;

/// A business. What the service leaves out is `None`.
#[derive(Debug)]
pub struct Business {
    /// Its number.
    pub id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct RawBusiness<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    name: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawBusinesses<'a> {
    #[serde(borrow)]
    businesses: Vec<RawBusiness<'a>>,
}

impl Api {
    /// The businesses that the one who is signed in may work in.
    pub fn get_businesses(&self) -> Result<Rows<Business>, Error> {
        let reply = self
            .call("GET", Service::Dashboard, "businesses")
            .on_dashboard()?
            .send(&[200])?;
        let RawBusinesses { businesses } = reply.json("a JSON object with businesses, a list")?;
        Rows::of(businesses.iter().map(read).collect(), &reply)
    }

    /// The business that the dashboard token is for: one row.
    pub fn get_business_info(&self) -> Result<Rows<Business>, Error> {
        let reply = self
            .call("GET", Service::Dashboard, "business")
            .on_dashboard()?
            .send(&[200])?;
        let raw: RawBusiness = reply.json("a JSON object that describes a business")?;
        Rows::of(read(&raw).map(|business| vec![business]), &reply)
    }

    /// Gets a dashboard token for another business, which the handle then holds.
    pub fn switch_business(&self, id: i64) -> Result<Secret, Error> {
        check::id("business", id)?;
        let token = self
            .call("GET", Service::Dashboard, "business")
            .segment(&id.to_string())
            .segment("auth")
            .on_dashboard()?
            .send(&[200])?
            .token()?;
        Ok(self.keep_dashboard_token(token))
    }
}

fn read(raw: &RawBusiness) -> serde_json::Result<Business> {
    Ok(Business {
        id: number(raw.id)?,
        name: text(raw.name)?,
    })
}
