"""The benchmarks of a person's notes: beginning, opening, a shelf of many files, and thirty people beside a flood."""

import http.client
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from desks import Desk
from engine_lines import Line
from servers import Server, waymark
from settings import BARE, FOLDER, RUNS, SECONDS, say, stop

CLIENTS = (1, 2, 8, 32)
PEOPLE, FLOOD_A_MINUTE = 30, 10_000
FEW, MANY = 1000, 300_000
TRIES = 10_000
TEXTS = ["needs-more", "reach", "times", "never", "must-not-know", "next", "access", "companions-more", "own-words"]
# About 2 kB in all seven parts.
TYPED = [(name, f"A fictional sentence for {name}. " * 7) for name in TEXTS] + [("languages", "fr"), ("interpreter", "yes")]


class Person:
    """Somebody with a browser without script."""

    def __init__(self, server: Server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)

    def ask(self, path: str, fields: list[tuple[str, str]] | None = None) -> tuple[int, str]:
        if fields is None:
            self.connection.request("GET", path)
        else:
            self.connection.request(
                "POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def form(self, path: str) -> str:
        return hidden(self.ask(path)[1], "form")

    def begin(self, form: str) -> tuple[int, str]:
        return self.ask("/en/notes/new", [("form", form), *TYPED])

    def open(self, form: str, digits: str) -> tuple[int, str]:
        return self.ask("/en/notes/opening", [("form", form), ("receipt", digits)])


def hidden(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]+)"', page)
    return found.group(1) if found else stop(f"A page of the notes has no field {name}.")


def digits(page: str) -> str:
    found = re.search(r"\d{4}( \d{4}){9}", page)
    return found.group(0) if found else stop("A page that should show a receipt shows none.")


@contextmanager
def empty():
    """A data folder of its own, gone afterwards."""
    FOLDER.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="notes-", dir=FOLDER))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


# Beginning and opening


def submit() -> Line:
    """The line says the level at which the program comes least near to its primitives."""
    rates, peers, failed = {}, {}, 0
    with empty() as data, waymark(data) as server:
        for clients in CLIENTS:
            found, bare_found = [], []
            for _ in range(RUNS):
                rate, wrong = begun(server, clients)
                found.append(rate)
                failed += wrong
                bare_found.append(bare(clients, data))
            rates[clients], peers[clients] = statistics.median(found), statistics.median(bare_found)
    worst = min(CLIENTS, key=lambda clients: rates[clients] / peers[clients])
    levels = ", ".join(f"{clients}: {rates[clients]:.0f} of {peers[clients]:.0f}" for clients in CLIENTS)
    return rates[worst], peers[worst], rates[worst] / peers[worst], [
        f"{failed} failed", f"intakes of 2 kB a second, by clients at once: {levels}",
        "the peer is Argon2id, a key pair, 14 seals and one SQLite transaction in a program that does nothing else"]


def begun(server: Server, clients: int) -> tuple[float, int]:
    """Intakes a second and how many failed. The form is taken before the clock, as a person does."""
    until = time.perf_counter() + SECONDS

    def work(_: int) -> tuple[int, int]:
        person, kept, failed = Person(server), 0, 0
        while time.perf_counter() < until:
            status, page = person.begin(person.form("/en/notes/new"))
            if status == 200 and digits(page):
                kept += 1
            else:
                failed += 1
        return kept, failed

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        found = list(pool.map(work, range(clients)))
    return sum(kept for kept, _ in found) / (time.perf_counter() - started), sum(failed for _, failed in found)


def bare(clients: int, folder: Path) -> float:
    file = folder / f"bare-{uuid.uuid4()}.sqlite"
    done = subprocess.run(
        [str(BARE.with_name("BareIntake")), str(clients), str(SECONDS), str(file)], capture_output=True, text=True)
    if done.returncode:
        stop(f"BareIntake failed: {done.stderr.strip()}")
    return float(done.stdout)


