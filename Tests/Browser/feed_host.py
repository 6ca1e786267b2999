"""A feed that behaves as badly as it is told: HSDS 3 pages over plain HTTP on a free port."""

import gzip
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BOMB = gzip.compress(b'{"contents":[' + b" " * (200 << 20), 1)


def listing(number, kind="service"):
    record = {"id": f"00000000-0000-4000-8000-{number:012d}", "name": f"Fictional {kind} {number}", "description": "x"}
    return record | ({"status": "active", "phones": []} if kind == "service" else {"locations": []})


class FeedHost:
    def __init__(self):
        self.behaviour, self.services, self.asked = "good", [listing(number) for number in range(1, 31)], []
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                host.asked.append((self.path, self.headers["Host"]))
                try:
                    host.answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hsds"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def page(self, path):
        if "/services" not in path:
            return {"total_items": 0, "total_pages": 0, "last_page": True, "contents": []}
        page = int(path.split("page=")[1].split("&")[0])
        contents = self.services[(page - 1) * 10:page * 10]
        answer = {"total_items": len(self.services), "total_pages": 3, "page_number": page,
                  "last_page": page * 10 >= len(self.services), "contents": contents}
        if self.behaviour == "lies about its size":
            answer["total_items"] = 5000
        if self.behaviour == "never ends":
            answer |= {"last_page": False, "total_pages": 10**9, "total_items": 10**9,
                       "contents": [listing(page * 100 + number) for number in range(100)]}
        if self.behaviour == "repeats itself":
            answer |= {"last_page": False, "contents": self.services[:10]}
        return answer

    def answer(self, to):
        about = to.path.rstrip("/") == "/hsds"
        body = {"version": "3.2.3", "profile": "x", "openapi_url": "x"} if about else self.page(to.path)
        behaviour = "good" if about and self.behaviour != "leads to a file" else self.behaviour
        if behaviour.startswith("leads"):
            place = {"leads to a file": "file:///etc/passwd", "leads inside": "http://169.254.169.254/latest/"}[behaviour]
            return self.send(to, b"", 302, Location=place)
        if behaviour == "broken JSON":
            return self.send(to, b'{"contents":[{"id":')
        if behaviour == "says no":
            return self.send(to, b"no", 503)
        if behaviour == "bomb":
            return self.send(to, BOMB, **{"Content-Encoding": "gzip"})
        if behaviour == "drips":
            to.send_response(200)
            to.send_header("Content-Length", "100000")
            to.end_headers()
            for _ in range(100_000):
                to.wfile.write(b" ")
                to.wfile.flush()
                time.sleep(0.3)
            return None
        if behaviour == "is slow":
            time.sleep(1)
        return self.send(to, json.dumps(body).encode())

    def send(self, to, body, status=200, **headers):
        to.send_response(status)
        to.send_header("Content-Type", "application/json")
        to.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            to.send_header(name, value)
        to.end_headers()
        to.wfile.write(body)
