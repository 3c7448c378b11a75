//! Settings from a file or from the environment, where there are such.

use crate::config::{Config, Service};
use crate::error::Error;
use crate::file;
use crate::secret::Secret;

impl Config {
    /// A PEM file of root certificates to trust besides those of [`Config::set_roots`], read now.
    pub fn set_ca_file(&mut self, path: Option<&str>) -> Result<(), Error> {
        if path == Some("") {
            return Err(Error::configuration(
                "the path of the root certificates is empty; expected the path of a PEM file",
            ));
        }
        self.ca_file = path.map(file::load_bytes).transpose()?;
        Ok(())
    }

    /// Takes over each setting that the environment names; a variable that is unset or empty changes nothing.
    ///
    /// # Errors
    ///
    /// Those of the setters, naming the variable. Nothing is then taken over: a program that goes on must not find itself
    /// with the key of one service and the address of another.
    pub fn read_environment(&mut self) -> Result<(), Error> {
        type Setter = fn(&mut Config, Option<&str>) -> Result<(), Error>;
        const SETTERS: [(&str, Setter); 5] = [
            ("XQ_API_KEY", Config::set_api_key),
            ("XQ_DASHBOARD_API_KEY", Config::set_dashboard_api_key),
            ("XQ_LOCATOR_KEY", Config::set_locator_key),
            ("XQ_BASE_URI", Config::set_base_uri),
            ("XQ_CA_FILE", Config::set_ca_file),
        ];
        let mut read = self.clone();
        for (name, set) in SETTERS {
            if let Some(value) = variable(name)? {
                set(&mut read, Some(value.as_str())).map_err(in_variable(name))?;
            }
        }
        for service in Service::ALL {
            let name = service.variable();
            if let Some(value) = variable(name)? {
                read.set_service_url(service, Some(value.as_str()))
                    .map_err(in_variable(name))?;
            }
        }
        *self = read;
        Ok(())
    }
}

fn variable(name: &str) -> Result<Option<Secret>, Error> {
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(Secret::from(value))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Error::configuration(format!("{name}: the value is not UTF-8"))),
    }
}

fn in_variable(name: &str) -> impl Fn(Error) -> Error + '_ {
    move |error| error.in_words(|why| format!("{name}: {why}"))
}
