//! The targets go deep: each operation with its arguments succeeds where the service answers right.

use xq_fuzz::calls::{OPERATIONS, SEALING};
use xq_fuzz::input::Input;
use xq_fuzz::replies::arguments;
use xq_fuzz::service::Replies;
use xq_fuzz::session::Session;

#[test]
fn every_operation_succeeds_with_its_arguments() {
    for (name, call) in OPERATIONS.iter().chain(SEALING) {
        let mut session = Session::new(Replies::Right);
        call(&mut session, &mut Input::new(&arguments(name)));
        assert_eq!(session.last_message, "", "{name}");
    }
}
