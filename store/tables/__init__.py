"""The tables: one durable record beside Temporal.

Amounts are text: decimal digits of base units (10^-18 AGIALPHA), added up in Python and
never in SQL. Times are unix seconds. Lines are bytes, exactly as the handler sent them.
"""

from store.tables.access import AuditRow, PauseRow, TokenRow
from store.tables.base import Base, Json
from store.tables.decisions import DecisionRow
from store.tables.lines import LineRow
from store.tables.money import BudgetDayRow, MovementRow
from store.tables.plans import ApprovalRow, PlanRow
from store.tables.runs import CommandRow, RunRow, StepRow, WaitRow

__all__ = [
    "ApprovalRow",
    "AuditRow",
    "Base",
    "BudgetDayRow",
    "CommandRow",
    "DecisionRow",
    "Json",
    "LineRow",
    "MovementRow",
    "PauseRow",
    "PlanRow",
    "RunRow",
    "StepRow",
    "TokenRow",
    "WaitRow",
]
