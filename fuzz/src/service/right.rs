//! The right reply to each request, whose body is that of its call.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use xq::envelope::{self, Version};

use super::bodies::*;
use super::{Asked, LOCATOR, STORED_KEY, Service, token_vectors};

const SUBSCRIPTION: usize = 0;
const VALIDATION: usize = 1;
const DASHBOARD: usize = 2;
const QUANTUM: usize = 3;

impl Service {
    /// The body is the JSON of its call with nothing added, and what was given stands in it: the right reply to it.
    pub(super) fn check_body(&self, asked: &Asked, body: Option<&[u8]>) -> String {
        const TOKEN: &str = "a-token-of-the-service";
        let body = || body.expect("this method has a body");
        match (asked.service, asked.target.as_str()) {
            (SUBSCRIPTION, "GET apikey") => json!({"status": "OK"}).to_string(),
            (SUBSCRIPTION, "POST authorize") => parsed::<AuthorizeUser>(body(), TOKEN),
            (SUBSCRIPTION, "POST authorizealias") => parsed::<AuthorizeAlias>(body(), TOKEN),
            (SUBSCRIPTION, "GET exchange" | "GET delegate") => TOKEN.to_owned(),
            (SUBSCRIPTION, "GET subscriber") => json!({"id": 1, "user": "jane@example.com", "sub": "xq"}).to_string(),
            (SUBSCRIPTION, "GET settings") => json!({"newsletter": true, "notifications": 3}).to_string(),
            (SUBSCRIPTION, "PATCH settings") => parsed::<Settings>(body(), ""),
            (SUBSCRIPTION, "POST combined") => {
                let sent: Tokens = serde_json::from_slice(body()).expect("the body is the call's");
                self.same_texts(&sent.tokens);
                json!({"token": TOKEN, "merged": sent.tokens.len()}).to_string()
            }
            (SUBSCRIPTION, "GET time") => "1700000000".to_owned(),
            (SUBSCRIPTION, "POST authorize/trusted/") => {
                let granted = json!({"access_token": TOKEN}).to_string();
                parsed::<TrustedDevice>(body(), &self.sealed(false, granted.as_bytes()))
            }
            (SUBSCRIPTION, "POST authorize/certificate/") => self.certified(body()),
            (SUBSCRIPTION, "POST packet") => self.packet(body()),
            (SUBSCRIPTION, "POST packet/add") => self.packet(body()),
            (SUBSCRIPTION, "POST packet/batch") => self.batch(body()),
            (VALIDATION, "POST packet") => {
                let text = std::str::from_utf8(body()).expect("a packet is text");
                assert!(self.given.texts.as_ref().is_none_or(|given| given[..] == [text]));
                TOKEN.to_owned()
            }
            (VALIDATION, "POST keys") => self.keys(body()),
            (VALIDATION, "GET key/") => STORED_KEY.to_owned(),
            (VALIDATION, "GET expiration/") => json!({"expiresOn": 60}).to_string(),
            (VALIDATION, "POST grant/" | "PATCH revoke/") => {
                let sent: Recipients = serde_json::from_slice(body()).expect("the body is the call's");
                self.same_recipients(&sent.recipients);
                String::new()
            }
            (DASHBOARD, target) => self.dashboard(target, body),
            (QUANTUM, _) => entropy(asked.value.as_deref().unwrap_or_default()),
            _ => String::new(),
        }
    }

