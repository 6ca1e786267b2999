"""The drill: a node under writes is backed up, and an empty machine gets its records back, on either database."""

import datetime
import json
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest

from conftest import PROGRAM, ROOT, Server, environment, run, until
from test_on_postgresql import Postgres


@pytest.fixture(scope="module")
def postgres():
    postgres = Postgres()
    yield postgres
    postgres.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path):
    """Makes places for a database: what a command or a server needs to use it."""
    def make(name):
        if request.param == "sqlite":
            return {}
        return {"WAYMARK_DATABASE": request.getfixturevalue("postgres").schema()}

    make.kind = request.param
    return make


@pytest.fixture
def key(tmp_path):
    return tmp_path / "usb-stick" / "waymark.key"


def with_key(data, key):
    key.parent.mkdir(exist_ok=True)
    made = run("backup", "--new-key", str(key), data=data)
    assert made.returncode == 0, made.stderr


class Writer(threading.Thread):
    """Changes one field again and again, and remembers what was acknowledged when."""

    def __init__(self, data, service, settings):
        super().__init__()
        self.data, self.service, self.settings, self.ended, self.kept = data, service, settings, False, []

    def run(self):
        number = 0
        while not self.ended:
            number += 1
            done = run("service", "edit", self.service, "wait_time", f"{number} days", "--source", "drill", data=self.data,
                       **self.settings)
            if done.returncode == 0:
                self.kept.append(number)


def first_service(data, settings):
    return run("service", "list", data=data, **settings).stdout.split()[0]


def wait_time(data, service, settings):
    shown = run("service", "show", service, data=data, **settings).stdout
    return int(re.search(r"^ *wait_time: (\d+) days", shown, re.M).group(1))


def test_a_node_under_writes_is_backed_up_and_comes_back_on_an_empty_machine(place, tmp_path, key):
    old, new, safe = tmp_path / "old", tmp_path / "new", tmp_path / "safe"
    safe.mkdir()
    here, there = place("here"), place("there")
    server = Server(old, **here)
    writer = None
    try:
        with_key(old, key)
        service = first_service(old, here)
        writer = Writer(old, service, here)
        writer.start()
        while len(writer.kept) < 2:
            time.sleep(0.05)
        before = writer.kept[-1]
        made = run("backup", str(safe), "--json", data=old, **here)
        after = writer.kept[-1] + 1
        assert made.returncode == 0, made.stderr
        while writer.kept[-1] <= after:
            time.sleep(0.05)
    finally:
        if writer:
            writer.ended = True
            writer.join()
        server.stop()

    report = json.loads(made.stdout)
    file = Path(report["file"])
    assert [file] == list(safe.iterdir()) and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert report["tables"]["service"] > 90 and report["bytes"] > 500_000
    assert b"SQLite format" not in file.read_bytes() and b"days" not in file.read_bytes()
    assert not list(old.glob("*.part.sqlite*"))

    restored = run("restore", str(file), "--key", str(key), "--json", data=new, **there)
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["tables"] == report["tables"]
    checked = run("check", data=new, **there)
    assert checked.returncode == 0, checked.stdout
    # All of one moment: what was acknowledged before is there, and nothing from after.
    assert before <= wait_time(new, service, there) <= after
    assert stat.S_IMODE(new.stat().st_mode) == 0o700 and not list(new.glob("*.part.sqlite*"))
    again = Server(new, **there)
    try:
        found = subprocess.run(["curl", "-sf", f"{again.url}/hsds/services/{service}"], capture_output=True, text=True)
        assert json.loads(found.stdout)["wait_time"] == f"{wait_time(new, service, there)} days"
    finally:
        again.stop()

    refused = run("restore", str(file), "--key", str(key), data=old, **here)
    assert refused.returncode == 1 and "holds other records" in refused.stderr


def test_a_backup_of_one_database_comes_back_on_the_other(postgres, tmp_path, key):
    file_node, other = tmp_path / "file", {"WAYMARK_DATABASE": postgres.schema()}
    run("doctor", data=file_node)
    with_key(file_node, key)
    made = run("backup", str(tmp_path / "one.backup"), data=file_node)
    assert made.returncode == 0, made.stderr
    restored = run("restore", str(tmp_path / "one.backup"), "--key", str(key), data=tmp_path / "new", **other)
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout == made.stdout
    shutil.copy(file_node / "backup-key.pub", tmp_path / "new/backup-key.pub")
    made = run("backup", str(tmp_path / "two.backup"), data=tmp_path / "new", **other)
    back = run("restore", str(tmp_path / "two.backup"), "--key", str(key), data=tmp_path / "back")
    assert back.returncode == 0 and back.stdout == made.stdout
    assert run("check", data=tmp_path / "back").returncode == 0


def test_backups_of_one_second_into_one_folder_all_stay(tmp_path, key):
    data, safe = tmp_path / "data", tmp_path / "safe"
    safe.mkdir()
    run("doctor", data=data)
    with_key(data, key)
    for second in range(600):
        moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=second)
        (safe / f"waymark-{moment:%Y-%m-%dT%H%M%SZ}.backup").touch()
    made = [run("backup", str(safe), data=data) for _ in range(2)]
    assert [one.returncode for one in made] == [0, 0], made
    whole = sorted(file.name[-9:] for file in safe.iterdir() if file.stat().st_size)
    assert whole in (["-2.backup", "-2.backup"], ["-2.backup", "-3.backup"]), whole


