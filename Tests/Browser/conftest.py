"""One Waymark for the whole run, and visitors with a browser that notices every other host, cookie and script error."""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from stub_host import StubHost

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("WAYMARK_PROGRAM", ROOT / ".build/debug/waymark"))
CHROMIUM = "/usr/bin/chromium"


def pytest_collection_modifyitems(items):
    """The log is read when everybody else has been there."""
    items.sort(key=lambda item: item.path.name == "test_the_log_tells_nothing.py")


def environment(data, **more):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_") and name != "PORT"}
    return plain | {"WAYMARK_DATA": str(data), "WAYMARK_REGION": str(ROOT / "Data/bc"), "PORT": "0",
                    "SWIFT_BACKTRACE": "enable=no"} | more


def run(*words, data, **more):
    """A command of the program: its exit code and what it wrote."""
    return subprocess.run([PROGRAM, *words], env=environment(data, **more), cwd=ROOT, capture_output=True, text=True,
                          timeout=60)


def until(question, seconds=10):
    """Seconds until the question is answered with yes."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if question():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} seconds")


class Server:
    """`waymark serve` on a free port of its own, ended by its own process id."""

    def __init__(self, data, **settings):
        self.data = Path(data)
        self._log = tempfile.NamedTemporaryFile("w+", prefix="waymark-log-")
        self.process = subprocess.Popen([PROGRAM, "serve"], env=environment(data, **settings), cwd=ROOT, stderr=self._log,
                                        stdout=subprocess.DEVNULL)
        self.url = self._wait()
        self.port = urlsplit(self.url).port

    def _wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self.log().splitlines():
                if line.startswith("Waymark answers on http://"):
                    return line.split()[-1].rstrip("/")
            time.sleep(0.05)
        raise AssertionError(f"the server did not start: {self.log()}")

    def log(self):
        return Path(self._log.name).read_text()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("data"))
    yield server
    assert server.process.poll() is None, f"the server ended during the tests: {server.log()[-2000:]}"
    server.stop()


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory):
    """The weather page and the page a visit began on; no other host has an address."""
    with StubHost(tmp_path_factory.mktemp("stub")) as host:
        yield host


@pytest.fixture(scope="session")
def chromium(elsewhere):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-dev-shm-usage",
            f"--host-resolver-rules=MAP weather.gc.ca 127.0.0.1:{elsewhere.port}, "
            f"MAP start.example 127.0.0.1:{elsewhere.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, server):
    """Opens a browser of its own for a visitor: visit("/en/", script=False, width=320)."""
    contexts, faults = [], []

    def open_page(path=None, *, script=True, width=1280, height=900, dark=False, may_leave=False, **more):
        context = chromium.new_context(
            base_url=server.url, java_script_enabled=script, viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light", locale="en-CA", ignore_https_errors=True, **more)
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda line: note_console(line, faults))
        page.on("request", lambda request: note_host(request, server, may_leave, faults))
        if path is not None:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        faults.extend(f"cookie {cookie['name']}" for cookie in context.cookies())
        context.close()
    assert not faults, faults


def note_console(line, faults):
    if line.type == "error" and "Failed to load resource" not in line.text:
        faults.append(f"console: {line.text}")


def note_host(request, server, may_leave, faults):
    if not may_leave and not request.url.startswith((server.url + "/", "data:", "about:")):
        faults.append(f"request to another host: {request.url}")
