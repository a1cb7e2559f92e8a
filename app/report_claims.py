"""What a report says of claims: those about models of its traffic, each beside our own measurement."""

from pathlib import Path

from analysis.claims import same_model
from app.claim_evidence import Measurement
from app.claimed import LABEL, Bench, Beside, all_claims, beside
from reports.asked import Asked
from reports.forward_parts import ClaimBeside, Claims, Measured
from warehouse.connection import open_reader
from warehouse.demo import demo_state
from warehouse.eval_runs import list_eval_runs
from warehouse.locks import Tell
from warehouse.outcomes import outcomes_of
from warehouse.what_if import traffic_pairs


def read_claims(root: Path, asked: Asked, *, tell: Tell) -> Claims:
    """Claims about models with calls in scope; each is measured over all calls, as on its own page."""
    every = all_claims(root)
    outcomes, runs = outcomes_of(root, tell=tell), list_eval_runs(root, tell=tell)
    with open_reader(root, tell=tell) as reader:
        models = {pair.model for pair in traffic_pairs(reader, asked.scope) if pair.model}
        wanted = [pair for pair in every if any(same_model(model, pair[1].model) for model in models)]
        bench = Bench(reader, outcomes, bool(demo_state(reader).demo_files), None, runs)
        found = beside(bench, wanted) if wanted else []
    return Claims(LABEL, tuple(_beside(each) for each in found), len(every) - len(wanted))


def _beside(each: Beside) -> ClaimBeside:
    return ClaimBeside(
        each.seller, each.claim, each.verdict, _measured(each.own), each.relation, tuple(each.differences)
    )


def _measured(own: Measurement | None) -> Measured | None:
    return None if own is None else Measured(own.what, own.found, own.sample, own.of, own.first_at, own.last_at)
