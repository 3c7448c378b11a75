"""The dashboard: groups, contacts, communications, businesses and certificates."""

import ctypes
from collections.abc import Callable, Iterable
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64
from dataclasses import dataclass, field
from typing import Any, Optional, TypeVar

from . import _c
from ._calls import (
    Path,
    c_number,
    c_path,
    c_text,
    c_texts,
    decoded,
    known,
    listed,
)
from ._client import Client
from ._enums import Role
from ._errors import InvalidArgumentError
from ._library import _lib

T = TypeVar("T")
One = TypeVar("One", "Usergroup", "Business")


class Rows(list[T]):
    """What came out of one call, row by row."""

    #: The reply as it came, JSON, with whatever else the service told.
    reply: str = ""


@dataclass
class Usergroup:
    """A group: a recipient "ID@group.local" of keys. What the service does not tell is None."""

    id: Optional[int]
    name: Optional[str]
    business_id: Optional[int]
    #: Addresses, and the JSON of a member that the service describes in another way; None in a list of all groups.
    members: Optional[list[str]]
    #: The reply to a call for this one alone, JSON, with whatever else the service told; in a list it is the list's.
    reply: str = field(default="", repr=False, compare=False)


@dataclass
class Contact:
    """A person or a device of a business. What the service does not tell is None."""

    id: Optional[int]
    email: Optional[str]
    first_name: Optional[str]
    last_name: Optional[str]
    title: Optional[str]
    #: A Role.
    role: Optional[int]
    #: The state, as the service names or numbers it.
    status: Optional[str]
    business_id: Optional[int]


@dataclass
class Communication:
    """A stored key as the dashboard shows it. What the service does not tell is None."""

    id: Optional[int]
    locator: Optional[str]
    labels: Optional[list[str]]
    #: The reply as it came, JSON.
    reply: str = field(repr=False)


@dataclass
class Business:
    """A business. What the service does not tell is None."""

    id: Optional[int]
    name: Optional[str]
    #: The reply to a call for this one alone, JSON, with whatever else the service told; in a list it is the list's.
    reply: str = field(default="", repr=False, compare=False)


@dataclass
class DeviceCertificate:
    """What a device signs in with, as API.authorize_device_cert_memory() takes it. The last two are secrets."""

    id: int
    certificate: str = field(repr=False)
    transport_key: str = field(repr=False)
    private_key: str = field(repr=False)


def only(rows: Rows[One]) -> One:
    """The one row that came out, with the reply that it came in."""
    rows[0].reply = rows.reply
    return rows[0]


def read_usergroup(row: _c.Usergroup) -> Usergroup:
    """A row of C's."""
    members = listed(row.members, row.member_count)
    return Usergroup(known(row.id), decoded(row.name), known(row.business_id), members)


def read_contact(row: _c.Contact) -> Contact:
    """A row of C's."""
    return Contact(
        known(row.id),
        decoded(row.email),
        decoded(row.first_name),
        decoded(row.last_name),
        decoded(row.title),
        known(row.role),
        decoded(row.status),
        known(row.business_id),
    )


def read_business(row: _c.Business) -> Business:
    """A row of C's."""
    return Business(known(row.id), decoded(row.name))