def test_bad_files_keys_and_places_are_refused_in_one_sentence(tmp_path, key):
    data, file = tmp_path / "data", tmp_path / "a.backup"
    run("doctor", data=data)
    none = run("backup", str(file), data=data)
    assert none.returncode == 1 and "waymark backup --new-key FILE" in none.stderr
    with_key(data, key)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "There is a backup key already" in run("backup", "--new-key", str(tmp_path / "b.key"), data=data).stderr
    assert not (tmp_path / "b.key").exists()
    assert run("backup", str(file), data=data).returncode == 0
    assert "is there already" in run("backup", str(file), data=data).stderr
    assert not list(tmp_path.glob(".*.part"))
    assert "does not exist" in run("backup", str(tmp_path / "none/x"), data=data).stderr
    assert run("backup", data=data).returncode == 64

    def refusal(file, key, name):
        done = run("restore", str(file), "--key", str(key), data=tmp_path / name)
        assert done.returncode == 1 and done.stderr.count("\n") == 1
        assert not (tmp_path / name / "waymark.sqlite").exists()
        assert not list((tmp_path / name).glob("*.part.sqlite*"))
        return done.stderr

    whole = file.read_bytes()
    for name, content in [("cut", whole[:-1]), ("half", whole[:len(whole) // 2]), ("more", whole + b"x"),
                          ("bit", whole[:90_000] + bytes([whole[90_000] ^ 4]) + whole[90_001:])]:
        (tmp_path / f"{name}.backup").write_bytes(content)
        assert "damaged or cut off" in refusal(tmp_path / f"{name}.backup", key, f"new-{name}")
    assert "is no backup of Waymark" in refusal(data / "waymark.sqlite", key, "new-1")
    assert "does not exist" in refusal(tmp_path / "none.backup", key, "new-2")
    assert "cannot be read" in refusal(file, tmp_path / "none.key", "new-3")
    assert "holds no key" in refusal(file, data / "backup-key.pub", "new-4")
    (data / "backup-key.pub").unlink()
    run("backup", "--new-key", str(tmp_path / "other.key"), data=data)
    assert "was sealed for the key" in refusal(file, tmp_path / "other.key", "new-5")


def test_a_backup_of_a_newer_program_is_refused(tmp_path, key):
    data = tmp_path / "data"
    run("doctor", data=data)
    with_key(data, key)
    with sqlite3.connect(data / "waymark.sqlite") as database:
        database.execute("INSERT INTO migration VALUES ('directory-9999', 'x', 0)")
    made = run("backup", str(tmp_path / "a.backup"), data=data)
    assert made.returncode == 1 and "written by a newer Waymark (it has the step directory-9999)" in made.stderr
    assert not (tmp_path / "a.backup").exists() and not list(data.glob("*.part.sqlite*"))


def test_killed_backups_and_restorations_leave_nothing_that_is_taken_for_whole(tmp_path, key):
    data, safe, new = tmp_path / "data", tmp_path / "safe", tmp_path / "new"
    safe.mkdir()
    assert run("demo", "--services", "1500", data=data).returncode == 0
    with_key(data, key)

    def killed_after(seconds, words, data):
        process = subprocess.Popen([PROGRAM, *words], env=environment(data), cwd=ROOT, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def kills_within(length, least, words, data):
        """How often it was ended on the way; earlier again where the machine has become faster since the length was taken."""
        kills = sum(killed_after(length * part / 8, words, data) for part in range(1, 8))
        return kills if kills >= least or length < 0.02 else kills_within(length / 2, least, words, data)

    started = time.monotonic()
    made = run("backup", str(tmp_path / "whole.backup"), data=data)
    length = time.monotonic() - started
    assert made.returncode == 0, made.stderr
    kills = kills_within(length, 3, ["backup", str(safe)], data)
    for file in safe.glob("*.backup"):
        assert run("restore", str(file), "--key", str(key), data=tmp_path / file.name).returncode == 0
    left = [file.name for file in safe.iterdir() if not file.name.endswith(".backup")]
    assert kills >= 3 and left in ([], [".waymark-backup.part"])
    assert run("backup", str(safe), data=data).returncode == 0
    assert not list(safe.glob(".*")) and not list(data.glob("*.part.sqlite*"))

    whole = ["restore", str(tmp_path / "whole.backup"), "--key", str(key)]
    kills = kills_within(length, 2, whole, new)
    done = run(*whole, data=new)
    assert kills >= 2 and done.returncode == 0, done.stderr
    assert done.stdout == made.stdout and not list(new.glob("*.part.sqlite*"))
    assert run("check", data=new).returncode == 0


def test_a_server_takes_away_what_a_killed_backup_left(tmp_path):
    left = [tmp_path / f"backup.part.sqlite{end}" for end in ("", "-wal", "-shm")]
    for file in left:
        file.write_bytes(b"x")
    server = Server(tmp_path)
    until(lambda: not any(file.exists() for file in left))
    server.stop()
