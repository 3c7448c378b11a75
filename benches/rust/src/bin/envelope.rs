//! Envelopes sealed and opened by libxq, as `../envelope.c` does by OpenSSL's libcrypto.
//!
//!     envelope TIMES       for each version and size: microseconds of the processor to seal one, and to open it

use std::hint::black_box;

use xq::envelope::{Version, open, seal};
use xq_benches::of_this_thread;

const PASSWORD: &str = "a-transport-key-of-32-characters";

fn main() {
    let times = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);
    let text = vec![0; 64 * 1024];
    for (number, version) in [(1, Version::Cbc), (2, Version::Ctr), (3, Version::Gcm)] {
        for size in [1024, text.len()] {
            let envelope = seal(version, PASSWORD, &text[..size]).expect("it is sealed");
            let sealed = each(times, || {
                black_box(seal(version, PASSWORD, black_box(&text[..size])).expect("it is sealed"));
            });
            let opened = each(times, || {
                let opened = open(version, PASSWORD, black_box(&envelope)).expect("it opens");
                assert_eq!(*opened, text[..size]);
            });
            println!("{number} {size} {sealed:.3} {opened:.3}");
        }
    }
}

fn each(times: u32, what: impl Fn()) -> f64 {
    let from = of_this_thread();
    for _ in 0..times {
        what();
    }
    (of_this_thread() - from) / f64::from(times) * 1e6
}
