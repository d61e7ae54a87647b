"""`python -m api.openapi > docs/openapi.json`: the schema as checked in and diffed in CI."""

import json
import sys

from api.main import create_app


def schema_text() -> str:
    """The OpenAPI document of this API as JSON text."""
    return json.dumps(create_app().openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
