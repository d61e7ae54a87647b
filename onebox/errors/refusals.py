# ruff: noqa: N818  the names are the words of the error catalogue
"""The request is wrong by itself: 400, 401, 403, 405, 413, 422, 429, 431."""

from onebox.errors.base import OneBoxError


class InputTextRequired(OneBoxError):
    """The sentence to plan is missing or blank."""

    code, http_status = "INPUT_TEXT_REQUIRED", 400
    fix = "Say what you want in input_text, for example: Apply to job 42 as alice.agent.agi.eth."


class InvalidReward(OneBoxError):
    """The reward is zero, negative or too large to be an amount."""

    code, http_status = "INVALID_REWARD", 400
    fix = "Name a reward above zero, for example: 50 AGI."


class DeadlineInvalid(OneBoxError):
    """The deadline is zero, in the past or beyond what a plan can hold."""

    code, http_status = "DEADLINE_INVALID", 400
    fix = "Name a deadline of one whole day or more, for example: 7 days."


class AmountInvalid(OneBoxError):
    """The text is not an amount of AGIALPHA."""

    code, http_status = "AMOUNT_INVALID", 400
    fix = "Write plain decimal digits above zero with at most 18 decimals, for example 12.50."


class BodyInvalid(OneBoxError):
    """The body is not acceptable JSON."""

    code, http_status = "BODY_INVALID", 400
    fix = "Send one UTF-8 JSON document without duplicate names, NaN or huge numbers."


class RequestInvalid(OneBoxError):
    """The request is not HTTP/1.1 that can be read in one way only."""

    code, http_status = "REQUEST_INVALID", 400
    fix = "Send HTTP/1.1 with one Host and one way to tell how long the body is."


class CursorInvalid(OneBoxError):
    """The cursor or page token was not given by this server."""

    code, http_status = "CURSOR_INVALID", 400
    fix = "Use next_cursor or next_page_token of an earlier answer, or none."


class AuthMissing(OneBoxError):
    """The request carries no bearer token."""

    code, http_status = "AUTH_MISSING", 401
    fix = "Send Authorization: Bearer <token>; onebox tokens create makes one."


class AuthInvalid(OneBoxError):
    """The bearer token is unknown or revoked."""

    code, http_status = "AUTH_INVALID", 401
    fix = "Use a current token; onebox tokens list shows them."


class RoleForbidden(OneBoxError):
    """The caller's role does not allow this."""

    code, http_status = "ROLE_FORBIDDEN", 403
    fix = "Ask somebody whose role suffices, or use another token."


class ActorForbidden(OneBoxError):
    """The request acts in the name of another user."""

    code, http_status = "ACTOR_FORBIDDEN", 403
    fix = "Leave meta.userId out: the token says who acts."


class MethodNotAllowed(OneBoxError):
    """The path does not answer this method."""

    code, http_status = "METHOD_NOT_ALLOWED", 405
    fix = "The Allow header names the methods."


class BodyTooLarge(OneBoxError):
    """The body is larger than the server reads."""

    code, http_status = "BODY_TOO_LARGE", 413
    fix = "Send at most 256 KiB."


class HeadersTooLarge(OneBoxError):
    """The request has more or longer headers, or a longer target, than the server reads."""

    code, http_status = "HEADERS_TOO_LARGE", 431
    fix = "Send at most 100 header fields and 16 KiB in all, the target included."


class TooManyRequests(OneBoxError):
    """The tenant asks more often than it may."""

    code, http_status = "TOO_MANY_REQUESTS", 429
    fix = "Ask again when Retry-After says; status?wait=60 saves most requests."


class TooManyConnections(OneBoxError):
    """The caller's address has more connections open than it may."""

    code, http_status = "TOO_MANY_CONNECTIONS", 429
    fix = "Keep fewer connections open and use each for many requests."


class ValidationFailed(OneBoxError):
    """The body does not have the shape that the route expects.

    `errors` is a list of {pointer, message}.
    """

    code, http_status = "VALIDATION_ERROR", 422
    fix = "Mend each field that errors names; /openapi.json has the shapes."


class PlanInvalid(OneBoxError):
    """The plan is not a valid graph of steps, or says what the server would not."""

    code, http_status = "PLAN_INVALID", 422
    fix = "Mend what the message names, recompute plan_id and simulate again."


class Blocked(OneBoxError):
    """The plan may not run as it is; blockers lists every reason.

    Carries `blockers`, `risk_details` and `simulation`.
    """

    code, http_status = "BLOCKED", 422
    fix = "Follow the fix of each blocker."
