"""What a person can do about a line that was not read, and about a file that was not."""

from typing import NamedTuple


class RejectAdvice(NamedTuple):
    """One kind of reason: how it begins, as a pattern of SQL's ``like``; its title; what to do."""

    pattern: str
    title: str
    advice: str


CHOOSE_SOURCE = "Choose the source of this file under *Options*, and load it again."
KINDS = (
    RejectAdvice(
        "not JSON:%",
        "Not JSON",
        "The line was cut off or written into by something else: look at it in the file. The other lines are loaded.",
    ),
    RejectAdvice("not UTF-8%", "Not UTF-8", "Save the log as UTF-8 and load it again: what is loaded is not doubled."),
    RejectAdvice(
        "the line is longer%", "Too long", "Log usage without prompts and answers: they are not needed for cost."
    ),
    RejectAdvice(
        "no time:%",
        "No time",
        "Load the file again with a *start time* under Options, or have the call's `time` logged.",
    ),
    RejectAdvice(
        "time %", "A time that would be misread", "Log times as ISO 8601 with a zone, or as whole seconds since 1970."
    ),
    RejectAdvice("%Anthropic's Messages shape%", "Usage in another shape", CHOOSE_SOURCE),
    RejectAdvice("usage holds none of%", "Usage in another shape", CHOOSE_SOURCE),
    RejectAdvice("usage is %", "Usage of the wrong kind", "Log the answer's `usage` object as it came."),
    RejectAdvice("response %", "An answer that cannot be read", "Log the answer's body as JSON, or a stream's text."),
    RejectAdvice(
        "neither usage nor%", "No call", "Nothing, if the line tells of something else; else choose the source."
    ),
    RejectAdvice("% stands here%", "Not a record", CHOOSE_SOURCE),
    RejectAdvice(
        "the packed data%", "Damaged file", "Copy the file once more and load it: what is loaded is not doubled."
    ),
    RejectAdvice(
        "% is %, not %",
        "A field of the wrong kind",
        "Nothing is guessed: put the field right where the log is written. Counts are whole numbers.",
    ),
)
OTHER = RejectAdvice("%", "Other reasons", "Look at the line in the file. The file's other lines are loaded.")
PATTERNS = tuple(kind.pattern for kind in KINDS)


def reject_advice(kind: int) -> RejectAdvice:
    """The kind of reason by its place among the patterns, counted from 1; 0 for none of them."""
    return KINDS[kind - 1] if 1 <= kind <= len(KINDS) else OTHER


def error_advice(error: str) -> str:
    """What to do about a file that could not be read as a whole."""
    if "recognise" in error:
        return "Choose the source under Options, and load it again."
    if "empty" in error:
        return "Nothing was in it to load."
    return "The other files are loaded."
