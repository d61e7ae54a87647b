"""A thin client of the API: one user, one token, JSON in and out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx

from onebox.models import ConfirmationOut, ExecOut, PlanOut, ReceiptOut, SimOut, StatusOut

_WAIT_SECONDS = 20


class ApiError(Exception):
    """An answer other than success: a problem document with a code."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code"))


@dataclass(frozen=True)
class OneBox:
    """The routes as one user calls them.

    Raises:
        ApiError: the API refused; `problem` says why.
        httpx.HTTPError: the API did not answer.
    """

    name: str
    token: str
    http: httpx.AsyncClient
    tx_mode: str | None = None

    async def plan(self, sentence: str) -> PlanOut:
        """A sentence becomes a stored plan, by the user's road where one is named."""
        meta = {} if self.tx_mode is None else {"meta": {"txMode": self.tx_mode}}
        return PlanOut.model_validate(await self._post("/plan", {"input_text": sentence, **meta}))

    async def simulate(self, plan_id: str) -> SimOut:
        """What the plan would do and cost; a blocked one raises ApiError."""
        return SimOut.model_validate(await self._post("/simulate", {"plan_id": plan_id}))

    async def execute(self, plan_id: str, approvals: list[str]) -> ExecOut:
        """Run the plan once; the steps named here will not ask."""
        body = {"plan_id": plan_id, "approvals": approvals}
        return ExecOut.model_validate(await self._post("/execute", body))

    async def status(
        self, run_id: str, after: str | None = None, wait: int | None = None
    ) -> StatusOut:
        """Where a run stands; with `wait` seconds the answer waits for a change."""
        asked = {"run_id": run_id, "after": after, "wait": wait}
        params = {name: value for name, value in asked.items() if value is not None}
        return StatusOut.model_validate(await self._get("/status", params))

    async def follow(self, run_id: str) -> AsyncIterator[StatusOut]:
        """Every change of a run until its end, each with only its new lines."""
        found = await self.status(run_id)
        yield found
        while not found.run.state.final:
            found = await self.status(run_id, after=found.next_cursor, wait=_WAIT_SECONDS)
            yield found

    async def receipt(self, run_id: str) -> ReceiptOut:
        """What the run promised each party, and what the chain says happened."""
        return ReceiptOut.model_validate(await self._get(f"/runs/{run_id}/receipt", {}))

    async def confirmations(self) -> list[ConfirmationOut]:
        """The questions that wait for an answer in the user's tenant."""
        found = await self._get("/confirmations", {})
        return [ConfirmationOut.model_validate(item) for item in found["confirmations"]]

    async def decide(self, asked: ConfirmationOut, verdict: str) -> ConfirmationOut:
        """Answer a question about exactly what was shown."""
        body = {"verdict": verdict, "digest": asked.digest}
        path = f"/confirmations/{asked.id}/verdict"
        return ConfirmationOut.model_validate(await self._post(path, body))

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        return _checked(await self.http.post(f"/onebox{path}", json=body, headers=self._headers()))

    async def _get(self, path: str, params: dict[str, Any]) -> Any:
        return _checked(
            await self.http.get(f"/onebox{path}", params=params, headers=self._headers())
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _checked(response: httpx.Response) -> Any:
    if response.status_code != httpx.codes.OK:
        raise ApiError(response.status_code, response.json())
    return response.json()
