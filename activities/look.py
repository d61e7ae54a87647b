"""One look at the world for a step that waits for it; days of waiting are many looks."""

from dataclasses import dataclass

from temporalio import activity

from activities.beat import beating
from activities.calls import BadParams, Prepared, Sent, prepare, send_harmless
from activities.deps import ActivityDeps
from activities.ics_client import IcsRefused
from activities.postpone import OUTAGE_SECONDS, outage, postpone
from activities.settle import Begun, begin, begun_before, fail, settle
from activities.transcript import OutputLimit
from onebox.errors import ChainUnavailable, ContractDrift, IcsUnavailable
from onebox.models import Outcome, StepError
from onebox.run import StepResult, StepTask

MIN_SECONDS = 1.0
# However long a handler would sleep: who waits for the world hears of it within the hour.
MAX_SECONDS = 3600.0


@dataclass
class Look:
    """The activity of steps whose effect is `wait`."""

    deps: ActivityDeps

    @activity.defn(name="look")
    async def look(self, task: StepTask) -> StepResult:
        """Look once; raise the next delay while what is waited for has not come."""
        async with beating():
            begun = await self._begun(task)
            return begun.earlier or await self._attempt(task, begun)

    async def _begun(self, task: StepTask) -> Begun:
        """A look that is not the first one reads, for no more than that has changed."""
        if activity.info().attempt == 1:
            return await begin(self.deps, task)
        return await begun_before(self.deps, task)

    async def _attempt(self, task: StepTask, begun: Begun) -> StepResult:
        try:
            prepared = await prepare(self.deps, task, begun.rules, first=begun.first)
            return await self._look(prepared)
        except BadParams as error:
            return await fail(self.deps, task, error.error)
        except (IcsRefused, OutputLimit) as error:
            return await fail(self.deps, task, StepError(code=error.code, message=str(error)))
        except (IcsUnavailable, ChainUnavailable, ContractDrift) as error:
            raise await outage(self.deps, task, error) from error

    async def _look(self, prepared: Prepared) -> StepResult:
        await self.deps.handshake.check()
        sent = await send_harmless(self.deps, prepared)
        if sent.status.outcome.final and sent.status.outcome is not Outcome.NOT_EXECUTED:
            return await settle(self.deps, prepared, sent, fence=None)
        raise await self._wait(prepared.task, sent)

    async def _wait(self, task: StepTask, sent: Sent) -> Exception:
        status = sent.status
        seconds = min(max(status.retry_after or OUTAGE_SECONDS, MIN_SECONDS), MAX_SECONDS)
        return await postpone(self.deps, task, status.waiting_for or "the world", seconds)
