"""An exception for each status."""

from typing import Optional

from ._enums import Outcome, Status


class Error(Exception):
    """A call failed; str() of it is one sentence about why."""

    #: A Status, or the number of one that this package does not know yet.
    status: int = Status.INTERNAL
    #: The HTTP status of the service's reply, such as 403; 0 where there was no reply.
    http_status: int = 0
    #: Whether the same call, made again later with nothing changed, may succeed.
    can_retry: bool = False
    #: An Outcome. A call that makes something is safe to make again after NOT_SENT and REFUSED.
    outcome: int = Outcome.NOT_SENT
    #: The number of the request that failed, as in the log; 0 where there was none. The main thread's are counted by
    #: themselves, and those of a call with a timeout of its own.
    request: int = 0
    #: The function of include/xq.h that made it, such as "xq_get_packet", as in the log; "" where there was none.
    operation: str = ""
    #: The seconds after which the service asks to come back, or None where it does not say.
    retry_after: Optional[int] = None
    #: The reply to a call for many packets that could not be understood, or None. As secret as the keys in it.
    reply: Optional[str] = None
    #: The access token where a device was signed in and only its announcement failed, otherwise None. Secret.
    token: Optional[str] = None


class InvalidArgumentError(Error, ValueError):
    """An argument cannot be right, or what is used is closed. Nothing was sent."""

    status = Status.INVALID_ARGUMENT


class ConfigurationError(Error):
    """A setting is missing or cannot be right."""

    status = Status.CONFIGURATION


class UnauthorizedError(Error):
    """The API key, the token or the PIN is not accepted (HTTP 401), or the call needs a token and there is none."""

    status = Status.UNAUTHORIZED


class RejectedError(Error):
    """The service refused the request (any other HTTP 4xx); the text repeats its words."""

    status = Status.REJECTED


class ServerError(Error):
    """The service failed (HTTP 5xx)."""

    status = Status.SERVER


class TimeoutError(Error):
    """A time limit passed; outcome tells whether the request may have been carried out."""

    status = Status.TIMEOUT


class NetworkError(Error):
    """There was no connection, or it broke; outcome tells whether the request may have been carried out."""

    status = Status.NETWORK


class TLSError(Error):
    """The service's TLS certificate is not trusted, or there is no TLS."""

    status = Status.TLS


class ProtocolError(Error):
    """The reply makes no sense, or is larger than the configuration allows."""

    status = Status.PROTOCOL


class CryptoError(Error):
    """Something did not decrypt, or a key cannot be used."""

    status = Status.CRYPTO


class FileError(Error):
    """A file cannot be read or written."""

    status = Status.FILE


class InternalError(Error):
    """A defect in libxq. The API remains usable."""

    status = Status.INTERNAL


class CanceledError(Error):
    """The program stopped the work."""

    status = Status.CANCELED


CLASSES: dict[int, type[Error]] = {kind.status: kind for kind in Error.__subclasses__()}
