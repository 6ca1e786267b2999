"""The fictional services: Waymark's data folder, and the same rows as one table with full-text search for the peers."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

from settings import FOLDER, REGION, ROOT, WAYMARK, say, stop
from servers import waymark

# What decides which rows a demo has; another content means other data.
SHAPE = ["Sources/Slices/Directory/Region/DemoTown.swift", "Sources/Slices/Directory/DirectorySchema.swift",
         "Sources/Slices/Directory/Listings/HSDSTables.swift", "Sources/Base/Storage/StorageSchema.swift",
         "Data/bc/gazetteer.json", "Data/bc/vocabulary.yaml"]


def shape() -> str:
    digest = hashlib.sha256()
    for path in SHAPE:
        digest.update((ROOT / path).read_bytes())
    return digest.hexdigest()


def demo(services: int) -> Path:
    """The data folder with so many services, made once and kept until the program would make another."""
    folder = FOLDER / f"services-{services}"
    stamp = folder / "made.json"
    if not (stamp.exists() and json.loads(stamp.read_text()).get("shape") == shape()):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        say(f"Generating {services} services")
        started = time.perf_counter()
        made = subprocess.run(
            [str(WAYMARK), "demo", "--services", str(services)], capture_output=True, text=True,
            env={"PATH": "/usr/bin:/bin", "WAYMARK_DATA": str(folder), "WAYMARK_REGION": str(REGION)})
        if made.returncode:
            stop(f"waymark demo failed: {made.stderr.strip()}")
        seconds = time.perf_counter() - started
        say(f"Generated in {seconds:.0f} s")
        stamp.write_text(json.dumps({"shape": shape(), "seconds": seconds}))
    # The search file is made anew at the first start after a change of the data set; that is not what is measured.
    with waymark(folder, patience=1800) as server:
        if server.seconds > 2:
            say(f"First start took {server.seconds:.1f} s")
    return folder


def table(folder: Path) -> Path:
    """The rows of the data folder as table `listing` with full-text search, set up as Datasette's manual says."""
    file = folder / "listing.db"
    if file.exists():
        return file
    say(f"Exporting the rows of {folder.name} for Datasette")
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    with sqlite3.connect(part) as database:
        database.executescript(f"""
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            ATTACH 'file:{folder / "waymark.sqlite"}?mode=ro' AS waymark;
            CREATE TABLE listing (id TEXT PRIMARY KEY, name TEXT, organization TEXT, description TEXT, town TEXT,
                latitude REAL, longitude REAL, phone TEXT, needs TEXT, terms TEXT);
            INSERT INTO listing
            SELECT s.id, s.name, o.name, s.description, l.name, l.latitude, l.longitude,
                (SELECT number FROM waymark.phone WHERE service_id = s.id LIMIT 1),
                (SELECT json_group_array(substr(value, 6)) FROM waymark.attribute
                    WHERE link_id = s.id AND value LIKE 'need:%'),
                (SELECT group_concat(replace(value, ':', ' '), ', ') FROM waymark.attribute WHERE link_id = s.id)
            FROM waymark.service s JOIN waymark.organization o ON o.id = s.organization_id
            JOIN waymark.service_at_location sl ON sl.service_id = s.id JOIN waymark.location l ON l.id = sl.location_id;
            CREATE INDEX listing_by_town ON listing (town);
            """)
    database.close()
    subprocess.run(
        [str(ROOT / ".venv-bench/bin/sqlite-utils"), "enable-fts", str(part), "listing", "name", "organization",
         "description", "town", "terms"], check=True)
    part.rename(file)
    return file
