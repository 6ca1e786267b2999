"""A file is taken over by the program itself: killed in the middle, given what is no file, written to a full disk."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import time

import pytest

from conftest import PROGRAM, ROOT, environment, run

RECORDS = 20_000
MOMENTS = [0.1, 0.3, 0.5, 0.7, 0.85]
# What differs from one undisturbed import to the next by the clock alone.
CONTENT = ["organization", "service", "location", "service_at_location", "phone", "schedule", "fact", "audience", "tombstone"]


@pytest.fixture(scope="module")
def listings(tmp_path_factory):
    """Services with an organization, a place and a phone each: 20,000 records."""
    file = tmp_path_factory.mktemp("import") / "listings.ndjson"
    with file.open("w") as out:
        for number in range(RECORDS // 5):
            out.write(json.dumps({
                "id": f"s{number}", "name": f"Cedar House {number}", "status": "active",
                "organization": {"id": f"o{number}", "name": f"Cedar Society {number}", "description": "An example."},
                "phones": [{"id": f"p{number}", "number": f"250-555-01{number % 100:02d}"}],
                "service_at_locations": [{"id": f"a{number}", "location": {
                    "id": f"l{number}", "location_type": "physical", "name": f"Place {number}"}}]}) + "\n")
    return file


def take(file, folder):
    return subprocess.Popen([PROGRAM, "import", file, "--source", "example", "--json"], env=environment(folder), cwd=ROOT,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def content(folder):
    with sqlite3.connect(f"file:{folder}/waymark.sqlite?mode=ro", uri=True) as database:
        rows = {table: database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in CONTENT}
        rows["imported"] = database.execute(
            "SELECT record_id, kind, source, digest, whole FROM imported ORDER BY 1, 2").fetchall()
    database.close()
    return rows


def test_an_import_that_is_killed_leaves_before_or_after_and_repeated_ends_the_same(listings, tmp_path, capsys):
    undisturbed = tmp_path / "undisturbed"
    assert run("check", data=undisturbed).returncode == 0
    before = content(undisturbed)
    began = time.monotonic()
    assert take(listings, undisturbed).wait(timeout=300) == 0
    usual = time.monotonic() - began
    after = content(undisturbed)
    assert len(after["imported"]) == RECORDS and len(before["imported"]) == 0
    found = []
    for number, moment in enumerate(MOMENTS):
        folder = tmp_path / f"killed-{number}"
        assert run("check", data=folder).returncode == 0
        wait = usual * moment
        while True:
            process = take(listings, folder)
            time.sleep(wait)
            was_killed = process.poll() is None
            process.kill()
            process.communicate()
            now = content(folder)
            assert now in (before, after), f"killed after {wait:.1f} s: neither before nor after"
            if was_killed or now == before:
                break
            # The machine was faster this time.
            shutil.rmtree(folder)
            assert run("check", data=folder).returncode == 0
            wait *= 0.8
        found.append(f"{'after' if now == after else 'before'} at {wait:.1f} s")
        assert run("check", data=folder).returncode == 0
        assert take(listings, folder).wait(timeout=300) == 0
        assert content(folder) == after
        checked = run("check", data=folder)
        assert checked.returncode == 0, checked.stdout
    with capsys.disabled():
        print(f"\n{len(MOMENTS)} kills in imports of {RECORDS} records of {usual:.1f} s; found {', '.join(found)}")


def test_nothing_of_an_import_stays_on_the_disk_for_others_to_read(listings, tmp_path):
    spools = tmp_path / "spools"
    spools.mkdir()
    process = subprocess.Popen([PROGRAM, "import", listings, "--source", "example"],
                               env=environment(tmp_path / "data", TMPDIR=str(spools)), cwd=ROOT,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen = set()
    while process.poll() is None:
        seen |= set(os.listdir(spools))
        time.sleep(0.01)
    assert process.returncode == 0 and os.listdir(spools) == []
    assert not {name for name in seen if not name.startswith("waymark-")}


def test_the_data_folder_is_for_its_owner_alone(tmp_path):
    assert run("check", data=tmp_path / "data").returncode == 0
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def said(*words, data):
    """What a refused command says: one line on standard error, nothing on standard output, no zero."""
    done = run(*words, data=data)
    assert done.returncode != 0 and done.stdout == ""
    return done.stderr.strip()


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert said("import", str(tmp_path / "pipe"), "--source", "example", data=tmp_path / "data") == (
        "waymark: pipe:1: pipe is no file but a pipe or a device; save it to a file first.")


def test_an_empty_folder_and_an_empty_file_are_named(tmp_path):
    (tmp_path / "nothing").mkdir()
    (tmp_path / "empty.csv").touch()
    assert said("import", str(tmp_path / "nothing"), "--source", "example", data=tmp_path / "data") == (
        "waymark: nothing:1: The folder nothing holds no files.")
    assert said("import", str(tmp_path / "empty.csv"), "--source", "example", data=tmp_path / "data") == (
        "waymark: empty.csv:1: empty.csv is empty.")


@pytest.mark.parametrize("role", ["Jane Doe", "", "Intake", "a" * 41, "intake\n"])
def test_a_role_does_not_look_like_a_name(role, tmp_path):
    text = said("import", str(ROOT / "README.md"), "--source", "example", "--as", role, data=tmp_path / "data")
    assert "A role is named with up to 40 small letters, digits and dashes, such as intake." in text


def test_an_output_that_is_full_is_one_sentence(tmp_path):
    with open("/dev/full", "w") as full:
        done = subprocess.run([PROGRAM, "export"], env=environment(tmp_path / "data"), cwd=ROOT, stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.strip() == "waymark: The output could not be written: the disk is full."


def test_an_import_whose_report_cannot_be_written_keeps_nothing(listings, tmp_path):
    folder = tmp_path / "data"
    assert run("check", data=folder).returncode == 0
    with open("/dev/full", "w") as full:
        done = subprocess.run([PROGRAM, "import", listings, "--source", "example"], env=environment(folder), cwd=ROOT,
                              stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 1 and "the disk is full" in done.stderr
    assert content(folder)["imported"] == []
    assert run("check", data=folder).returncode == 0
