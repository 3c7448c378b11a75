/*
 * libxq: the XQ subscription API. XQ is encryption as a service: a program signs a person or a device in, hands the
 * service a secret key with a list of people, gets a locator token, and only those people get the key back.
 *
 * Order of use
 *
 *   xq_config_t *config = xq_config_new();
 *   xq_api_t *api = NULL;
 *   xq_error_t *error = NULL;
 *   xq_status_t status = xq_config_read_environment(config, &error);
 *   if (status == XQ_OK) status = xq_api_new(config, &api, &error);
 *   xq_config_free(config);
 *   if (status != XQ_OK) {
 *       fprintf(stderr, "%s\n", xq_error_message(error));
 *       xq_error_free(error);
 *       return;
 *   }
 *   ...                                             the operations
 *   xq_api_free(api);
 *
 * To sign a person in: xq_authorize_user(), xq_code_validate(), xq_exchange_key(), in this order. To sign a device in:
 * xq_authorize_device(), xq_authorize_device_cert() or xq_authorize_alias(). To seal something for people:
 * xq_encrypt_auto() or xq_encrypt_file(), and xq_decrypt_auto() or xq_decrypt_file() by those who may open it. The same
 * chunk by chunk: xq_generate_key(), xq_create_and_store_packet(), and a sealer from xq_sealer_new(); an opener from
 * xq_opener_new(), and xq_get_packet() once it wants the key. To share a key alone: xq_create_and_store_packet(), and
 * xq_get_packet().
 *
 * To administer people and devices, under a token of the dashboard that is kept beside the access token:
 * xq_exchange_for_dashboard_token() from the access token, or xq_dashboard_login() and xq_login_verify(); then
 * xq_create_usergroup(), xq_add_contact(), xq_generate_device_certificate() and their like. For what has no function
 * here: xq_request().
 *
 * What holds for every function
 *
 * - Language. C99 or later, C++11 or later. In C before C23 an xq_status_t is an int32_t that holds one of the
 *   constants.
 * - Handles. A configuration (xq_config_t) is made, set and freed again; from it xq_api_new() makes a handle (xq_api_t),
 *   which holds the tokens and keeps the connections. One for each person or device that is signed in is enough for a
 *   whole program: it lasts until xq_api_free(), which is called once, when no call on it is under way. Two handles share
 *   nothing, unless xq_api_derive() made the one from the other.
 * - Statuses. What can fail returns an xq_status_t; XQ_OK is 0, and nothing else means that it worked.
 * - Errors. Where a function takes `xq_error_t **error`, a failed call puts an error there, which the caller frees with
 *   xq_error_free(), and a call that worked puts NULL there. What stood there before is overwritten, not freed. Pass
 *   NULL where the status is enough. An error belongs to its call, not to a thread.
 * - Outputs. Where a function takes `out`, a call that worked puts its result there and a failed one NULL (but see the
 *   functions that announce a device, from xq_authorize_device() on); unless its text says otherwise, `out` may be NULL
 *   where the result does not matter. Strings that come out are NUL-terminated UTF-8 and are freed with
 *   xq_string_free(), never with free(); lists of them with xq_list_free(), bytes with xq_bytes_free(), rows with the
 *   function that their struct names. NULL to any function that ends in _free is fine. What stood at `out` before is
 *   overwritten, not freed.
 * - Inputs. Text is NUL-terminated UTF-8 and only read during the call; the caller keeps it. NULL means "the default"
 *   where the function says so, and is XQ_INVALID_ARGUMENT elsewhere, in lists too. Bad input that the library can
 *   recognise is refused before anything is sent; so is what would make an address of more than 8,192 bytes. A call
 *   that failed leaves the handle usable.
 * - Lists. A list that goes in is an array of texts and how many they are. Recipients are email addresses, "7@group.local"
 *   for the group whose id is 7 (xq_create_usergroup()), and "NAME@alias.local" for an alias (xq_authorize_alias()). C
 *   does not take a `char **` for a list without a word, so that the arguments of main() want a cast:
 *
 *       xq_encrypt_auto(api, data, length, (const char *const *)(argv + 2), (size_t)(argc - 2), NULL, &sealed, &error);
 *
 * - Subject, title, labels and meta. What is said of a key beside its type and its expiry; the service takes each with some
 *   calls. "refused" is XQ_INVALID_ARGUMENT, and nothing is sent; where a "-" stands there is no such field.
 *
 *                                                               subject   title     labels    meta
 *       xq_create_packet()                                      yes       -         refused   refused
 *       xq_create_and_store_packet()                            yes       -         yes       refused
 *       xq_encrypt_auto(), xq_encrypt_file()                    yes       -         yes       refused
 *       xq_create_and_store_packets()                           yes       -         refused   a text
 *       xq_generate_multiple_keys_and_store_packets()           yes       -         refused   a text
 *       xq_create_and_store_packets_batch()                     -         yes       yes       an object
 *       xq_generate_multiple_keys_and_store_packets_database()  -         yes       yes       an object
 *       xq_add_labels_to_locator_token()                        -         -         yes       -
 *
 *   "an object" is the text of a JSON object, which goes out in place of title and labels.
 * - Structs. Where there is much to say, it goes in by a struct that is set to its initializer first, such as
 *   `xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT`; then the fields that matter are changed.
 * - Threads. A handle may be used from several threads at once. A configuration, a sealer and an opener each belong to
 *   one thread at a time. Functions that take none of these may be called on any number of threads at once.
 * - Boards without an operating system. For these libxq is built with `make micro`. One task at a time calls it, on whatever
 *   handle, and no interrupt does. While a call waits in the transport, no other task calls it either: what stops a call
 *   there is the transport function that returns, not xq_api_cancel(). Memory comes from the C library's malloc() and
 *   free(); where it has run out, or there is a defect in libxq, abort() is called, after which only a start from nothing
 *   is sound. On a Cortex-M4 a sign-in by a certificate was measured to take 16 KB of heap and 10 KB of stack with a key
 *   of 2048 bits, 28 KB and 17 KB with one of 4096; storing and fetching keys, sealing and opening 3 KB of heap and three
 *   times the text, and 6 KB of stack. Replies take heap besides: while one grows, up to three times what
 *   xq_config_set_max_reply_bytes() allows, and the rows of the dashboard many times their text. The board gives the
 *   transport (xq_config_set_transport()), random bytes
 *   (xq_board_set_random()) and, if it has one, a clock (xq_board_set_clock()). What needs files or the environment is not
 *   there: xq_config_read_environment(), xq_config_set_ca_file(), xq_authorize_device_cert(), xq_load_file_content(),
 *   xq_encrypt_file() and xq_decrypt_file() are missing from the archive.
 * - Network. Functions that use the network block until they have the reply, the time limit passes (that of the
 *   configuration, or of the handle: xq_api_derive()) or xq_api_cancel() ends them. The limit is that of the whole call:
 *   all its requests, the look-ups of names and the handshakes together; what is done between them, such as sealing a
 *   file, does not count. A host's addresses are tried in turns of the two families, a quarter of a second apart, and
 *   the first connection wins. After xq_api_cancel() every one of these functions is XQ_CANCELED, which the lists of
 *   statuses below do not repeat. TLS is on and verified; a redirect is never followed, and is XQ_PROTOCOL; a request is sent once and never
 *   repeated. Where a proxy is set that does not accept its name and password, every one of these functions is
 *   XQ_CONFIGURATION.
 * - Tokens. A handle may hold two: the access token goes along with every request but those of the dashboard, which go
 *   out under the dashboard token (where one takes the other, or none, its text says so). The two are independent: to
 *   sign in anew, xq_set_access_token() and xq_deauthorize() leave the dashboard token as it is, so that the dashboard's
 *   calls still act for the one who was signed in before. Use a handle for each person and device, or call
 *   xq_forget_tokens() first.
 * - Files. The library writes only what xq_encrypt_file(), xq_decrypt_file() and xq_generate_device_certificate() are
 *   told to write, and reads only what it is given the path of, and the system's root certificates under
 *   XQ_ROOTS_SYSTEM. Where progress or xq_api_cancel() stops one of the first two, it is XQ_CANCELED, and leaves no
 *   file behind.
 * - Connections. They are kept for the next call, up to 64 idle ones by a handle and those made from it
 *   (xq_api_derive()). One that has been idle for 45 seconds is not used again, and is closed once a later call ends; time
 *   that the machine slept counts.
 * - Canceled threads. A thread cannot be canceled (pthread_cancel) inside a function, nor in a callback that it calls: the
 *   cancellation waits until the function has returned. To end a call early there is xq_api_cancel().
 * - Silence. The library prints nothing and installs no signal handler; it raises no SIGPIPE, and a signal does not
 *   cut a wait short. It takes settings from the environment in xq_config_read_environment() alone, but for where
 *   the system's root certificates are (XQ_ROOTS_SYSTEM). It starts no thread but one for the look-up of a host
 *   name, which ends with it. A host name's addresses are remembered for 30 seconds.
 * - Stack. A call takes at most 52 KB of the stack of its thread (50 were measured), TLS, certificates, RSA keys and sealing included, as
 *   measured on x86-64 with glibc: a thread with 64 KB will do for every function. The program's own functions that a
 *   call tells something (a logger, progress, a transport) run on the same stack, and so do its signal handlers: what
 *   they need comes on top. A build of the library that is not optimized takes 140 KB. The thread that looks a host's
 *   name up has a stack of its own, of which little is used.
 * - Defects. A defect in libxq, should there be one, is XQ_INTERNAL, and the handle works on. Built for boards (make
 *   install PROFILE=board), libxq cannot give up a call halfway: a defect ends the process, by SIGABRT or SIGILL on Unix.
 * - Memory. A process that runs out of memory is ended, as by abort().
 * - Secrets. Every block of memory that the library gives back is wiped first. Keys and tokens never stand in an
 *   error's message or in the log, also where the service repeats them in its own words: these are then left out, or
 *   have [redacted] in them. (What is shorter than four characters is not looked for: it is a part of any words.) The
 *   buffers of a kept connection hold what was last sent and received until they are used again, or until
 *   xq_api_free(). After that, and once what came out is freed, a key or token that the library used remains only where
 *   it cannot wipe: in the program's own copies, in the environment if it came from there, in the processor's registers
 *   until they are used again (which the loader puts on the stack where it binds a function at its first call), and in
 *   what the system has of it, such as the buffers of a socket or a page that was swapped out.
 * - fork(). A handle works in the process that made it. In a child of that process every function on it but
 *   xq_api_free() is XQ_INVALID_ARGUMENT, and sends nothing; the child makes its own. A child must not be made while a
 *   call is under way on another thread, unless it does no more than exec().
 */

/* This file is generated from src/ffi by cbindgen. */


#ifndef XQ_H
#define XQ_H

#include <stddef.h>
#include <stdint.h>


/** The version of this header; xq_version() tells that of the library. */
#define XQ_VERSION "0.1.0"

/** The same as a number: 1002003 is version 1.2.3; xq_version_number() tells that of the library. */
#define XQ_VERSION_NUMBER (0 * 1000000 + 1 * 1000 + 0)

/** For type_number: the default of the call. */
#define XQ_TYPE_DEFAULT (-1)

/** Every option at its default: xq_packet_options_t options = XQ_PACKET_OPTIONS_INIT; */
#define XQ_PACKET_OPTIONS_INIT \
    { sizeof(xq_packet_options_t), NULL, XQ_TYPE_DEFAULT, 24, NULL, NULL, 0, NULL }

/** A row that expires after one day; key and recipients are still to be given. */
#define XQ_PACKET_ROW_INIT \
    { sizeof(xq_packet_row_t), NULL, NULL, 0, NULL, XQ_TYPE_DEFAULT, 1, NULL, NULL, NULL, 0, NULL }

/** Sealing and opening at their defaults: xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT; */
#define XQ_SEAL_OPTIONS_INIT \
    { sizeof(xq_seal_options_t), XQ_ALGORITHM_DEFAULT, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL }

/** The least room, in bytes, that an opener wants for its output, and a sealer for the end of what is sealed. */
#define XQ_STREAM_BYTES 128

/** The most bytes that a sealer puts out beyond those that it takes in: what goes in front of a file. */
#define XQ_STREAM_FRONT_BYTES 2304

/** A contact with the role User and no notifications; the email address is still to be given. */
#define XQ_NEW_CONTACT_INIT { sizeof(xq_new_contact_t), NULL, NULL, NULL, NULL, 2, 0, -1 }

/** GET to the address of the subscription service itself, under the service's own token. */
#define XQ_REQUEST_INIT \
    { sizeof(xq_request_t), NULL, XQ_SERVICE_SUBSCRIPTION, NULL, NULL, NULL, 0, NULL, XQ_TOKEN_DEFAULT }

/* What may be NULL, for compilers that understand it. */
#if defined(__clang__)
#if __has_feature(nullability)
#define XQ_NULLABLE _Nullable
#define XQ_NONNULL _Nonnull
#define XQ_DIAGNOSTIC_PUSHED
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#endif
#endif
#ifndef XQ_NULLABLE
#define XQ_NULLABLE
#define XQ_NONNULL
#endif

/**
 * HTTP over sockets of the library's own; where it is not built in, xq_api_new() wants xq_config_set_transport().
 */
#define XQ_FEATURE_SOCKETS 1

/**
 * TLS of the library's own.
 */
#define XQ_FEATURE_TLS 2

/**
 * Files: what reads and writes them, such as xq_encrypt_file().
 */
#define XQ_FEATURE_FILES 4

/**
 * How a call went. Every function that can fail returns one; the values never change.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum xq_status_t : int32_t
#else
enum xq_status
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It worked.
   */
  XQ_OK = 0,
  /**
   * An argument cannot be right (NULL, empty, not UTF-8, out of range). Nothing was sent.
   */
  XQ_INVALID_ARGUMENT = 1,
  /**
   * A setting is missing or cannot be right, a proxy's name and password among them, and a proxy that has no Basic.
   */
  XQ_CONFIGURATION = 2,
  /**
   * The service does not accept the API key, the token or the PIN (HTTP 401), or the call needs a token and the handle
   * holds none (then nothing was sent, and xq_error_http_status() is 0).
   */
  XQ_UNAUTHORIZED = 3,
  /**
   * The service refused the request (any other HTTP 4xx); the message repeats its words, unless they hold a secret, or
   * the reply is too large or does not tell its length.
   */
  XQ_REJECTED = 4,
  /**
   * The service failed (HTTP 5xx); the message repeats its words in the same way.
   */
  XQ_SERVER = 5,
  /**
   * A time limit passed. The request may have been carried out: xq_error_outcome() tells.
   */
  XQ_TIMEOUT = 6,
  /**
   * There was no connection to the service, or it broke. In the latter case the request may have been carried out:
   * xq_error_outcome() tells.
   */
  XQ_NETWORK = 7,
  /**
   * The service's TLS certificate is not trusted, or there is no TLS.
   */
  XQ_TLS = 8,
  /**
   * The reply makes no sense: it is no HTTP, a redirect, of a status or a form that the call does not have, a page in
   * HTML (as a network gives that asks for a sign-in first, a proxy, or a wrong address; xq_request() alone takes one),
   * without an end that could be told from its being cut short, or larger than the configuration allows.
   */
  XQ_PROTOCOL = 9,
  /**
   * Something did not decrypt, or a key cannot be used.
   */
  XQ_CRYPTO = 10,
  /**
   * A file cannot be read or written, or is not one that the call takes.
   */
  XQ_FILE = 11,
  /**
   * A defect in libxq. The handle remains usable. (Where libxq is built for boards, a defect ends the process instead.)
   */
  XQ_INTERNAL = 12,
  /**
   * The program stopped the work, which leaves no file behind: by xq_api_cancel(), or by its function progress in
   * xq_seal_options_t. xq_error_outcome() tells whether the request may have been carried out.
   */
  XQ_CANCELED = 13,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xq_status_t xq_status_t;
#else
typedef int32_t xq_status_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether what a failed call asked for was carried out all the same.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum xq_outcome_t : int32_t
#else
enum xq_outcome
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No: the request that makes the change was not sent. Those that only get what it needs (entropy for a key, the
   * members of a group) may have been, and may have failed in any way; where one of them was refused, the outcome is
   * XQ_OUTCOME_REFUSED.
   */
  XQ_OUTCOME_NOT_SENT = 0,
  /**
   * No: the service says so (HTTP 3xx and 4xx).
   */
  XQ_OUTCOME_REFUSED = 1,
  /**
   * Perhaps, in whole or in part: no reply came, or a page in HTML, perhaps of somebody on the way, the service failed
   * (HTTP 5xx) at the request that makes the change, or an earlier one of the call's requests was carried out.
   */
  XQ_OUTCOME_UNKNOWN = 2,
  /**
   * Yes: the service says so, but what it gave cannot be used.
   */
  XQ_OUTCOME_DONE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xq_outcome_t xq_outcome_t;
#else
typedef int32_t xq_outcome_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An algorithm that libxq seals with. What each is worth:
 *
 * GCM tells a wrong key and every change of what was sealed. It is the default, and the one to use.
 *
 * CTR hides the text and tells nothing: a wrong key, and a text that somebody has changed bit by bit on the way,
 * open to something all the same. It is there for files and bare messages of other XQ programs.
 *
 * OTP adds the key to the text, byte by byte. It is there for other programs' sake. It tells nothing either, and
 * each character of a key carries six bits at the most (four in keys of other programs), so it hides a part of each
 * byte at best; where the key is repeated, or used a second time, it hides next to nothing.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum xq_algorithm_t : int32_t
#else
enum xq_algorithm
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * That of the key that is given, or GCM.
   */
  XQ_ALGORITHM_DEFAULT = 0,
  /**
   * AES-256-GCM; keys begin with ".1".
   */
  XQ_ALGORITHM_GCM = 1,
  /**
   * AES-256-CTR; keys begin with ".2".
   */
  XQ_ALGORITHM_CTR = 2,
  /**
   * The key as a pad; keys begin with ".B".
   */
  XQ_ALGORITHM_OTP = 66,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xq_algorithm_t xq_algorithm_t;
#else
typedef int32_t xq_algorithm_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a trusted range seals its replies, for xq_config_set_envelope().
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum xq_envelope_t : int32_t
#else
enum xq_envelope
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Version 1, AES-256-CBC under an MD5-derived key. Not authenticated.
   */
  XQ_ENVELOPE_CBC = 1,
  /**
   * Version 2, AES-256-CTR under a SHA-256-derived key. Not authenticated.
   */
  XQ_ENVELOPE_CTR = 2,
  /**
   * Version 3, AES-256-GCM under a PBKDF2-derived key: a reply that was changed on the way does not open.
   */
  XQ_ENVELOPE_GCM = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xq_envelope_t xq_envelope_t;
#else
typedef int32_t xq_envelope_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What an opener is to open.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum xq_form_t : int32_t
#else
enum xq_form
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * A message, with its locator token in front or without.
   */
  XQ_FORM_MESSAGE = 1,
  /**
   * A file, with its locator token and its name in front.
   */
  XQ_FORM_FILE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xq_form_t xq_form_t;
