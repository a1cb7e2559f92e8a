"""What the receiver says last to the process that loads, where it was stopped: one that was killed says nothing."""

STOPPED = b"stopped"
