//! The program, as a script uses it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::client::agent;

struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Program { child, lines }
    }

    /// The environment it prints, up to the line that says it is ready.
    fn env(&mut self) -> BTreeMap<String, String> {
        let lines = self.lines.by_ref().map(Result::unwrap);
        exports(
            &lines
                .take_while(|line| !line.starts_with("ready: "))
                .collect::<Vec<_>>()
                .join("\n"),
        )
    }

    /// Sends a signal; what the program then exits with.
    fn end(mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It outlives no test, a failed one neither.
        let _ = self.child.kill();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xq-emulator"));
    command.args(arguments);
    command
}

/// What a shell would make of the lines.
fn exports(text: &str) -> BTreeMap<String, String> {
    let parse = |line: &str| {
        let (name, value) = line.strip_prefix("export ").unwrap().split_once('=').unwrap();
        let value = value.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
        (name.to_owned(), value.to_owned())
    };
    text.lines().filter(|line| !line.is_empty()).map(parse).collect()
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn it_prints_the_environment_and_the_mail() {
    let mut program = Program::start(&["--api-key", "k1", "--dashboard-key", "k2", "--locator-key", "it's"]);
    let env = program.env();
    assert_eq!(
        (env["XQ_API_KEY"].as_str(), env["XQ_DASHBOARD_API_KEY"].as_str()),
        ("k1", "k2")
    );
    assert_eq!(env["XQ_LOCATOR_KEY"], r"it'\''s");

    let url = format!("{}/authorize", env["XQ_SUBSCRIPTION_URL"]);
    agent()
        .post(url)
        .header("api-key", "k1")
        .send(r#"{"user":"jane@example.com"}"#)
        .unwrap();
    let url = format!("{}/mail?user=jane@example.com", env["XQ_EMULATOR_ADMIN"]);
    let mail = agent().get(url).call().unwrap().body_mut().read_to_string().unwrap();
    let mail: serde_json::Value = serde_json::from_str(&mail).unwrap();
    let line = program
        .lines
        .by_ref()
        .map(Result::unwrap)
        .find(|line| !line.is_empty())
        .unwrap();
    assert_eq!(
        line,
        format!("mail to jane@example.com: PIN {}", mail[0]["pin"].as_str().unwrap())
    );
    assert_eq!(program.end("-TERM"), Some(0));
}

#[test]
fn nobody_need_read_what_it_prints() {
    let mut program = Program::start(&[]);
    let env = program.env();
    let url = format!("{}/authorize", env["XQ_SUBSCRIPTION_URL"]);
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(1)));
    let impatient: ureq::Agent = config.build().into();
    // More than a pipe holds.
    let body = format!(r#"{{"user":"{}@example.com"}}"#, "j".repeat(100_000));
    let stuck = impatient.post(url).header("api-key", "general-key").send(body);
    assert!(matches!(stuck, Err(ureq::Error::Timeout(_))), "{stuck:?}");
    let url = format!("{}/mail", env["XQ_EMULATOR_ADMIN"]);
    assert!(agent().get(url).call().is_ok());
    assert_eq!(program.end("-TERM"), Some(0));
}

#[test]
fn the_environment_file_lives_as_long_as_the_program() {
    let file = scratch("emulator.env");
    fs::write(&file, "left by an earlier run").unwrap();
    let mut program = Program::start(&["--tls", "--env-file", file.to_str().unwrap()]);
    let printed = program.env();
    assert_eq!(exports(&fs::read_to_string(&file).unwrap()), printed);
    let root = PathBuf::from(&printed["XQ_CA_FILE"]);
    assert!(root.exists());
    for name in ["REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
        assert_eq!(printed[name], printed["XQ_CA_FILE"], "{name}");
    }
    assert_eq!(program.end("-INT"), Some(0));
    assert!(!file.exists() && !root.exists());
}

#[test]
fn one_key_is_printed_as_both() {
    let mut program = Program::start(&["--api-key", "k1", "--no-dashboard-key"]);
    let env = program.env();
    assert_eq!(
        (env["XQ_API_KEY"].as_str(), env["XQ_DASHBOARD_API_KEY"].as_str()),
        ("k1", "k1")
    );
    // Names of other programs only where they need them.
    assert!(
        !env.keys()
            .any(|name| name.ends_with("_CA_BUNDLE") || name.starts_with("NODE_"))
    );
    program.end("-TERM");
}

#[test]
fn faults_come_from_the_command_line() {
    let counted = r#"{"on":"subscription/apikey","count":1,"do":{"reply":{"status":418}}}"#;
    let mut program = Program::start(&["--fault", counted, "--fault", "subscription/api*=status:503"]);
    let url = format!("{}/apikey", program.env()["XQ_SUBSCRIPTION_URL"]);
    let statuses = [(); 3].map(|()| agent().get(&url).call().unwrap().status().as_u16());
    assert_eq!(statuses, [418, 503, 503]);
    program.end("-TERM");
}

#[test]
fn what_cannot_be_is_refused_in_a_sentence() {
    for (arguments, word) in [
        (&["--fault", "nowhere=close"][..], "nowhere"),
        (&["--port", "65536"], "65536"),
        (&["--cert-dir", "/tmp"], "--tls"),
        (&["--api-key", ""], "general key"),
        (&["--tls", "--cert-dir", "/dev/null/certs"], "/dev/null/certs"),
        (
            &["--env-file", "/nonexistent/emulator.env"],
            "/nonexistent/emulator.env",
        ),
    ] {
        let output = command(arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        let why = String::from_utf8(output.stderr).unwrap();
        assert!(why.contains(word), "{arguments:?}: {why}");
        assert!(!why.contains("panicked"));
    }
}

#[test]
fn a_device_certificate_comes_as_files() {
    use std::os::unix::fs::PermissionsExt;
    let directory = scratch("device");
    let mut program = Program::start(&["--device-cert", directory.to_str().unwrap()]);
    let env = program.env();
    assert_eq!(env["XQ_DEVICE_CERT_ID"], "1");
    assert_eq!(Path::new(&env["XQ_DEVICE_CERT_DIR"]), directory);
    let read = |name| fs::read_to_string(directory.join(name)).unwrap();
    assert!(read("client.crt").starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(read("client.key").starts_with("-----BEGIN PRIVATE KEY-----"));
    assert_eq!(read("transport.key").len(), 44);
    let mode = fs::metadata(directory.join("client.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
    program.end("-TERM");
}

#[test]
fn a_dashboard_token_comes_with_the_environment() {
    let mut program = Program::start(&["--dashboard-token", "jane@example.com"]);
    let env = program.env();
    let url = format!("{}/exchange?request=dashboard", env["XQ_SUBSCRIPTION_URL"]);
    let bearer = format!("Bearer {}", env["XQ_DASHBOARD_TOKEN"]);
    let request = agent()
        .get(url)
        .header("api-key", "general-key")
        .header("authorization", bearer);
    assert_eq!(request.call().unwrap().status(), 200);
    program.end("-TERM");
}
