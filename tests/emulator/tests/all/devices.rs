//! Devices: alias, trusted range, certificate, announcements.

use std::net::SocketAddr;

use base64::{Engine, prelude::BASE64_STANDARD};
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Encrypt, PrivateKey};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use xq_emulator::envelope::{self, Version};
use xq_emulator::{Certificate, Emulator, Options};

use crate::client::{Answer, DASHBOARD_KEY, GENERAL_KEY, Xq};

const LOCATOR_KEY: &str = "locator-key-000";
const VERSIONS: [(u64, Version); 3] = [(1, Version::Cbc), (2, Version::Ctr), (3, Version::Gcm)];

/// Whether the token is good for making packets.
fn works(xq: &Xq, token: &str) -> bool {
    let body = json!({ "recipients": ["joe@example.com"], "key": "k" });
    xq.post("subscription/packet/add", token, body).status == 200
}

/// What is in an envelope that came as base64.
fn opened(version: Version, key: &str, reply: &str) -> Value {
    let payload = envelope::open(version, key, &BASE64_STANDARD.decode(reply).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

mod alias {
    use super::*;

    #[test]
    fn an_alias_signs_in_at_once_and_receives_keys() {
        let xq = Xq::start();
        let alias = |body: Value| xq.post("subscription/authorizealias", "placeholder", body);
        let body = json!({ "user": "device-7", "firstName": "A", "lastName": "B" });
        let tokens = [
            alias(body).ok(),
            alias(json!({ "user": "device-7" })).ok(),
            alias(json!({ "user": "device-7@alias.local" })).ok(),
        ];
        let jane = xq.sign_in("jane@example.com");
        let body = json!({ "recipients": ["device-7@alias.local"], "key": "k" });
        let locator = xq.post("subscription/packet/add", &jane, body).ok();
        for token in &tokens {
            assert_eq!(xq.get(&format!("validation/key/{locator}"), token).ok(), "k");
        }
        let other = alias(json!({ "user": "device-8" })).ok();
        assert_eq!(xq.get(&format!("validation/key/{locator}"), &other).status, 403);
        assert_ne!(tokens[0], tokens[1]);
    }

    #[test]
    fn an_alias_is_nobody_elses_address() {
        let xq = Xq::start();
        let jane = xq.sign_in("jane@example.com");
        let body = json!({ "recipients": ["joe@example.com"], "key": "k" });
        let locator = xq.post("subscription/packet/add", &jane, body).ok();
        for name in ["jane@example.com", "joe@example.com", "JOE@example.com"] {
            let alias = xq.post("subscription/authorizealias", "", json!({ "user": name })).ok();
            assert_eq!(xq.get(&format!("validation/key/{locator}"), &alias).status, 403);
        }
        assert!(
            xq.post("subscription/authorizealias", "", json!({ "user": "" }))
                .refused(400)
                .contains("empty")
        );
        assert!(
            xq.post("subscription/authorizealias", "", json!({}))
                .refused(400)
                .contains("user")
        );
        let answer = xq
            .send(
                "POST",
                "subscription/authorizealias",
                &[("api-key", "other")],
                b"{\"user\":\"x\"}",
            )
            .unwrap();
        assert_eq!(answer.status, 401);
    }
}

mod trusted {
    use super::*;

    fn authorize(xq: &Xq, business: &str, body: Value) -> Answer {
        xq.post(
            &format!("subscription/authorize/trusted/{business}"),
            "placeholder",
            body,
        )
    }

    #[test]
    fn each_version_of_envelope_comes_as_asked_for() {
        let xq = Xq::start();
        for (number, version) in VERSIONS {
            let reply = authorize(
                &xq,
                "42",
                json!({ "device": "sensor-1", "ver": number, "roaming": true }),
            )
            .ok();
            let token = opened(version, LOCATOR_KEY, &reply)["access_token"]
                .as_str()
                .unwrap()
                .to_owned();
            assert!(works(&xq, &token));
        }
        let reply = authorize(&xq, "42", json!({ "device": "sensor-1" })).ok();
        assert!(opened(Version::Cbc, LOCATOR_KEY, &reply)["access_token"].is_string());
        let reply = authorize(&xq, "42", json!({ "device": "sensor-1", "ver": 3 })).ok();
        assert_eq!(
            envelope::open(Version::Gcm, "other-key", &BASE64_STANDARD.decode(reply).unwrap()),
            None
        );
    }

    #[test]
    fn a_device_name_has_1_to_48_characters() {
        let xq = Xq::start();
        let status = |device: &str| authorize(&xq, "42", json!({ "device": device, "ver": 3 })).status;
        assert_eq!((status("x"), status(&"☃".repeat(48))), (200, 200));
        assert_eq!((status(""), status(&"☃".repeat(49))), (400, 400));
        let why = authorize(&xq, "42", json!({ "device": "x".repeat(49) })).refused(400);
        assert!(why.contains("49 characters"), "{why}");
    }

    #[test]
    fn a_business_is_any_text() {
        let xq = Xq::start();
        let body = json!({ "device": "sensor 1", "ver": 3 });
        for business in ["%2E%2E%2Fx", "a%2Fb", "a%3Fb", "%E2%98%83", "a%40b"] {
            let reply = authorize(&xq, business, body.clone()).ok();
            let token = opened(Version::Gcm, LOCATOR_KEY, &reply)["access_token"]
                .as_str()
                .unwrap()
                .to_owned();
            assert!(works(&xq, &token), "{business}");
        }
        let owners: Vec<_> = xq
            .get("admin/keys", "")
            .json()
            .as_array()
            .unwrap()
            .iter()
            .map(|k| k["owner"].clone())
            .collect();
        assert_eq!(owners[3], "sensor%201@☃.trusted.local");
        assert_eq!(owners[4], "sensor%201@a%40b.trusted.local");
        assert_eq!(authorize(&xq, "", body.clone()).status, 404);
        assert_eq!(authorize(&xq, "a/b", body).status, 404);
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let xq = Xq::start();
        for ver in [json!(0), json!(4)] {
            assert!(
                authorize(&xq, "42", json!({ "device": "x", "ver": ver }))
                    .refused(400)
                    .starts_with("ver is")
            );
        }
        assert_eq!(authorize(&xq, "42", json!({ "device": "x", "ver": "3" })).status, 400);
        assert!(
            authorize(&xq, "42", json!({ "ver": 3 }))
                .refused(400)
                .contains("device")
        );
    }

    #[test]
    fn a_device_keeps_its_keys_when_it_comes_back() {
        let xq = Xq::start();
        let sign_in = |device: &str, business: &str| {
            let reply = authorize(&xq, business, json!({ "device": device, "ver": 3 })).ok();
            opened(Version::Gcm, LOCATOR_KEY, &reply)["access_token"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let body = json!({ "recipients": ["joe@example.com"], "key": "k" });
        let locator = xq
            .post("subscription/packet/add", &sign_in("sensor-1", "42"), body)
            .ok();
        let status = |token: &str| xq.get(&format!("validation/key/{locator}"), token).status;
        assert_eq!(status(&sign_in("sensor-1", "42")), 200);
        assert_eq!(
            (status(&sign_in("sensor-2", "42")), status(&sign_in("sensor-1", "43"))),
            (403, 403)
        );
    }

    /// A token that does not roam works from the address that asked, and from no other.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_token_that_does_not_roam_is_tied_to_its_address() {
        let xq = Xq::start();
        for (roaming, elsewhere) in [(false, 401), (true, 200)] {
            let reply = authorize(&xq, "42", json!({ "device": "x", "ver": 3, "roaming": roaming })).ok();
            let token = opened(Version::Gcm, LOCATOR_KEY, &reply)["access_token"]
                .as_str()
                .unwrap()
                .to_owned();
            assert!(works(&xq, &token));
            assert_eq!(from_elsewhere(&xq.emulator, &token), elsewhere);
        }
    }

    /// The status of a call from 127.0.0.2.
    #[cfg(target_os = "linux")]
    fn from_elsewhere(emulator: &Emulator, token: &str) -> u16 {
        let head =
            format!("POST /validation/v2/keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\napi-key: {GENERAL_KEY}");
        let request = format!("{head}\r\nauthorization: Bearer {token}\r\ncontent-length: 2\r\n\r\n[]");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let reply = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind(SocketAddr::from(([127, 0, 0, 2], 0))).unwrap();
            let mut stream = socket
                .connect(SocketAddr::from(([127, 0, 0, 1], emulator.port())))
                .await
                .unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut reply = String::new();
            stream.read_to_string(&mut reply).await.unwrap();
            reply
        });
        reply[9..12].parse().unwrap()
    }
}

mod certificate {
    use super::*;

    /// A device with a certificate.
    struct Device {
        xq: Xq,
        certificate: Certificate,
    }

    fn device() -> Device {
        let xq = Xq::start();
        let certificate = xq.emulator.issue_certificate("sensors").unwrap();
        Device { xq, certificate }
    }

    impl Device {
        /// The request that the device seals.
        fn request(&self) -> Value {
            let ts: i64 = self.xq.get("subscription/time", "").ok().parse().unwrap();
            json!({ "crt": self.certificate.client_cert.trim(), "device": "sensor-1", "ver": 3, "ts": ts })
        }

        fn send(&self, request: &Value) -> Answer {
            self.send_sealed(Version::Gcm, &self.certificate.transport_key, &request.to_string())
        }

        fn send_sealed(&self, version: Version, key: &str, request: &str) -> Answer {
            let sealed = BASE64_STANDARD.encode(envelope::seal(version, key, request.as_bytes()));
            self.send_text(self.certificate.id, &sealed)
        }

        fn send_text(&self, id: impl std::fmt::Display, text: &str) -> Answer {
            // A token that is none, as the Python SDK sends before it has one.
            let headers = [
                ("api-key", GENERAL_KEY),
                ("content-type", "application/json"),
                ("authorization", "Bearer placeholder"),
            ];
            let call = format!("subscription/authorize/certificate/{id}");
            self.xq.send("POST", &call, &headers, text.as_bytes()).unwrap()
        }

        /// The token in a reply.
        fn token(&self, version: Version, reply: &str) -> String {
            let sealed = opened(version, &self.certificate.transport_key, reply);
            let sealed = BASE64_STANDARD
                .decode(sealed["access_token"].as_str().unwrap())
                .unwrap();
            let key = PrivateKey::from_pkcs8_pem(&self.certificate.client_key).unwrap();
            String::from_utf8(key.decrypt(Pkcs1v15Encrypt, &sealed).unwrap()).unwrap()
        }
    }

    #[test]
    fn the_dashboard_issues_a_certificate_that_signs_a_device_in() {
        let mut device = device();
        let jane = device.xq.emulator.dashboard_token("jane@example.com").unwrap();
        let body = json!({ "tag": "floor 3", "fence": [], "enabled": true });
        let bearer = format!("Bearer {jane}");
        let headers = [("api-key", "dashboard-key"), ("authorization", bearer.as_str())];
        let reply = device
            .xq
            .send("POST", "dashboard/certificate", &headers, body.to_string().as_bytes())
            .unwrap()
            .json();
        assert_eq!((reply.as_object().unwrap().len(), &reply["status"]), (5, &json!("OK")));
        let text = |name: &str| reply[name].as_str().unwrap().to_owned();
        device.certificate = Certificate {
            id: reply["id"].as_u64().unwrap(),
            transport_key: text("transportKey"),
            client_cert: text("clientCert"),
            client_key: text("clientKey"),
        };
        let token = device.token(Version::Gcm, &device.send(&device.request()).ok());
        assert!(works(&device.xq, &token));
        let known = device.xq.get("admin/certificates", "").json();
        assert_eq!(
            (&known[1]["id"], &known[1]["tag"], &known[1]["enabled"]),
            (&json!(2), &json!("floor 3"), &json!(true))
        );
        assert!(!known.to_string().contains(&device.certificate.transport_key));
    }

    #[test]
    fn the_certificate_is_x509_for_the_devices_key() {
        use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};
        let device = device();
        let der = CertificateDer::from_pem_slice(device.certificate.client_cert.as_bytes()).unwrap();
        let key = PrivateKey::from_pkcs8_pem(&device.certificate.client_key).unwrap();
        assert_eq!(rsa::traits::PublicKeyParts::size(&key), 256);
        let public = rsa::pkcs1::EncodeRsaPublicKey::to_pkcs1_der(&key.to_public_key()).unwrap();
        tokio_rustls::rustls::server::ParsedCertificate::try_from(&der).expect("it is X.509");
        assert!(
            der.windows(public.as_bytes().len())
                .any(|window| window == public.as_bytes())
        );
    }

    #[test]
    fn each_version_of_envelope_is_taken_and_given() {
        let device = device();
        for (_, of_request) in VERSIONS {
            for (number, of_reply) in VERSIONS {
                let mut request = device.request();
                request["ver"] = number.into();
                let key = &device.certificate.transport_key;
                let reply = device.send_sealed(of_request, key, &request.to_string()).ok();
                assert!(works(&device.xq, &device.token(of_reply, &reply)));
            }
        }
        let mut request = device.request();
        request.as_object_mut().unwrap().remove("ver");
        device.token(Version::Cbc, &device.send(&request).ok());
    }

    #[test]
    fn the_certificate_is_recognized_as_editors_leave_it() {
        let device = device();
        let pem = &device.certificate.client_cert;
        let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        for text in [pem.clone(), pem.replace('\n', "\r\n"), bare] {
            let mut request = device.request();
            request["crt"] = text.into();
            device.send(&request).ok();
        }
    }

    #[test]
    fn a_disabled_certificate_is_refused_until_it_is_enabled() {
        let device = device();
        let call = format!("admin/certificates/{}", device.certificate.id);
        assert_eq!(device.xq.post(&call, "", json!({ "enabled": false })).status, 204);
        assert_eq!(
            device.send(&device.request()).refused(403),
            "The certificate is disabled"
        );
        assert!(device.xq.emulator.enable_certificate(device.certificate.id, true));
        device.send(&device.request()).ok();
        assert!(!device.xq.emulator.enable_certificate(99, true));
        assert!(
            device
                .xq
                .post("admin/certificates/99", "", json!({ "enabled": false }))
                .refused(404)
                .contains("99")
        );
    }

    #[test]
    fn an_unknown_id_is_refused() {
        let device = device();
        let sealed = BASE64_STANDARD.encode(envelope::seal(Version::Gcm, "x", b"{}"));
        assert_eq!(
            device.send_text(99, &sealed).refused(404),
            "There is no certificate with id 99"
        );
        assert!(device.send_text("nine", &sealed).refused(400).contains("nine"));
    }

    #[test]
    fn a_stale_time_is_refused() {
        let device = device();
        for (shift, status) in [(-290, 200), (290, 200), (-310, 403), (310, 403), (i64::MIN / 2, 403)] {
            let mut request = device.request();
            request["ts"] = (request["ts"].as_i64().unwrap() + shift).into();
            assert_eq!(device.send(&request).status, status, "{shift}");
        }
        let request = device.request();
        assert!(device.xq.emulator.advance(310));
        assert!(device.send(&request).refused(403).contains("stale"));
        device.send(&device.request()).ok();
    }

    #[test]
    fn another_transport_key_or_certificate_is_refused() {
        let device = device();
        let other = device.xq.emulator.issue_certificate("other").unwrap();
        assert_ne!(other.transport_key, device.certificate.transport_key);
        let request = device.request();
        for (_, version) in VERSIONS {
            let answer = device.send_sealed(version, &other.transport_key, &request.to_string());
            assert!(answer.refused(403).contains("transport key"));
        }
        for crt in [other.client_cert.as_str(), "", "AAAA", "-----BEGIN CERTIFICATE-----"] {
            let mut request = request.clone();
            request["crt"] = crt.into();
            assert!(
                device
                    .send(&request)
                    .refused(403)
                    .contains("not the one that was issued")
            );
        }
    }

    #[test]
    fn an_expired_certificate_is_refused() {
        let device = device();
        assert!(device.xq.emulator.advance(365 * 86_400));
        assert_eq!(
            device.send(&device.request()).refused(403),
            "The certificate has expired"
        );
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let device = device();
        let id = device.certificate.id;
        for text in ["", "not base64!", "c2VhbGVk", "{}"] {
            assert!(device.send_text(id, text).refused(400).contains("envelope"), "{text}");
        }
        // Salted__ and nothing else.
        assert!(
            device
                .send_text(id, "U2FsdGVkX18=")
                .refused(403)
                .contains("transport key")
        );
        let key = &device.certificate.transport_key;
        assert_eq!(device.send_sealed(Version::Gcm, key, "not JSON").status, 400);
        for (field, value, word) in [
            ("ver", json!(4), "ver is 1, 2 or 3"),
            ("device", json!(""), "0 characters"),
            ("device", json!("x".repeat(49)), "49 characters"),
            ("ts", json!("now"), "string"),
            ("crt", Value::Null, "null"),
        ] {
            let mut request = device.request();
            request[field] = value;
            assert!(device.send(&request).refused(400).contains(word), "{field}");
        }
    }
}

