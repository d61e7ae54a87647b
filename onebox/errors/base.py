"""What every refusal has: a code, an HTTP status, a meaning and a usual fix."""

from typing import Any, ClassVar


class OneBoxError(Exception):
    """Something failed inside OneBox.

    The first line of a child's docstring is its `meaning` in the catalogue.

    Attributes:
        code: UPPER_SNAKE name, stable for ever.
        http_status: what the API answers.
        meaning: one sentence for the catalogue.
        fix: what usually mends it.
        message: this occurrence, in words.
        fields: extra top-level members of the problem document.
    """

    code: ClassVar[str] = "INTERNAL_ERROR"
    http_status: ClassVar[int] = 500
    meaning: ClassVar[str] = "Something failed inside OneBox."
    fix: ClassVar[str] = "Try again; report the trace id when it happens twice."

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # `python -OO` strips docstrings: the parent's meaning is then better than a crash.
        cls.meaning = (cls.__doc__ or OneBoxError.meaning).partition("\n")[0]

    def __init__(self, message: str | None = None, /, **fields: Any) -> None:
        """Say what happened (the class's meaning by default) and what travels with it."""
        self.message = message or self.meaning
        self.fields = fields
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
