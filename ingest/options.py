"""What a load was asked for."""

import json
from datetime import datetime
from typing import NamedTuple

from ingest.mapping import Mapping
from warehouse.batch import Given


class Options(NamedTuple):
    """What the command says of the files it loads."""

    given: Given = Given()
    source: str | None = None
    """Name of the source; None: each file is recognised by its content."""
    task_field: str | None = None
    """Dotted path of the field that names the task, before the usual ones."""
    step_field: str | None = None
    again: bool = False
    """Read files again that the manifest knows; their records are still stored once."""
    demo: bool = False
    mapping: Mapping | None = None
    """How the files' columns are to be read; None: by a source that is there."""

    def digest(self) -> str:
        """The options that change what a file's records say, as text: a file is known under its options."""
        said = {
            **self.given._asdict(),
            "source": self.source,
            "task_field": self.task_field,
            "step_field": self.step_field,
            "mapping": self.mapping.digest if self.mapping else None,
        }
        return json.dumps({name: _plain(value) for name, value in said.items() if value}, sort_keys=True)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