def opening() -> Line:
    with empty() as data, waymark(data) as server:
        person = Person(server)
        receipts = [digits(person.begin(person.form("/en/notes/new"))[1]) for _ in range(10)]
        times = [opened(person, random.choice(receipts)) for _ in range(200)]
    median = statistics.median(times) * 1000
    return median, 100, 100 / median, [
        f"longest {max(times) * 1000:.0f} ms", "ms to open a file of seven parts by its receipt, median of 200; the peer is what is promised"]


def opened(person: Person, receipt: str) -> float:
    form = person.form("/en/notes")
    started = time.perf_counter()
    status, page = person.open(form, receipt)
    seconds = time.perf_counter() - started
    if status != 200 or "A fictional sentence" not in page:
        stop(f"A receipt did not open its notes: {status}.")
    return seconds


def timing() -> Line:
    """Receipts of which half is somebody's against receipts of nobody, in any order, each on a form of its own."""
    with empty() as data, waymark(data) as server:
        person = Person(server)
        ours, other = (words(person.begin(person.form("/en/notes/new"))[1]) for _ in range(2))
        times = {True: [], False: []}
        for _ in range(TRIES):
            is_known = random.random() < 0.5
            tried = ours[:6] + other[6:] if is_known else random.sample(ours + other, 12)
            form = person.form("/en/notes")
            started = time.perf_counter()
            status, _ = person.open(form, " ".join(tried))
            times[is_known].append((time.perf_counter() - started) * 1000)
            if status != 403:
                stop(f"A wrong receipt got {status}.")
    known, unknown = times[True], times[False]
    error = (statistics.variance(known) / len(known) + statistics.variance(unknown) / len(unknown)) ** 0.5
    found = abs(statistics.mean(known) - statistics.mean(unknown)) / error
    return found, 4.5, 4.5 / found, [
        f"|t| of Welch over {TRIES:,} wrong receipts, half of them with a file's half; means {statistics.mean(known):.2f} and {statistics.mean(unknown):.2f} ms"]


def words(page: str) -> list[str]:
    return re.findall(r"<li>(\w+)</li>", page.split('class="receipt', 1)[1].split("</ol>")[0])


# A shelf of many files


def many() -> Line:
    """Opening, granting and a desk's list, by one client, with a thousand files and with 300,000."""
    with empty() as data:
        with waymark(data) as server:
            person = Person(server)
            receipts = [digits(person.begin(person.form("/en/notes/new"))[1]) for _ in range(20)]
            desk = Desk(server, data)
            for receipt in receipts:
                grant(person, receipt, desk.id)
        few = with_files(data, FEW, receipts, desk)
        lots = with_files(data, MANY, receipts, desk)
    ratios = {name: lots[name] / few[name] for name in few}
    worst = max(ratios, key=ratios.get)
    said = ", ".join(f"{name} {few[name] * 1000:.1f} and {lots[name] * 1000:.1f} ms" for name in few)
    return lots[worst] * 1000, few[worst] * 1000, ratios[worst], [said, f"medians with {FEW:,} and {MANY:,} files"]


