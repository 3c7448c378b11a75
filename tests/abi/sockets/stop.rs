//! What is under way can be stopped, and a host of several addresses is reached: `tests/c/stop.c`, `tests/c/addresses.c`.
//!
//! The programs bring their own `getaddrinfo`, which comes before the system's on Linux alone; not under valgrind, which
//! takes what a look-up that never ends holds for lost.
#![cfg(target_os = "linux")]

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use xq_emulator::{Emulator, Options};

use super::faults::silent;
use crate::driver::{Language, compile, plain_command, sanitized, scratch};
use crate::recorder::{Tunnel, receive};

/// A server that begins each reply and does not end it; its port.
fn half() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        let mut open = Vec::new();
        for mut stream in listener.incoming().flatten() {
            receive(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"half\"");
            open.push(stream);
        }
    });
    port
}

#[test]
fn what_is_under_way_is_stopped_wherever_it_is() {
    let emulator = Emulator::start(Options::default()).expect("the emulator starts");
    let program = compile("stop", Language::C99).expect("there is a C compiler");
    let at = |scheme: &str, port: u16| format!("{scheme}://127.0.0.1:{port}/subscription/v2");
    let output = plain_command(&program)
        .args([
            at("http", emulator.port()),
            // Where nothing is answered, on any machine: an address for documentation, or a way to nowhere.
            format!("http://{}/v2", black_hole()),
            at("http", silent()),
            at("https", silent()),
            at("http", half()),
            at("http", silent()),
            scratch("stop").display().to_string(),
            if sanitized() { "25000" } else { "3000" }.to_owned(),
        ])
        .output()
        .expect("it starts");
    println!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The address of a listener whose queue is full, kept for as long as the tests run.
fn black_hole() -> String {
    use socket2::{Domain, Socket, Type};
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("there are sockets");
    let free = std::net::SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    listener.bind(&free.into()).expect("there is a free port");
    listener.listen(0).expect("it listens");
    let address = listener.local_addr().expect("it is bound");
    let fillers = (0..4).map(|_| {
        let filler = Socket::new(Domain::IPV4, Type::STREAM, None).expect("there are sockets");
        filler.set_nonblocking(true).expect("it may be");
        // Under way at least.
        let _ = filler.connect(&address);
        filler
    });
    std::mem::forget((fillers.collect::<Vec<_>>(), listener));
    address.as_socket().expect("it is of IP").to_string()
}

#[test]
fn a_host_of_several_addresses_is_reached_by_the_first_that_answers() {
    let emulator = Emulator::start(Options::default()).expect("the emulator starts");
    let program = compile("addresses", Language::C99).expect("there is a C compiler");
    let output = plain_command(&program)
        .args([emulator.port(), Tunnel::start(emulator.port()).port()].map(|port| port.to_string()))
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
