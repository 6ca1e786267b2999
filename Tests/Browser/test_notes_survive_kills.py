"""Notes that were acknowledged are there after `kill -9`, whole, and those that were not are there whole or not at all."""

import http.client
import os
import random
import re
import threading
import time
from urllib.parse import urlencode

from conftest import Server, until

KILLS = int(os.environ.get("WAYMARK_KILLS", "20"))
SENTENCE = "A fictional sentence that has to stay."


class Person:
    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def ask(self, path, fields=None):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST" if fields else "GET", path, urlencode(fields) if fields else None, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def form(self, path):
        return re.search(r'name="form" value="([^"]+)"', self.ask(path)[1]).group(1)

    def begin(self):
        fields = [("form", self.form("/en/notes/new")), ("own-words", SENTENCE), ("reach", SENTENCE), ("next", SENTENCE)]
        status, page = self.ask("/en/notes/new", fields)
        return re.search(r"\d{4}( \d{4}){9}", page).group(0) if status == 200 else None

    def open(self, receipt):
        return self.ask("/en/notes/opening", [("form", self.form("/en/notes")), ("receipt", receipt)])


def write_until(server, kept, over):
    person = Person(server)
    while not over.is_set():
        try:
            receipt = person.begin()
        except (OSError, http.client.HTTPException, AttributeError):
            return
        if receipt:
            kept.append(receipt)


def test_no_acknowledged_note_is_lost_when_the_server_is_killed(tmp_path, capsys):
    kept = []
    for kill in range(KILLS):
        before = len(kept)
        server, over = Server(tmp_path), threading.Event()
        writers = [threading.Thread(target=write_until, args=(server, kept, over)) for _ in range(3)]
        for writer in writers:
            writer.start()
        if kill % 2:
            until(lambda: len(kept) > before, 20)
        time.sleep(random.uniform(0.05, 0.6))
        server.process.kill()
        server.process.wait()
        over.set()
        for writer in writers:
            writer.join()
    server = Server(tmp_path)
    person = Person(server)
    for receipt in kept:
        status, page = person.open(receipt)
        assert status == 200 and page.count(SENTENCE) == 3
    server.stop()
    with capsys.disabled():
        print(f"\n{KILLS} kills while notes were written; {len(kept)} acknowledged, none lost")
    assert len(kept) >= KILLS // 2
