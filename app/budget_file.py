"""A file of budgets: YAML, every mistake with its line."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from app.budget_words import plain_value
from app.session import UserMistake
from planning.budget_form import BudgetError, read_form, write_form
from pricing.yaml_text import parse_yaml
from warehouse.scope import DIMENSIONS

SHAPE = "write budgets: and below it a list, each item with name, currency, period and amount"

STAYING = ("scope", "period", "currency")
"""What a file changes of no budget that there is."""


def read_budget_file(path: Path, today: date, known: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same as ``read_budgets`` of the text of a file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserMistake(f"{path}: {error.strerror}") from None
    return read_budgets(data, str(path), today, known)


def read_budgets(data: bytes, name: str, today: date, known: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a file's bytes say of budgets; raises UserMistake naming every mistake.

    ``known`` is what the budgets that there are say, by name. One that names no first day keeps that of the budget of
    its name, else begins with today's month; its scope, period and currency stay.
    """
    text = _text_of(data, name)
    try:
        document, mistakes = parse_yaml(text)
        lines = _lines_of(text)
    except yaml.YAMLError as error:
        raise UserMistake(f"{name}: this is not YAML: {' '.join(str(error).split())}") from None
    items = document.get("budgets") if isinstance(document, dict) and len(document) == 1 else None
    if not isinstance(items, list) or not items:
        raise UserMistake(f"{name}: there is no list of budgets in it; {SHAPE}")
    forms: dict[str, dict[str, Any]] = {}
    mistakes = [f"{name} {mistake}" for mistake in mistakes]
    for item, line in zip(items, lines, strict=True):
        try:
            form = _form(item, today, known)
            if form["name"] in forms:
                raise BudgetError("name", f"another budget of this file is called {form['name']!r}, too")
            forms[form["name"]] = form
        except BudgetError as error:
            mistakes.append(f"{name} line {line.get(error.field, line[''])}: {error}")
    if mistakes:
        raise UserMistake("\n".join(mistakes))
    return list(forms.values())


def write_budget_file(forms: list[dict[str, Any]]) -> str:
    """The file that says these budgets."""
    return yaml.safe_dump({"budgets": forms}, sort_keys=False, allow_unicode=True, width=100)


def _text_of(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserMistake(f"{name}: byte {error.start + 1} is not UTF-8") from None


def _form(item: object, today: date, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise BudgetError("", SHAPE)
    given = dict(item)
    was = known.get(str(given.get("name")))
    if given.get("first") is None and given.get("amounts") is None and was:
        given["first"] = was["first"]
    form = write_form(read_form(given, DIMENSIONS, today))
    _refuse_another(form, known.get(form["name"]))
    return form


def _refuse_another(form: Mapping[str, Any], was: Mapping[str, Any] | None) -> None:
    """Scope, period and currency stay: its past was spent in them; raises BudgetError."""
    for field in STAYING if was is not None else ():
        if was is not None and form.get(field) != was.get(field):
            now, before = (plain_value(each.get(field)) if each.get(field) else "everything" for each in (form, was))
            raise BudgetError(
                field, f"{form['name']} has {before}, and that stays: for {now} enter a budget of another name"
            )


def _lines_of(text: str) -> list[dict[str, int]]:
    """Of each item of the list, the line of each key; of the item itself under the empty one. The last list counts."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, value in reversed(root.value) if isinstance(root, yaml.MappingNode) else ():
        if key.value == "budgets" and isinstance(value, yaml.SequenceNode):
            return [_keys_of(item) for item in value.value]
    return []


def _keys_of(item: yaml.Node) -> dict[str, int]:
    keys = item.value if isinstance(item, yaml.MappingNode) else []
    return {"": item.start_mark.line + 1} | {str(key.value): key.start_mark.line + 1 for key, _ in keys}
