"""The one way to change a policy: edit the file, restart ICS and OneBox (docs/operations.md)."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from cli.client import ApiError, OneBox
from cli.supervisor.layout import ROOT
from cli.supervisor.supervisor import Supervisor
from onebox.models import RunState
from tests.e2e.lifecycle import begun, ended, job_of, judged, ready, staffed, waiting
from tests.e2e.stacks import stack_on

pytestmark = [pytest.mark.live, pytest.mark.timeout(240), pytest.mark.store("postgresql")]
POST = "Post a 20 AGIALPHA job to tag 20 songs, due in 3 days"


@pytest_asyncio.fixture(loop_scope="session")
async def own(kind: str, tmp_path: Path) -> AsyncIterator[Supervisor]:
    """A stack whose config folder the test may edit."""
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    var = tmp_path / "var"
    var.mkdir()
    async with stack_on(kind, var, config) as stack:
        yield stack


def deny(config: Path, *tools: str) -> None:
    """Acme may no longer use these tools."""
    file = config / "org-policies.json"
    orgs = json.loads(file.read_text(encoding="utf-8"))
    orgs["acme"]["deniedTools"] = list(tools)
    file.write_text(json.dumps(orgs), encoding="utf-8")


async def refusal(user: OneBox, plan_id: str) -> ApiError:
    """Why the plan may not run."""
    with pytest.raises(ApiError) as caught:
        await user.execute(plan_id, [])
    return caught.value


async def test_open_plans_are_stale_running_runs_go_on_new_ones_obey(own: Supervisor) -> None:
    """Posting and paying are denied while a job is under way: it is paid, nothing new begins."""
    url = own.endpoints.api
    async with httpx.AsyncClient(base_url=url, timeout=90, trust_env=False) as http:
        users = {name: OneBox(name, token.token, http) for name, token in own.tokens.items()}
        operator = users["operator"]
        await staffed(users)
        run_id = await begun(operator, POST)
        found = await waiting(operator, run_id, "collect_submissions")
        open_plan = (await operator.plan(POST)).plan.plan_id
        deny(own.layout.config, "job.post", "job.finalize")
        for part in ("ics", "api"):
            own.kill(part)
        await ready(http, after=1.0)
        stale = await refusal(operator, open_plan)
        assert (stale.code, stale.problem["fields"]) == ("PLAN_STALE", ["/basis/rules"])
        fresh = await refusal(operator, (await operator.plan(POST)).plan.plan_id)
        assert {blocker["code"] for blocker in fresh.problem["blockers"]} == {"TOOL_NOT_ALLOWED"}
        await judged(users, job_of(found))
        end = await ended(operator, run_id)
        assert (end.run.state, end.run.error) == (RunState.SUCCEEDED, None)
