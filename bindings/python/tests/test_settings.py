"""Configuration, and what needs no network."""

import inspect
import os
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import xq


class Settings(unittest.TestCase):
    def test_an_api_needs_a_key(self) -> None:
        with xq.Config() as config:
            with self.assertRaisesRegex(xq.ConfigurationError, "no API key") as raised:
                xq.API(config)
        self.assertEqual(raised.exception.status, xq.Status.CONFIGURATION)
        self.assertEqual(raised.exception.http_status, 0)
        self.assertFalse(raised.exception.can_retry)
        self.assertIsNone(raised.exception.reply)
        self.assertIsNone(raised.exception.token)

    def test_every_setting_is_taken(self) -> None:
        with tempfile.NamedTemporaryFile("w") as pem, xq.Config() as config:
            pem.write("a certificate, whose text nobody reads yet")
            pem.flush()
            config.set_api_key("key")
            config.set_dashboard_api_key("key")
            config.set_locator_key("klíč")
            config.set_envelope(xq.Envelope.CTR)
            config.set_base_uri("xq.example.com/v2/")
            config.set_service_url(xq.Service.QUANTUM, "https://quantum.example.com/v2")
            config.set_allow_plain_http(True)
            config.set_connect_timeout_ms(2**32 - 1)
            config.set_timeout_ms(1)
            config.set_max_reply_bytes(1)
            config.set_proxy("http://name:password@proxy.example.com:3128")
            config.set_user_agent_suffix("test/1")
            xq.API(config).close()
            config.set_ca_file(Path(pem.name))
            with self.assertRaises(xq.ConfigurationError):
                xq.API(config)
            config.set_ca_file(None)
            xq.API(config).close()
            config.set_ca_memory(b"no certificate")
            with self.assertRaises(xq.ConfigurationError):
                xq.API(config)
            config.set_ca_memory(None)
            config.set_roots(xq.Roots.NONE)
            with self.assertRaises(xq.ConfigurationError):
                xq.API(config)
            config.set_roots(xq.Roots.BUILT_IN)
            xq.API(config).close()

    def test_what_cannot_be_right_is_refused(self) -> None:
        with xq.Config() as config:
            refusals: list[tuple[Callable[[Any], None], Any, type[Exception]]] = [
                (config.set_api_key, "a b", xq.ConfigurationError),
                (config.set_api_key, "a\0b", xq.InvalidArgumentError),
                (config.set_api_key, "\ud800", xq.InvalidArgumentError),
                (config.set_api_key, b"key", TypeError),
                (config.set_envelope, 4, xq.InvalidArgumentError),
                (config.set_roots, 3, xq.InvalidArgumentError),
                (config.set_ca_memory, b"", xq.ConfigurationError),
                (config.set_timeout_ms, 0, xq.ConfigurationError),
                (config.set_timeout_ms, -1, xq.InvalidArgumentError),
                (config.set_timeout_ms, 2**32 + 5, xq.InvalidArgumentError),
                (config.set_max_reply_bytes, 2**64 + 5, xq.InvalidArgumentError),
                (config.set_ca_file, "/nowhere/root.pem", xq.FileError),
            ]
            for function, value, error in refusals:
                with self.subTest(f"{function.__name__}({value!r})"), self.assertRaises(error):
                    function(value)

    def test_settings_come_from_the_environment(self) -> None:
        with mock.patch.dict(os.environ, {"XQ_API_KEY": "key", "XQ_BASE_URI": "xq.example.com/v2/"}):
            xq.API.from_environment().close()
        with mock.patch.dict(os.environ, {"XQ_API_KEY": "two words"}):
            with self.assertRaisesRegex(xq.ConfigurationError, "XQ_API_KEY"):
                xq.API.from_environment()

    def test_tokens_are_kept_and_forgotten(self) -> None:
        with xq.Config() as config:
            config.set_api_key("key")
            api = xq.API(config)
        self.assertIsNone(api.get_access_token())
        api.set_access_token("access")
        api.set_dashboard_token("dashboard")
        self.assertEqual((api.get_access_token(), api.get_dashboard_token()), ("access", "dashboard"))
        with self.assertRaises(xq.InvalidArgumentError):
            api.set_access_token("")
        api.set_access_token(None)
        self.assertIsNone(api.get_access_token())
        api.set_access_token("access")
        api.forget_tokens()
        self.assertEqual((api.get_access_token(), api.get_dashboard_token()), (None, None))
        with self.assertRaises(xq.UnauthorizedError) as raised:
            api.get_packet("locator")
        self.assertEqual(raised.exception.http_status, 0)

    def test_what_is_closed_says_so(self) -> None:
        config = xq.Config()
        config.set_api_key("key")
        with xq.API(config) as api:
            api.close()
            api.close()
            with self.assertRaisesRegex(ValueError, "the API is closed"):
                api.get_packet("locator")
        config.close()
        with self.assertRaisesRegex(xq.InvalidArgumentError, "the configuration is closed"):
            config.set_api_key("key")
        with self.assertRaisesRegex(xq.InvalidArgumentError, "the configuration is closed"):
            xq.API(config)

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork() here")
    def test_a_forked_child_makes_its_own(self) -> None:
        with xq.Config() as config:
            config.set_api_key("key")
            api = xq.API(config)
        # As if a thread were in a call: the child has no such thread to wait for.
        with api._handle.in_use():
            child = os.fork()
            if not child:
                try:
                    api.get_access_token()
                except xq.InvalidArgumentError as error:
                    api.close()
                    os._exit(7 if "fork" in str(error) else 1)
                os._exit(1)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 7)
        self.assertIsNone(api.get_access_token())

    def test_files_are_read(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "klíč")
            path.write_text("\ufefftext\n", encoding="utf-8")
            self.assertEqual(xq.load_file_content(path), "text\n")
            with self.assertRaisesRegex(xq.FileError, "is a directory"):
                xq.load_file_content(directory)

    def test_words(self) -> None:
        self.assertRegex(xq.version(), r"^\d+\.\d+\.\d+")
        major, minor, patch = map(int, xq.version().split("."))
        self.assertEqual(xq.version_number(), (major * 1000 + minor) * 1000 + patch)
        self.assertEqual(xq.features(), xq.Feature.SOCKETS | xq.Feature.TLS | xq.Feature.FILES)
        self.assertEqual(xq.status_name(xq.Status.TIMEOUT), "XQ_TIMEOUT")
        self.assertEqual(xq.status_meaning(xq.Status.TIMEOUT), "a time limit passed")
        self.assertEqual(xq.status_name(-5), "unknown")

    def test_a_secret_is_not_printed(self) -> None:
        self.assertNotIn("k3y", repr(xq.PacketRow("k3y", ["joe@example.com"])))


