"""The commands of ``tollbook``, one module each; what is slow to import is imported when a command runs."""
