"""A file of scenarios: YAML, one scenario or a list of them, every mistake with its line."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from app.session import UserMistake
from app.yaml_lines import read_document, read_text
from planning.scenario import Scenario, ScenarioError, read_scenario, write_scenario

MANY = "scenarios"
SHAPE = f"write a scenario's name: and changes:, or {MANY}: and below it a list of them"


def read_scenario_file(path: Path) -> list[Scenario]:
    """The scenarios of a file, in its order; raises UserMistake naming every mistake. ``-`` is standard input."""
    return read_scenario_text(*read_text(path))


def read_scenario_text(text: str, name: str) -> list[Scenario]:
    """The same of its text; ``name`` is what the mistakes call it."""
    document, lines = read_document(text, name)
    several = isinstance(document, dict) and MANY in document
    items = document[MANY] if several and isinstance(document, dict) else [document]
    if several and isinstance(document, dict) and len(document) > 1:
        other = next(key for key in document if key != MANY)
        raise UserMistake(f"{name} line {lines.line_of((str(other),))}: {other}: it belongs into a scenario; {SHAPE}")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise UserMistake(f"{name}: there is no scenario in it; {SHAPE}")
    scenarios: dict[str, Scenario] = {}
    mistakes: list[tuple[int, str]] = []
    for number, item in enumerate(items):
        place: tuple[str | int, ...] = (MANY, number) if several else ()
        try:
            scenario = read_scenario(item)
        except ScenarioError as error:
            mistakes += [(lines.line_of((*place, *each.place)), str(each)) for each in error.mistakes]
            continue
        if scenario.name in scenarios:
            why = f"name: another scenario of this file is called {scenario.name!r}, too"
            mistakes.append((lines.line_of((*place, "name")), why))
        scenarios[scenario.name] = scenario
    if mistakes:
        raise UserMistake("\n".join(f"{name} line {line}: {why}" for line, why in sorted(mistakes)))
    return list(scenarios.values())


def write_scenario_text(scenarios: Sequence[Scenario]) -> str:
    """The file that says them: one by itself, several as a list."""
    documents = [write_scenario(scenario) for scenario in scenarios]
    whole = documents[0] if len(documents) == 1 else {MANY: documents}
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=100)
