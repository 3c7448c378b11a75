"""Limits of single calls, cancel() and resume(), and what a signal does to a call of the main thread."""

import contextlib
import inspect
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Optional, Union

import xq

from emulator import TestCase

#: Operations that are over at once.
WITHOUT_NETWORK = {
    "cancel",
    "close",
    "resume",
    "get_access_token",
    "set_access_token",
    "get_dashboard_token",
    "set_dashboard_token",
    "forget_tokens",
    "set_logger",
    "token_expiration",
}
#: An argument of each type.
SAMPLES: dict[Any, Any] = {
    str: "text",
    int: 1,
    "Buffer": b"bytes",
    Iterable[str]: ["text"],
    Iterable[xq.PacketRow]: [xq.PacketRow("key", ["joe@example.com"])],
    Union[str, os.PathLike[str]]: "path",
    xq.Service: xq.Service.DASHBOARD,
}
#: Far below the limit of a call, which is 30.
SOON = 5


class Silence:
    """A service that takes requests and never answers."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._connections: list[socket.socket] = []
        self._asked = threading.Semaphore(0)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                threading.Thread(target=self._read, args=[connection], daemon=True).start()

    def _read(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if connection.recv(1):
                self._asked.release()

    def wait_until_asked(self, count: int = 1) -> None:
        for _ in range(count):
            if not self._asked.acquire(timeout=SOON):
                raise AssertionError("there was no request")

    def was_asked(self) -> bool:
        return self._asked.acquire(blocking=False)

    def api(self) -> xq.API:
        with xq.Config() as config:
            config.set_api_key("key")
            config.set_service_url(xq.Service.SUBSCRIPTION, self.url)
            return xq.API(config)

    def close(self) -> None:
        self._listener.close()
        for connection in self._connections:
            connection.close()


class Silent(unittest.TestCase):
    def setUp(self) -> None:
        self.service = Silence()
        self.addCleanup(self.service.close)
        self.api = self.service.api()
        self.addCleanup(self.api.close)
        self.pool = ThreadPoolExecutor()
        self.addCleanup(self.pool.shutdown)
        self.addCleanup(self.end)

    def end(self) -> None:
        """Ends what a failed test leaves under way."""
        with contextlib.suppress(xq.InvalidArgumentError):
            self.api.cancel()

    def assertSoon(self) -> "Soon":
        return Soon(self)


class Soon:
    def __init__(self, test: unittest.TestCase) -> None:
        self._test = test

    def __enter__(self) -> None:
        self._started = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._test.assertLess(time.monotonic() - self._started, SOON)


class Limits(Silent):
    def test_a_call_has_its_own_limit(self) -> None:
        limited = self.api.derive(timeout=0.2)
        self.addCleanup(limited.close)
        calls: list[Callable[[], str]] = [lambda: self.api.validate_api_key(timeout=0.2), limited.validate_api_key]
        for call in calls:
            with self.assertSoon(), self.assertRaisesRegex(xq.TimeoutError, "200 ms") as raised:
                call()
            self.assertEqual(raised.exception.outcome, xq.Outcome.UNKNOWN)
            self.assertEqual((raised.exception.request, raised.exception.operation), (1, "xq_validate_api_key"))
            self.assertTrue(raised.exception.can_retry)

    def test_part_of_a_millisecond_counts(self) -> None:
        with self.assertSoon(), self.assertRaises(xq.TimeoutError):
            self.api.validate_api_key(timeout=1e-9)

    def test_what_cannot_be_a_limit_is_refused(self) -> None:
        for seconds in [0, -1, float("nan"), float("inf"), 5e6]:
            with self.subTest(seconds), self.assertRaises(xq.InvalidArgumentError):
                self.api.derive(timeout=seconds)
        with self.assertRaises(TypeError):
            self.api.validate_api_key(timeout="1")  # type: ignore[arg-type]
        self.assertFalse(self.service.was_asked())

    def test_a_derived_api_shares_tokens_and_is_closed_by_itself(self) -> None:
        self.api.set_access_token("token")
        derived = self.api.derive()
        self.api.close()
        with self.assertRaisesRegex(xq.InvalidArgumentError, "closed"):
            self.api.derive()
        with derived.derive(timeout=1) as again:
            self.assertEqual(again.get_access_token(), "token")
        self.assertEqual(derived.get_access_token(), "token")
        derived.close()

    def test_every_operation_takes_a_limit(self) -> None:
        methods = {name: method for name, method in inspect.getmembers(xq.API, inspect.isfunction) if name[0] != "_"}
        limited = {name for name, method in methods.items() if "timeout" in inspect.signature(method).parameters}
        self.assertEqual(set(methods) - limited, WITHOUT_NETWORK)
        self.assertGreater(len(limited), 50)
        # It is looked at, and by the operation itself.
        for name in limited:
            arguments = [
                SAMPLES[parameter.annotation]
                for parameter in list(inspect.signature(methods[name]).parameters.values())[1:]
                if parameter.default is parameter.empty
            ]
            with self.subTest(name), self.assertRaisesRegex(xq.InvalidArgumentError, "^timeout is -1"):
                getattr(self.api, name)(*arguments, **({"id": 1} if name == "get_usergroup" else {}), timeout=-1)


class Canceling(Silent):
    def here(self, call: Callable[[], object]) -> None:
        call()

    def in_a_thread(self, call: Callable[[], object]) -> None:
        self.pool.submit(call).result()

    def test_cancel_ends_every_call_until_resume(self) -> None:
        derived = self.api.derive()
        calls = [
            self.pool.submit(self.api.validate_api_key),
            self.pool.submit(self.api.validate_api_key, timeout=20),
        ]
        stays = self.pool.submit(derived.validate_api_key)
        self.service.wait_until_asked(3)
        threading.Timer(0.2, self.api.cancel).start()
        with self.assertSoon(), self.assertRaises(xq.CanceledError) as raised:
            self.api.server_time()
        self.assertEqual(raised.exception.outcome, xq.Outcome.UNKNOWN)
        for call in calls:
            self.assertIsInstance(call.exception(SOON), xq.CanceledError)
        self.service.wait_until_asked()
        for timeout in [None, 20]:
            for run in [self.here, self.in_a_thread]:
                with self.assertRaises(xq.CanceledError) as raised:
                    run(lambda: self.api.validate_api_key(timeout=timeout))
                self.assertEqual(raised.exception.outcome, xq.Outcome.NOT_SENT)
        self.assertFalse(self.service.was_asked())
        self.assertFalse(stays.done())
        derived.cancel()
        self.assertIsInstance(stays.exception(SOON), xq.CanceledError)
        self.api.resume()
        with self.assertRaises(xq.TimeoutError):
            self.api.validate_api_key(timeout=0.1)
        derived.close()

    def test_what_close_waits_for_can_be_stopped(self) -> None:
        call = self.pool.submit(self.api.validate_api_key)
        self.service.wait_until_asked()
        closing = self.pool.submit(self.api.close)
        with self.assertRaises(xq.InvalidArgumentError):
            while True:
                self.api.get_access_token()
        self.assertFalse(closing.done())
        self.api.cancel()
        self.assertIsInstance(call.exception(SOON), xq.CanceledError)
        closing.result(SOON)
        with self.assertRaisesRegex(xq.InvalidArgumentError, "closed"):
            self.api.cancel()


@unittest.skipUnless(os.name == "posix", "signals are those of POSIX")
class Signals(Silent):
    def setUp(self) -> None:
        super().setUp()
        # What was started in the background ignores it, and so would what it starts.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)

    def when_asked(self, act: Callable[[], object]) -> None:
        """Does something once there is a request of the main thread, which then waits for the reply."""

        def wait() -> None:
            self.service.wait_until_asked()
            time.sleep(0.1)
            act()

        thread = threading.Thread(target=wait)
        thread.start()
        self.addCleanup(thread.join)

    def interrupt(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    def test_ctrl_c_ends_a_process_at_once(self) -> None:
        program = f"""
