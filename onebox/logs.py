"""Structured logs: JSON where a machine reads, plain lines on a terminal."""

import logging
import sys
from contextlib import AbstractContextManager
from typing import TextIO

import structlog
from structlog.typing import Processor


def set_up_logs(level: str, stream: TextIO = sys.stderr) -> None:
    """Send all logs, also those of libraries, through structlog to `stream`.

    Args:
        level: debug, info, warning or error.
        stream: a terminal gets readable lines, anything else JSON lines.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _renderer(stream),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Our own line says what was called and for which run; httpx would say each again.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger by module name; events are words with dots, facts are keywords."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found


def bound(
    *, plan_id: str | None = None, run_id: str | None = None, trace_id: str | None = None
) -> AbstractContextManager[None]:
    """Every log line inside the `with` carries the ids that are given."""
    given = {"plan_id": plan_id, "run_id": run_id, "trace_id": trace_id}
    return structlog.contextvars.bound_contextvars(
        **{name: value for name, value in given.items() if value is not None}
    )


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer()