#else
typedef int32_t xq_form_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How much a line of the log matters.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum xq_log_level_t : int32_t
#else
enum xq_log_level
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * There was no reply, or one with a status that makes no sense.
   */
  XQ_LOG_ERROR = 1,
  /**
   * The service refused the request, or failed.
   */
  XQ_LOG_WARNING = 2,
  /**
   * The service says that it worked. Whether what it gave makes sense shows only in the status of the call.
   */
  XQ_LOG_INFO = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xq_log_level_t xq_log_level_t;
#else
typedef int32_t xq_log_level_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Who is trusted besides the program's own root certificates, for xq_config_set_roots().
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum xq_roots_t : int32_t
#else
enum xq_roots
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Mozilla's, as they were when the library was built.
   */
  XQ_ROOTS_BUILT_IN = 0,
  /**
   * The operating system's, as they are when a handle is made.
   */
  XQ_ROOTS_SYSTEM = 1,
  /**
   * Nobody.
   */
  XQ_ROOTS_NONE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xq_roots_t xq_roots_t;
#else
typedef int32_t xq_roots_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The services of XQ, for xq_config_set_service_url().
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum xq_service_t : int32_t
#else
enum xq_service
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * API keys, sign-in, key packets.
   */
  XQ_SERVICE_SUBSCRIPTION = 0,
  /**
   * Stored keys.
   */
  XQ_SERVICE_VALIDATION = 1,
  /**
   * Groups, contacts, businesses, labels, devices and certificates.
   */
  XQ_SERVICE_DASHBOARD = 2,
  /**
   * Entropy.
   */
  XQ_SERVICE_QUANTUM = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xq_service_t xq_service_t;
#else
typedef int32_t xq_service_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which token a call is about, or carries.
 */
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
enum xq_token_t : int32_t
#else
enum xq_token
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The dashboard token for the dashboard, the access token for the other services; none where the handle holds none.
   */
  XQ_TOKEN_DEFAULT = 0,
  /**
   * The access token, or the pre-authorization token before it.
   */
  XQ_TOKEN_ACCESS = 1,
  /**
   * The dashboard token.
   */
  XQ_TOKEN_DASHBOARD = 2,
  /**
   * None.
   */
  XQ_TOKEN_NONE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xq_token_t xq_token_t;
#else
typedef int32_t xq_token_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A client of the XQ services: keys, tokens and kept connections. It may be used from several threads at once; two
 * handles share nothing, unless xq_api_derive() made the one from the other. It is freed once, when no call on it is
 * under way.
 */
typedef struct xq_api_t xq_api_t;

/**
 * The settings that handles are made with. To be used by one thread at a time.
 *
 * Every setter copies what it is given, checks it, and refuses what cannot be right, leaving the setting as it was:
 * XQ_CONFIGURATION with a message that names the setting, XQ_INVALID_ARGUMENT where `config` is NULL or text is not
 * UTF-8. NULL for a text puts the default back. None of them talks to the network.
 */
typedef struct xq_config_t xq_config_t;

/**
 * Why a call failed. It belongs to the caller of that call, who frees it with xq_error_free(). It does not change, so
 * any number of threads may read it. Its message never holds a secret.
 */
typedef struct xq_error_t xq_error_t;

/**
 * The reply of an exchange, which the program fills in with xq_http_reply_set_status() and xq_http_reply_add_body(), and
 * with the other functions of that name where there is more to tell.
 */
typedef struct xq_http_reply_t xq_http_reply_t;

/**
 * A message or a file being opened, chunk by chunk. It belongs to one thread at a time.
 */
typedef struct xq_opener_t xq_opener_t;

/**
 * A message or a file being sealed, chunk by chunk. It belongs to one thread at a time.
 */
typedef struct xq_sealer_t xq_sealer_t;

/**
 * Texts that came out of one call, in the order of its inputs. They live until xq_list_free() frees them all at once.
 * Not to be changed; any number of threads may read it; items may be given to a function that takes a list, where
 * none of them is NULL.
 */
typedef struct xq_list_t {
  /**
   * How many items there are: as many as there were inputs.
   */
  size_t count;
  /**
   * The items: NUL-terminated UTF-8, or NULL where the service gave nothing for that input.
   */
  const char *XQ_NULLABLE const *XQ_NONNULL items;
  /**
   * The service's reply as it came: JSON, which holds the keys too and is as secret as they are.
   */
  const char *XQ_NONNULL reply;
} xq_list_t;

/**
 * Bytes that came out of one call, zeros included. They live until xq_bytes_free() wipes and frees them.
 */
typedef struct xq_bytes_t {
  /**
   * How many there are.
   */
  size_t length;
  /**
   * The bytes; one zero stands behind them, so that text among them is a C string. Never NULL.
   */
  const uint8_t *XQ_NONNULL data;
} xq_bytes_t;

/**
 * One HTTP exchange that a program is asked to perform. Everything in it lives until the function returns.
 */
typedef struct xq_http_request_t {
  /**
   * The size of the struct: it may grow at its end, and a field beyond it is not there.
   */
  size_t size;
  /**
   * The method, such as "POST".
   */
  const char *XQ_NONNULL method;
  /**
   * The whole address, encoded, such as "https://subscription.xqmsg.net/v2/packet". It may hold a PIN or a locator
   * token: it is not to be logged.
   */
  const char *XQ_NONNULL url;
  /**
   * The names of the header fields, as many as header_count. Host and content-length are the program's to add.
   */
  const char *XQ_NONNULL const *XQ_NONNULL header_names;
  /**
   * Their values, which hold keys and tokens.
   */
  const char *XQ_NONNULL const *XQ_NONNULL header_values;
  /**
   * How many header fields there are.
   */
  size_t header_count;
  /**
   * The body, which holds keys; NULL where the method has none. Not NUL-terminated.
   */
  const uint8_t *XQ_NULLABLE body;
  /**
   * The length of the body in bytes.
   */
  size_t body_length;
  /**
   * How long the whole exchange may take, in milliseconds: what is left of the call's time limit.
   */
  uint32_t timeout_ms;
  /**
   * The largest reply that is accepted, in bytes.
   */
  size_t max_reply_bytes;
} xq_http_request_t;

/**
 * Performs one HTTP exchange: sends the request once, reads the whole reply and fills it in, whatever its HTTP status.
 * Redirects are not followed. It is called on the thread of the operation, on several at once where several operate on
 * the handle; it may not call libxq functions on the same handle, throw, or jump out, and its thread is not canceled in
 * it (pthread_cancel). Where it waits, it looks at xq_http_reply_is_canceled().
 *
 * @param context  as given to xq_config_set_transport(); NULL where that was.
 * @param request  what to send.
 * @param reply    where to put what came back.
 * @return XQ_OK where there is a whole reply; otherwise XQ_NETWORK (no connection, or one that broke), XQ_TIMEOUT or
 *         XQ_TLS, which the operation then returns; anything else counts as XQ_NETWORK. Where the HTTP status is known,
 *         and is 400 to 599, it counts instead: the service has refused, though its words did not arrive.
 */
typedef int32_t (*xq_transport_t)(void *XQ_NULLABLE context,
                                  const struct xq_http_request_t *XQ_NONNULL request,
                                  struct xq_http_reply_t *XQ_NONNULL reply);

/**
 * Takes one line of the log. It is called on the thread of the operation, on several at once where several operate on
 * the handle, with no lock held: it may call libxq, but not free this handle. It may not throw or jump out, and its thread is not canceled in it (pthread_cancel).
 *
 * @param context  as given to xq_set_logger(); NULL where that was.
 * @param level    one of xq_log_level_t; a later version may have more.
 * @param message  one line without a line break, such as "#1 xq_validate_api_key: GET subscription/apikey: HTTP 200 in
 *                 12 ms" or "#2 xq_get_packet: GET validation/key: failed in 9 ms: " and what xq_error_message() then
 *                 says: the number of the request on this handle, and the function that made it. It lives until the
 *                 function returns.
 */
typedef void (*xq_logger_t)(void *XQ_NULLABLE context, int32_t level, const char *XQ_NONNULL message);

/**
 * Fills bytes with what is fit for keys: from a hardware generator, or one that is seeded from it. Never a constant.
 * It is called in the middle of a call, and may not call libxq.
 *
 * @param context  as given to xq_board_set_random(); NULL where that was.
 * @param bytes    where to put them.
 * @param length   how many.
 * @return 0 where all of them are random; anything else fails the call with XQ_CRYPTO.
 */
typedef int32_t (*xq_board_random_t)(void *XQ_NULLABLE context, uint8_t *XQ_NONNULL bytes, size_t length);

/**
 * Tells the time since some moment, such as the start of the board. It is called in the middle of a call, and may not call
 * libxq.
 *
 * @param context  as given to xq_board_set_clock(); NULL where that was.
 * @return milliseconds, never fewer than the last time: a counter of 32 bits, which begins anew after 49 days, is to be
 *         counted on. Where there are fewer all the same, that time does not count towards the limit.
 */
typedef uint64_t (*xq_board_clock_t)(void *XQ_NULLABLE context);

/**
 * What may be said of packets besides their keys and recipients. To be set with XQ_PACKET_OPTIONS_INIT or
 * xq_packet_options_init() first; fields are then changed as need be. A program keeps working with a newer library,
 * whose struct may have grown: that is what size is for. A size that the library does not know, as that of a newer
 * header, is XQ_INVALID_ARGUMENT.
 */
typedef struct xq_packet_options_t {
  /**
   * The size of the struct, as XQ_PACKET_OPTIONS_INIT sets it.
   */
  size_t size;
  /**
   * What the packet is for, by name: "msg", "file", "email", "chat", "form", "database", "unknown"; NULL to use
   * type_number.
   */
  const char *XQ_NULLABLE type;
  /**
   * What the packet is for, by number, 0 or more; XQ_TYPE_DEFAULT for the default of the call. Not used where type is
   * not NULL.
   */
  int32_t type_number;
  /**
   * Hours until the key expires, 1 or more; 24 by default.
   */
  int64_t expires_hours;
  /**
   * What the packet is about; NULL for nothing.
   */
  const char *XQ_NULLABLE subject;
  /**
   * Labels, for xq_create_and_store_packet() and what seals alone; NULL for none: an array of 0 labels is sent as such.
   */
  const char *XQ_NONNULL const *XQ_NULLABLE labels;
  /**
   * How many labels there are.
   */
  size_t label_count;
  /**
   * Metadata, any text, for calls that store many keys alone; NULL for none.
   */
  const char *XQ_NULLABLE meta;
} xq_packet_options_t;

/**
 * One row for xq_create_and_store_packets_batch(). To be set with XQ_PACKET_ROW_INIT or xq_packet_row_init() first;
 * key and recipients have no default.
 */
typedef struct xq_packet_row_t {
  /**
   * The size of the struct, as XQ_PACKET_ROW_INIT sets it.
   */
  size_t size;
  /**
   * The key, not empty.
   */
  const char *XQ_NONNULL key;
  /**
   * Who may have the key: a list of people, groups and aliases (see Lists in libxq(3), the opening text).
   */
  const char *XQ_NONNULL const *XQ_NONNULL recipients;
  /**
   * How many recipients there are, 1 or more.
   */
  size_t recipient_count;
  /**
   * What the packet is for, by name; NULL to use type_number.
   */
  const char *XQ_NULLABLE type;
  /**
   * What the packet is for, by number, 0 or more; XQ_TYPE_DEFAULT for "database". Not used where type is not NULL.
   */
  int32_t type_number;
  /**
   * How many units until the key expires, 1 or more; 1 by default.
   */
  int64_t expires;
  /**
   * The unit of expires, such as "days"; the service says which there are. NULL for "days".
   */
  const char *XQ_NULLABLE unit;
  /**
   * The row's title; NULL for none. Not used where meta is not NULL.
   */
  const char *XQ_NULLABLE title;
  /**
   * The row's labels; NULL for none: an array of 0 labels is sent as such. Not used where meta is not NULL.
   */
  const char *XQ_NONNULL const *XQ_NULLABLE labels;
  /**
   * How many labels there are.
   */
  size_t label_count;
  /**
   * The row's metadata as the text of a JSON object, sent as it is but for blanks around it; NULL to send title and
   * labels.
   */
  const char *XQ_NULLABLE meta;
} xq_packet_row_t;

/**
 * Who is signed in. It lives, with its texts, until xq_subscriber_free() frees it all at once. Not to be changed; any
 * number of threads may read it.
 */
typedef struct xq_subscriber_t {
  /**
   * The subscriber's number; -1 where the service does not tell.
   */
  int64_t id;
  /**
   * The email address; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE user;
  /**
   * The first name; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE first_name;
  /**
   * The last name; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE last_name;
  /**
   * The subscription, as the service names or numbers it; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE subscription;
  /**
   * When the subscription starts, in milliseconds since 1970; -1 where the service does not tell.
   */
  int64_t starts_ms;
  /**
   * When the subscription ends, in milliseconds since 1970; -1 where the service does not tell.
   */
  int64_t ends_ms;
  /**
   * The service's reply as it came: JSON, with whatever else it told. Never NULL.
   */
  const char *XQ_NONNULL reply;
} xq_subscriber_t;

/**
 * Tells how far a file is. It is called on the thread of the call, before the first bytes, after each 64 KB, and at
 * the end; it may not throw or jump out, and may not use the two files. That all is done does not say yet that the
 * call works: the tag of an opened file is verified after it, and the key of a sealed one stored.
 *
 * @param context  as given in the options; NULL where that was.
 * @param done     bytes of the input that are done.
 * @param total    bytes that it has in all.
 * @return 0 to go on; anything else stops the work: the call is XQ_CANCELED, and leaves nothing behind.
 */
typedef int32_t (*xq_progress_t)(void *XQ_NULLABLE context, uint64_t done, uint64_t total);

/**
 * What may be said of sealing and opening. To be set with XQ_SEAL_OPTIONS_INIT or xq_seal_options_init() first;
 * fields are then changed as need be. Each function tells which fields it looks at; the others may have any value
 * that they can have. A program keeps working with a newer library, whose struct may have grown: that is what size
 * is for. A size that the library does not know, as that of a newer header, is XQ_INVALID_ARGUMENT.
 */
typedef struct xq_seal_options_t {
  /**
   * The size of the struct, as XQ_SEAL_OPTIONS_INIT sets it.
   */
  size_t size;
  /**
   * One of xq_algorithm_t.
   */
  int32_t algorithm;
  /**
   * Not 0: a pad (OTP) that is shorter than what it is to hide is used again from its beginning, which gives the text
   * away. 0, the default: that is refused.
   */
  int32_t repeat_pad;
  /**
   * Not 0: an output file that exists already is replaced. 0, the default: that is refused.
   */
  int32_t overwrite;
  /**
   * A key in hand, with its prefix; NULL to have one made, or fetched.
   */
  const char *XQ_NULLABLE key;
  /**
   * The locator token of the key, 43 characters; NULL for none.
   */
  const char *XQ_NULLABLE locator;
  /**
   * The name to seal in a file; NULL for the last component of the input's path.
   */
  const char *XQ_NULLABLE name;
  /**
   * What is said of the key when it is stored; NULL for the defaults: no subject, no labels, 24 hours, and "msg" or
   * "file" as the type. A file's name is not told to the service unless it is given as the subject here.
   */
  const struct xq_packet_options_t *XQ_NULLABLE packet;
  /**
   * Told how far a file is; NULL for nothing.
   */
  xq_progress_t XQ_NULLABLE progress;
  /**
   * Handed to progress; may be NULL.
   */
  void *XQ_NULLABLE progress_context;
} xq_seal_options_t;

/**
 * A group: a recipient of keys (see Lists in libxq(3), the opening text), for all who are in it.
 */
typedef struct xq_usergroup_t {
  /**
   * Its number; -1 where the service does not tell.
   */
  int64_t id;
  /**
   * Its name; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE name;
  /**
   * The id of the business that it belongs to; -1 where the service does not tell.
   */
  int64_t business_id;
  /**
   * Who is in it: addresses, and the JSON of a member that the service describes in another way. NULL where the
   * service does not tell, as in a list of all groups; an empty group has a list of none.
   */
  const char *XQ_NONNULL const *XQ_NULLABLE members;
  /**
   * How many members there are.
   */
  size_t member_count;
} xq_usergroup_t;

/**
 * Groups that came out of one call. They live, with their texts, until xq_usergroups_free() frees them all at once. Not
 * to be changed; any number of threads may read them.
 */
typedef struct xq_usergroups_t {
  /**
   * How many there are.
   */
  size_t count;
  /**
   * They themselves. Never NULL where count is not 0.
   */
  const struct xq_usergroup_t *XQ_NONNULL rows;
  /**
   * The service's reply as it came: JSON, with whatever else it told. Never NULL.
   */
  const char *XQ_NONNULL reply;
} xq_usergroups_t;

/**
 * Somebody who is to be a contact. To be set with XQ_NEW_CONTACT_INIT or xq_new_contact_init() first; the email address
 * has no default. A program keeps working with a newer library, whose struct may have grown: that is what size is for.
 * A size that the library does not know is XQ_INVALID_ARGUMENT.
 */
typedef struct xq_new_contact_t {
  /**
   * The size of the struct, as XQ_NEW_CONTACT_INIT sets it.
   */
  size_t size;
  /**
   * The email address; not NULL.
   */
  const char *XQ_NONNULL email;
  /**
   * The first name; NULL for "".
   */
  const char *XQ_NULLABLE first_name;
  /**
   * The last name; NULL for "".
   */
  const char *XQ_NULLABLE last_name;
  /**
   * The title; NULL for "".
   */
  const char *XQ_NULLABLE title;
  /**
   * 1 Admin, 2 User (the default), 3 Vendor, 4 Customer, 5 Super User, 6 Device.
   */
  int32_t role;
  /**
   * 0 none (the default), 2 tutorials, 3 both tutorials and usage reports; 1 alone is refused here.
   */
  int32_t notifications;
  /**
   * What it means is not published: 0 for false, 1 for true; leave it at -1, the default, to send nothing.
   */
  int32_t overflow;
} xq_new_contact_t;

/**
 * A contact: a person or a device of a business.
 */
typedef struct xq_contact_t {
  /**
   * Its number; -1 where the service does not tell.
   */
  int64_t id;
  /**
   * The address; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE email;
  /**
   * The first name; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE first_name;
  /**
   * The last name; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE last_name;
  /**
   * The title; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE title;
  /**
   * 1 Admin, 2 User, 3 Vendor, 4 Customer, 5 Super User, 6 Device; -1 where the service does not tell.
   */
  int64_t role;
  /**
   * The state, as the service names or numbers it; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE status;
  /**
   * The id of the business that it belongs to; -1 where the service does not tell.
   */
  int64_t business_id;
} xq_contact_t;

/**
 * Contacts that came out of one call. They live, with their texts, until xq_contacts_free() frees them all at once. Not
 * to be changed; any number of threads may read them.
 */
typedef struct xq_contacts_t {
  /**
   * How many there are.
   */
  size_t count;
  /**
   * They themselves. Never NULL where count is not 0.
   */
  const struct xq_contact_t *XQ_NONNULL rows;
  /**
   * The service's reply as it came: JSON, with whatever else it told. Never NULL.
   */
  const char *XQ_NONNULL reply;
} xq_contacts_t;

