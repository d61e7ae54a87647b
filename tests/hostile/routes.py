"""Every route of the application, read from the application: a new one is covered unasked."""

from dataclasses import dataclass
from urllib.parse import quote

import httpx

from onebox.models import Json
from tests.api.world import World

MISSING = {"run_id": "run_" + "0" * 32, "confirmation_id": "0" * 32}


@dataclass(frozen=True)
class Route:
    """A method and a path as the schema names them, with their parameters by place."""

    method: str
    path: str
    in_path: tuple[str, ...]
    in_query: tuple[str, ...]

    def url(self, **values: str) -> str:
        """The path with these parameters, quoted; others are ids of nothing."""
        return self.path.format(
            **{n: quote(values.get(n, MISSING[n]), safe="") for n in self.in_path}
        )

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes_of(world: World) -> list[Route]:
    """All of them, and one that does not exist."""
    schema: Json = world.app.openapi()
    found = [
        Route(method.upper(), path, _named(about, "path"), _named(about, "query"))
        for path, methods in schema["paths"].items()
        for method, about in methods.items()
    ]
    return [*found, Route("GET", "/openapi.json", (), ()), Route("POST", "/onebox/nope", (), ())]


def _named(about: Json, place: str) -> tuple[str, ...]:
    return tuple(one["name"] for one in about.get("parameters", []) if one["in"] == place)


async def sent(
    world: World, route: Route, body: bytes, user: str = "operator", kind: str = "application/json"
) -> httpx.Response:
    """The answer of a route to these bytes."""
    headers = {**world.auth(user), "Content-Type": kind}
    params = {name: MISSING.get(name, "") for name in route.in_query if name == "run_id"}
    return await world.http.request(
        route.method, route.url(), content=body, headers=headers, params=params or None
    )


def fault(answer: httpx.Response) -> bool:
    """True for an answer that no request may ever get."""
    return answer.status_code >= 500 and answer.status_code != 503