import xq
with xq.Config() as config:
    config.set_api_key("key")
    config.set_service_url(xq.Service.SUBSCRIPTION, "{self.service.url}")
    api = xq.API(config)
with api:
    api.validate_api_key()
"""
        with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) as process:
            self.service.wait_until_asked()
            with self.assertSoon():
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate()
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertRegex(errors, r"\nKeyboardInterrupt\n$")

    def test_ctrl_c_ends_the_main_threads_call_alone(self) -> None:
        stays = self.pool.submit(self.api.validate_api_key)
        self.service.wait_until_asked()
        self.when_asked(self.interrupt)
        with self.assertSoon(), self.assertRaises(KeyboardInterrupt):
            self.api.server_time()
        self.assertFalse(stays.done())
        # The API goes on: the next request is sent.
        for timeout in [None, 20]:
            self.when_asked(self.interrupt)
            with self.assertSoon(), self.assertRaises(KeyboardInterrupt):
                self.api.server_time(timeout=timeout)

    def test_ctrl_c_does_not_let_a_stopped_api_go_on(self) -> None:
        def stop(*_: Any) -> None:
            self.api.cancel()
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, stop)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        self.when_asked(self.interrupt)
        with self.assertSoon(), self.assertRaises(KeyboardInterrupt):
            self.api.server_time()
        with self.assertRaises(xq.CanceledError):
            self.api.server_time()

    def test_ctrl_c_while_another_is_seen_to(self) -> None:
        interrupted = self.api._interrupt

        def again() -> None:
            interrupted()
            raise KeyboardInterrupt

        self.when_asked(self.interrupt)
        with unittest.mock.patch.object(self.api, "_interrupt", again):
            with self.assertSoon(), self.assertRaises(KeyboardInterrupt):
                self.api.server_time()
        # The API goes on, and the call that was left is over.
        self.when_asked(self.interrupt)
        with self.assertSoon(), self.assertRaises(KeyboardInterrupt):
            self.api.server_time()
        with self.assertSoon():
            self.api.close()

    def test_a_handler_runs_at_once_and_decides(self) -> None:
        seen: list[float] = []
        before = signal.signal(signal.SIGUSR1, lambda *_: seen.append(time.monotonic()))
        self.addCleanup(signal.signal, signal.SIGUSR1, before)
        self.when_asked(lambda: os.kill(os.getpid(), signal.SIGUSR1))
        with self.assertRaises(xq.TimeoutError):
            self.api.server_time(timeout=2)
        self.assertGreater(time.monotonic() - seen[0], 1)

        signal.signal(signal.SIGUSR1, lambda *_: self.api.cancel())
        self.when_asked(lambda: os.kill(os.getpid(), signal.SIGUSR1))
        with self.assertSoon(), self.assertRaises(xq.CanceledError):
            self.api.server_time()
        self.api.resume()

        def leave(*_: Any) -> None:
            raise SystemExit(3)

        signal.signal(signal.SIGUSR1, leave)
        self.when_asked(lambda: os.kill(os.getpid(), signal.SIGUSR1))
        with self.assertSoon(), self.assertRaises(SystemExit):
            self.api.server_time()

    def test_a_handler_may_make_calls(self) -> None:
        tokens: list[Optional[str]] = []
        self.api.set_access_token("token")

        def ask(*_: Any) -> None:
            tokens.append(self.api.get_access_token())
            with self.assertRaises(xq.TimeoutError):
                self.api.server_time(timeout=0.1)
            self.api.cancel()

        before = signal.signal(signal.SIGUSR1, ask)
        self.addCleanup(signal.signal, signal.SIGUSR1, before)
        self.when_asked(lambda: os.kill(os.getpid(), signal.SIGUSR1))
        with self.assertSoon(), self.assertRaises(xq.CanceledError):
            self.api.server_time()
        self.assertEqual(tokens, ["token"])

    def test_a_forked_child_makes_calls_of_its_own(self) -> None:
        self.api.get_access_token()
        child = os.fork()
        if not child:
            signal.alarm(SOON)
            try:
                self.service.api().validate_api_key(timeout=0.2)
            except xq.TimeoutError:
                os._exit(7)
            os._exit(1)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 7)

    def test_calls_work_while_python_ends(self) -> None:
        program = f"""
