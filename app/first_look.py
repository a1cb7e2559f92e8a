"""What a load would make of a file that a person handed over: the preview of the command line, for a page."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from app.commands.preview import as_object
from app.spool import Upload, spool
from ingest.clock import parse_time
from ingest.mapping import Mapping
from ingest.options import Options
from ingest.preview import Prices, preview_file
from ingest.problem import IngestError
from pricing.errors import CardError
from pricing.spans import RateFinder
from warehouse.batch import Given
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.rates import compile_rates, read_cards


class Look(NamedTuple):
    """The beginning of a file as it would be read, in the words of ``tollbook ingest --preview --json``; or why not."""

    found: dict[str, Any]
    error: str | None = None

    @property
    def proposal(self) -> str | None:
        """The draft of a mapping file. None: a source knows the file, or it is no table."""
        return self.found.get("proposal")


def look_at(root: Path, upload: Upload, options: Sequence[str], mapping: Mapping | None = None) -> Look:
    """Read the first rows of a file; nothing is loaded, and a warehouse that is not there is not made."""
    with TemporaryDirectory() as folder:
        (path,) = spool(Path(folder), [upload])
        try:
            cards = read_cards(Folder(root))
            prices = Prices(cards.all, RateFinder(compile_rates(cards)))
            found = as_object(preview_file(path, options_of(options, mapping), prices))
        except (CardError, IngestError, WarehouseError, OSError) as error:
            return Look({}, str(error).replace(str(path), upload.name))
    return Look({**found, "file": upload.name})


def sellers_with_a_card(root: Path) -> tuple[str, ...]:
    """The sellers whose rates are known; none where the cards cannot be read."""
    try:
        return tuple(sorted({card.seller for card in read_cards(Folder(root)).all}))
    except (CardError, WarehouseError):
        return ()


def options_of(words: Sequence[str], mapping: Mapping | None) -> Options:
    """The command line's words as a reader of logs takes them."""
    said = dict(word.removeprefix("--").split("=", 1) for word in words)
    time = said.get("time")
    given = Given(said.get("seller"), None, parse_time(time)[0] if time else None, said.get("team"), None, ())
    return Options(given, None if mapping else said.get("source"), mapping=mapping)
