# ruff: noqa: N818  the names are the words of the error catalogue
"""A part of OneBox is missing or broken: 500, 503, and refused starts."""

from onebox.errors.base import OneBoxError


class InternalError(OneBoxError):
    """Something failed inside OneBox."""

    code = "INTERNAL_ERROR"
    fix = "Try again; report the trace id when it happens twice."


class ContractDrift(OneBoxError):
    """OneBox and ICS do not agree on tools, policy, fees or chain.

    `differences` names where.
    """

    code, http_status = "CONTRACT_DRIFT", 503
    fix = "Deploy both from the same config; /readyz names the differences."


class IcsUnavailable(OneBoxError):
    """The intent service does not answer."""

    code, http_status = "ICS_UNAVAILABLE", 503
    fix = "Try again shortly; /readyz tells when it is back."


class ChainUnavailable(OneBoxError):
    """The chain does not answer or is not the chain of our records."""

    code, http_status = "CHAIN_UNAVAILABLE", 503
    fix = "Try again shortly; /readyz tells which part is missing."


class TemporalUnavailable(OneBoxError):
    """The workflow engine does not answer."""

    code, http_status = "TEMPORAL_UNAVAILABLE", 503
    fix = "Try again shortly; an admitted run starts by itself once it is back."


class ServerBusy(OneBoxError):
    """The API has as many connections open as it serves."""

    code, http_status = "SERVER_BUSY", 503
    fix = "Try again shortly, or raise ONEBOX_MAX_CONNECTIONS and the limit of open files."


class StoreUnavailable(OneBoxError):
    """The store does not answer."""

    code, http_status = "STORE_UNAVAILABLE", 503
    fix = "Try again shortly; nothing was changed."


class ConfigInvalid(OneBoxError):
    """A configuration file or setting is missing or broken."""

    code = "CONFIG_INVALID"
    fix = "Mend the file and place that the message names, then start again."


class InputUnresolved(OneBoxError):
    """A step refers to an output that an earlier step did not give."""

    code = "INPUT_UNRESOLVED"
    fix = "Look at the outputs of the step that the message names."
