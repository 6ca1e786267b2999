"""The benchmark of a workshop: 200 phones hold the live notes and write, through a server that is killed in the middle."""

import asyncio
import re
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from desks import Desk
from engine_lines import Line
from intake_lines import empty, hidden
from servers import Server, free_port, waymark
from settings import REGION, SECONDS, WAYMARK, stop

PHONES, NOTES_A_SECOND, MOST_MS = 200, 20, 500
TEXT = "a fictional sentence about what is missing in a town that is not there, and about who could help with it"
PATH = "/en/desk/landscape/workshops"
NUMBER, ID = re.compile(rb"\[(\d+)\]"), re.compile(rb"id: (\d+)\n")


class Crowd:
    """What each phone saw of each note, and when."""

    def __init__(self, port: int, path: str):
        self.port, self.path = port, path
        self.seen: list[dict[int, list[float]]] = [{} for _ in range(PHONES)]
        self.listening: list[asyncio.Task] = []
        self.sent: dict[int, float] = {}
        self.again: set[int] = set()

    async def listen(self, phone: int) -> None:
        last = 0
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: {last}\r\n\r\n".encode())
                while True:
                    event = await reader.readuntil(b"\n\n")
                    now = time.perf_counter()
                    if found := ID.search(event):
                        last = int(found.group(1))
                    for number in NUMBER.findall(event):
                        self.seen[phone].setdefault(int(number), []).append(now)
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.2)

    async def send(self, number: int, path: str, body: bytes) -> None:
        """Again and again until there is an answer, as a phone does."""
        self.sent[number] = time.perf_counter()
        request = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept-Encoding: gzip\r\n"
                   f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n").encode()
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(request + body)
                answer = await reader.read()
                writer.close()
                if answer.startswith(b"HTTP/1.1 200"):
                    return
                if answer and not answer.startswith(b"HTTP/1.1 503"):
                    stop(f"A note was answered with {answer[:40]!r}.")
            except OSError:
                pass
            self.again.add(number)
            await asyncio.sleep(0.2)

    async def write(self, first: int, count: int, note) -> None:
        """A steady stream of notes, each from the next phone."""
        started, sending = time.perf_counter(), []
        for index in range(count):
            await asyncio.sleep(max(0, started + index / NOTES_A_SECOND - time.perf_counter()))
            path, body = note(first + index)
            sending.append(asyncio.create_task(self.send(first + index, path, body)))
        await asyncio.gather(*sending)

    async def until_all_saw(self, count: int, seconds: float = 30) -> None:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and any(len(saw) < count for saw in self.seen):
            await asyncio.sleep(0.05)

    def watch(self) -> None:
        self.listening = [asyncio.create_task(self.listen(phone)) for phone in range(PHONES)]

    async def end(self) -> None:
        for task in self.listening:
            task.cancel()
        await asyncio.gather(*self.listening, return_exceptions=True)

    def milliseconds(self) -> list[float]:
        """From sending to the last phone, of notes that were taken at once."""
        return [(max(saw[number][0] for saw in self.seen) - sent) * 1000 for number, sent in self.sent.items()
                if number not in self.again and all(number in saw for saw in self.seen)]

    def lost(self) -> int:
        return sum(number not in saw for saw in self.seen for number in self.sent)

    def doubled(self) -> int:
        return sum(len(times) > 1 for saw in self.seen for times in saw.values())


def opened(server: Server, data: Path) -> str:
    """The key of a new workshop."""
    desk = Desk(server, data, "coordinator")
    page = desk.ask("GET", f"{PATH}/new")[1]
    answer, _ = desk.ask("POST", PATH, {
        "form-token": hidden(page, "form-token"), "form": "bench", "title": "A bench", "venue": "A hall", "date":
        time.strftime("%Y-%m-%d", time.gmtime()), "starts": "12:00", "groups": "Cedar\nSalmon", "minutes-gaps": "50",
        "minutes-who-what-where": "70", "minutes-barriers": "45"})
    if answer.status != 303:
        stop(f"Opening a workshop was answered with {answer.status}.")
    found = re.search(r"/workshops/wall/([0-9a-f]{32})", desk.ask("GET", answer.headers["Location"])[1])
    return found.group(1) if found else stop("The page of a workshop shows no wall.")


