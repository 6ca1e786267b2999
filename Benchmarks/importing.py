"""A file of services taken over by `waymark import`, and the same rows put into the same tables by bare SQLite."""

import json
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from peak import Peak
from settings import FOLDER, REGION, WAYMARK, stop

KINDS = ["taxonomy", "taxonomy_term", "organization", "program", "service", "location", "service_at_location", "contact",
         "phone", "address", "schedule", "language", "accessibility", "service_area", "required_document", "cost_option",
         "funding", "unit", "service_capacity", "url", "organization_identifier", "attribute", "metadata"]


class Taken(NamedTuple):
    reading: float
    keeping: float
    rows: int
    memory: float


def taken(file: Path) -> tuple[Taken, Path]:
    """One import into a fresh folder; seconds of decoding and of keeping, rows, highest memory in MB."""
    folder = FOLDER / "import"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    process = subprocess.Popen(
        [str(WAYMARK), "import", str(file), "--source", "bench", "--json"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={"PATH": "/usr/bin:/bin", "WAYMARK_DATA": str(folder), "WAYMARK_REGION": str(REGION)})
    peak = Peak(process)
    last = b""
    for text in process.stdout:
        last = text
    if process.wait():
        stop(f"waymark import failed: {process.stderr.read().decode()[:300]}")
    report = json.loads(last)
    return Taken(report["seconds_reading"], report["seconds_keeping"], report["added"], peak.megabytes), folder


def inserted(folder: Path) -> float:
    """Seconds that bare SQLite takes for the rows of that import in one transaction, with the same keys and indexes."""
    copy = folder / "bare.sqlite"
    copy.unlink(missing_ok=True)
    with sqlite3.connect(f"file:{folder / 'waymark.sqlite'}?mode=ro", uri=True) as full:
        schema = [sql for (sql,) in full.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC")]
        rows = {kind: full.execute(
            f"SELECT * FROM {kind} WHERE id IN (SELECT record_id FROM imported WHERE kind = '{kind}')").fetchall()
            for kind in KINDS}
    full.close()
    with sqlite3.connect(copy, isolation_level=None) as bare:
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("PRAGMA foreign_keys = ON")
        for sql in schema:
            bare.execute(sql)
        started = time.perf_counter()
        bare.execute("BEGIN IMMEDIATE")
        for kind, found in rows.items():
            if found:
                bare.executemany(f"INSERT INTO {kind} VALUES ({', '.join('?' * len(found[0]))})", found)
        bare.execute("COMMIT")
        seconds = time.perf_counter() - started
    bare.close()
    copy.unlink()
    return seconds
