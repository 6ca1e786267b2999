"""The benchmark of the landscape: the matrix and the gap map over 100,000 findings, beside the bare SQL of the same counts."""

import gzip
import random
import shutil
import sqlite3
import statistics
import time
import uuid
from pathlib import Path

from data import demo
from engine_lines import Line
from servers import Server, waymark
from settings import FOLDER, SECONDS, say, stop

FINDINGS = 100_000
FOCUS = ["prevention", "intervention", "survivor_supports"]
KINDS = ["existing", "gap", "barrier", "opportunity"]
THEMES = [f"Theme {number}" for number in range(40)]
NEEDS = ["need:housing", "need:food", "need:health", "need:counselling", "need:legal", "need:money", "need:transport"]
PLACES = ["vancouver", "victoria", "prince-george", "terrace", "kitimat", "kelowna", "abbotsford", "cranbrook", "nelson"]

MATRIX = """SELECT focus, theme, kind, COUNT(*) FROM finding WHERE scan_id = ?1 AND state = 'published'
            GROUP BY focus, theme, kind"""
GAPS = """SELECT place, COUNT(DISTINCT finding.id) FROM finding
          LEFT JOIN finding_place ON finding_place.finding_id = finding.id
          WHERE scan_id = ?1 AND state = 'published' AND kind = 'gap' GROUP BY place"""
GAPS_OF_NEED = f"{GAPS.split('GROUP')[0]} AND finding.id IN (SELECT finding_id FROM finding_need WHERE need = ?2) GROUP BY place"


def filled() -> Path:
    """A data folder of 100,000 services with as many findings in the baseline."""
    folder = FOLDER / "landscape"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(demo(100_000), folder)
    with waymark(folder, patience=600):
        say("The scan is loaded")
    chance = random.Random(2024)
    with sqlite3.connect(folder / "waymark.sqlite") as database:
        scan = database.execute("SELECT id FROM scan WHERE is_baseline = 1").fetchone()[0]
        ids = [str(uuid.UUID(int=chance.getrandbits(128))) for _ in range(FINDINGS)]
        database.executemany(
            """INSERT INTO finding (id, scan_id, code, number, focus, theme, kind, wording, language, document, is_contested,
               state, origin, made_on) VALUES (?, ?, ?, ?, ?, ?, ?, 'A fictional sentence.', 'en', 'B', 0, 'published',
               'file', '2026-01-01')""",
            [(id, scan, f"b-{number}", number + 1000, chance.choice(FOCUS), chance.choice(THEMES), chance.choice(KINDS))
             for number, id in enumerate(ids)])
        database.executemany("INSERT INTO finding_place VALUES (?, ?)", [(id, chance.choice(PLACES)) for id in ids if chance.random() < 0.5])
        database.executemany("INSERT INTO finding_need VALUES (?, ?)", [(id, chance.choice(NEEDS)) for id in ids])
    database.close()
    return folder


def milliseconds(server: Server, path: str, sign: bytes) -> list[float]:
    times: list[float] = []
    until = time.perf_counter() + SECONDS
    while time.perf_counter() < until or len(times) < 5:
        started = time.perf_counter()
        status, body = server.get(path)
        times.append((time.perf_counter() - started) * 1000)
        if status != 200 or sign not in gzip.decompress(body):
            stop(f"{path} answers {status}, or without {sign.decode()}.")
    return times[1:]


def bare(folder: Path, statement: str, *more: str) -> float:
    with sqlite3.connect(f"file:{folder / 'waymark.sqlite'}?mode=ro", uri=True) as database:
        scan = database.execute("SELECT id FROM scan WHERE is_baseline = 1").fetchone()[0]
        times = []
        for _ in range(9):
            started = time.perf_counter()
            database.execute(statement, (scan, *more)).fetchall()
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def matrix() -> Line:
    folder = filled()
    with waymark(folder) as server:
        first = server.get("/en/landscape/gaps")[0]
        if first != 200:
            stop(f"The gap map answers {first}.")
        pages = {
            "matrix": milliseconds(server, "/en/landscape/matrix", b"Theme 7"),
            "gap map": milliseconds(server, "/en/landscape/gaps", b"Cariboo"),
            "gap map of one need": milliseconds(server, "/en/landscape/gaps?need=need%3Ahousing", b"Cariboo"),
            "matrix of one place": milliseconds(server, "/en/landscape/matrix?place=vancouver", b"Theme 7"),
        }
    peers = {"matrix": bare(folder, MATRIX), "gap map": bare(folder, GAPS),
             "gap map of one need": bare(folder, GAPS_OF_NEED, "need:housing")}
    shutil.rmtree(folder, ignore_errors=True)
    medians = {name: statistics.median(times) for name, times in pages.items()}
    ours, peer = medians["matrix"] + medians["gap map"], peers["matrix"] + peers["gap map"]
    notes = [f"{name} {value:.0f} ms (bare SQL {peers[name]:.0f} ms)" if name in peers else f"{name} {value:.0f} ms"
             for name, value in medians.items()]
    slowest = max(max(times) for times in pages.values())
    return ours, peer, peer / ours, [*notes, f"slowest answer {slowest:.0f} ms",
                                     "ms for both pages over HTTP; 100,000 findings, 100,000 services"]
