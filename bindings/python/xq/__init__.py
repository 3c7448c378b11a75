"""XQ from Python: the C library libxq through ctypes. Needs Python 3.9 or later, no compiler and no other package.

XQ is encryption as a service: a program signs a person or a device in, hands the service a secret key with a list of
people, gets a locator token, and only those people get the key back.

    import xq

    with xq.API.from_environment() as api:              # XQ_API_KEY and friends
        api.authorize_user("jane@example.com")
        api.code_validate("004217")                     # the PIN from Jane's mail
        api.exchange_key()
        sealed = api.encrypt_auto(b"Meet me at noon.", ["joe@example.com"])

The library is the one in this package. The environment variable XQ_LIBRARY names another; where the package has none, it
is looked for where the system has its libraries. `import xq` raises ImportError where there is none.

What holds everywhere:

- A call that fails raises an xq.Error, of the class that belongs to its status. Its text never holds a secret.
- An API may be used from several threads at once: calls that use the network let other threads run meanwhile. It must
  not be used in a forked child, which makes its own.
- Every operation that uses the network takes `timeout=`, the seconds that this call may take; API.derive(timeout=…) sets it for many.
  API.cancel() ends what is under way, and Ctrl-C ends a call of the main thread at once.
- libxq wipes what it frees. The str objects that come out belong to Python, which does not wipe them.
- include/xq.h tells more of each operation: API.get_packet() is xq_get_packet() there, and so on.
"""

from ._about import features, load_file_content, status_meaning, status_name, version, version_number
from ._account import Settings, Subscriber
from ._api import API
from ._config import Config
from ._dashboard import Business, Communication, Contact, DeviceCertificate, Rows, Usergroup
from ._enums import Algorithm, Envelope, Feature, Form, Outcome, Role, Roots, Service, Status, Token
from ._errors import (
    CanceledError,
    ConfigurationError,
    CryptoError,
    Error,
    FileError,
    InternalError,
    InvalidArgumentError,
    NetworkError,
    ProtocolError,
    RejectedError,
    ServerError,
    TimeoutError,
    TLSError,
    UnauthorizedError,
)
from ._local import decrypt_file, decrypt_message, encrypt_file, encrypt_message, generate_key, sealed_locator
from ._packets import PacketRow
from ._seal_options import Progress
from ._streams import Opener, Sealer

__all__ = [
    "API",
    "Algorithm",
    "Business",
    "CanceledError",
    "Communication",
    "Config",
    "ConfigurationError",
    "Contact",
    "CryptoError",
    "DeviceCertificate",
    "Envelope",
    "Error",
    "Feature",
    "FileError",
    "Form",
    "InternalError",
    "InvalidArgumentError",
    "NetworkError",
    "Opener",
    "Outcome",
    "PacketRow",
    "Progress",
    "ProtocolError",
    "RejectedError",
    "Role",
    "Roots",
    "Rows",
    "Sealer",
    "ServerError",
    "Service",
    "Settings",
    "Status",
    "Subscriber",
    "TLSError",
    "TimeoutError",
    "Token",
    "UnauthorizedError",
    "Usergroup",
    "decrypt_file",
    "decrypt_message",
    "encrypt_file",
    "encrypt_message",
    "features",
    "generate_key",
    "load_file_content",
    "sealed_locator",
    "status_meaning",
    "status_name",
    "version",
    "version_number",
]

# They are told by the names that programs know them by: xq.TimeoutError, whatever file it stands in.
for _name in __all__:
    if globals()[_name].__module__.startswith("xq._"):
        globals()[_name].__module__ = "xq"