import atexit, xq
with xq.Config() as config:
    config.set_api_key("key")
    config.set_service_url(xq.Service.SUBSCRIPTION, "{self.service.url}")
    api = xq.API(config)
class Last:
    # The API may be closed by then, as what nobody needs any more.
    def call(self, api=api, late=(xq.TimeoutError, xq.InvalidArgumentError), print=print):
        try:
            api.validate_api_key(timeout=0.2)
        except late:
            print("late")
    __del__ = call
last = Last()
atexit.register(Last.call, None)
"""
        command = [sys.executable, "-c", program]
        result = subprocess.run(command, capture_output=True, text=True, timeout=SOON)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, "late\nlate\n")


class Callbacks(TestCase):
    def test_they_run_in_the_thread_of_the_call(self) -> None:
        threads: list[threading.Thread] = []
        api = self.emulator.signed_in("jane@example.com")
        api.set_logger(lambda *_: threads.append(threading.current_thread()))

        def progress(done: int, total: int) -> None:
            threads.append(threading.current_thread())
            if not done:
                # A call inside of a call.
                api.server_time()

        with tempfile.TemporaryDirectory() as directory:
            ways: list[tuple[str, Callable[[Callable[[], object]], object]]] = [
                ("main", lambda call: call()),
                ("other", self.in_a_thread),
            ]
            for name, run in ways:
                path = Path(directory, name)
                path.write_bytes(b"text")
                run(lambda: api.encrypt_file(path, path.with_suffix(".xq"), ["joe@example.com"], progress=progress))
                run(lambda: api.server_time(timeout=20))
                with self.subTest(name):
                    self.assertGreater(len(threads), 4)
                    self.assertEqual({thread is threading.main_thread() for thread in threads}, {name == "main"})
                threads.clear()

    def in_a_thread(self, call: Callable[[], object]) -> None:
        with ThreadPoolExecutor() as pool:
            pool.submit(call).result()

    def test_what_progress_raises_comes_out(self) -> None:
        api = self.emulator.signed_in("jane@example.com")

        def progress(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "file")
            path.write_bytes(b"text")
            with self.assertRaises(KeyboardInterrupt):
                api.encrypt_file(path, path.with_suffix(".xq"), ["joe@example.com"], progress=progress)
        api.server_time()

    def test_an_error_tells_which_request_it_was(self) -> None:
        lines: list[str] = []
        api = self.emulator.api()
        api.set_logger(lambda _, line: lines.append(line))
        api.server_time(timeout=20)
        self.assertEqual(len(lines), 1)
        api.server_time()
        self.emulator.fault("subscription/time", {"reply": {"status": 404}})
        with self.assertRaises(xq.RejectedError) as raised:
            api.server_time()
        error: xq.Error = raised.exception
        self.assertEqual((error.outcome, error.request, error.operation), (xq.Outcome.REFUSED, 2, "xq_server_time"))
        self.assertRegex(lines[-1], "^#2 xq_server_time: ")
        with self.assertRaises(xq.InvalidArgumentError) as refused:
            api.set_access_token("two words")
        error = refused.exception
        self.assertEqual((error.outcome, error.request, error.operation), (xq.Outcome.NOT_SENT, 0, ""))
