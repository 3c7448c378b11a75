"""Every operation, against the emulator."""

import gc
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import xq

from emulator import TestCase

EXAMPLES = Path(__file__).parents[1] / "examples"
JOE = "joe@example.com"


class SignIn(TestCase):
    def test_a_person_signs_in(self) -> None:
        api = self.emulator.api()
        self.assertEqual(json.loads(api.validate_api_key())["status"], "OK")
        waiting = api.authorize_user(
            "jane@example.com", first_name="Jane", last_name="Dvořák", newsletter=True, notifications=3
        )
        self.assertEqual(api.get_access_token(), waiting)
        with self.assertRaises(xq.RejectedError):
            api.exchange_key()
        with self.assertRaises(xq.UnauthorizedError) as raised:
            api.code_validate("wrong")
        self.assertEqual((raised.exception.status, raised.exception.http_status), (xq.Status.UNAUTHORIZED, 401))
        api.code_validate(self.emulator.pin("jane@example.com"))
        access = api.exchange_key("business", selector=True)
        self.assertEqual(api.get_access_token(), access)
        [jane] = [user for user in self.emulator.admin("GET", "subscribers") if user["user"] == "jane@example.com"]
        self.assertEqual((jane["firstName"], jane["lastName"]), ("Jane", "Dvořák"))
        self.assertEqual((jane["newsletter"], jane["notifications"]), (True, 3))

    def test_an_alias_signs_in(self) -> None:
        api = self.emulator.api()
        self.assertEqual(api.authorize_alias("sensor-7", first_name="S", last_name="7"), api.get_access_token())

    def test_a_service_that_fails(self) -> None:
        api = self.emulator.api()
        self.emulator.fault("subscription/apikey", {"reply": {"status": 503}})
        with self.assertRaises(xq.ServerError) as raised:
            api.validate_api_key()
        self.assertEqual(raised.exception.http_status, 503)
        self.assertTrue(raised.exception.can_retry)
        api.validate_api_key()

    def test_a_service_that_is_late(self) -> None:
        with self.emulator.config() as config:
            config.set_timeout_ms(100)
            api = xq.API(config)
        self.emulator.fault("subscription/apikey", "stall")
        with self.assertRaises(xq.TimeoutError):
            api.validate_api_key()


class Devices(TestCase):
    def test_a_device_of_a_trusted_range(self) -> None:
        api = self.emulator.api()
        self.assertEqual(api.authorize_device("pump", "business", roaming=True), api.get_access_token())
        self.assertEqual(self.emulator.admin("GET", "devices")[-1]["afirst"], "pump")

    def test_token_and_error_come_together(self) -> None:
        api = self.emulator.api()
        self.emulator.fault("dashboard/trusted/announce", {"reply": {"status": 503}})
        with self.assertRaises(xq.ServerError) as raised:
            api.authorize_device("valve", "business")
        self.assertIsNotNone(raised.exception.token)
        self.assertEqual(raised.exception.token, api.get_access_token())
        self.assertNotIn(raised.exception.token, str(raised.exception) + repr(raised.exception))
        api.announce_device("valve")
        self.assertEqual(self.emulator.admin("GET", "devices")[-1]["afirst"], "valve")

    def test_a_failed_sign_in_has_no_token(self) -> None:
        api = self.emulator.api()
        self.emulator.fault("subscription/authorize/trusted/business", {"reply": {"status": 503}})
        with self.assertRaises(xq.ServerError) as raised:
            api.authorize_device("valve", "business")
        self.assertIsNone(raised.exception.token)

    def test_a_device_with_a_certificate(self) -> None:
        api = self.emulator.api()
        number = int(self.emulator.environment["XQ_DEVICE_CERT_ID"])
        paths = [self.emulator.certificates / name for name in ["client.crt", "transport.key", "client.key"]]
        token = api.authorize_device_cert(number, *paths, device="meter")
        self.assertEqual(token, api.get_access_token())
        self.assertEqual(self.emulator.admin("GET", "devices")[-1]["afirst"], "meter")
        announced = len(self.emulator.admin("GET", "devices"))
        texts = [xq.load_file_content(path) for path in paths]
        self.assertEqual(api.authorize_device_cert_memory(number, *texts, announce=False), api.get_access_token())
        self.assertEqual(len(self.emulator.admin("GET", "devices")), announced)
        with self.assertRaisesRegex(xq.FileError, "client.crt"):
            api.authorize_device_cert(number, "/nowhere/client.crt", *paths[1:])
        with self.assertRaises(xq.CryptoError):
            api.authorize_device_cert_memory(number, texts[0], texts[1], "no key")


