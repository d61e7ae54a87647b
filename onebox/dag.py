"""The plan as a graph: is it one, what may start, and what refers to what."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from onebox.digest import canonical
from onebox.errors import InputUnresolved, PlanInvalid
from onebox.models import Json, OrchestrationPlan, Step

MAX_STEPS = 1_000
MAX_BYTES = 200 * 1024


class Reference(NamedTuple):
    """A leaf `{"$from": step, "path": name}` of params; `pointer` is where it stands."""

    pointer: str
    step: str
    path: str


def check(plan: OrchestrationPlan) -> None:
    """Refuse what is not a DAG of steps that refer to what they need.

    Raises:
        PlanInvalid: naming the first step that is wrong (reliability.md P3).
    """
    _check_size(plan)
    _check_needs(plan.steps)
    order = _in_order_of_need(plan.steps)
    _check_references(order)


def ready(
    steps: Sequence[Step], done: Collection[str], started: Collection[str] = ()
) -> list[Step]:
    """Steps not yet started whose needs are all done, in plan order."""
    return [
        step
        for step in steps
        if step.id not in started and step.id not in done and all(n in done for n in step.needs)
    ]


def references(params: Any, pointer: str = "") -> list[Reference]:
    """Every `$from` leaf of a JSON value, in order; pointers are relative to it."""
    return list(_walk(params, pointer))


def is_reference(value: Any) -> bool:
    """True for a well-formed `$from` leaf."""
    return (
        isinstance(value, dict)
        and set(value) == {"$from", "path"}
        and isinstance(value["$from"], str)
        and isinstance(value["path"], str)
    )


def resolve(params: Json, outputs: Mapping[str, Json]) -> Json:
    """The params with every `$from` leaf replaced by the output that it names.

    Raises:
        InputUnresolved: when a step brought no such output.
    """
    resolved = _resolve(params, outputs)
    return resolved if isinstance(resolved, dict) else {}


def _resolve(value: Any, outputs: Mapping[str, Json]) -> Any:
    if is_reference(value):
        return _output(value["$from"], value["path"], outputs)
    if isinstance(value, dict):
        return {key: _resolve(item, outputs) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolve(item, outputs) for item in value]
    return value


def _output(step: str, path: str, outputs: Mapping[str, Json]) -> Any:
    value: Any = outputs.get(step)
    for name in path.split("."):
        if not isinstance(value, dict) or value.get(name) is None:
            raise InputUnresolved(f"Step {step} gave no output {path!r}.", step_id=step, path=path)
        value = value[name]
    return value


def _walk(value: Any, pointer: str) -> Iterator[Reference]:
    if isinstance(value, dict):
        if "$from" in value:
            yield _reference(value, pointer)
            return
        for key, item in value.items():
            yield from _walk(item, f"{pointer}/{escape(key)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, f"{pointer}/{index}")


def _reference(value: Json, pointer: str) -> Reference:
    if not is_reference(value):
        raise PlanInvalid(f'{pointer} is not {{"$from": step, "path": name}}.', pointer=pointer)
    return Reference(pointer, value["$from"], value["path"])


def escape(token: str) -> str:
    """One token of a JSON Pointer (RFC 6901)."""
    return token.replace("~", "~0").replace("/", "~1")


def _check_size(plan: OrchestrationPlan) -> None:
    if len(plan.steps) > MAX_STEPS:
        raise PlanInvalid(f"The plan has {len(plan.steps)} steps; {MAX_STEPS} are allowed.")
    size = len(canonical(plan.model_dump(mode="json", by_alias=True)))
    if size > MAX_BYTES:
        raise PlanInvalid(f"The plan has {size} bytes; {MAX_BYTES} are allowed.")


def _check_needs(steps: Sequence[Step]) -> None:
    known: set[str] = set()
    for index, step in enumerate(steps):
        if step.id in known:
            raise _wrong(index, step, "id", f"The id {step.id!r} is used twice.")
        known.add(step.id)
    for index, step in enumerate(steps):
        unknown = next((need for need in step.needs if need not in known), None)
        if unknown is not None:
            raise _wrong(index, step, "needs", f"Step {step.id} needs {unknown!r}: no such step.")


def _in_order_of_need(steps: Sequence[Step]) -> list[tuple[int, Step]]:
    """Kahn's algorithm: each step after all that it needs; linear in steps and needs."""
    open_needs = {step.id: len(set(step.needs)) for step in steps}
    needed_by: dict[str, list[str]] = {step.id: [] for step in steps}
    for step in steps:
        for need in set(step.needs):
            needed_by[need].append(step.id)
    place = {step.id: (index, step) for index, step in enumerate(steps)}
    free = [step.id for step in steps if not open_needs[step.id]]
    for step_id in free:
        for other in needed_by[step_id]:
            open_needs[other] -= 1
            if not open_needs[other]:
                free.append(other)  # the loop goes on to what it frees
    _refuse_cycle(steps, set(free))
    return [place[step_id] for step_id in free]


def _refuse_cycle(steps: Sequence[Step], free: set[str]) -> None:
    for index, step in enumerate(steps):
        if step.id not in free:
            raise _wrong(index, step, "needs", f"Step {step.id} needs itself, through a cycle.")


def _check_references(order: Sequence[tuple[int, Step]]) -> None:
    behind: dict[str, int] = {}  # the steps behind each step, as bits: 1,000 steps stay cheap
    bit = {step.id: 1 << position for position, (_, step) in enumerate(order)}
    for index, step in order:
        behind[step.id] = 0
        for need in step.needs:
            behind[step.id] |= bit[need] | behind[need]
        for found in references(step.params, f"/steps/{index}/params"):
            if not behind[step.id] & bit.get(found.step, 0):
                message = (
                    f"{found.pointer} refers to {found.step!r}, which {step.id} does not need."
                )
                raise PlanInvalid(message, pointer=found.pointer, step_id=step.id)


def _wrong(index: int, step: Step, field: str, message: str) -> PlanInvalid:
    return PlanInvalid(message, pointer=f"/steps/{index}/{field}", step_id=step.id)