def entered(server: Server, room: str) -> list[str]:
    """The secret of each phone."""
    desk = type("Anybody", (), {"cookies": "", "port": server.port, "ask": Desk.ask})()
    secrets = []
    for number in range(PHONES):
        secrets.append(hidden(desk.ask("GET", f"/en/workshops/join/{room}")[1], "phone"))
        answer, _ = desk.ask("POST", "/en/workshops/entry", {"phone": secrets[-1], "room": room, "group": str(number % 2 + 1)})
        if answer.status != 200:
            stop(f"Phone {number} was not let in: {answer.status}.")
    return secrets


async def through_a_kill(server: Server, data: Path, room: str, secrets: list[str]) -> Crowd:
    crowd = Crowd(server.port, f"/en/workshops/live/{room}?after=0")
    crowd.watch()
    await asyncio.sleep(1)
    count = NOTES_A_SECOND * max(SECONDS, 4)

    def note(number: int) -> tuple[str, bytes]:
        return "/en/workshops/notes", urlencode({
            "phone": secrets[number % PHONES], "form": str(number), "kind": "gap", "focus": "prevention",
            "text": f"[{number}] {TEXT}"}).encode()

    writing = asyncio.create_task(crowd.write(0, 2 * count, note))
    await asyncio.sleep(count / NOTES_A_SECOND)
    server.process.kill()
    server.process.wait()
    # On a thread: the phones go on meanwhile.
    server.process = (await asyncio.to_thread(again, server, data)).process
    await writing
    await crowd.until_all_saw(2 * count)
    await crowd.end()
    return crowd


def again(server: Server, data: Path) -> Server:
    return Server("waymark-again", [str(WAYMARK), "serve"], server.port, "/healthz", PORT=str(server.port),
                  WAYMARK_DATA=str(data), WAYMARK_REGION=str(REGION), WAYMARK_DATABASE="")


async def fanned(port: int) -> Crowd:
    """The same bytes to as many, with no record of them."""
    crowd = Crowd(port, "/")
    crowd.watch()
    await asyncio.sleep(1)
    count = NOTES_A_SECOND * max(SECONDS, 4)
    markup = "<li class=\"card\" id=\"note-00000000-0000-4000-8000-000000000000\" data-kind=\"gap\">" + " " * 90
    await crowd.write(0, count, lambda number: ("/", f"{markup}[{number}] {TEXT}</li>".encode()))
    await crowd.until_all_saw(count)
    await crowd.end()
    return crowd


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def workshop() -> Line:
    with empty() as data, waymark(data) as server:
        room = opened(server, data)
        crowd = asyncio.run(through_a_kill(server, data, room, entered(server, room)))
    port = free_port()
    with Server("fan", [sys.executable, str(Path(__file__).with_name("fan.py")), str(port)], port, "/none") as fan:
        bare = asyncio.run(fanned(fan.port))
    ours, peer = crowd.milliseconds(), bare.milliseconds()
    if not ours or not peer:
        stop("No note was seen by all phones.")
    return p95(ours), p95(peer), p95(peer) / p95(ours), [
        f"ms from sending a note to the last of {PHONES} phones, p95 of {len(ours)} (median {statistics.median(ours):.0f}; "
        f"bare fan-out {statistics.median(peer):.0f})",
        f"killed in the middle: {len(crowd.sent)} notes, {len(crowd.again)} sent again, "
        f"{crowd.lost()} lost and {crowd.doubled()} doubled of {len(crowd.sent) * PHONES} sights"]