    fn dashboard<'a>(&self, target: &str, body: impl Fn() -> &'a [u8]) -> String {
        const TOKEN: &str = "a-token-of-the-dashboard";
        let group = || json!({"id": 9, "name": "Sales", "bid": 3});
        let members = json!([{"kind": "address", "address": "jane@example.com"}]);
        match target {
            "POST trusted/announce" => parsed::<Announcement>(body(), ""),
            "POST signup" => parsed::<Signup>(body(), ""),
            "POST login/link" => parsed::<LoginLink>(body(), ""),
            "POST login" => parsed::<Login>(body(), TOKEN),
            "GET login/verify" | "GET business/auth" => TOKEN.to_owned(),
            "POST usergroup" => {
                let sent: NewGroup = serde_json::from_slice(body()).expect("the body is the call's");
                self.same_recipients(&sent.members);
                group().to_string()
            }
            "GET usergroup" => json!({"groups": [group()]}).to_string(),
            "GET usergroup/" => json!({"id": 9, "name": "Sales", "members": members}).to_string(),
            "PATCH usergroup/" => {
                let sent: ChangedGroup = serde_json::from_slice(body()).expect("the body is the call's");
                assert!(sent.name.is_some() || sent.members.is_some());
                String::new()
            }
            "POST contact" => parsed::<NewContact>(body(), r#"{"id":7,"status":"OK"}"#),
            "GET contact/all" => json!({"contacts": [{"id": 7, "email": "jane@example.com", "role": 2}]}).to_string(),
            "GET communication/" => json!({"id": 1, "locator_token": LOCATOR, "labels": ["a label"]}).to_string(),
            "PATCH communication/labels" => {
                let sent: Labels = serde_json::from_slice(body()).expect("the body is the call's");
                self.same_texts(&sent.labels);
                String::new()
            }
            "GET businesses" => json!({"businesses": [{"id": 3, "name": "Example"}]}).to_string(),
            "GET business" => json!({"id": 3, "name": "Example"}).to_string(),
            "POST certificate" => {
                let issued =
                    json!({"id": 9, "clientCert": "a certificate", "transportKey": "a key", "clientKey": "a key"});
                parsed::<CertificateRequest>(body(), &issued.to_string())
            }
            _ => String::new(),
        }
    }

    /// The texts are those that were given.
    fn same_texts(&self, sent: &[String]) {
        assert!(self.given.texts.as_ref().is_none_or(|given| given == sent), "{sent:?}");
    }

    fn same_recipients(&self, sent: &[String]) {
        assert!(
            self.given.recipients.as_ref().is_none_or(|given| given == sent),
            "{sent:?}"
        );
    }

    /// A locator token for each key, which are those that were given.
    fn locators(&self, keys: &[String]) -> String {
        self.same_texts(keys);
        let pairs: Vec<Value> = keys.iter().map(|key| json!({key: LOCATOR})).collect();
        json!({"tokens": pairs}).to_string()
    }

    fn packet(&self, body: &[u8]) -> String {
        let packet: Packet = serde_json::from_slice(body).expect("the body is the call's");
        self.same_recipients(&packet.recipients);
        match (packet.key, packet.keys) {
            (Some(key), None) => {
                self.locators(&[key]);
                LOCATOR.to_owned()
            }
            (None, Some(keys)) => self.locators(&keys),
            _ => panic!("a packet has a key or keys"),
        }
    }

    fn batch(&self, body: &[u8]) -> String {
        let entries: Entries = serde_json::from_slice(body).expect("the body is the call's");
        let recipients: Vec<String> = entries
            .entries
            .iter()
            .flat_map(|entry| entry.recipients.clone())
            .collect();
        self.same_recipients(&recipients);
        let keys: Vec<String> = entries.entries.into_iter().map(|entry| entry.key).collect();
        self.locators(&keys)
    }

    fn keys(&self, body: &[u8]) -> String {
        let locators: Vec<String> = serde_json::from_slice(body).expect("the body is the call's");
        self.same_texts(&locators);
        let pairs: Vec<Value> = locators.iter().rev().map(|locator| json!({locator: "a-key"})).collect();
        json!({"exported": pairs}).to_string()
    }

    /// The request opens with the transport key; the reply holds a token that the first of the vectors' keys opens.
    fn certified(&self, body: &[u8]) -> String {
        let request = BASE64_STANDARD.decode(body).expect("the request is base64");
        let opened = envelope::open(Version::Gcm, &self.transport_key, &request).expect("it opens");
        serde_json::from_slice::<CertifiedDevice>(&opened).expect("the sealed body is the call's");
        let granted = json!({"access_token": token_vectors()[0]["sealed_base64"]}).to_string();
        self.sealed(true, granted.as_bytes())
    }
}

/// `right`, where the body is a `T`.
fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8], right: &str) -> String {
    serde_json::from_slice::<T>(body).expect("the body is the call's");
    right.to_owned()
}

/// As many bits as were asked for.
fn entropy(bits: &str) -> String {
    let bits: usize = bits.parse().expect("a number of bits");
    assert!((1..=8192).contains(&bits));
    BASE64_STANDARD.encode("0123456789abcdef".repeat(bits.div_ceil(64)))
}
