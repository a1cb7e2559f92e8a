"""``tollbook prefix-cache FILE``: how high a cache share can be at all, from the blocks of prompts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.entered import AsJson
from app.session import PLAIN, print_json, print_table

if TYPE_CHECKING:
    from planning.prefix_cache import Prompt, Saved

SECONDS = (60, 300, 3600)
"""After how long a cache forgets, where nobody asks for another time."""


def prefix_cache(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines: timestamp, input_length, hash_ids.")],
    block_tokens: Annotated[int, typer.Option(min=1, metavar="COUNT", help="Tokens of a block in the file.")] = 512,
    live: Annotated[
        list[int] | None,
        typer.Option(min=1, metavar="SECONDS", help="The cache forgets so long after the last use; may be repeated."),
    ] = None,
    room: Annotated[int | None, typer.Option(min=1, metavar="BLOCKS", help="The cache has room for so many.")] = None,
    as_json: AsJson = False,
) -> None:
    """How high a cache share can be at all: what a cache of prompts' beginnings would have held.

    Nothing is read from the warehouse: logs do not say what was in a prompt.
    """
    from app.prefix_caches import read_prompts
    from planning.prefix_cache import prefix_cache as saved_by

    prompts = read_prompts(file, block_tokens)
    times = [None, *sorted(set(live or SECONDS))]
    found = [
        (seconds, saved_by(prompts, block_tokens, live_ms=None if seconds is None else seconds * 1000, room=room))
        for seconds in times
    ]
    if as_json:
        print_json(_as_object(prompts, found, block_tokens, room))
    else:
        _print(prompts, found, block_tokens, room)


def _as_object(
    prompts: "list[Prompt]", found: "list[tuple[int | None, Saved]]", block_tokens: int, room: int | None
) -> dict[str, Any]:
    rows = [
        {
            "forgets_after_seconds": seconds,
            "cached_tokens": saved.cached_tokens,
            "share": None if saved.share is None else float(saved.share),
        }
        for seconds, saved in found
    ]
    return {
        "prompts": len(prompts),
        "seconds": (prompts[-1].at_ms - prompts[0].at_ms) / 1000,
        "input_tokens": found[0][1].input_tokens,
        "block_tokens": block_tokens,
        "room_blocks": room,
        "rows": rows,
    }


def _print(
    prompts: "list[Prompt]", found: "list[tuple[int | None, Saved]]", block_tokens: int, room: int | None
) -> None:
    from rich.table import Table

    table = Table(**PLAIN)
    for name in ("the cache forgets after", "cached tokens", "share of input"):
        table.add_column(name, justify="left" if name.startswith("the") else "right")
    for seconds, saved in found:
        share = "–" if saved.share is None else f"{float(saved.share):.1%}"
        table.add_row("never" if seconds is None else f"{seconds:,} s", f"{saved.cached_tokens:,}", share)
    minutes = (prompts[-1].at_ms - prompts[0].at_ms) / 60_000
    print_table(
        table,
        f"{len(prompts):,} prompts in {minutes:,.1f} min, {found[0][1].input_tokens:,} input tokens, "
        f"blocks of {block_tokens:,}; " + ("endless room." if room is None else f"room for {room:,} blocks."),
        "The cache is empty at first, knows prompts by their beginning, and is one for all of them: at most that much "
        "is read from it.",
        f"Blocks that are alike in part do not count: a cache with smaller blocks can find up to {block_tokens - 1:,} "
        "tokens more of a prompt.",
        "Hold the cache share of a what-if (kind cache of tollbook scenario) against it.",
    )
