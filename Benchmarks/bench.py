"""Runs the benchmarks by name and prints one line each: name  ours  peer  ratio  notes."""

import gzip
import math
import os
import signal
import shutil
import sqlite3
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import engine_lines
import intake_lines
import landscape_coding
import landscape_lines
import workshop_lines
from data import demo, table
from importing import inserted, taken
from load import compare, run
from open_data import file_to_socket, rates, streamed
from publishing import SITE, bare as bare_files, published, removed
from questions import Question, questions
from servers import Server, bare, datasette, waymark
from settings import BARE, FOLDER, RUNS, SECONDS, WAYMARK, say, stop
from validating import documents, judged_by_jsonschema, judged_by_waymark


def line(name: str, ours: float, peer: float, ratio: float, *notes: str) -> None:
    """Numbers have three digits that count at least."""
    print("  ".join([name, *map(number, (ours, peer, ratio)), *notes]), flush=True)


def number(value: float) -> str:
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}" if value else "0"


def goal(text: str, is_met: bool) -> str:
    return f"goal {text}: {'met' if is_met else 'MISSED'}"


def json_path(asked: Question) -> str:
    return "/en/find.json?" + urlencode({"q": asked.text, "near": asked.town, "need": asked.need})


def page_path(asked: Question) -> str:
    return "/en/find?" + urlencode({"q": asked.text, "near": asked.town, "need": asked.need})


def table_path(asked: Question, **more: str) -> str:
    return "/listing/listing.json?" + urlencode(
        {"_search": asked.text, "town": asked.town, "needs__arraycontains": asked.need, "_size": "10", **more})


# MARK: Raw SQLite

# What Datasette asks for one page: the rows in the order of their keys, and how many there are.
FOUND = """FROM listing WHERE rowid IN (SELECT rowid FROM listing_fts WHERE listing_fts MATCH ?1) AND town = ?2
           AND ?3 IN (SELECT value FROM json_each(listing.needs))"""
AS_DATASETTE = (f"SELECT * {FOUND} ORDER BY id LIMIT 11", f"SELECT count(*) {FOUND}")
# The full-text question with the best match first over all towns with the need, which is what Waymark answers.
RANKED = ("""SELECT listing.*, f.rank FROM listing_fts f CROSS JOIN listing ON listing.rowid = f.rowid
             WHERE listing_fts MATCH ?1 AND ?3 IN (SELECT value FROM json_each(listing.needs))
             AND ?2 = ?2 ORDER BY f.rank LIMIT 10""",)


