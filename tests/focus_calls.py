"""Calls of every kind for the tests of the FOCUS export, with a contract, charges and invoices beside them."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.cli import run

NOW = "2026-11-22"
NASTY = ("=cmd()", "<script>alert(1)</script>", 'a "quoted", name', "研究\\team #1 @*_", "two\nlines", " ")
"""Names that logs may hold: a file has them as they are."""
CARD = """\
seller: stepfun
name: Our contract with StepFun
contract:
  name: Framework agreement of the tests
  team: research
discounts:
  - valid_from: 2026-10-15T00:00:00Z
    percent_off: "12.5"
    source: agreement of the tests
    checked: 2026-10-15
"""
INVOICE = """\
seller,model,first,last,amount,currency,number,kind,label
stepfun,,2026-10-10,2026-11-10,1.89,USD,I-1,tax,Sales tax
stepfun,,2026-10-10,2026-10-31,-0.25,USD,I-1,credit,Goodwill
stepfun,,2026-10-10,2026-10-31,0.60,USD,I-1,fee,Card fee
stepfun,step-3.7-flash,2026-10-10,2026-10-31,12.00,USD,I-1,usage,
"""


def lines(count: int = 400) -> list[str]:
    """Calls of October and November 2026: rated, free, cut off, of unknown cost, under review."""
    pick = random.Random(11)
    return [json.dumps(_call(pick, number)) for number in range(count)]


def _call(pick: random.Random, number: int) -> dict[str, Any]:
    seller, model = pick.choice(
        [("stepfun", "step-3.7-flash"), ("stepfun-cn", "step-3.7-flash"), ("novita", "stepfun/step-3.7-flash"),
         ("nim", "step-3.7-flash"), (None, "step-3.7-flash")]
    )  # fmt: skip
    prompt, completion = pick.randint(1, 90_000), pick.randint(0, 3_000)
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    usage["cached_tokens"] = pick.choice([0, prompt // 3, prompt * 2 if number % 97 == 0 else 0])
    body = {"id": f"f-{number}", "object": "chat.completion", "model": model, "usage": usage}
    status = pick.choice([200, 200, 200, 429])
    at = datetime(2026, 10, 8) + timedelta(days=4 * pick.randint(0, 10), minutes=pick.randint(0, 24 * 60))
    return {
        "time": at.isoformat() + "Z",
        "seller": seller,
        "status": status,
        "request": {"model": model},
        "response": body if status == 200 and pick.random() < 0.9 else None,
        "team": pick.choice([None, None, "research", "research", "research", *NASTY]),
        "project": pick.choice([None, "atlas", *NASTY]),
        "environment": pick.choice([None, "prod"]),
    }


def make_warehouse(folder: Path) -> Path:
    """A warehouse with all of it, its days in a zone where many calls fall on another day than in UTC."""
    root = folder / "warehouse"
    log, invoice = folder / "calls.jsonl", folder / "invoice.csv"
    log.write_text("\n".join(lines()) + "\n", encoding="utf-8")
    invoice.write_text(INVOICE, encoding="utf-8")
    (root / "rate_cards").mkdir(parents=True)
    (root / "rate_cards" / "contract.yaml").write_text(CARD, encoding="utf-8")
    (root / "tollbook.toml").write_text('billing_zone = "Asia/Kolkata"\nsalt = "s"\nstale_days = 30\n')
    run_on(root, "ingest", str(log))
    gpus = "--kind gpu_hours --period month --first 2026-10-01 --currency USD --amount 100 --team research --seller nim"
    run_on(root, "charge", "add", "=GPU hours", *gpus.split(), "--project", "atlas")
    support = "--kind support --period year --first 2026-10-20 --currency EUR --amount 365.01"
    run_on(root, "charge", "add", "Support", *support.split())
    run_on(root, "invoice", "import", str(invoice))
    return root


def run_on(root: Path, *arguments: str) -> None:
    """Run a command that has to succeed."""
    code = run(["--warehouse", str(root), "--now", NOW, *arguments])
    assert code == 0, arguments
