//! The dashboard: what goes out, what is read of the replies, and what is refused before anything goes out.

use std::fs;
use std::path::PathBuf;
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use xq_emulator::Emulator;

use crate::account::signed_in;
use crate::driver::{Driver, scratch};
use crate::operations::{DASHBOARD, HELD, LOCATOR, give_tokens};
use crate::recorder::{Play, Recorder, reply};
use crate::sign_in::emulator;

fn scripted(replies: Vec<Vec<u8>>) -> (Driver, Recorder) {
    let recorder = Recorder::start(replies);
    let mut driver = Driver::open(recorder.environment());
    give_tokens(&mut driver);
    (driver, recorder)
}

/// The body of the request with this index.
fn sent(recorder: &Recorder, index: usize) -> Value {
    serde_json::from_slice(&recorder.requests()[index].body).expect("JSON")
}

/// The access token and the dashboard token that a handle holds.
type Tokens = (Option<String>, Option<String>);

fn tokens(driver: &mut Driver) -> Tokens {
    (
        driver.call(&["get_access_token"]).ok(),
        driver.call(&["get_dashboard_token"]).ok(),
    )
}

#[test]
fn what_is_said_goes_out_as_published() {
    let sent_bodies: [(&[&str], Value); 9] = [
        (
            &["dashboard_signup", "j@b.c", "pass word", "1"],
            json!({"email": "j@b.c", "optIn": true, "pwd": "pass word"}),
        ),
        (
            &["dashboard_signup", "j@b.c", "@", "0"],
            json!({"email": "j@b.c", "optIn": false}),
        ),
        (&["send_login_link", "j@b.c", "@"], json!({"email": "j@b.c"})),
        (
            &["send_login_link", "j@b.c", "https://my.page"],
            json!({"email": "j@b.c", "host": "https://my.page"}),
        ),
        (
            &["create_usergroup", "Sales", "a@b.c,(not)@b.c,"],
            json!({"name": "Sales", "members": ["a@b.c", "(not)@b.c"]}),
        ),
        (&["update_usergroup", "9", "New", "@"], json!({"name": "New"})),
        (&["update_usergroup", "9", "@", ""], json!({"members": []})),
        (
            &["add_contact", "j@b.c", "J", "D", "Dr", "6", "3", "1"],
            json!({"email": "j@b.c", "firstName": "J", "lastName": "D", "title": "Dr", "role": 6, "notifications": 3,
                   "overflow": true}),
        ),
        (
            &["add_labels_to_locator_token", LOCATOR, "one,two,"],
            json!({"labels": ["one", "two"]}),
        ),
    ];
    let (mut driver, recorder) = scripted(vec![reply(200, r#"{"id":9}"#); sent_bodies.len()]);
    for (index, (call, body)) in sent_bodies.into_iter().enumerate() {
        driver.call(call).ok();
        assert_eq!(sent(&recorder, index), body, "{call:?}");
    }
    let logins: [(&[&str], Value); 2] = [
        (
            &["dashboard_login", "j@b.c", "secret", "@", "users"],
            json!({"email": "j@b.c", "pwd": "secret", "method": 0, "workspace": "users"}),
        ),
        (
            &["dashboard_login", "@", "@", "the-code", "@"],
            json!({"pwd": "the-code", "method": 1}),
        ),
    ];
    let (mut driver, recorder) = scripted(vec![reply(200, "new"); logins.len()]);
    for (index, (call, body)) in logins.into_iter().enumerate() {
        assert_eq!(driver.call(call).ok().as_deref(), Some("new"));
        assert_eq!(sent(&recorder, index), body);
    }
    let targets: [(&[&str], &str, &str); 2] = [
        (
            &["get_contacts", "6", "a b&c", "10", "2"],
            "/dashboard/v2/contact/all?role=6&filter=a%20b%26c&limit=10&page=2",
            r#"{"contacts":[]}"#,
        ),
        (
            &["exchange_for_dashboard_token", "42"],
            "/dashboard/v2/login/verify?request=sub&bid=42",
            "new",
        ),
    ];
    let (mut driver, recorder) = scripted(targets.iter().map(|(_, _, body)| reply(200, body)).collect());
    for (index, (call, target, _)) in targets.into_iter().enumerate() {
        driver.call(call).ok();
        assert_eq!(recorder.requests()[index].target, target);
    }
}

#[test]
fn an_address_that_is_registered_already_is_told_and_no_failure() {
    let (mut driver, _recorder) = scripted(vec![
        reply(204, ""),
        reply(409, r#"{"status":"is registered already"}"#),
    ]);
    let signup = ["dashboard_signup", "j@b.c", "@", "0"];
    assert_eq!(driver.call(&signup).ok().as_deref(), Some("0"));
    assert_eq!(driver.call(&signup).ok().as_deref(), Some("1"));
}

#[test]
fn neither_side_changes_the_others_token() {
    let held = |access: &str, dashboard: &str| (Some(access.to_owned()), Some(dashboard.to_owned()));
    let moves: [(&[&str], Tokens); 7] = [
        (&["dashboard_login", "j@b.c", "p", "@", "@"], held(HELD, "new")),
        (&["login_verify"], held(HELD, "new")),
        (&["exchange_for_dashboard_token", "@"], held(HELD, "new")),
        (&["switch_business", "9"], held(HELD, "new")),
        (&["exchange_for_subscription_token"], held("new", DASHBOARD)),
        (&["exchange_key", "@", "0"], held("new", DASHBOARD)),
        (&["authorize_alias", "device-7", "@", "@"], held("new", DASHBOARD)),
    ];
    let (mut driver, _recorder) = scripted(vec![reply(200, "new"); moves.len()]);
    for (call, expected) in moves {
        give_tokens(&mut driver);
        driver.call(call).ok();
        assert_eq!(tokens(&mut driver), expected, "{call:?}");
    }
    let (mut driver, _recorder) = scripted(vec![reply(401, r#"{"status":"it is of the wrong side"}"#); 2]);
    for call in [&["login_verify"][..], &["switch_business", "9"]] {
        let outcome = driver.call(call);
        outcome.failed("XQ_UNAUTHORIZED", "it is of the wrong side");
        assert_eq!(tokens(&mut driver), held(HELD, DASHBOARD));
    }
}

#[test]
fn a_link_that_was_mailed_gives_its_token_without_a_request() {
    let (mut driver, recorder) = scripted(vec![]);
    let links = [
        ("https://x.y/in?access_token=T0k.en-1&token=code", "T0k.en-1"),
        (" http://x.y/#/in?token=code&access_token=a%2Bb%2F%3D\n", "a+b/="),
        ("xq://in?access_token=abc", "abc"),
    ];
    for (link, token) in links {
        let outcome = driver.call(&["dashboard_login", "@", "@", link, "@"]);
        assert_eq!(outcome.out.as_deref(), Some(token), "{link}: {}", outcome.message);
        assert_eq!(tokens(&mut driver), (Some(HELD.to_owned()), Some(token.to_owned())));
    }
    let wrong = [
        "https://x.y/in",
        "https://x.y/in?access_token=",
        "https://x.y/in?access_token=two%20words",
        "https://x.y/in?my_access_token=abc",
        "https://x.y/access_token=abc",
        "https://x.y/in?access_token=%ff",
    ];
    for link in wrong {
        let outcome = driver.call(&["dashboard_login", "@", "@", link, "@"]);
        outcome.failed("XQ_INVALID_ARGUMENT", "the link has no token");
        assert!(!outcome.message.contains("abc"));
    }
    assert_eq!(recorder.count(), 0);
}

#[test]
fn bad_input_is_refused_with_a_sentence_before_anything_is_sent() {
    let refused: [(&[&str], &str); 45] = [
        (&["dashboard_signup", "@", "@", "0"], "email is NULL"),
        (
            &["dashboard_signup", "nobody", "@", "0"],
            "the email 'nobody' is no address",
        ),
        (&["dashboard_signup", "@b.c ", "@", "0"], "email"),
        (&["dashboard_signup", "a@", "@", "0"], "no address"),
        (&["dashboard_signup", "a@b.c,d@e.f", "@", "0"], "no address"),
        (&["dashboard_signup", "a@b.c", "", "0"], "the password is empty"),
        (&["send_login_link", "a@b.c", ""], "the host is empty"),
        (
            &["dashboard_login", "a@b.c", "@", "@", "@"],
            "password and code are both NULL",
        ),
        (&["dashboard_login", "a@b.c", "p", "c", "@"], "both password and code"),
        (&["dashboard_login", "@", "p", "@", "@"], "email is NULL"),
        (&["dashboard_login", "a@b.c", "", "@", "@"], "the password is empty"),
        (&["dashboard_login", "@", "@", "", "@"], "the code is empty"),
        (
            &["dashboard_login", "@", "@", "code\n", "@"],
            "the code holds a line break",
        ),
        (&["dashboard_login", "a@b.c", "p", "@", ""], "the workspace is empty"),
        (
            &["dashboard_login", "@", "@", "https://x.y/?access_token=T", "users"],
            "a workspace is given beside a whole link",
        ),
        (
            &["exchange_for_dashboard_token", "abc"],
            "the business is 'abc'; expected its id",
        ),
        (&["exchange_for_dashboard_token", "0"], "the business is '0'"),
        (&["exchange_for_dashboard_token", ""], "the business is ''"),
        (&["create_usergroup", "", "a@b.c,"], "the group's name is empty"),
        (&["create_usergroup", "@", "a@b.c,"], "name is NULL"),
        (&["create_usergroup", "g", "@"], "there is no member"),
        (&["create_usergroup", "g", ""], "there is no member"),
        (
            &["create_usergroup", "g", "a@b.c,nobody,"],
            "member at index 1 'nobody' is no address",
        ),
        (&["create_usergroup", "g", "a@b.c,@,"], "members[1] is NULL"),
        (&["get_usergroup", "-1", "@"], "the group's id is -1"),
        (&["get_usergroup", "3", "sales"], "both id and name"),
        (&["get_usergroup", "0", ""], "the group's name is empty"),
        (&["update_usergroup", "0", "n", "@"], "the group's id is 0"),
        (&["update_usergroup", "9", "@", "@"], "nothing to change"),
        (&["update_usergroup", "9", "@", "a b@c,"], "no address"),
        (&["add_usergroup_members", "9", "@"], "there is no member"),
        (&["add_usergroup_members", "0", "a@b.c,"], "the group's id is 0"),
        (&["remove_usergroup_members", "9", "nobody,"], "no address"),
        (&["delete_usergroup", "0"], "the group's id is 0"),
        (&["add_contact", "nobody", "@", "@", "@"], "no address"),
        (&["add_contact", "a@b.c", "@", "@", "@", "7"], "the role is 7"),
        (&["add_contact", "a@b.c", "@", "@", "@", "2", "1"], "notifications is 1"),
        (
            &["add_contact", "a@b.c", "@", "@", "@", "2", "0", "2"],
            "contact.overflow is 2",
        ),
        (&["get_contacts", "7", "@", "0", "0"], "the role is 7"),
        (&["get_contacts", "0", "@", "-1", "0"], "the limit is -1"),
        (&["get_contacts", "0", "@", "0", "-1"], "the page is -1"),
        (&["disable_contact", "0"], "the contact's id is 0"),
        (
            &["get_communication_by_locator_token", ".."],
            "the locator token is '..'",
        ),
        (
            &["add_labels_to_locator_token", LOCATOR, "a,,"],
            "the label at index 1 is empty",
        ),
        (&["switch_business", "-3"], "the business's id is -3"),
    ];
    let (mut driver, recorder) = scripted(vec![]);
    for (call, words) in refused {
        let outcome = driver.call(call);
        assert_eq!(outcome.status, "XQ_INVALID_ARGUMENT", "{call:?}: {}", outcome.message);
        outcome.failed("XQ_INVALID_ARGUMENT", words);
    }
    let outcome = driver.call_bytes(&[b"create_usergroup", b"g", b"a@b.\xff,"]);
    outcome.failed("XQ_INVALID_ARGUMENT", "members[0] is not UTF-8");
    assert_eq!(recorder.count(), 0);
}

#[test]
fn groups_are_read_in_whatever_form_they_come() {
    let groups = r#"{"groups":[{"id":"7","name":"One","bid":3},{"id":8,"name":null,"members":[]},{}],"more":[1]}"#;
    let (mut driver, _recorder) = scripted(vec![reply(200, groups)]);
    let shown = driver.call(&["get_usergroup", "0", "@"]).ok();
    assert_eq!(
        shown.as_deref(),
        Some(
            "id=7 name=One business=3 members=@ |id=8 name=@ business=-1 members= |id=-1 name=@ business=-1 members=@ |"
        )
    );
    assert_eq!(driver.call(&["last_reply"]).ok().as_deref(), Some(groups));

    let group = r#"{"id":7,"members":["a@b.c",{"kind":"address","address":"d@e.f"},{"address":"g@h.i"},{"kind":"contact","id":5},6]}"#;
    let (mut driver, _recorder) = scripted(vec![reply(200, group)]);
    let shown = driver.call(&["get_usergroup", "7", "@"]).ok();
    let members = r#"a@b.c,d@e.f,g@h.i,{"kind":"contact","id":5},6,"#;
    assert_eq!(shown, Some(format!("id=7 name=@ business=-1 members={members} |")));
}

#[test]
fn a_name_leads_to_one_group_or_the_sentence_says_why_not() {
    let groups = r#"{"groups":[{"id":1,"name":"a"},{"id":2,"name":"twice"},{"id":5,"name":"twice"}]}"#;
    let (mut driver, recorder) = scripted(vec![
        reply(200, groups),
        reply(200, r#"{"id":1,"name":"a","members":["x@y.z"]}"#),
        reply(200, groups),
        reply(200, groups),
    ]);
    let shown = driver.call(&["get_usergroup", "0", "a"]).ok();
    assert_eq!(shown.as_deref(), Some("id=1 name=a business=-1 members=x@y.z, |"));
    assert_eq!(recorder.requests()[1].target, "/dashboard/v2/usergroup/1");
    let outcome = driver.call(&["get_usergroup", "0", "twice"]);
    outcome.failed("XQ_REJECTED", "2 groups are named 'twice', those with the ids 2 and 5");
    let outcome = driver.call(&["get_usergroup", "0", "A"]);
    outcome.failed("XQ_REJECTED", "no group is named 'A'");
    assert_eq!(recorder.count(), 4);
}

#[test]
fn members_are_merged_and_nobody_is_lost_or_there_twice() {
    let group =
        r#"{"id":9,"members":["A@b.c",{"kind":"address","address":"d@e.f"},{"kind":"contact","id":5},{"odd":[1, 2]}]}"#;
    let changes: [(&[&str], Value); 3] = [
        (
            &["add_usergroup_members", "9", "a@B.c,new@b.c,NEW@b.c,"],
            json!({"members": ["A@b.c", "d@e.f", {"kind": "contact", "id": 5}, {"odd": [1, 2]}, "new@b.c"]}),
        ),
        (
            &["remove_usergroup_members", "9", "a@b.c,D@E.F,else@b.c,"],
            json!({"members": [{"kind": "contact", "id": 5}, {"odd": [1, 2]}]}),
        ),
        (
            &["remove_usergroup_members", "9", "d@e.f,"],
            json!({"members": ["A@b.c", {"kind": "contact", "id": 5}, {"odd": [1, 2]}]}),
        ),
    ];
    let replies = [reply(200, group), reply(204, "")];
    let (mut driver, recorder) = scripted([replies.clone(), replies.clone(), replies].concat());
    for (index, (call, body)) in changes.into_iter().enumerate() {
        driver.call(call).ok();
        assert_eq!(sent(&recorder, 2 * index + 1), body, "{call:?}");
    }
    let nothing: [&[&str]; 2] = [
        &["add_usergroup_members", "9", "a@b.c,D@e.f,"],
        &["remove_usergroup_members", "9", "else@b.c,"],
    ];
    let (mut driver, recorder) = scripted(vec![reply(200, group); nothing.len()]);
    for call in nothing {
        driver.call(call).ok();
    }
    assert_eq!(recorder.count(), nothing.len(), "there is nothing to write");
    let unknown = ["{}", r#"{"id":9,"members":null}"#, r#"{"members":"a@b.c"}"#];
    let (mut driver, recorder) = scripted(unknown.iter().map(|group| reply(200, group)).collect());
    for _ in unknown {
        let outcome = driver.call(&["add_usergroup_members", "9", "new@b.c,"]);
        assert_eq!(outcome.status, "XQ_PROTOCOL", "{}", outcome.message);
    }
    assert_eq!(recorder.count(), unknown.len(), "what is not known is not overwritten");
}

#[test]
fn what_was_made_is_not_lost_where_the_reply_has_no_id() {
    let calls: [&[&str]; 2] = [
        &["create_usergroup", "g", "a@b.c,"],
        &["add_contact", "a@b.c", "@", "@", "@"],
    ];
    let bodies = ["{}", r#"{"id":"none"}"#, r#"{"status":"OK","id":1.5}"#, r#"{"id":0}"#];
    let (mut driver, _recorder) = scripted([bodies, bodies].concat().iter().map(|body| reply(200, body)).collect());
    for call in calls {
        for body in bodies {
            driver.call(call).failed("XQ_PROTOCOL", "has no id");
            assert_eq!(driver.call(&["last_reply"]).ok().as_deref(), Some(body));
        }
    }
}

#[test]
fn contacts_businesses_and_communications_are_read() {
    let contacts = r#"{"contacts":[{"id":3,"email":"j@b.c","firstName":"J","lastName":"D","title":"Dr","role":6,"status":2,"bid":"4"},{}]}"#;
    let businesses = r#"{"businesses":[{"id":4,"name":"Acme","x":1},{"id":5}]}"#;
    let communication = format!(r#"{{"id":12,"locator_token":"{LOCATOR}","labels":["a","b"],"title":"t"}}"#);
    let read: [(&[&str], &str, &str); 9] = [
        (
            &["get_contacts", "0", "@", "0", "0"],
            contacts,
            "id=3 email=j@b.c first=J last=D title=Dr role=6 status=2 business=4 |\
             id=-1 email=@ first=@ last=@ title=@ role=-1 status=@ business=-1 |",
        ),
        (&["get_businesses"], businesses, "id=4 name=Acme |id=5 name=@ |"),
        (&["get_businesses"], r#"{"businesses":[]}"#, ""),
        (&["get_contacts", "0", "@", "0", "0"], r#"{"contacts":[]}"#, ""),
        (&["get_usergroup", "0", "@"], r#"{"groups":[]}"#, ""),
        (
            &["get_communication_by_locator_token", LOCATOR],
            r#"{"labels":[]}"#,
            "id=-1 locator=@ labels= ",
        ),
        (&["get_business_info"], r#"{"id":4,"name":"Acme"}"#, "id=4 name=Acme |"),
        (
            &["get_communication_by_locator_token", LOCATOR],
            &communication,
            "id=12 locator=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA labels=a,b, ",
        ),
        (
            &["get_communication_by_locator_token", LOCATOR],
            r#"{"labels":"none"}"#,
            "id=-1 locator=@ labels=@ ",
        ),
    ];
    let (mut driver, _recorder) = scripted(read.iter().map(|(_, body, _)| reply(200, body)).collect());
    for (call, body, shown) in read {
        assert_eq!(driver.call(call).ok().as_deref(), Some(shown));
        assert_eq!(driver.call(&["last_reply"]).ok().as_deref(), Some(body));
    }
    let senseless: [(&[&str], &str); 6] = [
        (&["get_contacts", "0", "@", "0", "0"], r#"{"contacts":{}}"#),
        (&["get_contacts", "0", "@", "0", "0"], r#"{"contacts":[1]}"#),
        (&["get_businesses"], "[]"),
        (&["get_business_info"], "null"),
        (&["get_usergroup", "0", "@"], "{}"),
        (&["get_usergroup", "0", "@"], r#"{"groups":[{"name":"\ud800"}]}"#),
    ];
    let (mut driver, _recorder) = scripted(senseless.iter().map(|(_, body)| reply(200, body)).collect());
    for (call, body) in senseless {
        let outcome = driver.call(call);
        assert_eq!(outcome.status, "XQ_PROTOCOL", "{body}: {}", outcome.message);
    }
}

const ISSUED: &str = r#"{"id":9,"transportKey":"tk","clientCert":"crt\n","clientKey":"key\n"}"#;
const FILES: [(&str, &str); 3] = [
    ("client.crt", "crt\n"),
    ("transport.key", "tk"),
    ("client.key", "key\n"),
];

fn names(folder: &PathBuf) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it is there");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("it can be listed").file_name();
    let mut names: Vec<String> = entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_certificate_comes_out_and_goes_into_files_for_their_owner_alone() {
    let folder = scratch("certificate");
    fs::create_dir_all(&folder).expect("it can be made");
    let path = folder.to_str().expect("UTF-8").to_owned();
    let (mut driver, recorder) = scripted(vec![reply(200, ISSUED)]);
    let shown = driver.call(&["generate_device_certificate", "sensor-1", &path]).ok();
    assert_eq!(
        shown.as_deref(),
        Some("id=9 certificate=crt\n transport_key=tk private_key=key\n ")
    );
    assert_eq!(
        sent(&recorder, 0),
        json!({"tag": "sensor-1", "fence": [], "enabled": true})
    );
    assert_eq!(names(&folder), ["client.crt", "client.key", "transport.key"]);
    for (name, content) in FILES {
        assert_eq!(fs::read_to_string(folder.join(name)).expect("it is there"), content);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.join(name))
                .expect("it is there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
    // A second one would replace them.
    let outcome = driver.call(&["generate_device_certificate", "sensor-2", &path]);
    outcome.failed("XQ_FILE", "client.crt: exists already");
    assert_eq!(recorder.count(), 1);
    fs::remove_dir_all(&folder).expect("it is ours");
}

#[test]
fn without_all_three_files_there_is_none() {
    for (existing, _) in FILES {
        let folder = scratch(&format!("certificate-{existing}"));
        fs::create_dir_all(&folder).expect("it can be made");
        fs::write(folder.join(existing), "somebody else's").expect("it can be written");
        let (mut driver, recorder) = scripted(vec![]);
        let path = folder.to_str().expect("UTF-8").to_owned();
        let outcome = driver.call(&["generate_device_certificate", "sensor-1", &path]);
        outcome.failed("XQ_FILE", &format!("{existing}: exists already"));
        assert_eq!(names(&folder), [existing]);
        assert_eq!(recorder.count(), 0, "nothing is asked for that could not be kept");
        fs::remove_dir_all(&folder).expect("it is ours");
    }
    let (mut driver, recorder) = scripted(vec![]);
    let none = scratch("certificate-none").join("none");
    let path = none.to_str().expect("UTF-8").to_owned();
    let outcome = driver.call(&["generate_device_certificate", "sensor-1", &path]);
    outcome.failed("XQ_FILE", "is no folder");
    let outcome = driver.call(&["generate_device_certificate", "sensor-1", ""]);
    outcome.failed("XQ_INVALID_ARGUMENT", "the folder is empty");
    let outcome = driver.call(&["generate_device_certificate", "", "@"]);
    outcome.failed("XQ_INVALID_ARGUMENT", "the tag is empty");
    assert_eq!(recorder.count(), 0);
}

#[test]
fn a_certificate_that_is_refused_leaves_no_file_and_half_of_one_is_kept_in_the_error() {
    let folder = scratch("certificate-refused");
    fs::create_dir_all(&folder).expect("it can be made");
    let path = folder.to_str().expect("UTF-8").to_owned();
    let half = r#"{"id":9,"transportKey":"tk","clientCert":"crt","clientKey":" "}"#;
    let (mut driver, _recorder) = scripted(vec![reply(403, ""), reply(200, half)]);
    let call = ["generate_device_certificate", "sensor-1", &path];
    driver.call(&call).failed("XQ_REJECTED", "refused");
    assert!(names(&folder).is_empty());
    driver.call(&call).failed("XQ_PROTOCOL", "clientKey");
    assert!(names(&folder).is_empty());
    assert_eq!(driver.call(&["last_reply"]).ok().as_deref(), Some(half));
    fs::remove_dir_all(&folder).expect("it is ours");
}

#[test]
fn a_certificate_whose_files_cannot_be_written_after_all_is_in_the_error() {
    let folder = scratch("certificate-late");
    let path = folder.to_str().expect("UTF-8").to_owned();
    let (recorder, script) = Recorder::scripted();
    let mut driver = Driver::open(recorder.environment());
    give_tokens(&mut driver);
    driver.tell(&["generate_device_certificate", "sensor-1", &path]);
    while recorder.count() == 0 {
        thread::yield_now();
    }
    // The last of the three that get their names: the other two are taken back.
    fs::write(folder.join("client.key"), "somebody else's").expect("it can be written");
    script.send(Play::from(reply(200, ISSUED))).expect("it listens");
    let outcome = driver.hear();
    outcome.failed("XQ_FILE", "client.key: exists already");
    assert_eq!(outcome.http_status, 200, "it is issued");
    assert_eq!(driver.call(&["last_reply"]).ok().as_deref(), Some(ISSUED));
    assert_eq!(names(&folder), ["client.key"]);
    fs::remove_dir_all(&folder).expect("it is ours");
}

#[test]
fn a_certificate_is_not_asked_for_where_its_id_would_be_lost() {
    let (mut driver, recorder) = scripted(vec![]);
    driver.tell(&["no_outputs", "1"]);
    driver.hear().ok();
    assert_eq!(
        driver.call(&["generate_device_certificate", "sensor-1", "@"]).status,
        "XQ_INVALID_ARGUMENT"
    );
    assert_eq!(recorder.count(), 0);
}

#[test]
fn a_refusal_without_words_says_which_token_was_not_accepted() {
    let (mut driver, _recorder) = scripted(vec![reply(401, ""), reply(401, "")]);
    driver
        .call(&["get_businesses"])
        .failed("XQ_UNAUTHORIZED", "the dashboard token");
    let outcome = driver.call(&["get_subscriber"]);
    outcome.failed("XQ_UNAUTHORIZED", "the token or the PIN");
}

#[test]
fn any_request_goes_where_it_is_told_and_nowhere_else() {
    let went: [(&[&str], &str, &str); 6] = [
        (
            &["request", "@", "2", "contact/all", "role,limit,", "6,a&b,", "@", "0"],
            "GET /dashboard/v2/contact/all?role=6&limit=a%26b",
            DASHBOARD,
        ),
        (
            &["request", "POST", "2", "/devapp", "@", "@", r#"{"name":"x"}"#, "0"],
            "POST /dashboard/v2/devapp",
            DASHBOARD,
        ),
        (
            &["request", "GET", "0", "time", "@", "@", "@", "0"],
            "GET /subscription/v2/time",
            HELD,
        ),
        (
            &["request", "DELETE", "1", "key/a%2f b", "@", "@", "@", "0"],
            "DELETE /validation/v2/key/a%252f%20b",
            HELD,
        ),
        (
            &["request", "@", "3", "@", "ks,", "64,", "@", "0"],
            "GET /quantum/v2/?ks=64",
            HELD,
        ),
        (
            &["request", "@", "2", "login/verify", "request,", "sub,", "@", "1"],
            "GET /dashboard/v2/login/verify?request=sub",
            HELD,
        ),
    ];
    let (mut driver, recorder) = scripted(vec![reply(201, " as it came\n"); went.len()]);
    for (index, (call, request, token)) in went.into_iter().enumerate() {
        assert_eq!(driver.call(call).ok().as_deref(), Some("201  as it came\n"));
        let sent = &recorder.requests()[index];
        assert_eq!(format!("{} {}", sent.method, sent.target), request);
        assert_eq!(sent.header("authorization"), Some(format!("Bearer {token}").as_str()));
    }
    let outcome = driver.call(&["request", "PATCH", "0", "x", "a b,", "@,", "@", "2"]);
    outcome.failed("XQ_INVALID_ARGUMENT", "request.query_values[0] is NULL");
    let (mut driver, recorder) = scripted(vec![reply(204, "")]);
    let outcome = driver.call(&["request", "POST", "0", "authorize", "@", "@", "@", "3"]);
    assert_eq!(outcome.ok().as_deref(), Some("204 "));
    assert_eq!(recorder.requests()[0].header("authorization"), None);
    assert_eq!(recorder.requests()[0].header("content-length"), Some("0"));
}

#[test]
fn a_request_that_could_lead_elsewhere_is_not_sent() {
    let (mut driver, recorder) = scripted(vec![]);
    let paths = [
        "..", "a/../b", "./a", "a/./b", "a//b", "//host/a", "a/", "a?b=c", "a#b", "a\\b", "a\nb", "a\r\nb",
    ];
    for path in paths {
        let outcome = driver.call(&["request", "GET", "0", path, "@", "@", "@", "0"]);
        outcome.failed("XQ_INVALID_ARGUMENT", "the path");
    }
    for path in [
        "key/the-locator/",
        "key//the-locator",
        "key/the-locator?x=1",
        "key/the-locator/..",
    ] {
        let outcome = driver.call(&["request", "GET", "1", path, "@", "@", "@", "0"]);
        outcome.failed("XQ_INVALID_ARGUMENT", "the path");
        assert!(!outcome.message.contains("locator"), "{}", outcome.message);
    }
    let wrong: [(&[&str], &str); 6] = [
        (&["request", "get", "0", "a", "@", "@", "@", "0"], "the method is 'get'"),
        (&["request", "GET", "4", "a", "@", "@", "@", "0"], "service is 4"),
        (&["request", "GET", "0", "a", ",", "b,", "@", "0"], "empty name"),
        (&["request", "GET", "0", "a", "@", "@", "{}", "0"], "GET has no body"),
        (
            &["request", "DELETE", "0", "a", "@", "@", "{}", "0"],
            "DELETE has no body",
        ),
        (&["request", "GET", "0", "a", "@", "@", "@", "4"], "request.token is 4"),
    ];
    for (call, words) in wrong {
        driver.call(call).failed("XQ_INVALID_ARGUMENT", words);
    }
    driver.call(&["set_access_token", "@"]).ok();
    driver.call(&["set_dashboard_token", "@"]).ok();
    let outcome = driver.call(&["request", "GET", "0", "a", "@", "@", "@", "1"]);
    outcome.failed("XQ_UNAUTHORIZED", "no token is held");
    let outcome = driver.call(&["request", "GET", "0", "a", "@", "@", "@", "2"]);
    outcome.failed("XQ_UNAUTHORIZED", "no dashboard token is held");
    assert_eq!(recorder.count(), 0);
}

#[test]
fn what_a_request_sent_is_not_in_its_error_or_in_the_log() {
    let echo = |words: &str| reply(400, &json!({ "status": words }).to_string());
    let (mut driver, _recorder) = scripted(vec![
        echo("no such thing as the-locator"),
        echo("no such value as the-value"),
        echo("the password hunter22 is wrong"),
        echo("nothing of yours"),
        echo("there is no group with id 987654"),
    ]);
    driver.call(&["set_logger", "1"]).ok();
    let body = r#"{"deep":[{"pwd":"hunter22"}]}"#;
    let calls: [&[&str]; 3] = [
        &["request", "GET", "1", "key/the-locator", "@", "@", "@", "0"],
        &["request", "GET", "1", "key", "name,", "the-value,", "@", "0"],
        &["request", "POST", "2", "login", "@", "@", body, "3"],
    ];
    for call in calls {
        driver
            .call(call)
            .failed("XQ_REJECTED", "its words repeat what was sent");
    }
    driver.call(calls[0]).failed("XQ_REJECTED", "nothing of yours");
    let outcome = driver.call(&["request", "GET", "2", "usergroup/987654", "@", "@", "@", "0"]);
    outcome.failed("XQ_REJECTED", "there is no group with id 987654");
    let log = driver.call(&["log"]).ok().expect("it is kept");
    assert!(
        log.contains("GET validation/key:") && log.contains("POST dashboard/login:"),
        "{log}"
    );
    for secret in ["the-locator", "the-value", "hunter22"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn a_token_tells_when_it_ends_or_that_it_does_not_tell() {
    let jwt = |claims: &str| format!("head.{}.sign", BASE64_URL_SAFE_NO_PAD.encode(claims));
    let (mut driver, recorder) = scripted(vec![]);
    let tokens = [
        (jwt(r#"{"exp":1900000000}"#), "1900000000"),
        (jwt(r#"{"sub":"ö","exp":1.9e9}"#), "1900000000"),
        (jwt(r#"{"exp":"1900000000"}"#), "1900000000"),
        (jwt(r#"{"exp":1900000000.5}"#), "1900000000"),
        (jwt(r#"{"exp":1e400}"#), "-1"),
        (jwt(r#"{"exp":true}"#), "-1"),
        (jwt(r#"{"sub":"j"}"#), "-1"),
        (jwt(r#"{"exp":-5}"#), "-1"),
        (jwt("no JSON"), "-1"),
        (jwt("[1]"), "-1"),
        ("opaque".to_owned(), "-1"),
        ("a.~~.c".to_owned(), "-1"),
    ];
    for (token, ends) in tokens {
        driver.call(&["set_access_token", &token]).ok();
        assert_eq!(
            driver.call(&["token_expiration", "1"]).ok().as_deref(),
            Some(ends),
            "{token}"
        );
        driver.call(&["set_dashboard_token", &token]).ok();
        assert_eq!(
            driver.call(&["token_expiration", "2"]).ok().as_deref(),
            Some(ends),
            "{token}"
        );
    }
    for which in ["0", "3", "-1"] {
        let outcome = driver.call(&["token_expiration", which]);
        outcome.failed("XQ_INVALID_ARGUMENT", "expected XQ_TOKEN_ACCESS or XQ_TOKEN_DASHBOARD");
    }
    driver.call(&["forget_tokens"]).ok();
    driver
        .call(&["token_expiration", "1"])
        .failed("XQ_UNAUTHORIZED", "no token is held");
    let outcome = driver.call(&["token_expiration", "2"]);
    outcome.failed("XQ_UNAUTHORIZED", "no dashboard token is held");
    assert_eq!(recorder.count(), 0);
}

/// Somebody who has signed in with a PIN, on the dashboard too.
fn administrator(emulator: &Emulator, user: &str) -> Driver {
    let mut driver = signed_in(emulator, user, ["", ""]);
    driver.call(&["exchange_for_dashboard_token", "@"]).ok();
    driver
}

/// The number behind `id=` in the first row.
fn id_in(shown: Option<String>) -> String {
    let shown = shown.expect("rows came out");
    let (_, rest) = shown.split_once("id=").expect("there is an id");
    rest.split(' ').next().expect("it is one word").to_owned()
}

#[test]
fn a_group_is_a_recipient_for_as_long_as_somebody_is_in_it() {
    let emulator = emulator();
    let mut jane = administrator(&emulator, "jane@example.com");
    let mut joe = signed_in(&emulator, "joe@example.com", ["", ""]);
    let id = id_in(jane.call(&["create_usergroup", "sales", "ann@example.com,"]).ok());
    let group = format!("{id}@group.local,");
    let locator = jane
        .call(&["create_and_store_packet", "key", &group])
        .ok()
        .expect("it is stored");
    joe.call(&["get_packet", &locator]).failed("XQ_REJECTED", "");
    jane.call(&["add_usergroup_members", &id, "JOE@example.com,"]).ok();
    assert_eq!(joe.call(&["get_packet", &locator]).ok().as_deref(), Some("key"));
    let shown = jane.call(&["get_usergroup", "0", "sales"]).ok().expect("it is there");
    assert!(shown.contains("members=ann@example.com,JOE@example.com, "), "{shown}");
    jane.call(&["remove_usergroup_members", &id, "joe@example.com,"]).ok();
    joe.call(&["get_packet", &locator]).failed("XQ_REJECTED", "");
    jane.call(&["update_usergroup", &id, "all", "joe@example.com,"]).ok();
    joe.call(&["get_packet", &locator]).ok();
    jane.call(&["delete_usergroup", &id]).ok();
    joe.call(&["get_packet", &locator]).failed("XQ_REJECTED", "");
    let outcome = jane.call(&["get_usergroup", &id, "@"]);
    assert_eq!((outcome.status.as_str(), outcome.http_status), ("XQ_REJECTED", 404));
}

#[test]
fn a_device_is_provisioned_and_listed_and_a_key_has_its_labels() {
    let emulator = emulator();
    let mut jane = administrator(&emulator, "jane@example.com");
    let shown = jane.call(&["generate_device_certificate", "sensor-1", "@"]).ok();
    let reply: Vec<String> = ["certificate=", "transport_key=", "private_key="]
        .iter()
        .map(|name| {
            let (_, rest) = shown
                .as_deref()
                .and_then(|shown| shown.split_once(name))
                .expect("it is there");
            rest.split_once(" transport_key=")
                .or_else(|| rest.split_once(" private_key="))
                .map_or(rest, |(text, _)| text)
                .trim()
                .to_owned()
        })
        .collect();
    let id = id_in(shown);
    let mut device = Driver::open(emulator.env());
    let [certificate, transport_key, private_key] = [&reply[0], &reply[1], &reply[2]];
    let sign_in = [
        "authorize_device_cert_memory",
        &id,
        certificate,
        transport_key,
        private_key,
        "sensor-1",
        "1",
    ];
    device.call(&sign_in).ok();
    let listed = jane.call(&["get_contacts", "6", "@", "0", "0"]).ok().expect("rows");
    assert!(listed.contains("first=sensor-1 "), "{listed}");

    let locator = jane
        .call(&["create_and_store_packet", "key", "a@b.c,"])
        .ok()
        .expect("it is stored");
    jane.call(&["add_labels_to_locator_token", &locator, "red,blue,"]).ok();
    let shown = jane
        .call(&["get_communication_by_locator_token", &locator])
        .ok()
        .expect("it is there");
    assert!(
        shown.contains(&format!("locator={locator} labels=red,blue, ")),
        "{shown}"
    );

    let contact = jane
        .call(&["add_contact", "ann@example.com", "Ann", "@", "@"])
        .ok()
        .expect("an id");
    jane.call(&["disable_contact", &contact]).ok();
    jane.call(&["remove_contact", &contact]).ok();
    let outcome = jane.call(&["remove_contact", &contact]);
    assert_eq!((outcome.status.as_str(), outcome.http_status), ("XQ_REJECTED", 404));
}

#[test]
fn a_business_that_is_switched_to_has_groups_of_its_own() {
    let emulator = emulator();
    let mut jane = administrator(&emulator, "jane@example.com");
    jane.call(&["create_usergroup", "sales", "ann@example.com,"]).ok();
    let body = r#"{"name":"Second"}"#;
    jane.call(&["request", "POST", "2", "business", "@", "@", body, "0"])
        .ok();
    let all = jane.call(&["get_businesses"]).ok().expect("rows");
    let second = all
        .split('|')
        .find(|row| row.contains("name=Second"))
        .expect("it is listed");
    let second = id_in(Some(second.to_owned()));
    jane.call(&["switch_business", &second]).ok();
    assert!(
        jane.call(&["get_business_info"])
            .ok()
            .expect("a row")
            .contains("name=Second")
    );
    assert_eq!(jane.call(&["get_usergroup", "0", "@"]).ok().as_deref(), Some(""));
    let ends = jane.call(&["token_expiration", "2"]).ok().expect("it tells");
    assert!(ends.parse::<i64>().expect("a number") > emulator.now());
    jane.call(&["switch_business", "999"]).failed("XQ_REJECTED", "999");
}

#[test]
fn a_token_of_the_wrong_side_is_told_by_the_service() {
    let emulator = emulator();
    let mut jane = administrator(&emulator, "jane@example.com");
    let (access, dashboard) = tokens(&mut jane);
    jane.call(&["validate_access_token"]).ok();
    jane.call(&["set_dashboard_token", access.as_deref().expect("it is held")])
        .ok();
    jane.call(&["get_usergroup", "0", "@"])
        .failed("XQ_UNAUTHORIZED", "dashboard token");
    jane.call(&["set_access_token", dashboard.as_deref().expect("it is held")])
        .ok();
    jane.call(&["get_packet", LOCATOR])
        .failed("XQ_UNAUTHORIZED", "access token");
    jane.call(&["exchange_for_dashboard_token", "@"])
        .failed("XQ_UNAUTHORIZED", "access token");
}

#[test]
fn somebody_signs_up_and_logs_in_with_a_password() {
    let emulator = emulator();
    let mut jane = Driver::open(emulator.env());
    let signup = ["dashboard_signup", "jane@example.com", "pass word", "0"];
    assert_eq!(jane.call(&signup).ok().as_deref(), Some("0"));
    assert_eq!(jane.call(&signup).ok().as_deref(), Some("1"));
    let wrong = jane.call(&["dashboard_login", "jane@example.com", "password", "@", "@"]);
    wrong.failed("XQ_UNAUTHORIZED", "");
    jane.call(&["dashboard_login", "jane@example.com", "pass word", "@", "@"])
        .ok();
    jane.call(&["validate_access_token"]).failed("XQ_UNAUTHORIZED", "");
    jane.call(&["login_verify"]).ok();
    jane.call(&["validate_access_token"]).ok();
    jane.call(&["send_login_link", "jane@example.com", "@"]).ok();
    let link = emulator.link("jane@example.com").expect("it was mailed");
    jane.call(&["dashboard_login", "@", "@", &link, "@"]).ok();
    jane.call(&["login_verify"]).ok();
    jane.call(&["validate_access_token"]).ok();
    // It works once.
    jane.call(&["dashboard_login", "@", "@", &link, "@"]).ok();
    jane.call(&["login_verify"]).failed("XQ_UNAUTHORIZED", "");
    jane.call(&["dashboard_login", "jane@example.com", "pass word", "@", "@"])
        .ok();
    jane.call(&["login_verify"]).ok();
    // The way back to the other side.
    jane.call(&["exchange_for_subscription_token"]).ok();
    jane.call(&["get_subscriber"]).ok();
}
