"""The account of who is signed in."""

from collections.abc import Iterable
from ctypes import POINTER, byref, c_int32, c_int64
from dataclasses import dataclass, field
from typing import Any, Optional

from . import _c
from ._calls import c_number, c_texts, call_text, decoded, known
from ._client import Client
from ._library import _lib


@dataclass
class Subscriber:
    """Who is signed in. What the service does not tell is None."""

    id: Optional[int]
    user: Optional[str]
    first_name: Optional[str]
    last_name: Optional[str]
    #: The subscription, as the service names or numbers it.
    subscription: Optional[str]
    #: When the subscription starts and ends, in milliseconds since 1970.
    starts_ms: Optional[int]
    ends_ms: Optional[int]
    #: The reply as it came, JSON.
    reply: str = field(repr=False)


@dataclass
class Settings:
    """What a subscriber wants to be sent; None where the service does not tell."""

    newsletter: Optional[bool]
    #: 0 none, 1 usage reports, 2 tutorials, 3 both.
    notifications: Optional[int]


class Account(Client):
    """The account of who is signed in."""

    def deauthorize(self, *, timeout: Optional[float] = None) -> None:
        """Gives the access token up: the service no longer accepts it, and the API forgets it. Uses the network."""
        self._call(timeout, _lib.xq_deauthorize)

    def get_subscriber(self, *, timeout: Optional[float] = None) -> Subscriber:
        """Tells who is signed in. Uses the network."""
        out = POINTER(_c.Subscriber)()
        self._call(timeout, _lib.xq_get_subscriber, byref(out))
        try:
            who = out.contents
            return Subscriber(
                known(who.id),
                decoded(who.user),
                decoded(who.first_name),
                decoded(who.last_name),
                decoded(who.subscription),
                known(who.starts_ms),
                known(who.ends_ms),
                who.reply.decode(),
            )
        finally:
            _lib.xq_subscriber_free(out)

    def delete_subscriber(self, *, timeout: Optional[float] = None) -> None:
        """Deletes the subscriber who is signed in. This cannot be undone. Uses the network."""
        self._call(timeout, _lib.xq_delete_subscriber)

    def get_settings(self, *, timeout: Optional[float] = None) -> Settings:
        """Tells what the subscriber wants to be sent. Uses the network."""
        newsletter, notifications = c_int32(), c_int32()
        self._call(timeout, _lib.xq_get_settings, byref(newsletter), byref(notifications))
        return Settings(
            None if newsletter.value == -1 else bool(newsletter.value),
            known(notifications.value),
        )

    def update_settings(
        self, *, newsletter: Optional[bool] = None, notifications: Optional[int] = None, timeout: Optional[float] = None
    ) -> None:
        """Changes what the subscriber wants to be sent; None leaves it as it is. Uses the network."""
        self._call(
            timeout,
            _lib.xq_update_settings,
            c_int32(-1 if newsletter is None else bool(newsletter)),
            c_number("notifications", -1 if notifications is None else notifications, c_int32),
        )

    def authorize_delegate(self, *, timeout: Optional[float] = None) -> str:
        """Gives a token for another program. The API keeps its own. Uses the network."""
        return self._call_text(timeout, _lib.xq_authorize_delegate)

    def combine_authorizations(self, tokens: Iterable[str], *, timeout: Optional[float] = None) -> tuple[str, int]:
        """Combines several access tokens into one, and tells how many went into it. Uses the network."""
        texts, merged = c_texts("tokens", tokens), c_int64()

        def combine(api: Any, out: Any, error: Any) -> Any:
            return _lib.xq_combine_authorizations(api, texts, len(texts), out, byref(merged), error)

        return self._run(timeout, lambda api: call_text(combine, api)) or "", merged.value
