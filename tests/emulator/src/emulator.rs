//! Starting and stopping, and what a program may ask of an emulator that it started itself.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::{fmt, io};

use tokio::sync::{oneshot, watch};

use crate::address::same;
use crate::business::FIRST;
use crate::certificate::Certificate;
use crate::fault::{Fault, Faults};
use crate::front::{App, Service};
use crate::random;
use crate::requests::{Requests, Seen};
use crate::server;
use crate::tls::Identity;
use crate::world::{Device, World};

/// What an emulator is started with.
#[derive(Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 for a free one.
    pub port: u16,
    /// HTTPS in place of HTTP, with a root certificate made for the purpose.
    pub tls: bool,
    /// Where `root.pem` goes under TLS. Without it, to a temporary file that goes when the emulator does.
    pub cert_dir: Option<PathBuf>,
    /// The general API key.
    pub api_key: String,
    /// The dashboard's API key. Where it has none of its own, it takes the general one.
    pub dashboard_key: Option<String>,
    /// The key that replies to trusted devices are sealed with.
    pub locator_key: String,
    /// Faults that are on from the start.
    pub faults: Vec<Fault>,
    /// Print a line for each mail to standard output.
    pub print_mail: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            port: 0,
            tls: false,
            cert_dir: None,
            api_key: "general-key".to_owned(),
            dashboard_key: Some("dashboard-key".to_owned()),
            locator_key: "locator-key-000".to_owned(),
            faults: Vec::new(),
            print_mail: false,
        }
    }
}

impl Options {
    /// A key travels in a header field and in the environment: visible ASCII passes through both.
    fn check(&self) -> io::Result<()> {
        let keys = [
            ("general", Some(&self.api_key)),
            ("dashboard", self.dashboard_key.as_ref()),
            ("locator", Some(&self.locator_key)),
        ];
        match keys
            .into_iter()
            .filter_map(|(name, key)| Some((name, key?)))
            .find(|(_, key)| key.is_empty() || !key.bytes().all(|b| b.is_ascii_graphic()))
        {
            None => Ok(()),
            Some((name, _)) => Err(invalid(format!(
                "the {name} key is empty, or holds something other than visible ASCII"
            ))),
        }
    }
}

/// A running XQ service. Dropping it stops it.
pub struct Emulator {
    app: App,
    port: u16,
    root: Option<RootFile>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts one with nothing to remember. It is listening when this returns.
    pub fn start(options: Options) -> io::Result<Self> {
        Self::start_with(options, World::default())
    }