mod announcements {
    use super::*;

    #[test]
    fn an_announced_device_shows_at_the_admin_address() {
        let xq = Xq::start();
        let token = xq
            .post("subscription/authorizealias", "", json!({ "user": "device-7" }))
            .ok();
        assert_eq!(xq.get("admin/devices", "").json(), json!([]));
        let announce = |key: &str, body: Value| {
            let bearer = format!("Bearer {token}");
            let headers = [("api-key", key), ("authorization", &bearer)];
            xq.send(
                "POST",
                "dashboard/trusted/announce",
                &headers,
                body.to_string().as_bytes(),
            )
            .unwrap()
        };
        assert_eq!(
            announce(
                DASHBOARD_KEY,
                json!({ "afirst": "sensor-1", "alast": "", "aphone": "" })
            )
            .status,
            204
        );
        // Without aphone, as C sends it; the newer announcement counts.
        assert_eq!(
            announce(DASHBOARD_KEY, json!({ "afirst": "sensor-2", "alast": "x" })).status,
            204
        );
        let shown = xq.get("admin/devices", "").json();
        assert_eq!(shown.as_array().unwrap().len(), 1);
        assert_eq!(
            (&shown[0]["afirst"], &shown[0]["user"]),
            (&json!("sensor-2"), &json!("device-7@alias.local"))
        );
        assert_eq!(xq.emulator.devices()[0].alast, "x");

        assert_eq!(
            announce("other-key", json!({ "afirst": "x" })).refused(401),
            "Failed to locate API key"
        );
        assert!(
            announce(DASHBOARD_KEY, json!({ "afirst": "x".repeat(49) }))
                .refused(400)
                .contains("afirst")
        );
        assert!(
            announce(DASHBOARD_KEY, json!({ "alast": "x" }))
                .refused(400)
                .contains("afirst")
        );
    }

