"""The public FOCUS validator on our files. It needs Python 3.12 and packages that do not go with ours: it runs in an
environment of its own, made once from a lock with hashes. It ends with 0 whatever it finds, so its words are read."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.focus_calls import make_warehouse, run_on

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "tests" / "focus" / "requirements.lock"
HOME = ROOT / ".venv-focus"
CRITERIA = (
    "ACCOUNT_NAMING_SUPPORTED",
    "MULTIPLE_PRICING_CATEGORIES_SUPPORTED",
    "MULTIPLE_SUB_ACCOUNT_TYPES_SUPPORTED",
    "NEGOTIATED_PRICING_SUPPORTED",
    "PRICING_BILLING_CURRENCY_DIFFERENCES_SUPPORTED",
    "PUBLIC_PRICE_LIST_SUPPORTED",
    "SUB_ACCOUNT_SUPPORTED",
    "TAGGING_SUPPORTED",
    "UNIT_PRICING_SUPPORTED",
    "USAGE_MEASUREMENT_SUPPORTED",
)
"""What the file is held against beyond what every file must be."""
UNAVOIDABLE = {"InvoiceId-C-005-C"}
"""One arm of an either-or. A null InvoiceId has to break this one, any other value the other; the rule that holds both
arms, InvoiceId-C-003-C, passes."""
OF_PURCHASES = {"EffectiveCost-C-005-C"}
"""Asks for an EffectiveCost of 0 in every row of a purchase; the rule's text asks it of those alone that cover charges
to come, which none of ours does."""
OF_OTHER_LETTERS = {f"{name}-C-{rule}" for name in ("SubAccountId", "SubAccountName") for rule in ("000-C", "002-M")}
"""Takes names of ASCII alone, where FOCUS asks for Unicode as the user wrote it."""
NOT_RUN = "THE PUBLIC FOCUS VALIDATOR WAS NOT RUN"

pytestmark = pytest.mark.long


def python_3_12() -> str | None:
    """A Python 3.12 that works: on PATH, or where pyenv keeps them."""
    kept = sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.12*/bin/python3.12"))
    for candidate in filter(None, (shutil.which("python3.12"), *map(str, kept))):
        found = subprocess.run([candidate, "-c", "import ensurepip, venv"], capture_output=True)
        if found.returncode == 0:
            return candidate
    return None


@pytest.fixture(scope="module")
def validator():
    """The command, and the folder that it has to run in: it opens a list of currencies by a relative path."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = HOME / "lock"
    if not stamp.is_file() or stamp.read_text() != digest:
        python = python_3_12()
        if python is None:
            pytest.skip(f"{NOT_RUN}: there is no Python 3.12 here")
        subprocess.run([python, "-m", "venv", "--clear", HOME], check=True)
        install = [str(HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        made = subprocess.run([*install, "--require-hashes", "-r", LOCK], capture_output=True, text=True)
        if made.returncode != 0:
            pytest.skip(f"{NOT_RUN}: it could not be installed: {made.stderr.strip().splitlines()[-1]}")
        stamp.write_text(digest)
    return HOME / "bin" / "focus-validator", next(HOME.glob("lib/python3.12/site-packages"))


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("validated")
    root = make_warehouse(folder)
    common = ("export", "focus", "--period", "2026-10", "--format", "parquet,csv")
    run_on(root, *common, "--to", str(folder / "all"))
    run_on(root, *common, "--to", str(folder / "calls"), "--where", "seller=stepfun", "--where", "team=research")
    return folder


def judged(validator: tuple[Path, Path], path: Path) -> tuple[set[str], int]:
    """The rules that a file breaks, and how many it keeps."""
    command, folder = validator
    found = subprocess.run(
        [command, "--block-download", "--data-file", path, "--applicability-criteria", ",".join(CRITERIA)],
        cwd=folder,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    kept = re.search(r"Pass: (\d+)", found.stdout)
    assert kept, found.stderr[-2000:]
    return set(re.findall(r"(\S+): FAIL\b", found.stdout)), int(kept[1])


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_the_public_validator_finds_nothing_but_what_no_file_can_avoid(validator, exported, kind):
    broken, kept = judged(validator, exported / "calls" / f"tollbook-focus-2026-10.{kind}")
    assert broken == UNAVOIDABLE
    assert kept > 250
    # Charges, taxes, credits, fees and any names whatever: what the tool says of them goes beyond what the rules say.
    broken, kept = judged(validator, exported / "all" / f"tollbook-focus-2026-10.{kind}")
    assert broken == UNAVOIDABLE | OF_PURCHASES | OF_OTHER_LETTERS
    assert kept > 250


def test_the_public_validator_is_read_aright(validator, exported, tmp_path):
    table = pq.read_table(exported / "calls" / "tollbook-focus-2026-10.parquet")
    wrong = table.set_column(
        table.schema.get_field_index("ChargeCategory"), "ChargeCategory", pa.nulls(len(table), pa.string())
    )
    pq.write_table(wrong.drop_columns(["ListCost"]), tmp_path / "wrong.parquet")
    broken, _ = judged(validator, tmp_path / "wrong.parquet")
    assert {"ChargeCategory-C-002-M", "CostAndUsage-D-032-M"} <= broken
