"""What breaks, one after the other, while somebody reads: prints a row for each, which docs/operating/faults.md holds.

WAYMARK_FAULTS=FILE keeps the rows; WAYMARK_LONG=1 pauses the database for a minute, as the page says.
"""

import contextlib
import json
import os
import random
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from conftest import PROGRAM, ROOT, Server, environment, run, until
from test_on_postgresql import Postgres, edit, expect_one_sentence, export, found, postgres, some_service, status
from test_starting_badly import mounted

LONG = os.environ.get("WAYMARK_LONG") == "1"
STALE = "This is what we knew"


class Reading(threading.Thread):
    """Somebody who reads page after page of a node."""

    def __init__(self, server, id):
        super().__init__(daemon=True)
        self.server, self.ended = server, threading.Event()
        self.answered, self.faults, self.slowest = 0, [], 0.0
        self.paths = ["/en/", "/en/find?q=food", "/fr/find?q=food", f"/en/services/{id}", f"/hsds/services/{id}",
                      "/hsds/services?per_page=3", "/en/map", f"/en/services/{id}/report", "/en/about"]

    def run(self):
        while not self.ended.is_set():
            path = self.paths[(self.answered + len(self.faults)) % len(self.paths)]
            began = time.monotonic()
            try:
                with urlopen(self.server.url + path, timeout=30) as answer:
                    answer.read()
                    self.answered += 1
            except OSError as error:
                self.faults.append((path, str(error)))
            self.slowest = max(self.slowest, time.monotonic() - began)
            time.sleep(0.02)


@contextlib.contextmanager
def reading(server, id):
    reader = Reading(server, id)
    reader.start()
    try:
        yield reader
    finally:
        reader.ended.set()
        reader.join(40)


@pytest.fixture
def told(capsys):
    def tell(fault, reader, server=None, words="", writing="refused, then kept"):
        """Checks that reading went on and that the log names the cause; prints the row."""
        assert not reader.faults and reader.answered > 20, (reader.faults[:5], reader.answered)
        line = ""
        if server is not None:
            until(lambda: any(words in line for line in server.log().splitlines()), 40)
            line = next(line for line in server.log().splitlines() if words in line).split(" ", 2)[2]
        row = f"| {fault} | {reader.answered} | {len(reader.faults)} | {reader.slowest:.2f} s | {writing} | {line} |"
        with capsys.disabled():
            print(f"\n{row}")
        if path := os.environ.get("WAYMARK_FAULTS"):
            with open(path, "a") as file:
                file.write(row + "\n")
    return tell


@pytest.fixture
def node(tmp_path):
    servers = []

    def start(data=None, **settings):
        servers.append(Server(data or tmp_path / "node", **settings))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()


def body(server, path, form=None):
    try:
        with urlopen(server.url + path, form and urlencode(form).encode(), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def report(server, id):
    return body(server, f"/en/services/{id}/report", {"what": "moved", "note": "kept words"})


def is_back(server):
    return status(server, "/en/listing/none") == 404


def stay_away(server, words):
    """Until pages say how old they are and the log says why; a minute at least in the long run."""
    time.sleep(60 if LONG else 0)
    until(lambda: words in server.log() and STALE in body(server, "/en/find?q=food")[1], 120)
    assert body(server, "/readyz")[1].startswith("stale since 2")


def test_postgresql_is_killed(postgres, node, tmp_path, told):
    address = postgres.schema()
    server = node(WAYMARK_DATABASE=address)
    id = some_service(tmp_path / "desk", WAYMARK_DATABASE=address)
    with reading(server, id) as reader:
        postgres.stop()
        try:
            code, page = report(server, id)
            assert code == 503 and "kept words" in page and "nothing was kept" in page
            stay_away(server, "nothing answers at its socket")
        finally:
            postgres.start()
        until(lambda: is_back(server) and body(server, "/readyz")[1] == "ready\n")
        assert report(server, id)[0] == 200 and STALE not in body(server, "/en/")[1]
    told("PostgreSQL is killed", reader, server, "nothing answers at its socket")


def test_postgresql_stands_still(postgres, node, tmp_path, told):
    address = postgres.schema()
    server = node(WAYMARK_DATABASE=address)
    id = some_service(tmp_path / "desk", WAYMARK_DATABASE=address)
    with reading(server, id) as reader:
        with postgres.frozen():
            stay_away(server, "does not answer")
        until(lambda: is_back(server) and body(server, "/readyz")[1] == "ready\n", 60)
        assert report(server, id)[0] == 200
    told("PostgreSQL stands still for a minute" if LONG else "PostgreSQL stands still", reader, server, "does not answer")


class Wire:
    """Carries bytes between a node and PostgreSQL until it is cut: nothing goes through any more and nobody hangs up."""

    def __init__(self, socket_path):
        self.path, self.is_cut = socket_path, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            with contextlib.suppress(OSError):
                near, _ = self.listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.path)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                while self.is_cut:
                    time.sleep(0.05)
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def test_the_network_between_node_and_postgresql_is_cut(postgres, node, tmp_path, told):
    wire = Wire(str(postgres.folder / ".s.PGSQL.5432"))
    plain = postgres.schema()
    address = plain.replace("@/", f"@127.0.0.1:{wire.port}/").replace(f"host={postgres.folder}&", "sslmode=disable&")
    server = node(WAYMARK_DATABASE=address)
    id = some_service(tmp_path / "desk", WAYMARK_DATABASE=plain)
    with reading(server, id) as reader:
        wire.is_cut = True
        stay_away(server, "does not answer")
        assert edit(tmp_path / "desk", id, "alternate_name", "quiltwort", WAYMARK_DATABASE=plain).stderr.startswith("Kept")
        wire.is_cut = False
        until(lambda: is_back(server) and found(server, "quiltwort")["total_items"] == 1, 60)
    told("The network between node and PostgreSQL is cut", reader, server, "does not answer", "kept by another node, then shown here")


