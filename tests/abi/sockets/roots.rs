//! Whose root certificates are trusted: the built-in ones, the system's, nobody's, and those of the program.

use std::fs;

use rcgen::{DistinguishedName, DnType, DnValue, KeyPair, PKCS_ECDSA_P384_SHA384};

use super::tls::{Root, Service};
use crate::driver::{Driver, Outcome, scratch};

const BUILT_IN: &str = "0";
const SYSTEM: &str = "1";
const NONE: &str = "2";

const NOT_TRUSTED: &str = "its certificate comes from a root that is not trusted";
/// What is said where the root is trusted and the certificate is not of its making.
const FORGED: &str = "a signature does not verify";

/// A driver with these variables and settings, whose subscription service is this one.
fn driver(service: &Service, environment: &[(&str, &str)], settings: &[&[&str]]) -> Driver {
    let url = format!("https://localhost:{}/v2", service.port);
    let its_own = [("XQ_API_KEY", "key"), ("XQ_SUBSCRIPTION_URL", url.as_str())];
    // Without those of whoever runs the tests.
    let no_systems = [("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "")];
    let mut driver = Driver::start(its_own.iter().chain(&no_systems).chain(environment).copied());
    driver.call(&["read_environment"]).ok();
    for setting in settings {
        driver.call(setting).ok();
    }
    driver
}

fn asks(service: &Service, environment: &[(&str, &str)], settings: &[&[&str]]) -> Outcome {
    let mut driver = driver(service, environment, settings);
    driver.call(&["open"]).ok();
    driver.call(&["validate_api_key"])
}

#[track_caller]
fn is_good(outcome: Outcome) {
    assert_eq!(outcome.ok().as_deref(), Some("good"));
}

fn file(root: &Root) -> &str {
    root.file.to_str().expect("the path is UTF-8")
}

fn pem(root: &Root) -> String {
    fs::read_to_string(&root.file).expect("it is there")
}

/// A root that calls itself as one of Mozilla's does. What it signs is forged for those who trust that one, and of nobody
/// whom they trust for all others.
fn impostor() -> Service {
    let mut name = DistinguishedName::new();
    for (part, text) in [
        (DnType::CountryName, "US"),
        (DnType::OrganizationName, "Internet Security Research Group"),
        (DnType::CommonName, "ISRG Root X2"),
    ] {
        name.push(
            part,
            DnValue::PrintableString(text.try_into().expect("letters and digits")),
        );
    }
    let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key");
    Service::good(Root::called("impostor", name, key))
}

#[test]
fn a_device_that_trusts_one_root_of_its_own_trusts_nothing_besides() {
    let (service, other, impostor) = (
        Service::good(Root::new("its-own")),
        Service::good(Root::new("other")),
        impostor(),
    );
    let its_own = pem(&service.root);
    let alone: [&[&str]; 2] = [&["roots", NONE], &["ca_memory", &its_own]];
    is_good(asks(&service, &[], &alone));
    asks(&other, &[], &alone).failed("XQ_TLS", NOT_TRUSTED);
    asks(&impostor, &[], &alone).failed("XQ_TLS", NOT_TRUSTED);
    // With the built-in ones besides, as it is by default.
    asks(&impostor, &[], &alone[1..]).failed("XQ_TLS", FORGED);
    asks(&impostor, &[], &[alone[0], alone[1], &["roots", BUILT_IN]]).failed("XQ_TLS", FORGED);
    // The system's do not count unless they are asked for.
    let systems = [("SSL_CERT_FILE", file(&other.root))];
    asks(&other, &systems, &alone).failed("XQ_TLS", NOT_TRUSTED);
    asks(&other, &systems, &[]).failed("XQ_TLS", NOT_TRUSTED);
}

#[test]
fn nobody_to_trust_is_a_matter_of_configuration() {
    let service = Service::good(Root::new("nobody"));
    let its_own = pem(&service.root);
    let settings: [&[&str]; 3] = [&["roots", NONE], &["ca_memory", &its_own], &["ca_memory", "@"]];
    let mut driver = driver(&service, &[], &settings);
    driver.call(&["open"]).failed("XQ_CONFIGURATION", "XQ_ROOTS_NONE");
    driver.call(&["ca_file", file(&service.root)]).ok();
    driver.call(&["open"]).ok();
    is_good(driver.call(&["validate_api_key"]));
}

#[test]
fn the_systems_roots_stand_in_for_the_built_in_ones() {
    let (service, other, impostor) = (
        Service::good(Root::new("systems")),
        Service::good(Root::new("other")),
        impostor(),
    );
    let directory = scratch("system-roots");
    fs::copy(&service.root.file, directory.join("0123abcd.0")).expect("it can be copied");
    fs::write(directory.join("README"), "no certificate").expect("it can be written");
    let systems = [
        ("SSL_CERT_FILE", file(&service.root)),
        ("SSL_CERT_DIR", directory.to_str().expect("the path is UTF-8")),
    ];
    for variable in systems {
        is_good(asks(&service, &[variable], &[&["roots", SYSTEM]]));
        asks(&other, &[variable], &[&["roots", SYSTEM]]).failed("XQ_TLS", NOT_TRUSTED);
        asks(&impostor, &[variable], &[&["roots", SYSTEM]]).failed("XQ_TLS", NOT_TRUSTED);
        // With one of the program's own.
        let besides: [&[&str]; 2] = [&["roots", SYSTEM], &["ca_file", file(&other.root)]];
        is_good(asks(&service, &[variable], &besides));
        is_good(asks(&other, &[variable], &besides));
    }
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn a_system_without_roots_is_told() {
    let service = Service::good(Root::new("rootless"));
    let directory = scratch("no-roots");
    let path = |name: &str| format!("{}/{name}", directory.display());
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(path("words"), "no certificate").expect("it can be written");
    fs::write(path("broken"), broken).expect("it can be written");
    fs::write(path("mixed"), broken.to_owned() + &pem(&service.root)).expect("it can be written");
    fs::create_dir(path("empty")).expect("it can be made");
    for (name, value, words) in [
        ("SSL_CERT_FILE", path("missing"), "no-roots"),
        ("SSL_CERT_FILE", path("empty"), "no-roots"),
        ("SSL_CERT_FILE", path("words"), "has no root certificates"),
        ("SSL_CERT_FILE", path("broken"), "has no root certificates"),
        ("SSL_CERT_DIR", path("empty"), "has no root certificates"),
        ("SSL_CERT_DIR", path("missing"), "no-roots"),
    ] {
        // One of its own does not hide that those of the system, which it asks for, are missing.
        for settings in [
            &[["roots", SYSTEM]][..],
            &[["roots", SYSTEM], ["ca_file", file(&service.root)]],
        ] {
            let settings: Vec<&[&str]> = settings.iter().map(|setting| &setting[..]).collect();
            let mut driver = driver(&service, &[(name, &value)], &settings);
            driver.call(&["open"]).failed("XQ_CONFIGURATION", words);
        }
    }
    // One that cannot be used does not take the others away.
    is_good(asks(
        &service,
        &[("SSL_CERT_FILE", &path("mixed"))],
        &[&["roots", SYSTEM]],
    ));
    fs::remove_dir_all(&directory).expect("it can be removed");
}

#[test]
fn a_file_and_memory_both_count() {
    let (by_file, by_memory) = (
        Service::good(Root::new("by-file")),
        Service::good(Root::new("by-memory")),
    );
    let latin = [b"# Autorit\xe9\n", pem(&by_memory.root).as_bytes()].concat();
    for roots in [BUILT_IN, NONE] {
        for service in [&by_file, &by_memory] {
            // The environment's adds to whatever is chosen.
            let environment = [("XQ_CA_FILE", file(&by_file.root))];
            let mut driver = driver(service, &environment, &[&["roots", roots]]);
            driver.call_bytes(&[b"ca_memory", &latin]).ok();
            driver.call(&["open"]).ok();
            is_good(driver.call(&["validate_api_key"]));
            driver.call(&["close"]).ok();
            driver.call(&["ca_memory", "@"]).ok();
            driver.call(&["open"]).ok();
            let outcome = driver.call(&["validate_api_key"]);
            match service.port == by_file.port {
                true => is_good(outcome),
                false => outcome.failed("XQ_TLS", NOT_TRUSTED),
            }
        }
    }
}
