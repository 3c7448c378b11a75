"""The settings that an API is made with."""

import threading
from ctypes import c_int32, c_size_t, c_uint32
from typing import TYPE_CHECKING, Any, Optional

from ._calls import Data, Path, c_number, c_path, c_text, call
from ._enums import Envelope, Roots, Service
from ._handles import Closing, Handle
from ._library import _lib

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Config(Closing):
    """The settings that an API is made with.

    Each setter checks what it is given and raises ConfigurationError, leaving the setting as it was, where that cannot
    be right. None puts the default back.
    """

    def __init__(self) -> None:
        """Every setting at its default. The environment is not read."""
        self._handle = Handle("configuration", _lib.xq_config_new(), _lib.xq_config_free)
        # libxq wants one thread at a time here.
        self._turn = threading.Lock()

    def _set(self, function: Any, *arguments: Any) -> None:
        with self._turn, self._handle.in_use() as config:
            call(function, config, *arguments)

    def read_environment(self) -> None:
        """Takes settings over from XQ_API_KEY, XQ_DASHBOARD_API_KEY, XQ_LOCATOR_KEY, XQ_BASE_URI, XQ_SUBSCRIPTION_URL,
        XQ_VALIDATION_URL, XQ_DASHBOARD_URL, XQ_QUANTUM_URL and XQ_CA_FILE, where they are set and not empty."""
        self._set(_lib.xq_config_read_environment)

    def set_api_key(self, key: Optional[str]) -> None:
        """The general API key, which an API cannot be made without."""
        self._set(_lib.xq_config_set_api_key, c_text("key", key))

    def set_dashboard_api_key(self, key: Optional[str]) -> None:
        """The API key for the dashboard service; by default the general one."""
        self._set(_lib.xq_config_set_dashboard_api_key, c_text("key", key))

    def set_locator_key(self, key: Optional[str]) -> None:
        """The key that opens the replies of a trusted range, for API.authorize_device()."""
        self._set(_lib.xq_config_set_locator_key, c_text("key", key))

    def set_envelope(self, envelope: Envelope) -> None:
        """How a trusted range is asked to seal its replies; by default Envelope.GCM, the only one that is
        authenticated."""
        self._set(_lib.xq_config_set_envelope, c_number("envelope", envelope, c_int32))

    def set_base_uri(self, base: Optional[str]) -> None:
        """The services are at https://SERVICE.BASE; by default "xqmsg.net/v2/"."""
        self._set(_lib.xq_config_set_base_uri, c_text("base", base))

    def set_service_url(self, service: Service, url: Optional[str]) -> None:
        """The whole address of one service, for private deployments and the emulator."""
        self._set(_lib.xq_config_set_service_url, c_number("service", service, c_int32), c_text("url", url))

    def set_allow_plain_http(self, allow: bool) -> None:
        """Whether http:// addresses may name other machines than this one. Everybody on the way can then read and
        change what is sent."""
        self._set(_lib.xq_config_set_allow_plain_http, c_int32(bool(allow)))

    def set_connect_timeout_ms(self, milliseconds: int) -> None:
        """How long a call may take to get a connection; by default 10,000 ms."""
        self._set(_lib.xq_config_set_connect_timeout_ms, c_number("milliseconds", milliseconds, c_uint32))

    def set_timeout_ms(self, milliseconds: int) -> None:
        """How long one call may take, with all its requests; by default 30,000 ms. A call's own `timeout` goes first."""
        self._set(_lib.xq_config_set_timeout_ms, c_number("milliseconds", milliseconds, c_uint32))

    def set_max_reply_bytes(self, size: int) -> None:
        """The largest reply that is accepted; by default 16,777,216 bytes."""
        self._set(_lib.xq_config_set_max_reply_bytes, c_number("size", size, c_size_t))

    def set_roots(self, roots: Roots) -> None:
        """Whose root certificates are trusted besides the program's own; by default Roots.BUILT_IN."""
        self._set(_lib.xq_config_set_roots, c_number("roots", roots, c_int32))

    def set_ca_file(self, path: Optional[Path]) -> None:
        """A PEM file of root certificates to trust besides."""
        self._set(_lib.xq_config_set_ca_file, c_path("path", path))

    def set_ca_memory(self, pem: "Optional[Buffer]") -> None:
        """PEM of root certificates to trust besides, as bytes; None for none. It counts beside the file."""
        if pem is None:
            self._set(_lib.xq_config_set_ca_memory, None, 0)
            return
        text = Data("pem", pem)
        self._set(_lib.xq_config_set_ca_memory, text.pointer, text.length)

    def set_proxy(self, url: Optional[str]) -> None:
        """An HTTP proxy, such as "http://name:password@proxy.example.com:3128"; by default there is none, whatever the
        environment says."""
        self._set(_lib.xq_config_set_proxy, c_text("url", url))

    def set_user_agent_suffix(self, suffix: Optional[str]) -> None:
        """What tells this program in the user-agent header, such as "my-sensor/2.1"."""
        self._set(_lib.xq_config_set_user_agent_suffix, c_text("suffix", suffix))
