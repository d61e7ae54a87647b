"""The contract with ICS as exported by its zod schema; Python holds no second definition."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from jsonschema import Draft202012Validator, SchemaError, ValidationError
from jsonschema.exceptions import best_match

from onebox.config_file import read_json, wrong
from onebox.dag import escape, is_reference
from onebox.digest import digest
from onebox.models import Effect, Json, Role, StepKind

FILE = "ics.contract.json"
_SHOWN = 100  # characters of a wrong value that a message repeats
Holds = Literal["escrow", "stake", "dispute"]


@dataclass(frozen=True)
class Tool:
    """One row of the tool table (DESIGN.md section 3).

    `role` is the role beyond operator that the tool needs; `holds` what it takes from the
    daily budget; `supported` whether its handler is built.
    """

    tool: str
    intent: str
    variant: str | None
    kind: StepKind
    effect: Effect
    role: Role | None
    supported: bool
    holds: Holds | None
    digest: str
    params_schema: Json
    outputs_schema: Json


class ParamProblem(NamedTuple):
    """Why params do not fit; `pointer` is a JSON Pointer into the params."""

    pointer: str
    code: Literal["FIELDS_MISSING", "PARAM_INVALID"]
    message: str


@dataclass(frozen=True)
class Contract:
    """All tools, and the digest over the whole file."""

    digest: str
    tools: dict[str, Tool]

    def check_params(self, tool: str, params: Json, *, allow_refs: bool) -> list[ParamProblem]:
        """Everything wrong with the params of a known tool, in a stable order.

        Args:
            tool: a name in `tools`.
            params: as in a plan's step.
            allow_refs: take a `{"$from", "path"}` leaf for any value (plans); False right
                before sending.
        """
        validator = Draft202012Validator(self.tools[tool].params_schema)
        errors = sorted(validator.iter_errors(params), key=lambda e: [str(p) for p in e.path])
        wanted = (e for e in errors if not (allow_refs and _excused(e, params)))
        return list(dict.fromkeys(p for e in wanted for p in _problems(e)))

    def outputs_of(self, tool: str, outputs: Json) -> Json:
        """Those outputs that the contract names; whoever reads one may rely on its form.

        Raises:
            ValueError: one has another form; the message names it.
        """
        known = self.tools[tool].outputs_schema["properties"]
        found = {name: value for name, value in outputs.items() if name in known}
        for name, value in found.items():
            error = best_match(Draft202012Validator(known[name]).iter_errors(value))
            if error is not None:
                raise ValueError(f"{name}: {_allowed(error)}")
        return found


def load_contract(config_dir: Path) -> Contract:
    """The contract of `config_dir/ics.contract.json`, its digests verified.

    Raises:
        ConfigInvalid: naming file and JSON pointer.
    """
    path = config_dir / FILE
    body = read_json(path)
    if not isinstance(body, dict) or body.get("version") != 1:
        raise wrong(path, "/version", "must be 1")
    if digest({k: v for k, v in body.items() if k != "digest"}) != body.get("digest"):
        raise wrong(path, "/digest", "is not the digest of the file: run npm run contract")
    rows = body.get("tools")
    if not isinstance(rows, dict) or not rows:
        raise wrong(path, "/tools", "must be an object of tools")
    return Contract(body["digest"], {name: _tool(path, name, row) for name, row in rows.items()})


def _tool(path: Path, name: str, row: Any) -> Tool:
    if not isinstance(row, dict):
        raise wrong(path, f"/tools/{name}", "must be an object")
    if digest({k: v for k, v in row.items() if k != "digest"}) != row.get("digest"):
        raise wrong(path, f"/tools/{name}/digest", "is not the digest of the row")
    try:
        Draft202012Validator.check_schema(row["params"])
        return _typed(name, row)
    except (KeyError, ValueError, SchemaError) as error:
        raise wrong(path, f"/tools/{name}", f"is not a tool: {error}") from error


def _typed(name: str, row: Json) -> Tool:
    return Tool(
        tool=name,
        intent=row["intent"],
        variant=row.get("variant"),
        kind=StepKind(row["kind"]),
        effect=Effect(row["effect"]),
        role=Role(row["role"]) if row.get("role") else None,
        supported=row["supported"] is True,
        holds=row.get("holds"),
        digest=row["digest"],
        params_schema=row["params"],
        outputs_schema=row["outputs"],
    )


def _excused(error: ValidationError, params: Json) -> bool:
    """True when the error is about a reference, whose value nobody knows yet."""
    if _through_reference(error.absolute_path, params):
        return True
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    return any(all(_excused(e, params) for e in branch) for branch in branches.values())


def _through_reference(path: Iterable[str | int], params: Json) -> bool:
    value: Any = params
    for part in path:
        if is_reference(value):
            return True
        value = value[part]
    return is_reference(value)


def _problems(error: ValidationError) -> list[ParamProblem]:
    pointer = "".join(f"/{escape(str(part))}" for part in error.absolute_path)
    if error.validator == "required":
        required, given = _names(error), cast("Json", error.instance)
        names = [name for name in required if name not in given]
        return [
            ParamProblem(f"{pointer}/{escape(n)}", "FIELDS_MISSING", f"{n} is missing.")
            for n in names
        ]
    if error.context and all(e.validator == "required" for e in error.context):
        names = sorted({name for e in error.context for name in _names(e)})
        return [ParamProblem(pointer, "FIELDS_MISSING", f"One of {', '.join(names)} is missing.")]
    where = pointer.strip("/").replace("/", ".") or "params"
    return [ParamProblem(pointer, "PARAM_INVALID", f"{where}: {_allowed(error)}")]


def _names(error: ValidationError) -> list[str]:
    return cast("list[str]", error.validator_value)


def _allowed(error: ValidationError) -> str:
    """What the schema allows there; the value itself is cut, it may have 200 KB."""
    value, wanted = json.dumps(error.instance)[:_SHOWN], error.validator_value
    described = cast("Json", error.schema).get("description")
    match error.validator:
        case "anyOf" | "pattern" if described:
            return f"{value} is not {described}."
        case "enum" if isinstance(wanted, list):
            return f"{value} is not one of {', '.join(map(str, wanted))}."
        case "minimum" | "maximum":
            bound = "at least" if error.validator == "minimum" else "at most"
            return f"{value} is not {bound} {wanted}."
        case "type":
            return f"{value} is not of type {wanted}."
        case "pattern":
            return f"{value} does not have the form {wanted}"
        case _:
            text = error.message
            return text if len(text) <= 2 * _SHOWN else f"{text[:_SHOWN]} ... {text[-_SHOWN:]}"
