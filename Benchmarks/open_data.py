"""Whole streams from a server to a socket, and the same bytes from a file to a socket: the limit."""

import multiprocessing
import socket
import time
from pathlib import Path

from servers import Server


def streamed(port: int, path: str, copy: Path | None = None) -> tuple[int, float]:
    """Bytes of the whole answer and seconds from the request to its last byte; the body goes to `copy` if given."""
    buffer = bytearray(1 << 20)
    view = memoryview(buffer)
    file = copy.open("wb") if copy else None
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n".encode())
        size = 0
        while count := connection.recv_into(view):
            size += count
            if file:
                file.write(view[:count])
    seconds = time.perf_counter() - started
    if file:
        file.close()
    return size, seconds


def send(listener: socket.socket, file: Path, times: int) -> None:
    for _ in range(times):
        connection, _ = listener.accept()
        with connection, file.open("rb") as source:
            connection.recv(65536)
            connection.sendfile(source)


def file_to_socket(file: Path, times: int) -> list[float]:
    """MB/s of sendfile(2) from another process, read as the streams are."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sender = multiprocessing.get_context("fork").Process(target=send, args=(listener, file, times))
        sender.start()
        rates = []
        for _ in range(times):
            size, seconds = streamed(listener.getsockname()[1], "/")
            rates.append(size / seconds / 1e6)
        sender.join()
    return rates


def rates(server: Server, path: str, times: int) -> list[float]:
    found = []
    for _ in range(times):
        size, seconds = streamed(server.port, path)
        found.append(size / seconds / 1e6)
    return found
