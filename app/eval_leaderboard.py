"""Aider's leaderboards, in YAML: each entry sums up one run over many exercises."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, DecimalException
from typing import Any

import yaml

from app.session import UserMistake
from pricing.money import PICO
from warehouse.eval_runs import EvalRun

IN_NAME = re.compile(r" \((minimal|low|medium|high|xhigh|max|no think|\d+k think)(?:ing)?\)")
"""A tier that is told in the model's name."""
EXERCISES = "all exercises"
"""The name of what an entry sums up: another entry of the same model is another pass over it."""
IN_COMMAND = re.compile(r"--reasoning-effort[= ](\w+)")


def read_leaderboard(text: str, defaults: EvalRun) -> Iterator[tuple[int, EvalRun | str]]:
    """A summary for each entry, with its line, or why it is none; raises UserMistake for other YAML."""
    try:
        entries = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UserMistake(f"{defaults.source}: {' '.join(str(error).split())}") from None
    if not isinstance(entries, list) or not any(isinstance(each, dict) and "pass_rate_1" in each for each in entries):
        raise UserMistake(f"{defaults.source}: it is no leaderboard: no entry has a pass_rate_1")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith("- ")]
    for number, entry in enumerate(entries):
        line = lines[number] if len(lines) == len(entries) else number + 1
        yield line, _summary(entry, defaults) if isinstance(entry, dict) else "this entry is no mapping"


def _summary(entry: Mapping[str, Any], defaults: EvalRun) -> EvalRun | str:
    """One entry. The last try counts, as on the board; a cost of 0 is one that nobody measured."""
    try:
        cases = int(entry["test_cases"])
        last = 2 if "pass_rate_2" in entry else 1
        passed = entry.get(f"pass_num_{last}")
        solved = passed / cases if passed is not None else float(entry[f"pass_rate_{last}"]) / 100
        pico = int(Decimal(str(entry["total_cost"])) * PICO) if entry.get("total_cost") else None
        seconds = entry.get("seconds_per_case")
        model, effort = _arm(entry)
    except (KeyError, TypeError, ValueError, DecimalException) as error:
        return f"this entry cannot be read: {error}"
    if cases < 1 or not 0 <= solved <= 1:
        return f"{solved * cases:g} of {cases} exercises passed: that cannot be"
    return EvalRun(
        defaults.run_set, EXERCISES, 0, model, defaults.seller, effort,
        _variant(entry), "code edit", cases, solved, None, entry.get("prompt_tokens"), None,
        entry.get("completion_tokens"), None, None, None if not seconds else round(1000 * seconds), pico,
        None if pico is None else "USD", _day(entry.get("date")), defaults.source,
    )  # fmt: skip


def _arm(entry: Mapping[str, Any]) -> tuple[str, str | None]:
    model = str(entry["model"])
    in_name, in_command = IN_NAME.search(model), IN_COMMAND.search(str(entry.get("command", "")))
    effort = entry.get("reasoning_effort") or (in_name and in_name[1]) or (in_command and in_command[1])
    if not effort and entry.get("thinking_tokens"):
        effort = f"{entry['thinking_tokens']} thinking tokens"
    return IN_NAME.sub("", model), str(effort) if effort else None


def _variant(entry: Mapping[str, Any]) -> str | None:
    parts = (entry.get("edit_format"), entry.get("editor_model") and f"editor {entry['editor_model']}")
    return ", ".join(str(part) for part in parts if part) or None


def _day(value: object) -> datetime | None:
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None
