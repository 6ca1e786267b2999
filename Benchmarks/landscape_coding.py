"""The bench of coded texts: a project of 5,000 highlights through the page, out again, and in again."""

import http.client
import io
import re
import statistics
import tempfile
import time
import uuid
import zipfile
from pathlib import Path
from xml.parsers.expat import ParserCreate

from desks import Desk
from engine_lines import Line
from servers import Server, waymark
from settings import FOLDER, RUNS, stop

HIGHLIGHTS, CODES, TEXTS = 5000, 60, 10
SPACE = "urn:QDA-XML:project:1.0"
PIECE = "Où dormir 👩‍👧 ? Nowhere to sleep tonight.\r\n"
PAGE = "/en/desk/landscape/coding"


def project() -> bytes:
    """A fictional .qdpx as another program would write it: nested codes, two coders, texts in files of their own."""
    def guid(kind: int, number: int) -> str:
        return str(uuid.UUID(int=kind << 100 | number))

    codes = "".join(
        f'<Code guid="{guid(1, top)}" name="Theme {top}" isCodable="true" color="#2a6f4f">'
        + "".join(f'<Code guid="{guid(1, top * 10 + below)}" name="Code {top}.{below}" isCodable="true"><Description>About {below}'
                  f"</Description></Code>" for below in range(1, 10)) + "</Code>" for top in range(10, 10 + CODES // 10))
    texts, files = [], {}
    each = HIGHLIGHTS // TEXTS
    for text in range(TEXTS):
        name = guid(2, text)
        files[f"sources/{name}.txt"] = PIECE * each
        marks = "".join(
            f'<PlainTextSelection guid="{guid(3, text * each + at)}" name="Où dormir" startPosition="{at * len(PIECE)}" '
            f'endPosition="{at * len(PIECE) + 14}" creatingUser="{guid(4, at % 2)}" creationDateTime="2024-05-01T10:00:00Z">'
            f'<Description>memo {at}</Description><Coding guid="{guid(5, text * each + at)}" creatingUser="{guid(4, at % 2)}" '
            f'creationDateTime="2024-05-01T10:00:00Z"><CodeRef targetGUID="{guid(1, 100 + at % 10 + at % 6 * 10) if at % 10 else guid(1, 10 + at % 6)}"/></Coding>'
            "</PlainTextSelection>" for at in range(each))
        texts.append(f'<TextSource guid="{name}" name="Table {text}" plainTextPath="internal://{name}.txt">{marks}</TextSource>')
    xml = (f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{SPACE}" name="A bench" origin="A bench">'
           f'<Users><User guid="{guid(4, 0)}" name="A"/><User guid="{guid(4, 1)}" name="B"/></Users>'
           f'<CodeBook><Codes>{codes}</Codes></CodeBook><Sources>{"".join(texts)}</Sources></Project>')
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", xml)
        for name, text in files.items():
            file.writestr(name, text)
    return packed.getvalue()


def bare(packed: bytes) -> list[tuple]:
    """The peer: unpack everything and run its XML through expat, keeping each highlight."""
    found: list[tuple] = []
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        texts = {name: file.read(name).decode() for name in file.namelist() if name != "project.qde"}
        xml = file.read("project.qde")
    source, selection = [""], [()]

    def start(name: str, values: dict[str, str]) -> None:
        if name == "TextSource":
            source[0] = values["plainTextPath"].removeprefix("internal://")
        elif name == "PlainTextSelection":
            begin, end = int(values["startPosition"]), int(values["endPosition"])
            words = texts[f"sources/{source[0]}"][begin:end]
            selection[0] = (values["guid"], begin, end, words, values.get("creatingUser"), values.get("name"))
        elif name == "CodeRef":
            found.append((*selection[0], values["targetGUID"]))

    parser = ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return sorted(found)


class CodingDesk(Desk):
    """Somebody who keeps the landscape."""

    def token(self) -> str:
        return re.search(r'name="form-token" value="(\w+)"', self.ask("GET", PAGE)[1]).group(1)

    def upload(self, packed: bytes, go: str) -> str:
        edge = uuid.uuid4().hex
        fields = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in [("form-token", self.token()), ("go", go)])
        body = (fields + f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.qdpx"\r\n'
                "Content-Type: application/zip\r\n\r\n").encode() + packed + f"\r\n--{edge}--\r\n".encode()
        answer, page = self.send("POST", f"{PAGE}/imports", body, f"multipart/form-data; boundary={edge}")
        if answer.status != 200 or b"Taken in" not in page:
            stop(f"A project was not taken in: {answer.status}.")
        return page.decode()

    def send(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, {"Cookie": self.cookies} | ({"Content-Type": kind} if kind else {}))
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        return answer, said

    def studies(self) -> list[str]:
        return re.findall(rf"{PAGE}/([0-9a-f-]{{36}})", self.ask("GET", PAGE)[1])


def qdpx() -> Line:
    """Seconds to take a project in through the page, kept on the disk with its audit entry."""
    packed = project()
    wanted = bare(packed)
    ours, peer = [], []
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="waymark-bench-", dir=FOLDER) as folder, waymark(Path(folder)) as server:
        desk = CodingDesk(server, Path(folder), "coordinator")
        for _ in range(RUNS + 1):
            before = set(desk.studies())
            started = time.perf_counter()
            desk.upload(packed, "keep")
            ours.append(time.perf_counter() - started)
            started = time.perf_counter()
            bare(packed)
            peer.append(time.perf_counter() - started)
            study = (set(desk.studies()) - before).pop()
            started = time.perf_counter()
            answer, out = desk.send("GET", f"{PAGE}/{study}/files/qdpx")
            export = time.perf_counter() - started
            if answer.status != 200 or bare(out) != wanted:
                stop("A project that went in does not come out equal.")
            packed_again = out
        desk.upload(packed_again, "keep")
    one, other = statistics.median(ours[1:] or ours), statistics.median(peer[1:] or peer)
    return one, other, other / one, [
        f"seconds to take in {HIGHLIGHTS:,} highlights in {TEXTS} texts ({len(packed) / 1e6:.1f} MB) through the page; out again in {export:.2f} s, equal"]
