"""A browser, driven by chromedriver over WebDriver (https://www.w3.org/TR/webdriver2/) with the standard library alone.

JavaScript is off in it: the pages must do without. What a test asks of a page it asks through WebDriver."""

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Browser:
    def __init__(self, language="en", size=(1280, 800), dark=False):
        self.profile = tempfile.mkdtemp(prefix="lyceum-browser-")
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                self._call("GET", "/status")
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={self.profile}", f"--lang={language}", f"--window-size={size[0]},{size[1]}",
        ]
        options = {
            "args": arguments,
            "prefs": {
                "intl.accept_languages": language,
                "profile.managed_default_content_settings.javascript": 2,
                "credentials_enable_service": False,
            },
        }
        binary = shutil.which("chromium") or shutil.which("chromium-browser")
        if binary:
            options["binary"] = binary
        answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.session = f"/session/{answer['sessionId']}"
        # Elements of a page that is still on its way are waited for.
        self._call("POST", f"{self.session}/timeouts", {"implicit": 30000})
        # A window is never as narrow as a phone, nor is its page as high as the window.
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 500}
        self._control("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._control("Emulation.setEmulatedMedia", {"features": [scheme]})

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.base + path, data=data, method=method, headers={"content-type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()[:500]}") from None

    def _control(self, command, parameters):
        self._call("POST", f"{self.session}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url):
        self._call("POST", f"{self.session}/url", {"url": url})

    def address(self):
        return self._call("GET", f"{self.session}/url")

    def source(self):
        return self._call("GET", f"{self.session}/source")

    def cookies(self):
        return self._call("GET", f"{self.session}/cookie")

    def find(self, css):
        found = self._call("POST", f"{self.session}/element", {"using": "css selector", "value": css})
        return f"{self.session}/element/{found[ELEMENT]}"

    def text(self, css="body"):
        return self._call("GET", f"{self.find(css)}/text")

    def expect(self, css, *parts):
        """Waits until all of it is shown there: the page may still be on its way."""
        deadline = time.monotonic() + 60
        while True:
            try:
                shown = self.text(css)
                if all(part in shown for part in parts):
                    return
            except AssertionError as error:
                # The element went with the page before.
                shown = str(error)
            assert time.monotonic() < deadline, f"{parts} are not in: {shown}"
            time.sleep(0.1)

    def style(self, css, name):
        return self._call("GET", f"{self.find(css)}/css/{name}")

    def type(self, css, text):
        self._call("POST", f"{self.find(css)}/value", {"text": text})

    def click(self, css):
        self._call("POST", f"{self.find(css)}/click", {})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", f"{self.session}/screenshot")))

    def close(self):
        try:
            self._call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(timeout=30)
            shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
