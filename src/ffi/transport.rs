//! A program's own way to perform an HTTP exchange, for boards that have their own TLS.

use std::ffi::{CString, c_char, c_void};
use std::ptr;
use std::sync::Arc;

use super::config::{XqConfig, change};
use super::error::XqError;
use super::status::XqStatus;
use crate::error::{Error, Kind, Outcome, printable};
use crate::exchange::{Limits, Performer, Request, Response, is_html};
use crate::operation::Operation;

/// One HTTP exchange that a program is asked to perform. Everything in it lives until the function returns.
#[repr(C)]
pub struct XqHttpRequest {
    /// The size of the struct: it may grow at its end, and a field beyond it is not there.
    pub size: usize,
    /// The method, such as "POST".
    pub method: *const c_char,
    /// The whole address, encoded, such as "https://subscription.xqmsg.net/v2/packet". It may hold a PIN or a locator
    /// token: it is not to be logged.
    pub url: *const c_char,
    /// The names of the header fields, as many as header_count. Host and content-length are the program's to add.
    pub header_names: *const *const c_char,
    /// Their values, which hold keys and tokens.
    pub header_values: *const *const c_char,
    /// How many header fields there are.
    pub header_count: usize,
    /// The body, which holds keys; NULL where the method has none. Not NUL-terminated.
    pub body: *const u8,
    /// The length of the body in bytes.
    pub body_length: usize,
    /// How long the whole exchange may take, in milliseconds: what is left of the call's time limit.
    pub timeout_ms: u32,
    /// The largest reply that is accepted, in bytes.
    pub max_reply_bytes: usize,
}

/// The reply of an exchange, which the program fills in with xq_http_reply_set_status() and xq_http_reply_add_body(), and
/// with the other functions of that name where there is more to tell.
pub struct XqHttpReply {
    response: Response,
    message: Option<String>,
    max_reply_bytes: usize,
    too_large: bool,
    operation: Arc<Operation>,
}

/// Performs one HTTP exchange: sends the request once, reads the whole reply and fills it in, whatever its HTTP status.
/// Redirects are not followed. It is called on the thread of the operation, on several at once where several operate on
/// the handle; it may not call libxq functions on the same handle, throw, or jump out, and its thread is not canceled in
/// it (pthread_cancel). Where it waits, it looks at xq_http_reply_is_canceled().
///
/// @param context  as given to xq_config_set_transport(); NULL where that was.
/// @param request  what to send.
/// @param reply    where to put what came back.
/// @return XQ_OK where there is a whole reply; otherwise XQ_NETWORK (no connection, or one that broke), XQ_TIMEOUT or
///         XQ_TLS, which the operation then returns; anything else counts as XQ_NETWORK. Where the HTTP status is known,
///         and is 400 to 599, it counts instead: the service has refused, though its words did not arrive.
pub type XqTransport =
    Option<unsafe extern "C" fn(context: *mut c_void, request: *const XqHttpRequest, reply: *mut XqHttpReply) -> i32>;

/// The function and its context, as the program vouches for them.
struct Program {
    function: unsafe extern "C" fn(*mut c_void, *const XqHttpRequest, *mut XqHttpReply) -> i32,
    context: *mut c_void,
}

// SAFETY: the header asks for a function that may be called on any thread and on several at once with this context.
unsafe impl Send for Program {}
// SAFETY: as above.
unsafe impl Sync for Program {}

impl Program {
    fn perform(&self, request: &Request, limits: &Limits) -> Result<Response, Error> {
        let mut reply = XqHttpReply {
            response: Response::default(),
            message: None,
            max_reply_bytes: limits.max_reply_bytes,
            too_large: false,
            operation: Arc::clone(request.operation),
        };
        // Whether it then sends is not seen from here.
        request.operation.sending();
        let status = self.call(request, limits, &mut reply)?;
        let said = reply.message.as_deref().unwrap_or("it gives no reason");
        let failed = |kind, what| Err(Error::new(kind, format!("the program's transport {what}: {said}")));
        let is_whole = status == XqStatus::XqOk as i32 && !reply.too_large;
        match status {
            // A refusal is one without its words, too.
            _ if !is_whole && (400..600).contains(&reply.response.status) => Ok(Response {
                body: Default::default(),
                ..reply.response
            }),
            // First, since the function may pass on what xq_http_reply_add_body() said.
            _ if reply.too_large => {
                let error = Error::protocol(format!(
                    "the reply is larger than {} bytes, the largest accepted (xq_config_set_max_reply_bytes)",
                    limits.max_reply_bytes
                ))
                .with_http_status(reply.response.status);
                // A page, perhaps of somebody on the way, says nothing of the service.
                Err(
                    match reply.response.is_html && (200..300).contains(&reply.response.status) {
                        true => error.with_outcome(Outcome::Unknown),
                        false => error,
                    },
                )
            }
            s if s == XqStatus::XqTimeout as i32 => failed(Kind::Timeout, "ran out of time"),
            s if s == XqStatus::XqTls as i32 => failed(Kind::Tls, "has no trusted TLS"),
            s if s != XqStatus::XqOk as i32 => failed(Kind::Network, "has no reply"),
            _ if !(100..600).contains(&reply.response.status) => Err(Error::protocol(
                "the program's transport gave no HTTP status; expected one from xq_http_reply_set_status",
            )),
            _ => Ok(reply.response),
        }
    }

