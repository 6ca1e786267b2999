"""Loads servers with wrk, one connection set, several short runs taken in turn so that a noisy minute meets all."""

import json
import os
import statistics
import subprocess
import tempfile
from dataclasses import dataclass

from servers import Server
from settings import CONNECTIONS, ROOT, RUNS, SECONDS, say, stop


@dataclass
class Load:
    """Medians over the runs: answers per second, milliseconds, processor milliseconds of the server per answer."""
    rate: float
    p50: float
    p99: float
    work: float


def run(server: Server, paths: list[str], seconds: int) -> dict:
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        before = server.processor_seconds()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "-H", "Accept-Encoding: gzip",
             "-s", str(ROOT / "Benchmarks/cycle.lua"), f"http://127.0.0.1:{server.port}"],
            env={**os.environ, "WAYMARK_PATHS": file.name}, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if done.returncode or not lines:
        stop(f"wrk failed against {server.name}: {done.stderr.strip() or done.stdout.strip()}")
    result = json.loads(lines[0].removeprefix("RESULT "))
    if result["faults"]:
        stop(f"{server.name} did not answer {result['faults']} of {result['requests']} requests with 2xx or 3xx.")
    result["rate"] = result["requests"] / result["seconds"]
    result["work"] = (server.processor_seconds() - before) * 1000 / max(1, result["requests"])
    return result


def compare(*contestants: tuple[Server, list[str]]) -> list[Load]:
    results: list[list[dict]] = [[] for _ in contestants]
    for server, paths in contestants:
        run(server, paths, 2)
    for _ in range(RUNS):
        for (server, paths), runs in zip(contestants, results):
            runs.append(run(server, paths, SECONDS))
    for (server, _), runs in zip(contestants, results):
        say(f"{server.name}: " + ", ".join(f"{r['rate']:.0f}/s p99 {r['p99']:.1f} ms" for r in runs))
    return [
        Load(*(statistics.median(r[key] for r in runs) for key in ("rate", "p50", "p99", "work"))) for runs in results]
