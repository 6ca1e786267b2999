"""Starts a server on a free loopback port, waits for its first answer, and ends it whatever happens."""

import http.client
import os
import socket
import subprocess
import time
from pathlib import Path

from settings import BARE, DATASETTE, FOLDER, REGION, WAYMARK, stop


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server; `seconds` is the time from exec to its first answer to `path`."""

    def __init__(self, name: str, command: list[str], port: int, path: str, patience: float = 60, **environment: str):
        FOLDER.mkdir(exist_ok=True)
        self.name, self.port = name, port
        self.log = FOLDER / f"{name}.log"
        with self.log.open("wb") as log:
            started = time.perf_counter()
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **environment})
        while not self.answers(path):
            if self.process.poll() is not None:
                stop(f"{name} ended before it answered; its words are in {self.log}.")
            if time.perf_counter() - started > patience:
                self.close()
                stop(f"{name} did not answer within {patience:.0f} s; its words are in {self.log}.")
            time.sleep(0.002)
        self.seconds = time.perf_counter() - started

    def answers(self, path: str) -> bool:
        try:
            return self.get(path)[0] < 500
        except OSError:
            return False

    def get(self, path: str) -> tuple[int, bytes]:
        """The status and the body as it goes over the wire, compressed where the server does that."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def memory(self, field: str) -> float:
        """`VmRSS` or `VmHWM` in MB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
        return 0

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def waymark(data: Path, path: str = "/readyz", patience: float = 60) -> Server:
    port = free_port()
    return Server(
        "waymark", [str(WAYMARK), "serve"], port, path, patience,
        PORT=str(port), WAYMARK_DATA=str(data), WAYMARK_REGION=str(REGION), WAYMARK_DATABASE="")


def bare(size: int) -> Server:
    port = free_port()
    return Server("bare", [str(BARE), str(port), str(size)], port, "/")


def datasette(file: Path, path: str = "/-/versions.json") -> Server:
    port = free_port()
    return Server(
        "datasette", [str(DATASETTE), "serve", str(file), "--host", "127.0.0.1", "--port", str(port)], port, path)
