"""The line grammar of handlers' streams, as docs/contract.md has it."""

import re
from collections.abc import Sequence

from onebox.models import Outcome

_SHOWN = "🧪 Dry-run completed. Set confirm=true to execute."
_FORMS = {
    "packed": re.compile(r"📦 Packaging job spec → \S+( \| mirrored at ar://\S+)?"),
    "title": re.compile(r"🔍 \S.*"),
    "bullet": re.compile(r"• \S.*"),
    "shown": re.compile(re.escape(_SHOWN)),
    "sent": re.compile(r"⛓️ Tx submitted: 0x[0-9a-f]{64}"),
    "done": re.compile(r"✅ \S.*"),
    "refused": re.compile(r"❌ [A-Z][A-Z0-9_]*: \S.*"),
}
_CLOSING = {
    Outcome.DRY_RUN: "shown",
    Outcome.EXECUTED: "done",
    Outcome.REJECTED: "refused",
    Outcome.FAILED: "refused",
}
# A hash has 64 digits; what is longer is call data.
_CALL_DATA = re.compile(r"0x[0-9a-fA-F]{65}")


def faults(lines: Sequence[str], outcome: Outcome) -> list[str]:
    """Everything by which the lines of a call that ended so leave the grammar."""
    forms = [form_of(line) for line in lines]
    closing = _CLOSING.get(outcome)
    found = [f"no form: {line!r}" for line, form in zip(lines, forms, strict=True) if not form]
    if closing is not None and forms[-1:] != [closing]:
        found.append(f"{outcome} ends without its {closing} line: {lines[-1:]}")
    early = set(forms[:-1]) & ({"shown", "done", "refused"} - _before(closing))
    found += [f"a {form} line is not the last one" for form in sorted(early)]
    if outcome is Outcome.DRY_RUN and "sent" in forms:
        found.append("a dry run sent a transaction")
    if "bullet" in forms and "title" not in forms[: forms.index("bullet")]:
        found.append("a bullet stands before every title")
    return found + [f"call data: {line[:80]!r}" for line in lines if _CALL_DATA.search(line)]


def _before(closing: str | None) -> set[str]:
    """A look that is only shown tells what it found, then that nothing was done."""
    return {"done"} if closing == "shown" else set()


def form_of(line: str) -> str:
    """The name of a line's form; empty where it has none."""
    return next((name for name, form in _FORMS.items() if form.fullmatch(line)), "")
