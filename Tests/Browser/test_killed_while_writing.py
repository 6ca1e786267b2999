"""The power goes 50 times while somebody writes: nothing that was acknowledged is lost."""

import json
import random
import subprocess
import time

from conftest import PROGRAM, ROOT, environment, run
from site_map import ids

KILLS = 50


def edit(folder, id, number):
    return subprocess.Popen([PROGRAM, "record", "edit", "--kind", "service", id, "wait_time", str(number),
                             "--source", "test"], env=environment(folder), cwd=ROOT, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def stored(folder, id):
    for line in run("export", "--json", "--for", "vetted", data=folder).stdout.splitlines():
        record = json.loads(line)
        if record["id"] == id:
            return int(record.get("wait_time", 0))
    raise AssertionError("the record itself is gone")


def timed(folder, id, number):
    """Seconds that one undisturbed write takes."""
    began = time.monotonic()
    assert edit(folder, id, number).wait(timeout=30) == 0
    return time.monotonic() - began


def test_nothing_acknowledged_is_lost_when_the_program_is_killed_50_times(tmp_path, capsys):
    folder, chance = tmp_path / "data", random.Random(20261121)
    id = ids(folder, "service")[0]
    usual = min(timed(folder, id, number) for number in (1, 2, 3))
    acknowledged = number = 3
    kills = kept = 0
    while kills < KILLS:
        number += 1
        process = edit(folder, id, number)
        time.sleep(chance.uniform(0.2, 1.1) * usual)
        killed = process.poll() is None
        process.kill()
        said = process.communicate(timeout=30)[1]
        kills += killed
        if said.startswith("Kept"):
            acknowledged, kept = number, kept + 1
        if kills % 10 == 0 and killed:
            value = stored(folder, id)
            assert acknowledged <= value <= number
    value = stored(folder, id)
    assert acknowledged <= value <= number
    checked = run("check", data=folder)
    assert checked.returncode == 0, checked.stdout
    with capsys.disabled():
        print(f"\n{kills} kills in {number} writes, {kept} acknowledged, {usual * 1000:.0f} ms a write; "
              f"last acknowledged {acknowledged}, found {value}")


def test_a_server_killed_while_others_write_starts_again_with_everything(tmp_path):
    from conftest import Server
    server = Server(tmp_path / "data")
    id = ids(server.data, "service")[0]
    for number in range(2, 7):
        assert edit(server.data, id, number).wait(timeout=30) == 0
        server.process.kill()
        server.process.wait()
        server = Server(tmp_path / "data")
    server.stop()
    assert stored(server.data, id) == 6
    assert run("check", data=server.data).returncode == 0