def raw_milliseconds(file: Path, statements: tuple[str, ...], most: float = 8) -> list[float]:
    """The time of the questions in SQLite itself, one after another, without any server; at most so many seconds."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    times: list[float] = []
    for asked in questions():
        words = " ".join(f'"{word}"' for word in asked.text.split())
        started = time.perf_counter()
        for statement in statements:
            connection.execute(statement, (words, asked.town, asked.need)).fetchall()
        times.append((time.perf_counter() - started) * 1000)
        if sum(times) > most * 1000 and len(times) >= 20:
            break
    connection.close()
    return times


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


# MARK: The benchmarks

def directory_search() -> None:
    data = demo(100_000)
    file = table(data)
    asked = questions()
    with waymark(data) as ours, datasette(file) as peer:
        check_answers(ours, [json_path(a) for a in asked[:20]], b'"contents"')
        check_answers(peer, [table_path(a) for a in asked[:20]], b'"rows"')
        # The peer at its best: without the facet suggestions it adds by default, but with the total, as ours has it.
        one, other, default, uncounted = compare(
            (ours, [json_path(a) for a in asked]),
            (peer, [table_path(a, _nosuggest="1") for a in asked]),
            (peer, [table_path(a) for a in asked]),
            (peer, [table_path(a, _nosuggest="1", _nocount="1") for a in asked]))
    raw, ranked = raw_milliseconds(file, AS_DATASETTE), raw_milliseconds(file, RANKED)
    ratio = one.rate / other.rate
    line(
        "directory-search", one.rate, other.rate, ratio, goal(">= 25", ratio >= 25),
        f"p99 {one.p99:.1f} ms {goal('< 25 ms', one.p99 < 25)}", f"p50 {one.p50:.2f} ms",
        f"processor {one.work:.2f} ms a request", f"datasette p99 {other.p99:.0f} ms",
        f"datasette with suggested facets (its default) {default.rate:.0f}/s, without the total {uncounted.rate:.0f}/s",
        f"limit: raw SQLite FTS5 filtered by town {statistics.mean(raw):.2f} ms, ranked {statistics.mean(ranked):.2f} ms",
        "requests/s; 100,000 services, 8 connections, datasette 0.65.5")


def directory_search_1m() -> None:
    data = demo(1_000_000)
    file = table(data)
    asked = questions()
    with waymark(data) as ours:
        check_answers(ours, [json_path(a) for a in asked[:20]], b'"contents"')
        (one,) = compare((ours, [json_path(a) for a in asked]))
        memory = ours.memory("VmRSS")
    raw, ranked = raw_milliseconds(file, AS_DATASETTE, 30), raw_milliseconds(file, RANKED, 30)
    peer = 1000 / statistics.mean(ranked)
    line(
        "directory-search-1m", one.rate, peer, one.rate / peer, f"p99 {one.p99:.1f} ms {goal('< 100 ms', one.p99 < 100)}",
        f"p50 {one.p50:.2f} ms", f"processor {one.work:.2f} ms a request", f"VmRSS {memory:.0f} MB",
        f"limit: raw SQLite FTS5 ranked {statistics.mean(ranked):.1f} ms, p99 {percentile(ranked, 0.99):.0f} ms, "
        f"filtered by town {statistics.mean(raw):.1f} ms",
        "requests/s; 1,000,000 services, 8 connections; the peer is the ranked question in SQLite, one at a time")


def directory_page() -> None:
    data = demo(100_000)
    with waymark(data) as ours:
        check_answers(ours, ["/en/"], b"\x1f\x8b")
        size = len(ours.get("/en/")[1])
        with bare(size) as peer:
            one, other = compare((ours, ["/en/"]), (peer, ["/"]))
    ratio = one.rate / other.rate
    line(
        "directory-page", one.rate, other.rate, ratio, goal(">= 0.60", ratio >= 0.6), f"p99 {one.p99:.2f} ms",
        f"processor {one.work * 1000:.0f} µs a request", f"limit: bare Hummingbird {other.work * 1000:.0f} µs",
        f"requests/s; {size} bytes on the wire, 8 connections")


def directory_results() -> None:
    data = demo(100_000)
    paths = [page_path(a) for a in questions()]
    with waymark(data) as ours:
        check_answers(ours, paths[:5], b"\x1f\x8b")
        size = int(statistics.median(len(ours.get(path)[1]) for path in paths))
        with bare(size) as peer:
            one, other = compare((ours, paths), (peer, ["/"]))
    raw = raw_milliseconds(table(data), RANKED)
    ratio = one.rate / other.rate
    line(
        "directory-results", one.rate, other.rate, ratio, goal(">= 0.10", ratio >= 0.1), f"p99 {one.p99:.1f} ms",
        f"processor {one.work:.2f} ms a request", f"limit: raw SQLite FTS5 ranked {statistics.mean(raw):.2f} ms",
        f"requests/s; {size} bytes on the wire, 8 connections")


def directory_start() -> None:
    data = demo(100_000)
    file = table(data)
    first = questions()[0]
    starts: dict[str, list[float]] = {"ours": [], "peer": []}
    for _ in range(5):
        with waymark(data, json_path(first)) as ours:
            starts["ours"].append(ours.seconds)
        with datasette(file, table_path(first)) as peer:
            starts["peer"].append(peer.seconds)
    with waymark(data) as ours:
        resting = ours.memory("VmRSS")
        for asked in questions() * 5:
            ours.get(json_path(asked))
        resident, highest = ours.memory("VmRSS"), ours.memory("VmHWM")
        own = ours.memory("RssAnon")
        run(ours, [json_path(a) for a in questions()], SECONDS)
        loaded = ours.memory("VmRSS")
    with datasette(file) as peer:
        for asked in questions():
            peer.get(table_path(asked))
        other = peer.memory("VmRSS")
    one, two = statistics.median(starts["ours"]), statistics.median(starts["peer"])
    line(
        "directory-start", one, two, two / one, goal("< 1 s", one < 1),
        f"after 1,000 searches VmRSS {resident:.0f} MB, VmHWM {highest:.0f} MB {goal('< 200 MB', highest < 200)}",
        f"anonymous {own:.0f} MB, at start {resting:.0f} MB, under load {loaded:.0f} MB, datasette {other:.0f} MB",
        "seconds from exec to the first answered search, median of 5; 100,000 services")


def directory_validate() -> None:
    file = documents(demo(10_000))
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(judged_by_waymark(file))
        theirs.append(judged_by_jsonschema(file))
    one, other = 10_000 / statistics.median(ours), 10_000 / statistics.median(theirs)
    line(
        "directory-validate", one, other, one / other, goal(">= 10", one / other >= 10),
        f"{file.stat().st_size / 1e6 * one / 10_000:.0f} MB/s",
        "services/s; 10,000 fictional services in the full form as JSON lines; ours is the whole program with keys, "
        "confidentiality and freshness, the peer json.loads and jsonschema 4.26 with formats in a warm process")


def directory_import() -> None:
    file = documents(demo(100_000))
    runs, bare_runs = [], []
    for _ in range(RUNS):
        one, folder = taken(file)
        runs.append(one)
        bare_runs.append(inserted(folder))
    shutil.rmtree(folder)
    keeping, memory = statistics.median(run.keeping for run in runs), max(run.memory for run in runs)
    ours, peer = 100_000 / keeping, 100_000 / statistics.median(bare_runs)
    line(
        "directory-import", ours, peer, ours / peer, goal(">= 20000", ours >= 20_000), f"{runs[0].rows / keeping:.0f} rows/s",
        f"memory {memory:.0f} MB", goal("< 300 MB", memory < 300),
        f"decoding {file.stat().st_size / 1e6 / statistics.median(run.reading for run in runs):.0f} MB/s beside it",
        f"services/s after decoding, {runs[0].rows / 100_000:.1f} rows each with checks, keys, digests and provenance; the peer "
        "puts the same rows into the same tables and indexes, and nothing else")


def engine_publish() -> None:
    one = published(demo(20_000))
    other = bare_files()
    lists = sizes_of_lists()
    notes = [
        goal("< 60 s", one.first < 60), f"unchanged {one.unchanged:.2f} s {goal('< 2 s', one.unchanged < 2)}",
        f"one service changed {one.one_change:.2f} s", f"{one.files} files, {one.size:.0f} MB, memory {one.memory:.0f} MB",
        f"{one.work:.0f} seconds of the processor", lists]
    if os.environ.get("BENCH_LONG"):
        many = published(demo(100_000), Path(f"{SITE}-many"))
        growth = many.first / one.first / 5
        notes += [f"100,000 services {many.first:.0f} s, {growth:.2f} of linear {goal('<= 1.2', growth <= 1.2)}, unchanged "
                  f"{many.unchanged:.2f} s, one changed {many.one_change:.1f} s, memory {many.memory:.0f} MB"]
    removed()
    line("engine-publish", one.first, other, other / one.first, *notes,
         "seconds for 20,000 services in two languages; the peer compresses and writes the same bytes, on one core")


def sizes_of_lists() -> str:
    sizes = sorted(file.stat().st_size for file in (SITE / "en/stick").glob("*.html"))
    return f"lists of a region {sizes[len(sizes) // 2] / 1000:.0f} kB in the middle, {sizes[-1] / 1000:.0f} kB the largest"


# MARK: The open data

def hsds_list() -> None:
    data = demo(100_000)
    file = table(data)
    pages = [number * 397 % 2000 + 1 for number in range(400)]
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM listing ORDER BY id")]
    connection.close()
    ours_paths = [f"/hsds/services?per_page=50&page={page}" for page in pages]
    peer_paths = ["/listing/listing.json?" + urlencode({"_size": "50", "_nosuggest": "1", "_next": ids[page * 50 - 51]})
                  for page in pages if page > 1]
    with waymark(data) as ours, datasette(file) as peer:
        check_answers(ours, ours_paths[:20], b'"contents"')
        check_answers(peer, peer_paths[:20], b'"rows"')
        size, other_size = len(ours.get(ours_paths[0])[1]), len(peer.get(peer_paths[0])[1])
        one, other, uncounted = compare(
            (ours, ours_paths), (peer, peer_paths), (peer, [path + "&_nocount=1" for path in peer_paths]))
    ratio = one.rate / other.rate
    line(
        "hsds-list", one.rate, other.rate, ratio, goal(">= 20", ratio >= 20), f"p99 {one.p99:.1f} ms",
        f"processor {one.work:.2f} ms a page", f"datasette p99 {other.p99:.0f} ms, without the total {uncounted.rate:.0f}/s",
        f"pages/s of 50 services; {size} bytes, datasette {other_size}; 100,000 services, 8 connections, datasette 0.65.5")


def hsds_stream() -> None:
    data = demo(100_000)
    copy = FOLDER / "stream.ndjson"
    notes = []
    for name, path in (("list", "/hsds/services?format=ndjson"), ("full", "/hsds/services?format=ndjson&full=true")):
        with waymark(data) as ours:
            before = ours.memory("VmRSS")
            size, _ = streamed(ours.port, path, copy)
            first = ours.memory("VmHWM")
            one = statistics.median(rates(ours, path, RUNS))
            last = ours.memory("VmHWM")
        limit = statistics.median(file_to_socket(copy, RUNS))
        copy.unlink()
        notes.append((name, one, limit, f"{name} form {size / 1e6:.0f} MB in a stream: memory {before:.0f} MB at rest, "
                      f"highest {first:.0f} MB in the first stream and {last:.0f} MB after {RUNS + 1}"))
    _, one, limit, flat = notes[0]
    _, whole, whole_limit, whole_flat = notes[1]
    line(
        "hsds-stream", one, limit, one / limit, goal(">= 100 MB/s or half the limit", one >= 100 or one >= limit / 2),
        f"full form {whole:.0f} of {whole_limit:.0f} MB/s", flat, whole_flat,
        "MB/s of ndjson of 100,000 services; the limit is sendfile of the same bytes")


# MARK: PostgreSQL, many nodes, and notes

def asked_as_json() -> list[str]:
    return [json_path(a) for a in questions()]


# What makes the line, its goal in words, and whether ours and the ratio reach it.
TOLD = {
    "engine-writes": (engine_lines.writes, ">= 0.70", lambda ours, ratio: ratio >= 0.7),
    "engine-reads": (lambda: engine_lines.reads(asked_as_json()), "0.9 to 1.1", lambda ours, ratio: 0.9 <= ratio <= 1.1),
    "engine-nodes": (lambda: engine_lines.nodes(asked_as_json()), ">= 1.8", lambda ours, ratio: ratio >= 1.8),
    "engine-fresh": (engine_lines.fresh, "< 1 s", lambda ours, ratio: ours < 1),
    "intake-submit": (intake_lines.submit, ">= 0.5", lambda ours, ratio: ratio >= 0.5),
    "intake-open": (intake_lines.opening, "< 100 ms", lambda ours, ratio: ours < 100),
    "intake-many": (intake_lines.many, "<= 2", lambda ours, ratio: ratio <= 2),
    "intake-timing": (intake_lines.timing, "< 4.5", lambda ours, ratio: ours < 4.5),
    "landscape-qdpx": (landscape_coding.qdpx, "< 2 s", lambda ours, ratio: ours < 2),
    "landscape-workshop": (workshop_lines.workshop, "< 500 ms", lambda ours, ratio: ours < 500),
    "intake-flood": (intake_lines.flood, "< 60 s", lambda ours, ratio: ours < 60),
    "landscape-matrix": (landscape_lines.matrix, "< 200 ms", lambda ours, ratio: ours < 200),
}


def told(name: str) -> None:
    made, wanted, is_reached = TOLD[name]
    ours, peer, ratio, notes = made()
    line(name, ours, peer, ratio, goal(wanted, is_reached(ours, ratio)), *notes)


def check_answers(server: Server, paths: list[str], sign: bytes) -> None:
    """A fast wrong answer is none."""
    for path in paths:
        status, body = server.get(path)
        if body[:2] == b"\x1f\x8b" and sign != b"\x1f\x8b":
            body = gzip.decompress(body)
        if status != 200 or sign not in body:
            stop(f"{server.name} answers {path} with status {status} and {body[:200]!r}.")


BENCHMARKS = {
    "directory-search": directory_search, "directory-search-1m": directory_search_1m, "directory-page": directory_page,
    "directory-results": directory_results, "directory-start": directory_start,
    "directory-validate": directory_validate, "directory-import": directory_import,
    "hsds-list": hsds_list, "hsds-stream": hsds_stream, "engine-publish": engine_publish,
} | {name: partial(told, name) for name in TOLD}
LONG = {"directory-search-1m", "intake-many", "intake-timing"}


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    names = sys.argv[1:] or [n for n in BENCHMARKS if n not in LONG or os.environ.get("BENCH_LONG") == "1"]
    for name in names:
        if name not in BENCHMARKS:
            stop(f"There is no benchmark {name}; there are {', '.join(BENCHMARKS)}.")
    needed = (WAYMARK, BARE) if any(not name.startswith("engine-") for name in names) else (WAYMARK,)
    for program in needed:
        if not program.exists():
            stop(f"{program} is missing; run ./bench without BENCH_BUILD=0.")
    for name in names:
        say(name)
        BENCHMARKS[name]()


main()
