"""The pictures in docs/img: of which page, in which state, as wide as what."""

from typing import NamedTuple


class Shot(NamedTuple):
    """One picture: its name, the page, what is on it when it is complete, the theme, the width in pixels."""

    name: str
    path: str
    wait_for: str
    scheme: str
    width: int
    is_drawn: bool = True
    """It has a chart or a table."""
    height: int | None = None
    """Only the top of the page, so many pixels."""
    section: str | None = None
    """Only the section with this heading."""
    press: str | None = None
    """The button that is pressed first."""
    of: str = "demo"
    """The warehouse: the demo, one with nothing in it, or the demo with what the guide for operators loads."""


EXPLORED = "/explore?rows=team&columns=model"
DRILLED = "/explore?rows=project&columns=model&team=research&at=2026-11"
SELLERS = "/rates?compare=step-3.7-flash"
SHOTS = (
    Shot("overview-light", "/", "Where the money goes", "light", 1440),
    Shot("overview-dark", "/", "Where the money goes", "dark", 1440),
    Shot("overview-phone", "/", "Where the money goes", "light", 390),
    Shot("explore-light", EXPLORED, "Cost per day", "light", 1440),
    Shot("explore-dark", EXPLORED, "Cost per day", "dark", 1440),
    Shot("explore-phone", EXPLORED, "Cost per day", "light", 390),
    Shot("tasks-light", "/tasks", "Dearest tasks", "light", 1440),
    Shot("tasks-dark", "/tasks", "Dearest tasks", "dark", 1440),
    Shot("tasks-phone", "/tasks", "Dearest tasks", "light", 390),
    Shot("escalation-light", "/tasks?section=Escalation", "What usage cannot tell", "light", 1440),
    Shot("escalation-dark", "/tasks?section=Escalation", "What usage cannot tell", "dark", 1440),
    Shot("escalation-phone", "/tasks?section=Escalation", "What usage cannot tell", "light", 390),
    Shot("effort-light", "/effort?evaluation=effort-tiers", "Plan an evaluation", "light", 1440),
    Shot("effort-dark", "/effort?evaluation=effort-tiers", "Plan an evaluation", "dark", 1440),
    Shot("effort-phone", "/effort?evaluation=effort-tiers", "Plan an evaluation", "light", 390),
    Shot("budgets-light", "/budgets", "All budgets, worst first", "light", 1440, is_drawn=False),
    Shot("budgets-dark", "/budgets", "All budgets, worst first", "dark", 1440, is_drawn=False),
    Shot("budgets-phone", "/budgets", "All budgets, worst first", "light", 390, is_drawn=False),
    Shot("budget-light", "/budgets?budget=1", "Thresholds", "light", 1440),
    Shot("forecast-light", "/forecast", "Mark an event", "light", 1440),
    Shot("forecast-dark", "/forecast", "Mark an event", "dark", 1440),
    Shot("forecast-phone", "/forecast", "Mark an event", "light", 390),
    Shot("scenarios-light", "/scenarios", "Where it changes", "light", 1440),
    Shot("scenarios-dark", "/scenarios", "Where it changes", "dark", 1440),
    Shot("scenarios-phone", "/scenarios", "Where it changes", "light", 390),
    Shot("launch-light", "/launch", "What it hangs on", "light", 1440),
    Shot("launch-dark", "/launch", "What it hangs on", "dark", 1440),
    Shot("launch-phone", "/launch", "What it hangs on", "light", 390),
    Shot("checkup-light", "/checkup", "The same on the command line", "light", 1440, is_drawn=False),
    Shot("checkup-dark", "/checkup", "The same on the command line", "dark", 1440, is_drawn=False),
    Shot("checkup-phone", "/checkup", "The same on the command line", "light", 390, is_drawn=False),
    Shot("rates-light", "/rates", "Needs attention", "light", 1440),
    Shot("rates-dark", "/rates", "Needs attention", "dark", 1440),
    Shot("rates-phone", "/rates", "Needs attention", "light", 390),
    Shot("imports-light", "/imports", "Seen twice", "light", 1440),
    Shot("imports-dark", "/imports", "Seen twice", "dark", 1440),
    Shot("imports-phone", "/imports", "Seen twice", "light", 390),
    Shot("reconciliation-light", "/reconciliation", "Import an invoice", "light", 1440),
    Shot("reconciliation-dark", "/reconciliation", "Import an invoice", "dark", 1440),
    Shot("reconciliation-phone", "/reconciliation", "Import an invoice", "light", 390),
    Shot("claims-light", "/claims", "Nothing here measures these", "light", 1440),
    Shot("claims-dark", "/claims", "Nothing here measures these", "dark", 1440),
    Shot("claims-phone", "/claims", "Nothing here measures these", "light", 390),
    Shot("reports-light", "/reports", "NAME is what it is called", "light", 1440, is_drawn=False),
    Shot("reports-dark", "/reports", "NAME is what it is called", "dark", 1440, is_drawn=False),
    Shot("reports-phone", "/reports", "NAME is what it is called", "light", 390, is_drawn=False),
    Shot("first-run-light", "/", "Connect what makes the calls", "light", 1440, is_drawn=False, of="empty"),
    Shot("first-run-dark", "/", "Connect what makes the calls", "dark", 1440, is_drawn=False, of="empty"),
    Shot("first-run-phone", "/", "Connect what makes the calls", "light", 390, is_drawn=False, of="empty"),
    # What the guides show, step by step.
    Shot("guide-morning", "/", "Needs a person", "light", 1440, height=1160),
    Shot("guide-drill", DRILLED, "By project", "light", 1440),
    Shot("guide-invoice", "/reconciliation", "Import an invoice", "light", 1440, height=1000),
    Shot("guide-months", "/budgets?section=Month+close", "As closed", "light", 1440, section="Month close", height=420),
    Shot("guide-limits", "/launch?section=Limits", "Fullest", "light", 1440, height=1000),
    Shot(
        "guide-sellers",
        SELLERS,
        "The same calls at every seller",
        "light",
        1440,
        section="The same calls at every seller",
        height=720,
    ),
    Shot("guide-unpriced", "/rates", "Price these calls", "light", 1440, height=900, of="unpriced"),
    Shot(
        "guide-price",
        "/rates",
        "Asked since",
        "light",
        1440,
        is_drawn=False,
        height=900,
        press="Price these calls",
        of="unpriced",
    ),
)