def test_postgresql_takes_no_more_connections(postgres, node, tmp_path, told):
    schema = postgres.schema()
    postgres.sql(f"CREATE ROLE town LOGIN; GRANT ALL ON SCHEMA {schema.rsplit('%3D')[-1]} TO town")
    address = schema.replace("waymark@", "town@")
    server = node(WAYMARK_DATABASE=address)
    id = some_service(tmp_path / "desk", WAYMARK_DATABASE=address)
    with reading(server, id) as reader:
        postgres.sql("ALTER ROLE town CONNECTION LIMIT 0")
        postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'town'")
        expect_one_sentence(run("doctor", data=tmp_path / "desk", WAYMARK_DATABASE=address), "no more connections")
        until(lambda: report(server, id)[0] == 503)
        stay_away(server, "it takes no more connections")
        postgres.sql("ALTER ROLE town CONNECTION LIMIT -1")
        until(lambda: is_back(server) and report(server, id)[0] == 200)
    told("The limit of connections is reached", reader, server, "it takes no more connections")


def test_the_disk_of_postgresql_is_full(node, tmp_path, told):
    folder = Path(tempfile.mkdtemp(prefix="waymark-postgres-", dir="/tmp"))
    with mounted(folder, "tmpfs", "size=260m"):
        small = object.__new__(Postgres)
        small.folder, small._schemas = folder, 0
        small.address = small.start()
        try:
            address = small.schema()
            small.sql("CREATE TABLE filler (text TEXT)")
            server = node(WAYMARK_DATABASE=address)
            id = some_service(tmp_path / "desk", WAYMARK_DATABASE=address)
            with reading(server, id) as reader:
                with contextlib.suppress(subprocess.CalledProcessError):
                    small.sql("CREATE TABLE more AS SELECT repeat(md5(g::text), 30) AS t FROM generate_series(1, 3000000) g")
                room = shutil.disk_usage(folder).free
                with contextlib.suppress(OSError):
                    (folder / "filler").write_bytes(b"x" * max(0, room))
                with contextlib.suppress(subprocess.CalledProcessError):
                    small.sql("INSERT INTO filler SELECT md5(g::text) FROM generate_series(1, 1000000) g")
                refused = kept = 0
                while not refused and kept < 40:
                    done = edit(tmp_path / "desk", id, "wait_time", random.randbytes(3000).hex(), WAYMARK_DATABASE=address)
                    refused, kept = done.returncode, kept + (not done.returncode)
                assert refused, "the disk was never full"
                expect_one_sentence(done, "")
                said = done.stderr.strip()
                (folder / "filler").unlink()
                until(lambda: edit(tmp_path / "desk", id, "wait_time", "last", WAYMARK_DATABASE=address).returncode == 0, 60)
                until(lambda: is_back(server) and report(server, id)[0] == 200, 60)
            assert run("check", data=tmp_path / "desk", WAYMARK_DATABASE=address).returncode == 0
        finally:
            subprocess.run([ROOT / "scripts/postgres.sh", "stop", folder])
    folder.rmdir()
    assert "full" in said or "away" in said, said
    told("The disk of PostgreSQL is full", reader, writing=f"refused, then kept: {said.removeprefix('waymark: ')}")


@pytest.fixture
def small_disk(tmp_path):
    made = tmp_path / "made"
    assert run("doctor", data=made).returncode == 0
    with mounted(tmp_path / "disk", "tmpfs", "size=40m"):
        shutil.copytree(made, tmp_path / "disk", dirs_exist_ok=True)
        yield tmp_path / "disk"


def test_the_disk_of_a_node_on_sqlite_is_full(small_disk, told):
    server = Server(small_disk)
    try:
        id = some_service(small_disk)
        other = next(one["id"] for one in map(json.loads, export(small_disk)) if "status" in one and one["id"] != id)
        with reading(server, id) as reader:
            (small_disk / "filler").write_bytes(b"x" * shutil.disk_usage(small_disk).free)
            tries = [report(server, id)[0] for _ in range(15)]
            assert 503 in tries and 500 not in tries, tries
            code, page = report(server, id)
            assert code == 503 and "kept words" in page
            time.sleep(2)
            (small_disk / "filler").unlink()
            until(lambda: report(server, other)[0] == 200, 20)
        told("The disk of a node on SQLite is full", reader, server, "The disk is full")
    finally:
        server.stop()
    assert run("check", data=small_disk).returncode == 0


