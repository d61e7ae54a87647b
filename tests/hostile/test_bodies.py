"""Hostile bodies, ids and headers against every route: refused, never a fault, nothing told on."""

import io

import httpx
import pytest

from tests.api.world import ICS_TOKEN, World
from tests.hostile.bodies import CANARY, EVERY, KINDS, MALFORMED
from tests.hostile.routes import Route, fault, routes_of, sent

ODD_IDS = [
    "",
    " ",
    ".",
    "..",
    "../../etc/passwd",
    "%2e%2e%2f",
    "run_\x00",
    "run_" + "A" * 32,
    "run_" + "a" * 33,
    "run_" + "\N{FULLWIDTH DIGIT ONE}" * 32,
    "' OR 1=1 --",
    "{}",
    "${jndi:ldap://x}",
    "a\r\nSet-Cookie: x=1",
    "\x1b[2J",
    "\N{RIGHT-TO-LEFT OVERRIDE}x",
    "x" * 20_000,
    "nan",
    "-1",
    "1e999",
    "null",
    "true",
]
ODD_HEADERS: list[dict[str, str]] = [
    {"X-Request-Id": "x" * 5000},
    {"X-Request-Id": "obx_" + CANARY},
    {"X-Request-Id": "\x1b[2J"},
    {"Accept": "application/x-ndjson;q=nan, " * 100},
    {"Content-Length": "-1"},
    {"Content-Length": "9" * 5000},
    {"Content-Length": "0x10"},
    {"Content-Type": "application/json; charset=utf-7"},
    {"Content-Encoding": "gzip"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"X-Forwarded-For": "127.0.0.1", "X-Actor": "governance", "X-Tenant": "acme"},
    {"Host": "evil.example/../"},
    {"Origin": "https://evil.example"},
    {"Cookie": "token=" + CANARY},
    {"Expect": "200-ok"},
    {"Upgrade": "websocket", "Connection": "Upgrade"},
]


def told_on(world: World, text: str) -> list[str]:
    """The secrets that a text holds."""
    return [secret for secret in (CANARY, ICS_TOKEN, *world.tokens.values()) if secret in text]


def problems(world: World, route: Route, answer: httpx.Response) -> list[str]:
    """What is wrong with an answer to a hostile request."""
    everything = f"{answer.headers}\n{answer.text}"
    found = [f"tells {secret}" for secret in told_on(world, everything)]
    if fault(answer) and route.path != "/readyz":
        found.append(f"is {answer.status_code}")
    if answer.status_code >= 400 and route.path != "/readyz" and not answer.json()["code"]:
        found.append("has no code")
    return found


def test_the_table_is_long_enough() -> None:
    """At least sixty bodies."""
    assert len(EVERY) >= 60
    assert len(set(EVERY.values())) == len(EVERY)


@pytest.mark.parametrize("name", EVERY)
async def test_no_route_minds_a_hostile_body(shared: World, log: io.StringIO, name: str) -> None:
    """4xx where a body is read; no fault, no secret in answers or logs anywhere."""
    wrong = []
    for route in routes_of(shared):
        answer = await sent(shared, route, EVERY[name])
        wrong += [f"{route}: {what}" for what in problems(shared, route, answer)]
        if route.method != "GET" and not 400 <= answer.status_code < 500:
            wrong.append(f"{route}: took it with {answer.status_code}")
        asks_for_one = route.method != "DELETE" or EVERY[name]
        if not asks_for_one or route.method == "GET":
            continue
        if name in MALFORMED and answer.status_code not in {400, 413}:
            wrong.append(f"{route}: read it, {answer.status_code}")
    assert wrong == []
    assert told_on(shared, log.getvalue()) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_no_route_reads_another_content_type(shared: World, kind: str) -> None:
    """A form or a text that a browser sends without asking is refused."""
    body = b'{"plan_id": "' + b"a" * 64 + b'"}'
    for route in routes_of(shared):
        if route.method != "GET":
            answer = await sent(shared, route, body, kind=kind)
            assert (answer.status_code, answer.json()["code"]) == (400, "BODY_INVALID"), route


@pytest.mark.parametrize("odd", ODD_IDS)
async def test_odd_ids_are_of_nothing(shared: World, log: io.StringIO, odd: str) -> None:
    """In paths and queries: 4xx by grammar, before the store is asked."""
    wrong = []
    for route in routes_of(shared):
        urls = [route.url(**dict.fromkeys(route.in_path, odd))] if route.in_path else []
        queries = [
            {"run_id": odd},
            {"run_id": "run_" + "0" * 32, "after": odd, "wait": odd, "step": odd},
        ]
        for url, params in [*((url, {}) for url in urls), *((route.url(), q) for q in queries)]:
            answer = await shared.http.request(
                route.method, url, params=params, headers=shared.auth("operator")
            )
            wrong += [f"{route} {params}: {what}" for what in problems(shared, route, answer)]
            if "run_id" in route.in_query and not 400 <= answer.status_code < 500:
                wrong.append(f"{route} {params}: {answer.status_code}")
    assert wrong == []
    assert "\x1b" not in log.getvalue()


@pytest.mark.parametrize("headers", ODD_HEADERS, ids=lambda headers: next(iter(headers)))
async def test_odd_headers_change_nothing(
    shared: World, log: io.StringIO, headers: dict[str, str]
) -> None:
    """No fault, no other caller, nothing of theirs in logs or answers."""
    wrong = []
    for route in routes_of(shared):
        given = {**shared.auth("viewer"), **headers}
        answer = await shared.http.request(route.method, route.url(), headers=given)
        wrong += [f"{route}: {what}" for what in problems(shared, route, answer)]
    assert wrong == []
    assert told_on(shared, log.getvalue()) == []


async def test_a_token_in_the_wrong_place_goes_no_further(shared: World, log: io.StringIO) -> None:
    """In a path, a query or a request id: neither log nor answer repeats it."""
    token, auth = shared.tokens["operator"], shared.auth("operator")
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = [
        (f"/onebox/runs/{token}/lines", {}, auth),
        (f"/{token}", {}, auth),
        ("/onebox/status", {"run_id": token}, auth),
        ("/onebox/status", {"run_id": "run_" + "0" * 32, "after": token, "wait": token}, auth),
        ("/healthz", {}, {**auth, "X-Request-Id": token}),
    ]
    for path, params, headers in asked:
        answer = await shared.http.get(path, params=params, headers=headers)
        assert told_on(shared, f"{answer.headers}\n{answer.text}") == [], path
    assert log.getvalue()
    assert told_on(shared, log.getvalue()) == []


async def test_a_delete_without_a_body_is_not_asked_for_one(shared: World) -> None:
    """Many clients call nothing JSON; a body that is there is read all the same."""
    headers = {**shared.auth("operator"), "Content-Type": "application/json"}
    codes = []
    for body in (b"", b"{"):
        answer = await shared.http.request(
            "DELETE", "/onebox/confirmations", content=body, headers=headers
        )
        codes.append((answer.status_code, answer.json()["code"]))
    assert codes == [(405, "METHOD_NOT_ALLOWED"), (400, "BODY_INVALID")]
