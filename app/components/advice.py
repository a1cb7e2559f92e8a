"""What a person can do about a line that was not read, and about a file that was not."""

from typing import NamedTuple


class RejectAdvice(NamedTuple):
    """One kind of reason: its title, what to do, and how its reasons read, as patterns of SQL's ``like``."""

    title: str
    advice: str
    patterns: tuple[str, ...] = ()


CHOOSE_SOURCE = "Choose the source of this file under *Options*, and load it again."
KINDS = (
    RejectAdvice(
        "Not JSON",
        "The line was cut off or written into by something else: look at it in the file. The other lines are loaded.",
        ("not JSON:%",),
    ),
    RejectAdvice(
        "A torn row",
        "The export was cut, or a text in it holds a separator without quotes: export it again.",
        ("% cells under a header of %", "%was the export cut%"),
    ),
    RejectAdvice("Not UTF-8", "Save the log as UTF-8 and load it again: nothing is loaded twice.", ("not UTF-8%",)),
    RejectAdvice(
        "Too long", "Log usage without prompts and answers: cost does not need them.", ("the line is longer%",)
    ),
    RejectAdvice(
        "No time",
        "Load the file again with a *start time* under Options, or have the call's `time` logged.",
        ("no time:%",),
    ),
    RejectAdvice(
        "A time that would be misread",
        "Log times as ISO 8601 with a zone, or as whole seconds since 1970.",
        ("time %", "%neither ISO 8601 nor%", "%looks like milliseconds%"),
    ),
    RejectAdvice("No key", "Name the columns that tell one record from another in the mapping.", ("no key:%",)),
    RejectAdvice("Not a new call", "Nothing: it belongs to a call that is logged elsewhere.", ("%: no new call",)),
    RejectAdvice(
        "Usage in another shape",
        CHOOSE_SOURCE,
        ("this is no answer of%", "usage holds none of%", "the usage holds neither%", "token_count%"),
    ),
    RejectAdvice("Usage of the wrong kind", "Log the answer's `usage` object as it came.", ("usage is %",)),
    RejectAdvice(
        "An answer that cannot be read", "Log the answer's body as JSON, or a stream's text.", ("response %",)
    ),
    RejectAdvice(
        "No call",
        "Nothing, if the line tells of something else; else choose the source under *Options*.",
        ("neither usage nor%",),
    ),
    RejectAdvice("Not a record", CHOOSE_SOURCE, ("% stands here%",)),
    RejectAdvice(
        "Damaged file",
        "Copy the file once more and load it: nothing is loaded twice.",
        ("the packed data%", "the frame at byte%"),
    ),
    RejectAdvice(
        "A field of the wrong kind",
        "Nothing is guessed: put the field right where the log is written. Counts are whole numbers.",
        ("% is %, not %", "% is no %", "a bucket %"),
    ),
)
OTHER = RejectAdvice("Other reasons", "Look at the line in the file. The file's other lines are loaded.")
PATTERNS = tuple(kind.patterns for kind in KINDS)


def reject_advice(kind: int) -> RejectAdvice:
    """The kind of reason by its place among the patterns, counted from 1; 0 for none of them."""
    return KINDS[kind - 1] if 1 <= kind <= len(KINDS) else OTHER


def error_advice(error: str) -> str:
    """What to do about a file that could not be read as a whole."""
    if "recognise" in error:
        return "Choose the source under *Options*, and load it again."
    if "empty" in error:
        return "Nothing was in it to load."
    return "The other files are loaded."
