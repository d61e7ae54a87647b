"""A real PostgreSQL for the tests: found and started once a session, ended with it.

The binaries are those of PyPI's `pgserver`, else of an installed PostgreSQL. It listens on a
socket file alone and keeps nothing: its folder is removed at the end.
"""

import atexit
import functools
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

_START_SECONDS = 60.0
# Tests kill processes, never the machine: what fsync guards against does not happen here.
_QUICK = ("fsync=off", "full_page_writes=off", "max_connections=200", "listen_addresses=")
# PostgreSQL refuses to run as root.
_UNPRIVILEGED = "nobody"
# Our end of its stdin closes when we end, even if we are killed: then the server stops too.
_KEEPER = '"$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server'


class PostgresMissing(Exception):  # noqa: N818 - it says what is the case
    """No PostgreSQL can be run here; the message says why."""


@asynccontextmanager
async def database(template: str = "template1") -> AsyncIterator[str]:
    """The URL of a database of its own, dropped afterwards; else the test is skipped.

    It is empty, or a copy of the template that `name_of` gives. In continuous integration a
    PostgreSQL that cannot run fails the test.
    """
    folder = _server_or_skip()
    name = f"onebox_{uuid4().hex}"
    await _command(folder, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _url(folder, name).render_as_string()
    finally:
        await _command(folder, f"DROP DATABASE {name} WITH (FORCE)")


def is_here() -> bool:
    """Whether there is one to run."""
    try:
        return bool(_binaries())
    except PostgresMissing:
        return False


def name_of(url: str) -> str:
    """What the database behind a URL is called."""
    return make_url(url).database or ""


def _server_or_skip() -> Path:
    try:
        return _server()
    except PostgresMissing as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"PostgreSQL: {missing}")


@functools.cache
def _server() -> Path:
    """The folder of the session's server.

    Raises:
        PostgresMissing: there is none, or it does not start.
    """
    found = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="onebox-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    programs = _readable(found, folder) if os.geteuid() == 0 else found
    data, socket = folder / "data", f"unix_socket_directories={folder}"
    made = ["-D", str(data), "-U", "onebox", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
    _run(folder, [str(programs / "initdb"), *made])
    options = [word for option in (*_QUICK, socket) for word in ("-c", option)]
    _start(folder, [str(programs / "postgres"), "-D", str(data), *options])
    return folder


def _binaries() -> Path:
    package = importlib.util.find_spec("pgserver")
    places = [
        Path(p) / "pginstall" / "bin" for p in getattr(package, "submodule_search_locations", [])
    ]
    on_path = shutil.which("initdb")
    places += [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return place
    raise PostgresMissing("neither pgserver's wheel nor an installed server is here")


def _readable(programs: Path, folder: Path) -> Path:
    """Give the folder, and a copy of what may lie under a private one, to an ordinary user."""
    if "pginstall" in programs.parts:
        site, package = programs.parents[2], programs.parents[1]
        for each in (package, *site.glob("pgserver.libs")):
            shutil.copytree(each, folder / each.name)
        programs = folder / package.name / "pginstall" / "bin"
    user = _user()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    return programs


def _user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_UNPRIVILEGED)
    except KeyError as error:
        raise PostgresMissing(
            f"root may not run it, and nobody is called {_UNPRIVILEGED}"
        ) from error


def _run(folder: Path, command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, user=_as_user(), cwd=folder, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise PostgresMissing(str(error)) from error
    if done.returncode:
        raise PostgresMissing(f"initdb: {done.stderr.strip()}")


def _start(folder: Path, command: list[str]) -> None:
    log = folder / "log"
    with log.open("wb") as file:
        keeper = subprocess.Popen(
            ["sh", "-c", _KEEPER, "sh", *command],
            user=_as_user(),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=file,
        )
    atexit.register(_stop, keeper)
    until = time.monotonic() + _START_SECONDS
    while b"ready to accept connections" not in log.read_bytes():
        if b"FATAL" in log.read_bytes() or time.monotonic() > until:
            raise PostgresMissing(log.read_text(errors="replace").strip())
        time.sleep(0.05)


def _stop(keeper: subprocess.Popen[bytes]) -> None:
    keeper.communicate()


def _as_user() -> int | None:
    return _user().pw_uid if os.geteuid() == 0 else None


def _url(folder: Path, name: str) -> URL:
    return URL.create("postgresql", "onebox", database=name, query={"host": str(folder)})


async def _command(folder: Path, statement: str) -> None:
    url = _url(folder, "postgres").set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
