"""``tollbook selfhost``: servers of one's own for the traffic of a model, beside every seller of it."""

from datetime import date
from typing import TYPE_CHECKING

import typer

from app.commands import selfhost_options as options
from app.commands.cost import scope_of
from app.commands.entered import AsJson, currency_of, one_of
from app.session import UserMistake, print_json, session_of

if TYPE_CHECKING:
    from planning.throughput import Throughput
    from warehouse.connection import Reader
    from warehouse.scope import Scope

MEASURED = "measured"


def selfhost(
    context: typer.Context,
    model: options.Model = None,
    servers: options.Servers = None,
    gpu_hour: options.GpuHour = None,
    licence: options.Licence = None,
    staff: options.Staff = None,
    currency: options.Currency = "USD",
    utilisation: options.Utilisation = None,
    input_weight: options.InputWeight = None,
    size_for: options.SizeFor = "peak",
    throughput: options.OutputSpeed = None,
    mix: options.Mix = None,
    gpu: options.Gpu = None,
    gpus: options.Gpus = None,
    word: options.Word = None,
    since: options.Since = None,
    until: options.Until = None,
    where: options.Only = None,
    as_json: AsJson = False,
) -> None:
    """What servers of your own would cost for a model's traffic, beside each seller of it.

    GPUs are counted for the busiest hour and paid for all hours. Without a price
    of a GPU-hour it says at which price both cost the same.
    """
    from app.commands.cost import demo_notes
    from app.commands.selfhost_tables import as_object, print_answers
    from app.present import present_of
    from app.self_hosting import answer, hosting_of, read_side
    from warehouse.connection import open_reader

    session = session_of(context)
    scope = _scope(since, until, where or [])
    own = options.Own(throughput, mix, gpu, gpus, word)
    chosen = {
        "currency": currency_of(currency),
        "gpu_hour": gpu_hour,
        "licence_gpu_year": licence,
        "staff_month": staff,
        "utilisation": utilisation,
        "input_weight": input_weight,
        "sized_for": one_of("--size-for", size_for, options.SIZES),
    }
    with open_reader(session.warehouse, tell=session.tell) as reader:
        now, demo = present_of(session, reader), demo_notes(reader)
        family = _family(reader, model, scope)
        figures = _throughputs(reader, family, servers, own, now.date())
        hostings = [hosting_of(options.OPTIONS, throughput=figure, **chosen) for figure in figures]
        side = read_side(reader, scope, family, now)
    if side.traffic is None:
        raise UserMistake(f"the calls of {family} in scope say no tokens: there is nothing to host")
    found = [answer(side, hosting) for hosting in hostings]
    if as_json:
        print_json({"model": side.family, "rows": [as_object(each, options.OPTIONS) for each in found]})
    else:
        print_answers(found, demo, options.OPTIONS)


def _scope(since: str | None, until: str | None, where: list[str]) -> "Scope":
    scope = scope_of(since, until, where)
    for name in sorted(scope.dimensions):
        one_of("--where", name, options.DIMENSIONS)
    return scope


def _family(reader: "Reader", model: str | None, scope: "Scope") -> str:
    """The model asked for, else the one with most calls in scope; raises UserMistake where it has none."""
    from warehouse.rate_sellers import family_of
    from warehouse.self_hosting import families

    known = families(reader, scope)
    if not known:
        raise UserMistake("no call in scope has usage that a rate could price: there is no traffic to host")
    family = family_of(model) if model else next(iter(known))
    if family not in known:
        raise UserMistake(f"no call in scope is of {family}; there are calls of {', '.join(known)}")
    return family


def _throughputs(reader: "Reader", family: str, name: str | None, own: options.Own, today: date) -> "list[Throughput]":
    """Those asked for: one's own figure, a server's counters, one that is shipped, or all of these; UserMistake."""
    from app.self_hosting import figures_of, measured
    from warehouse.self_hosting import busiest_hours

    if own.output_per_s is not None:
        if name:
            raise UserMistake("give --servers or --throughput, not both")
        return [_own(family, own, today)]
    if own.mix or own.word or (name != MEASURED and (own.gpu or own.gpus)):
        raise UserMistake("--mix and --word go with --throughput; --gpu and --gpus with it or with --servers measured")
    if name == MEASURED:
        seen = busiest_hours(reader, family)
        if not seen:
            raise UserMistake(f"no counters of a server of {family} are loaded: docs/sources.md says how")
        if not (own.gpu and own.gpus):
            raise UserMistake("counters do not say what a server is made of: give --gpu NAME and --gpus NUMBER")
        return [measured(seen[0], own.gpu, own.gpus)]
    figures = [figure for figure in figures_of(family) if name is None or _plain(figure.name) == _plain(name)]
    if not figures:
        there = ", ".join(figure.name for figure in figures_of(family))
        known = f"there are {there}" if there else f"none is known for {family}"
        raise UserMistake(f"no throughput of {name or 'any servers'}: {known}; your own: --throughput")
    return figures


def _plain(name: str) -> str:
    return name.replace(" ", "").lower()


def _own(family: str, own: options.Own, today: date) -> "Throughput":
    from app.self_hosting import hosted_throughput

    if not (own.mix and own.gpu and own.gpus):
        raise UserMistake("--throughput also needs --mix, --gpu and --gpus: at which mix, and on what it was taken")
    tokens_in, tokens_out = _mix(own.mix)
    return hosted_throughput(
        options.OPTIONS,
        name=f"{own.gpus}x {own.gpu}",
        model=family,
        gpu=own.gpu,
        gpus=own.gpus,
        output_per_s=own.output_per_s,
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        word=one_of("--word", own.word or "guess", options.WORDS),
        by="you",
        date=today,
        source="the command line",
    )


def _mix(text: str) -> tuple[int, int]:
    tokens_in, _, tokens_out = text.replace(",", "").partition("/")
    if not (tokens_in.isdecimal() and tokens_out.isdecimal()):
        raise UserMistake(f"--mix: {text!r} is no mix; write input and output tokens of a call, as in 8192/2048")
    return int(tokens_in), int(tokens_out)
