//! Kept connections: one that the service has closed is not used again, and nothing is sent twice.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use xq_emulator::{Emulator, Options};

use crate::driver::{Driver, Language, command, compile};
use crate::faults::{Bench, with_each_operation};
use crate::operations::{self, give_tokens};
use crate::recorder::{Play, Recorder, Then, receive, reply};
use crate::sign_in::{emulator, held};

#[test]
fn a_connection_that_the_service_closed_is_not_used_again() {
    with_each_operation(4, &[], |bench, operation| {
        let Bench {
            driver,
            recorder,
            script,
        } = bench;
        let sent = recorder.count();
        for _ in 0..3 {
            give_tokens(driver);
            for exchange in &operation.exchanges {
                script.send(exchange.good().into()).expect("it listens");
            }
            // Without a word, and before the next call.
            let farewell = Play {
                bytes: reply(200, "{}"),
                then: Then::Close,
            };
            script.send(farewell).expect("it listens");
            driver.call(&operation.call()).ok();
            driver.call(&["validate_api_key"]).ok();
            recorder.wait_for_closed();
        }
        let requests = recorder.count() - sent;
        assert_eq!(
            requests,
            3 * (operation.exchanges.len() + 1),
            "{}: sent once",
            operation.name()
        );
    });
}

#[test]
fn a_service_that_closes_its_connections_or_is_started_anew_is_not_noticed() {
    let mut emulator = emulator();
    let mut driver = Driver::open(emulator.env());
    driver.call(&["authorize_alias", "device-7", "@", "@"]).ok();
    let token = held(&mut driver).expect("it is signed in");
    let store = ["create_and_store_packet", "k", "a@b.c,"];
    driver.call(&store).ok();
    emulator.close_connections();
    // They are idle, and so closed in no time.
    thread::sleep(Duration::from_millis(300));
    driver.call(&store).ok();

    let (port, world) = (emulator.port(), emulator.world());
    emulator.stop();
    let options = Options {
        port,
        ..Options::default()
    };
    let _second = Emulator::start_with(options, world).expect("the port is free again");
    driver.call(&store).ok();
    driver.call(&["get_subscriber"]).ok();
    assert_eq!(held(&mut driver), Some(token));
}

#[test]
fn what_follows_a_reply_is_not_the_next_one() {
    let smuggled = [reply(200, "good"), reply(200, "evil")].concat();
    let second = [reply(200, "good"), reply(200, "e")].concat();
    let chunked = "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n";
    let chunked = [chunked.as_bytes().to_vec(), reply(200, "evil")].concat();
    let short = b"HTTP/1.1 200 x\r\ncontent-length: 4\r\n\r\ngoodHTTP/1.1 200 x".to_vec();
    let both =
        b"HTTP/1.1 200 x\r\ncontent-length: 999\r\ntransfer-encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n".to_vec();
    let interim = [
        b"HTTP/1.1 103 x\r\nlink: y\r\n\r\nHTTP/1.1 100 x\r\n\r\n".to_vec(),
        reply(200, "good"),
    ]
    .concat();
    for bytes in [smuggled, second, chunked, short, both, interim, reply(200, "good")] {
        let (recorder, script) = Recorder::scripted();
        let mut driver = Driver::open(recorder.environment());
        driver.call(&["set_access_token", "held"]).ok();
        for _ in 0..2 {
            script
                .send(Play {
                    bytes: bytes.clone(),
                    then: Then::Keep,
                })
                .expect("it listens");
            assert_eq!(driver.call(&["get_packet", "l"]).ok().as_deref(), Some("good"));
        }
        script.send(reply(200, "own").into()).expect("it listens");
        assert_eq!(driver.call(&["get_packet", "l"]).ok().as_deref(), Some("own"));
        assert_eq!(recorder.count(), 3);
    }
}

#[test]
fn what_comes_late_is_not_the_next_reply() {
    let (recorder, script) = Recorder::scripted();
    let mut driver = Driver::open(recorder.environment());
    driver.call(&["set_access_token", "held"]).ok();
    let late = Play {
        bytes: reply(200, "good"),
        then: Then::Repeat(reply(200, "evil"), Duration::from_millis(20)),
    };
    script.send(late).expect("it listens");
    assert_eq!(driver.call(&["get_packet", "l"]).ok().as_deref(), Some("good"));
    thread::sleep(Duration::from_millis(100));
    script.send(reply(200, "own").into()).expect("it listens");
    assert_eq!(driver.call(&["get_packet", "l"]).ok().as_deref(), Some("own"));
}

