"""What a handler says: whole lines, in the forms of the grammar."""

import json

from cli.conformance.check import Broken, must
from cli.conformance.checks.samples import pin, screen
from cli.conformance.grammar import faults
from cli.conformance.target import Target
from cli.conformance.wire import chunks_of

_TYPE = "text/plain"


async def whole_lines(on: Target) -> str:
    """Every chunk ends with a newline."""
    ask = pin(on)
    headers = {**on.auth, **ask.headers, "Content-Type": "application/json"}
    chunks = await chunks_of(f"{on.url}/intents", headers, json.dumps(ask.body).encode())
    must(bool(chunks), "nothing was said")
    broken = [chunk[-40:] for chunk in chunks if not chunk.endswith(b"\n")]
    must(not broken, f"a chunk ends without a newline: {broken[:1]}")
    return f"{len(chunks)} chunks"


async def text(on: Target) -> str:
    """UTF-8 under text/plain, with the key in a header."""
    heard = await on.show(pin(on))
    said = heard.headers.get("Content-Type", "")
    must(said.partition(";")[0].strip() == _TYPE, f"Content-Type is {said!r}")
    must(bool(heard.key), "there is no Intent-Key")
    try:
        heard.content.decode()
    except UnicodeDecodeError as error:
        raise Broken(f"not UTF-8: {error}") from error
    return said


async def grammar(on: Target) -> str:
    """Shown and done, each line has its form and its place."""
    seen = 0
    for ask in (screen(on), pin(on)):
        for heard in (await on.show(ask), await on.post(ask)):
            status = await on.status(heard.key)
            found = faults(heard.lines, status.outcome)
            must(not found, f"{ask.body['intent']}: {'; '.join(found[:2])}")
            seen += len(heard.lines)
    return f"{seen} lines"
