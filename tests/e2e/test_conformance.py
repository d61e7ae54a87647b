"""`onebox conformance` against the real ICS, and against three broken ones before it."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from cli.conformance.run import Finding, tried
from cli.conformance.table import CHECKS
from cli.conformance.target import Target
from cli.supervisor.layout import ROOT
from cli.supervisor.supervisor import Supervisor
from onebox.contract import load_contract
from onebox.policy import load_rulebook
from tests.e2e.broken_ics import (
    Fault,
    RepeatsOnReplay,
    before,
    drops_the_last_newline,
    ignores_an_absent_confirm,
)
from tests.hostile.sockets import HOST, served

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]
# ICS has no part in the store: one stack is enough.
one_stack = pytest.mark.store("sqlite")


@pytest.fixture
async def real(up: Supervisor) -> AsyncIterator[Target]:
    """The stack's own ICS."""
    token = up.layout.ics_token.read_text().strip()
    contract = load_contract(ROOT / "config")
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        rulebook = load_rulebook(ROOT / "config", None, None)
        yield Target(up.endpoints.ics, token, contract, rulebook, "operator", "acme", http)


@one_stack
async def test_our_own_ics_keeps_every_promise(real: Target) -> None:
    """Every check passes, the deposit included; only what has no occasion is left out."""
    found = [finding async for finding in tried(real, CHECKS, money=True)]
    assert [finding for finding in found if finding.verdict == "failed"] == []
    left_out = {finding.check for finding in found if finding.verdict == "skipped"}
    assert left_out <= {"jobs.facts"}


@one_stack
@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (drops_the_last_newline, "stream.whole_lines"),
        (RepeatsOnReplay(), "keys.replay"),
        (ignores_an_absent_confirm, "consent.confirm"),
    ],
)
async def test_a_broken_ics_fails_at_its_line(real: Target, fault: Fault, line: str) -> None:
    """At that one and at no other."""
    async with served(before(real.url, real.http, fault)) as port:
        broken = replace(real, url=f"http://{HOST}:{port}")
        found = [finding async for finding in tried(broken, CHECKS, money=False)]
    assert [finding.check for finding in found if finding.verdict == "failed"] == [line]
    assert _passed(found) > len(CHECKS) / 2


@one_stack
async def test_the_command_says_it_to_people_and_programs(real: Target) -> None:
    """In a pipe: a line a check and exit code 0; with --json one document; a wrong token fails."""
    plain = _onebox(real.url, real.token)
    assert plain.returncode == 0, plain.stdout + plain.stderr
    lines = plain.stdout.splitlines()
    assert [line.split("\t")[1] for line in lines[:-1]] == [check.name for check in CHECKS]
    assert lines[-1].endswith(" skipped")
    document = json.loads(_onebox(real.url, real.token, "--json").stdout)
    assert document["counts"]["failed"] == 0
    assert len(document["findings"]) == len(CHECKS)
    shut_out = _onebox(real.url, "wrong-token-0123456789")
    assert shut_out.returncode == 1
    assert "failed\tcontract.digests" in shut_out.stdout


def test_nobody_there_is_a_sentence() -> None:
    """No traceback, exit code 1."""
    done = _onebox("http://127.0.0.1:9", "any-token-0123456789")
    assert done.returncode == 1
    assert "ICS_UNAVAILABLE" in done.stderr
    assert "Traceback" not in done.stderr


def _passed(found: list[Finding]) -> int:
    return sum(finding.verdict == "passed" for finding in found)


def _onebox(url: str, token: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as a person types it, its token from the environment."""
    command = [sys.executable, "-m", "cli.main", "conformance", url, *words]
    env = {**os.environ, "ONEBOX_ICS_TOKEN": token}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
