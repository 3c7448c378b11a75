//! The covers for other languages are whole: each calls every function of the header, or leaves it out for a reason. And
//! what the READMEs show of them is what their tests run.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A library for one language on top of the header.
struct Cover {
    /// Its directory and the ending of its files.
    files: (&'static str, &'static str),
    /// What stands in front of a function's name where it is called.
    call: &'static str,
    /// What it does not call, and why.
    left_out: &'static [(&'static str, &'static str)],
}

const PYTHON: Cover = Cover {
    files: ("bindings/python/xq", "py"),
    call: "_lib.",
    left_out: &[
        ("xq_packet_options_init", "a struct has its defaults from Python"),
        ("xq_packet_row_init", "a struct has its defaults from Python"),
        ("xq_seal_options_init", "a struct has its defaults from Python"),
        ("xq_new_contact_init", "a struct has its defaults from Python"),
        ("xq_request_init", "a struct has its defaults from Python"),
        (
            "xq_config_set_transport",
            "a transport is for boards without sockets of their own, which have no Python",
        ),
        ("xq_http_reply_set_status", "of a transport"),
        ("xq_http_reply_add_body", "of a transport"),
        ("xq_http_reply_set_retry_after", "of a transport"),
        ("xq_http_reply_set_content_type", "of a transport"),
        ("xq_http_reply_set_message", "of a transport"),
        ("xq_http_reply_is_canceled", "of a transport"),
        ("xq_http_reply_set_not_sent", "of a transport"),
        ("xq_board_set_random", "for boards without an operating system"),
        ("xq_board_set_clock", "for boards without an operating system"),
    ],
};

const GO: Cover = Cover {
    files: ("bindings/go", "go"),
    call: "C.",
    left_out: &[
        (
            "xq_config_set_transport",
            "a transport is for boards without sockets of their own, which have no Go",
        ),
        ("xq_http_reply_set_status", "of a transport"),
        ("xq_http_reply_add_body", "of a transport"),
        ("xq_http_reply_set_retry_after", "of a transport"),
        ("xq_http_reply_set_content_type", "of a transport"),
        ("xq_http_reply_set_message", "of a transport"),
        ("xq_http_reply_is_canceled", "of a transport"),
        ("xq_http_reply_set_not_sent", "of a transport"),
        ("xq_board_set_random", "for boards without an operating system"),
        ("xq_board_set_clock", "for boards without an operating system"),
        ("xq_packet_options_init", "a struct has its defaults from Go"),
        ("xq_packet_row_init", "a struct has its defaults from Go"),
        ("xq_seal_options_init", "a struct has its defaults from Go"),
        ("xq_new_contact_init", "a struct has its defaults from Go"),
        ("xq_request_init", "a struct has its defaults from Go"),
        (
            "xq_set_logger",
            "Go programs log where they call, with what they know there",
        ),
    ],
};

impl Cover {
    /// All its code, without comments on lines of their own.
    fn code(&self) -> String {
        let (directory, ending) = self.files;
        let entries = fs::read_dir(Path::new(ROOT).join(directory)).expect("the cover has a directory");
        let mut code = String::new();
        for entry in entries {
            let path = entry.expect("it can be listed").path();
            let name = path.file_name().expect("it has a name").to_string_lossy();
            if path.extension().is_some_and(|e| e == ending) && !name.contains("_test.") {
                code += &read(&path);
            }
        }
        let lines = code.lines().filter(|line| !line.trim_start().starts_with(['#', '/']));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[track_caller]
    fn is_whole(&self) {
        let header = functions();
        let code = self.code();
        let called: BTreeSet<&str> = code.split(self.call).skip(1).map(word).collect();
        let left_out: BTreeSet<&str> = self.left_out.iter().map(|(name, _)| *name).collect();
        let uncalled: BTreeSet<&str> = header
            .iter()
            .map(String::as_str)
            .filter(|name| !called.contains(name))
            .collect();
        assert_eq!(
            uncalled, left_out,
            "the header's functions that {} does not call",
            self.files.0
        );
    }
}

/// The functions that the header declares.
fn functions() -> BTreeSet<String> {
    let header = read(&Path::new(ROOT).join("include/xq.h"));
    let code: String = header
        .split("/*")
        .map(|part| part.split_once("*/").map_or(part, |(_, code)| code))
        .collect();
    let names = code.match_indices("xq_").map(|(at, _)| &code[at..]);
    let names: BTreeSet<String> = names
        .filter(|rest| rest[word(rest).len()..].starts_with('('))
        .map(|rest| word(rest).to_owned())
        .collect();
    assert!(names.contains("xq_version") && names.len() > 50, "{names:?}");
    names
}

/// The identifier at the beginning of `text`.
fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .next()
        .unwrap_or("")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The listings in `language` of a README are those of `files`, in their order and word for word.
#[track_caller]
fn is_shown(readme: &str, language: &str, files: &[&str]) {
    let text = read(&Path::new(ROOT).join(readme));
    let listings: Vec<&str> = text.split(&format!("\n```{language}\n")).skip(1).collect();
    assert!(listings.len() >= files.len(), "{readme} lacks a listing");
    for (listing, file) in listings.into_iter().zip(files) {
        let (listing, _) = listing.split_once("```").expect("it ends");
        assert!(
            read(&Path::new(ROOT).join(file)).contains(listing),
            "{readme} shows what {file} does not say"
        );
    }
}

#[test]
fn python_is_whole() {
    PYTHON.is_whole();
    is_shown(
        "bindings/python/README.md",
        "python",
        &["bindings/python/examples/share_key.py"],
    );
}

#[test]
fn cpp_is_whole() {
    let cover = read(&Path::new(ROOT).join("include/xq.hpp"));
    // A struct is set with the initializer; what an own transport calls is C.
    let left_out = |name: &str| {
        name.starts_with("xq_http_reply_")
            || name.starts_with("xq_board_")
            || matches!(
                name,
                "xq_packet_options_init"
                    | "xq_packet_row_init"
                    | "xq_seal_options_init"
                    | "xq_new_contact_init"
                    | "xq_request_init"
                    | "xq_version"
                    | "xq_version_number"
                    | "xq_features"
                    | "xq_status_name"
                    | "xq_status_meaning"
            )
    };
    for name in functions().iter().filter(|name| !left_out(name)) {
        let called = cover
            .match_indices(name.as_str())
            .any(|(at, _)| word(&cover[at..]) == name);
        assert!(called, "{name} is not in xq.hpp");
    }
    let examples = [
        "bindings/cpp/examples/share_key.cpp",
        "bindings/cpp/examples/without_exceptions.cpp",
    ];
    is_shown("bindings/cpp/README.md", "cpp", &examples);
}

#[test]
fn the_readmes_c_is_the_first_example() {
    is_shown("README.md", "c", &["examples-c/first.c"]);
}

#[test]
fn go_is_whole() {
    GO.is_whole();
    is_shown(
        "bindings/go/README.md",
        "go",
        &["bindings/go/examples/share_key/main.go"],
    );
}
