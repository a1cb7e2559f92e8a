"""A view of Explore: which measure by what. In a page's address, as text that is saved, or from a person's words."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from app.named_periods import ALL_TIME, CHOSEN, days_of
from app.pivot import MEASURES
from app.session import UserMistake
from warehouse.scope import Scope, is_dimension

STEPS = ("hour", "day", "week", "month")


class View(NamedTuple):
    """A measure by one or two dimensions, over time if there is a step; period and filters are the page's scope."""

    measure: str = "cost"
    rows: str = "model"
    columns: str | None = None
    step: str | None = "month"

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions to ask for, rows first."""
        return (self.rows, self.columns) if self.columns else (self.rows,)


class SavedView(NamedTuple):
    """A view with its period and filters, as it is kept by name."""

    view: View
    period: str = ALL_TIME
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()


def from_params(params: Mapping[str, str]) -> View:
    """The view that an address holds; raises UserMistake for what there cannot be."""
    usual = View()
    view = View(
        params.get("measure", usual.measure),
        params.get("rows", usual.rows),
        params.get("columns") or None,
        {"": usual.step, "none": None}.get(params.get("step", ""), params.get("step")),
    )
    check_view(view)
    return view


def to_params(view: View) -> dict[str, str]:
    """The same for an address; what is usual is left out."""
    said = {"measure": view.measure, "rows": view.rows, "columns": view.columns or "", "step": view.step or "none"}
    usual = {"measure": View().measure, "rows": View().rows, "columns": "", "step": View().step}
    return {name: value for name, value in said.items() if value != usual[name]}


def check_view(view: View) -> None:
    """Refuse a view of what there is not; raises UserMistake."""
    if view.measure not in MEASURES:
        raise UserMistake(f"there is no measure {view.measure!r}; there are {', '.join(MEASURES)}")
    for name in view.dimensions:
        if not is_dimension(name) or name == "day":
            raise UserMistake(f"there is no dimension {name!r} to tell traffic apart by; time goes by a step")
    if view.rows == view.columns:
        raise UserMistake(f"rows and columns are both {view.rows!r}: take another dimension for one of them")
    if view.step is not None and view.step not in STEPS:
        raise UserMistake(f"there is no step {view.step!r}; there are {', '.join(STEPS)}")


def to_document(saved: SavedView) -> dict[str, Any]:
    """What is kept of a view, as JSON can hold it."""
    return {
        **saved.view._asdict(),
        "period": saved.period,
        "filters": {name: list(values) for name, values in saved.filters},
    }


def from_document(document: Mapping[str, Any]) -> SavedView:
    """The view that was kept; raises UserMistake where an older or a newer Tollbook kept what this one has not."""
    try:
        view = View(*(document[name] for name in View._fields))
        filters = tuple((str(name), tuple(map(str, values))) for name, values in document["filters"].items())
        saved = SavedView(view, str(document["period"]), filters)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise UserMistake("the saved view is not whole: save it again") from None
    if saved.period == CHOSEN:
        raise UserMistake("the saved view does not say which days were chosen: save it again")
    check_view(view)
    for name, _ in saved.filters:
        if not is_dimension(name):
            raise UserMistake(f"the saved view is narrowed by {name!r}, which is no dimension: save it again")
    return saved


def scope_of_view(saved: SavedView, today: date) -> Scope:
    """The days and values that a saved view is about, as of a day; raises UserMistake for a period that is none."""
    return Scope(*days_of(saved.period, today), saved.filters)
