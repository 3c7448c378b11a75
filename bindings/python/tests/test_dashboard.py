"""The dashboard and any other request, against a service that repeats what it was told to say."""

import json
import tempfile
import threading
import unittest
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Optional

import xq

LOCATOR = "RtESv0TwIjI3UbDMn3VRI5yjBzreuJccaZ0n0P_61-Z"
CERTIFICATE = {"id": 9, "transportKey": "tk", "clientCert": "crt", "clientKey": "key"}


class Server(ThreadingHTTPServer):
    """Says what it was told to say, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, Optional[str], Any]] = []
        self.replies: list[tuple[int, Any]] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        told = self.headers.get("authorization")
        self.server.requests.append((f"{self.command} {self.path}", told, json.loads(body) if body else None))
        status, told_to_say = self.server.replies.pop(0)
        reply = (told_to_say if isinstance(told_to_say, str) else json.dumps(told_to_say)).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def log_message(self, *_: Any) -> None:
        pass


class Dashboard(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Server()
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(self.server.shutdown)
        with xq.Config() as config:
            config.set_api_key("key")
            for service in xq.Service:
                config.set_service_url(service, f"http://127.0.0.1:{self.server.server_port}/v2")
            self.api = xq.API(config)
        self.addCleanup(self.api.close)
        self.api.set_access_token("access")
        self.api.set_dashboard_token("dashboard")

    def does(
        self,
        reply: tuple[int, Any],
        sent: str,
        content: Any,
        function: Callable[..., Any],
        *arguments: Any,
        token: Optional[str] = "dashboard",
        **named: Any,
    ) -> Any:
        """Calls, and sees what went out; gives what came out."""
        self.server.replies.append(reply)
        result = function(*arguments, **named)
        expected = (sent, f"Bearer {token}" if token else None, content)
        self.assertEqual(self.server.requests.pop(), expected)
        return result

    def test_signing_in(self) -> None:
        api = self.api
        body = {"email": "j@b.c", "optIn": False}
        self.assertTrue(self.does((204, ""), "POST /v2/signup", body, api.dashboard_signup, "j@b.c", token=None))
        body = {"email": "j@b.c", "optIn": True, "pwd": "p"}
        again: Any = {"password": "p", "opt_in": True, "token": None}
        self.assertFalse(self.does((409, ""), "POST /v2/signup", body, api.dashboard_signup, "j@b.c", **again))
        self.does((204, ""), "POST /v2/login/link", {"email": "j@b.c"}, api.send_login_link, "j@b.c", token=None)
        body = {"email": "j@b.c", "pwd": "p", "method": 0}
        self.does((200, "pre"), "POST /v2/login", body, api.dashboard_login, "j@b.c", "p", token=None)
        self.does((200, "full"), "GET /v2/login/verify?request=default", None, api.login_verify, token="pre")
        self.does((204, ""), "GET /v2/session", None, api.validate_access_token, token="full")
        self.assertEqual(api.dashboard_login(code="https://x.y/?access_token=T&token=c"), "T")
        request = "GET /v2/login/verify?request=sub&bid=4"
        self.does((200, "other"), request, None, api.exchange_for_dashboard_token, "4", token="access")
        self.assertEqual((api.get_access_token(), api.get_dashboard_token()), ("access", "other"))
        with self.assertRaisesRegex(xq.InvalidArgumentError, "password and code are both NULL"):
            api.dashboard_login("j@b.c")

    def test_groups(self) -> None:
        api = self.api
        body = {"name": "g", "members": ["a@b.c"]}
        group = self.does((200, {"id": 7}), "POST /v2/usergroup", body, api.create_usergroup, "g", ["a@b.c"])
        self.assertEqual(group, xq.Usergroup(7, "g", None, ["a@b.c"]))
        groups = {"groups": [{"id": 7, "name": "g", "bid": 3}, {"id": 8}]}
        listed = self.does((200, groups), "GET /v2/usergroup", None, api.get_usergroups)
        self.assertEqual(listed, [xq.Usergroup(7, "g", 3, None), xq.Usergroup(8, None, None, None)])
        self.assertEqual(json.loads(listed.reply), groups)
        one = {"id": 7, "members": ["a@b.c", {"kind": "address", "address": "d@e.f"}]}
        group = self.does((200, one), "GET /v2/usergroup/7", None, api.get_usergroup, 7)
        self.assertEqual((group.members, json.loads(group.reply)), (["a@b.c", "d@e.f"], one))
        self.server.replies.append((200, groups))
        self.assertEqual(self.does((200, one), "GET /v2/usergroup/7", None, api.get_usergroup, name="g").id, 7)
        self.does((204, ""), "PATCH /v2/usergroup/7", {"name": "h"}, api.update_usergroup, 7, name="h")
        self.does((204, ""), "PATCH /v2/usergroup/7", {"members": []}, api.update_usergroup, 7, members=[])
        self.server.replies.append((200, one))
        body = {"members": ["a@b.c", "d@e.f", "n@b.c"]}
        self.does((204, ""), "PATCH /v2/usergroup/7", body, api.add_usergroup_members, 7, ["n@b.c", "A@b.c"])
        self.server.replies.append((200, one))
        body = {"members": ["d@e.f"]}
        self.does((204, ""), "PATCH /v2/usergroup/7", body, api.remove_usergroup_members, 7, ["A@B.C"])
        self.does((204, ""), "DELETE /v2/usergroup/7", None, api.delete_usergroup, 7)
        with self.assertRaises(xq.InvalidArgumentError):
            api.get_usergroup()
        with self.assertRaisesRegex(xq.InvalidArgumentError, "no address"):
            api.create_usergroup("g", ["nobody"])

    def test_contacts_communications_and_businesses(self) -> None:
        api = self.api
        body = {"email": "j@b.c", "firstName": "J", "lastName": "", "title": "", "role": 6, "notifications": 3,
                "overflow": True}
        named: Any = {"first_name": "J", "role": xq.Role.DEVICE, "notifications": 3, "overflow": True}
        self.assertEqual(self.does((200, {"id": 5}), "POST /v2/contact", body, api.add_contact, "j@b.c", **named), 5)
        contacts = {"contacts": [{"id": 5, "email": "j@b.c", "role": 6, "status": "active"}]}
        request = "GET /v2/contact/all?role=6&filter=j&limit=2&page=1"
        found = self.does((200, contacts), request, None, api.get_contacts, role=6, filter="j", limit=2, page=1)
        self.assertEqual(found, [xq.Contact(5, "j@b.c", None, None, None, xq.Role.DEVICE, "active", None)])
        self.does((204, ""), "DELETE /v2/contact/5", None, api.disable_contact, 5)
        self.does((204, ""), "DELETE /v2/contact/5?delete=true", None, api.remove_contact, 5)
        reply = {"id": 1, "locator_token": LOCATOR, "labels": ["a"]}
        request = f"GET /v2/communication/{LOCATOR}"
        told = self.does((200, reply), request, None, api.get_communication_by_locator_token, LOCATOR)
        self.assertEqual((told.id, told.locator, told.labels, json.loads(told.reply)), (1, LOCATOR, ["a"], reply))
        request = f"PATCH /v2/communication/{LOCATOR}/labels"
        self.does((204, ""), request, {"labels": ["b"]}, api.add_labels_to_locator_token, LOCATOR, ["b"])
        reply = {"businesses": [{"id": 4, "name": "Acme"}, {}]}
        businesses = self.does((200, reply), "GET /v2/businesses", None, api.get_businesses)
        self.assertEqual(businesses, [xq.Business(4, "Acme"), xq.Business(None, None)])
        business = self.does((200, {"id": 4}), "GET /v2/business", None, api.get_business_info)
        self.assertEqual((business.id, json.loads(business.reply)), (4, {"id": 4}))
        self.does((200, "switched"), "GET /v2/business/4/auth", None, api.switch_business, 4)
        self.assertEqual(api.get_dashboard_token(), "switched")

    def test_certificates(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            body = {"tag": "t", "fence": [], "enabled": True}
            made = self.does(
                (200, CERTIFICATE), "POST /v2/certificate", body,
                self.api.generate_device_certificate, "t", folder=Path(folder),
            )
            self.assertEqual(made, xq.DeviceCertificate(9, "crt", "tk", "key"))
            self.assertNotIn("tk", repr(made))
            self.assertEqual(Path(folder, "client.key").read_text(), "key")
            with self.assertRaisesRegex(xq.FileError, "exists already"):
                self.api.generate_device_certificate("t", folder=folder)

    def test_any_request_and_when_a_token_ends(self) -> None:
        api = self.api
        query = {"a b": "c&d"}
        arguments = "GET", xq.Service.DASHBOARD, "devapps"
        got = self.does((202, "text"), "GET /v2/devapps?a%20b=c%26d", None, api.request, *arguments, query=query)
        self.assertEqual(got, (202, "text"))
        pairs = [("a", "1"), ("a", "2")]
        self.does((200, ""), "GET /v2/devapps?a=1&a=2", None, api.request, *arguments, query=pairs)
        arguments = "POST", xq.Service.SUBSCRIPTION, "x"
        self.does((200, ""), "POST /v2/x", {"a": 1}, api.request, *arguments, body='{"a":1}', token="access")
        with self.assertRaisesRegex(xq.InvalidArgumentError, "the path"):
            api.request("GET", xq.Service.DASHBOARD, "../x")
        self.assertIsNone(api.token_expiration())
        api.set_dashboard_token("e30.eyJleHAiOjE5MDAwMDAwMDB9.x")
        self.assertEqual(api.token_expiration(xq.Token.DASHBOARD), 1900000000)


if __name__ == "__main__":
    unittest.main()