/**
 * A stored key as the dashboard shows it. It lives, with its texts, until xq_communication_free() frees it all at once.
 * Not to be changed; any number of threads may read it.
 */
typedef struct xq_communication_t {
  /**
   * Its number; -1 where the service does not tell.
   */
  int64_t id;
  /**
   * Its locator token; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE locator_token;
  /**
   * Its labels; NULL where the service does not tell.
   */
  const char *XQ_NONNULL const *XQ_NULLABLE labels;
  /**
   * How many labels there are.
   */
  size_t label_count;
  /**
   * The service's reply as it came: JSON, with whatever else it told. Never NULL.
   */
  const char *XQ_NONNULL reply;
} xq_communication_t;

/**
 * A business.
 */
typedef struct xq_business_t {
  /**
   * Its number; -1 where the service does not tell.
   */
  int64_t id;
  /**
   * Its name; NULL where the service does not tell.
   */
  const char *XQ_NULLABLE name;
} xq_business_t;

/**
 * Businesses that came out of one call. They live, with their texts, until xq_businesses_free() frees them all at once.
 * Not to be changed; any number of threads may read them.
 */
typedef struct xq_businesses_t {
  /**
   * How many there are.
   */
  size_t count;
  /**
   * They themselves. Never NULL where count is not 0.
   */
  const struct xq_business_t *XQ_NONNULL rows;
  /**
   * The service's reply as it came: JSON, with whatever else it told. Never NULL.
   */
  const char *XQ_NONNULL reply;
} xq_businesses_t;

/**
 * What a device signs in with, in the forms that xq_authorize_device_cert_memory() takes. It lives, with its texts,
 * until xq_device_certificate_free() wipes and frees it all at once. Not to be changed; any number of threads may read it.
 */
typedef struct xq_device_certificate_t {
  /**
   * The certificate's id, 1 or more, which the device needs too.
   */
  int64_t id;
  /**
   * The certificate, client.crt: PEM. Never NULL.
   */
  const char *XQ_NONNULL certificate;
  /**
   * The transport key, transport.key: a secret. Never NULL.
   */
  const char *XQ_NONNULL transport_key;
  /**
   * The private key, client.key: a secret, which the service does not keep. Never NULL.
   */
  const char *XQ_NONNULL private_key;
} xq_device_certificate_t;

/**
 * A request for xq_request(). To be set with XQ_REQUEST_INIT or xq_request_init() first; fields are then changed as need
 * be. A program keeps working with a newer library, whose struct may have grown: that is what size is for. A size that
 * the library does not know is XQ_INVALID_ARGUMENT.
 */
typedef struct xq_request_t {
  /**
   * The size of the struct, as XQ_REQUEST_INIT sets it.
   */
  size_t size;
  /**
   * "GET", "POST", "PATCH", "PUT" or "DELETE", in capitals; NULL for "GET".
   */
  const char *XQ_NULLABLE method;
  /**
   * One of xq_service_t.
   */
  int32_t service;
  /**
   * The path below the service's address, such as "contact/all": not encoded, since each segment between slashes is
   * encoded by the library. One slash in front does no harm. NULL, "" or "/" for the address itself.
   */
  const char *XQ_NULLABLE path;
  /**
   * The names of the query, not encoded and not empty; NULL for no query.
   */
  const char *XQ_NONNULL const *XQ_NULLABLE query_names;
  /**
   * The values of the query, as many as names, not encoded; NULL for no query.
   */
  const char *XQ_NONNULL const *XQ_NULLABLE query_values;
  /**
   * How many names there are, and how many values.
   */
  size_t query_count;
  /**
   * The body, which is sent as it is, as application/json; NULL for none. GET and DELETE have none.
   */
  const char *XQ_NULLABLE body;
  /**
   * Whose token goes along, one of xq_token_t.
   */
  int32_t token;
} xq_request_t;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that is loaded, such as "0.1.0".
 *
 * @return a static string; not to be freed. Never fails. No network.
 */
const char *XQ_NONNULL xq_version(void);

/**
 * The same as a number, to compare with XQ_VERSION_NUMBER, that of the header: 1002003 is version 1.2.3. A library whose
 * number is smaller than the header's may lack functions and fields; another soname does not load at all.
 *
 * @return the number. Never fails. No network.
 */
uint32_t xq_version_number(void);

/**
 * What is built into the library that is loaded.
 *
 * @return the bits of XQ_FEATURE_SOCKETS, XQ_FEATURE_TLS and XQ_FEATURE_FILES, and of what a later version has besides; 0
 *         for one that is built for a board without an operating system. Never fails. No network.
 */
uint32_t xq_features(void);

/**
 * The name of a status, such as "XQ_TIMEOUT".
 *
 * @param status  any integer; one that is no status gives "unknown".
 * @return a static string; not to be freed. Never fails. No network.
 */
const char *XQ_NONNULL xq_status_name(int32_t status);

/**
 * What a status means, in one line, such as "a time limit passed".
 *
 * @param status  any integer; one that is no status says so.
 * @return a static string; not to be freed. Never fails. No network.
 */
const char *XQ_NONNULL xq_status_meaning(int32_t status);

/**
 * Wipes and frees a string that a function of this header gave out.
 *
 * @param string  the string, which is not to be used afterwards; NULL is fine. It may have been changed in place.
 *
 * Never fails. No network. Any thread may free it.
 */
void xq_string_free(char *XQ_NULLABLE string);

/**
 * Wipes and frees a list with all its texts.
 *
 * @param list  the list, which is not to be used afterwards; NULL is fine.
 *
 * Never fails. No network. Any thread may free it.
 */
void xq_list_free(struct xq_list_t *XQ_NULLABLE list);

/**
 * Wipes and frees bytes that a function of this header gave out.
 *
 * @param bytes  the bytes, which are not to be used afterwards; NULL is fine.
 *
 * Never fails. No network. Any thread may free them.
 */
void xq_bytes_free(struct xq_bytes_t *XQ_NULLABLE bytes);

/**
 * The status that the failed call returned.
 *
 * @param error  the error, or NULL.
 * @return the status; XQ_OK for NULL. Never fails. No network.
 */
xq_status_t xq_error_status(const struct xq_error_t *XQ_NULLABLE error);

/**
 * What went wrong and what was expected: one sentence in English, UTF-8, without a line break.
 *
 * @param error  the error, or NULL.
 * @return a string that lives as long as the error and is not to be freed by itself; "" for NULL. Never fails.
 *         No network.
 */
const char *XQ_NONNULL xq_error_message(const struct xq_error_t *XQ_NULLABLE error);

/**
 * The HTTP status of the service's reply.
 *
 * @param error  the error, or NULL.
 * @return the status, such as 403; 0 where there was no reply, and for NULL. Never fails. No network.
 */
int32_t xq_error_http_status(const struct xq_error_t *XQ_NULLABLE error);

/**
 * Whether the same call, made again later with nothing changed, may succeed: after XQ_TIMEOUT, XQ_NETWORK and
 * XQ_SERVER, and where the service asks to come back later (HTTP 408, 429); but not where a device is signed in and
 * was only not announced, since then xq_announce_device() is the call to make. It does not say that nothing was done:
 * xq_error_outcome() tells that, and a call that makes something is made again only where both allow it. libxq never
 * repeats a request by itself.
 *
 * @param error  the error, or NULL.
 * @return 1 for yes, 0 for no and for NULL. Never fails. No network.
 */
int32_t xq_error_can_retry(const struct xq_error_t *XQ_NULLABLE error);

/**
 * Whether what the failed call asked for was carried out all the same. A call that makes something is safe to make again
 * after XQ_OUTCOME_NOT_SENT and XQ_OUTCOME_REFUSED. After XQ_OUTCOME_UNKNOWN a second one is a double, if the first was
 * carried out:
 *
 * - what only reads, xq_grant_users(), xq_revoke_users(), xq_revoke_packet(), xq_update_settings(),
 *   xq_update_usergroup(), xq_add_usergroup_members() and the like, xq_announce_device(), xq_dashboard_signup(),
 *   signing in, xq_switch_business(): nothing, since twice is the same as once
 * - what deletes or gives up: the second one is refused, since it is gone
 * - xq_create_and_store_packet() and its like, xq_add_packet(), the functions that seal for people: a second key is
 *   stored, which nothing is sealed with
 * - xq_authorize_user(), xq_send_login_link(): a second mail; the first PIN may no longer do
 * - xq_code_validate(): the PIN is used up: it is refused, and the token may be valid
 * - xq_create_usergroup(), xq_add_contact(), xq_generate_device_certificate(): a second group, contact or certificate:
 *   look for the first
 * - xq_request(): whatever the service makes of it
 *
 * @param error  the error, or NULL.
 * @return one of xq_outcome_t; XQ_OUTCOME_NOT_SENT for NULL, and where an argument was refused. Never fails. No network.
 */
xq_outcome_t xq_error_outcome(const struct xq_error_t *XQ_NULLABLE error);

/**
 * The number of the call's last request, among those of its handle: 1 for the first. That is the one that failed, unless
 * what failed was to use what it gave. Lines of the log begin with it.
 *
 * @param error  the error, or NULL.
 * @return the number, whether or not anything of it left; 0 where the call did not come to a request, as where an argument
 *         was refused or no token is held, and for NULL. Never fails. No network.
 */
uint64_t xq_error_request(const struct xq_error_t *XQ_NULLABLE error);

/**
 * The name of the function whose request failed, such as "xq_get_packet", as it stands in the log.
 *
 * @param error  the error, or NULL.
 * @return a string that lives as long as the error and is not to be freed by itself; "" where the call did not come to a
 *         request, and for NULL. Never fails. No network.
 */
const char *XQ_NONNULL xq_error_operation(const struct xq_error_t *XQ_NULLABLE error);

/**
 * The seconds after which the service asks to come back (Retry-After), as it may beside HTTP 429 and 503. Where it says
 * a date, they are those from the reply's own Date to it; no clock of this machine is asked.
 *
 * @param error  the error, or NULL.
 * @return seconds, 0 or more; -1 where the service does not say, or says a date in a reply that has none of its own, and
 *         for NULL. Never fails. No network.
 */
int64_t xq_error_retry_after(const struct xq_error_t *XQ_NULLABLE error);

/**
 * The reply to a call that was carried out and whose result did not reach the program: one that could not be understood
 * (XQ_PROTOCOL) to a function that stores keys, or to xq_get_packets(), xq_create_usergroup(), xq_add_contact(),
 * xq_generate_device_certificate() or xq_request(); for a certificate also where its files could not be written
 * (XQ_FILE). Locator tokens, ids and keys may stand there, which are to be had from nowhere else. It is as secret as
 * they are.
 *
 * @param error  the error, or NULL.
 * @return a string that lives as long as the error, is wiped with it, and is not to be freed by itself; NULL where
 *         there is no such reply, and for NULL. Never fails. No network.
 */
const char *XQ_NULLABLE xq_error_reply(const struct xq_error_t *XQ_NULLABLE error);

/**
 * Frees an error, and wipes what xq_error_reply() gives.
 *
 * @param error  the error, which is not to be used afterwards; NULL is fine.
 *
 * Never fails. No network. Any thread may free it.
 */
void xq_error_free(struct xq_error_t *XQ_NULLABLE error);

/**
 * A configuration with every setting at its default. The environment is not read.
 *
 * @return the configuration; to be freed with xq_config_free(). Never NULL. No network.
 */
struct xq_config_t *XQ_NONNULL xq_config_new(void);

/**
 * Frees a configuration and wipes the keys in it. Handles made with it keep their own copy.
 *
 * @param config  the configuration, which is not to be used afterwards; NULL is fine.
 *
 * Never fails. No network.
 */
void xq_config_free(struct xq_config_t *XQ_NULLABLE config);

/**
 * Sets the general API key, which goes with every request, but for those to the dashboard where that has a key of its
 * own. There is no default: a handle cannot be made without one.
 *
 * @param config  the configuration.
 * @param key     the key, visible ASCII; NULL for none.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: the key is empty, longer than 8,192 bytes, or holds a blank, a line break or a
 *         character beyond ASCII; XQ_INVALID_ARGUMENT.
 */
