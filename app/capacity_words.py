"""What the answer about limits says in words, for commands and pages alike."""

from app.capacities import Capacity, Least, Standing
from app.figures import rounded

NONE_HOLDS = "No tier known here holds"
NAMES = {"rpm": "requests/min", "tpm": "tokens/min", "concurrency": "concurrent"}


def share_text(share: float) -> str:
    """``12.3%``; only none is 0% and only all is 100%."""
    if share in (0, 1):
        return f"{share:.0%}"
    text = f"{share:.1%}"
    return {"0.0%": "<0.1%", "100.0%": ">99.9%"}.get(text, text)


def over_text(standing: Standing) -> str:
    """The share over a limit; from the least to the most where it depends on how traffic grows."""
    most = share_text(standing.over)
    least = most if standing.least_over is None else share_text(standing.least_over)
    return most if least == most else f"{least} to {most}"


def seconds_text(seconds: float) -> str:
    """``0 s``, ``12.4 s``, ``3 min``, ``2.5 h``."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds else "0 s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


def never_text(found: Capacity, standing: Standing) -> str | None:
    """That a limit of tokens can never be met, with the arithmetic; None where it can."""
    caps, context = standing.tier.caps, found.limits.context_tokens
    if not standing.never_tpm or caps.rpm is None or caps.tpm is None or context is None:
        return None
    return (
        f"{standing.tier.name}: {caps.tpm:,} tokens a minute can never bind before {caps.rpm:,} requests: even calls "
        f"that fill the context of {context:,} tokens are {caps.rpm * context:,} tokens a minute."
    )


def needed_text(found: Capacity) -> str:
    """The tier that holds, and what it takes."""
    share, needed, enough = share_text(found.asked.full), found.needed, found.enough_if_independent
    if needed is None:
        never = found.basis.growth is not None and enough is None
        # One that was chosen among others says nothing of them.
        chosen = len(found.standings) < len(found.limits.tiers)
        who, each = (f"{found.standings[0].tier.name} does not hold", "it") if chosen else (NONE_HOLDS, "each")
        text = f"{who}{', however the traffic grows' if never else ''}"
        text += f": {each} has more than {share} of the calls over a limit"
    else:
        text = f"{needed.tier.name} holds: at most {share} of the calls are over a limit{_reached(needed)}"
    if found.basis.growth is not None and (needed or enough):
        text += ", if every burst grows with the traffic"
    if enough is not None and enough is not needed:
        text += f". {enough.tier.name} does{_reached(enough)}, if it grows by users who come independently"
    return f"{text}." if needed is not None else f"{text}.{_least_text(found)}"


def _least_text(found: Capacity) -> str:
    """Which limits would hold, where none does; each by itself."""
    limits = [least for least in found.least if not _is_met(found, least)] or list(found.least)
    if not limits:
        return ""
    text = " and ".join(f"{least.limit:,} {NAMES[least.kind]}" for least in limits)
    if any(least.if_independent is not None for least in limits):
        calm = " and ".join(f"{least.if_independent or least.limit:,} {NAMES[least.kind]}" for least in limits)
        text += f" if every burst grows with the traffic, {calm} if it grows by users who come independently"
    return f" It would take {text}."


def _is_met(found: Capacity, least: Least) -> bool:
    """Whether the highest limit of its kind holds already; a tier that gives none says nothing."""
    known = [cap for each in found.standings if (cap := each.tier.caps.of(least.kind)) is not None]
    return bool(known) and max(known) >= least.limit


def _reached(standing: Standing) -> str:
    if standing.tier.source is None:
        return ""
    reached = standing.tier.reached
    return f" ({reached})" if reached else " (how one gets it is not known)"


def spend_text(found: Capacity, standing: Standing) -> str | None:
    """What a tier lets one spend; None where no rate says."""
    currency, spend, most = found.price.currency, standing.spend, standing.most_spend
    if spend is None or standing.pace is None:
        return None
    text = (
        f"{standing.tier.name} lets one spend {rounded(spend.per_minute)} {currency} a minute, "
        f"{rounded(spend.per_day)} a day and {rounded(spend.per_month)} in 30 days on calls like these "
        f"({float(standing.pace.per_minute):,.1f} a minute, held back by {NAMES[standing.pace.kind]})"
    )
    if most is None or found.price.dearest is None:
        return f"{text}."
    call = found.price.dearest
    return (
        f"{text}; at most {rounded(most.per_minute)} {currency} a minute and {rounded(most.per_day)} a day, with every "
        f"call the dearest that fits: {call.input_tokens:,} tokens in, {call.output_tokens:,} out."
    )


def fit_texts(found: Capacity) -> list[str]:
    """Which calls would not fit the model, and what ``max_tokens`` lets answers cost."""
    fit, limits, price = found.fit, found.limits, found.price
    if fit is None or not fit.calls:
        return []
    texts = []
    if limits.context_tokens is None:
        texts.append("The card does not say how long a context the model has: whether calls fit is unknown.")
    else:
        texts.append(
            f"{fit.over_context:,} of {fit.sized:,} calls are longer than the context of {limits.context_tokens:,} "
            f"tokens, {fit.asked_over_context:,} with max_tokens; the longest is {fit.longest_call or 0:,}."
        )
    if limits.max_output_tokens is not None:
        texts.append(
            f"{fit.over_longest:,} answers are longer than {limits.max_output_tokens:,} tokens, and "
            f"{fit.asked_over_longest:,} calls ask for more."
        )
    without = fit.calls - fit.limited
    if fit.answered and fit.allowed and price.output is not None:
        times = fit.allowed / fit.answered
        texts.append(
            f"Answers cost {rounded(fit.answered * price.output)} {price.currency} in output; as long as they may be, "
            f"{rounded(fit.allowed * price.output)} ({times:,.1f} times). {without:,} calls give no max_tokens."
        )
    return texts