#[test]
fn a_reply_of_no_body_has_none() {
    let (recorder, script) = Recorder::scripted();
    let mut driver = Driver::open(recorder.environment());
    give_tokens(&mut driver);
    let replies = [
        "HTTP/1.1 204 x\r\n\r\n",
        "HTTP/1.1 204 x\r\ncontent-length: 4\r\n\r\nbody",
        "HTTP/1.1 204 x\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
        "HTTP/1.1 204 x\r\n\r\nHTTP/1.1 403 x\r\ncontent-length: 0\r\n\r\n",
    ];
    let operation = operations::named("update_settings");
    for bytes in replies {
        let play = Play {
            bytes: bytes.into(),
            then: Then::Keep,
        };
        script.send(play).expect("it listens");
        driver.call(&operation.call()).ok();
        script.send(reply(200, "own").into()).expect("it listens");
        assert_eq!(
            driver.call(&["get_packet", "l"]).ok().as_deref(),
            Some("own"),
            "{bytes}"
        );
    }
}

#[test]
fn a_connection_is_kept_where_the_reply_says_nothing_else() {
    let replies = [
        ("HTTP/1.1 200 x\r\ncontent-length: 4\r\n\r\ngood", 1),
        (
            "HTTP/1.1 200 x\r\ntransfer-encoding: Chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n",
            1,
        ),
        (
            "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\nx: y\r\n\r\n",
            1,
        ),
        (
            "HTTP/1.1 200 x\r\nConnection: Close\r\ncontent-length: 4\r\n\r\ngood",
            2,
        ),
        ("HTTP/1.0 200 x\r\ncontent-length: 4\r\n\r\ngood", 2),
        (
            "HTTP/1.0 200 x\r\nconnection: keep-alive\r\ncontent-length: 4\r\n\r\ngood",
            1,
        ),
    ];
    for (bytes, connections) in replies {
        let (recorder, script) = Recorder::scripted();
        let mut driver = Driver::open(recorder.environment());
        driver.call(&["set_access_token", "held"]).ok();
        for _ in 0..2 {
            // The service keeps it open in any case.
            let play = Play {
                bytes: bytes.into(),
                then: Then::Keep,
            };
            script.send(play).expect("it listens");
            assert_eq!(
                driver.call(&["get_packet", "l"]).ok().as_deref(),
                Some("good"),
                "{bytes}"
            );
        }
        assert_eq!((recorder.count(), recorder.connections()), (2, connections), "{bytes}");
    }
}

/// A service that answers the first requests once there are four, of four connections then, and after `dies` none of theirs.
fn behind_a_nat(dies: &Arc<AtomicBool>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let dies = Arc::clone(dies);
    let together = Arc::new(Barrier::new(4));
    thread::spawn(move || {
        for (number, mut stream) in listener.incoming().flatten().enumerate() {
            let (dies, together) = (Arc::clone(&dies), Arc::clone(&together));
            thread::spawn(move || {
                while receive(&mut stream).is_some() {
                    if number < 4 && dies.load(Ordering::SeqCst) {
                        // What comes is lost, and the connection stands.
                        let _ = stream.read(&mut [0; 1]);
                        return;
                    }
                    if number < 4 {
                        together.wait();
                    }
                    let _ = stream.write_all(&reply(200, "{}"));
                }
            });
        }
    });
    port
}

#[test]
fn one_call_pays_where_every_kept_connection_has_died() {
    let dies = Arc::new(AtomicBool::new(false));
    let program = compile("nat", Language::C99).expect("there is a C compiler");
    let mut child = command(&program)
        .arg(format!("http://127.0.0.1:{}/v2", behind_a_nat(&dies)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = BufReader::new(child.stdout.take().expect("it is a pipe")).lines();
    let mut hear = || said.next().expect("it says something").expect("it is text");
    assert_eq!(hear(), "ready");
    dies.store(true, Ordering::SeqCst);
    child
        .stdin
        .take()
        .expect("it is a pipe")
        .write_all(b"\n")
        .expect("it listens");
    assert_eq!([hear(), hear(), hear()], ["XQ_TIMEOUT", "XQ_OK", "XQ_OK"]);
    assert!(child.wait().expect("it ends").success());
}
