"""The rules that judge one step: its tool, its params, its deadline, its voter."""

from collections.abc import Callable, Iterator
from typing import Any

from onebox.contract import Tool
from onebox.dag import references
from onebox.judgement import Found, blocker
from onebox.models import Blocker, Json, Role, Step

_ORDER = [Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.GOVERNANCE]
_KNOWN_AT_ADMISSION = {
    "escrow": ("/job/rewardAGIA", "/job/deadline"),
    "stake": ("/stake/amountAGIA",),
}
_VOTES = frozenset({"validator.turn", "validator.commit", "validator.reveal"})


def _tool(found: Found, index: int, step: Step) -> Iterator[Blocker]:
    place, name = f"/steps/{index}/tool", str(step.tool)
    tool = found.contract.tools.get(name)
    if tool is None:
        message = f"There is no tool {name[:64]!r}."
        yield blocker("TOOL_UNKNOWN", place, "contract", message, None, name[:64], step.id)
        return
    if not found.rules.allows(name):
        message = f"The policy of tenant {found.rules.tenant} does not allow {name}."
        limit = ", ".join(t for t in found.rules.allow_tools if found.rules.allows(t)) or "none"
        yield blocker("TOOL_NOT_ALLOWED", place, "allowTools", message, limit, name, step.id)
    if not tool.supported:
        message = f"{name} is not built yet."
        yield blocker("NOT_YET_SUPPORTED", place, "contract", message, None, name, step.id)
    yield from _role(found, place, step, tool)


def _role(found: Found, place: str, step: Step, tool: Tool) -> Iterator[Blocker]:
    if tool.role is None or _ORDER.index(found.role) >= _ORDER.index(tool.role):
        return
    message = f"{tool.tool} needs the role {tool.role.value}; yours is {found.role.value}."
    texts = (tool.role.value, found.role.value)
    fix = "Ask somebody with that role to plan and run it."
    yield blocker("ROLE_FORBIDDEN", place, "role", message, *texts, step.id, fix=fix)


def _params(found: Found, index: int, step: Step) -> Iterator[Blocker]:
    tool = str(step.tool)
    if tool not in found.contract.tools:
        return
    for problem in found.contract.check_params(tool, step.params, allow_refs=True):
        place = f"/steps/{index}/params{problem.pointer}"
        actual = _shown(_value_at(step.params, problem.pointer))
        rule = f"params of {tool}"
        fix = problem.message if problem.code == "PARAM_INVALID" else None
        yield blocker(
            problem.code,
            place,
            rule,
            f"{step.name}: {problem.message}",
            None,
            actual,
            step.id,
            fix=f"Use a value that the tool accepts: {fix}" if fix else None,
        )


def _fixed_before(found: Found, index: int, step: Step) -> Iterator[Blocker]:
    """Holds and instants are taken at admission: no output of the run may stand for them."""
    tool = found.contract.tools.get(str(step.tool))
    places = _KNOWN_AT_ADMISSION.get(str(tool.holds), ()) if tool else ()
    for reference in references(step.params):
        hidden = [place for place in places if f"{place}/".startswith(f"{reference.pointer}/")]
        if hidden:
            where, pointer = hidden[0], f"/steps/{index}/params{reference.pointer}"
            message = f"{step.name}: {where} must be a value, not an output of {reference.step}."
            rule, fix = "admission", "Write the value itself: it is held before the run begins."
            yield blocker("PARAM_INVALID", pointer, rule, message, None, None, step.id, fix=fix)


def _deadline(found: Found, index: int, step: Step) -> Iterator[Blocker]:
    limit, job = found.rules.max_duration_days, step.params.get("job")
    days = job.get("deadline") if isinstance(job, dict) else None
    if limit is None or type(days) is not int or days <= limit:
        return
    message = f"The job lasts {days} days; the organisation allows {limit}."
    place, texts = f"/steps/{index}/params/job/deadline", (str(limit), str(days))
    code = "JOB_DEADLINE_CAP_EXCEEDED"
    yield blocker(code, place, "maxDurationDays", message, *texts, step.id)


def _ens(found: Found, index: int, step: Step) -> Iterator[Blocker]:
    """Once a plan: the first step of the vote speaks for all."""
    votes = [s for s in found.plan.steps if s.tool in _VOTES and "ens" not in s.params]
    if found.ens or not votes or step is not votes[0]:
        return
    message = "Neither the sentence nor your token names the ENS subdomain that votes."
    place = f"/steps/{index}/params/ens"
    yield blocker("ENS_REQUIRED", place, "ens", message, None, None, step.id)


STEP_RULES: tuple[Callable[[Found, int, Step], Iterator[Blocker]], ...] = (
    _tool,
    _params,
    _fixed_before,
    _deadline,
    _ens,
)


def _value_at(params: Json, pointer: str) -> Any:
    value: Any = params
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        else:
            value = value[int(name)] if isinstance(value, list) and name.isdigit() else None
    return value


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)[:200]