    fn call(&self, request: &Request, limits: &Limits, reply: &mut XqHttpReply) -> Result<i32, Error> {
        let text = |text: &str| CString::new(text).map_err(|_| Error::invalid("a setting holds a NUL character"));
        let method = text(request.method)?;
        let url = text(request.url)?;
        let fields = request
            .headers
            .iter()
            .map(|(name, value)| Ok((text(name)?, text(value)?)));
        let fields = fields.collect::<Result<Vec<_>, Error>>()?;
        let names: Vec<*const c_char> = fields.iter().map(|(name, _)| name.as_ptr()).collect();
        let values: Vec<*const c_char> = fields.iter().map(|(_, value)| value.as_ptr()).collect();
        let seen = XqHttpRequest {
            size: size_of::<XqHttpRequest>(),
            method: method.as_ptr(),
            url: url.as_ptr(),
            header_names: names.as_ptr(),
            header_values: values.as_ptr(),
            header_count: fields.len(),
            body: request.body.as_ref().map_or(ptr::null(), |body| body.as_ptr()),
            body_length: request.body.as_ref().map_or(0, |body| body.len()),
            timeout_ms: u32::try_from(request.operation.left().as_millis().max(1)).unwrap_or(u32::MAX),
            max_reply_bytes: limits.max_reply_bytes,
        };
        // SAFETY: the program vouches for function and context; everything that `seen` points to lives until it returns.
        Ok(unsafe { (self.function)(self.context, &raw const seen, reply) })
    }
}

/// Lets the program perform every HTTP exchange, in place of the library, which then opens no socket and knows nothing
/// of TLS: for boards that have their own (mbedTLS, a modem, a secure element). A library built without sockets needs
/// this. The addresses are as configured, https:// unless set otherwise; xq_config_set_connect_timeout_ms() has no
/// effect, and a proxy, root certificates or a choice of them make xq_api_new() fail. examples-c/mbedtls_transport.c is
/// one to copy.
///
/// @param config     the configuration.
/// @param transport  the function; NULL for the library's own sockets.
/// @param context    handed to every call of the function; the program keeps it alive as long as a handle that was made
///                   with this configuration. May be NULL.
/// @param error      where to put the error of a failed call, or NULL.
/// @return XQ_OK; XQ_INVALID_ARGUMENT: config is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_config_set_transport(
    config: *mut XqConfig,
    transport: XqTransport,
    context: *mut c_void,
    error: *mut *mut XqError,
) -> XqStatus {
    let performer = transport.map(|function| {
        let program = Program { function, context };
        Performer(Arc::new(move |request: &Request, limits: &Limits| {
            program.perform(request, limits)
        }))
    });
    // SAFETY: the caller keeps to the header.
    unsafe {
        change(config, error, |config| {
            config.set_performer(performer);
            Ok(())
        })
    }
}

/// Sets the HTTP status of a reply. To be called in a transport function.
///
/// @param reply   the reply; not NULL.
/// @param status  the HTTP status, such as 200.
///
/// Never fails: an invalid status makes the operation fail with XQ_PROTOCOL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_http_reply_set_status(reply: *mut XqHttpReply, status: i32) {
    // SAFETY: NULL, or alive during the call of the transport function that this is called in, as the header asks.
    if let Some(reply) = unsafe { reply.as_mut() } {
        reply.response.status = u16::try_from(status).unwrap_or(0);
    }
}

