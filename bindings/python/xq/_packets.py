"""Packets of keys are made, and keys are stored and shared."""

import ctypes
from collections.abc import Iterable, Sequence
from ctypes import byref, c_int32, c_int64
from dataclasses import dataclass, field
from typing import Optional, Union

from . import _c
from ._calls import c_number, c_text, c_texts
from ._client import Client
from ._errors import InvalidArgumentError
from ._library import _lib


@dataclass
class PacketRow:
    """One row for API.create_and_store_packets_batch()."""

    #: The key, not empty.
    key: str = field(repr=False)
    #: Who may have the key: email addresses, ID@group.local for a group, NAME@alias.local for an alias.
    recipients: Sequence[str]
    #: What the packet is for, by name ("msg", "file", …) or by number; None for "database".
    type: Union[str, int, None] = None
    #: How many units until the key expires.
    expires: int = 1
    #: The unit of expires; None for "days".
    unit: Optional[str] = None
    #: The row's title and labels. Not used where meta is given.
    title: Optional[str] = None
    labels: Sequence[str] = ()
    #: The row's metadata as the text of a JSON object.
    meta: Optional[str] = None

    def _fill(self, name: str, row: _c.PacketRow) -> None:
        recipients, labels = c_texts(f"{name}.recipients", self.recipients), c_texts(f"{name}.labels", self.labels)
        row.size = ctypes.sizeof(_c.PacketRow)
        row.key = c_text(f"{name}.key", self.key)
        row.recipients, row.recipient_count = recipients, len(recipients)
        row.type, row.type_number = packet_type(f"{name}.type", self.type)
        row.expires = c_number(f"{name}.expires", self.expires, c_int64)
        row.unit = c_text(f"{name}.unit", self.unit)
        row.title = c_text(f"{name}.title", self.title)
        if labels:
            row.labels, row.label_count = labels, len(labels)
        row.meta = c_text(f"{name}.meta", self.meta)


def packet_rows(rows: Iterable[PacketRow]) -> ctypes.Array[_c.PacketRow]:
    """Rows as C takes them."""
    rows = list(rows)
    structs = (_c.PacketRow * len(rows))()
    for index, row in enumerate(rows):
        row._fill(f"rows[{index}]", structs[index])
    return structs


def packet_type(name: str, value: Union[str, int, None]) -> tuple[Optional[bytes], c_int32]:
    """The name and the number of a type; -1 is the default of the call."""
    if value is None:
        return None, c_int32(-1)
    if isinstance(value, str):
        return c_text(name, value), c_int32(-1)
    if value < 0:
        raise InvalidArgumentError(f"{name} is {value}; expected 0 or more")
    return None, c_number(name, value, c_int32)


def packet_options(
    type: Union[str, int, None],
    expires_hours: int,
    subject: Optional[str],
    labels: Iterable[str] = (),
    meta: Optional[str] = None,
) -> _c.PacketOptions:
    """Options as C takes them."""
    options = _c.PacketOptions(size=ctypes.sizeof(_c.PacketOptions))
    options.type, options.type_number = packet_type("type", type)
    options.expires_hours = c_number("expires_hours", expires_hours, c_int64)
    options.subject = c_text("subject", subject)
    texts = c_texts("labels", labels)
    if texts:
        options.labels, options.label_count = texts, len(texts)
    options.meta = c_text("meta", meta)
    return options


