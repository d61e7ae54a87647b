import io
import json
import logging
from collections.abc import Iterator

import pytest

from onebox.logs import bound, logger, set_up_logs


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Where the logs go; the root logger is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up_logs("info", stream)
    yield stream
    root.handlers[:], root.level = handlers, level


def test_a_pipe_gets_one_json_object_a_line_with_the_bound_ids(out: io.StringIO) -> None:
    """Lines of ours and of libraries carry the ids of the plan in hand."""
    with bound(plan_id="p", run_id=None, trace_id="t"):
        logger("onebox.test").info("plan.made", steps=6)
        logging.getLogger("library").warning("hello %s", "there")
    ours, theirs = (json.loads(line) for line in out.getvalue().splitlines())
    assert (ours["event"], ours["steps"], ours["plan_id"], ours["trace_id"]) == (
        "plan.made",
        6,
        "p",
        "t",
    )
    assert (theirs["event"], theirs["level"], theirs["plan_id"]) == ("hello there", "warning", "p")
    assert "run_id" not in ours


def test_quieter_lines_are_left_out(out: io.StringIO) -> None:
    """The level is a floor."""
    logger("onebox.test").debug("noise")
    assert out.getvalue() == ""
