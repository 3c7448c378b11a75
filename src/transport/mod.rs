//! How an exchange is performed: over the library's own sockets, or by the program.

#[cfg(feature = "sockets")]
mod buffers;
#[cfg(feature = "sockets")]
mod clock;
#[cfg(feature = "sockets")]
mod connection;
#[cfg(feature = "sockets")]
mod failure;
#[cfg(feature = "sockets")]
mod kept;
#[cfg(feature = "sockets")]
mod open;
#[cfg(feature = "sockets")]
mod provider;
#[cfg(feature = "sockets")]
mod proxy;
#[cfg(feature = "sockets")]
mod race;
#[cfg(feature = "sockets")]
mod resolver;
#[cfg(feature = "sockets")]
mod retry_after;
#[cfg(feature = "sockets")]
mod roots;
#[cfg(feature = "sockets")]
mod sockets;
#[cfg(feature = "sockets")]
mod tls;
#[cfg(feature = "sockets")]
mod tls_reason;
#[cfg(feature = "sockets")]
mod watched;

use crate::config::Config;
use crate::error::Error;
use crate::exchange::{Limits, Performer, Request, Response};

#[cfg(feature = "sockets")]
use self::sockets::Sockets;

/// The way of one handle to the services.
#[derive(Debug)]
pub(crate) struct Transport {
    way: Way,
    pub(crate) limits: Limits,
}

#[derive(Debug)]
enum Way {
    #[cfg(feature = "sockets")]
    Sockets(Box<Sockets>),
    Program(Performer),
}

impl Transport {
    /// Opens nothing.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`](crate::Kind): the root certificates cannot be used, or there are settings that a
    /// program's own transport would not see, or there are no sockets in this build and no transport of the program's.
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        Ok(Transport {
            way: Way::new(config)?,
            limits: config.limits,
        })
    }

    /// Sends `request` once and gives the whole reply, whatever its status.
    ///
    /// # Errors
    ///
    /// [`Kind::Network`](crate::Kind), `Tls`, `Timeout`; `Protocol` where the reply is not HTTP or too large.
    pub(crate) fn send(&self, request: Request) -> Result<Response, Error> {
        match &self.way {
            #[cfg(feature = "sockets")]
            Way::Sockets(sockets) => sockets.send(request, &self.limits),
            Way::Program(performer) => (performer.0)(&request, &self.limits),
        }
    }
}

impl Way {
    fn new(config: &Config) -> Result<Self, Error> {
        let Some(performer) = &config.performer else {
            #[cfg(feature = "sockets")]
            return Ok(Way::Sockets(Box::new(Sockets::new(config)?)));
            #[cfg(not(feature = "sockets"))]
            return Err(Error::configuration(
                "this libxq is built without sockets; expected a function from xq_config_set_transport",
            ));
        };
        if config.proxy.is_some() || config.has_roots() {
            return Err(Error::configuration(
                "a proxy or root certificates are set, which the function of xq_config_set_transport would not see",
            ));
        }
        Ok(Way::Program(performer.clone()))
    }
}
