"""The docs say what is true: what they show is run, what they list is complete, and where they point is there.

With ``--golden-update`` (``make golden``) what is generated in them is written again: the output under each
``$ tollbook`` line, and whatever stands between a ``generated`` mark and its end.
"""

import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
import typer.main

from app import cli
from app.glossary import glossary
from ingest.chat import LEAVES
from ingest.mapping import TARGETS
from ingest.outcome import BY_STATUS, ERROR_CATEGORIES
from ingest.record import NO_TIME
from ingest.registry import SOURCES
from ingest.reread import TOO_LONG
from ingest.source import About, Source
from pricing import billing, cost, usage
from pricing.card_fields import Confidence
from pricing.card_model import BaseUrl, BillingRule, Card, Entry
from pricing.meters import METERS
from pricing.usage import FLAVOURS
from reports.feeds.feed import TYPES
from reports.feeds.registry import FEEDS
from reports.focus.columns import COLUMNS
from reports.ledger import COLUMNS as LEDGER
from scripts.shots import SHOTS
from tests.recorders import RECORDERS, lost, read_recorder
from warehouse.folder import SETTINGS_TEXT
from warehouse.record import UsageRecord
from warehouse.scope import DIMENSIONS
from warehouse.sqlfiles import migrations, sql

ROOT = Path(__file__).parents[1]
DEMO_NOW = tomllib.loads((ROOT / "data" / "samples" / "demo.toml").read_text(encoding="utf-8"))["now"]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
parametrize_pages = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])

PIECE = re.compile(
    r"<!-- file: (?P<name>\S+) -->\n```\w+\n(?P<content>.*?)```"
    r"|```console\n(?P<session>.*?)```"
    r"|<!-- generated: (?P<part>\w+) -->\n.*?<!-- end -->",
    re.DOTALL,
)
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def missing_from(name: str, words: object) -> list[str]:
    """The words that a page does not show as code."""
    codes = set(re.findall(r"`([^`\n]+)`", read(name)))
    assert isinstance(words, list | tuple | set | dict)
    return [word for word in words if word not in codes]


CACHED_WORDS = {
    "inside": "cached tokens inside the input",
    "beside": "cached tokens beside the input",
    "not_logged": "cached tokens are not in it: the cost is an upper bound",
    "by_total": "each row's total tells where its cached tokens are",
}

# What is generated


