//! What `serde_json` alone needs for the data of a packet call: the request written, the reply read.
//!
//!     serde_json REPLY_FILE ROUNDS      milliseconds of the processor, the median of the rounds

use std::fmt;
use std::hint::black_box;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use xq_benches::{median, of_this_thread};

#[derive(Serialize)]
struct Request<'a> {
    meta: Meta,
    #[serde(rename = "type")]
    packet_type: i32,
    recipients: [&'static str; 2],
    expires: i64,
    keys: &'a [&'a str],
}

#[derive(Serialize)]
struct Meta {
    subject: Option<&'static str>,
    meta: Option<&'static str>,
}

#[derive(Deserialize)]
struct Reply {
    tokens: Vec<Pair>,
}

/// An object with one member.
struct Pair(String, String);

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneMember;

        impl<'de> Visitor<'de> for OneMember {
            type Value = Pair;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object with one member")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pair, M::Error> {
                let member = map.next_entry()?;
                member
                    .map(|(key, locator)| Pair(key, locator))
                    .ok_or_else(|| M::Error::custom("no member"))
            }
        }

        deserializer.deserialize_map(OneMember)
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(rounds)) = (arguments.next(), arguments.next().and_then(|n| n.parse().ok())) else {
        eprintln!("expected REPLY_FILE ROUNDS");
        std::process::exit(2);
    };
    let text = std::fs::read_to_string(file).expect("the reply can be read");
    let reply: Reply = serde_json::from_str(&text).expect("the reply is what the service gives");
    let keys: Vec<&str> = reply.tokens.iter().map(|pair| pair.0.as_str()).collect();
    let used = (0..rounds).map(|_| {
        let from = of_this_thread();
        let request = serde_json::to_vec(&Request {
            meta: Meta {
                subject: None,
                meta: None,
            },
            packet_type: 5,
            recipients: ["joe@example.com", "team-7@group.local"],
            expires: 24,
            keys: &keys,
        });
        black_box(request.expect("it can be written"));
        let reply: Reply = serde_json::from_str(black_box(&text)).expect("as before");
        for Pair(key, locator) in black_box(reply.tokens) {
            black_box((key, locator));
        }
        (of_this_thread() - from) * 1e3
    });
    println!("{:.3}", median(used.collect()));
}
