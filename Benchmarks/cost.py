"""Prints the rows of docs/scaling.md: what so many services cost. `.venv-bench/bin/python Benchmarks/cost.py 1000 10000 100000`"""

import json
import sys
import time
from pathlib import Path

from data import demo
from load import run
from questions import questions
from servers import waymark
from urllib.parse import urlencode

SECONDS = 4


def megabytes(*files: Path) -> float:
    return sum(file.stat().st_size for file in files if file.exists()) / 1e6


def row(services: int) -> str:
    data = demo(services)
    asked = ["/en/find?" + urlencode({"q": one.text, "near": one.town, "need": one.need}) for one in questions()]
    with waymark(data, patience=600) as server:
        listed = json.loads(server.get("/hsds/services?minimal=true&per_page=400")[1])["contents"]
        pages = [f"/en/services/{one['id']}" for one in listed]
        kinds = {}
        for name, paths in (("search", asked), ("page", pages), ("data", ["/hsds/services?per_page=50&page=3"])):
            run(server, paths, 2)
            kinds[name] = run(server, paths, SECONDS)
        memory = server.memory("VmRSS")
        own = server.memory("RssAnon")
    with waymark(data, "/en/find.json?q=food", patience=600) as server:
        start = server.seconds
    records = megabytes(data / "waymark.sqlite", data / "waymark.sqlite-wal")
    documents = megabytes(data / "documents.sqlite", data / "documents.sqlite-wal")
    index = megabytes(data / "search.index")
    cells = [f"{services:,}", *(f"{kinds[name]['p50']:.1f} / {kinds[name]['p99']:.1f}, {kinds[name]['work']:.2f}"
                                for name in ("search", "page", "data")),
             f"{own:.0f} of {memory:.0f}", f"{records:.0f}", f"{documents:.0f}", f"{index:.1f}", f"{start:.1f}"]
    return "| " + " | ".join(cells) + " |"


for size in map(int, sys.argv[1:]):
    began = time.monotonic()
    print(row(size), flush=True)
    print(f"{size}: {time.monotonic() - began:.0f} s", file=sys.stderr)
