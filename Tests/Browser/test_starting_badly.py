"""An operator starts Waymark where it cannot run: one sentence, an exit code, nothing harmed."""

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from urllib.request import urlopen

import pytest

from conftest import Server, run


def expect_one_sentence(done, *words):
    assert done.returncode not in (0, -4, -5, -6, -11), done
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert re.match(r"^waymark: .*[.]$", lines[0]), lines
    assert not re.search(r"Error|Domain|0x|SQLite error|\.swift|Optional", lines[0]), lines
    for word in words:
        assert word in lines[0], lines


@pytest.fixture
def made(tmp_path):
    """A data folder as the first start leaves it."""
    folder = tmp_path / "data"
    assert run("doctor", data=folder).returncode == 0
    return folder


def test_a_port_in_use(server, tmp_path):
    done = run("serve", data=tmp_path / "data", PORT=str(server.port))
    done.stderr = "\n".join(line for line in done.stderr.splitlines()
                            if not line.startswith(("Schema steps taken", "Loaded ")))
    expect_one_sentence(done, str(server.port))


def test_a_data_folder_that_cannot_be_made():
    expect_one_sentence(run("serve", data="/proc/waymark"), "/proc/waymark")


def test_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("not a folder")
    expect_one_sentence(run("serve", data=tmp_path / "data"))


@contextlib.contextmanager
def mounted(folder, kind, options):
    """A small file system for this test alone; skipped where nobody may mount."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", kind, "-o", options, kind, folder], capture_output=True)
    if done.returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_data_folder_that_is_read_only(made, tmp_path):
    with mounted(tmp_path / "fixed", "tmpfs", "size=20m"):
        shutil.copytree(made, tmp_path / "fixed", dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", tmp_path / "fixed"], check=True)
        expect_one_sentence(run("serve", data=tmp_path / "fixed"), "read-only")


def test_a_data_folder_that_is_empty_and_read_only(tmp_path):
    with mounted(tmp_path / "fixed", "tmpfs", "size=1m,ro"):
        expect_one_sentence(run("serve", data=tmp_path / "fixed"), "read-only")


@pytest.mark.parametrize("size", ["64k", "400k", "1200k", "2m"])
def test_a_disk_that_is_full_on_the_first_start(tmp_path, size):
    with mounted(tmp_path / "small", "tmpfs", f"size={size}"):
        done = run("doctor", data=tmp_path / "small")
        if done.returncode == 0:
            return
        done.stderr = "\n".join(line for line in done.stderr.splitlines() if not line.startswith("Schema steps taken"))
        expect_one_sentence(done, "full")


def test_a_database_file_that_is_something_else(tmp_path):
    (tmp_path / "waymark.sqlite").write_bytes(b"This is a shopping list, not a database.\n" * 200)
    before = (tmp_path / "waymark.sqlite").read_bytes()
    expect_one_sentence(run("serve", data=tmp_path), "waymark.sqlite")
    assert (tmp_path / "waymark.sqlite").read_bytes() == before


def test_a_database_file_with_a_broken_middle(made):
    file = made / "waymark.sqlite"
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bytes_ = bytearray(file.read_bytes())
    bytes_[4096:-4096] = os.urandom(len(bytes_) - 8192)
    file.write_bytes(bytes_)
    for left in made.glob("*.sqlite-*"):
        left.unlink()
    expect_one_sentence(run("serve", data=made))


def test_a_database_of_a_newer_waymark(made):
    with sqlite3.connect(made / "waymark.sqlite") as database:
        database.execute("INSERT INTO migration (name, digest, taken_at) VALUES ('directory-9999', 'x', 0)")
    expect_one_sentence(run("serve", data=made), "newer", "directory-9999")


def test_a_database_of_a_changed_step(made):
    with sqlite3.connect(made / "waymark.sqlite") as database:
        database.execute("UPDATE migration SET digest = 'x' WHERE name = 'directory-0001'")
    expect_one_sentence(run("serve", data=made), "directory-0001")


def test_a_broken_search_file_is_made_anew(made):
    (made / "search.index").write_bytes(os.urandom(5000))
    server = Server(made)
    try:
        with urlopen(f"{server.url}/en/find.json?q=food") as answer:
            assert json.load(answer)["total_items"] > 0
    finally:
        server.stop()


@pytest.mark.parametrize("port", ["http", "-1", "65536", ""])
def test_a_port_that_is_none(tmp_path, port):
    done = run("serve", data=tmp_path, PORT=port)
    expect_one_sentence(done, "PORT")


@pytest.mark.parametrize("words", [
    ("service", "show", "not-an-id"), ("service", "show", "00000000-0000-4000-8000-000000000000"),
    ("record", "list", "--kind", "nothing")])
def test_a_record_that_is_not_there(made, words):
    done = run(*words, data=made)
    assert done.returncode != 0 and done.stderr.strip() and "Error Domain" not in done.stderr