def with_files(data: Path, files: int, receipts: list[str], desk: Desk) -> dict[str, float]:
    copy_files(data / "waymark.sqlite", files, desk.id, len(receipts))
    with waymark(data, patience=600) as server:
        person = Person(server)
        times = {"opening": [], "granting": [], "a desk's list": []}
        for number in range(60):
            receipt = receipts[number % len(receipts)]
            times["opening"].append(opened(person, receipt))
            times["granting"].append(grant(person, receipt, desk.id, days=(7, 30, 180)[number // len(receipts)]))
            times["a desk's list"].append(desk.seconds_for_list(server))
    return {name: statistics.median(found) for name, found in times.items()}


def grant(person: Person, receipt: str, desk: str, days: int = 90) -> float:
    stay = hidden(person.open(person.form("/en/notes"), receipt)[1], "stay")
    page = person.ask("/en/notes/grants/form", [("stay", stay)])[1]
    parts = re.findall(r'name="part" value="([^"]+)"', page)
    fields = [("stay", stay), ("recipient", desk), ("purpose", "help"), ("days", str(days)), ("part", random.choice(parts))]
    started = time.perf_counter()
    status, page = person.ask("/en/notes/grants", fields)
    seconds = time.perf_counter() - started
    if status != 200:
        stop(f"A grant was not kept: {status}.")
    person.ask("/en/notes/closing", [("stay", stay)])
    return seconds


def copy_files(path: Path, files: int, desk: str, given: int) -> None:
    """Copies what stands there under other ids, three parts and a grant to another desk each, until there are so many. The desk that is
    measured has the first so many grants again."""
    say(f"Filling up to {files:,} files")
    with sqlite3.connect(path, isolation_level=None) as database:
        database.execute("PRAGMA synchronous = OFF")
        model = database.execute("SELECT id FROM file LIMIT 1").fetchone()[0]
        parts = [row[0] for row in database.execute("SELECT id FROM part WHERE file_id = ? LIMIT 3", (model,))]
        columns = {table: names(database, table) for table in ("file", "part", "part_key", "intake_grant")}
        database.execute("BEGIN")
        later = "SELECT id FROM intake_grant WHERE recipient_id = ? ORDER BY rowid LIMIT -1 OFFSET ?"
        database.execute(f"DELETE FROM grant_part WHERE grant_id IN ({later})", (desk, given))
        database.execute(f"DELETE FROM intake_grant WHERE id IN ({later})", (desk, given))
        for _ in range(files - database.execute("SELECT count(*) FROM file").fetchone()[0]):
            copied(database, columns, model, parts)
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def names(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


def copied(database: sqlite3.Connection, columns: dict, model: str, parts: list[str]) -> None:
    file, given = str(uuid.uuid4()), str(uuid.uuid4())

    def copy(table: str, where: str, value: str, **changed: str) -> None:
        chosen = ", ".join("?" if name in changed else name for name in columns[table])
        values = [changed[name] for name in columns[table] if name in changed]
        database.execute(f"INSERT INTO {table} SELECT {chosen} FROM {table} WHERE {where} = ? LIMIT 1", [*values, value])

    copy("file", "id", model, id=file, locator=file)
    copy("intake_grant", "file_id", model, id=given, file_id=file, recipient_id=str(uuid.uuid4()))
    for part in parts:
        new = str(uuid.uuid4())
        copy("part", "id", part, id=new, file_id=file)
        copy("part_key", "part_id", part, part_id=new)
        database.execute("INSERT INTO grant_part (grant_id, part_id) VALUES (?, ?)", (given, new))


# Thirty people beside a flood


def flood() -> Line:
    """Each person takes a form, writes for ten seconds, and presses until it is kept; all while the flood takes and sends forms."""
    over = threading.Event()
    with empty() as data, waymark(data) as server:
        sent = [0]
        floods = [threading.Thread(target=pour, args=(server, sent, over)) for _ in range(100)]
        for thread in floods:
            thread.start()
        started = time.perf_counter()
        with ThreadPoolExecutor(PEOPLE) as pool:
            found = list(pool.map(lambda _: whole_intake(server), range(PEOPLE)))
        minutes = (time.perf_counter() - started) / 60
        over.set()
        for thread in floods:
            thread.join()
    longest = max(seconds for seconds, _ in found)
    return longest, 60, 60 / longest, [
        f"seconds until the last of {PEOPLE} people behind one address had a receipt, ten of them for writing; pressed {max(t for _, t in found)} times at most",
        f"the flood sent {sent[0] / minutes:,.0f} requests a minute; the peer is the minute that is promised"]


def whole_intake(server: Server) -> tuple[float, int]:
    started = time.perf_counter()
    person, tries = Person(server), 1
    form = person.form("/en/notes/new")
    time.sleep(10)
    while person.begin(form)[0] != 200:
        tries += 1
        time.sleep(1)
    return time.perf_counter() - started, tries


def pour(server: Server, sent: list[int], over: threading.Event) -> None:
    """A hundredth of the flood: forms are taken and sent as fast as its share allows."""
    pause = 2 * 100 * 60 / FLOOD_A_MINUTE
    flooder = Person(server)
    due = time.perf_counter() + random.random() * pause
    while not over.wait(max(0, due - time.perf_counter())):
        due += pause
        try:
            flooder.begin(flooder.form("/en/notes/new"))
            sent[0] += 2
        except (OSError, http.client.HTTPException):
            flooder = Person(server)