def test_the_disk_of_a_node_on_sqlite_turns_read_only(small_disk, told):
    server = Server(small_disk)
    try:
        id = some_service(small_disk)
        with reading(server, id) as reader:
            subprocess.run(["mount", "-o", "bind,ro", small_disk, small_disk], check=True)
            done = edit(small_disk, id, "wait_time", "x")
            time.sleep(1)
            subprocess.run(["umount", "--lazy", small_disk], check=True)
            expect_one_sentence(done, "read-only")
            assert edit(small_disk, id, "wait_time", "x").returncode == 0
        told("The disk of a node on SQLite turns read-only", reader,
             writing=f"refused, then kept: {done.stderr.strip().removeprefix('waymark: ')}")
    finally:
        server.stop()


@pytest.mark.parametrize("name", ["search.index", "documents.sqlite"])
@pytest.mark.parametrize("damage", ["cut short", "overwritten"])
def test_a_file_of_the_node_is_damaged_while_it_serves(tmp_path, node, told, name, damage):
    server = node()
    id = some_service(server.data)
    with reading(server, id) as reader:
        reader.paths = [path for path in reader.paths if "/hsds" not in path]
        time.sleep(0.5)
        file = server.data / name
        size = file.stat().st_size
        if name == "documents.sqlite":
            subprocess.run(["/usr/bin/python3", "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("
                            "'PRAGMA wal_checkpoint(TRUNCATE)')", file], check=True)
        with file.open("r+b") as opened:
            if damage == "cut short":
                opened.truncate(16384 if name == "documents.sqlite" else 100)
            else:
                opened.seek(16384 if name == "documents.sqlite" else 100)
                opened.write(random.randbytes(size - opened.tell()))
        time.sleep(1)
        assert edit(server.data, id, "alternate_name", "quiltwort").stderr.startswith("Kept")
        until(lambda: found(server, "quiltwort")["total_items"] == 1, 20)
        until(lambda: "quiltwort" in body(server, f"/hsds/services/{id}")[1], 20)
        until(lambda: body(server, f"/en/services/{id}")[0] == 200, 20)
    told(f"{name} is {damage} while the node serves", reader, writing="kept")
    server.stop()
    again = node(server.data)
    assert found(again, "quiltwort")["total_items"] == 1 and "quiltwort" in body(again, f"/hsds/services/{id}")[1]


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_a_node_is_killed_while_it_takes_its_schema_steps(tmp_path, postgres, capsys, kind):
    chance = random.Random(4)
    kills = 0
    for turn in range(12):
        data = tmp_path / str(turn)
        settings = {"WAYMARK_DATABASE": postgres.schema()} if kind == "PostgreSQL" else {}
        process = subprocess.Popen([PROGRAM, "doctor"], env=environment(data, **settings), cwd=ROOT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.02, 0.5))
        kills += process.poll() is None
        process.kill()
        process.wait()
        done = run("doctor", data=data, **settings)
        assert done.returncode == 0, done
        assert run("check", data=data, **settings).returncode == 0
    assert kills > 3
    row = f"| A node is killed while it takes its schema steps on {kind}, {kills} times | | | | whole at the next start | |"
    with capsys.disabled():
        print(f"\n{row}")
    if path := os.environ.get("WAYMARK_FAULTS"):
        with open(path, "a") as file:
            file.write(row + "\n")


def test_a_node_starts_while_the_database_is_away(postgres, node, tmp_path, told):
    address = postgres.schema()
    first = node(WAYMARK_DATABASE=address)
    id = some_service(tmp_path / "desk", WAYMARK_DATABASE=address)
    first.stop()
    postgres.stop()
    try:
        server = node(WAYMARK_DATABASE=address)
        with reading(server, id) as reader:
            assert status(server, f"/en/services/{id}") == 200
            assert report(server, id)[0] == 503
            time.sleep(2)
            postgres.start()
            until(lambda: is_back(server) and report(server, id)[0] == 200)
            until(lambda: body(server, "/readyz")[1] == "ready\n")
            word = "quiltwort"
            assert edit(tmp_path / "desk", id, "alternate_name", word, WAYMARK_DATABASE=address).stderr.startswith("Kept")
            until(lambda: found(server, word)["total_items"] == 1)
        told("A node starts while PostgreSQL is away", reader, server, "nothing answers at its socket")
        server.stop()
        postgres.stop()
        os.utime(server.data / "search.index", (0, 0))
        done = run("serve", data=server.data, WAYMARK_DATABASE=address)
        expect_one_sentence(done, "The database is away")
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            postgres.start()
