"""The power goes up to 200 times while somebody writes: nothing that was acknowledged is lost."""

import json
import os
import random
import sqlite3
import subprocess
import time

from conftest import PROGRAM, ROOT, environment, run
from site_map import ids

KILLS = 200
SECONDS = 30


class Write:
    """One `record edit` of a number, watched from outside: the write-ahead log tells when its commit begins."""

    def __init__(self, folder, id, number):
        self.log = folder / "waymark.sqlite-wal"
        self.before = self.mark()
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [PROGRAM, "record", "edit", "--kind", "service", id, "wait_time", str(number), "--source", "test"],
            env=environment(folder), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        os.set_blocking(self.process.stderr.fileno(), False)
        self.said = b""

    def mark(self):
        try:
            state = self.log.stat()
            return state.st_size, state.st_mtime_ns
        except FileNotFoundError:
            return 0, 0

    def has_begun(self):
        return self.mark() != self.before

    def is_acknowledged(self):
        self.said += self.process.stderr.read() or b""
        return self.said.startswith(b"Kept")

    def until(self, state, patience=30):
        """Seconds from the start to the first look at which `state` holds, or at which the process is gone."""
        while not state() and self.process.poll() is None:
            assert time.monotonic() - self.began < patience
            time.sleep(0.0002)
        return time.monotonic() - self.began

    def kill(self):
        """True when it was still alive."""
        alive = self.process.poll() is None
        self.process.kill()
        self.process.wait(timeout=30)
        return alive


def stored(folder, id):
    for line in run("export", "--json", "--for", "vetted", data=folder).stdout.splitlines():
        record = json.loads(line)
        if record["id"] == id:
            return int(record.get("wait_time", 0))
    raise AssertionError("the record itself is gone")


def kept(folder, id):
    """Every number the history has; read after all is over, for a reader more would write to the log too."""
    with sqlite3.connect(folder / "waymark.sqlite") as database:
        rows = database.execute(
            "SELECT replacement_value FROM metadata WHERE resource_id = ? AND field_name = 'wait_time'", (id,)).fetchall()
    database.close()
    return {int(float(row[0])) for row in rows}


def test_nothing_acknowledged_is_lost_however_often_the_program_is_killed(tmp_path, capsys):
    folder, chance = tmp_path / "data", random.Random(20261121)
    id = ids(folder, "service")[0]
    starts, spans = [], []
    for number in range(1, 6):
        write = Write(folder, id, number)
        starts.append(write.until(write.has_begun))
        spans.append(write.until(write.is_acknowledged) - starts[-1])
        assert write.process.wait(timeout=30) == 0
    start, span = min(starts), sorted(spans)[len(spans) // 2]
    acknowledged, number = set(range(1, 6)), 5
    early = amid = late = 0
    until = time.monotonic() + SECONDS
    # On a busy machine a program is slow, or gone before it is killed: then it goes on until there was enough of each kind.
    while early + amid + late < KILLS and time.monotonic() < until or (
            (min(early, amid) == 0 or len(acknowledged) <= 20) and time.monotonic() < until + 90):
        number += 1
        write = Write(folder, id, number)
        aim = chance.random()
        if aim < 0.2:
            time.sleep(chance.uniform(0.8, 1) * start)
        elif aim < 0.4:
            write.until(write.is_acknowledged)
        else:
            write.until(write.has_begun)
            time.sleep(chance.uniform(0, 1.5) * span)
        begun = write.has_begun()
        killed = write.kill()
        if write.is_acknowledged():
            acknowledged.add(number)
            late += killed
        elif begun:
            amid += killed
        else:
            early += killed
    value, history = stored(folder, id), kept(folder, id)
    unsaid = len(history - acknowledged)
    with capsys.disabled():
        print(f"\n{early + amid + late} kills in {number - 5} writes: {early} before the commit began, {amid} between that "
              f"and the acknowledgement, {late} after it; {len(acknowledged)} writes acknowledged, none lost; {unsaid} kept "
              f"unacknowledged; a commit begins {start * 1000:.0f} ms after the start and is acknowledged {span * 1000:.1f} ms later")
    assert not acknowledged - history
    assert value in history and value >= max(acknowledged)
    assert min(early, amid) > 0 and len(acknowledged) > 20
    checked = run("check", data=folder)
    assert checked.returncode == 0, checked.stdout


def test_a_server_killed_while_others_write_starts_again_with_everything(tmp_path):
    from conftest import Server
    server = Server(tmp_path / "data")
    id = ids(server.data, "service")[0]
    for number in range(2, 7):
        assert Write(server.data, id, number).process.wait(timeout=30) == 0
        server.process.kill()
        server.process.wait()
        server = Server(tmp_path / "data")
    server.stop()
    assert stored(server.data, id) == 6
    assert run("check", data=server.data).returncode == 0
