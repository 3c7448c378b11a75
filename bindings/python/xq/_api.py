"""The client of the XQ services."""

from ._account import Account
from ._config import Config
from ._dashboard import Dashboard
from ._packets import Packets
from ._sealing import Sealing
from ._sign_in import SignIn


class API(SignIn, Packets, Sealing, Account, Dashboard):
    """A client of the XQ services: keys, tokens and kept connections. It may be used from several threads at once.

    Every operation that uses the network also takes `timeout`: the seconds that this one call may take with all its
    requests, in place of Config.set_timeout_ms(). After that it raises TimeoutError.
    """

    @classmethod
    def from_environment(cls) -> "API":
        """An API with the settings of Config.read_environment()."""
        with Config() as config:
            config.read_environment()
            return cls(config)
