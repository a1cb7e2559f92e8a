"""What a prefix cache could save at most: prompts as blocks, of which a cache holds what was sent before."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple


class Prompt(NamedTuple):
    """One request, in the order of time."""

    at_ms: int
    input_tokens: int
    blocks: Sequence[Hashable]
    """What each block of the prompt is, the beginning with it: two that agree up to a block have equal ones."""


class Saved(NamedTuple):
    """What a cache would have known of the prompts."""

    input_tokens: int
    cached_tokens: int

    @property
    def share(self) -> Fraction | None:
        """Of all input tokens; None without any."""
        return Fraction(self.cached_tokens, self.input_tokens) if self.input_tokens else None


def prefix_cache(
    prompts: Iterable[Prompt], block_tokens: int, *, live_ms: int | None = None, room: int | None = None
) -> Saved:
    """Input tokens that a cache would have held: blocks from the beginning of a prompt on, until the first unknown.

    A block is forgotten ``live_ms`` after it was last used; with ``room`` for so many, the least recently used goes.
    """
    used: OrderedDict[Hashable, int] = OrderedDict()
    whole = cached = 0
    for prompt in prompts:
        held = 0
        for block in prompt.blocks:
            at = used.get(block)
            if at is None or (live_ms is not None and prompt.at_ms - at > live_ms):
                break
            held += 1
        whole += prompt.input_tokens
        cached += min(held * block_tokens, prompt.input_tokens)
        _use(used, prompt, room)
    return Saved(whole, cached)


def _use(used: OrderedDict[Hashable, int], prompt: Prompt, room: int | None) -> None:
    # The beginning is used last: what follows on a forgotten block is of no use.
    for block in reversed(prompt.blocks):
        used[block] = prompt.at_ms
        used.move_to_end(block)
    while room is not None and len(used) > room:
        used.popitem(last=False)