    /// Starts one that goes on with the world of another.
    pub fn start_with(options: Options, world: World) -> io::Result<Self> {
        options.check()?;
        let faults = Faults::default();
        options
            .faults
            .iter()
            .try_for_each(|fault| faults.add(fault.clone()))
            .map_err(invalid)?;
        let identity = if options.tls { Some(world.identity()?) } else { None };
        let root = identity
            .as_ref()
            .map(|identity| RootFile::write(&options, identity))
            .transpose()?;

        // The standard library sets SO_REUSEADDR, so a port can be taken again at once.
        let address = (Ipv4Addr::LOCALHOST, options.port);
        let listener =
            TcpListener::bind(address).map_err(|error| about(format!("port {} of {}", address.1, address.0), error))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let app = App {
            world,
            faults,
            requests: Requests::default(),
            api_key: options.api_key.into(),
            dashboard_key: options.dashboard_key.map(Into::into),
            locator_key: options.locator_key.into(),
            print_mail: options.print_mail,
            port,
            tls: options.tls,
            connections: watch::Sender::new(()),
        };
        let (stop, stopped) = oneshot::channel();
        let thread = run(listener, identity, app.clone(), stopped)?;
        Ok(Emulator {
            app,
            port,
            root,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Stops it and closes all connections; when this returns, the port is free.
    pub fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of that thread has been printed already, and has ended it.
            let _ = thread.join();
        }
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The world of this emulator, for the next one to go on with.
    pub fn world(&self) -> World {
        self.app.world.clone()
    }

    /// The environment that a client of this emulator needs.
    pub fn env(&self) -> Vec<(String, String)> {
        // Some SDKs do not start without a dashboard key.
        let dashboard_key = self.app.dashboard_key.as_ref().unwrap_or(&self.app.api_key);
        let mut env = vec![
            ("XQ_API_KEY".to_owned(), self.app.api_key.to_string()),
            ("XQ_DASHBOARD_API_KEY".to_owned(), dashboard_key.to_string()),
            ("XQ_LOCATOR_KEY".to_owned(), self.app.locator_key.to_string()),
        ];
        for service in Service::ALL {
            let name = format!("XQ_{}_URL", service.name().to_ascii_uppercase());
            env.push((name, format!("{}/{}/v2", self.origin(), service.name())));
        }
        if let Some(root) = &self.root {
            env.push(("XQ_BASE_URI".to_owned(), format!("localhost:{}/v2/", self.port)));
            // libxq's name for it, Python's and Node's.
            for name in ["XQ_CA_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
                env.push((name.to_owned(), root.path.display().to_string()));
            }
        }
        env.push(("XQ_EMULATOR_ADMIN".to_owned(), format!("{}/admin", self.origin())));
        env
    }

    /// Scheme, host and port, such as `http://127.0.0.1:4567`.
    pub fn origin(&self) -> String {
        match &self.root {
            None => format!("http://127.0.0.1:{}", self.port),
            Some(_) => format!("https://localhost:{}", self.port),
        }
    }

    /// The file with the root certificate; none without TLS.
    pub fn ca_file(&self) -> Option<&Path> {
        self.root.as_ref().map(|root| root.path.as_path())
    }

    /// The PIN in the newest mail to this user.
    pub fn pin(&self, user: &str) -> Option<String> {
        self.app
            .world
            .open()
            .mail
            .iter()
            .rev()
            .find(|mail| same(&mail.user, user) && mail.link.is_none())
            .map(|mail| mail.pin.clone())
    }

    /// The login link in the newest mail of that kind to this user.
    pub fn link(&self, user: &str) -> Option<String> {
        let world = self.app.world.open();
        let mut mail = world.mail.iter().rev().filter(|mail| same(&mail.user, user));
        mail.find_map(|mail| mail.link.clone())
    }

    /// Says who is in the group `id@group.local`, in place of what was said before; or says what is wrong with it.
    pub fn set_group(&self, id: &str, members: &[&str]) -> Result<(), String> {
        self.app
            .world
            .open()
            .set_group(id, members.iter().map(|&member| member.to_owned()).collect())
    }

    /// Issues a certificate for a device, which takes a good part of a second.
    pub fn issue_certificate(&self, tag: &str) -> io::Result<Certificate> {
        self.app.world.issue(FIRST, tag.to_owned(), Vec::new(), true)
    }

    /// Enables or disables a certificate; false where there is none with this id.
    pub fn enable_certificate(&self, id: u64, enabled: bool) -> bool {
        self.app.world.open().enable_certificate(id, enabled)
    }

    /// A dashboard token, as signing in to the dashboard would give it; or what is wrong with the user.
    pub fn dashboard_token(&self, user: &str) -> Result<String, String> {
        self.app.world.open().give_dashboard(user)
    }

    /// The devices that were announced, the latest last.
    pub fn devices(&self) -> Vec<Device> {
        self.app.world.open().devices.clone()
    }

    /// Turns a fault on; or says what is wrong with it.
    pub fn fault(&self, fault: Fault) -> Result<(), String> {
        self.app.faults.add(fault)
    }

    /// Turns all faults off.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// The last thousand requests to the services, the newest last.
    pub fn requests(&self) -> Vec<Seen> {
        self.app.requests.listed(|_| true)
    }

    /// The time by the emulator's clock, in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.app.world.open().clock.now()
    }

    /// Moves the clock; false where that is out of reach (300 years either way).
    pub fn advance(&self, seconds: i64) -> bool {
        self.app.world.open().clock.advance(seconds)
    }

    /// Closes the connections that are open: idle ones now, busy ones after their reply.
    pub fn close_connections(&self) {
        self.app.close_connections();
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A thread with a runtime of its own, until `stopped` resolves. Its connections end with it.
fn run(
    listener: TcpListener,
    identity: Option<Identity>,
    app: App,
    stopped: oneshot::Receiver<()>,
) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = {
        let _context = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    thread::Builder::new().name("xq-emulator".to_owned()).spawn(move || {
        let tls = identity.map(|identity| identity.acceptor);
        runtime.block_on(async {
            tokio::select! {
                () = server::serve(listener, tls, app) => {}
                _ = stopped => {}
            }
        });
        runtime.shutdown_background();
    })
}

/// The file with the root certificate.
struct RootFile {
    path: PathBuf,
    temporary: bool,
}

impl RootFile {
    fn write(options: &Options, identity: &Identity) -> io::Result<Self> {
        let path = match &options.cert_dir {
            Some(directory) => {
                std::fs::create_dir_all(directory).map_err(|error| about(directory.display(), error))?;
                std::path::absolute(directory)?.join("root.pem")
            }
            None => std::env::temp_dir().join(format!("xq-emulator-{}.pem", random::name())),
        };
        std::fs::write(&path, &identity.root_pem).map_err(|error| about(path.display(), error))?;
        Ok(RootFile {
            path,
            temporary: options.cert_dir.is_none(),
        })
    }
}

impl Drop for RootFile {
    fn drop(&mut self) {
        if self.temporary {
            // Gone already is as good.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// An error that says what it is about.
fn about(what: impl fmt::Display, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}

fn invalid(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}
