"""The vocabulary that the phrases of deeds are made of; every repetition is bounded."""

import re

JOB = (
    r"(?:jobs?|tasks?|gigs?|bount(?:y|ies)|missions?|listing|posting|assignments?|positions?"
    r"|openings?|vacanc(?:y|ies)|trabajos?|tareas?|encargo|empleo|puesto|vacante|tache|travail"
    r"|emploi|offre|annonce)"
)
GAP = (
    r"(?: (?!disput|litig|application|submission|vote|stake|dispute|against|escrow|claim|appeal"
    r"|payout|[.;!?\n])\S+){0,5}?"
)
# What one submits that is no work: a vote, a complaint, a job of one's own.
ENDS = r"(?= (?:of|for|on|to|about|against|as|from|with|by|in|now|please|:|[.;!?])(?= )| ?$)"
NO_WORK = (
    rf"(?:(?:validation|vote|verdict|review|approval|rejection|dispute|appeal|request){ENDS}"
    r"|(?:an?|new|following|this) (?:new )?(?:job|task|gig|bounty|mission))"
)
CANDIDACY = rf"(?:application|bid|candidacy){ENDS}"
# What a deed may only be the name of.
THING = (
    r" (?:pages?|buttons?|flows?|guides?|tools?|apps?|templates?|modules?|polic(?:y|ies)"
    r"|checklists?"
    r"|features?|letters?|functions?|screens?|scripts?|bots?|logic|calculators?|forms?)(?= )"
)
SOME = (
    r"(?:an?|some|someone|somebody|another|one|two|three|help|people|un|una|une|alguien|quelqu'un)"
)


def phrase(*alternatives: str) -> re.Pattern[str]:
    """Any of the alternatives, between spaces of `Reading.plain`."""
    return re.compile(r" (?:" + "|".join(alternatives) + r")(?= )")


def deed(*alternatives: str) -> re.Pattern[str]:
    """As `phrase`, but not where the deed is only what a thing is for: `the reclaim page`."""
    return re.compile(r" (?:" + "|".join(alternatives) + rf")(?= )(?!{THING})")
