"""The benchmarks of PostgreSQL and many nodes; each gives what its line says: ours, peer, ratio, notes."""

import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine import (Writer, captured, filled, nearly_all, node, pgbench, postgres, rate_of_changes, remove, seconds_until_found,
                    service_ids)
from load import compare, run
from servers import Server
from settings import FOLDER, RUNS, SECONDS, say

SERVICES = 5000
CHANGES = int(os.environ.get("BENCH_CHANGES", "1000"))
Line = tuple[float, float, float, list[str]]


def writes() -> Line:
    with postgres() as server:
        data = filled(1000, server.address)
        ids = service_ids(data, server.address, 2)
        writer = Writer(data, server.address)
        rate_of_changes(writer, ids[1:], 20)
        script = captured(server, writer, ids[0])
        ours, peer = [], []
        for _ in range(RUNS):
            # Both change one listing: a long history is read again at every change.
            ours.append(rate_of_changes(writer, ids[1:2], 100))
            peer.append(pgbench(server, script, 100))
            server.sql(f"DELETE FROM metadata WHERE resource_id IN ('{ids[0]}', '{ids[1]}')")
        writer.close()
        remove(data)
    one, other = statistics.median(ours), statistics.median(peer)
    return one, other, one / other, [
        f"changes/s by one writer, each on the disk; {script.count(';') + script.count('gset')} statements a change, as pgbench -M prepared sends them"]


def reads(paths: list[str]) -> Line:
    with postgres() as server:
        data = filled(SERVICES, server.address)
        own_data = filled(SERVICES, "")
        with node("on-postgresql", data, server.address) as on_postgres, node("on-sqlite", own_data, "") as on_sqlite:
            one, other = compare((on_postgres, paths), (on_sqlite, paths))
        remove(data, own_data)
    return one.rate, other.rate, one.rate / other.rate, [
        f"requests/s; processor {one.work:.3f} and {other.work:.3f} ms a search",
        f"{SERVICES:,} services, the peer is the same program on SQLite"]


def nodes(paths: list[str]) -> Line:
    """The load takes processor time of the same two cores, so what counts is requests a second of a node's own core."""
    with postgres() as server:
        data = filled(SERVICES, server.address)
        other_data = Path(tempfile.mkdtemp(prefix="waymark-bench-", dir=FOLDER))
        with node("alone", data, server.address, "taskset", "-c", "0") as alone:
            run(alone, paths, 2)
            single = statistics.median(1000 / run(alone, paths, SECONDS)["work"] for _ in range(RUNS))
        with node("first", data, server.address, "taskset", "-c", "0") as first, \
                node("second", other_data, server.address, "taskset", "-c", "1") as second:
            both = [both_at_once(first, second, paths) for _ in range(RUNS)]
        remove(data, other_data)
    pair = statistics.median(both)
    return pair, single, pair / single, [
        "requests for each second of a core, two nodes with a core each under load at once against one: the load generator and PostgreSQL "
        "share the same cores, so requests by the clock would measure them"]


def both_at_once(first: Server, second: Server, paths: list[str]) -> float:
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda server: run(server, paths, SECONDS), (first, second)))
    return sum(1000 / result["work"] for result in found)


def fresh() -> Line:
    with postgres() as server:
        data = filled(1000, server.address)
        other = Path(tempfile.mkdtemp(prefix="waymark-bench-", dir=FOLDER))
        ids = service_ids(data, server.address, 100)
        writer = Writer(Path(tempfile.mkdtemp(prefix="waymark-bench-", dir=FOLDER)), server.address)
        letters = "bcdfghjklm"
        times = []
        with node("first", data, server.address), node("second", other, server.address) as second:
            for number in range(CHANGES):
                word = "zq" + "".join(letters[int(digit)] + "a" for digit in f"{number:04d}")
                writer.change(ids[number % len(ids)], "alternate_name", word)
                times.append(seconds_until_found(second, word))
        writer.close()
        remove(data, other)
    say(f"fresh: median {statistics.median(times):.3f} s, longest {max(times):.3f} s")
    worst = nearly_all(times)
    return worst, 1.0, 1 / worst, [
        f"median {statistics.median(times) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms",
        f"seconds from a change kept to found on another node, p99 of {CHANGES}; 1,000 services; the peer is the second that is promised"]
