//! The program: starts an emulator, prints the environment its clients need, and runs until it is told to stop.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use xq_emulator::{Emulator, Fault, Options};

/// A loopback XQ service: sign in, devices and key packets without an account.
///
/// It prints the environment that a client needs, ready to paste, and then a line for each mail that XQ would send, with
/// its PIN. Its state is in memory and goes when it stops. Ctrl-C stops it.
#[derive(Parser)]
#[command(name = "xq-emulator", version, after_help = FAULTS)]
struct Arguments {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0, value_name = "N")]
    port: u16,
    /// HTTPS with a root certificate made for the purpose; each service is a host too: https://subscription.localhost:N/v2
    #[arg(long)]
    tls: bool,
    /// Where root.pem goes under --tls; without it, to a temporary file
    #[arg(long, value_name = "DIR", requires = "tls")]
    cert_dir: Option<PathBuf>,
    /// The general API key
    #[arg(long, default_value = "general-key", value_name = "KEY")]
    api_key: String,
    /// The dashboard's API key
    #[arg(long, default_value = "dashboard-key", value_name = "KEY")]
    dashboard_key: String,
    /// The dashboard has no API key of its own: it takes the general one, which XQ_DASHBOARD_API_KEY then holds
    #[arg(long, conflicts_with = "dashboard_key")]
    no_dashboard_key: bool,
    /// The key that replies to trusted devices are sealed with
    #[arg(long, default_value = "locator-key-000", value_name = "KEY")]
    locator_key: String,
    /// Something that shall go wrong: ON=ACTION (see below); may be given more than once
    #[arg(long, value_name = "SPEC")]
    fault: Vec<Fault>,
    /// Issue a device certificate: client.crt, transport.key and client.key go to this directory, and the environment
    /// gets XQ_DEVICE_CERT_ID and XQ_DEVICE_CERT_DIR
    #[arg(long, value_name = "DIR")]
    device_cert: Option<PathBuf>,
    /// Sign this user in to the dashboard: the environment gets XQ_DASHBOARD_TOKEN
    #[arg(long, value_name = "ADDRESS")]
    dashboard_token: Option<String>,
    /// Write the environment to this file too, whole at once and when the emulator is listening; removed when it stops
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
}

const FAULTS: &str = "\
Faults:
  ON is a service and the path of a call, such as subscription/packet/add. An ending * stands for all that begin so:
  validation/key/*, subscription/*, or * alone. The entropy call is quantum. The first fault given for a call is the one
  that happens.

  ON=delay:MS        the reply comes MS milliseconds late, 65535 at most
  ON=status:CODE     this HTTP status with an empty body
  ON=redirect:URL    a 307 to URL
  ON=nonsense        a 200 whose body is not even text
  ON=close           the connection is closed before a reply
  ON=stall           no reply ever comes
  ON=cut             the reply ends in the middle of its body
  ON=stall-body      the reply stops in the middle of its body
  ON=drip            a body without an end, byte by byte
  ON=endless-head    a head without an end
  ON=endless-body    a body without an end
  ON=raw:TEXT        exactly TEXT in place of an HTTP reply

  While it runs, POST of a fault as JSON to $XQ_EMULATOR_ADMIN/faults turns one on, and DELETE all of them off.
  JSON says more: a body, header fields, how often.
  --fault '{\"on\":\"subscription/exchange\",\"count\":2,
            \"do\":{\"reply\":{\"status\":429,\"headers\":{\"Retry-After\":\"3\"},\"body\":\"slow down\"}}}'
";

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xq-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> io::Result<()> {
    let env_file = arguments.env_file.map(EnvFile::new).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Signals are taken from here on, so that one which comes early still leaves nothing behind.
    let signal = runtime.block_on(async { Signals::new() })?;
    let emulator = Emulator::start(Options {
        port: arguments.port,
        tls: arguments.tls,
        cert_dir: arguments.cert_dir,
        api_key: arguments.api_key,
        dashboard_key: (!arguments.no_dashboard_key).then_some(arguments.dashboard_key),
        locator_key: arguments.locator_key,
        faults: arguments.fault,
        print_mail: true,
    })?;
    let mut env = emulator.env();
    if let Some(directory) = &arguments.device_cert {
        env.extend(issue_certificate(&emulator, directory)?);
    }
    if let Some(user) = &arguments.dashboard_token {
        let token = emulator.dashboard_token(user).map_err(io::Error::other)?;
        env.push(("XQ_DASHBOARD_TOKEN".to_owned(), token));
    }
    let exports = exports(&env);
    if let Some(file) = &env_file {
        file.write(&exports)?;
    }
    let mut out = io::stdout();
    write!(out, "{exports}\nready: {} (Ctrl-C stops it)\n\n", emulator.origin())?;
    out.flush()?;
    runtime.block_on(signal.received());
    Ok(())
}

/// Issues a certificate into a directory; what to add to the environment.
fn issue_certificate(emulator: &Emulator, directory: &Path) -> io::Result<[(String, String); 2]> {
    let certificate = emulator.issue_certificate("device")?;
    fs::create_dir_all(directory).map_err(|error| about(directory, error))?;
    let directory = std::path::absolute(directory)?;
    let files = [
        ("client.crt", certificate.client_cert),
        ("transport.key", certificate.transport_key),
        ("client.key", certificate.client_key),
    ];
    for (name, text) in files {
        let path = directory.join(name);
        write_private(&path, &text).map_err(|error| about(&path, error))?;
    }
    let id = ("XQ_DEVICE_CERT_ID".to_owned(), certificate.id.to_string());
    Ok([id, ("XQ_DEVICE_CERT_DIR".to_owned(), directory.display().to_string())])
}

/// Writes a file that nobody else can read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // The mode counts for a file that is made now.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}

/// The environment as a shell takes it.
fn exports(env: &[(String, String)]) -> String {
    env.iter().fold(String::new(), |mut text, (name, value)| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "export {name}='{}'", value.replace('\'', r"'\''"));
        text
    })
}

/// The file that tells a script that the emulator is listening, and where. It exists as long as that is true.
struct EnvFile(PathBuf);

impl EnvFile {
    /// Removes what an earlier run may have left.
    fn new(path: PathBuf) -> io::Result<Self> {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(about(&path, error)),
            _ => Ok(EnvFile(path)),
        }
    }

    /// Writes it whole: a reader sees all of it or none.
    fn write(&self, exports: &str) -> io::Result<()> {
        let mut name = self.0.clone().into_os_string();
        name.push(".part");
        let part = PathBuf::from(name);
        fs::write(&part, exports)
            .and_then(|()| fs::rename(&part, &self.0))
            .map_err(|error| about(&self.0, error))
    }
}

impl Drop for EnvFile {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = fs::remove_file(&self.0);
    }
}

fn about(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// The signals that stop a program.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 2]);

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        ]))
    }

    async fn received(mut self) {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// The signal that stops a program.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Signals)
    }

    async fn received(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
