"""Imports: load a log; what was loaded, what was not read and why, and which calls need a person."""

from app.components.advice import PATTERNS
from app.components.cards import Card, show_cards
from app.components.demo_removal import offer_demo_removal
from app.components.formats import count, plural
from app.components.import_calls import show_doubtful, show_unknown_cost
from app.components.import_files import show_files
from app.components.import_rejects import show_rejects
from app.components.live_state import show_live
from app.components.outcomes import show_outcomes
from app.components.page import Run, get_run
from app.components.sightings import show_proposals, show_sightings
from app.components.sums import SHOWN_DAYS, show_sums
from app.components.unknown_fields import show_unknown_fields
from app.components.upload import show_upload
from warehouse.daily_sums import count_daily_sums
from warehouse.imports import ImportTotals, read_imports
from warehouse.sums import read_newest_sums
from warehouse.unknown_fields import unknown_fields


def show(run: Run) -> None:
    """Show everything that was loaded, whatever the filters of other pages say."""
    imports = run.desk.ask(read_imports, PATTERNS)
    show_figures(imports.totals)
    show_upload(run.desk.root, run.choices.values["seller"])
    offer_demo_removal(run.desk.root, run.choices.demo)
    show_live(run.desk.root)
    show_outcomes(run)
    show_files(imports.files, run.desk.ask(count_daily_sums))
    show_sums(run.desk.ask(read_newest_sums, SHOWN_DAYS))
    show_proposals(run.desk)
    show_rejects(run.desk, imports.rejects)
    show_unknown_fields(run.desk.ask(unknown_fields))
    show_unknown_cost(imports.unpriced)
    show_doubtful(run.desk, imports.reviews)
    show_sightings(run.desk, imports.sightings)


def show_figures(totals: ImportTotals) -> None:
    """Files, calls, rejected lines, calls that need a person."""
    doubts = [
        f"{count(number)} {what}"
        for number, what in ((totals.unpriced, "of unknown cost"), (totals.review, "to review"))
        if number
    ]
    show_cards(
        [
            Card("Files", (count(totals.files),), "loaded"),
            Card("Calls", (count(totals.calls),), "each counted once"),
            Card(
                "Rejected",
                (count(totals.rejected),),
                "lines not read" if totals.rejected else "every line was read",
                "Kept with their reason: none of them is in any figure.",
            ),
            Card(
                "Need a person",
                (count(totals.need_a_person),),
                ", ".join(doubts) or f"of {plural(totals.calls, 'call')}",
                "Calls of unknown cost that could be known, and calls whose usage contradicts itself or is not whole.",
            ),
        ]
    )


show(get_run())