def table(heads: str, rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads.split(", "), ["---"] * len(heads.split(", ")), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def sources() -> str:
    rows = [(f"`{source.name}`", source.title, *told_of(source)) for source in SOURCES]
    return table("source, what it reads, what it gives, its counts, tried on", rows)


def told_of(source: Source) -> About:
    """What a source says of itself; a preset's mapping says it in its own words."""
    if source.about:
        return source.about
    assert source.mapping
    return About(
        "what its columns hold, see [presets](presets.md)",
        CACHED_WORDS[source.mapping.cached_tokens],
        "a real file" if source.mapping.seen else "documented fields",
    )


def presets() -> str:
    rows = [
        (
            f"`{source.name}`",
            source.title,
            f"[documented]({source.mapping.documented_at})",
            "yes" if source.mapping.seen else "no real export was available",
        )
        for source in SOURCES
        if source.mapping
    ]
    return table("preset, what it reads, fields, tried on a real file", rows)


def mapped() -> str:
    kinds: dict[str, list[str]] = {}
    for name, kind in TARGETS.items():
        kinds.setdefault(kind, []).append(f"`{name}`")
    return table("cells, our columns", [(kind, ", ".join(names)) for kind, names in kinds.items()])


def recorders(work: Path, written: str) -> str:
    """What each instrumentation loses, counted on recordings; where they are not at hand, what is written already."""
    shared = ROOT.parent / "shared"
    if not (shared / "recorded").is_dir():
        return written.split("-->", 1)[1].rsplit("<!--", 1)[0].strip("\n") + "\n"
    rows = [(title, *lost(read_recorder(shared, work, name))) for name, (title, _) in RECORDERS.items()]
    return table(
        "instrumentation, answers served, records, equal to what was served, estimated, without usage, "
        "cached tokens known, reasoning known, attempts not seen",
        rows,
    )


def errors() -> str:
    statuses = {
        category: ", ".join(str(status) for status, found in BY_STATUS.items() if found == category) or "–"
        for category in ERROR_CATEGORIES
    }
    statuses["provider_error"] = "500 and above, where no other category has them"
    return table("category, statuses", [(f"`{name}`", told) for name, told in statuses.items()])


def record() -> str:
    fields = UsageRecord.model_fields.items()
    return table("field, meaning", [(f"`{name}`", str(field.description).replace("``", "`")) for name, field in fields])


def tables() -> str:
    """Every table and view with its grain, as the migrations give it."""
    return grains([text for _, text in migrations("usage")] + [sql("create_migration_table")])


def entered() -> str:
    """The same of what people enter."""
    return grains([text for _, text in migrations("state")])


def grains(texts: list[str]) -> str:
    found = re.findall(r"((?:--.*\n)+)create (?:table|view)(?: if not exists)? (\w+)", "\n".join(texts))
    # A table that a later migration makes anew is what that one says.
    named = {name: re.sub(r"^-- ?", " ", grain, flags=re.M).replace("\n", "").strip() for grain, name in found}
    return table("table or view, grain", [(f"`{name}`", grain) for name, grain in named.items()])


def ledger() -> str:
    return table("column, what it holds", [(f"`{name}`", told) for name, told in LEDGER.items()])


def feeds() -> str:
    """Every feed with its columns: the data dictionary."""
    pages = []
    for feed in FEEDS.values():
        narrowed = ", ".join(f"`{name}`" for name in feed.narrowed_by) or "nothing"
        rows = [(f"`{each.name}`", TYPES[each.kind][0], each.unit or "", each.meaning) for each in feed.columns]
        head = f"### {feed.name}\n\nVersion {feed.version}. A row: {feed.grain} A period: {feed.period}"
        columns = table("column, type, unit, meaning", rows)
        pages.append(f"{head} `--where` narrows it by: {narrowed}.\n\n{columns}")
    return "\n".join(pages)


def focus() -> str:
    """Every column of the FOCUS export, and what stands in it."""
    return table("column, type, what stands in it", [(f"`{one.name}`", one.kind, one.meaning) for one in COLUMNS])


def terms() -> str:
    groups = (
        f"## {name}\n\n" + "".join(f"- **{term}**: {text}\n" for term, text in sorted(words.items()))
        for name, words in glossary().items()
    )
    return "\n".join(groups)


def dimensions() -> str:
    return ", ".join(f"`{name}`" for name in DIMENSIONS) + ".\n"


def commands(name: str = "", command: object = None) -> Iterator[tuple[str, object]]:
    """Every command with its full name, the groups among them."""
    command = command or typer.main.get_command(cli.app)
    yield name, command
    for inner, found in getattr(command, "commands", {}).items():
        yield from commands(f"{name} {inner}".strip(), found)


class Writer:
    """Writes a page's generated pieces, running what it shows in one folder against one warehouse."""

    def __init__(self, folder: Path, warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.warehouse = warehouse
        self.capsys = capsys

    def piece(self, match: re.Match[str]) -> str:
        if match["name"]:
            (self.folder / match["name"]).write_text(match["content"], encoding="utf-8")
            return match[0]
        if match["session"]:
            lines = [line for line in match["session"].splitlines() if line.startswith("$ ")]
            return "```console\n" + "".join(f"{line}\n{self.output(line[2:])}" for line in lines) + "```"
        parts: dict[str, Callable[[], str]] = {
            "sources": sources,
            "presets": presets,
            "mapped": mapped,
            "errors": errors,
            "record": record,
            "tables": tables,
            "entered": entered,
            "dimensions": dimensions,
            "feeds": feeds,
            "focus": focus,
            "ledger": ledger,
            "glossary": terms,
            "commands": self.helps,
            "recorders": partial(recorders, self.folder, match[0]),
        }
        return f"<!-- generated: {match['part']} -->\n\n{parts[match['part']]()}\n<!-- end -->"

    def output(self, line: str) -> str:
        program, *arguments = line.split()
        assert program == "tollbook", f"only tollbook is run: {line}"
        self.capsys.readouterr()
        code = cli.run(["--warehouse", str(self.warehouse), "--now", DEMO_NOW.isoformat(), *arguments])
        shown = self.capsys.readouterr()
        # An alert that fired ends with 1.
        assert code in (0, 1), shown.err
        return "".join(f"{text.rstrip()}\n" for text in shown.out.splitlines())

    def helps(self) -> str:
        pages = []
        for name, _ in commands():
            self.capsys.readouterr()
            assert cli.run([*name.split(), "--help"]) == 0
            pages.append(f"### tollbook {name}".rstrip() + f"\n\n```\n{self.capsys.readouterr().out.strip()}\n```\n")
        return "\n".join(pages)


@pytest.fixture
def updating(request: pytest.FixtureRequest, golden: object) -> bool:
    """Whether the pages are to be written; asks for `golden` so that `--golden-update` runs the test."""
    return bool(request.config.getoption("--golden-update"))


def written_at(warehouse: Path) -> dict[str, int]:
    """When each database was last written to, in nanoseconds."""
    return {path.name: path.stat().st_mtime_ns for path in warehouse.glob("*.duckdb")}


@pytest.fixture
def rewritten(request, tmp_path, capsys, monkeypatch):
    """A page's text as it has to be: run in a folder of its own, against the demo or a warehouse of its own.

    ``<!-- warehouse: new -->`` begins with nothing, ``<!-- warehouse: demo -->`` with a copy that the page may change.
    """

    def rewrite(text: str) -> str:
        own = re.search("<!-- warehouse: (.*) -->", text)
        demo: Path = request.getfixturevalue("demo_warehouse_for_reports")
        warehouse = tmp_path / "warehouse" if own else demo
        if own and own[1] == "demo":
            shutil.copytree(demo, warehouse)
        before = written_at(demo)
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.chdir(tmp_path)
        written = PIECE.sub(Writer(tmp_path, warehouse, capsys).piece, text)
        assert written_at(demo) == before, "a page that changes the demo says <!-- warehouse: demo -->"
        return written

    return rewrite


@parametrize_pages
def test_what_a_page_shows_is_what_comes_out(page, updating, rewritten):
    text = page.read_text(encoding="utf-8")
    written = rewritten(text)
    if updating:
        page.write_text(written, encoding="utf-8")
    assert text == written or updating, f"{page.name} is out of date: see `make golden`"


# What is complete


def test_every_command_and_every_option_is_documented():
    text = read("docs/cli.md")
    for name, command in commands():
        assert f"### tollbook {name}".rstrip() + "\n" in text
        for parameter in getattr(command, "params", ()):
            names = parameter.opts if parameter.param_type_name == "option" else [parameter.metavar]
            assert all(told in text for told in names), (name, names)


def test_every_command_is_in_a_guide_too():
    guides = "".join(page.read_text(encoding="utf-8") for page in PAGES if page.name != "cli.md")
    assert [name for name, _ in commands() if f"tollbook {name}".strip() not in guides] == []


def test_every_option_of_a_load_is_in_the_guide():
    (ingest,) = [command for name, command in commands() if name == "ingest"]
    options = [parameter.opts[0] for parameter in ingest.params if parameter.opts[0].startswith("--")]  # type: ignore[attr-defined]
    guide = read("docs/getting-started.md")
    assert [option for option in options if option not in guide and option != "--help"] == []


def test_every_source_is_documented():
    assert missing_from("docs/sources.md", [source.name for source in SOURCES]) == []


def test_every_field_of_the_envelope_is_documented():
    own = {path.split("[]")[0] for leaf in LEAVES for path in leaf.paths if not path.startswith("body.")}
    fields = {path for path in own if not path.startswith("request.")} | {"request", "response", "error"}
    assert missing_from("docs/sources.md", fields) == []
    assert missing_from("docs/sources.md", {path for path in own if path.startswith("request.")}) == []


def test_every_place_of_usage_is_documented():
    text = read("docs/sources.md")
    names = {path.rsplit(".", 1)[-1] for leaf in LEAVES for path in leaf.paths if path.startswith("body.usage.")}
    assert [name for name in names if name not in text] == []


def test_every_flavour_and_every_contradiction_is_documented():
    reasons = {value for name, value in vars(usage).items() if name.endswith(("EXCEEDS", "EXCEED_INPUT", "DIFFERS"))}
    assert missing_from("docs/sources.md", reasons | {usage.MODALITIES_EXCEED_OUTPUT}) == []
    assert missing_from("docs/sources.md", FLAVOURS) == []


def test_every_kind_of_rejection_is_documented():
    text = read("docs/sources.md")
    assert "`no time:`" in text and NO_TIME.startswith("no time:")
    assert f"`{TOO_LONG}`" in text


def test_every_reason_to_have_no_price_is_documented():
    fixed = [cost.NO_RATE, cost.USAGE_MISSING, "seller unknown", "model unknown", "self-hosted: no token price"]
    assert missing_from("docs/getting-started.md", fixed) == []
    assert billing.DOES_NOT_CHARGE.format(seller="novita", status=429) in read("docs/rates.md")


def test_every_key_of_a_card_and_every_meter_is_documented():
    keys = {key for model in (Card, BaseUrl, BillingRule, Entry) for key in model.model_fields}
    assert missing_from("docs/rates.md", keys) == []
    assert missing_from("docs/rates.md", METERS) == []
    assert missing_from("docs/rates.md", Confidence.__args__) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", ["docs/rates.md", "docs/rerate.md"])
def test_the_example_cards_are_cards(page, tmp_path, capsys):
    examples = re.findall(r"```yaml\n(.*?)```", read(page), re.DOTALL)
    assert examples
    for number, example in enumerate(examples):
        path = tmp_path / f"example-{number}.yaml"
        path.write_text(example, encoding="utf-8")
        assert cli.run(["rates", "validate", str(path)]) == 0, capsys.readouterr().err


def test_every_setting_and_every_table_is_documented():
    assert missing_from("docs/warehouse.md", tomllib.loads(SETTINGS_TEXT)) == []
    texts = "\n".join(text for database in ("usage", "state") for _, text in migrations(database))
    names = set(re.findall(r"create (?:table|view) (\w+)", texts))
    assert missing_from("docs/warehouse.md", names - {"meta"}) == []
    assert missing_from("docs/warehouse.md", UsageRecord.model_fields) == []


def test_every_make_target_is_documented():
    (targets,) = re.findall(r"(?m)^\.PHONY: (.*)$", read("Makefile"))
    assert missing_from("docs/architecture.md", [f"make {target}" for target in targets.split()]) == []


def test_every_page_of_the_app_has_its_section():
    heads = re.findall(r"(?m)^## (.*)$", read("docs/app.md"))
    titles = re.findall(r'st\.Page\([^)]*title="([^"]+)"', read("app/main.py"))
    assert titles and [title for title in titles if title not in heads] == []


def test_every_environment_variable_is_documented():
    found = set()
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "warehouse").rglob("*.py")]:
        found |= set(re.findall(r"TOLLBOOK_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert missing_from("docs/cli.md", found) == []


def test_every_page_of_the_docs_is_in_the_index_once():
    linked = [link.partition("#")[0] for link in LINK.findall(read("docs/index.md")) if "://" not in link]
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert sorted(link for link in linked if "/" not in link) == sorted(pages)


def test_a_guide_for_a_role_is_short():
    guides = sorted((ROOT / "docs").glob("for-*.md"))
    assert guides and [(page.name, long) for page in guides if (long := len(page.read_text().splitlines())) > 120] == []


def test_every_picture_that_is_shown_is_made_by_the_script():
    shown = {link for page in PAGES for link in LINK.findall(page.read_text(encoding="utf-8")) if link.endswith(".png")}
    taken = {path.name for path in (ROOT / "docs" / "img").iterdir()}
    assert {Path(link).name for link in shown} | taken <= {f"{shot.name}.png" for shot in SHOTS}


# Where it points


@parametrize_pages
def test_every_link_leads_somewhere(page):
    broken = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    heads = re.findall(r"(?m)^#+ (.*)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_path_in_the_architecture_is_there():
    # What is beside the checkout may be missing.
    codes = re.findall(r"`(?!\.\./)([\w./]+/[\w./]*)`", read("docs/architecture.md"))
    assert [code for code in codes if not re.search("[A-Z]{3}", code) and not (ROOT / code).exists()] == []


def test_the_pages_say_what_is_and_not_what_may_come():
    words = re.compile(r"\b(will be|planned|coming soon|in the future|roadmap|not yet)\b", re.IGNORECASE)
    assert [(page.name, found[0]) for page in PAGES if (found := words.search(page.read_text(encoding="utf-8")))] == []
