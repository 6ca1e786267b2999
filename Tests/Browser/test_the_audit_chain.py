"""What an operator does with the audit chain: keeps its signed head elsewhere, and finds out what was taken away."""

import base64
import json
import sqlite3
import subprocess

import pytest

from conftest import run

SERVICE = "004afab9-40f0-578a-91d0-1feab2d7066a"


@pytest.fixture
def desk(tmp_path):
    """A data folder with six entries in its chain."""
    data = tmp_path / "data"
    for number in range(6):
        done = run("service", "edit", SERVICE, "wait_time", f"{number} days", "--source", "a call", data=data)
        assert done.returncode == 0, done.stderr
    return data


def kept(desk, folder):
    done = run("check", "audit", data=desk)
    assert done.returncode == 0 and "Nothing wrong." in done.stderr
    (folder / "head").write_text(done.stdout)
    return folder / "head"


def change(desk, *statements):
    with sqlite3.connect(desk / "waymark.sqlite") as database:
        for statement in statements:
            database.execute(statement)


def test_openssl_checks_the_head_that_is_printed(desk, tmp_path):
    lines = kept(desk, tmp_path).read_text().splitlines()
    values = dict(line.split(" ", 1) for line in lines[1:])
    (tmp_path / "signed").write_text("".join(f"{line}\n" for line in lines[:5]))
    (tmp_path / "signature").write_bytes(base64.b64decode(values["signature"]))
    (tmp_path / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + base64.b64decode(values["key"]))
    checked = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", tmp_path / "key", "-rawin", "-in",
         tmp_path / "signed", "-sigfile", tmp_path / "signature"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert json.loads(run("check", "audit", "--json", data=desk).stdout) == {
        "entries": int(values["entry"]), "digest": values["digest"], "findings": [], "head": "\n".join(lines)}
    assert int(values["entry"]) >= 6


def test_what_was_taken_from_the_end_is_found_against_the_head_that_was_kept(desk, tmp_path):
    head = kept(desk, tmp_path)
    change(desk, "DELETE FROM audit WHERE number > 4", "UPDATE counter SET value = 4 WHERE name = 'audit'")
    assert run("check", data=desk).returncode == 0, "the chain alone cannot know"
    found = run("check", "audit", "--head", str(head), data=desk)
    assert found.returncode == 1
    assert found.stdout.startswith("Entries 5 to ") and " are missing at the end: " in found.stdout
    assert "signature" not in found.stdout, "no head of a chain that was tampered with"
    as_json = json.loads(run("check", "audit", "--json", "--head", str(head), data=desk).stdout)
    assert as_json["findings"] == found.stdout.splitlines() and "head" not in as_json


def test_a_file_that_is_no_head_is_one_sentence(desk, tmp_path):
    for words, sentence in [
            (["--head", str(tmp_path / "none")], f"waymark: The file {tmp_path}/none cannot be read."),
            (["--head", str(desk / "waymark.sqlite")],
             f"waymark: {desk}/waymark.sqlite is no head of an audit chain; name what `waymark check audit` printed.")]:
        done = run("check", "audit", *words, data=desk)
        assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", sentence)
    assert run("check", "audit", "--key", "x", data=desk).returncode == 64