class Documentation(unittest.TestCase):
    def test_everything_public_has_a_docstring(self) -> None:
        self.assertTrue(xq.__doc__)
        for name in set(xq.__all__) - {"Progress"}:
            thing = getattr(xq, name)
            with self.subTest(name):
                self.assertTrue(thing.__doc__)
            for member, value in inspect.getmembers(thing) if isinstance(thing, type) else []:
                if member[0] != "_" and (callable(value) or isinstance(value, property)):
                    with self.subTest(f"{name}.{member}"):
                        self.assertTrue(value.__doc__)


class Import(unittest.TestCase):
    def python(self, program: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
        )

    def test_no_library(self) -> None:
        result = self.python("import xq", XQ_LIBRARY="/nowhere/libxq.so")
        self.assertIn("ImportError: libxq was not found (/nowhere/libxq.so:", result.stderr)

    @unittest.skipUnless(sys.platform == "linux", "the path is that of Linux")
    def test_another_library(self) -> None:
        result = self.python("import xq", XQ_LIBRARY="libc.so.6")
        self.assertIn("ImportError: libc.so.6 has no xq_version", result.stderr)

    def test_what_is_left_open_at_the_end_does_no_harm(self) -> None:
        result = self.python("import xq; config = xq.Config(); config.set_api_key('key'); api = xq.API(config)")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