class Packets(TestCase):
    jane: xq.API
    joe: xq.API

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.jane = cls.emulator.signed_in("jane@example.com")
        cls.joe = cls.emulator.signed_in(JOE)

    def stored(self, locator: str) -> Any:
        [key] = [key for key in self.emulator.admin("GET", "keys") if key["locator"] == locator]
        return key

    def test_a_packet_is_made_and_stored_later(self) -> None:
        packet = self.jane.create_packet(".1key ✓", (person for person in [JOE]), type=7, expires_hours=2, subject="s")
        locator = self.jane.add_packet(packet)
        self.assertEqual(self.joe.get_packet(locator), ".1key ✓")
        self.assertEqual(self.stored(locator)["type"], 7)

    def test_a_packet_is_shared_and_taken_back(self) -> None:
        locator = self.jane.create_and_store_packet(
            "key", ["ann@example.com"], type="file", expires_hours=72, subject="subject", labels=["a", "b"]
        )
        stored = self.stored(locator)
        self.assertEqual(stored["type"], "file")
        self.assertEqual((stored["meta"]["subject"], stored["meta"]["labels"]), ("subject", ["a", "b"]))
        self.assertLessEqual(abs(self.jane.packet_expiration(locator) - 72 * 3600), 3600)
        with self.assertRaises(xq.RejectedError) as raised:
            self.joe.get_packet(locator)
        self.assertEqual(raised.exception.http_status, 403)
        self.jane.grant_users(locator, [JOE])
        self.assertEqual(self.joe.get_packet(locator), "key")
        self.jane.revoke_users(locator, [JOE])
        with self.assertRaises(xq.RejectedError):
            self.joe.get_packet(locator)
        self.jane.revoke_packet(locator)
        with self.assertRaisesRegex(xq.RejectedError, "revoked") as raised:
            self.jane.get_packet(locator)
        self.assertEqual(raised.exception.http_status, 410)

    def test_many_keys_at_once(self) -> None:
        keys = [f"key {number}" for number in range(500)]
        locators = self.jane.create_and_store_packets(keys, [JOE], type="database", subject="s", meta="what they are")
        self.assertEqual(self.stored(locators[7])["meta"], {"subject": "s", "meta": "what they are"})
        asked = [*locators[:3], "A" * 43, *locators[3:]]
        self.assertEqual(self.joe.get_packets(asked), [*keys[:3], None, *keys[3:]])

    def test_rows(self) -> None:
        rows = (
            xq.PacketRow(
                f"key {number}", [JOE, f"{number}@example.com"], title=f"row {number}", labels=["x", str(number)]
            )
            for number in range(100)
        )
        locators = self.jane.create_and_store_packets_batch(rows)
        gc.collect()
        self.assertEqual(self.joe.get_packets(locators), [f"key {number}" for number in range(100)])
        stored = self.stored(locators[42])
        self.assertEqual(stored["recipients"], [JOE, "42@example.com"])
        self.assertEqual((stored["meta"]["title"], stored["meta"]["labels"]), ("row 42", ["x", "42"]))
        row = xq.PacketRow("key", [JOE], type=9, expires=3, unit="hours", meta='{"size":5}')
        [locator] = self.jane.create_and_store_packets_batch([row])
        self.assertEqual((self.stored(locator)["type"], self.stored(locator)["meta"]), (9, {"size": 5}))
        self.assertLessEqual(abs(self.jane.packet_expiration(locator) - 3 * 3600), 3600)

    def test_a_reply_that_makes_no_sense_is_not_lost(self) -> None:
        self.emulator.fault("subscription/packet/add", {"reply": {"status": 200, "body": '{"tokens":[]}'}})
        with self.assertRaises(xq.ProtocolError) as raised:
            self.jane.create_and_store_packets(["secret key"], [JOE])
        self.assertEqual(raised.exception.reply, '{"tokens":[]}')

    def test_bad_input_is_refused_before_anything_is_sent(self) -> None:
        stored = len(self.emulator.admin("GET", "keys"))
        refusals: list[tuple[tuple[Any, Any], dict[str, Any]]] = [
            (("", [JOE]), {}),
            (("cut\0off", [JOE]), {}),
            (("key", []), {}),
            (("key", [None]), {}),
            (("key", [f"{JOE}\0.example.net"]), {}),
            (("key", [JOE]), {"type": -1}),
            (("key", [JOE]), {"type": 2**32 + 5}),
            (("key", [JOE]), {"expires_hours": 0}),
            (("key", [JOE]), {"expires_hours": 2**64 + 5}),
        ]
        for arguments, options in refusals:
            with self.subTest(f"{arguments} {options}"), self.assertRaises(xq.InvalidArgumentError):
                self.jane.create_and_store_packet(*arguments, **options)
        with self.assertRaisesRegex(xq.InvalidArgumentError, r"rows\[1\]\.key holds a NUL"):
            self.jane.create_and_store_packets_batch([xq.PacketRow("key", [JOE]), xq.PacketRow("a\0b", [JOE])])
        with self.assertRaisesRegex(TypeError, "recipients is one str"):
            self.jane.create_and_store_packet("key", JOE)
        self.assertEqual(len(self.emulator.admin("GET", "keys")), stored)


