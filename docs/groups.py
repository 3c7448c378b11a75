"""How the pages are grouped: by the files of src/ffi, each of which is one idea already.

An entry is a file of src/ffi, or a name of the header that belongs elsewhere than its file says. What has no group, and
an entry that stands for nothing, stops the build of the pages. The listing is functions of an example that is played in
the tests, so that it cannot go stale.
"""

from typing import NamedTuple


class Group(NamedTuple):
    slug: str
    title: str
    about: str
    members: "list[str]"
    listing: "list[str]"


GROUPS = [
    Group(
        "configuration", "Configuration and handles",
        "The settings, from the program or from the environment; and the handle that is made with them.",
        ["config", "api", "log", "xq_config_read_environment", "xq_config_set_ca_file"],
        ["examples-c/sign_in.c", "connect_from_environment"],
    ),
    Group(
        "errors", "Errors, statuses and versions",
        "How a call went, why it failed, and what may be done then; what the library is that is loaded.",
        ["status", "error", "XQ_VERSION", "XQ_VERSION_NUMBER", "XQ_FEATURE_SOCKETS", "XQ_FEATURE_TLS",
         "XQ_FEATURE_FILES"],
        ["examples-c/sign_in.c", "failed", "check_api_key"],
    ),
    Group(
        "memory", "What comes out",
        "Strings, bytes and lists that a call gives out, which the program frees.",
        ["string", "bytes", "list"],
        ["examples-c/share_key.c", "fetch"],
    ),
    Group(
        "sign-in", "Sign in",
        "A person signs in with a PIN that is mailed. The tokens can be kept between runs.",
        ["user_management", "authentication", "token", "xq_get_access_token", "xq_set_access_token",
         "xq_get_dashboard_token", "xq_set_dashboard_token", "xq_forget_tokens"],
        ["examples-c/sign_in.c", "ask_for_access", "validate_pin", "exchange"],
    ),
    Group(
        "devices", "Devices",
        "What firmware signs in with instead of a PIN: an alias, a trusted range, or a certificate.",
        ["devices", "xq_authorize_device_cert"],
        ["examples-c/device_cert.c", "sign_in_from_memory"],
    ),
    Group(
        "account", "The account",
        "Who is signed in, what the service sends them, and access for another program.",
        ["account"],
        ["examples-c/account.c", "tell_who", "let_another_program_in", "give_up"],
    ),
    Group(
        "messages", "Seal messages",
        "A text that only some people can open, in memory; keys, and the algorithms.",
        ["sealed/options", "sealed/keys", "sealed/message", "quantum"],
        ["examples-c/seal_message.c", "seal_message", "open_message"],
    ),
    Group(
        "files", "Seal files",
        "The same from file to file, in constant memory.",
        ["sealed/file", "files", "xq_progress_t"],
        ["examples-c/seal_file.c", "seal_file", "open_file"],
    ),
    Group(
        "streams", "Seal chunk by chunk",
        "A message or a file of any size as it comes: bytes in, bytes out.",
        ["sealed/stream", "XQ_STREAM_BYTES", "XQ_STREAM_FRONT_BYTES"],
        ["examples-c/seal_stream.c", "seal_chunk", "seal_readings"],
    ),
    Group(
        "packets", "Packets",
        "A key alone, stored for some people: they get it by its locator token, until it is taken back.",
        ["key_management", "packet", "XQ_TYPE_DEFAULT"],
        ["examples-c/share_key.c", "store", "fetch", "take_back"],
    ),
    Group(
        "dashboard", "The dashboard",
        "Contacts, labels, businesses and certificates of devices, under a token of the dashboard.",
        ["dashboard/authentication", "dashboard/contact_management", "dashboard/communications",
         "dashboard/businesses", "dashboard/devices"],
        ["examples-c/provision.c", "issue", "is_listed"],
    ),
    Group(
        "usergroups", "Groups of people",
        "A recipient of keys that is many people, some of them later ones.",
        ["dashboard/usergroup"],
        ["examples-c/team.c", "make_team", "store_for", "let_in", "take_away"],
    ),
    Group(
        "request", "Any other call",
        "For what has no function here.",
        ["request"],
        ["examples-c/team.c", "ask_for_groups"],
    ),
    Group(
        "transport", "A transport of the program's own",
        "For boards with a TLS or a modem of their own, and for those without an operating system.",
        ["transport", "board"],
        ["examples-c/posix_transport.c", "posix_transport"],
    ),
]
