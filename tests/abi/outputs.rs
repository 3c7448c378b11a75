//! What comes out of operations that work: none of it has to be taken, and C++ gets the same as C.

use crate::driver::Driver;
use crate::faults::with_each_operation;
use crate::operations::{WON, give_tokens};
use crate::recorder::reply;
use crate::sign_in::emulator;

#[test]
fn every_place_for_a_result_may_be_null() {
    with_each_operation(2, &[], |bench, operation| {
        // A certificate's id is nowhere else.
        if operation.name() == "generate_device_certificate" {
            return;
        }
        give_tokens(&mut bench.driver);
        bench.driver.call(&["no_outputs", "1"]).ok();
        for exchange in &operation.exchanges {
            bench.answer(exchange.good());
        }
        assert_eq!(
            bench.driver.call(&operation.call()).status,
            "XQ_OK",
            "{}",
            operation.name()
        );
        bench.driver.call(&["no_outputs", "0"]).ok();
    });
}

#[test]
fn a_device_that_is_only_not_announced_is_signed_in_though_nobody_takes_the_token() {
    with_each_operation(2, &[], |bench, operation| {
        let last = operation.exchanges.len() - 1;
        if !operation.announces(last) {
            return;
        }
        for exchange in &operation.exchanges[..last] {
            bench.answer(exchange.good());
        }
        bench.answer(reply(503, ""));
        bench.driver.call(&["no_outputs", "1"]).ok();
        assert_eq!(bench.driver.call(&operation.call()).status, "XQ_SERVER");
        bench.driver.call(&["no_outputs", "0"]).ok();
        assert_eq!(bench.driver.call(&["get_access_token"]).ok().as_deref(), Some(WON));
    });
}

#[test]
fn a_program_in_cxx11_signs_in_and_shares_a_key() {
    let emulator = emulator();
    let Some(mut driver) = Driver::start_in_cxx11(emulator.env()) else {
        return;
    };
    driver.call(&["read_environment"]).ok();
    driver.call(&["open"]).ok();
    driver.call(&["authorize_alias", "device-7", "@", "@"]).ok();
    let stored = driver.call(&["create_and_store_packet", "the key", "a@b.c,"]).ok();
    let locator = stored.expect("a locator token");
    assert_eq!(driver.call(&["get_packet", &locator]).ok().as_deref(), Some("the key"));
    driver.call(&["revoke_packet", &locator]).ok();
    driver.call(&["get_packet", &locator]).failed("XQ_REJECTED", "");
}
