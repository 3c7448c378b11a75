//! Certificates of devices.

use core::ffi::c_char;

use crate::dashboard::devices::IssuedCertificate;
use crate::error::Error;
use crate::ffi::api::{XqApi, operation};
use crate::ffi::argument::{optional_text, text};
use crate::ffi::error::XqError;
use crate::ffi::guard::call_with;
use crate::ffi::rows::{self, Texts};
use crate::ffi::status::XqStatus;
use crate::platform::prelude::*;

/// What a device signs in with, in the forms that xq_authorize_device_cert_memory() takes. It lives, with its texts,
/// until xq_device_certificate_free() wipes and frees it all at once. Not to be changed; any number of threads may read it.
#[repr(C)]
pub struct XqDeviceCertificate {
    /// The certificate's id, 1 or more, which the device needs too.
    pub id: i64,
    /// The certificate, client.crt: PEM. Never NULL.
    pub certificate: *const c_char,
    /// The transport key, transport.key: a secret. Never NULL.
    pub transport_key: *const c_char,
    /// The private key, client.key: a secret, which the service does not keep. Never NULL.
    pub private_key: *const c_char,
}

fn into_c(issued: IssuedCertificate) -> *mut XqDeviceCertificate {
    let mut texts = Texts::default();
    let view = XqDeviceCertificate {
        id: issued.id,
        certificate: texts.keep_secret(&issued.certificate),
        transport_key: texts.keep_secret(&issued.transport_key),
        private_key: texts.keep_secret(&issued.private_key),
    };
    rows::into_c(view, Vec::<()>::new(), texts)
}

/// Wipes and frees a certificate with its keys.
///
/// @param certificate  the certificate, which is not to be used afterwards; NULL is fine.
///
/// Never fails. No network. Any thread may free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_device_certificate_free(certificate: *mut XqDeviceCertificate) {
    // SAFETY: `into_c` made it, as the header asks.
    unsafe { rows::free::<XqDeviceCertificate, ()>(certificate) }
}

/// Has a certificate issued for a device (POST certificate), with which it signs in by xq_authorize_device_cert() or
/// xq_authorize_device_cert_memory().
///
/// @param api     the handle, with a dashboard token.
/// @param tag     what the certificate is to be known by, such as the device's serial number.
/// @param folder  a folder that is there, in which client.crt, transport.key and client.key are written: readable for
///                their owner alone from the start, all three or none, and none over a file that is there already. NULL
///                to write no files. None of them has the id, which is to be kept beside them.
/// @param out     where to put the certificate, to be freed with xq_device_certificate_free(). May not be NULL: the id
///                is nowhere else, and without it the certificate is of no use.
/// @param error   where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_FILE: there is no such folder, one of the files is there already, or none can be made there:
///         nothing was sent then; or, with HTTP status 200, they cannot be written after all: xq_error_reply() has
///         the reply, with the keys, which is to be had from nowhere else; XQ_UNAUTHORIZED: the dashboard token or
///         key is not accepted, or the handle holds no such token; XQ_INVALID_ARGUMENT: api, tag or out is NULL, tag
///         is empty or not one line, folder is empty, a text is not UTF-8; XQ_PROTOCOL: also where the reply has not
///         all four: xq_error_reply() has it; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their
///         definition. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_generate_device_certificate(
    api: *mut XqApi,
    tag: *const c_char,
    folder: *const c_char,
    out: *mut *mut XqDeviceCertificate,
    error: *mut *mut XqError,
) -> XqStatus {
    // SAFETY: the caller keeps to the header.
    unsafe {
        call_with(out, error, into_c, || {
            let api = operation(api, "xq_generate_device_certificate")?;
            if out.is_null() {
                return Err(Error::invalid(
                    "out is NULL; expected a place for the certificate, whose id is nowhere else",
                ));
            }
            api.generate_device_certificate(text("tag", tag)?, optional_text("folder", folder)?)
        })
    }
}
