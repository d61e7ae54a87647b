# ruff: noqa: N818  the names are the words of the error catalogue
"""The request does not fit what is stored: 404, 409, 410."""

from onebox.errors.base import OneBoxError


class NotFound(OneBoxError):
    """There is nothing at this address."""

    code, http_status = "NOT_FOUND", 404
    fix = "Check the path; /openapi.json lists every route."


class PlanNotFound(OneBoxError):
    """No plan with this id belongs to the caller's tenant."""

    code, http_status = "PLAN_NOT_FOUND", 404
    fix = "Plan the sentence again and use the plan_id of the answer."


class RunNotFound(OneBoxError):
    """No run with this id belongs to the caller's tenant."""

    code, http_status = "RUN_NOT_FOUND", 404
    fix = "Use the run_id that execute answered."


class StepNotFound(OneBoxError):
    """The run has no step with this id."""

    code, http_status = "STEP_NOT_FOUND", 404
    fix = "Status lists the step ids of the run."


class ConfirmationNotFound(OneBoxError):
    """No confirmation with this id belongs to the caller's tenant."""

    code, http_status = "CONFIRMATION_NOT_FOUND", 404
    fix = "List the open ones with GET /onebox/confirmations."


class PlanDigestMismatch(OneBoxError):
    """The plan's content does not hash to its plan_id: it was edited."""

    code, http_status = "PLAN_DIGEST_MISMATCH", 409
    fix = "Send the stored plan_id, or recompute plan_id over the edited plan and simulate it."


class PlanStale(OneBoxError):
    """Tools, rules or chain have changed since the plan was made.

    `fields` lists what differs.
    """

    code, http_status = "PLAN_STALE", 409
    fix = "Plan the sentence again."


class AlreadyDecided(OneBoxError):
    """The question was already answered differently."""

    code, http_status = "ALREADY_DECIDED", 409
    fix = "Read the confirmation to see who decided what."


class DecisionDigestMismatch(OneBoxError):
    """The digest of the verdict is not the digest of what was shown."""

    code, http_status = "DIGEST_MISMATCH", 409
    fix = "Read the confirmation again and quote its digest."


class PlanExpired(OneBoxError):
    """The plan has expired."""

    code, http_status = "PLAN_EXPIRED", 410
    fix = "Plan the sentence again."


class ConfirmationExpired(OneBoxError):
    """The confirmation expired without an answer, which rejects it."""

    code, http_status = "CONFIRMATION_EXPIRED", 410
    fix = "Replay the run; it asks again."
