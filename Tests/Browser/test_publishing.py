"""The site as plain files: any web server carries them, a stick opens from a disk, and forms have a way on."""

import base64
import fcntl
import functools
import http.server
import os
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from conftest import PROGRAM, ROOT, environment, run


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def site(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published") / "site"
    done = run("publish", str(folder), "--address", "https://help.example", data=data)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def plain_server(site):
    """Python's own server: no rules, no program behind it."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def other_pages(chromium, base=None, **more):
    context = chromium.new_context(base_url=base, locale="en-CA", **more)
    context.set_default_timeout(8000)
    return context


def test_any_web_server_carries_the_site(plain_server, chromium):
    context = other_pages(chromium, plain_server)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/")
    page.click("text=English")
    page.click("footer >> text=About this site")
    assert page.title() and page.locator("h1").inner_text()
    page.goto("/en/map")
    assert page.locator("tr[data-lat]").count() > 5
    page.goto("/fr/data")
    with urllib.request.urlopen(plain_server + "/data/services.json") as reply:
        assert reply.headers["Content-Type"] == "application/json" and reply.read(1) in (b"{", b"[")
    assert not faults
    context.close()


def test_a_search_without_a_program_leads_to_the_lists(plain_server, chromium):
    context = other_pages(chromium, plain_server)
    page = context.new_page()
    page.goto("/en/")
    page.fill("#q", "housing")
    page.click("#search button")
    page.wait_for_url("**/en/lists/")
    assert "Lists" in page.locator("h1").inner_text()
    context.close()


@pytest.mark.parametrize("language, word", [("en", "housing"), ("fr", "logement")])
def test_a_stick_opens_from_a_disk_and_is_searched_and_printed(site, chromium, language, word, tmp_path):
    context = other_pages(chromium, viewport={"width": 320, "height": 640})
    page = context.new_page()
    faults, asked = [], []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{site}/{language}/stick/index.html")
    page.click("text=Metro Vancouver")
    everything = page.locator("[data-item]:visible").count()
    assert everything > 10
    page.fill("#filter", word)
    assert 0 < page.locator("[data-item]:visible").count() < everything
    page.fill("#filter", "zzzz")
    assert page.locator("[data-item]:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.fill("#filter", "")
    paper = page.pdf(path=tmp_path / "list.pdf", format="Letter")
    assert paper.startswith(b"%PDF") and len(paper) > 5000
    assert not faults and all(url.startswith(("file:", "data:")) for url in asked), (faults, asked)
    context.close()


def test_a_stick_without_script_is_a_list_by_place(site, chromium):
    context = other_pages(chromium, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{site}/en/stick/cariboo.html")
    assert page.locator("section h2").count() >= 2 and page.locator("[data-item]:visible").count() > 5
    assert not page.locator("#filter").is_visible()
    context.close()


def test_openssl_and_sha256sum_check_the_site(site, tmp_path):
    signature = tmp_path / "signature"
    signature.write_bytes(base64.b64decode((site / "waymark.sig").read_text()))
    checked = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", site / "waymark.pem", "-rawin", "-in",
                              site / "waymark.json", "-sigfile", signature], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    summed = subprocess.run(["sha256sum", "-c", "--quiet", "waymark.sha256"], cwd=site, capture_output=True, text=True)
    assert summed.returncode == 0, summed.stdout


def test_the_key_is_for_its_user_alone(site, data):
    assert (Path(data) / "publish.key").stat().st_mode & 0o777 == 0o600


def test_a_folder_of_somebody_else_is_refused(data, tmp_path):
    (tmp_path / "letter").write_text("mine")
    done = run("publish", str(tmp_path), data=data)
    assert done.returncode == 1 and "holds other files" in done.stderr and done.stderr.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["letter"]


def is_held(folder):
    if not folder.exists():
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)


def begun(folder, data):
    """A publishing of all files, when it holds the folder."""
    process = subprocess.Popen([PROGRAM, "publish", str(folder), "--anew"], env=environment(data), cwd=ROOT,
                               stderr=subprocess.DEVNULL)
    while process.poll() is None and not is_held(folder):
        time.sleep(0.005)
    return process


def test_a_second_publish_at_once_is_refused(data, tmp_path):
    first = begun(tmp_path / "site", data)
    first.send_signal(signal.SIGSTOP)
    second = run("publish", str(tmp_path / "site"), data=data)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 1 and "Another publish" in second.stderr, second.stderr
    assert first.wait() == 0


def test_killed_in_the_middle_the_next_run_makes_all_good(data, tmp_path):
    """`kill -9` at moments all over a run."""
    folder, killed = tmp_path / "site", 0
    for wait in (0.2, 0.5, 0.9, 1.4, 2.0, 2.8):
        first = begun(folder, data)
        time.sleep(wait)
        first.kill()
        killed += first.wait() != 0
    assert killed >= 3
    done = run("publish", str(folder), data=data)
    assert done.returncode == 0, done.stderr
    checked = run("validate", str(folder), data=data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert not list(folder.glob(".part*"))


def test_a_full_disk_is_said_in_one_sentence(data, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (f"mount -t tmpfs -o size=3m none {disk} && {PROGRAM} publish {disk}/site; code=$?; "
              f"find {disk} -name '.part*'; exit $code")
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], env=environment(data) | {"PATH": "/usr/bin:/bin"}, cwd=ROOT,
                          capture_output=True, text=True, timeout=60)
    if "Operation not permitted" in done.stderr or "unshare" in done.stderr:
        pytest.skip("this user may not mount")
    assert done.returncode == 1 and "The disk is full" in done.stderr, done.stderr
    assert done.stdout == "" and "Fatal" not in done.stderr


def test_a_changed_file_is_named(site, data, tmp_path):
    folder = tmp_path / "copy"
    subprocess.run(["cp", "-r", site, folder], check=True)
    (folder / "en/privacy/index.html").write_text("other")
    done = run("validate", str(folder), data=data)
    assert done.returncode == 1 and done.stdout == "en/privacy/index.html is not as it was published.\n"
    (folder / "waymark.sig").unlink()
    assert run("validate", str(folder), data=data).returncode == 2
