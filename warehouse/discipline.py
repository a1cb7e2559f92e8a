"""Answers in scope as the judgement of output discipline takes them: alike ones counted and priced, and lengths."""

from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql


class AnswerCell(NamedTuple):
    """Answers of one seller, model and currency that are alike; ``cost`` in pico-units, None where unknown."""

    seller: str | None
    model: str | None
    currency: str | None
    holds_request: bool
    is_limited: bool
    has_end: bool
    is_cut: bool
    has_length: bool
    is_empty: bool
    is_long: bool
    calls: int
    cost: int | None


class Lengths(NamedTuple):
    """How long the answers of one seller's model are, in output tokens; None where no length was reported."""

    seller: str | None
    model: str | None
    calls: int
    known: int
    p50: int | None
    p99: int | None
    longest: int | None
    least_limit: int | None
    """The least ``max_tokens`` that any of them was given; None where none was."""
    greatest_limit: int | None


def read_answers(reader: Reader, scope: Scope) -> list[AnswerCell]:
    """The answers in scope, by what can be told of them."""
    where, parameters = condition(scope)
    rows = reader.rows(sql("discipline").replace("and true", f"and {where}"), parameters)
    return [AnswerCell._make((*row[:-1], None if row[-1] is None else int(row[-1]))) for row in rows]


def read_lengths(reader: Reader, scope: Scope) -> list[Lengths]:
    """How long answers are, the models with most of them first."""
    where, parameters = condition(scope)
    rows = reader.rows(sql("answer_lengths").replace("and true", f"and {where}"), parameters)
    return [Lengths(*row) for row in rows]
