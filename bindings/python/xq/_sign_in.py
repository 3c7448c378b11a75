"""People and devices sign in."""

from ctypes import byref, c_int32, c_int64
from typing import Optional

from ._calls import Path, c_number, c_path, c_text
from ._client import Client
from ._library import _lib


class SignIn(Client):
    """Signing people and devices in."""

    def validate_api_key(self, *, timeout: Optional[float] = None) -> str:
        """Asks the service whether the API key is valid; its answer is JSON. Uses the network."""
        return self._call_text(timeout, _lib.xq_validate_api_key)

    def authorize_user(
        self,
        user: str,
        *,
        first_name: Optional[str] = None,
        last_name: Optional[str] = None,
        newsletter: bool = False,
        notifications: int = 0,
        timeout: Optional[float] = None,
    ) -> str:
        """Asks for access for a person, who is mailed a PIN; the next step is code_validate(). Uses the network.

        notifications: 0 none, 1 usage reports, 2 tutorials, 3 both. Gives the pre-authorization token, which the API
        then holds.
        """
        return self._call_text(
            timeout,
            _lib.xq_authorize_user,
            c_text("user", user),
            c_text("first_name", first_name),
            c_text("last_name", last_name),
            c_int32(bool(newsletter)),
            c_number("notifications", notifications, c_int32),
        )

    def code_validate(self, pin: str, *, timeout: Optional[float] = None) -> None:
        """Validates the PIN from the mail; the next step is exchange_key(). Uses the network.

        UnauthorizedError: it is not the right one. A PIN is text, since it may begin with zeros.
        """
        self._call(timeout, _lib.xq_code_validate, c_text("pin", pin))

    def exchange_key(
        self, business: Optional[str] = None, *, selector: bool = False, timeout: Optional[float] = None
    ) -> str:
        """Exchanges the token whose PIN is validated for an access token, which the API then holds. Uses the network.

        business is the id of the business to sign in to. RejectedError: the PIN has not been validated.
        """
        return self._call_text(timeout, _lib.xq_exchange_key, c_text("business", business), c_int32(bool(selector)))

    def exchange_for_subscription_token(self, *, timeout: Optional[float] = None) -> str:
        """Exchanges the token of set_dashboard_token() for an access token, which the API then holds. Uses the
        network."""
        return self._call_text(timeout, _lib.xq_exchange_for_subscription_token)

    def authorize_alias(
        self,
        alias: str,
        *,
        first_name: Optional[str] = None,
        last_name: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> str:
        """Signs in under an alias, without a PIN. Gives the access token, which the API then holds. Uses the
        network."""
        return self._call_text(
            timeout,
            _lib.xq_authorize_alias,
            c_text("alias", alias),
            c_text("first_name", first_name),
            c_text("last_name", last_name),
        )

    def authorize_device(
        self, device: str, business: str, *, roaming: bool = True, timeout: Optional[float] = None
    ) -> str:
        """Signs in as a device of a business's trusted range and announces it. Uses the network, twice.

        Gives the access token, which the API then holds. Without roaming it is tied to the address that the device
        calls from. Where only the announcement failed, the exception has the token: call announce_device() again.
        """
        return self._call_text(
            timeout,
            _lib.xq_authorize_device,
            c_text("device", device),
            c_text("business", business),
            c_int32(bool(roaming)),
        )

    def authorize_device_cert(
        self,
        certificate_id: int,
        certificate_path: Path,
        transport_path: Path,
        private_path: Path,
        *,
        device: Optional[str] = None,
        announce: bool = True,
        timeout: Optional[float] = None,
    ) -> str:
        """Signs in as the device that holds a certificate, from the files client.crt, transport.key and client.key
        (PEM, base64 or DER). Uses the network, two or three times.

        Gives the access token, as authorize_device() does. FileError names the file that cannot be read.
        """
        return self._call_text(
            timeout,
            _lib.xq_authorize_device_cert,
            c_number("certificate_id", certificate_id, c_int64),
            c_path("certificate_path", certificate_path),
            c_path("transport_path", transport_path),
            c_path("private_path", private_path),
            c_text("device", device),
            c_int32(bool(announce)),
        )

    def authorize_device_cert_memory(
        self,
        certificate_id: int,
        certificate: str,
        transport_key: str,
        private_key: str,
        *,
        device: Optional[str] = None,
        announce: bool = True,
        timeout: Optional[float] = None,
    ) -> str:
        """As authorize_device_cert(), with the texts of the three files, the key in PEM or base64.

        Uses the network, two or three times.
        """
        return self._call_text(
            timeout,
            _lib.xq_authorize_device_cert_memory,
            c_number("certificate_id", certificate_id, c_int64),
            c_text("certificate", certificate),
            c_text("transport_key", transport_key),
            c_text("private_key", private_key),
            c_text("device", device),
            c_int32(bool(announce)),
        )

    def announce_device(self, device: str, *, timeout: Optional[float] = None) -> None:
        """Tells the dashboard of the device that is signed in, where that failed or was left out. Uses the network."""
        self._call(timeout, _lib.xq_announce_device, c_text("device", device))

    def server_time(self, *, timeout: Optional[float] = None) -> int:
        """Tells the time by the service's clock, in seconds since 1970. Uses the network."""
        seconds = c_int64()
        self._call(timeout, _lib.xq_server_time, byref(seconds))
        return seconds.value
