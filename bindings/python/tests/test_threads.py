"""One API, many threads."""

import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import xq

from emulator import TestCase


class Gate:
    """A service in this process that answers one request, and only when it is let."""

    def __init__(self) -> None:
        self.asked, self.let = asked, let = threading.Event(), threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.set()
                let.wait()
                self.send_response(200)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.handle_request, daemon=True)
        self._thread.start()

    def api(self) -> xq.API:
        with xq.Config() as config:
            config.set_api_key("key")
            config.set_service_url(xq.Service.SUBSCRIPTION, f"http://127.0.0.1:{self._server.server_port}")
            return xq.API(config)

    def close(self) -> None:
        self.let.set()
        self._thread.join()
        self._server.server_close()


class UnderWay(unittest.TestCase):
    def setUp(self) -> None:
        self.gate = Gate()
        self.addCleanup(self.gate.close)

    def test_a_call_lets_other_threads_run(self) -> None:
        # The service is a thread of this process: it answers only if the call does not hold the interpreter's lock.
        with self.gate.api() as api, ThreadPoolExecutor() as pool:
            call = pool.submit(api.validate_api_key)
            self.gate.asked.wait()
            self.gate.let.set()
            self.assertEqual(call.result(), "{}")

    def test_close_waits_for_calls_under_way(self) -> None:
        api = self.gate.api()
        with ThreadPoolExecutor() as pool:
            call = pool.submit(api.validate_api_key)
            self.gate.asked.wait()
            closed = [threading.Thread(target=api.close) for _ in range(2)]
            for thread in closed:
                thread.start()
            # Once closing has begun, nothing more may begin.
            with self.assertRaisesRegex(xq.InvalidArgumentError, "the API is closed"):
                while True:
                    api.get_access_token()
            # A close that does not wait would be over in this time.
            closed[0].join(0.5)
            self.assertEqual([thread.is_alive() for thread in closed], [True, True])
            self.gate.let.set()
            self.assertEqual(call.result(), "{}")
            for thread in closed:
                thread.join()


class Threads(TestCase):
    def test_many_threads_share_an_api(self) -> None:
        def round_trip(number: int) -> bool:
            key = f"key {number}"
            return api.get_packet(api.create_and_store_packet(key, ["joe@example.com"])) == key

        with self.emulator.signed_in("jane@example.com") as api, ThreadPoolExecutor(16) as pool:
            self.assertTrue(all(pool.map(round_trip, range(200))))

    def test_each_call_has_the_error_of_its_own(self) -> None:
        def fail(number: int) -> int:
            try:
                api.get_packet(f"locator-{number}") if number % 2 else api.set_access_token("two words")
            except xq.Error as error:
                return error.status
            return xq.Status.OK

        with self.emulator.signed_in("jane@example.com") as api, ThreadPoolExecutor(16) as pool:
            expected = [xq.Status.REJECTED if number % 2 else xq.Status.INVALID_ARGUMENT for number in range(200)]
            self.assertEqual(list(pool.map(fail, range(200))), expected)