xq_status_t xq_config_set_api_key(struct xq_config_t *XQ_NONNULL config,
                                  const char *XQ_NULLABLE key,
                                  struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets the API key for the dashboard service. By default the general key serves there too.
 *
 * @param config  the configuration.
 * @param key     the key, visible ASCII; NULL for the default.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: the key is empty, longer than 8,192 bytes, or holds a blank, a line break or a
 *         character beyond ASCII; XQ_INVALID_ARGUMENT.
 */
xq_status_t xq_config_set_dashboard_api_key(struct xq_config_t *XQ_NONNULL config,
                                            const char *XQ_NULLABLE key,
                                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets the locator key, which opens the replies that a trusted range gives to a device. There is no default.
 *
 * @param config  the configuration.
 * @param key     the key, one line of UTF-8 text; NULL for none.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: the key is empty or holds a control character; XQ_INVALID_ARGUMENT.
 */
xq_status_t xq_config_set_locator_key(struct xq_config_t *XQ_NONNULL config,
                                      const char *XQ_NULLABLE key,
                                      struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets how a trusted range is asked to seal its replies (xq_authorize_device()). The default is XQ_ENVELOPE_GCM. The
 * others are for older private deployments that know nothing else: they are not authenticated, so that whoever can
 * change a reply on its way can make it open to anything, a token of their own included. xq_authorize_device_cert()
 * uses XQ_ENVELOPE_GCM whatever is set here.
 *
 * @param config    the configuration.
 * @param envelope  one of xq_envelope_t.
 * @param error     where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: config is NULL, or there is no such envelope.
 */
xq_status_t xq_config_set_envelope(struct xq_config_t *XQ_NONNULL config,
                                   int32_t envelope,
                                   struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets where the services are: each at https://SERVICE.BASE, where SERVICE is subscription, validation, dashboard or
 * quantum. The default is "xqmsg.net/v2/".
 *
 * @param config  the configuration.
 * @param base    host, port if need be, and path, without a scheme, such as "xq.example.com/v2/"; NULL for the
 *                default.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: no address comes of it; XQ_INVALID_ARGUMENT.
 */
xq_status_t xq_config_set_base_uri(struct xq_config_t *XQ_NONNULL config,
                                   const char *XQ_NULLABLE base,
                                   struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets the address of one service on its own, for private deployments and the emulator. By default it follows from
 * the base address.
 *
 * @param config   the configuration.
 * @param service  one of xq_service_t.
 * @param url      the whole address, such as "https://subscription.xq.example.com/v2"; NULL for the default. http://
 *                 is for this machine only (localhost and names under it, 127.x.x.x, [::1]), which xq_api_new()
 *                 checks; see xq_config_set_allow_plain_http().
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: the address does not parse, has neither http:// nor https:// in front, or holds a
 *         user name, a query or a fragment; XQ_INVALID_ARGUMENT: also a service that there is not.
 */
xq_status_t xq_config_set_service_url(struct xq_config_t *XQ_NONNULL config,
                                      int32_t service,
                                      const char *XQ_NULLABLE url,
                                      struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Lets http:// addresses name other machines than this one. Everybody on the way can then read and change what is
 * sent, API keys, tokens and packet keys included. The default is 0.
 *
 * @param config  the configuration.
 * @param allow   0 for no, anything else for yes.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: config is NULL.
 */
xq_status_t xq_config_set_allow_plain_http(struct xq_config_t *XQ_NONNULL config,
                                           int32_t allow,
                                           struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets how long a call may take to get a connection: that long for the look-up of the name, where one is needed, and
 * that long for TCP and TLS together, whichever of the host's addresses answers. The default is 10,000 ms. The limit of
 * the whole call holds besides.
 *
 * @param config        the configuration.
 * @param milliseconds  1 or more.
 * @param error         where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: it is 0; XQ_INVALID_ARGUMENT: config is NULL.
 */
xq_status_t xq_config_set_connect_timeout_ms(struct xq_config_t *XQ_NONNULL config,
                                             uint32_t milliseconds,
                                             struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets how long a call may take, from the first name look-up to the last byte of the last reply: all its requests
 * together. The default is 30,000 ms. For one call alone: xq_api_derive().
 *
 * @param config        the configuration.
 * @param milliseconds  1 or more.
 * @param error         where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: it is 0; XQ_INVALID_ARGUMENT: config is NULL.
 */
xq_status_t xq_config_set_timeout_ms(struct xq_config_t *XQ_NONNULL config,
                                     uint32_t milliseconds,
                                     struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets the largest reply that is accepted; a larger one fails with XQ_PROTOCOL. The default is 16,777,216 bytes (16,384 on
 * a board without an operating system), which
 * is room for the locator tokens of 80,000 keys.
 *
 * @param config  the configuration.
 * @param bytes   1 or more, not counting the reply's head, which is limited to 16,384 bytes.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: it is 0; XQ_INVALID_ARGUMENT: config is NULL.
 */
xq_status_t xq_config_set_max_reply_bytes(struct xq_config_t *XQ_NONNULL config,
                                          size_t bytes,
                                          struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets whose root certificates are trusted besides the program's own (xq_config_set_ca_file(),
 * xq_config_set_ca_memory()). The default is XQ_ROOTS_BUILT_IN. With XQ_ROOTS_SYSTEM, xq_api_new() reads those of the
 * operating system (some milliseconds), where the environment's SSL_CERT_FILE and SSL_CERT_DIR say if they are set; what
 * it cannot read or use of them is left out. A device that talks to one deployment, whose root it has, is best served
 * by XQ_ROOTS_NONE. Where settings come from the environment too, XQ_CA_FILE there adds a root;
 * xq_config_set_ca_file() with NULL, called after xq_config_read_environment(), takes it back.
 *
 * @param config  the configuration.
 * @param roots   one of xq_roots_t.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: config is NULL, or there is no such choice. xq_api_new() is XQ_CONFIGURATION where
 *         XQ_ROOTS_SYSTEM finds no certificate (the message says what could not be read), and where XQ_ROOTS_NONE meets
 *         none of the program's own.
 */
xq_status_t xq_config_set_roots(struct xq_config_t *XQ_NONNULL config,
                                int32_t roots,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets root certificates of the program's own that it has in memory, compiled in for example. They are trusted besides
 * those of xq_config_set_roots() and of xq_config_set_ca_file(): neither function replaces what the other has set.
 * Whether they parse is found by xq_api_new().
 *
 * @param config  the configuration.
 * @param pem     PEM of one or more certificates, with any bytes between them; NULL for none.
 * @param length  how many bytes that are, at most 1 MiB; 0 where pem is NULL.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: there are no bytes, blanks only, or too many; XQ_INVALID_ARGUMENT: config is NULL, or
 *         pem is NULL and length is not 0.
 */
xq_status_t xq_config_set_ca_memory(struct xq_config_t *XQ_NONNULL config,
                                    const uint8_t *XQ_NULLABLE pem,
                                    size_t length,
                                    struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets an HTTP proxy, through which every connection to another machine is then made (CONNECT). By default there is
 * none, whatever the environment says.
 *
 * @param config  the configuration.
 * @param url     http://, a user name and password if need be, host and port (80 where there is none), such as
 *                "http://name:password@proxy.example.com:3128"; NULL for none.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: it does not parse (the message does not quote it); XQ_INVALID_ARGUMENT. A proxy
 *         that does not accept the name and the password makes the calls of a handle fail with XQ_CONFIGURATION, and
 *         so does one that asks for another sign-in than Basic (the message names the schemes that it offers, such as
 *         Negotiate); one that opens no tunnel, with XQ_NETWORK.
 */
xq_status_t xq_config_set_proxy(struct xq_config_t *XQ_NONNULL config,
                                const char *XQ_NULLABLE url,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets what follows "libxq/VERSION " in the user-agent header, so that the service can tell your program. The default
 * is nothing.
 *
 * @param config  the configuration.
 * @param suffix  printable ASCII, such as "my-sensor/2.1"; NULL for none.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: it is longer than 8,192 bytes, or holds a control character or a character beyond
 *         ASCII; XQ_INVALID_ARGUMENT.
 */
xq_status_t xq_config_set_user_agent_suffix(struct xq_config_t *XQ_NONNULL config,
                                            const char *XQ_NULLABLE suffix,
                                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Lets the program perform every HTTP exchange, in place of the library, which then opens no socket and knows nothing
 * of TLS: for boards that have their own (mbedTLS, a modem, a secure element). A library built without sockets needs
 * this. The addresses are as configured, https:// unless set otherwise; xq_config_set_connect_timeout_ms() has no
 * effect, and a proxy, root certificates or a choice of them make xq_api_new() fail. examples-c/mbedtls_transport.c is
 * one to copy.
 *
 * @param config     the configuration.
 * @param transport  the function; NULL for the library's own sockets.
 * @param context    handed to every call of the function; the program keeps it alive as long as a handle that was made
 *                   with this configuration. May be NULL.
 * @param error      where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: config is NULL.
 */
xq_status_t xq_config_set_transport(struct xq_config_t *XQ_NONNULL config,
                                    xq_transport_t XQ_NULLABLE transport,
                                    void *XQ_NULLABLE context,
                                    struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets the HTTP status of a reply. To be called in a transport function.
 *
 * @param reply   the reply; not NULL.
 * @param status  the HTTP status, such as 200.
 *
 * Never fails: an invalid status makes the operation fail with XQ_PROTOCOL.
 */
void xq_http_reply_set_status(struct xq_http_reply_t *XQ_NONNULL reply, int32_t status);

/**
 * Adds bytes to the body of a reply, which is all that was added, in order. To be called in a transport function, as
 * often as bytes come.
 *
 * @param reply   the reply; not NULL.
 * @param bytes   the bytes, which are copied; NULL where there are none.
 * @param length  how many.
 * @return XQ_OK; XQ_PROTOCOL: the body is larger than the configuration allows, and the rest need not be read;
 *         XQ_INVALID_ARGUMENT: reply is NULL, or bytes is NULL and length is not 0.
 */
xq_status_t xq_http_reply_add_body(struct xq_http_reply_t *XQ_NONNULL reply,
                                   const void *XQ_NULLABLE bytes,
                                   size_t length);

/**
 * Sets the seconds after which the service asks to come back (the header field Retry-After), if it does; a date there is
 * for the program to reckon from the field Date. To be called in a transport function.
 *
 * @param reply    the reply; not NULL.
 * @param seconds  as xq_error_retry_after() then gives them.
 *
 * Never fails.
 */
void xq_http_reply_set_retry_after(struct xq_http_reply_t *XQ_NONNULL reply,
                                   uint32_t seconds);

/**
 * Sets the media type of the reply (the header field Content-Type), if it has one. To be called in a transport function:
 * a page in HTML, such as that of a network that asks for a sign-in, is then XQ_PROTOCOL and not taken for a key.
 *
 * @param reply         the reply; not NULL.
 * @param content_type  the value of the field, such as "text/html; charset=utf-8", which is looked at up to its first
 *                      ';', blank or line break; NULL for none.
 *
 * Never fails.
 */
void xq_http_reply_set_content_type(struct xq_http_reply_t *XQ_NONNULL reply,
                                    const char *XQ_NULLABLE content_type);

/**
 * Says why there is no reply, for the message of the operation's error. To be called in a transport function.
 *
 * @param reply    the reply; not NULL.
 * @param message  one line of UTF-8 text without secrets, which is copied, its first 200 characters at the most; NULL
 *                 for none. Line breaks become blanks; what is not UTF-8 is ignored.
 *
 * Never fails.
 */
void xq_http_reply_set_message(struct xq_http_reply_t *XQ_NONNULL reply,
                               const char *XQ_NULLABLE message);

/**
 * Whether the program has stopped the operation (xq_api_cancel()): the transport function then closes its connection and
 * returns at once, with whatever status. To be called in a transport function, every 100 milliseconds or oftener while it
 * waits; it costs next to nothing.
 *
 * @param reply  the reply; not NULL.
 * @return 1 for yes, 0 for no and for NULL. Never fails.
 */
int32_t xq_http_reply_is_canceled(const struct xq_http_reply_t *XQ_NONNULL reply);

/**
 * Says that nothing of the request has left this machine, as where there is no connection, so that the operation's
 * error tells that nothing was done (xq_error_outcome()); otherwise a failed exchange may have been carried out. To be
 * called in a transport function.
 *
 * @param reply  the reply; not NULL.
 *
 * Never fails.
 */
void xq_http_reply_set_not_sent(struct xq_http_reply_t *XQ_NONNULL reply);

/**
 * Makes a handle with a copy of these settings, holding no token. Talks to nobody: the first call connects. No other
 * thread may change the environment meanwhile: the HTTP client inside looks at the proxy variables, which are not
 * used.
 *
 * @param config  the settings, which may be freed or changed afterwards.
 * @param out     where to put the handle, to be freed with xq_api_free(); NULL on failure. May not be NULL.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: there is no API key, an address is plain HTTP to another machine, root
 *         certificates do not parse, the system has none under XQ_ROOTS_SYSTEM, the program none of its own under
 *         XQ_ROOTS_NONE, a proxy, root certificates or a choice of them are set beside a transport of the program's
 *         own, or the library is built without sockets and no transport is set; XQ_INVALID_ARGUMENT: config or out is
 *         NULL.
 */
xq_status_t xq_api_new(const struct xq_config_t *XQ_NONNULL config,
                       struct xq_api_t *XQ_NULLABLE *XQ_NONNULL out,
                       struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Makes a handle from a handle: it shares the tokens, the connections and the settings of the first, and has a time
 * limit, a logger (xq_set_logger(): none at first), a count of requests (xq_error_request()) and a way to stop
 * (xq_api_cancel()) of its own: one that is made from a stopped handle is not stopped. It costs a
 * microsecond, so that a server can have one for each request that it serves. Signing in or out on either is seen on
 * both. The two are freed each by itself, in either order; what they share lives as long as one of them.
 *
 * @param api         the handle, which may be one that was made in this way itself.
 * @param timeout_ms  how long each call on the new handle may take, in milliseconds, as in
 *                    xq_config_set_timeout_ms(); 0 for as long as on the first.
 * @param out         where to put the handle, to be freed with xq_api_free(); NULL on failure. May not be NULL.
 * @param error       where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api or out is NULL. No network.
 */
xq_status_t xq_api_derive(struct xq_api_t *XQ_NONNULL api,
                          uint32_t timeout_ms,
                          struct xq_api_t *XQ_NULLABLE *XQ_NONNULL out,
                          struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Stops what is under way on a handle: every call on it ends within 100 milliseconds with XQ_CANCELED, whatever it waits
 * for (a name, a connection, TLS, the sending, the reply, a transport function of the program's that asks
 * xq_http_reply_is_canceled()), and so does sealing and opening a file; one whose reply is there already may still
 * succeed. Calls that begin later end in the same way before they send anything, until xq_api_resume(). It
 * reaches this handle alone: those that were made from it, or that it was made from, go on. A program that stops all of
 * them keeps a list, under a lock that it also holds while it takes one off to free it: this function may not run while
 * the handle is freed, nor after. The connections that were in use are closed, those that are
 * idle are kept. xq_error_outcome() tells whether a call's request had left.
 *
 * @param api    the handle.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where nothing is under way; XQ_INVALID_ARGUMENT: api is NULL. Sends nothing and does not wait.
 *         From any thread, but not from a signal handler.
 */
xq_status_t xq_api_cancel(struct xq_api_t *XQ_NONNULL api,
                          struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Makes a handle usable again after xq_api_cancel(). Calls that were under way then end all the same.
 *
 * @param api    the handle.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where it was not stopped; XQ_INVALID_ARGUMENT: api is NULL. No network.
 */
xq_status_t xq_api_resume(struct xq_api_t *XQ_NONNULL api,
                          struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Closes a handle's connections, wipes its keys and tokens, and frees it; where xq_api_derive() made another from it,
 * or it from another, these live as long as that.
 *
 * @param api  the handle, on which no call is under way and which is not to be used afterwards; NULL is fine.
 *
 * Never fails. Sends no request.
 */
void xq_api_free(struct xq_api_t *XQ_NULLABLE api);

/**
 * Gives the token that requests carry, so that a program can keep it between runs: after xq_authorize_user() the
 * pre-authorization token; after xq_exchange_key(), an alias's or a device's sign-in, the access token.
 *
 * @param api    the handle.
 * @param out    where to put the token, to be freed with xq_string_free(); NULL where the handle holds none.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where there is no token; XQ_INVALID_ARGUMENT: api is NULL. No network.
 */
xq_status_t xq_get_access_token(struct xq_api_t *XQ_NONNULL api,
                                char *XQ_NULLABLE *XQ_NULLABLE out,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Takes a token kept from an earlier run, in place of the one held. It is not checked with the service.
 *
 * @param api    the handle.
 * @param token  the token, visible ASCII; NULL forgets the one held.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL, or the token is empty, longer than 8,192 bytes, or holds a blank, a
 *         line break or a character beyond ASCII; the handle then keeps the one that it held. No network.
 */
xq_status_t xq_set_access_token(struct xq_api_t *XQ_NONNULL api,
                                const char *XQ_NULLABLE token,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Gives the dashboard token that the handle holds, so that a program can keep it between runs: that of
 * xq_exchange_for_dashboard_token(), xq_login_verify() or xq_switch_business(), the pre-authorization token after
 * xq_dashboard_login(), or the one that was set with xq_set_dashboard_token().
 *
 * @param api    the handle.
 * @param out    where to put the token, to be freed with xq_string_free(); NULL where the handle holds none.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where there is no token; XQ_INVALID_ARGUMENT: api is NULL. No network.
 */
xq_status_t xq_get_dashboard_token(struct xq_api_t *XQ_NONNULL api,
                                   char *XQ_NULLABLE *XQ_NULLABLE out,
                                   struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Takes a dashboard token kept from an earlier run, in place of the one held. Calls of the dashboard carry it from then
 * on. It is not checked with the service: xq_validate_access_token() does that.
 *
 * @param api    the handle.
 * @param token  the token, visible ASCII; NULL forgets the one held.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL, or the token is empty, longer than 8,192 bytes, or holds a blank, a
 *         line break or a character beyond ASCII; the handle then keeps the one that it held. No network.
 */
xq_status_t xq_set_dashboard_token(struct xq_api_t *XQ_NONNULL api,
                                   const char *XQ_NULLABLE token,
                                   struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Forgets and wipes both tokens. The service is not told: they remain valid there.
 *
 * @param api    the handle.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL. No network.
 */
xq_status_t xq_forget_tokens(struct xq_api_t *XQ_NONNULL api, struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Has each request of a handle told to a function: method, service and path, HTTP status or failure, and duration.
 * Never a key, a token, a PIN, a locator token or a body. Unset, which is the default, nothing is told to anybody.
 *
 * @param api      the handle.
 * @param logger   the function; NULL for none.
 * @param context  handed to every call of the function; the program keeps it alive until the logger is set anew and
 *                 the calls that were under way then have returned, or until xq_api_free(). May be NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL. No network.
 */
xq_status_t xq_set_logger(struct xq_api_t *XQ_NONNULL api,
                          xq_logger_t XQ_NULLABLE logger,
                          void *XQ_NULLABLE context,
                          struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Asks for access for a person (POST authorize). The service mails that person a PIN and a link; the next step is
 * xq_code_validate(). Asking again sends another PIN. The handle then holds the pre-authorization token that comes
 * back.
 *
 * @param api            the handle.
 * @param user           the person's email address.
 * @param first_name     the first name; NULL or "" is not sent.
 * @param last_name      the last name; NULL or "" is not sent.
 * @param newsletter     whether to send the newsletter: 0 for no, anything else for yes.
 * @param notifications  0 none, 1 usage reports, 2 tutorials, 3 both.
 * @param out            where to put the pre-authorization token, to be freed with xq_string_free(); or NULL.
 * @param error          where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: the service does not take the address; XQ_UNAUTHORIZED: the API key is not valid;
 *         XQ_INVALID_ARGUMENT: api or user is NULL, user is empty, holds a control character such as a line break, or
 *         begins or ends with a blank, a text is not UTF-8, notifications is out of range; XQ_SERVER, XQ_TIMEOUT,
 *         XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. On failure the handle keeps the token that it held.
 *         Uses the network.
 */
xq_status_t xq_authorize_user(struct xq_api_t *XQ_NONNULL api,
                              const char *XQ_NONNULL user,
                              const char *XQ_NULLABLE first_name,
                              const char *XQ_NULLABLE last_name,
                              int32_t newsletter,
                              int32_t notifications,
                              char *XQ_NULLABLE *XQ_NULLABLE out,
                              struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Asks the service whether the API key is valid (GET apikey).
 *
 * @param api    the handle.
 * @param out    where to put the service's answer, JSON such as {"scopes":["authorize","packet"],"status":"OK"}, to be
 *               freed with xq_string_free(); or NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the key is not valid; XQ_INVALID_ARGUMENT: api is NULL; XQ_REJECTED, XQ_SERVER,
 *         XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses the network.
 */
xq_status_t xq_validate_api_key(struct xq_api_t *XQ_NONNULL api,
                                char *XQ_NULLABLE *XQ_NULLABLE out,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Validates the PIN that the service mailed to the user (GET codevalidation), under the pre-authorization token that
 * xq_authorize_user() left in the handle, or that xq_set_access_token() put back. The next step is xq_exchange_key().
 * Nothing comes out: the handle keeps the token it holds, which the service now honours.
 *
 * @param api    the handle.
 * @param pin    the PIN as text, since it may have leading zeros, such as "004217".
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the PIN is not the right one (or is validated already: after a call that was cut
 *         short, try xq_exchange_key()), the API key or the token is not accepted, or the handle holds no token;
 *         XQ_INVALID_ARGUMENT: api or pin is NULL, pin is empty, not UTF-8, holds a control character such as a line
 *         break, or begins or ends with a blank; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL
 *         as in their definition. Uses the network.
 */
xq_status_t xq_code_validate(struct xq_api_t *XQ_NONNULL api,
                             const char *XQ_NONNULL pin,
                             struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Exchanges the pre-authorization token, once its PIN is validated, for an access token (GET exchange). The handle
 * then holds the access token, which is good for all services but the dashboard; keep it with xq_get_access_token() and
 * xq_set_access_token() to do without a PIN next time. Once the service no longer accepts it, calls that carry it fail
 * with XQ_UNAUTHORIZED: sign in again then.
 *
 * @param api       the handle.
 * @param business  the id of the business to sign in to, or NULL for none.
 * @param selector  0; anything else has the service's "selector" sent as True, for programs that let people choose
 *                  among their businesses.
 * @param out       where to put the access token, to be freed with xq_string_free(); or NULL.
 * @param error     where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: the PIN has not been validated; XQ_UNAUTHORIZED: the API key or the token is not
 *         accepted (an access token is not: it has been exchanged already), or the handle holds no token;
 *         XQ_INVALID_ARGUMENT: api is NULL, business is empty or not UTF-8; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK,
 *         XQ_TLS, XQ_PROTOCOL as in their definition. On failure the handle keeps the token that it held; where the
 *         reply was lost, try again. Uses the network.
 */
xq_status_t xq_exchange_key(struct xq_api_t *XQ_NONNULL api,
                            const char *XQ_NULLABLE business,
                            int32_t selector,
                            char *XQ_NULLABLE *XQ_NULLABLE out,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Exchanges the dashboard token that the handle holds for an access token (GET exchange). The handle then holds both.
 *
 * @param api    the handle.
 * @param out    where to put the access token, to be freed with xq_string_free(); or NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the API key or the dashboard token is not accepted, or the handle holds no dashboard
 *         token (nothing was sent then); XQ_INVALID_ARGUMENT: api is NULL; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT,
 *         XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. On failure the handle keeps the access token that it
 *         held. Uses the network.
 */
xq_status_t xq_exchange_for_subscription_token(struct xq_api_t *XQ_NONNULL api,
                                               char *XQ_NULLABLE *XQ_NULLABLE out,
                                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Signs in under an alias (POST authorizealias): an access token at once, without a PIN. The handle then holds it. The
 * dashboard does not know of an alias before xq_announce_device().
 *
 * @param api         the handle.
 * @param alias       the alias, such as "device-7".
 * @param first_name  the first name; NULL for "".
 * @param last_name   the last name; NULL for "".
 * @param out         where to put the access token, to be freed with xq_string_free(); or NULL.
 * @param error       where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: the service does not take the alias; XQ_UNAUTHORIZED: the API key is not valid;
 *         XQ_INVALID_ARGUMENT: api or alias is NULL, alias is empty, holds a control character such as a line break,
 *         or begins or ends with a blank, a text is not UTF-8; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL
 *         as in their definition. On failure the handle keeps the token that it held. Uses the network.
 */
xq_status_t xq_authorize_alias(struct xq_api_t *XQ_NONNULL api,
                               const char *XQ_NONNULL alias,
                               const char *XQ_NULLABLE first_name,
                               const char *XQ_NULLABLE last_name,
                               char *XQ_NULLABLE *XQ_NULLABLE out,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Signs in as a device of a business's trusted range (POST authorize/trusted/BUSINESS), and announces the device to
 * the dashboard (POST trusted/announce). The handle then holds the access token. Needs the locator key of the
 * configuration, which opens the reply; see also xq_config_set_envelope().
 *
 * @param api       the handle.
 * @param device    the device's name, 1 to 48 characters (not bytes).
 * @param business  the business's id: any text but "", "." and "..", sent as it is.
 * @param roaming   0 ties the token to the address that the device calls from; anything else lets it roam.
 * @param out       where to put the access token, to be freed with xq_string_free(); or NULL.
 * @param error     where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: there is no locator key; XQ_CRYPTO: the reply does not open with it; XQ_REJECTED:
 *         the service refused; XQ_UNAUTHORIZED: the API key is not valid; XQ_INVALID_ARGUMENT: api, device or
 *         business is NULL, not UTF-8 or not as above; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in
 *         their definition. Uses the network, twice.
 *
 * Where the sign-in worked and only the announcement failed, the status is that of the announcement (XQ_UNAUTHORIZED:
 * the dashboard's API key, for example), *error says so, and *out is the token all the same, which the handle holds:
 * call xq_announce_device() then, not this function again. In every other failure *out is NULL and the handle keeps
 * the token that it held. So pass out: it is how the two are told apart.
 */
xq_status_t xq_authorize_device(struct xq_api_t *XQ_NONNULL api,
                                const char *XQ_NONNULL device,
                                const char *XQ_NONNULL business,
                                int32_t roaming,
                                char *XQ_NULLABLE *XQ_NULLABLE out,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * As xq_authorize_device_cert(), for a device without files: the three contents come from memory.
 *
 * @param api             the handle.
 * @param certificate_id  the certificate's id, 1 or more.
 * @param certificate     the text of client.crt.
 * @param transport_key   the text of transport.key.
 * @param private_key     the text of client.key, in PEM or in base64 of DER. DER itself holds NUL bytes, so that its
 *                        end could not be seen here: it is XQ_INVALID_ARGUMENT, and is given in base64, or as a file
 *                        to xq_authorize_device_cert().
 * @param device          the device's name, 1 to 48 characters (not bytes); NULL for "Device".
 * @param announce        0 does not announce the device to the dashboard; anything else does.
 * @param out             where to put the access token, to be freed with xq_string_free(); or NULL.
 * @param error           where to put the error of a failed call, or NULL.
 * @return as xq_authorize_device_cert(), but that there is no XQ_FILE, and an empty text is XQ_INVALID_ARGUMENT. Uses
 *         the network, two or three times.
 */
xq_status_t xq_authorize_device_cert_memory(struct xq_api_t *XQ_NONNULL api,
                                            int64_t certificate_id,
                                            const char *XQ_NONNULL certificate,
                                            const char *XQ_NONNULL transport_key,
                                            const char *XQ_NONNULL private_key,
                                            const char *XQ_NULLABLE device,
                                            int32_t announce,
                                            char *XQ_NULLABLE *XQ_NULLABLE out,
                                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells the dashboard of the device that the handle is signed in as (POST trusted/announce). xq_authorize_device() and
 * xq_authorize_device_cert() do so by themselves; this is for when that failed, or was left out.
 *
 * @param api     the handle, signed in as the device.
 * @param device  the device's name, 1 to 48 characters (not bytes).
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the token or the dashboard's API key is not accepted, or the handle holds no token;
 *         XQ_INVALID_ARGUMENT: api or device is NULL, device is not UTF-8 or not as above; XQ_REJECTED, XQ_SERVER,
 *         XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses the network.
 */
xq_status_t xq_announce_device(struct xq_api_t *XQ_NONNULL api,
                               const char *XQ_NONNULL device,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells the time by the service's clock (GET time).
 *
 * @param api      the handle.
 * @param seconds  where to put the seconds since 1970; written only on success. May not be NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_PROTOCOL: the reply is no integer; XQ_INVALID_ARGUMENT: api or seconds is NULL; XQ_UNAUTHORIZED,
 *         XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
 */
xq_status_t xq_server_time(struct xq_api_t *XQ_NONNULL api,
                           int64_t *XQ_NONNULL seconds,
                           struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Takes settings over from the environment, as other XQ programs name them. A variable that is unset or empty changes
 * nothing. This is the only function that takes anything from the environment; no other thread may change it meanwhile.
 *
 * - XQ_API_KEY: the general API key, which every handle must have (xq_config_set_api_key())
 * - XQ_DASHBOARD_API_KEY: the API key for the dashboard, where that is not the general one
 *   (xq_config_set_dashboard_api_key())
 * - XQ_LOCATOR_KEY: what opens the replies of a trusted range (xq_config_set_locator_key())
 * - XQ_BASE_URI: the services are at https://SERVICE.BASE; xqmsg.net/v2/ by default (xq_config_set_base_uri())
 * - XQ_SUBSCRIPTION_URL, XQ_VALIDATION_URL, XQ_DASHBOARD_URL, XQ_QUANTUM_URL: one service's address on its own
 *   (xq_config_set_service_url())
 * - XQ_CA_FILE: a PEM file of extra root certificates (xq_config_set_ca_file())
 *
 * @param config  the configuration.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION or XQ_FILE: a value cannot be right, and the message names the variable (nothing has
 *         been taken over then); XQ_INVALID_ARGUMENT: config is NULL.
 */
xq_status_t xq_config_read_environment(struct xq_config_t *XQ_NONNULL config,
                                       struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets root certificates of the program's own, for private deployments and the emulator. They are trusted besides those
 * of xq_config_set_roots() and of xq_config_set_ca_memory(). The file is read now; whether its certificates parse is
 * found by xq_api_new().
 *
 * @param config  the configuration.
 * @param path    a PEM file of one or more certificates, at most 1 MiB, with any bytes between them, such as comments in
 *                Latin-1; NULL for none.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_FILE: it cannot be read, is a directory, a pipe or a device, empty or blank, or too large;
 *         XQ_CONFIGURATION: the path is empty; XQ_INVALID_ARGUMENT.
 */
xq_status_t xq_config_set_ca_file(struct xq_config_t *XQ_NONNULL config,
                                  const char *XQ_NULLABLE path,
                                  struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Signs in as the device that holds a certificate (GET time, POST authorize/certificate/ID), from its three files. The
 * handle then holds the access token. The request and the reply are sealed with the transport key (AES-256-GCM); the
 * token in the reply is encrypted to the private key.
 *
 * @param api               the handle.
 * @param certificate_id    the certificate's id, 1 or more.
 * @param certificate_path  the file client.crt.
 * @param transport_path    the file transport.key.
 * @param private_path      the file client.key: an RSA key of 2048 to 4096 bits in PKCS#1 or PKCS#8, not encrypted: in
 *                          PEM, in base64 of DER, or in DER itself (the bytes). The other two files are text. Each
 *                          has at most 1 MiB; in text, a byte-order mark, Windows line ends and blanks around it do
 *                          no harm.
 * @param device            the device's name, 1 to 48 characters (not bytes); NULL for "Device".
 * @param announce          0 does not announce the device to the dashboard; anything else does (POST
 *                          trusted/announce).
 * @param out               where to put the access token, to be freed with xq_string_free(); or NULL.
 * @param error             where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_FILE: a file is missing, unreadable, a directory, a pipe or a device, empty or blank, too large
 *         or, but for the private key, not text (the message names which of the three, its path and the reason);
 *         XQ_CRYPTO: the private key cannot be used (where it is an EC, Ed25519 or DSA key, or encrypted, the message
 *         says so) or is not the one of the certificate, or the transport key does not open the reply; XQ_REJECTED:
 *         the service refused: the id is unknown, the certificate is disabled or not the one of this id, or the
 *         request does not open with the transport key that belongs to it; XQ_UNAUTHORIZED: the API key is not valid;
 *         XQ_INVALID_ARGUMENT: any pointer other than device, out and error is NULL, a path is empty, a text is not
 *         UTF-8, the id is below 1, the name is not as above; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL
 *         as in their definition. Uses the network, two or three times. Before that, the files are read and the
 *         private key is parsed; whether it belongs to the certificate shows only in the end.
 *
 * Where only the announcement failed, it is as for xq_authorize_device(): *out is the token all the same.
 */
xq_status_t xq_authorize_device_cert(struct xq_api_t *XQ_NONNULL api,
                                     int64_t certificate_id,
                                     const char *XQ_NONNULL certificate_path,
                                     const char *XQ_NONNULL transport_path,
                                     const char *XQ_NONNULL private_path,
                                     const char *XQ_NULLABLE device,
                                     int32_t announce,
                                     char *XQ_NULLABLE *XQ_NULLABLE out,
                                     struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Reads a text file, such as a key or a certificate in PEM (not in DER, which is no text).
 *
 * @param path   the file's path.
 * @param out    where to put its text as it stands, without a byte-order mark but with the line break at its end, to
 *               be freed with xq_string_free(), which wipes it; or NULL. The certificate functions take such a text;
 *               an API key or a token is to be cut at its line break first: text[strcspn(text, "\r\n")] = 0.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_FILE: it is missing, unreadable, a directory, a pipe or a device, empty or blank, larger than 1
 *         MiB, or not UTF-8 text (the message names the path and the reason, never the content); XQ_INVALID_ARGUMENT:
 *         path is NULL, empty or not UTF-8. No network.
 */
xq_status_t xq_load_file_content(const char *XQ_NONNULL path,
                                 char *XQ_NULLABLE *XQ_NULLABLE out,
                                 struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets where random bytes come from, on a board without an operating system. Until it is called, what needs them (keys,
 * sealing, envelopes) is XQ_CRYPTO, and nothing stands in for them.
 *
 * @param random   the function; NULL for none.
 * @param context  handed to every call of the function; the program keeps it alive until another is set. May be NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: the library is built for an operating system, which gives them (xq_features()). No
 *         network. No call of the library may be under way.
 */
xq_status_t xq_board_set_random(xq_board_random_t XQ_NULLABLE random,
                                void *XQ_NULLABLE context,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets the clock of a board without an operating system: with one, the log tells how long requests took, and the time
 * limit is that of all requests of a call together. Without one each request has the whole limit.
 *
 * @param clock    the function; NULL for none.
 * @param context  handed to every call of the function; the program keeps it alive until another is set. May be NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CONFIGURATION: the library is built for an operating system, which has one. No network. No call of
 *         the library may be under way.
 */
xq_status_t xq_board_set_clock(xq_board_clock_t XQ_NULLABLE clock,
                               void *XQ_NULLABLE context,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets options to XQ_PACKET_OPTIONS_INIT, for languages that cannot use a macro.
 *
 * @param options  the options.
 * @param size     the size of the struct as the caller knows it, sizeof(xq_packet_options_t): no more is written,
 *                 should the library be newer.
 *
 * Never fails. No network.
 */
void xq_packet_options_init(struct xq_packet_options_t *XQ_NONNULL options,
                            size_t size);

/**
 * Sets a row to XQ_PACKET_ROW_INIT, for languages that cannot use a macro.
 *
 * @param row   the row.
 * @param size  the size of the struct as the caller knows it, sizeof(xq_packet_row_t): no more is written, should the
 *              library be newer.
 *
 * Never fails. No network.
 */
void xq_packet_row_init(struct xq_packet_row_t *XQ_NONNULL row,
                        size_t size);

/**
 * Makes an encrypted packet of a key (POST packet). It is not stored yet: xq_add_packet() does that, from here or from
 * another program. The handle's token says who the owner is.
 *
 * @param api              the handle.
 * @param key              the key: text, not empty, sent as it is; a key that is bytes is encoded by the caller, as
 *                         base64 for example. By a convention of XQ programs its first two characters may name the
 *                         algorithm it is for: ".B" OTP, ".1" GCM, ".2" CTR.
 * @param recipients       who may have the key: people, groups and aliases (see Lists in libxq(3), the opening text).
 * @param recipient_count  how many recipients there are, 1 or more.
 * @param options          type, expiry and subject; NULL for type 3, 24 hours and no subject.
 * @param out              where to put the packet, to be freed with xq_string_free(); or NULL.
 * @param error            where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api, key or recipients is NULL, the key, a recipient or the list of them is
 *         empty, a text is not UTF-8, the expiry is below 1, the type is empty or negative, labels or meta are given,
 *         options.size is not as XQ_PACKET_OPTIONS_INIT sets it; XQ_UNAUTHORIZED: the token is not accepted, or the
 *         handle holds none; XQ_REJECTED: the service refused, for example over a quota, or because it knows no such
 *         type or cannot read a recipient's address; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in
 *         their definition. Uses the network.
 */
xq_status_t xq_create_packet(struct xq_api_t *XQ_NONNULL api,
                             const char *XQ_NONNULL key,
                             const char *XQ_NONNULL const *XQ_NONNULL recipients,
                             size_t recipient_count,
                             const struct xq_packet_options_t *XQ_NULLABLE options,
                             char *XQ_NULLABLE *XQ_NULLABLE out,
                             struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Makes and stores a packet of a key (POST packet/add). The locator token that comes out stands for the key:
 * recipients give it to xq_get_packet().
 *
 * @param api              the handle.
 * @param key              the key: text, not empty, sent as it is.
 * @param recipients       who may have the key: people, groups and aliases (see Lists in libxq(3), the opening text).
 * @param recipient_count  how many recipients there are, 1 or more.
 * @param options          type, expiry, subject and labels; NULL for "msg", 24 hours, no subject and no labels.
 * @param out              where to put the locator token, usually 43 characters, to be freed with xq_string_free(); or
 *                         NULL.
 * @param error            where to put the error of a failed call, or NULL.
 * @return as xq_create_packet(), but that labels may be given too; XQ_PROTOCOL also where the reply is no locator
 *         token. The key has been stored then, as the service says: xq_error_reply() has the reply's text, if it is text. Uses the network.
 */
xq_status_t xq_create_and_store_packet(struct xq_api_t *XQ_NONNULL api,
                                       const char *XQ_NONNULL key,
                                       const char *XQ_NONNULL const *XQ_NONNULL recipients,
                                       size_t recipient_count,
                                       const struct xq_packet_options_t *XQ_NULLABLE options,
                                       char *XQ_NULLABLE *XQ_NULLABLE out,
                                       struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Makes and stores a packet for each of many keys, in one request (POST packet/add).
 *
 * @param api              the handle.
 * @param keys             the keys: texts, none of them empty, sent as they are. The same key may stand there twice.
 * @param key_count        how many keys there are, 1 or more; 10,000 is fine. The reply repeats each key beside its
 *                         locator token: keys whose reply would be larger than xq_config_set_max_reply_bytes() allows
 *                         are refused before anything is sent.
 * @param recipients       who may have the keys: people, groups and aliases (see Lists in libxq(3), the opening text).
 * @param recipient_count  how many recipients there are, 1 or more.
 * @param options          type, expiry, subject and meta; NULL for type 5, 24 hours, no subject and no meta.
 * @param out              where to put the locator tokens, in the keys' order and none of them NULL, to be freed with
 *                         xq_list_free(); or NULL.
 * @param error            where to put the error of a failed call, or NULL.
 * @return as xq_create_packet(), but that meta may be given; XQ_INVALID_ARGUMENT also where the reply would be too
 *         large; XQ_PROTOCOL also where the reply does not have one token for each key in the keys' order. The keys
 *         may have been stored then: xq_error_reply() has the reply's text. Uses the network.
 */
xq_status_t xq_create_and_store_packets(struct xq_api_t *XQ_NONNULL api,
                                        const char *XQ_NONNULL const *XQ_NONNULL keys,
                                        size_t key_count,
                                        const char *XQ_NONNULL const *XQ_NONNULL recipients,
                                        size_t recipient_count,
                                        const struct xq_packet_options_t *XQ_NULLABLE options,
                                        struct xq_list_t *XQ_NULLABLE *XQ_NULLABLE out,
                                        struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Makes and stores a packet for each of many rows, which have recipients, expiry and metadata of their own, in one
 * request (POST packet/batch).
 *
 * @param api        the handle.
 * @param rows       the rows.
 * @param row_count  how many rows there are, 1 or more.
 * @param out        where to put the locator tokens, in the rows' order and none of them NULL, to be freed with
 *                   xq_list_free(); or NULL.
 * @param error      where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api or rows is NULL, there is no row, or one of them has no key, no recipient,
 *         an empty one, an expiry below 1, an empty unit, a text that is not UTF-8 or metadata that is not a JSON
 *         object (the message names the row, counted from 0), or the reply would be too large; XQ_PROTOCOL also where
 *         the reply does not have one token for each row in the rows' order, and xq_error_reply() then has the
 *         reply's text; the others as xq_create_packet(). Uses the network.
 */
xq_status_t xq_create_and_store_packets_batch(struct xq_api_t *XQ_NONNULL api,
                                              const struct xq_packet_row_t *XQ_NONNULL rows,
                                              size_t row_count,
                                              struct xq_list_t *XQ_NULLABLE *XQ_NULLABLE out,
                                              struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Stores an encrypted packet that xq_create_packet() made (POST packet on the validation service). Its owner is the
 * one who made it. Each call stores it again, under another locator token.
 *
 * @param api     the handle.
 * @param packet  the packet, as it came.
 * @param out     where to put its locator token, to be freed with xq_string_free(); or NULL.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api or packet is NULL, packet is empty or not UTF-8; XQ_UNAUTHORIZED: the token
 *         is not accepted, or the handle holds none; XQ_REJECTED: the service does not take it for a packet of its
 *         own; XQ_PROTOCOL also where the reply is no locator token: xq_error_reply() then has the reply's text;
 *         XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
 */
xq_status_t xq_add_packet(struct xq_api_t *XQ_NONNULL api,
                          const char *XQ_NONNULL packet,
                          char *XQ_NULLABLE *XQ_NULLABLE out,
                          struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Fetches the key that a locator token stands for (GET key/LOCATOR).
 *
 * @param api      the handle, signed in as the owner or as a recipient.
 * @param locator  the locator token.
 * @param out      where to put the key, as it was stored, to be freed with xq_string_free(); or NULL. (A service that
 *                 answers with bare text cannot be told from one that answers with a JSON string where the key itself
 *                 begins and ends with a quote and is one: it then comes without its quotes.)
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: the key is expired, revoked or unknown, or not for the one who asks (the message has
 *         the service's reason, xq_error_http_status() its status); XQ_INVALID_ARGUMENT: api or locator is NULL,
 *         locator is empty, "." or "..", or not UTF-8; XQ_UNAUTHORIZED: the token is not accepted, or the handle
 *         holds none; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses the
 *         network.
 */
xq_status_t xq_get_packet(struct xq_api_t *XQ_NONNULL api,
                          const char *XQ_NONNULL locator,
                          char *XQ_NULLABLE *XQ_NULLABLE out,
                          struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Fetches the keys that many locator tokens stand for, in one request (POST keys).
 *
 * @param api            the handle, signed in as the owner or as a recipient.
 * @param locators       the locator tokens, none of them empty.
 * @param locator_count  how many there are, 1 or more.
 * @param out            where to put the keys, in the locators' order, NULL for each that the service does not give
 *                       (expired, revoked, unknown, or not for the one who asks: xq_get_packet() tells which); to be
 *                       freed with xq_list_free(); or NULL.
 * @param error          where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where keys are missing; XQ_INVALID_ARGUMENT: api or locators is NULL, there is no locator, one
 *         is empty or not UTF-8; XQ_UNAUTHORIZED: the token is not accepted, or the handle holds none; XQ_PROTOCOL:
 *         also where the keys are larger than xq_config_set_max_reply_bytes() allows (ask for fewer at once);
 *         XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
 */
xq_status_t xq_get_packets(struct xq_api_t *XQ_NONNULL api,
                           const char *XQ_NONNULL const *XQ_NONNULL locators,
                           size_t locator_count,
                           struct xq_list_t *XQ_NULLABLE *XQ_NULLABLE out,
                           struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Takes a key back for good: nobody gets it any more (DELETE key/LOCATOR). Only its owner can.
 *
 * @param api      the handle, signed in as the owner.
 * @param locator  the locator token.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: the one who asks is not the owner, or there is no such key any more; the others as
 *         xq_get_packet(). Uses the network.
 */
xq_status_t xq_revoke_packet(struct xq_api_t *XQ_NONNULL api,
                             const char *XQ_NONNULL locator,
                             struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Lets more people have a key (POST grant/LOCATOR). Only its owner can.
 *
 * @param api              the handle, signed in as the owner.
 * @param locator          the locator token.
 * @param recipients       who else may have the key: people, groups and aliases (see Lists in libxq(3), the opening text).
 * @param recipient_count  how many recipients there are, 1 or more.
 * @param error            where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: the one who asks is not the owner, or there is no such key any more;
 *         XQ_INVALID_ARGUMENT: also where recipients is NULL, or a recipient or the list of them is empty; the others
 *         as xq_get_packet(). Uses the network.
 */
xq_status_t xq_grant_users(struct xq_api_t *XQ_NONNULL api,
                           const char *XQ_NONNULL locator,
                           const char *XQ_NONNULL const *XQ_NONNULL recipients,
                           size_t recipient_count,
                           struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Takes a key away from people who may have it (PATCH revoke/LOCATOR). Only its owner can. What they have fetched
 * already remains with them.
 *
 * @param api              the handle, signed in as the owner.
 * @param locator          the locator token.
 * @param recipients       who may have the key no more.
 * @param recipient_count  how many recipients there are, 1 or more.
 * @param error            where to put the error of a failed call, or NULL.
 * @return as xq_grant_users(). Uses the network.
 */
xq_status_t xq_revoke_users(struct xq_api_t *XQ_NONNULL api,
                            const char *XQ_NONNULL locator,
                            const char *XQ_NONNULL const *XQ_NONNULL recipients,
                            size_t recipient_count,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells how long a key still lives (GET expiration/LOCATOR).
 *
 * @param api      the handle, signed in as the owner or as a recipient.
 * @param locator  the locator token.
 * @param seconds  where to put the number of seconds left, 0 where it has expired; written only on success. May not be NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: also where seconds is NULL; the others as xq_get_packet(). Uses the network.
 */
xq_status_t xq_packet_expiration(struct xq_api_t *XQ_NONNULL api,
                                 const char *XQ_NONNULL locator,
                                 int64_t *XQ_NONNULL seconds,
                                 struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Frees a subscriber with all its texts.
 *
 * @param subscriber  the subscriber, which is not to be used afterwards; NULL is fine.
 *
 * Never fails. No network. Any thread may free it.
 */
void xq_subscriber_free(struct xq_subscriber_t *XQ_NULLABLE subscriber);

/**
 * Gives the access token up (DELETE authorization): the service no longer accepts it, and the handle forgets it. Calls
 * that need a token then fail with XQ_UNAUTHORIZED without a request, until there is another. The dashboard token stays
 * as it is, at the service too: xq_forget_tokens() makes the handle forget it.
 *
 * @param api    the handle.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the token is not accepted any more, or the handle holds none; XQ_INVALID_ARGUMENT:
 *         api is NULL; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. On
 *         failure the handle keeps the token. Uses the network.
 */
xq_status_t xq_deauthorize(struct xq_api_t *XQ_NONNULL api,
                           struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells who is signed in (GET subscriber).
 *
 * @param api    the handle.
 * @param out    where to put the subscriber, to be freed with xq_subscriber_free(); or NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where the service leaves fields out; XQ_UNAUTHORIZED: the token is not accepted, or the handle
 *         holds none; XQ_INVALID_ARGUMENT: api is NULL; XQ_PROTOCOL: also where the reply is no JSON object;
 *         XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
 */
xq_status_t xq_get_subscriber(struct xq_api_t *XQ_NONNULL api,
                              struct xq_subscriber_t *XQ_NULLABLE *XQ_NULLABLE out,
                              struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Deletes the subscriber who is signed in (DELETE subscriber). This cannot be undone: the account is gone, and with it
 * the way to the keys that it owns. The handle forgets the access token.
 *
 * @param api    the handle.
 * @param error  where to put the error of a failed call, or NULL.
 * @return as xq_deauthorize(). Uses the network.
 */
xq_status_t xq_delete_subscriber(struct xq_api_t *XQ_NONNULL api,
                                 struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells what the subscriber wants to be sent (GET settings).
 *
 * @param api            the handle.
 * @param newsletter     where to put whether the newsletter is wanted: 0 or 1, -1 where the service does not tell; or
 *                       NULL. Written only on success.
 * @param notifications  where to put the notifications that are wanted: 0 none, 1 usage reports, 2 tutorials, 3 both,
 *                       -1 where the service does not tell; or NULL. Written only on success.
 * @param error          where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_PROTOCOL: also where a field is of another kind; the others as xq_get_subscriber(). Uses the
 *         network.
 */
xq_status_t xq_get_settings(struct xq_api_t *XQ_NONNULL api,
                            int32_t *XQ_NULLABLE newsletter,
                            int32_t *XQ_NULLABLE notifications,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Changes what the subscriber wants to be sent (PATCH settings).
 *
 * @param api            the handle.
 * @param newsletter     0 for no newsletter, 1 for one, -1 to leave it as it is.
 * @param notifications  0 none, 1 usage reports, 2 tutorials, 3 both, -1 to leave them as they are.
 * @param error          where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL, both are -1, or one is out of range; the others as
 *         xq_deauthorize(). Uses the network.
 */
xq_status_t xq_update_settings(struct xq_api_t *XQ_NONNULL api,
                               int32_t newsletter,
                               int32_t notifications,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Gives a token for another program, which then works for the one who is signed in (GET delegate). The handle keeps
 * its own.
 *
 * @param api    the handle.
 * @param out    where to put the token, to be freed with xq_string_free(); or NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_PROTOCOL: also where the reply is no token; the others as xq_deauthorize(). Uses the network.
 */
xq_status_t xq_authorize_delegate(struct xq_api_t *XQ_NONNULL api,
                                  char *XQ_NULLABLE *XQ_NULLABLE out,
                                  struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Combines several access tokens into one that does what all of them do (POST combined). The handle keeps its own;
 * give it the new one with xq_set_access_token() if it shall use that.
 *
 * @param api          the handle.
 * @param tokens       the tokens, none of them empty.
 * @param token_count  how many there are, 1 or more.
 * @param out          where to put the combined token, to be freed with xq_string_free(); or NULL.
 * @param merged       where to put how many tokens went into it, which is fewer than token_count where the service
 *                     does not accept them all; or NULL. Written only on success.
 * @param error        where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: the service accepts none of the tokens; XQ_INVALID_ARGUMENT: api or tokens is NULL,
 *         there is no token, one is NULL, not visible ASCII or longer than 8,192 bytes; XQ_PROTOCOL: also where the
 *         reply has no token; the others as xq_deauthorize(). Uses the network.
 */
xq_status_t xq_combine_authorizations(struct xq_api_t *XQ_NONNULL api,
                                      const char *XQ_NONNULL const *XQ_NONNULL tokens,
                                      size_t token_count,
                                      char *XQ_NULLABLE *XQ_NULLABLE out,
                                      int64_t *XQ_NULLABLE merged,
                                      struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Fetches random bits from the quantum service (GET /?ks=BITS). They need no token. For keys there is
 * xq_generate_key(), which mixes them with the operating system's own.
 *
 * @param api    the handle; it need not be signed in.
 * @param bits   how many bits, 1 to 8,192.
 * @param out    where to put them, as the hexadecimal digits that the service sends, four bits to each and at least
 *               as many as were asked for; to be freed with xq_string_free(); or NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api is NULL, or bits is out of range; XQ_PROTOCOL: also where the reply is
 *         not base64 of as many hexadecimal digits; XQ_UNAUTHORIZED, XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT,
 *         XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
 */
xq_status_t xq_get_entropy(struct xq_api_t *XQ_NONNULL api,
                           size_t bits,
                           char *XQ_NULLABLE *XQ_NULLABLE out,
                           struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets options to XQ_SEAL_OPTIONS_INIT, for languages that cannot use a macro.
 *
 * @param options  the options.
 * @param size     the size of the struct as the caller knows it, sizeof(xq_seal_options_t): no more is written,
 *                 should the library be newer.
 *
 * Never fails. No network.
 */
void xq_seal_options_init(struct xq_seal_options_t *XQ_NONNULL options,
                          size_t size);

/**
 * Makes a key. The service's entropy and the operating system's are mixed (HKDF-SHA256), so that neither alone
 * knows it; where either gives none, there is no key.
 *
 * @param api        the handle, which need not be signed in; NULL for a key of the operating system's entropy
 *                   alone, without the network.
 * @param algorithm  what the key is for, one of xq_algorithm_t; XQ_ALGORITHM_DEFAULT for GCM.
 * @param bits       how many bits it has, a multiple of 4 from 128 to 8,192; 0 for 256. For OTP: the bits of the
 *                   text that the pad is to cover, 8 to each byte, a multiple of 8 from 128 to 32,768.
 * @param out        where to put the key: text, its prefix first (".1", ".2" or ".B"), then hexadecimal digits, or
 *                   letters, digits, - and _ for OTP; to be freed with xq_string_free(); or NULL.
 * @param error      where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: there is no such algorithm, or bits is out of range; XQ_CRYPTO: the operating
 *         system gives no random bytes; the others as xq_get_entropy(). Uses the network where api is not NULL.
 */
xq_status_t xq_generate_key(struct xq_api_t *XQ_NULLABLE api,
                            int32_t algorithm,
                            size_t bits,
                            char *XQ_NULLABLE *XQ_NULLABLE out,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Makes many keys, as xq_generate_key() does, and stores them for the same people in one request, as
 * xq_create_and_store_packets() does. One request for entropy is made for each 8,192 bits of keys.
 *
 * @param api              the handle, signed in.
 * @param count            how many keys, 1 or more.
 * @param algorithm        what the keys are for, one of xq_algorithm_t; XQ_ALGORITHM_DEFAULT for GCM.
 * @param bits             the bits of each, as for xq_generate_key(); 0 for 256.
 * @param recipients       who may have the keys: as for xq_create_and_store_packets().
 * @param recipient_count  how many recipients there are, 1 or more.
 * @param options          as for xq_create_and_store_packets(); NULL for the defaults.
 * @param keys             where to put the keys; to be freed with xq_list_free(). Its reply is empty. May not be
 *                         NULL.
 * @param locators         where to put their locator tokens, in the same order; to be freed with xq_list_free().
 *                         May not be NULL. On failure both are NULL.
 * @param error            where to put the error of a failed call, or NULL. Where xq_error_reply() gives a reply,
 *                         the keys are stored, and stand in it.
 * @return as xq_create_and_store_packets() and xq_generate_key(); what can be known to be wrong is refused before
 *         anything is sent. Uses the network.
 */
xq_status_t xq_generate_multiple_keys_and_store_packets(struct xq_api_t *XQ_NONNULL api,
                                                        size_t count,
                                                        int32_t algorithm,
                                                        size_t bits,
                                                        const char *XQ_NONNULL const *XQ_NONNULL recipients,
                                                        size_t recipient_count,
                                                        const struct xq_packet_options_t *XQ_NULLABLE options,
                                                        struct xq_list_t *XQ_NULLABLE *XQ_NONNULL keys,
                                                        struct xq_list_t *XQ_NULLABLE *XQ_NONNULL locators,
                                                        struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Makes a key for each row of a table, and stores them in one request, each with the row's own recipients and
 * metadata, as xq_create_and_store_packets_batch() does. One request for entropy is made for each 8,192 bits of
 * keys.
 *
 * @param api        the handle, signed in.
 * @param rows       the rows. Their keys are not looked at, and need not be set.
 * @param row_count  how many rows there are, 1 or more.
 * @param algorithm  what the keys are for, one of xq_algorithm_t; XQ_ALGORITHM_DEFAULT for GCM.
 * @param bits       the bits of each, as for xq_generate_key(); 0 for 256.
 * @param keys       where to put the keys, in the rows' order; to be freed with xq_list_free(). Its reply is empty.
 *                   May not be NULL.
 * @param locators   where to put their locator tokens, in the same order; to be freed with xq_list_free(). May not
 *                   be NULL. On failure both are NULL.
 * @param error      where to put the error of a failed call, or NULL. Where xq_error_reply() gives a reply, the
 *                   keys are stored, and stand in it.
 * @return as xq_create_and_store_packets_batch() and xq_generate_key(); what can be known to be wrong is refused
 *         before anything is sent. Uses the network.
 */
xq_status_t xq_generate_multiple_keys_and_store_packets_database(struct xq_api_t *XQ_NONNULL api,
                                                                 const struct xq_packet_row_t *XQ_NONNULL rows,
                                                                 size_t row_count,
                                                                 int32_t algorithm,
                                                                 size_t bits,
                                                                 struct xq_list_t *XQ_NULLABLE *XQ_NONNULL keys,
                                                                 struct xq_list_t *XQ_NULLABLE *XQ_NONNULL locators,
                                                                 struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Seals a message under a key in hand, in one piece.
 *
 * @param key      the key with its prefix, which names the algorithm: from xq_generate_key(), or another program's.
 * @param locator  the locator token under which the key is stored, 43 characters: the message is framed, that is,
 *                 has it in front, as Python's have. NULL: it is bare, as JavaScript's and C's are, and its locator
 *                 token has to travel beside it. A framed message in CTR is refused: those who read frames would
 *                 take it for one in GCM.
 * @param data     what to seal: bytes, zeros included; NULL only where length is 0.
 * @param length   how many bytes there are; with GCM at most 2^36 - 32.
 * @param options  algorithm, which must be that of the key, and repeat_pad; NULL for the defaults. key and locator
 *                 in it must be NULL.
 * @param out      where to put the message, to be freed with xq_bytes_free(); or NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: key is NULL, has no prefix, or one that nothing is sealed with, locator is not
 *         43 letters, digits and -._~+/, data is NULL, the pad is shorter than the text, or what is said above;
 *         XQ_CRYPTO: the key cannot be used, or the operating system gives no random bytes. No network.
 */
xq_status_t xq_encrypt_message(const char *XQ_NONNULL key,
                               const char *XQ_NULLABLE locator,
                               const uint8_t *XQ_NULLABLE data,
                               size_t length,
                               const struct xq_seal_options_t *XQ_NULLABLE options,
                               struct xq_bytes_t *XQ_NULLABLE *XQ_NULLABLE out,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Opens a message under a key in hand, in one piece: framed or bare, which is seen, and in any algorithm that XQ
 * programs have sealed with, which the key's prefix tells. What comes out under GCM is what was sealed, or nothing
 * comes out; a wrong key or a changed message in CTR or OTP cannot be noticed, and gives nonsense. Messages of the Python,
 * JavaScript and C SDKs open, also in what nothing seals with any more (CBC, and envelopes under keys that begin with
 * ".A"); those that travel as base64 are decoded first.
 *
 * @param key     the key with its prefix. One without is taken as the SDKs take it: by what a framed message says of
 *                its algorithm; for a bare one as that of an envelope where the message begins with "Salt", and as a
 *                pad elsewhere.
 * @param sealed  the message: bytes, not base64; NULL only where length is 0.
 * @param length  how many bytes it has.
 * @param out     where to put the text, to be freed with xq_bytes_free(); or NULL.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CRYPTO: it does not open, be it that the key is another one or that it was changed or cut, or
 *         the key cannot be used; XQ_INVALID_ARGUMENT: it is no message of an XQ program, or key or sealed is NULL. No
 *         network.
 */
xq_status_t xq_decrypt_message(const char *XQ_NONNULL key,
                               const uint8_t *XQ_NULLABLE sealed,
                               size_t length,
                               struct xq_bytes_t *XQ_NULLABLE *XQ_NULLABLE out,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Seals a message for people: makes a key, seals the message with its locator token in front, and stores the key
 * for the recipients. The key is stored when all else is done, so that no failure leaves one that nothing is sealed
 * with.
 *
 * @param api              the handle, signed in. NULL where options have a key and there are no recipients.
 * @param data             what to seal: bytes, zeros included; NULL only where length is 0.
 * @param length           how many bytes there are; with GCM at most 2^36 - 32.
 * @param recipients       who may open it: people, groups and aliases (see Lists in libxq(3), the opening text). NULL where there are none.
 * @param recipient_count  how many recipients there are: 1 or more, or 0 with a key in the options.
 * @param options          NULL for the defaults. algorithm: GCM unless said, or OTP, whose pad is as long as the
 *                         text up to 4,096 bytes; a longer text is sealed with GCM. key: used in place of one that
 *                         is made; with recipients it is stored for them; without, nothing is stored or sent, and
 *                         the message has locator in front, or none where that is NULL. packet: what is said of the
 *                         key. repeat_pad.
 * @param out              where to put the message, to be freed with xq_bytes_free(); or NULL.
 * @param error            where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api or data is NULL where it may not be, there is no recipient, one is empty, recipients are
 *         given beside a locator token, or what xq_encrypt_message() and xq_create_and_store_packet() say;
 *         XQ_CRYPTO: as xq_encrypt_message(); XQ_UNAUTHORIZED: the token is not accepted, or the handle holds none;
 *         XQ_PROTOCOL: also where the reply is no entropy, or no locator token of 43 characters (then
 *         xq_error_reply() has it); XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition.
 *         Uses the network unless a key is given without recipients.
 */
xq_status_t xq_encrypt_auto(struct xq_api_t *XQ_NULLABLE api,
                            const uint8_t *XQ_NULLABLE data,
                            size_t length,
                            const char *XQ_NONNULL const *XQ_NULLABLE recipients,
                            size_t recipient_count,
                            const struct xq_seal_options_t *XQ_NULLABLE options,
                            struct xq_bytes_t *XQ_NULLABLE *XQ_NULLABLE out,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Opens a message: fetches the key that its locator token stands for, and opens it as xq_decrypt_message() does.
 *
 * @param api      the handle, signed in as a recipient or as the owner. NULL where options have a key.
 * @param sealed   the message: bytes, not base64; NULL only where length is 0.
 * @param length   how many bytes it has.
 * @param options  NULL for the defaults. key: used in place of fetching one. locator: of a message that is bare;
 *                 where the message has one in front, it must be the same.
 * @param out      where to put the text, to be freed with xq_bytes_free(); or NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api or sealed is NULL, it is no message of an XQ program, or there is no
 *         locator token, or two; XQ_CRYPTO: as xq_decrypt_message(); XQ_REJECTED: the key is expired or revoked, or
 *         not for the one who asks; the others as xq_get_packet(). Uses the network unless options have a key.
 */
xq_status_t xq_decrypt_auto(struct xq_api_t *XQ_NULLABLE api,
                            const uint8_t *XQ_NULLABLE sealed,
                            size_t length,
                            const struct xq_seal_options_t *XQ_NULLABLE options,
                            struct xq_bytes_t *XQ_NULLABLE *XQ_NULLABLE out,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells the locator token in front of a framed message or a file, so that a program can fetch the key itself.
 *
 * @param sealed  the message or file, or its beginning: the first 47 bytes are enough. NULL only where length is 0.
 * @param length  how many bytes there are.
 * @param out     where to put the locator token, to be freed with xq_string_free(); or NULL.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: there is none in front, as in a bare message, or sealed is NULL; XQ_CRYPTO:
 *         what stands there can be none, or is cut short. No network.
 */
xq_status_t xq_sealed_locator(const uint8_t *XQ_NULLABLE sealed,
                              size_t length,
                              char *XQ_NULLABLE *XQ_NULLABLE out,
                              struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Seals a file for people, from file to file, whatever its size, in constant memory: makes a key, seals the file
 * with its name and its locator token in front, and stores the key for the recipients, when all else is done. Where
 * the file cannot get its own name after that, the key is revoked again.
 *
 * The output appears whole under its name, or not at all: it is written beside it under another name (.xq-….part),
 * for the owner alone, flushed to the disk, and then renamed. After a failure nothing is left; after the process
 * was killed that other file may be. It gets the permissions of the file that it replaces, or else of the input.
 * Where it replaces a symbolic link, that goes, and what it led to stays.
 *
 * @param api              the handle, signed in. NULL where options have a key and a locator token.
 * @param input            the path of the file to seal: a regular file, not a pipe or a device.
 * @param output           the path of the sealed file, in a folder that is there; not the input, by whatever name.
 * @param recipients       who may open it: as for xq_encrypt_auto(). NULL where there are none.
 * @param recipient_count  how many recipients there are: 1 or more, or 0 with a key and a locator token in the
 *                         options.
 * @param options          NULL for the defaults. algorithm: GCM unless said, CTR, or OTP, whose pad is as long as
 *                         the file up to 4,096 bytes; a longer one is sealed with GCM. key: used in place of one
 *                         that is made; with recipients it is stored for them; without, locator has to be given
 *                         too, and nothing is sent. name: the name in the file. packet: what is said of the key;
 *                         the file's name is not told to the service unless as the subject here. overwrite,
 *                         repeat_pad, progress.
 * @param error            where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_FILE: a file cannot be read or written, the input is no regular file or changes its size
 *         meanwhile, or the output is there already; XQ_CANCELED: progress or xq_api_cancel() stopped it; XQ_INVALID_ARGUMENT: input
 *         or output is NULL, both are one file, the file is larger than GCM allows (2^36 - 32 bytes) or than the
 *         pad, its name is empty or has more than 2,000 bytes when sealed, or a key is given without its locator
 *         token or recipients; the others as xq_encrypt_auto(). Uses the network unless options have a key and a
 *         locator token.
 */
xq_status_t xq_encrypt_file(struct xq_api_t *XQ_NULLABLE api,
                            const char *XQ_NONNULL input,
                            const char *XQ_NONNULL output,
                            const char *XQ_NONNULL const *XQ_NULLABLE recipients,
                            size_t recipient_count,
                            const struct xq_seal_options_t *XQ_NULLABLE options,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Opens a sealed file, from file to file, in constant memory: fetches the key that its locator token stands for,
 * and opens it, in any algorithm that XQ programs have sealed with. The output appears as with xq_encrypt_file();
 * under GCM it gets its name only when all of it has been verified. A wrong key or a changed file in CTR or OTP
 * cannot be noticed.
 *
 * @param api      the handle, signed in as a recipient or as the owner. NULL where options have a key.
 * @param input    the path of the sealed file: a regular file.
 * @param output   the path of the opened file; not the input, by whatever name. Where it is a folder, the file goes
 *                 into it under its own name: the last component of that, without what is dangerous in a name
 *                 (separators, control characters, what Windows reserves, a dot or a dash in front), and "unnamed"
 *                 where nothing is left.
 * @param options  NULL for the defaults. key: used in place of fetching one. locator: where a key is fetched, it must
 *                 be the one in the file. overwrite, progress.
 * @param name     where to put the name in the file as it stands there, which may be a whole path and is somebody
 *                 else's word: not to be opened; NULL where it has none, or none that is UTF-8 text; to be freed
 *                 with xq_string_free(). Or NULL.
 * @param path     where to put the path that the opened file has, to be freed with xq_string_free(); or NULL. On
 *                 failure both are NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_FILE: as xq_encrypt_file(), also where the output is a folder and the name is no text;
 *         XQ_CRYPTO: it does not open; XQ_INVALID_ARGUMENT: it is no sealed file of an XQ program, input or output
 *         is NULL, or both are one file; XQ_CANCELED: progress or xq_api_cancel() stopped it; the others as xq_decrypt_auto(). Uses
 *         the network unless options have a key.
 */
xq_status_t xq_decrypt_file(struct xq_api_t *XQ_NULLABLE api,
                            const char *XQ_NONNULL input,
                            const char *XQ_NONNULL output,
                            const struct xq_seal_options_t *XQ_NULLABLE options,
                            char *XQ_NULLABLE *XQ_NULLABLE name,
                            char *XQ_NULLABLE *XQ_NULLABLE path,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Begins to seal a message or a file of any size, in constant memory (about 2 KB, and the pad with OTP). Then
 * xq_sealer_update() for each chunk, xq_sealer_finish(), and xq_sealer_free():
 *
 * @code
 *   status = xq_sealer_update(sealer, chunk, length, &taken, output, sizeof output, &made, &error);
 *   ... write made bytes of output; go on with chunk + taken until all of it is taken ...
 * @endcode
 *
 * An output of length + XQ_STREAM_FRONT_BYTES takes all of a chunk at once.
 *
 * @param key      the key with its prefix, which names the algorithm.
 * @param options  NULL for the defaults: a bare message. locator: what is sealed has it in front. name: it is a
 *                 file of that name; locator must be given too. algorithm, which must be that of the key.
 *                 repeat_pad. key must be NULL.
 * @param out      where to put the sealer, to be freed with xq_sealer_free(). May not be NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: out is NULL, a name is given without a locator token, or what
 *         xq_encrypt_message() and xq_encrypt_file() say; XQ_CRYPTO: as xq_encrypt_message(). No network.
 */
xq_status_t xq_sealer_new(const char *XQ_NONNULL key,
                          const struct xq_seal_options_t *XQ_NULLABLE options,
                          struct xq_sealer_t *XQ_NULLABLE *XQ_NONNULL out,
                          struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Seals a chunk, or as much of it as output has room for after what goes in front of the first one.
 *
 * @param sealer       the sealer.
 * @param data         the chunk; NULL only where length is 0.
 * @param length       how many bytes it has.
 * @param taken        where to put how many of them were taken in: the rest is to be given again. 0 after a failure.
 *                     May not be NULL.
 * @param output       where to put what comes out; it may not overlap data.
 * @param output_size  how many bytes it has room for, 1 or more.
 * @param made         where to put how many came out, 0 after a failure. May not be NULL.
 * @param error        where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: sealer, taken, made or output is NULL, data is NULL, they overlap, the text
 *         becomes longer than GCM or the pad allows, or the sealer is finished; nothing was taken in then, and what
 *         came out before is to be thrown away unless the call is repeated in a way that works. No network.
 */
xq_status_t xq_sealer_update(struct xq_sealer_t *XQ_NONNULL sealer,
                             const uint8_t *XQ_NULLABLE data,
                             size_t length,
                             size_t *XQ_NONNULL taken,
                             uint8_t *XQ_NONNULL output,
                             size_t output_size,
                             size_t *XQ_NONNULL made,
                             struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Ends what is sealed. Without it, what came out does not open.
 *
 * @param sealer       the sealer, which can then only be freed.
 * @param output       where to put the last bytes.
 * @param output_size  how many bytes it has room for: XQ_STREAM_BYTES are enough where some text was sealed before,
 *                     XQ_STREAM_FRONT_BYTES always.
 * @param made         where to put how many came out, 0 after a failure. May not be NULL.
 * @param error        where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: sealer, output or made is NULL, there is too little room (nothing is lost
 *         then), or the sealer is finished already. No network.
 */
xq_status_t xq_sealer_finish(struct xq_sealer_t *XQ_NONNULL sealer,
                             uint8_t *XQ_NONNULL output,
                             size_t output_size,
                             size_t *XQ_NONNULL made,
                             struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Wipes and frees a sealer.
 *
 * @param sealer  the sealer, finished or not, which is not to be used afterwards; NULL is fine.
 *
 * Never fails. No network.
 */
void xq_sealer_free(struct xq_sealer_t *XQ_NULLABLE sealer);

/**
 * Begins to open a message or a file of any size, in constant memory (about 5 KB, and the pad with OTP). Then
 * xq_opener_update() for each chunk, xq_opener_finish(), and xq_opener_free().
 *
 * Under GCM, text comes out before it is known that nobody has changed it: it is to be kept from everybody until
 * xq_opener_finish() says XQ_OK, and thrown away where it says anything else. (The functions that open in one piece
 * or from file to file never give such text.) In the other algorithms nothing tells a changed text at all.
 *
 * Two sorts of messages differ from what xq_decrypt_message() says of them: a framed one under a key that begins
 * with ".2" opens as GCM alone, since those of Python are, and the rare one in CTR is XQ_CRYPTO; and of one under
 * ".A" the first 64 bytes decide which of the two sorts it is.
 *
 * @param form   one of xq_form_t.
 * @param key    the key with its prefix; NULL to give it with xq_opener_set_key() once the locator token has been
 *               seen.
 * @param out    where to put the opener, to be freed with xq_opener_free(). May not be NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: there is no such form, or out is NULL; XQ_CRYPTO: the key cannot be used. No
 *         network.
 */
xq_status_t xq_opener_new(int32_t form,
                          const char *XQ_NULLABLE key,
                          struct xq_opener_t *XQ_NULLABLE *XQ_NONNULL out,
                          struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Opens a chunk, or as much of it as output has room for. Nothing more is taken in once xq_opener_wants_key() says
 * 1:
 *
 * @code
 *   while (length > 0) {
 *       status = xq_opener_update(opener, chunk, length, &taken, output, sizeof output, &made, &error);
 *       if (status != XQ_OK) break;
 *       ... keep made bytes of output; chunk += taken; length -= taken ...
 *       if (xq_opener_wants_key(opener)) ... fetch the key of xq_opener_locator(opener); xq_opener_set_key() ...
 *   }
 * @endcode
 *
 * @param opener       the opener.
 * @param sealed       the chunk: bytes, not base64; NULL only where length is 0.
 * @param length       how many bytes it has.
 * @param taken        where to put how many of them were taken in: the rest is to be given again. 0 after a failure.
 *                     May not be NULL.
 * @param output       where to put what comes out; it may not overlap sealed.
 * @param output_size  how many bytes it has room for, XQ_STREAM_BYTES or more; length + XQ_STREAM_BYTES takes all
 *                     of a chunk at once.
 * @param made         where to put how many came out, 0 after a failure. May not be NULL.
 * @param error        where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_CRYPTO: it does not open; XQ_INVALID_ARGUMENT: it is nothing that an XQ program seals, opener,
 *         taken, made, output or sealed is NULL, there is too little room, they overlap, the opener wants a key, or
 *         it is finished. After the first two the opener can only be freed; after the others nothing is lost. No
 *         network.
 */
xq_status_t xq_opener_update(struct xq_opener_t *XQ_NONNULL opener,
                             const uint8_t *XQ_NULLABLE sealed,
                             size_t length,
                             size_t *XQ_NONNULL taken,
                             uint8_t *XQ_NONNULL output,
                             size_t output_size,
                             size_t *XQ_NONNULL made,
                             struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Whether an opener takes nothing more in before it has a key.
 *
 * @param opener  the opener.
 * @return 1 where it wants one, 0 where it does not, or where opener is NULL. Never fails. No network.
 */
int32_t xq_opener_wants_key(const struct xq_opener_t *XQ_NONNULL opener);

/**
 * The locator token in front of what is opened.
 *
 * @param opener  the opener.
 * @return the locator token, which lives as long as the opener; NULL where it has not been seen yet, where the
 *         message has none, or where opener is NULL. Never fails. No network.
 */
const char *XQ_NULLABLE xq_opener_locator(const struct xq_opener_t *XQ_NONNULL opener);

/**
 * The name in a file that is opened, as it stands there: somebody else's word, perhaps a whole path.
 *
 * @param opener  the opener.
 * @return the name, which lives as long as the opener; NULL where it is not known yet (it is once text comes out),
 *         where there is none, or none that is UTF-8 text, or where opener is NULL. Never fails. No network.
 */
const char *XQ_NULLABLE xq_opener_name(const struct xq_opener_t *XQ_NONNULL opener);

/**
 * Gives an opener its key, at any time before it wants one or then.
 *
 * @param opener  the opener.
 * @param key     the key with its prefix.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: opener or key is NULL, or there is a key already; XQ_CRYPTO: the key cannot
 *         be used; another may be given. No network.
 */
xq_status_t xq_opener_set_key(struct xq_opener_t *XQ_NONNULL opener,
                              const char *XQ_NONNULL key,
                              struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Ends what is opened, and has the verdict on it.
 *
 * @param opener       the opener, which can then only be freed.
 * @param output       where to put the last bytes.
 * @param output_size  how many bytes it has room for, XQ_STREAM_BYTES or more.
 * @param made         where to put how many came out, 0 after a failure. May not be NULL.
 * @param error        where to put the error of a failed call, or NULL.
 * @return XQ_OK: it is whole, and under GCM it is what was sealed; XQ_CRYPTO: it is not, and all that came out is
 *         to be thrown away; XQ_INVALID_ARGUMENT: it is nothing that an XQ program seals, opener, output or made is
 *         NULL, there is too little room, the opener wants a key, or it is finished already. No network.
 */
xq_status_t xq_opener_finish(struct xq_opener_t *XQ_NONNULL opener,
                             uint8_t *XQ_NONNULL output,
                             size_t output_size,
                             size_t *XQ_NONNULL made,
                             struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Wipes and frees an opener, with its locator token and name.
 *
 * @param opener  the opener, finished or not, which is not to be used afterwards; NULL is fine.
 *
 * Never fails. No network.
 */
void xq_opener_free(struct xq_opener_t *XQ_NULLABLE opener);

/**
 * Registers somebody with the dashboard (POST signup). Needs no token, and gives none.
 *
 * @param api                 the handle.
 * @param email               the email address.
 * @param password            the password to log in with later; NULL for none: login links do without.
 * @param opt_in              not 0: the person wants to be sent news.
 * @param already_registered  where to put 1 if the address was registered before, and nothing has changed, or else 0;
 *                            or NULL. Written only on success.
 * @param error               where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where the address is registered already (HTTP 409); XQ_UNAUTHORIZED: the dashboard's API key is
 *         not accepted; XQ_INVALID_ARGUMENT: api or email is NULL, email is no address, password is empty, a text is
 *         not UTF-8; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses
 *         the network.
 */
xq_status_t xq_dashboard_signup(struct xq_api_t *XQ_NONNULL api,
                                const char *XQ_NONNULL email,
                                const char *XQ_NULLABLE password,
                                int32_t opt_in,
                                int32_t *XQ_NULLABLE already_registered,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Has a login link mailed (POST login/link), for xq_dashboard_login(). Needs no token, and gives none.
 *
 * @param api    the handle.
 * @param email  the email address, which is registered with the dashboard.
 * @param host   where the link shall lead, as the service takes it; NULL for the service's own page.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: also where the address is not registered; XQ_INVALID_ARGUMENT: api or email is NULL,
 *         email is no address, host is empty or not one line, a text is not UTF-8; the others as
 *         xq_dashboard_signup(). Uses the network.
 */
xq_status_t xq_send_login_link(struct xq_api_t *XQ_NONNULL api,
                               const char *XQ_NONNULL email,
                               const char *XQ_NULLABLE host,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Logs in to the dashboard (POST login): with a password, with the code of a login link, or with the whole link as it
 * was mailed. The handle then holds a pre-authorization token as its dashboard token, which is good for
 * xq_login_verify() alone; its access token stays as it is.
 *
 * @param api        the handle.
 * @param email      the email address, for a login with a password; not looked at, and may be NULL, for one with a code.
 * @param password   the password; NULL to log in with code.
 * @param code       the code of a login link, or the whole link "https://...?access_token=...", which is not sent: the
 *                   token is taken from it; NULL to log in with password.
 * @param workspace  the workspace to log in to; NULL for the service's default, and beside a whole link.
 * @param out        where to put the pre-authorization token, to be freed with xq_string_free(); or NULL.
 * @param error      where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the password, the code or the API key is not accepted; XQ_REJECTED: also where the
 *         address is not registered; XQ_INVALID_ARGUMENT: api is NULL, both or neither of password and code are given,
 *         email is missing or no address, a text is empty or not UTF-8, code or workspace is not one line, the link has
 *         no token or workspace is given beside it; XQ_SERVER, XQ_TIMEOUT,
 *         XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. On failure the handle keeps what it held. Uses the
 *         network, but for a whole link.
 */
xq_status_t xq_dashboard_login(struct xq_api_t *XQ_NONNULL api,
                               const char *XQ_NULLABLE email,
                               const char *XQ_NULLABLE password,
                               const char *XQ_NULLABLE code,
                               const char *XQ_NULLABLE workspace,
                               char *XQ_NULLABLE *XQ_NULLABLE out,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Exchanges the pre-authorization token of xq_dashboard_login() for the dashboard token (GET login/verify), which the
 * handle then holds in its place.
 *
 * @param api    the handle.
 * @param out    where to put the dashboard token, to be freed with xq_string_free(); or NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the token is not accepted, or the handle holds no dashboard token;
 *         XQ_INVALID_ARGUMENT: api is NULL; XQ_PROTOCOL: also where the reply is no token; XQ_REJECTED, XQ_SERVER,
 *         XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. On failure the handle keeps what it held. Uses the
 *         network.
 */
xq_status_t xq_login_verify(struct xq_api_t *XQ_NONNULL api,
                            char *XQ_NULLABLE *XQ_NULLABLE out,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Asks whether the dashboard token that the handle holds is good (GET session). In spite of the published name it is
 * not about the access token, which xq_get_subscriber() tries.
 *
 * @param api    the handle.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK: it is; XQ_UNAUTHORIZED: it is not, or the handle holds none; XQ_INVALID_ARGUMENT: api is NULL;
 *         XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS, XQ_PROTOCOL as in their definition. Uses the network.
 */
xq_status_t xq_validate_access_token(struct xq_api_t *XQ_NONNULL api,
                                     struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Gets a dashboard token for the access token (GET login/verify?request=sub); the handle then holds both. The way back is
 * xq_exchange_for_subscription_token(). A person can have one at once; an alias or a device only once it is announced
 * (xq_announce_device()).
 *
 * @param api       the handle, which is signed in.
 * @param business  the id of the business to work in, a number from 1 on as text; NULL for the service's choice.
 *                  xq_get_businesses() tells which there are, and xq_switch_business() goes from one to another.
 * @param out       where to put the dashboard token, to be freed with xq_string_free(); or NULL.
 * @param error     where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the access token is not accepted, or the handle holds none; XQ_INVALID_ARGUMENT: api
 *         is NULL, business is no number or below 1; XQ_REJECTED: also where there is no such business (HTTP 404), or the
 *         alias or device is not announced (HTTP 403); XQ_PROTOCOL: also where the reply is no token; the
 *         others as xq_login_verify(). On failure the handle keeps what it held. Uses the network.
 */
xq_status_t xq_exchange_for_dashboard_token(struct xq_api_t *XQ_NONNULL api,
                                            const char *XQ_NULLABLE business,
                                            char *XQ_NULLABLE *XQ_NULLABLE out,
                                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Frees groups with all their texts.
 *
 * @param groups  the groups, which are not to be used afterwards; NULL is fine.
 *
 * Never fails. No network. Any thread may free them.
 */
void xq_usergroups_free(struct xq_usergroups_t *XQ_NULLABLE groups);

/**
 * Makes a group (POST usergroup). From then on its id makes a recipient of keys (see Lists in libxq(3), the opening text). Names need
 * not be unique: a second call makes a second group, and neither is found by its name any more. After a call of which no
 * reply arrived, look with xq_get_usergroup() before making it again.
 *
 * @param api           the handle, with a dashboard token.
 * @param name          the group's name.
 * @param members       the addresses of those who are to be in it.
 * @param member_count  how many there are, 1 or more.
 * @param out           where to put the group, one row with its id, to be freed with xq_usergroups_free(); or NULL.
 * @param error         where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the dashboard token or key is not accepted, or the handle holds no such token;
 *         XQ_INVALID_ARGUMENT: api, name or members is NULL, there is no member, name is empty or not one line, a
 *         member is NULL or no address, a text is not UTF-8; XQ_PROTOCOL: also where the reply has no id: the group is
 *         made all the same, and xq_error_reply() has the reply; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS
 *         as in their definition. Uses the network.
 */
xq_status_t xq_create_usergroup(struct xq_api_t *XQ_NONNULL api,
                                const char *XQ_NONNULL name,
                                const char *XQ_NONNULL const *XQ_NONNULL members,
                                size_t member_count,
                                struct xq_usergroups_t *XQ_NULLABLE *XQ_NULLABLE out,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells of groups (GET usergroup): the one with an id, the one with a name, or all.
 *
 * @param api    the handle, with a dashboard token.
 * @param id     the group's id; 0 to ask by name, or for all: an id that was never set is 0 too.
 * @param name   the group's name in exactly these letters, capitals included; NULL to ask by id, or, where that is 0,
 *               for all.
 * @param out    where to put the groups, to be freed with xq_usergroups_free(); or NULL. One group comes with its
 *               members; a list of all comes without.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: there is no group with this id (HTTP 404) or this name, or more than one has the name
 *         (xq_error_http_status() is 0 in these two; the message has the ids); XQ_INVALID_ARGUMENT: api is NULL, id is
 *         negative, both id and name are given, name is empty, not one line or not UTF-8; the others as
 *         xq_create_usergroup(). Uses the network, by name twice.
 */
xq_status_t xq_get_usergroup(struct xq_api_t *XQ_NONNULL api,
                             int64_t id,
                             const char *XQ_NULLABLE name,
                             struct xq_usergroups_t *XQ_NULLABLE *XQ_NULLABLE out,
                             struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Changes a group's name, its members, or both (PATCH usergroup/ID).
 *
 * @param api           the handle, with a dashboard token.
 * @param id            the group's id, 1 or more.
 * @param name          the new name; NULL to leave it.
 * @param members       the addresses of all who are to be in it, in place of those who were; NULL to leave them: an
 *                      array of 0 members empties the group.
 * @param member_count  how many there are; 0 where members is NULL.
 * @param error         where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: also where there is no such group (HTTP 404); XQ_INVALID_ARGUMENT: api is NULL, id is
 *         below 1, both name and members are NULL, or one is not as for xq_create_usergroup(); the others as
 *         xq_create_usergroup(). Uses the network.
 */
xq_status_t xq_update_usergroup(struct xq_api_t *XQ_NONNULL api,
                                int64_t id,
                                const char *XQ_NULLABLE name,
                                const char *XQ_NONNULL const *XQ_NULLABLE members,
                                size_t member_count,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Adds members to a group: reads it (GET usergroup/ID), and writes it back (PATCH) with those who are not in it yet,
 * whatever the letters' case. Members that the service describes in another way than by an address stay as they are.
 * Two programs that change one group at the same time can undo each other's change: the service knows no other way.
 *
 * @param api           the handle, with a dashboard token.
 * @param id            the group's id, 1 or more.
 * @param members       the addresses to add.
 * @param member_count  how many there are, 1 or more.
 * @param error         where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where all are in it already; XQ_REJECTED: also where there is no such group (HTTP 404);
 *         XQ_PROTOCOL: also where the reply does not tell who is in it: nothing is changed then; XQ_INVALID_ARGUMENT:
 *         api or members is NULL, id is below 1, there is no member, or one is no address; the others as
 *         xq_create_usergroup(). Uses the network, once or twice.
 */
xq_status_t xq_add_usergroup_members(struct xq_api_t *XQ_NONNULL api,
                                     int64_t id,
                                     const char *XQ_NONNULL const *XQ_NONNULL members,
                                     size_t member_count,
                                     struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Takes members out of a group, in the way of xq_add_usergroup_members() and with the same warning.
 *
 * @param api           the handle, with a dashboard token.
 * @param id            the group's id, 1 or more.
 * @param members       the addresses to take out, whatever the letters' case.
 * @param member_count  how many there are, 1 or more.
 * @param error         where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where none is in it; the others as xq_add_usergroup_members(). Uses the network, once or twice.
 */
xq_status_t xq_remove_usergroup_members(struct xq_api_t *XQ_NONNULL api,
                                        int64_t id,
                                        const char *XQ_NONNULL const *XQ_NONNULL members,
                                        size_t member_count,
                                        struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Deletes a group (DELETE usergroup/ID). Keys that were stored for it are no longer for those who were in it.
 *
 * @param api    the handle, with a dashboard token.
 * @param id     the group's id, 1 or more.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: also where there is no such group (HTTP 404); XQ_INVALID_ARGUMENT: api is NULL, id is
 *         below 1; the others as xq_create_usergroup(). Uses the network.
 */
xq_status_t xq_delete_usergroup(struct xq_api_t *XQ_NONNULL api,
                                int64_t id,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets a contact to XQ_NEW_CONTACT_INIT, for languages that cannot use a macro.
 *
 * @param contact  the contact.
 * @param size     the size of the struct as the caller knows it, sizeof(xq_new_contact_t): no more is written, should
 *                 the library be newer.
 *
 * Never fails. No network.
 */
void xq_new_contact_init(struct xq_new_contact_t *XQ_NONNULL contact,
                         size_t size);

/**
 * Frees contacts with all their texts.
 *
 * @param contacts  the contacts, which are not to be used afterwards; NULL is fine.
 *
 * Never fails. No network. Any thread may free them.
 */
void xq_contacts_free(struct xq_contacts_t *XQ_NULLABLE contacts);

/**
 * Adds a contact to the business (POST contact).
 *
 * @param api      the handle, with a dashboard token.
 * @param contact  the contact.
 * @param id       where to put the number that it gets; or NULL. Written only on success.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: also where there is such a contact already (HTTP 409); XQ_UNAUTHORIZED: the dashboard
 *         token or key is not accepted, or the handle holds no such token; XQ_INVALID_ARGUMENT: api, contact or
 *         contact->email is NULL, it is no address, role, notifications or overflow is out of range, a text is not
 *         UTF-8; XQ_PROTOCOL: also where the reply has no id: the contact is added all the same, and xq_error_reply()
 *         has the reply; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
 */
xq_status_t xq_add_contact(struct xq_api_t *XQ_NONNULL api,
                           const struct xq_new_contact_t *XQ_NONNULL contact,
                           int64_t *XQ_NULLABLE id,
                           struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells of the business's contacts (GET contact/all), devices among them.
 *
 * @param api     the handle, with a dashboard token.
 * @param role    1 Admin, 2 User, 3 Vendor, 4 Customer, 5 Super User, 6 Device; 0 for all.
 * @param filter  a text that a contact is to match, such as an address; NULL for all.
 * @param limit   how many to tell of at the most; 0 for the service's own limit.
 * @param page    which page of that many, from 0 on.
 * @param out     where to put the contacts, to be freed with xq_contacts_free(); or NULL.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where there are none; XQ_INVALID_ARGUMENT: api is NULL, role is out of range, limit or page is
 *         negative, filter is empty, not one line or not UTF-8; XQ_PROTOCOL: also where the reply is no list of
 *         contacts; XQ_REJECTED: as in its definition; the others as xq_add_contact(). Uses the network.
 */
xq_status_t xq_get_contacts(struct xq_api_t *XQ_NONNULL api,
                            int32_t role,
                            const char *XQ_NULLABLE filter,
                            int64_t limit,
                            int64_t page,
                            struct xq_contacts_t *XQ_NULLABLE *XQ_NULLABLE out,
                            struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Disables a contact (DELETE contact/ID): it stays in the list, and may not use the business any more.
 *
 * @param api    the handle, with a dashboard token.
 * @param id     the contact's id, 1 or more.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: also where there is no such contact (HTTP 404); XQ_INVALID_ARGUMENT: api is NULL, id is
 *         below 1; XQ_PROTOCOL: as in its definition; the others as xq_add_contact(). Uses the network.
 */
xq_status_t xq_disable_contact(struct xq_api_t *XQ_NONNULL api,
                               int64_t id,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Removes a contact for good (DELETE contact/ID?delete=true).
 *
 * @param api    the handle, with a dashboard token.
 * @param id     the contact's id, 1 or more.
 * @param error  where to put the error of a failed call, or NULL.
 * @return as xq_disable_contact(). Uses the network.
 */
xq_status_t xq_remove_contact(struct xq_api_t *XQ_NONNULL api, int64_t id, struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Frees a communication with all its texts.
 *
 * @param communication  the communication, which is not to be used afterwards; NULL is fine.
 *
 * Never fails. No network. Any thread may free it.
 */
void xq_communication_free(struct xq_communication_t *XQ_NULLABLE communication);

/**
 * Tells what the dashboard knows of a stored key (GET communication/LOCATOR): its labels, and in the reply whatever else.
 *
 * @param api            the handle, with a dashboard token.
 * @param locator_token  the key's locator token.
 * @param out            where to put the communication, to be freed with xq_communication_free(); or NULL.
 * @param error          where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where the service leaves fields out; XQ_REJECTED: also where there is no such key (HTTP 404);
 *         XQ_UNAUTHORIZED: the dashboard token or key is not accepted, or the handle holds no such token;
 *         XQ_INVALID_ARGUMENT: api or locator_token is NULL, it is empty, "." or "..", or not UTF-8; XQ_PROTOCOL: also
 *         where the reply is no JSON object; XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the
 *         network.
 */
xq_status_t xq_get_communication_by_locator_token(struct xq_api_t *XQ_NONNULL api,
                                                  const char *XQ_NONNULL locator_token,
                                                  struct xq_communication_t *XQ_NULLABLE *XQ_NULLABLE out,
                                                  struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Adds labels to a stored key (PATCH communication/LOCATOR/labels).
 *
 * @param api            the handle, with a dashboard token.
 * @param locator_token  the key's locator token.
 * @param labels         the labels, none of them empty.
 * @param label_count    how many there are, 1 or more.
 * @param error          where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api, locator_token or labels is NULL, there is no label, a label is NULL, empty
 *         or not UTF-8, locator_token is not as above; the others as xq_get_communication_by_locator_token(). Uses the
 *         network.
 */
xq_status_t xq_add_labels_to_locator_token(struct xq_api_t *XQ_NONNULL api,
                                           const char *XQ_NONNULL locator_token,
                                           const char *XQ_NONNULL const *XQ_NONNULL labels,
                                           size_t label_count,
                                           struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Frees businesses with all their texts.
 *
 * @param businesses  the businesses, which are not to be used afterwards; NULL is fine.
 *
 * Never fails. No network. Any thread may free them.
 */
void xq_businesses_free(struct xq_businesses_t *XQ_NULLABLE businesses);

/**
 * Tells which businesses the one who is signed in to the dashboard may work in (GET businesses).
 *
 * @param api    the handle, with a dashboard token.
 * @param out    where to put the businesses, to be freed with xq_businesses_free(); or NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_UNAUTHORIZED: the dashboard token or key is not accepted, or the handle holds no such token;
 *         XQ_INVALID_ARGUMENT: api is NULL; XQ_PROTOCOL: also where the reply is no list of businesses; XQ_REJECTED,
 *         XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
 */
xq_status_t xq_get_businesses(struct xq_api_t *XQ_NONNULL api,
                              struct xq_businesses_t *XQ_NULLABLE *XQ_NULLABLE out,
                              struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells which business the dashboard token is for (GET business).
 *
 * @param api    the handle, with a dashboard token.
 * @param out    where to put the business, one row, to be freed with xq_businesses_free(); or NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return as xq_get_businesses(). Uses the network.
 */
xq_status_t xq_get_business_info(struct xq_api_t *XQ_NONNULL api,
                                 struct xq_businesses_t *XQ_NULLABLE *XQ_NULLABLE out,
                                 struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Gets a dashboard token for another business (GET business/ID/auth), which the handle then holds in place of the one
 * that it held: groups and contacts are those of that business from then on.
 *
 * @param api    the handle, with a dashboard token.
 * @param id     the business's id, 1 or more.
 * @param out    where to put the token, to be freed with xq_string_free(); or NULL.
 * @param error  where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_REJECTED: also where there is no such business (HTTP 404); XQ_INVALID_ARGUMENT: api is NULL, id is
 *         below 1; XQ_PROTOCOL: also where the reply is no token; the others as xq_get_businesses(). On failure the
 *         handle keeps what it held. Uses the network.
 */
xq_status_t xq_switch_business(struct xq_api_t *XQ_NONNULL api,
                               int64_t id,
                               char *XQ_NULLABLE *XQ_NULLABLE out,
                               struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Wipes and frees a certificate with its keys.
 *
 * @param certificate  the certificate, which is not to be used afterwards; NULL is fine.
 *
 * Never fails. No network. Any thread may free it.
 */
void xq_device_certificate_free(struct xq_device_certificate_t *XQ_NULLABLE certificate);

/**
 * Has a certificate issued for a device (POST certificate), with which it signs in by xq_authorize_device_cert() or
 * xq_authorize_device_cert_memory().
 *
 * @param api     the handle, with a dashboard token.
 * @param tag     what the certificate is to be known by, such as the device's serial number.
 * @param folder  a folder that is there, in which client.crt, transport.key and client.key are written: readable for
 *                their owner alone from the start, all three or none, and none over a file that is there already. NULL
 *                to write no files. None of them has the id, which is to be kept beside them.
 * @param out     where to put the certificate, to be freed with xq_device_certificate_free(). May not be NULL: the id
 *                is nowhere else, and without it the certificate is of no use.
 * @param error   where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_FILE: there is no such folder, one of the files is there already, or none can be made there:
 *         nothing was sent then; or, with HTTP status 200, they cannot be written after all: xq_error_reply() has
 *         the reply, with the keys, which is to be had from nowhere else; XQ_UNAUTHORIZED: the dashboard token or
 *         key is not accepted, or the handle holds no such token; XQ_INVALID_ARGUMENT: api, tag or out is NULL, tag
 *         is empty or not one line, folder is empty, a text is not UTF-8; XQ_PROTOCOL: also where the reply has not
 *         all four: xq_error_reply() has it; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT, XQ_NETWORK, XQ_TLS as in their
 *         definition. Uses the network.
 */
xq_status_t xq_generate_device_certificate(struct xq_api_t *XQ_NONNULL api,
                                           const char *XQ_NONNULL tag,
                                           const char *XQ_NULLABLE folder,
                                           struct xq_device_certificate_t *XQ_NULLABLE *XQ_NONNULL out,
                                           struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Tells when a token that the handle holds ends, from the token itself, so that a program can sign in again in time.
 *
 * @param api      the handle.
 * @param token    XQ_TOKEN_ACCESS or XQ_TOKEN_DASHBOARD.
 * @param seconds  where to put the seconds since 1970 by the service's clock (xq_server_time()), or -1 where the token
 *                 does not tell; written only on success. May not be NULL.
 * @param error    where to put the error of a failed call, or NULL.
 * @return XQ_OK, also where the token does not tell; XQ_UNAUTHORIZED: the handle holds no such token;
 *         XQ_INVALID_ARGUMENT: api or seconds is NULL, token is neither of the two. No network.
 */
xq_status_t xq_token_expiration(struct xq_api_t *XQ_NONNULL api,
                                int32_t token,
                                int64_t *XQ_NONNULL seconds,
                                struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

/**
 * Sets a request to XQ_REQUEST_INIT, for languages that cannot use a macro.
 *
 * @param request  the request.
 * @param size     the size of the struct as the caller knows it, sizeof(xq_request_t): no more is written, should the
 *                 library be newer.
 *
 * Never fails. No network.
 */
void xq_request_init(struct xq_request_t *XQ_NONNULL request,
                     size_t size);

/**
 * Makes any other call of the services, one that has no function here: under the handle's API key and token, with its
 * limits, its errors and its log, which tells the first segment of the path. An error's message leaves the service's
 * words out where they repeat a segment of the path that is no number, a value of the query, or a text of the body.
 * Unlike every other function, it gives a page in HTML as it came, since the text itself is what is asked for: whether
 * that is the service's, and not of a network that asks for a sign-in, is for the program to see.
 *
 * @param api          the handle.
 * @param request      the request.
 * @param http_status  where to put the HTTP status of the reply, 200, 201, 202 or 204; or NULL. Written only on success.
 * @param out          where to put the reply's text as it came, "" where it has none, to be freed with
 *                     xq_string_free(); or NULL.
 * @param error        where to put the error of a failed call, or NULL.
 * @return XQ_OK; XQ_INVALID_ARGUMENT: api or request is NULL, method is none of the five, a body is given with GET
 *         or DELETE, service or token is no such number, the path has, but for a slash in front, a segment that is
 *         empty, "." or "..", or holds '?', '#', '\' or a control character, a name of the query is empty, a text is
 *         NULL in a list or not UTF-8; XQ_UNAUTHORIZED: the API key or the token is not accepted, or the handle does
 *         not hold the token that request->token names; XQ_PROTOCOL: also where the reply is not UTF-8 text, or of
 *         another status of success, whose text xq_error_reply() then has; XQ_REJECTED, XQ_SERVER, XQ_TIMEOUT,
 *         XQ_NETWORK, XQ_TLS as in their definition. Uses the network.
 */
xq_status_t xq_request(struct xq_api_t *XQ_NONNULL api,
                       const struct xq_request_t *XQ_NONNULL request,
                       int32_t *XQ_NULLABLE http_status,
                       char *XQ_NULLABLE *XQ_NULLABLE out,
                       struct xq_error_t *XQ_NULLABLE *XQ_NULLABLE error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* XQ_H */


#ifdef XQ_DIAGNOSTIC_PUSHED
#undef XQ_DIAGNOSTIC_PUSHED
#pragma clang diagnostic pop
#endif
