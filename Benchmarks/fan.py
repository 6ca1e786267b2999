"""The simplest server that hands what one sends to all who watch: no record, no rule, no page. `fan.py PORT`."""

import asyncio
import sys

EVENT = b"id: 1\nevent: note\ndata: %s\n\n"
watching: set[asyncio.StreamWriter] = set()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if head.startswith(b"GET / "):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        watching.add(writer)
        await reader.read()
        watching.discard(writer)
        return
    if head.startswith(b"GET"):
        writer.write(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        return writer.close()
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    event = EVENT % await reader.readexactly(length)
    for other in watching:
        other.write(event)
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), backlog=1024)
    await server.serve_forever()


asyncio.run(main())