class Dashboard(Client):
    """The dashboard."""

    def _rows(
        self, timeout: Optional[float], kind: Any, free: Any, read: Callable[[Any], T], function: Any, *arguments: Any
    ) -> Rows[T]:
        out = POINTER(kind)()
        self._call(timeout, function, *arguments, byref(out))
        try:
            rows = Rows(read(out.contents.rows[index]) for index in range(out.contents.count))
            rows.reply = out.contents.reply.decode()
            return rows
        finally:
            free(out)

    def _groups(self, timeout: Optional[float], function: Any, *arguments: Any) -> Rows[Usergroup]:
        return self._rows(timeout, _c.Usergroups, _lib.xq_usergroups_free, read_usergroup, function, *arguments)

    def _businesses(self, timeout: Optional[float], function: Any) -> Rows[Business]:
        return self._rows(timeout, _c.Businesses, _lib.xq_businesses_free, read_business, function)

    def dashboard_signup(
        self, email: str, *, password: Optional[str] = None, opt_in: bool = False, timeout: Optional[float] = None
    ) -> bool:
        """Registers somebody with the dashboard; False where the address was registered already. Uses the network."""
        already = c_int32()
        texts = c_text("email", email), c_text("password", password)
        self._call(timeout, _lib.xq_dashboard_signup, *texts, c_int32(bool(opt_in)), byref(already))
        return not already.value

    def send_login_link(self, email: str, *, host: Optional[str] = None, timeout: Optional[float] = None) -> None:
        """Has a login link mailed, for dashboard_login(). Uses the network."""
        self._call(timeout, _lib.xq_send_login_link, c_text("email", email), c_text("host", host))

    def dashboard_login(
        self,
        email: Optional[str] = None,
        password: Optional[str] = None,
        *,
        code: Optional[str] = None,
        workspace: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> str:
        """Logs in to the dashboard with a password, or with the code of a login link or the whole link; login_verify() is
        next. The access token stays as it is. Uses the network, but for a whole link."""
        names = {"email": email, "password": password, "code": code, "workspace": workspace}
        return self._call_text(
            timeout, _lib.xq_dashboard_login, *(c_text(name, value) for name, value in names.items())
        )

    def login_verify(self, *, timeout: Optional[float] = None) -> str:
        """Gets the dashboard token, which the API then holds. Uses the network."""
        return self._call_text(timeout, _lib.xq_login_verify)

    def validate_access_token(self, *, timeout: Optional[float] = None) -> None:
        """Raises UnauthorizedError where the dashboard token is not good. Uses the network."""
        self._call(timeout, _lib.xq_validate_access_token)

    def exchange_for_dashboard_token(self, business: Optional[str] = None, *, timeout: Optional[float] = None) -> str:
        """Gets a dashboard token for the access token; the API then holds both. Uses the network."""
        return self._call_text(timeout, _lib.xq_exchange_for_dashboard_token, c_text("business", business))

    def create_usergroup(self, name: str, members: Iterable[str], *, timeout: Optional[float] = None) -> Usergroup:
        """Makes a group: "ID@group.local" is a recipient from then on. Uses the network."""
        texts = c_texts("members", members)
        return only(self._groups(timeout, _lib.xq_create_usergroup, c_text("name", name), texts, len(texts)))

    def get_usergroups(self, *, timeout: Optional[float] = None) -> Rows[Usergroup]:
        """All groups, without their members. Uses the network."""
        return self._groups(timeout, _lib.xq_get_usergroup, c_int64(0), None)

    def get_usergroup(
        self, id: Optional[int] = None, *, name: Optional[str] = None, timeout: Optional[float] = None
    ) -> Usergroup:
        """The one group with this id or this name; RejectedError where there is none, or two have the name. Uses the
        network, by name twice."""
        if id is None and name is None or id == 0:
            raise InvalidArgumentError("expected the id of a group, 1 or more, or its name")
        number = c_number("id", 0 if id is None else id, c_int64)
        return only(self._groups(timeout, _lib.xq_get_usergroup, number, c_text("name", name)))

    def update_usergroup(
        self,
        id: int,
        *,
        name: Optional[str] = None,
        members: Optional[Iterable[str]] = None,
        timeout: Optional[float] = None,
    ) -> None:
        """Changes a group's name, all its members, or both. Uses the network."""
        texts = None if members is None else c_texts("members", members)
        count = 0 if texts is None else len(texts)
        # An empty list is not no list.
        pointer = (c_char_p * 1)() if texts is not None and not count else texts
        self._call(timeout, _lib.xq_update_usergroup, c_number("id", id, c_int64), c_text("name", name), pointer, count)

    def add_usergroup_members(self, id: int, members: Iterable[str], *, timeout: Optional[float] = None) -> None:
        """Adds members to a group. Two programs that do so at once can undo each other. Uses the network."""
        texts = c_texts("members", members)
        self._call(timeout, _lib.xq_add_usergroup_members, c_number("id", id, c_int64), texts, len(texts))

    def remove_usergroup_members(self, id: int, members: Iterable[str], *, timeout: Optional[float] = None) -> None:
        """Takes members out of a group. Two programs that do so at once can undo each other. Uses the network."""
        texts = c_texts("members", members)
        self._call(timeout, _lib.xq_remove_usergroup_members, c_number("id", id, c_int64), texts, len(texts))

    def delete_usergroup(self, id: int, *, timeout: Optional[float] = None) -> None:
        """Deletes a group. Uses the network."""
        self._call(timeout, _lib.xq_delete_usergroup, c_number("id", id, c_int64))

    def add_contact(
        self,
        email: str,
        *,
        first_name: Optional[str] = None,
        last_name: Optional[str] = None,
        title: Optional[str] = None,
        role: int = Role.USER,
        notifications: int = 0,
        overflow: Optional[bool] = None,
        timeout: Optional[float] = None,
    ) -> int:
        """Adds a contact and gives its id. notifications: 0 none, 2 tutorials, 3 both. Uses the network."""
        contact = _c.NewContact(
            ctypes.sizeof(_c.NewContact),
            c_text("email", email),
            c_text("first_name", first_name),
            c_text("last_name", last_name),
            c_text("title", title),
            c_number("role", role, c_int32),
            c_number("notifications", notifications, c_int32),
            -1 if overflow is None else bool(overflow),
        )
        id = c_int64()
        self._call(timeout, _lib.xq_add_contact, byref(contact), byref(id))
        return id.value

    def get_contacts(
        self,
        *,
        role: int = 0,
        filter: Optional[str] = None,
        limit: int = 0,
        page: int = 0,
        timeout: Optional[float] = None,
    ) -> Rows[Contact]:
        """The business's contacts, devices among them; what is 0 or None is not asked for. Uses the network."""
        numbers = c_number("limit", limit, c_int64), c_number("page", page, c_int64)
        arguments = c_number("role", role, c_int32), c_text("filter", filter), *numbers
        return self._rows(timeout, _c.Contacts, _lib.xq_contacts_free, read_contact, _lib.xq_get_contacts, *arguments)

    def disable_contact(self, id: int, *, timeout: Optional[float] = None) -> None:
        """Disables a contact, which stays in the list. Uses the network."""
        self._call(timeout, _lib.xq_disable_contact, c_number("id", id, c_int64))

    def remove_contact(self, id: int, *, timeout: Optional[float] = None) -> None:
        """Removes a contact for good. Uses the network."""
        self._call(timeout, _lib.xq_remove_contact, c_number("id", id, c_int64))

    def get_communication_by_locator_token(self, locator: str, *, timeout: Optional[float] = None) -> Communication:
        """What the dashboard knows of a stored key. Uses the network."""
        out = POINTER(_c.Communication)()
        self._call(timeout, _lib.xq_get_communication_by_locator_token, c_text("locator", locator), byref(out))
        try:
            row = out.contents
            labels = listed(row.labels, row.label_count)
            return Communication(known(row.id), decoded(row.locator_token), labels, row.reply.decode())
        finally:
            _lib.xq_communication_free(out)

    def add_labels_to_locator_token(
        self, locator: str, labels: Iterable[str], *, timeout: Optional[float] = None
    ) -> None:
        """Adds labels to a stored key. Uses the network."""
        texts = c_texts("labels", labels)
        self._call(timeout, _lib.xq_add_labels_to_locator_token, c_text("locator", locator), texts, len(texts))

    def get_businesses(self, *, timeout: Optional[float] = None) -> Rows[Business]:
        """The businesses that the one who is signed in may work in. Uses the network."""
        return self._businesses(timeout, _lib.xq_get_businesses)

    def get_business_info(self, *, timeout: Optional[float] = None) -> Business:
        """The business that the dashboard token is for. Uses the network."""
        return only(self._businesses(timeout, _lib.xq_get_business_info))

    def switch_business(self, id: int, *, timeout: Optional[float] = None) -> str:
        """Gets a dashboard token for another business, which the API then holds. Uses the network."""
        return self._call_text(timeout, _lib.xq_switch_business, c_number("id", id, c_int64))

    def generate_device_certificate(
        self, tag: str, *, folder: Optional[Path] = None, timeout: Optional[float] = None
    ) -> DeviceCertificate:
        """Has a certificate issued for a device, and writes its three files where a folder is named, each for its owner
        alone and none over another. Uses the network."""
        out = POINTER(_c.DeviceCertificate)()
        self._call(
            timeout, _lib.xq_generate_device_certificate, c_text("tag", tag), c_path("folder", folder), byref(out)
        )
        try:
            made = out.contents
            texts = (text.decode() for text in (made.certificate, made.transport_key, made.private_key))
            return DeviceCertificate(made.id, *texts)
        finally:
            _lib.xq_device_certificate_free(out)
