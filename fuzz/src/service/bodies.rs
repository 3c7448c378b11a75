//! The bodies of the requests that have one: no field but these.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// A number or a name, as a packet's type.
#[derive(Deserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "read for its form alone")]
pub(super) enum Kind {
    Number(u32),
    Name(String),
}

macro_rules! bodies {
    ($($name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* })*) => {$(
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code, reason = "most are read for their form alone")]
        pub(super) struct $name { $($(#[$attribute])* pub(super) $field: $type,)* }
    )*};
}

bodies! {
    AuthorizeUser {
        user: String,
        newsletter: bool,
        notifications: u8,
        #[serde(rename = "firstName")] first_name: Option<String>,
        #[serde(rename = "lastName")] last_name: Option<String>,
    }
    AuthorizeAlias {
        user: String,
        #[serde(rename = "firstName")] first_name: String,
        #[serde(rename = "lastName")] last_name: String,
    }
    TrustedDevice { device: String, ver: u8, roaming: bool, }
    CertifiedDevice { crt: String, device: String, ver: u8, ts: i64, }
    Announcement { afirst: String, alast: String, aphone: String, }
    Packet {
        meta: PacketMeta,
        r#type: Kind,
        recipients: Vec<String>,
        expires: i64,
        key: Option<String>,
        keys: Option<Vec<String>>,
    }
    PacketMeta {
        subject: Option<String>,
        #[serde(default)] title: Option<String>,
        #[serde(default)] labels: Option<Vec<String>>,
        #[serde(default)] meta: Option<String>,
    }
    Entries { entries: Vec<Entry>, }
    Entry {
        r#type: Kind,
        meta: IgnoredAny,
        key: String,
        recipients: Vec<String>,
        expires: i64,
        unit: String,
    }
    Recipients { recipients: Vec<String>, }
    Settings { newsletter: Option<bool>, notifications: Option<u8>, }
    Tokens { tokens: Vec<String>, }
    Signup { email: String, #[serde(rename = "optIn")] opt_in: bool, pwd: Option<String>, }
    LoginLink { email: String, host: Option<String>, }
    Login { email: Option<String>, pwd: String, method: u8, workspace: Option<String>, }
    NewGroup { name: String, members: Vec<String>, }
    ChangedGroup { name: Option<String>, members: Option<Vec<Value>>, }
    NewContact {
        email: String,
        #[serde(rename = "firstName")] first_name: String,
        #[serde(rename = "lastName")] last_name: String,
        title: String,
        role: u8,
        notifications: u8,
        overflow: Option<bool>,
    }
    Labels { labels: Vec<String>, }
    CertificateRequest { tag: String, fence: [(); 0], enabled: bool, }
}
