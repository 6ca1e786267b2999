"""The desk of an organization in a benchmark: somebody joins it through its pages and reads its list."""

import base64
import hmac
import http.client
import json
import re
import struct
import subprocess
import time
from pathlib import Path
from urllib.parse import urlencode

from servers import Server
from settings import REGION, WAYMARK, stop


class Desk:
    """Its session lies in the records, so it outlives the server."""

    cookies = ""

    def __init__(self, server: Server, data: Path, role: str = "provider"):
        self.data, self.port = data, server.port
        self.id = next(
            record["id"] for record in map(json.loads, self.run("export", "--json").splitlines()) if "status" not in record)
        path = re.search(r"/en/invitations/\w+", self.run("account", "invite", self.id, "--role", role)).group(0)
        letters = re.search(r'name="secret" value="(\w+)"', self.ask("GET", path)[1]).group(1)
        answer, page = self.ask("POST", path, {
            "name": "a bench", "passphrase": "seven quiet boats at noon", "secret": letters, "code": code(letters)})
        self.cookies = "; ".join(value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or [])
        if not self.cookies:
            stop(f"Joining a desk failed: {answer.status}.")

    def run(self, *words: str) -> str:
        done = subprocess.run([str(WAYMARK), *words], capture_output=True, text=True, env={
            "PATH": "/usr/bin:/bin", "WAYMARK_DATA": str(self.data), "WAYMARK_REGION": str(REGION)})
        return done.stdout if not done.returncode else stop(f"waymark {words[0]} failed: {done.stderr.strip()}")

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, urlencode(fields) if fields else None, {
            "Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookies})
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer, page

    def seconds_for_list(self, server: Server) -> float:
        self.port = server.port
        started = time.perf_counter()
        answer, page = self.ask("GET", "/en/desk/referrals")
        if answer.status != 200 or 'name="grant"' not in page:
            stop(f"A desk's list does not show what it was given: {answer.status}.")
        return time.perf_counter() - started


def code(letters: str) -> str:
    """The six digits of RFC 6238."""
    key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7fffffff) % 10**6:06}"
