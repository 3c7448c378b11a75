//! The dashboard, file by file as in `src/dashboard`.

mod authentication;
mod businesses;
mod communications;
mod contact_management;
mod devices;
mod usergroup;
