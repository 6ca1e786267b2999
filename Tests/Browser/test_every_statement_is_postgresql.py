"""The same SQL will run on PostgreSQL: its own grammar reads every statement that the Swift tests ran."""

import json
import time

import pglast
import pytest

from conftest import ROOT

FILES = [ROOT / ".build/statements.json", ROOT / ".build/statements-truth.json"]


@pytest.fixture(scope="module")
def statements():
    found = []
    for file in FILES:
        assert file.exists(), f"no {file.name} in .build: run the Swift tests first, as ./test does"
        age = time.time() - file.stat().st_mtime
        assert age < 24 * 3600, "the statements are more than a day old: run the Swift tests first, as ./test does"
        found += json.loads(file.read_text())
    return found


def fault(statement):
    try:
        pglast.parse_sql(statement)
    except pglast.parser.ParseError as error:
        return f"{error}: {statement[:200]}"


def test_postgresql_can_read_every_statement(statements):
    assert len(statements) > 100
    assert [found for found in map(fault, statements) if found] == []


@pytest.mark.parametrize("statement", [
    "INSERT OR IGNORE INTO a VALUES ($1)", "SELECT * FROM a WHERE b GLOB $1", "PRAGMA user_version",
    "CREATE TABLE a (b INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE TABLE a (b TEXT) WITHOUT ROWID"])
def test_what_only_sqlite_understands_is_found(statement):
    assert fault(statement)
