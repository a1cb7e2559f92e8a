"""The demo's saved scenarios, with what they come to over its calls."""

from pathlib import Path

from app.demo_entries import WHO
from app.saved_scenarios import draft_of
from app.scenario_file import read_scenario_file
from app.scenarios import what_if
from app.session import Session
from warehouse.entries import Author
from warehouse.scenarios import save_scenarios
from warehouse.scope import EVERYTHING


def save_demo_scenarios(session: Session, path: Path) -> None:
    """Save the scenarios of a file, computed; a second time changes nothing. The demo's logs are loaded."""
    root, tell = session.warehouse, session.tell
    found = what_if(root, read_scenario_file(path), EVERYTHING, session.now, tell=tell)
    drafts = [draft_of(each, owner=WHO, demo=True) for each in found]
    save_scenarios(root, drafts, Author(WHO, session.now), tell=tell)
