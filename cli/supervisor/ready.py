"""Does a part really do its work? Each check asks the part itself."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from cli.supervisor.process import Process

Check = Callable[[], Awaitable[None]]
_PAUSE_SECONDS = 0.05
_QUICK = httpx.Timeout(6.0, connect=1.0)


class NotReady(Exception):  # noqa: N818 - it says what is the case
    """The part does not do its work yet; the text says why."""


async def wait_until(check: Check, process: Process, patience: float) -> None:
    """Repeat a check until it passes.

    Raises:
        NotReady: the process ended, or `patience` seconds passed; with the last reason.
    """
    end = time.monotonic() + patience
    while not process.ended:
        try:
            return await check()
        except NotReady as reason:
            if time.monotonic() > end:
                raise NotReady(f"not ready after {patience:.0f} s: {reason}") from reason
        await asyncio.sleep(_PAUSE_SECONDS)
    raise NotReady(await process.wait())


def chain_answers(url: str) -> Check:
    """The node knows its height."""

    async def check() -> None:
        asked = {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
        answer = await _http("POST", url, json=asked)
        if "result" not in answer.json():
            raise NotReady(answer.text)

    return check


def file_written(path: Path) -> Check:
    """The part has written its file."""

    async def check() -> None:
        if not _holds_text(path):
            raise NotReady(f"{path.name} is not there yet")

    return check


def http_ok(url: str, token: str | None = None) -> Check:
    """The page answers 200, to the bearer of the token where one is given."""

    async def check() -> None:
        answer = await _http("GET", url, token=token)
        if answer.status_code != httpx.codes.OK:
            raise NotReady(f"{answer.status_code} {answer.text[:500]}")

    return check


def temporal_serves(address: str, namespace: str, ui: str) -> Check:
    """The namespace is there, and the Web UI answers."""

    async def check() -> None:
        try:
            client = await Client.connect(address, namespace=namespace)
            await client.workflow_service.describe_namespace(
                DescribeNamespaceRequest(namespace=namespace)
            )
        except (RPCError, RuntimeError) as error:
            raise NotReady(str(error)) from error
        await http_ok(ui)()

    return check


def _holds_text(path: Path) -> bool:
    try:
        return bool(path.read_text(encoding="utf-8").strip())
    except OSError:
        return False


async def _http(
    method: str, url: str, json: dict[str, object] | None = None, token: str | None = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with httpx.AsyncClient(timeout=_QUICK, trust_env=False) as client:
            return await client.request(method, url, json=json, headers=headers)
    except httpx.HTTPError as error:
        raise NotReady(f"{type(error).__name__} at {url}") from error
