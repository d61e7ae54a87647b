"""The metadata that every table belongs to, and the text that its columns hold."""

from typing import Any

from sqlalchemy import Dialect, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

Json = dict[str, Any]


class Words(TypeDecorator[str]):
    """Text of any length, which each kind of store holds alike.

    PostgreSQL takes no NUL, and neither takes half a surrogate pair: what has one is stored, and
    looked for, with a sign in its place.
    """

    impl: type[String] = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  as SQLAlchemy calls it
        """What the store gets; ASCII without NUL, nearly all there is, as it is."""
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.replace("\0", "\N{SYMBOL FOR NULL}").encode(errors="replace").decode()


class Name(Words):
    """Text of at most so many characters."""

    impl = String
    cache_ok = True


class Base(DeclarativeBase):
    """The metadata that Alembic compares with the database; every constraint has a name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
