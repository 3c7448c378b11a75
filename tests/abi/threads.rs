//! Threads and handles: `tests/c/threads.c`, 32 threads on one handle, and `tests/c/handles.c`, two handles that share
//! nothing; `tests/c/seal_threads.c`, 32 threads that seal and open; `tests/c/stop_threads.c`, handles that are stopped while
//! threads are inside.
//!
//! `XQ_TEST_SECONDS` says how long the threads work; a second, unless it is set.
#![cfg(all(unix, feature = "sockets"))]

use std::env;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use xq_emulator::{Emulator, Options};

use crate::driver::{Language, command, compile, sanitized};
use crate::faults::under_valgrind;
use crate::sealed::Folder;

fn work_together(tls: bool) {
    let emulator = Emulator::start(Options {
        tls,
        ..Options::default()
    })
    .expect("the emulator starts");
    let program = compile("threads", Language::C99).expect("there is a C compiler");
    let seconds = env::var("XQ_TEST_SECONDS").unwrap_or_else(|_| "1".to_owned());
    let output = command(&program)
        .envs(emulator.env())
        .arg(seconds)
        .output()
        .expect("it starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.ends_with("ok\n"),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{told}");
}

#[test]
fn many_threads_share_a_handle() {
    work_together(false);
}

#[test]
fn many_threads_share_a_handle_over_tls() {
    work_together(true);
}

#[test]
fn many_threads_seal_and_open() {
    let emulator = Emulator::start(Options::default()).expect("the emulator starts");
    let folder = Folder::new("seal-threads");
    // Valgrind runs one thread at a time.
    let threads = if under_valgrind() { 8 } else { 32 };
    let program = compile("seal_threads", Language::C99).expect("there is a C compiler");
    let seconds = env::var("XQ_TEST_SECONDS").unwrap_or_else(|_| "1".to_owned());
    let output = command(&program)
        .envs(emulator.env())
        .arg(seconds)
        .arg(folder.path())
        .arg(threads.to_string())
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, b"ok\n");
    assert_eq!(folder.names().len(), 3 * threads);
}

/// Over TLS, too, where a connection that is shut down breaks off in the middle of anything.
#[test]
fn handles_are_stopped_while_threads_are_inside() {
    if under_valgrind() {
        eprintln!("SKIPPED: valgrind runs one thread at a time; the sanitizers watch this");
        return;
    }
    // Time for a call to be done, and another to be stopped.
    let seconds = if sanitized() { "5" } else { "1" };
    let seconds = env::var("XQ_TEST_SECONDS").unwrap_or_else(|_| seconds.to_owned());
    for tls in [false, true] {
        let emulator = Emulator::start(Options {
            tls,
            ..Options::default()
        })
        .expect("the emulator starts");
        let program = compile("stop_threads", Language::C99).expect("there is a C compiler");
        let output = command(&program)
            .envs(emulator.env())
            .args([&seconds, "32"])
            .output()
            .expect("it starts");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && told.ends_with("ok\n"),
            "{told}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        println!("{told}");
    }
}

#[test]
fn two_handles_share_nothing() {
    let emulator = Emulator::start(Options::default()).expect("the emulator starts");
    let (port, connections) = counted(emulator.port());
    let (direct, through) = (format!(":{}/", emulator.port()), format!(":{port}/"));
    let environment = emulator.env().into_iter();
    let environment = environment.map(|(name, value)| (name, value.replace(&direct, &through)));
    let program = compile("handles", Language::C99).expect("there is a C compiler");
    let output = command(&program).envs(environment).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(connections.load(Ordering::SeqCst), 2, "one for each handle");
}

/// A port that leads to `target`, and how many connections were made to it.
fn counted(target: u16) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            counter.fetch_add(1, Ordering::SeqCst);
            let to = TcpStream::connect(("127.0.0.1", target)).expect("the target listens");
            for (mut from, mut to) in [(stream.try_clone(), to.try_clone()), (Ok(to), Ok(stream))]
                .map(|(from, to)| (from.expect("a handle"), to.expect("a handle")))
            {
                thread::spawn(move || {
                    std::io::copy(&mut from, &mut to).ok();
                    to.shutdown(std::net::Shutdown::Both).ok();
                });
            }
        }
    });
    (port, connections)
}
