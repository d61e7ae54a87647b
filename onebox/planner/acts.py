"""The deeds with the phrases by which they are told, over `Reading.plain`."""

import re

from onebox.models import IntentKind
from onebox.planner import job_deeds as job
from onebox.planner import money_deeds as money

Acts = tuple[tuple[IntentKind, re.Pattern[str]], ...]
# Order matters only where two begin at the same place.
ACTS: Acts = (
    (IntentKind.CANCEL, money.CANCEL),
    (IntentKind.WITHDRAW, money.WITHDRAW),
    (IntentKind.RECLAIM, money.RECLAIM),
    (IntentKind.POST_JOB, job.POST),
    (IntentKind.FINALIZE, job.FINALIZE),
    (IntentKind.STAKE, money.STAKE),
    (IntentKind.APPLY, job.APPLY),
    (IntentKind.DISPUTE, job.DISPUTE),
    (IntentKind.SUBMIT, job.SUBMIT),
    (IntentKind.VALIDATE, job.VALIDATE),
    (IntentKind.ADMIN_SET, money.ADMIN),
)