class Packets(Client):
    """Packets of keys, and stored keys."""

    def create_packet(
        self,
        key: str,
        recipients: Iterable[str],
        *,
        type: Union[str, int, None] = None,
        expires_hours: int = 24,
        subject: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> str:
        """Makes an encrypted packet of a key, which add_packet() stores. Uses the network.

        key is text, not empty: encode bytes, as base64 for example. recipients are email addresses, ID@group.local for
        a group, NAME@alias.local for an alias.
        """
        people = c_texts("recipients", recipients)
        options = packet_options(type, expires_hours, subject)
        return self._call_text(timeout, _lib.xq_create_packet, c_text("key", key), people, len(people), byref(options))

    def create_and_store_packet(
        self,
        key: str,
        recipients: Iterable[str],
        *,
        type: Union[str, int, None] = None,
        expires_hours: int = 24,
        subject: Optional[str] = None,
        labels: Iterable[str] = (),
        timeout: Optional[float] = None,
    ) -> str:
        """Makes and stores a packet of a key, as for create_packet(); gives its locator token, which recipients give to
        get_packet(). Uses the network."""
        people = c_texts("recipients", recipients)
        options = packet_options(type, expires_hours, subject, labels=labels)
        return self._call_text(
            timeout, _lib.xq_create_and_store_packet, c_text("key", key), people, len(people), byref(options)
        )

    def create_and_store_packets(
        self,
        keys: Iterable[str],
        recipients: Iterable[str],
        *,
        type: Union[str, int, None] = None,
        expires_hours: int = 24,
        subject: Optional[str] = None,
        meta: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> list[str]:
        """Makes and stores a packet for each of many keys, in one request; gives their locator tokens in the keys'
        order. Uses the network.

        ProtocolError: the reply makes no sense, and the keys may be stored; the exception has the reply.
        """
        secrets, people = c_texts("keys", keys), c_texts("recipients", recipients)
        options = packet_options(type, expires_hours, subject, meta=meta)
        locators = self._call_list(
            timeout, _lib.xq_create_and_store_packets, secrets, len(secrets), people, len(people), byref(options)
        )
        return [locator for locator in locators if locator is not None]

    def create_and_store_packets_batch(
        self, rows: Iterable[PacketRow], *, timeout: Optional[float] = None
    ) -> list[str]:
        """Makes and stores a packet for each of many rows, which have recipients, expiry and metadata of their own, in
        one request; gives their locator tokens in the rows' order. Uses the network.

        ProtocolError: the reply makes no sense, and the keys may be stored; the exception has the reply.
        """
        structs = packet_rows(rows)
        locators = self._call_list(timeout, _lib.xq_create_and_store_packets_batch, structs, len(structs))
        return [locator for locator in locators if locator is not None]

    def add_packet(self, packet: str, *, timeout: Optional[float] = None) -> str:
        """Stores a packet that create_packet() made; gives its locator token. Uses the network."""
        return self._call_text(timeout, _lib.xq_add_packet, c_text("packet", packet))

    def get_packet(self, locator: str, *, timeout: Optional[float] = None) -> str:
        """Fetches the key that a locator token stands for. Uses the network.

        RejectedError: it is expired, revoked or unknown, or not for the one who asks; the text has the service's
        reason.
        """
        return self._call_text(timeout, _lib.xq_get_packet, c_text("locator", locator))

    def get_packets(self, locators: Iterable[str], *, timeout: Optional[float] = None) -> list[Optional[str]]:
        """Fetches many keys in one request, in the locators' order; None for each that the service does not give. Uses
        the network."""
        tokens = c_texts("locators", locators)
        return self._call_list(timeout, _lib.xq_get_packets, tokens, len(tokens))

    def revoke_packet(self, locator: str, *, timeout: Optional[float] = None) -> None:
        """Takes a key back for good: nobody gets it any more. Only its owner can. Uses the network."""
        self._call(timeout, _lib.xq_revoke_packet, c_text("locator", locator))

    def grant_users(self, locator: str, recipients: Iterable[str], *, timeout: Optional[float] = None) -> None:
        """Lets more people have a key. Only its owner can. Uses the network."""
        people = c_texts("recipients", recipients)
        self._call(timeout, _lib.xq_grant_users, c_text("locator", locator), people, len(people))

    def revoke_users(self, locator: str, recipients: Iterable[str], *, timeout: Optional[float] = None) -> None:
        """Lets people have a key no more. Only its owner can. What they have fetched remains with them. Uses the
        network."""
        people = c_texts("recipients", recipients)
        self._call(timeout, _lib.xq_revoke_users, c_text("locator", locator), people, len(people))

    def packet_expiration(self, locator: str, *, timeout: Optional[float] = None) -> int:
        """Tells how many seconds a key still lives. Uses the network."""
        seconds = c_int64()
        self._call(timeout, _lib.xq_packet_expiration, c_text("locator", locator), byref(seconds))
        return seconds.value
