"""An emulator for the tests: a process, which ends with them. ../test.sh runs them."""

import json
import os
import shlex
import subprocess
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path
from typing import Any

import xq

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", Path(__file__).parents[3] / "target"))
PROGRAM = os.environ.get("XQ_EMULATOR", str(TARGET / "debug" / "xq-emulator"))


class Emulator:
    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self.certificates = Path(self._directory.name, "device")
        file = Path(self._directory.name, "xq.env")
        self._process = subprocess.Popen(
            [PROGRAM, "--env-file", file, "--device-cert", self.certificates], stdout=subprocess.DEVNULL
        )
        while not file.exists():
            if self._process.poll() is not None:
                raise RuntimeError(f"the emulator has stopped with {self._process.returncode}")
            time.sleep(0.05)
        words = (line.removeprefix("export ") for line in shlex.split(file.read_text()) if line != "export")
        self.environment = dict(word.split("=", 1) for word in words)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._directory.cleanup()

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """Asks the admin address; see tests/emulator/README.md."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.environment['XQ_EMULATOR_ADMIN']}/{path}", data, method=method)
        # No proxy that the environment may name.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as reply:
            text = reply.read()
        return json.loads(text) if text else None

    def fault(self, on: str, do: Any, count: int = 1) -> None:
        self.admin("POST", "faults", {"on": on, "do": do, "count": count})

    def config(self) -> xq.Config:
        """A configuration for this emulator, without looking at the environment of the test."""
        config = xq.Config()
        config.set_api_key(self.environment["XQ_API_KEY"])
        config.set_dashboard_api_key(self.environment["XQ_DASHBOARD_API_KEY"])
        config.set_locator_key(self.environment["XQ_LOCATOR_KEY"])
        for service in xq.Service:
            config.set_service_url(service, self.environment[f"XQ_{service.name}_URL"])
        return config

    def api(self) -> xq.API:
        with self.config() as config:
            return xq.API(config)

    def pin(self, user: str) -> str:
        return str(self.admin("GET", f"mail?user={user}")[-1]["pin"])

    def signed_in(self, user: str) -> xq.API:
        api = self.api()
        api.authorize_user(user)
        api.code_validate(self.pin(user))
        api.exchange_key()
        return api


class TestCase(unittest.TestCase):
    """A test with an emulator of its class."""

    emulator: Emulator

    @classmethod
    def setUpClass(cls) -> None:
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)

    def tearDown(self) -> None:
        self.emulator.admin("DELETE", "faults")
