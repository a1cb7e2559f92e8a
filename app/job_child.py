"""A command that a page runs: what goes wrong is said as a sentence and a code, whose trace goes to the log."""

import sys
from pathlib import Path

from app.cli import WithoutPandas, run
from app.clock import now
from app.fault import CODE, VOICE, fault_of, keep_trace


def main() -> None:
    """Run a command on the warehouse that ``--warehouse``, its first option, names."""
    sys.meta_path.insert(0, WithoutPandas())
    arguments = sys.argv[1:]
    root = Path(arguments[1])
    try:
        code = run(arguments, refuse=lambda error: say(error, root))
    except Exception as error:  # noqa: BLE001 - whatever it is, the page says so, and its trace is kept
        say(error, root)
        code = 1
    sys.exit(code)


def say(error: Exception, root: Path) -> None:
    """A sentence and a code, in lines of their own, where the page reads them."""
    fault = fault_of(error)
    kept = keep_trace(error, fault.code, root, now())
    sys.stderr.write(f"{VOICE}{fault.says}\n{CODE}{fault.code}\t{kept or ''}\n")
    sys.stderr.flush()
