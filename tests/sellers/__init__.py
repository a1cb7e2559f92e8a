"""Sellers on this machine: a server that speaks their shapes, goes wrong as planned, and keeps a ledger of all of it.

``serving()`` starts it; ``Plan`` says what a call comes to, in a header of the call; ``redirected`` lets a client call
a seller by its real address and reach this server.
"""

from tests.sellers.ledger import Attempt, Ledger
from tests.sellers.plan import Fault, Plan, Tokens
from tests.sellers.server import Sellers, serving

__all__ = ["Attempt", "Fault", "Ledger", "Plan", "Sellers", "Tokens", "serving"]
