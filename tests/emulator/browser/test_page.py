"""The page in a real browser: Chromium without a window, driven by selenium.

    EMULATOR=path/to/xq-emulator python3 -m unittest discover tests/emulator/browser

Needs Debian's chromium and chromium-driver, and selenium. Where one is missing the test is skipped and says so; with CI set
that is a failure.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

MISSING = [tool for tool in ("chromium", "chromedriver") if not shutil.which(tool)]
try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select, WebDriverWait
except ImportError:
    MISSING.append("selenium")
if MISSING and os.environ.get("CI"):
    raise RuntimeError(f"missing: {', '.join(MISSING)}")


class Emulator:
    """xq-emulator, as its users start it."""

    def __init__(self, *arguments):
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name, "env")
        command = [os.environ["EMULATOR"], "--env-file", str(file), *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not file.exists():
            assert self.process.poll() is None, "the emulator has ended"
            time.sleep(0.05)
        self.env = dict(re.findall(r"export (\w+)='([^']*)'", file.read_text()))
        self.origin = self.env["XQ_EMULATOR_ADMIN"].removesuffix("/admin")

    def call(self, method, path, body=None, **headers):
        """A call of a program's: its status and text."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data, {"api-key": "general-key", **headers}, method=method)
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as reply:
            return reply.code, reply.read().decode()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


@unittest.skipIf(MISSING, f"missing: {', '.join(MISSING)}")
class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        options = Options()
        options.binary_location = shutil.which("chromium")
        # A container has neither a user for the sandbox nor much shared memory.
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server"):
            options.add_argument(argument)
        cls.browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        cls.browser.set_script_timeout(20)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()

    def setUp(self):
        self.emulator = Emulator()
        self.addCleanup(self.emulator.stop)
        self.browser.get(self.emulator.origin + "/")

    def see(self, place, words):
        """Waits for words in a part of the page, without a reload; gives the part's text."""
        shown = lambda browser: words in browser.find_element(By.ID, place).text
        WebDriverWait(self.browser, 20).until(shown, f"{words!r} is not in {place}")
        return self.browser.find_element(By.ID, place).text

    def test_somebody_signs_in_with_the_pin_on_the_page(self):
        user = {"user": "jane@example.com"}
        token = self.emulator.call("POST", "/subscription/v2/authorize", user)[1]
        pin = re.search(r"\b\d{6}\b", self.see("mail", "jane@example.com")).group()
        bearer = f"Bearer {token}"
        status, _ = self.emulator.call("GET", f"/subscription/v2/codevalidation?pin={pin}", authorization=bearer)
        self.assertIn(status, (200, 204))
        self.assertEqual(self.emulator.call("GET", "/subscription/v2/exchange", authorization=bearer)[0], 200)
        self.see("subscribers", "jane@example.com")
        self.see("requests", "exchange")
        self.assertNotIn(pin, self.see("requests", "codevalidation"))

    def test_a_fault_is_switched_on_met_and_switched_off(self):
        self.see("faults", "none")
        where = self.browser.find_element(By.ID, "on")
        where.clear()
        where.send_keys("subscription/apikey")
        Select(self.browser.find_element(By.ID, "what")).select_by_visible_text("status 503")
        self.browser.find_element(By.ID, "switch-on").click()
        self.see("faults", "subscription/apikey")
        self.assertEqual(self.emulator.call("GET", "/subscription/v2/apikey")[0], 503)
        self.assertIn("503", self.see("requests", "apikey"))
        self.browser.find_element(By.ID, "switch-off").click()
        self.see("faults", "none")
        self.assertEqual(self.emulator.call("GET", "/subscription/v2/apikey")[0], 200)
        where.clear()
        where.send_keys("nowhere/*")
        self.browser.find_element(By.ID, "switch-on").click()
        self.see("told", "names no service")

    def test_what_somebody_sent_is_text(self):
        name = "<img src=x onerror=document.title='bad'>"
        self.emulator.call("POST", "/subscription/v2/authorizealias", {"user": "a", "firstName": name, "lastName": ""})
        self.see("subscribers", name)
        self.assertEqual(self.browser.title, "xq-emulator")

    def test_it_fits_on_a_phone(self):
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True},
        )
        self.addCleanup(self.browser.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        self.see("mail", "none")
        width = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        needed, there = self.browser.execute_script(width)
        self.assertLessEqual(needed, there)

    def fetch(self, url, options):
        """What fetch gives to the page that is open: status and text, or the error."""
        script = """
            const [url, options, done] = arguments
            fetch(url, options).then(async reply => done([reply.status, await reply.text()])).catch(error => done(['failed', String(error)]))
        """
        return self.browser.execute_async_script(script, url, options)

    def test_a_page_of_another_origin_may_call_the_services_and_nothing_else(self):
        other = Emulator()
        self.addCleanup(other.stop)
        self.browser.get(other.origin + "/")
        # The page itself allows no other address; a program's own page has no such rule.
        self.browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        self.addCleanup(self.browser.execute_cdp_cmd, "Page.setBypassCSP", {"enabled": False})
        self.browser.get(other.origin + "/")
        headers = {"api-key": "general-key", "content-type": "application/json"}
        services = self.emulator.origin + "/subscription/v2/"
        alias = {"method": "POST", "headers": headers, "body": json.dumps({"user": "a", "firstName": "", "lastName": ""})}
        status, token = self.fetch(services + "authorizealias", alias)
        self.assertEqual(status, 200, token)
        bearer = {"headers": {**headers, "authorization": f"Bearer {token}"}}
        self.assertEqual(self.fetch(services + "subscriber", bearer)[0], 200)
        # A refusal can be read too.
        status, words = self.fetch(services + "apikey", {"headers": {"api-key": "wrong"}})
        self.assertEqual(status, 401)
        self.assertIn("API key", words)
        for path in ("/admin/mail", "/admin/faults", "/"):
            self.assertEqual(self.fetch(self.emulator.origin + path, {})[0], "failed", path)


if __name__ == "__main__":
    unittest.main()
