"""Every operation, against the emulator."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import xq

from .emulator import TestCase

HERE = Path(__file__).parents[1]
JOE = "joe@example.com"


class SignIn(TestCase):
    def test_a_person_signs_in(self):
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

    def test_an_alias_signs_in(self):
        api = self.emulator.api()
        self.assertEqual(api.authorize_alias("sensor-7", first_name="S", last_name="7"), api.get_access_token())

    def test_a_service_that_fails(self):
        api = self.emulator.api()
        self.emulator.fault("subscription/apikey", {"reply": {"status": 503}})
        with self.assertRaises(xq.ServerError) as raised:
            api.validate_api_key()
        self.assertEqual(raised.exception.http_status, 503)
        self.assertTrue(raised.exception.can_retry)
        api.validate_api_key()

    def test_a_service_that_is_late(self):
        with self.emulator.config() as config:
            config.set_timeout_ms(100)
            api = xq.API(config)
        self.emulator.fault("subscription/apikey", "stall")
        with self.assertRaises(xq.TimeoutError):
            api.validate_api_key()


class Devices(TestCase):
    def test_a_device_of_a_trusted_range(self):
        api = self.emulator.api()
        self.assertEqual(api.authorize_device("pump", "business", roaming=True), api.get_access_token())
        self.assertEqual(self.emulator.admin("GET", "devices")[-1]["afirst"], "pump")

    def test_token_and_error_come_together(self):
        api = self.emulator.api()
        self.emulator.fault("dashboard/trusted/announce", {"reply": {"status": 503}})
        with self.assertRaises(xq.ServerError) as raised:
            api.authorize_device("valve", "business")
        self.assertIsNotNone(raised.exception.token)
        self.assertEqual(raised.exception.token, api.get_access_token())
        self.assertNotIn(raised.exception.token, str(raised.exception) + repr(raised.exception))
        api.announce_device("valve")
        self.assertEqual(self.emulator.admin("GET", "devices")[-1]["afirst"], "valve")

    def test_a_failed_sign_in_has_no_token(self):
        api = self.emulator.api()
        self.emulator.fault("subscription/authorize/trusted/business", {"reply": {"status": 503}})
        with self.assertRaises(xq.ServerError) as raised:
            api.authorize_device("valve", "business")
        self.assertIsNone(raised.exception.token)

    def test_a_device_with_a_certificate(self):
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
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jane = cls.emulator.signed_in("jane@example.com")
        cls.joe = cls.emulator.signed_in(JOE)

    def stored(self, locator):
        [key] = [key for key in self.emulator.admin("GET", "keys") if key["locator"] == locator]
        return key

    def test_a_packet_is_made_and_stored_later(self):
        packet = self.jane.create_packet(".1key ✓", (person for person in [JOE]), type=7, expires_hours=2, subject="s")
        locator = self.jane.add_packet(packet)
        self.assertEqual(self.joe.get_packet(locator), ".1key ✓")
        self.assertEqual(self.stored(locator)["type"], 7)

    def test_a_packet_is_shared_and_taken_back(self):
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

    def test_many_keys_at_once(self):
        keys = [f"key {number}" for number in range(500)]
        locators = self.jane.create_and_store_packets(keys, [JOE], type="database", subject="s", meta="what they are")
        self.assertEqual(self.stored(locators[7])["meta"], {"subject": "s", "meta": "what they are"})
        asked = [*locators[:3], "A" * 43, *locators[3:]]
        self.assertEqual(self.joe.get_packets(asked), [*keys[:3], None, *keys[3:]])

    def test_rows(self):
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

    def test_a_reply_that_makes_no_sense_is_not_lost(self):
        self.emulator.fault("subscription/packet/add", {"reply": {"status": 200, "body": '{"tokens":[]}'}})
        with self.assertRaises(xq.ProtocolError) as raised:
            self.jane.create_and_store_packets(["secret key"], [JOE])
        self.assertEqual(raised.exception.reply, '{"tokens":[]}')

    def test_bad_input_is_refused_before_anything_is_sent(self):
        stored = len(self.emulator.admin("GET", "keys"))
        for arguments, options in [
            (("", [JOE]), {}),
            (("cut\0off", [JOE]), {}),
            (("key", []), {}),
            (("key", [None]), {}),
            (("key", [f"{JOE}\0.example.net"]), {}),
            (("key", [JOE]), {"type": -1}),
            (("key", [JOE]), {"type": 2**32 + 5}),
            (("key", [JOE]), {"expires_hours": 0}),
            (("key", [JOE]), {"expires_hours": 2**64 + 5}),
        ]:
            with self.subTest(f"{arguments} {options}"), self.assertRaises(xq.InvalidArgumentError):
                self.jane.create_and_store_packet(*arguments, **options)
        with self.assertRaisesRegex(xq.InvalidArgumentError, r"rows\[1\]\.key holds a NUL"):
            self.jane.create_and_store_packets_batch([xq.PacketRow("key", [JOE]), xq.PacketRow("a\0b", [JOE])])
        with self.assertRaisesRegex(TypeError, "recipients is one str"):
            self.jane.create_and_store_packet("key", JOE)
        self.assertEqual(len(self.emulator.admin("GET", "keys")), stored)


class Account(TestCase):
    def setUp(self):
        super().setUp()
        self.jane = self.emulator.signed_in("jane@example.com")

    def test_the_subscriber_is_told(self):
        who = self.jane.get_subscriber()
        self.assertEqual(who.user, "jane@example.com")
        self.assertGreater(who.ends_ms, who.starts_ms)
        self.assertEqual(json.loads(who.reply)["user"], who.user)

    def test_settings_change_one_by_one(self):
        self.jane.update_settings(newsletter=True, notifications=1)
        self.jane.update_settings(notifications=2)
        self.assertEqual(self.jane.get_settings(), xq.Settings(newsletter=True, notifications=2))
        with self.assertRaises(xq.InvalidArgumentError):
            self.jane.update_settings()

    def test_tokens_are_delegated_combined_and_given_up(self):
        delegate = self.jane.authorize_delegate()
        combined, merged = self.jane.combine_authorizations([self.jane.get_access_token(), delegate, "not-one"])
        self.assertEqual(merged, 2)
        self.assertNotIn(combined, (delegate, self.jane.get_access_token()))
        self.jane.deauthorize()
        self.assertIsNone(self.jane.get_access_token())
        with self.assertRaises(xq.UnauthorizedError) as raised:
            self.jane.get_subscriber()
        self.assertEqual(raised.exception.http_status, 0)

    def test_a_deleted_subscriber_is_gone(self):
        self.jane.delete_subscriber()
        self.assertIsNone(self.jane.get_access_token())

    def test_a_dashboard_token_is_exchanged(self):
        token = self.emulator.admin("POST", "dashboard-tokens", {"user": "jane@example.com"})["token"]
        api = self.emulator.api()
        api.set_dashboard_token(token)
        self.assertEqual(api.exchange_for_subscription_token(), api.get_access_token())

    def test_the_time_is_told(self):
        self.assertLessEqual(abs(self.jane.server_time() - self.emulator.admin("GET", "clock")["now"]), 60)

    def test_requests_are_told_to_a_logger(self):
        lines = []
        self.jane.set_logger(lambda level, message: lines.append((level, message)))
        self.jane.server_time()
        self.jane.set_logger(None)
        self.jane.server_time()
        [(level, message)] = lines
        self.assertEqual(level, 3)
        self.assertRegex(message, r"^#\d+ xq_server_time: GET subscription/time: HTTP 200 in \d+ ms$")

    def test_a_reply_that_asks_to_come_back_says_when(self):
        self.emulator.fault("subscription/time", {"reply": {"status": 429, "headers": {"Retry-After": "7"}}})
        with self.assertRaises(xq.RejectedError) as raised:
            self.jane.server_time()
        self.assertEqual((raised.exception.retry_after, raised.exception.can_retry), (7, True))


class Example(TestCase):
    def test_share_key(self):
        with subprocess.Popen(
            [sys.executable, HERE / "share_key.py", "ann@example.com", JOE, "team@group.local"],
            env={**os.environ, **self.emulator.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as example:
            while not self.emulator.admin("GET", "mail?user=ann@example.com"):
                self.assertIsNone(example.poll())
            output, _ = example.communicate(self.emulator.pin("ann@example.com") + "\n")
        self.assertEqual(example.returncode, 0, output)
        self.assertIn("It stands for the same key: True", output)
        [key] = self.emulator.admin("GET", "keys")
        self.assertEqual(key["recipients"], [JOE, "team@group.local"])
        self.assertIn(key["locator"], output)
