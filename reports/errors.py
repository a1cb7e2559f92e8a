"""What can go wrong with a report that its user can put right."""


class ReportError(Exception):
    """A report cannot be made as it was asked for; one plain line, exit code 2."""


NOTHING = "there is nothing of"
"""How a report begins to say that nothing is known of a period: one that comes by itself is then done."""