    #[test]
    fn a_dashboard_without_a_key_of_its_own_takes_the_general_one() {
        let xq = Xq {
            emulator: Emulator::start(Options {
                dashboard_key: None,
                ..Options::default()
            })
            .unwrap(),
            ..Xq::start()
        };
        let told = ("XQ_DASHBOARD_API_KEY".to_owned(), GENERAL_KEY.to_owned());
        assert!(xq.emulator.env().contains(&told));
        let bearer = format!("Bearer {}", xq.sign_in("jane@example.com"));
        for (key, status) in [(GENERAL_KEY, 204), (DASHBOARD_KEY, 401)] {
            let headers = [("api-key", key), ("authorization", bearer.as_str())];
            let answer = xq.send("POST", "dashboard/trusted/announce", &headers, br#"{"afirst":"x"}"#);
            assert_eq!(answer.unwrap().status, status, "{key}");
        }
    }

    #[test]
    fn the_dashboard_wants_a_token() {
        let xq = Xq::start();
        let asked = xq.ask("jane@example.com");
        for call in ["dashboard/trusted/announce", "dashboard/certificate"] {
            let body = json!({ "afirst": "x", "tag": "x" });
            assert_eq!(
                xq.post(call, "", body.clone()).refused(401),
                "No token came with this call"
            );
            assert!(xq.post(call, &asked, body).refused(401).contains("a dashboard token"));
        }
        let jane = xq.emulator.dashboard_token("jane@example.com").unwrap();
        for body in [
            json!({}),
            json!({ "tag": "" }),
            json!({ "tag": "x", "enabled": "yes" }),
            json!({ "tag": "x", "fence": 1 }),
        ] {
            assert_eq!(xq.post("dashboard/certificate", &jane, body).status, 400);
        }
    }
}