class Account(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.jane = self.emulator.signed_in("jane@example.com")

    def test_the_subscriber_is_told(self) -> None:
        who = self.jane.get_subscriber()
        self.assertEqual(who.user, "jane@example.com")
        assert who.starts_ms is not None and who.ends_ms is not None
        self.assertGreater(who.ends_ms, who.starts_ms)
        self.assertEqual(json.loads(who.reply)["user"], who.user)

    def test_settings_change_one_by_one(self) -> None:
        self.jane.update_settings(newsletter=True, notifications=1)
        self.jane.update_settings(notifications=2)
        self.assertEqual(self.jane.get_settings(), xq.Settings(newsletter=True, notifications=2))
        with self.assertRaises(xq.InvalidArgumentError):
            self.jane.update_settings()

    def test_tokens_are_delegated_combined_and_given_up(self) -> None:
        delegate = self.jane.authorize_delegate()
        combined, merged = self.jane.combine_authorizations([self.jane.get_access_token() or "", delegate, "not-one"])
        self.assertEqual(merged, 2)
        self.assertNotIn(combined, (delegate, self.jane.get_access_token()))
        self.jane.deauthorize()
        self.assertIsNone(self.jane.get_access_token())
        with self.assertRaises(xq.UnauthorizedError) as raised:
            self.jane.get_subscriber()
        self.assertEqual(raised.exception.http_status, 0)

    def test_a_deleted_subscriber_is_gone(self) -> None:
        self.jane.delete_subscriber()
        self.assertIsNone(self.jane.get_access_token())

    def test_a_dashboard_token_is_exchanged(self) -> None:
        token = self.emulator.admin("POST", "dashboard-tokens", {"user": "jane@example.com"})["token"]
        api = self.emulator.api()
        api.set_dashboard_token(token)
        self.assertEqual(api.exchange_for_subscription_token(), api.get_access_token())

    def test_the_time_is_told(self) -> None:
        self.assertLessEqual(abs(self.jane.server_time() - self.emulator.admin("GET", "clock")["now"]), 60)

    def test_requests_are_told_to_a_logger(self) -> None:
        lines = []
        self.jane.set_logger(lambda level, message: lines.append((level, message)))
        self.jane.server_time()
        self.jane.set_logger(None)
        self.jane.server_time()
        [(level, message)] = lines
        self.assertEqual(level, 3)
        self.assertRegex(message, r"^#\d+ xq_server_time: GET subscription/time: HTTP 200 in \d+ ms$")

    def test_a_reply_that_asks_to_come_back_says_when(self) -> None:
        self.emulator.fault("subscription/time", {"reply": {"status": 429, "headers": {"Retry-After": "7"}}})
        with self.assertRaises(xq.RejectedError) as raised:
            self.jane.server_time()
        self.assertEqual((raised.exception.retry_after, raised.exception.can_retry), (7, True))


class Examples(TestCase):
    def run_example(self, name: str, user: str, *arguments: Any) -> str:
        """What an example prints to somebody who types the PIN in."""
        with subprocess.Popen(
            [sys.executable, EXAMPLES / name, user, *arguments],
            env={**os.environ, **self.emulator.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as example:
            while not self.emulator.admin("GET", f"mail?user={user}"):
                self.assertIsNone(example.poll())
            output, _ = example.communicate(self.emulator.pin(user) + "\n")
        self.assertEqual(example.returncode, 0, output)
        return output

    def test_share_key(self) -> None:
        output = self.run_example("share_key.py", "ann@example.com", JOE, "team@group.local")
        self.assertIn("It stands for the same key: True", output)
        key = self.emulator.admin("GET", "keys")[-1]
        self.assertEqual(key["recipients"], [JOE, "team@group.local"])
        self.assertIn(key["locator"], output)

    def test_seal_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "letter.txt")
            path.write_text("Dear Joe")
            output = self.run_example("seal_file.py", "eve@example.com", path, JOE)
            self.assertIn("It opens to the same: True", output)
            opened = self.emulator.signed_in(JOE).decrypt_file(f"{path}.xq", Path(folder, "opened"))
            self.assertEqual(Path(opened).read_text(), "Dear Joe")
