"""What operators of the service look at: liveness, readiness, metrics, schema."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from api.openapi import schema_text
from onebox.models import RunState
from tests.api import runs
from tests.api.plans import TRACE, stored
from tests.api.runs import a_run
from tests.api.world import CONFIG, World

PARTS = {"store", "temporal", "worker", "ics", "chain", "contract"}


async def _samples(world: World) -> dict[str, float]:
    text = (await world.http.get("/metrics")).text
    families = text_string_to_metric_families(text)
    return {s.name: s.value for f in families for s in f.samples if "le" not in s.labels}


async def _parts(world: World) -> tuple[int, dict[str, str]]:
    answer = await world.http.get("/readyz")
    parts: dict[str, str] = answer.json()["parts"]
    return answer.status_code, parts


async def test_healthz_asks_nobody(world: World) -> None:
    """Alive even when everything else is gone; no token is asked for."""
    world.ics.down = world.engine.down = True
    answer = await world.http.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


async def test_readyz_names_each_part(world: World) -> None:
    """200 when all are there, else 503 with Retry-After and the reason at the missing ones."""
    assert await _parts(world) == (200, dict.fromkeys(PARTS, "ok"))
    world.engine.worker = False
    code, parts = await _parts(world)
    assert code == 503
    assert {name for name, reason in parts.items() if reason != "ok"} == {"worker"}
    assert int((await world.http.get("/readyz")).headers["Retry-After"]) >= 1
    world.engine.down = True
    assert {n for n, reason in (await _parts(world))[1].items() if reason != "ok"} == {
        "worker",
        "temporal",
    }


async def test_readyz_sees_a_disk_that_takes_nothing_in(world: World, tmp_path: Path) -> None:
    """Before a write fails; what only reads would not notice."""
    file = _store_in(tmp_path)
    gone = file.rename(tmp_path / "gone")
    assert "No such file" in (await _parts(world))[1]["store"]
    gone.rename(file)
    assert (await _parts(world))[1]["store"] == "ok"


def _store_in(folder: Path) -> Path:
    (file,) = folder.rglob("*.db")
    return file


async def test_readyz_without_ics_chain_or_agreement(world: World) -> None:
    """Each failure is told apart."""
    world.ics.chain = "behind"
    assert {n for n, reason in (await _parts(world))[1].items() if reason != "ok"} == {
        "chain",
        "contract",
    }
    world.ics.chain = "ok"
    world.clock.now += 3
    world.ics.contract_json["policy"]["digest"] = "0" * 64
    code, parts = await _parts(world)
    assert code == 503
    assert "policy" in parts["contract"]
    world.ics.down = True
    assert (await _parts(world))[1]["ics"].startswith("ICS_UNAVAILABLE")


async def test_ended_runs_are_counted_once_whatever_is_polled(world: World) -> None:
    """Ten polls and ten scrapes later the counters are the same."""
    ends = (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED, RunState.CANCELLED)
    for state in ends:
        world.clock.now += 86_400
        run_id = await a_run(world)
        await runs.end(world, run_id, state)
        for _ in range(10):
            await world.get("/status", run_id=run_id)
            found = await _samples(world)
    assert (found["run_success_total"], found["run_fail_total"]) == (1, 1)
    assert found["onebox_run_cancelled_total"] == 2
    assert not [name for name in found if name.endswith("_created")]


async def test_each_ended_step_is_observed_once(world: World) -> None:
    """Its real time, from its first start."""
    run_id = await a_run(world)
    for step in ("moderation_gate", "pin_spec"):
        await runs.begin(world, run_id, step)
        await runs.settle(world, run_id, step)
    found = await _samples(world)
    assert found["execute_step_latency_seconds_count"] == 2
    assert found["execute_step_latency_seconds_sum"] == 4.0


async def test_a_simulation_is_observed_once(world: World) -> None:
    """Executing simulates too, but is no simulation that anybody asked for."""
    plan = await stored(world)
    await world.post("/simulate", {"plan_id": plan.plan_id})
    await world.post("/execute", {"plan_id": plan.plan_id})
    assert (await _samples(world))["simulate_latency_seconds_count"] == 1


async def test_openapi_is_served_and_checked_in(world: World) -> None:
    """docs/openapi.json is what `python -m api.openapi` prints."""
    answer = await world.http.get("/openapi.json")
    assert "/onebox/plan" in answer.json()["paths"]
    checked_in = (CONFIG.parent / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert checked_in == schema_text(), "run: python -m api.openapi > docs/openapi.json"


async def test_each_request_is_one_log_line_with_its_ids_and_no_secret(world: World) -> None:
    """Method, path, status, time, user, plan, run and trace; never a token."""
    with capture_logs(processors=[merge_contextvars]) as logs:
        run_id = await a_run(world)
    (line,) = [entry for entry in logs if entry["event"] == "api.request"]
    assert (line["method"], line["path"], line["status"]) == ("POST", "/onebox/execute", 200)
    assert (line["user"], line["run_id"]) == ("operator", run_id)
    assert line["trace_id"] == TRACE
    assert len(line["plan_id"]) == 64
    assert line["ms"] > 0
    assert world.tokens["operator"] not in str(logs)


async def test_a_fault_of_ours_is_a_problem_document_and_a_log_line(world: World) -> None:
    """500 tells the trace id and nothing of the fault; the log tells the rest."""

    @world.app.get("/fault")
    async def fault() -> None:
        raise RuntimeError("the secret of the fault")

    with capture_logs(processors=[merge_contextvars]) as logs:
        answer = await world.http.get("/fault")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in answer.text
    (line,) = [entry for entry in logs if entry["event"] == "api.fault"]
    assert line["trace_id"] == answer.json()["trace_id"]
