"""A throw-away PostgreSQL for the benchmarks of the engine, what one change sends to it, and pgbench that sends the same."""

import http.client
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from servers import Server, free_port
from settings import FOLDER, REGION, ROOT, WAYMARK, stop

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]


class Postgres:
    """It writes to the disk before it says that a change is kept, unlike in the tests."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="waymark-postgres-", dir="/tmp"))
        self.address = self._script("start").strip()
        self.sql("ALTER SYSTEM SET fsync = on")
        self.sql("SELECT pg_reload_conf()")

    def _script(self, verb: str) -> str:
        return subprocess.run([ROOT / "scripts/postgres.sh", verb, self.folder], check=True, capture_output=True, text=True).stdout

    def sql(self, text: str) -> str:
        return subprocess.run([PROGRAMS / "psql", self.address, "-v", "ON_ERROR_STOP=1", "-qAtc", text], check=True,
                              capture_output=True, text=True).stdout.strip()

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def remove(self) -> None:
        self._script("remove")


@contextmanager
def postgres():
    server = Postgres()
    try:
        yield server
    finally:
        server.remove()


def environment(data: Path, address: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    return plain | {"WAYMARK_DATA": str(data), "WAYMARK_REGION": str(REGION), "WAYMARK_DATABASE": address}


def filled(services: int, address: str) -> Path:
    """A demo of so many services in the database; the folder of the one who made it."""
    FOLDER.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="waymark-bench-", dir=FOLDER))
    done = subprocess.run([WAYMARK, "demo", "--services", str(services)], env=environment(folder, address), capture_output=True, text=True)
    if done.returncode:
        stop(f"waymark demo failed: {done.stderr.strip()}")
    return folder


def node(name: str, data: Path, address: str, *before: str) -> Server:
    """A running node, with `before` in front of its command, such as what holds it to one core."""
    port = free_port()
    return Server(name, [*before, str(WAYMARK), "serve"], port, "/healthz", 600, PORT=str(port), WAYMARK_DATA=str(data),
                  WAYMARK_REGION=str(REGION), WAYMARK_DATABASE=address)


def service_ids(data: Path, address: str, count: int) -> list[str]:
    done = subprocess.run([WAYMARK, "service", "list", "--limit", str(count)], env=environment(data, address), capture_output=True, text=True)
    return [line.split()[0] for line in done.stdout.splitlines()]


class Writer:
    """Staff who change one field after another in one process; each change is kept before the next is sent."""

    def __init__(self, data: Path, address: str):
        self.process = subprocess.Popen(
            [WAYMARK, "service", "edit-lines", "--source", "bench"], env=environment(data, address), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1)

    def change(self, id: str, field: str, value: str) -> None:
        self.process.stdin.write(f"{id}\t{field}\t{value}\n")
        self.process.stdin.flush()
        if not self.process.stdout.readline().strip().isdigit():
            stop("A change was not kept.")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)


# MARK: The same statements

def captured(server: Postgres, writer: Writer, id: str) -> str:
    """What one change sends, as a script for pgbench: numbers of the sequences are read, the rest stands as it was sent."""
    server.sql("ALTER SYSTEM SET log_statement = 'all'")
    server.sql("ALTER SYSTEM SET log_min_messages = 'log'")
    server.sql("SELECT pg_reload_conf()")
    time.sleep(0.5)
    writer.change(id, "wait_time", "watched")
    time.sleep(0.5)
    for name in ("log_statement", "log_min_messages"):
        server.sql(f"ALTER SYSTEM RESET {name}")
    server.sql("ALTER SYSTEM SET log_min_messages = 'fatal'")
    server.sql("SELECT pg_reload_conf()")
    text = server.log()
    start = text.rindex("statement: BEGIN ISOLATION LEVEL READ COMMITTED")
    text = text[start:text.index("COMMIT", text.index("pg_notify", start)) + len("COMMIT")]
    script, numbers = [], 0
    for entry in re.split(r"\n\d{4}-\d\d-\d\d [\d:.]+ UTC \[\d+\] LOG:  ", "\n2000-01-01 0:0 UTC [1] LOG:  " + text)[1:]:
        kind, _, rest = entry.partition(": ")
        if kind == "statement":
            script += [part.strip() + ";" for part in rest.split(";") if part.strip()]
            continue
        statement, _, detail = rest.partition("\n20")
        values = dict(re.findall(r"\$(\d+) = (NULL|'(?:[^']|'')*')", detail.partition("parameters: ")[2]))
        if statement.startswith("INSERT INTO metadata"):
            values["1"] = "gen_random_uuid()::text"
        if statement.startswith(("INSERT INTO change", "INSERT INTO audit")):
            values["1"] = f":n{numbers}_value"
        if statement.startswith("SELECT digest FROM audit"):
            values["1"] = f":n{numbers}_value - 1"
        statement = re.sub(r"\$(\d+)", lambda match: values[match[1]], statement)
        if statement.startswith("UPDATE counter"):
            numbers += 1
            script.append(f"{statement} \\gset n{numbers}_")
        else:
            script.append(statement + ";")
    return "\n".join(script) + "\n"


def pgbench(server: Postgres, script: str, count: int) -> float:
    """Transactions a second over one connection, each statement prepared once."""
    file = server.folder / "change.sql"
    file.write_text(script)
    file.chmod(0o644)
    done = subprocess.run(
        [PROGRAMS / "pgbench", "-n", "-M", "prepared", "-c", "1", "-t", str(count), "-f", file, server.address], capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found:
        stop(f"pgbench failed: {done.stderr.strip()[-500:]}")
    return float(found[1])


def rate_of_changes(writer: Writer, ids: list[str], count: int) -> float:
    started = time.perf_counter()
    for number in range(count):
        writer.change(ids[number % len(ids)], "wait_time", f"{number} days")
    return count / (time.perf_counter() - started)


# MARK: Freshness

def seconds_until_found(node: Server, word: str, most: float = 20) -> float:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=20)
    while time.perf_counter() - began < most:
        connection.request("GET", f"/en/find.json?q={word}&exact=1")
        if b'"total_items":1,' in connection.getresponse().read().replace(b" ", b""):
            return time.perf_counter() - began
        time.sleep(0.002)
    stop(f"A change was not found on {node.name} within {most} s.")


def nearly_all(times: list[float]) -> float:
    """The 99th of a hundred."""
    return statistics.quantiles(times, n=100)[98] if len(times) > 1 else times[0]


def remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
