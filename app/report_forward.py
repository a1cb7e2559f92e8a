"""What a report shows of the days to come, read from a warehouse: the same figures as commands and pages show."""

from datetime import datetime
from pathlib import Path

from app.report_projection import read_projection
from reports.asked import Asked
from reports.forward import Forward
from warehouse.locks import Tell


def read_forward(root: Path, asked: Asked, now: datetime, *, tell: Tell) -> Forward:
    """Everything that looks ahead, for the traffic that a report is about; raises WarehouseError without traffic."""
    projection = read_projection(root, asked, now, tell=tell)
    return Forward(projection, None, None, None, None, None, {})
