"""What can go wrong with a report that its user can put right."""


class ReportError(Exception):
    """A report cannot be made as it was asked for; one plain line, exit code 2."""