/// Adds bytes to the body of a reply, which is all that was added, in order. To be called in a transport function, as
/// often as bytes come.
///
/// @param reply   the reply; not NULL.
/// @param bytes   the bytes, which are copied; NULL where there are none.
/// @param length  how many.
/// @return XQ_OK; XQ_PROTOCOL: the body is larger than the configuration allows, and the rest need not be read;
///         XQ_INVALID_ARGUMENT: reply is NULL, or bytes is NULL and length is not 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_http_reply_add_body(
    reply: *mut XqHttpReply,
    bytes: *const c_void,
    length: usize,
) -> XqStatus {
    // SAFETY: NULL, or alive during the call of the transport function that this is called in, as the header asks.
    let Some(reply) = (unsafe { reply.as_mut() }) else {
        return XqStatus::XqInvalidArgument;
    };
    if length == 0 {
        return XqStatus::XqOk;
    }
    if bytes.is_null() {
        return XqStatus::XqInvalidArgument;
    }
    let have = reply.response.body.len();
    if reply.too_large || length > reply.max_reply_bytes.saturating_sub(have) {
        reply.too_large = true;
        return XqStatus::XqProtocol;
    }
    // SAFETY: not NULL, so `length` bytes, as the header asks.
    reply
        .response
        .body
        .extend(unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), length) });
    XqStatus::XqOk
}

/// Sets the seconds after which the service asks to come back (the header field Retry-After), if it does; a date there is
/// for the program to reckon from the field Date. To be called in a transport function.
///
/// @param reply    the reply; not NULL.
/// @param seconds  as xq_error_retry_after() then gives them.
///
/// Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_http_reply_set_retry_after(reply: *mut XqHttpReply, seconds: u32) {
    // SAFETY: NULL, or alive during the call of the transport function that this is called in, as the header asks.
    if let Some(reply) = unsafe { reply.as_mut() } {
        reply.response.retry_after = Some(seconds);
    }
}

/// Sets the media type of the reply (the header field Content-Type), if it has one. To be called in a transport function:
/// a page in HTML, such as that of a network that asks for a sign-in, is then XQ_PROTOCOL and not taken for a key.
///
/// @param reply         the reply; not NULL.
/// @param content_type  the value of the field, such as "text/html; charset=utf-8", which is looked at up to its first
///                      ';', blank or line break; NULL for none.
///
/// Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_http_reply_set_content_type(reply: *mut XqHttpReply, content_type: *const c_char) {
    // SAFETY: NULL, or alive during the call of the transport function that this is called in, as the header asks.
    let (reply, text) = unsafe {
        (
            reply.as_mut(),
            super::argument::optional_text("content_type", content_type),
        )
    };
    if let (Some(reply), Ok(text)) = (reply, text) {
        reply.response.is_html = text.is_some_and(|text| is_html(text.as_bytes()));
    }
}

/// Says why there is no reply, for the message of the operation's error. To be called in a transport function.
///
/// @param reply    the reply; not NULL.
/// @param message  one line of UTF-8 text without secrets, which is copied, its first 200 characters at the most; NULL
///                 for none. Line breaks become blanks; what is not UTF-8 is ignored.
///
/// Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_http_reply_set_message(reply: *mut XqHttpReply, message: *const c_char) {
    // SAFETY: NULL, or alive during the call of the transport function that this is called in, as the header asks.
    let (reply, message) = unsafe { (reply.as_mut(), super::argument::optional_text("message", message)) };
    if let (Some(reply), Ok(message)) = (reply, message) {
        reply.message = message.map(printable);
    }
}

/// Whether the program has stopped the operation (xq_api_cancel()): the transport function then closes its connection and
/// returns at once, with whatever status. To be called in a transport function, every 100 milliseconds or oftener while it
/// waits; it costs next to nothing.
///
/// @param reply  the reply; not NULL.
/// @return 1 for yes, 0 for no and for NULL. Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_http_reply_is_canceled(reply: *const XqHttpReply) -> i32 {
    // SAFETY: NULL, or alive during the call of the transport function that this is called in, as the header asks.
    unsafe { reply.as_ref() }.map_or(0, |reply| reply.operation.is_stopped().into())
}

/// Says that nothing of the request has left this machine, as where there is no connection, so that the operation's
/// error tells that nothing was done (xq_error_outcome()); otherwise a failed exchange may have been carried out. To be
/// called in a transport function.
///
/// @param reply  the reply; not NULL.
///
/// Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xq_http_reply_set_not_sent(reply: *mut XqHttpReply) {
    // SAFETY: NULL, or alive during the call of the transport function that this is called in, as the header asks.
    if let Some(reply) = unsafe { reply.as_ref() } {
        reply.operation.not_sent();
    }
}
