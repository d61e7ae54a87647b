"""What the OpenAPI document promises, tried with generated requests of two tenants."""

from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.main import create_app
from onebox.models import Json
from tests.api.world import World
from tests.hostile.routes import fault

CASES = 300
USERS = ["operator", "viewer", "stranger"]
CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
SCHEMA: Json = create_app().openapi()
OPERATIONS = [(method, path) for path, methods in SCHEMA["paths"].items() for method in methods]
_LOADED = schemathesis.openapi.from_dict(SCHEMA)


def cases(place: tuple[str, str]) -> st.SearchStrategy[Any]:
    """Requests that the document allows, and, as often, ones that it does not."""
    method, path = place
    operation = _LOADED[path][method.upper()]
    modes = schemathesis.GenerationMode
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))


@given(case=st.sampled_from(OPERATIONS).flatmap(cases), user=st.sampled_from(USERS))
@settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
async def test_every_operation_keeps_its_promise(shared: World, case: Any, user: str) -> None:
    """No fault; every answer is one that the document names, in the shape that it names."""
    answer = await sent(shared, case, user)
    assert not fault(answer), answer.text
    case.validate_response(answer, checks=CHECKS)


async def sent(world: World, case: Any, user: str) -> httpx.Response:
    """The answer to a generated request, under the token of one of ours."""
    asked = case.as_transport_kwargs(base_url="http://onebox")
    ready = requests.Request(**asked).prepare()
    headers = {**{name: str(value) for name, value in ready.headers.items()}, **world.auth(user)}
    headers = {name.lower(): value for name, value in headers.items()}
    body = ready.body.encode() if isinstance(ready.body, str) else ready.body
    assert body is None or isinstance(body, bytes)
    return await world.http.request(
        str(ready.method), str(ready.url), content=body, headers=headers
    )
