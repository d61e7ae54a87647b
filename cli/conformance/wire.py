"""The chunks of an answer as they were sent: an ordinary HTTP client hides where one ends."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import h11

_READ = 65_536
_SECONDS = 30.0


async def chunks_of(url: str, headers: dict[str, str], body: bytes) -> list[bytes]:
    """POST the body; each chunk of the answer, the whole body as one where it has a length.

    Raises:
        OSError, TimeoutError: the endpoint does not answer.
        h11.RemoteProtocolError: it speaks no HTTP/1.1.
    """
    at = urlsplit(url)
    secure = at.scheme == "https"
    port = at.port or (443 if secure else 80)
    async with asyncio.timeout(_SECONDS):
        reader, writer = await asyncio.open_connection(at.hostname, port, ssl=secure or None)
        try:
            named = {**headers, "Host": at.netloc, "Content-Length": str(len(body))}
            line = h11.Request(method="POST", target=at.path or "/", headers=list(named.items()))
            return [chunk async for chunk in _chunks(reader, writer, line, body)]
        finally:
            writer.close()


async def _chunks(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: h11.Request, body: bytes
) -> AsyncIterator[bytes]:
    peer = h11.Connection(h11.CLIENT)
    for event in (line, h11.Data(data=body), h11.EndOfMessage()):
        writer.write(peer.send(event) or b"")
    await writer.drain()
    whole = b""
    async for event in _events(peer, reader):
        whole += bytes(event.data)
        if event.chunk_end:
            yield whole
            whole = b""
    if whole:
        yield whole


async def _events(peer: h11.Connection, reader: asyncio.StreamReader) -> AsyncIterator[h11.Data]:
    while True:
        event = peer.next_event()
        if event is h11.NEED_DATA:
            peer.receive_data(await reader.read(_READ))
        elif isinstance(event, h11.Data):
            yield event
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return
