"""The yardstick of the copy: aiohttp hears, sqlite3 keeps, a loop reads; nothing is checked."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from aiohttp import ClientSession

from bench.handler import LINES, stamp_of

_PAGE, _POLL_SECONDS = 1_000, 0.01
# As durable as the store of OneBox.
_SETTINGS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"


async def copy(url: str, folder: Path, heard: Callable[[float], None]) -> None:
    """Every line into a table and out again; `heard` gets the delay of each, seconds."""
    path = folder / "bare.db"
    with sqlite3.connect(path) as writer, sqlite3.connect(path) as reader:
        writer.executescript(_SETTINGS)
        writer.execute("CREATE TABLE line (position INTEGER PRIMARY KEY, data BLOB NOT NULL)")
        writer.commit()
        await asyncio.gather(_written(writer, url), _read(reader, heard))
    writer.close()
    reader.close()


async def _written(db: sqlite3.Connection, url: str) -> None:
    tail = b""
    async with ClientSession() as http, http.post(f"{url}/intents") as answer:
        async for chunk in answer.content.iter_any():
            *whole, tail = (tail + chunk).split(b"\n")
            with db:
                db.executemany("INSERT INTO line (data) VALUES (?)", ((line,) for line in whole))


async def _read(db: sqlite3.Connection, heard: Callable[[float], None]) -> None:
    position = 0
    query = "SELECT position, data FROM line WHERE position > ? ORDER BY position LIMIT ?"
    while position < LINES:
        rows = db.execute(query, (position, _PAGE)).fetchall()
        now = time.time()
        for _, data in rows:
            heard(now - stamp_of(data))
        position = rows[-1][0] if rows else position
        await asyncio.sleep(0 if rows else _POLL_SECONDS)
