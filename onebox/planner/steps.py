"""The steps of a plan per kind; fields that the text does not give are absent from params."""

from collections.abc import Sequence
from typing import Any

from onebox.contract import Contract
from onebox.models import Attachment, IntentKind, Json, Step
from onebox.planner.slots import Slots

# The step whose intent the sentence named first: PlanOut.ics is made of it.
MAIN_STEP: dict[IntentKind, str] = {
    IntentKind.POST_JOB: "post_job",
    IntentKind.APPLY: "apply_job",
    IntentKind.SUBMIT: "submit_work",
    IntentKind.FINALIZE: "finalize_payout",
    IntentKind.VALIDATE: "commit_vote",
    IntentKind.DISPUTE: "raise_dispute",
    IntentKind.STAKE: "deposit_stake",
    IntentKind.WITHDRAW: "withdraw_stake",
    IntentKind.ADMIN_SET: "set_parameter",
    IntentKind.CANCEL: "cancel_job",
    IntentKind.RECLAIM: "reclaim_escrow",
}
_SINGLE: dict[IntentKind, tuple[str, str]] = {
    IntentKind.APPLY: ("Submit agent application", "job.apply"),
    IntentKind.SUBMIT: ("Submit work", "job.submit"),
    IntentKind.FINALIZE: ("Finalize and payout", "job.finalize"),
    IntentKind.DISPUTE: ("Raise dispute", "validator.dispute"),
    IntentKind.STAKE: ("Deposit stake", "stake.deposit"),
    IntentKind.WITHDRAW: ("Withdraw stake", "stake.withdraw"),
    IntentKind.ADMIN_SET: ("Set parameter", "governance.set"),
    IntentKind.CANCEL: ("Cancel job", "job.cancel"),
    IntentKind.RECLAIM: ("Reclaim escrow", "job.reclaim"),
}
_MODES = {IntentKind.CANCEL: "cancel", IntentKind.RECLAIM: "reclaim"}
_Row = tuple[str, str, str, Json]


def steps_of(
    intents: Sequence[Slots], attachments: list[Attachment], contract: Contract, ens: str | None
) -> list[Step]:
    """The linear plan for the intents; none for `custom`.

    Args:
        intents: what was understood, in the order of the steps.
        attachments: references that go into the job's spec.
        contract: tells the kind of each tool.
        ens: the caller's own ENS label, for a vote whose text names none.
    """
    rows = [row for slots in intents for row in _rows(slots, attachments, ens)]
    return [
        Step(
            id=step_id,
            name=name,
            kind=contract.tools[tool].kind,
            tool=tool,
            params=params,
            needs=[rows[index - 1][0]] if index else [],
        )
        for index, (step_id, name, tool, params) in enumerate(rows)
    ]


def _rows(slots: Slots, attachments: list[Attachment], ens: str | None) -> list[_Row]:
    if slots.kind is IntentKind.CUSTOM:
        return []
    if slots.kind is IntentKind.POST_JOB:
        return _post(slots, attachments)
    if slots.kind is IntentKind.VALIDATE:
        return _vote(slots, slots.ens_subdomain or ens)
    name, tool = _SINGLE[slots.kind]
    return [(MAIN_STEP[slots.kind], name, tool, _params(slots))]


def _params(slots: Slots) -> Json:
    """Params of the kinds that are one step, each with what its kind knows."""
    given = _given(
        jobId=slots.job_id,
        success=slots.success,
        reason=slots.reason,
        result=slots.result,
        ens={"subdomain": slots.ens_subdomain} if slots.ens_subdomain else None,
        key=slots.key,
        value=slots.value,
        mode=_MODES.get(slots.kind),
    )
    if slots.kind in {IntentKind.STAKE, IntentKind.WITHDRAW}:
        given["stake"] = _given(amountAGIA=slots.amount_agialpha, role=slots.role)
    return given


def _post(slots: Slots, attachments: list[Attachment]) -> list[_Row]:
    files = [a.model_dump(mode="json", exclude_none=True) for a in attachments]
    spec = _given(title=slots.title, description=slots.description, attachments=files or None)
    job = _given(rewardAGIA=slots.reward_agialpha, deadline=slots.deadline_days, title=slots.title)
    pinned = {"uri": _from("pin_spec", "uri"), "specHash": _from("pin_spec", "specHash")}
    posted = {"jobId": _from("post_job", "jobId")}
    success = {"success": _from("validator_review", "success")}
    return [
        ("moderation_gate", "Moderation and plagiarism screening", "safety.moderation", spec),
        (
            "pin_spec",
            "Pin job specification",
            "ipfs.pin",
            _given(spec=spec, attachments=files or None),
        ),
        ("post_job", "Post job on-chain", "job.post", {"job": job | pinned}),
        ("collect_submissions", "Collect submissions", "job.collect", posted),
        ("validator_review", "Validator quorum", "validator.quorum", posted),
        ("finalize_payout", "Finalize and payout", "job.finalize", posted | success),
    ]


def _vote(slots: Slots, ens: str | None) -> list[_Row]:
    job, named = _given(jobId=slots.job_id), {"ens": {"subdomain": ens}} if ens else {}
    vote = job | _given(approve=slots.approve)
    commit, reveal = {"stage": "commit"}, {"stage": "reveal"}
    return [
        ("await_commit", "Wait for commit turn", "validator.turn", job | commit | named),
        ("commit_vote", "Commit vote", "validator.commit", vote | commit | named),
        ("await_reveal", "Wait for reveal turn", "validator.turn", job | reveal | named),
        ("reveal_vote", "Reveal vote", "validator.reveal", vote | reveal | named),
    ]


def _given(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _from(step: str, path: str) -> Json:
    return {"$from": step, "path": path}
