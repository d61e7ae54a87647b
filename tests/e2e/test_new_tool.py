"""docs/contract.md section 3, done to the letter on a copy of ICS."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from activities.ics_client import IcsClient, IntentCall
from cli.supervisor.layout import ICS, ROOT
from cli.supervisor.supervisor import Supervisor
from onebox.contract import load_contract
from onebox.digest import step_digest
from onebox.models import Json, Outcome, Role, StepKind
from onebox.policy import load_rulebook
from onebox.simulator import simulate
from tests.support.builders import TRACE, plan_of, step

pytestmark = [
    pytest.mark.live,
    pytest.mark.timeout(240),
    # Nothing here is kept in the store: one stack is enough.
    pytest.mark.store("sqlite"),
]

TOOL, INTENT = "text.count", "count_words"
PARAMS: Json = {"text": "one two  three"}
META: Json = {"userId": "operator", "traceId": TRACE}
TOKEN = "service-token-of-the-test"
_BLOCK = re.compile(r"\*\*`([^`]+)`\*\*.*?```ts\n(.*?)```", re.DOTALL)


async def test_a_tool_is_one_commit(up: Supervisor, tmp_path: Path) -> None:
    """A row and a handler: it compiles, is exported, Python takes a plan with it, and it runs."""
    config = _copied(tmp_path)
    _written_as_the_page_says(tmp_path / "ics", config)
    await _node(tmp_path, "node_modules/.bin/tsc", "--noEmit")
    await _node(tmp_path, "node_modules/.bin/tsx", "src/contract.ts")
    _python_takes_it(config)
    await _it_runs(up, tmp_path, config)


def _copied(folder: Path) -> Path:
    """The sources and the config, each file of git's; the installed packages are shared."""
    for name in ("src", "package.json", "tsconfig.json"):
        (shutil.copytree if (ICS / name).is_dir() else shutil.copy)(
            ICS / name, _parent(folder / "ics") / name
        )
    (folder / "ics" / "node_modules").symlink_to(ICS / "node_modules")
    (folder / "ics" / "artifacts").symlink_to(ICS / "artifacts")
    return Path(shutil.copytree(ROOT / "config", folder / "config"))


def _parent(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _written_as_the_page_says(ics: Path, config: Path) -> None:
    page = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    blocks = dict(_BLOCK.findall(page.partition("## 3. Adding a tool")[2]))
    row, handler, entry = (blocks[name] for name in _PLACES)
    (ics.parent / _PLACES[1]).write_text(handler)
    _insert(ics.parent / _PLACES[0], row, "} satisfies Record<string, Row")
    line, entry = entry.strip().split("\n")
    _insert(ics.parent / _PLACES[2], line + "\n", "import { createJob }")
    _insert(ics.parent / _PLACES[2], entry + "\n", "  'job.post': createJob")
    policy = json.loads((config / "policies.default.json").read_text())
    policy["allowTools"].append(TOOL)
    (config / "policies.default.json").write_text(json.dumps(policy))


_PLACES = ("ics/src/schema.ts", "ics/src/handlers/count_words.ts", "ics/src/router.ts")


def _insert(path: Path, text: str, before: str) -> None:
    head, mark, tail = path.read_text(encoding="utf-8").partition(before)
    assert mark, f"{path.name} has no {before}"
    path.write_text(head + text + mark + tail)


async def _node(folder: Path, *words: str) -> None:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=folder / "ics", capture_output=True, text=True, check=False
        )

    done = await asyncio.to_thread(run)
    assert done.returncode == 0, done.stdout + done.stderr


def _python_takes_it(config: Path) -> None:
    """Right params pass, wrong ones are a blocker; nothing in Python knew the tool before."""
    contract = load_contract(config)
    rules = load_rulebook(config, None, None).for_tenant("acme")
    digests = {TOOL: contract.tools[TOOL].digest}
    verdicts = {}
    for name, params in {"right": PARAMS, "wrong": {"text": 7}}.items():
        counted = step("count", tool=TOOL, params=params)
        counted = counted.model_copy(update={"kind": StepKind.VALIDATE})
        plan = plan_of(counted, tools=digests, rules=rules.digest)
        found = simulate(plan, rules, contract, role=Role.OPERATOR, ens=None)
        verdicts[name] = [blocker.code for blocker in found.blockers]
    assert verdicts == {"right": [], "wrong": ["PARAM_INVALID"]}


async def _it_runs(up: Supervisor, folder: Path, config: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "RPC_URL": up.endpoints.chain,
        "ICS_TOKEN": TOKEN,
        "ICS_JOURNAL": str(folder / "journal.db"),
        "ICS_DEPLOYMENT": str(up.deployment_file),
        "ICS_PIN_DIR": str(folder / "pins"),
        "ONEBOX_CONFIG_DIR": str(config),
    }
    process = await asyncio.create_subprocess_exec(
        *("node_modules/.bin/tsx", "src/server.ts"),
        cwd=folder / "ics",
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=sys.stderr,
    )
    try:
        assert process.stdout is not None
        port = json.loads(await process.stdout.readline())["port"]
        async with httpx.AsyncClient(trust_env=False) as http:
            await _called(IcsClient(f"http://127.0.0.1:{port}", TOKEN, http))
    finally:
        process.terminate()
        await process.wait()


async def _called(ics: IcsClient) -> None:
    shown = await ics.dry_run(INTENT, PARAMS, META)
    assert (shown.status.outcome, shown.status.outputs) == (Outcome.DRY_RUN, {"words": 3})
    plan_id = "ab" * 32
    digest = step_digest(
        plan_id=plan_id, step_id="count", gen=0, intent=INTENT, params=PARAMS, meta=META
    )
    call = IntentCall(
        intent=INTENT,
        params=PARAMS,
        meta=META,
        confirm=True,
        key="run_toy:count:0",
        plan_id=plan_id,
        digest=digest,
        not_after=int(time.time()) + 30,
    )
    async with ics.stream(call) as heard:
        said = b"".join([chunk async for chunk in heard.chunks]).decode()
    assert said == "🔍 Count words\n• Characters: 14\n✅ The text has 3 words.\n"
    assert (await ics.status(heard.key)).outcome is Outcome.EXECUTED
