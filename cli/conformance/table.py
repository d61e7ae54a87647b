"""Every check, in the order in which they are made and shown."""

from cli.conformance.check import Check
from cli.conformance.checks import bodies, consent, contract, jobs, keys, meta, money, rules, stream

CHECKS = (
    Check(
        "contract.digests", "every tool is the contract's, and so is the whole", contract.digests
    ),
    Check("contract.rules", "policy and fees have their digests", contract.rules),
    Check("contract.chain", "the chain says who it is and takes those fees", contract.chain),
    Check("token", "no route answers without the service token", bodies.token),
    Check("stream.whole_lines", "every chunk ends with a newline", stream.whole_lines),
    Check("stream.text", "UTF-8 under text/plain, with Intent-Key", stream.text),
    Check("stream.grammar", "each line has its form and its place", stream.grammar),
    Check("consent.confirm", "an absent confirm is refused", consent.confirm),
    Check("consent.dry_run", "confirm: false shows and does nothing", consent.dry_run),
    Check("consent.headers", "a confirmed call brings its four headers", consent.headers),
    Check("consent.verdict", "money wants the reference of a yes", consent.verdict),
    Check("consent.digest", "another digest is refused, nothing ran", consent.digest),
    Check("keys.replay", "the same key again: same bytes, same outcome", keys.replay),
    Check("keys.reuse", "the same key for something else is refused", keys.reuse),
    Check("keys.not_after", "a late call is rejected, nothing ran", keys.not_after),
    Check("keys.outcome", "the typed outcome has its fields and outputs", keys.outcome),
    Check("keys.unknown", "an unused key is unknown", keys.unknown),
    Check("fence.unseen", "a fenced key can never run", keys.fence_unseen),
    Check("fence.seen", "a fence tells the real state of a used key", keys.fence_seen),
    Check("meta.needed", "userId and traceId are needed and checked", meta.needed),
    Check("meta.verbatim", "meta counts byte for byte", meta.verbatim),
    Check("body.unknown", "unknown fields are refused where they stand", bodies.unknown_fields),
    Check("body.junk", "what is no JSON object is refused", bodies.junk),
    Check("body.deep", "a deeply nested body is refused", bodies.deep),
    Check("body.large", "an oversized body is refused", bodies.large),
    Check("jobs.unknown", "a job that is not there is 404", jobs.unknown),
    Check("jobs.facts", "a job has its facts; escrow = reward + fee", jobs.facts),
    Check("rules.required", "money names the rules it was admitted under", rules.required),
    Check("rules.known", "an unknown policy and other fees are refused", rules.known),
    Check("rules.budget", "no more than the plan and the day may move", rules.budget),
    Check("rules.tenant", "what the tenant's policy forbids is refused", rules.tenant),
    Check("rules.tenant_name", "a tenant may have any name", rules.tenant_name),
    Check("money.once", "a stake is shown, done, and done once", money.once, money=True),
    Check("money.one_plan", "a plan's calls name the same rules", money.one_plan, money=True),
)
