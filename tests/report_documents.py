"""A report by hand with every kind of cell and block, and names as logs may hold them; it says it is no real one."""

from datetime import date, datetime, timedelta

from reports.charts import Band, BandDay, Bars, Range, Ranges, Series, Step, Waterfall
from reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Kind,
    Link,
    Money,
    Number,
    Section,
    Share,
    Table,
    UnitRate,
    Words,
    count_column,
    money_column,
    text_column,
    totals_of,
)
from reports.figures import text_of

PICO = 10**12
MODELS = ("step-3.7-flash", "claude-opus-5", "deepseek-v4.5-pro", "qwen-4-max")
MORE_MODELS = tuple(f"model-{place}" for place in range(20))
NASTY = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.com","x")',
    "+1+cmd|' /C calc'!A0",
    "@sum(A1)",
    "-2+3",
    '#panic("x") $x$ [*b*] _i_ `c` <label>',
    "back\\slash \\u{41} ${x} {{ x }}",
    "\"quoted\" & 'single' &amp; ]]>",
    "一个中文的名字",
    "émoji 😀 👩‍👩‍👧",
    "nul\x00bell\x07tab\tline\nend",
    "right-to-left \u202ename\u202c",
    "half of a pair: \ud800",
    "averylongwordwithoutanybreak" * 5,
    "https://example.com/a/very/long/path/that/goes/on/and/on?and=asks&for=more#and-more",
    "   spaces   inside   ",
    "",
)
"""Names that each renderer shows as they are, and executes none of."""


def usd(amount: float) -> Money:
    return Money(round(amount * 10**6) * 10**6, "USD")


def every_kind() -> Document:
    """Every block and cell there is; built anew each time, and always the same."""
    return Document(
        title="What LLM traffic cost in October 2026",
        subtitle="1 to 31 October 2026 · all teams · USD and CNY, as priced",
        about=(
            Fact("Prepared for", "A test of reports"),
            Fact("Data through", datetime(2026, 10, 31, 23, 59, 58), "billing days in UTC"),
            Fact("Made", datetime(2026, 11, 2, 9, 0)),
            Fact("Data", "sha256 8f14e45fceea167a5a36dedd4bea2543", "digest of the rows that were read"),
            Fact("Rate cards", 7, "loaded 2026-11-01"),
        ),
        made_at=datetime(2026, 11, 2, 9, 0),
        summary=_summary(),
        sections=(_spend(), _kinds(), _names(), _pictures(), _long(), _wide(), _nothing()),
        models=(*MODELS, *MORE_MODELS),
        banner="Demo data: no real traffic",
    )


def _summary() -> Section:
    return Section(
        "summary",
        "Summary",
        "What was spent, why it changed, and what needs a person.",
        (
            Facts(
                "headline",
                (
                    Fact("Spend", usd(48_215.37), "12,345,678 calls"),
                    Fact("Spend in CNY", Money(1_204_556_120_000_000, "CNY"), "never added to the other"),
                    Fact("Against September", Share(0.082), "+3,655.10 USD"),
                    Fact("Coverage", Share(0.99996), "512 calls of unknown cost"),
                    Fact("Cost per resolved task", usd(0.0418), "80% interval 0.0402 to 0.0433 USD"),
                    Fact("Recurring charges", Money(None, "USD"), "the contract is not entered"),
                ),
            ),
            Words(("Volume raised the cost by 4,100.00 USD; price lowered it by 444.90 USD.",)),
            _months(),
            Words(("Two rates were last checked more than 30 days ago.", "One team has no budget."), "warning"),
        ),
    )


def _months() -> Bars:
    steps = (21.0, 24.5, 23.1, 28.0, 31.2, 29.9, 33.0, 36.4, 39.0, 41.7, 44.5, 48.2)
    parts = (0.55, 0.25, 0.15, 0.05)
    first = date(2025, 11, 1)
    labels = tuple((first + timedelta(days=31 * place)).strftime("%b %Y") for place in range(len(steps)))
    series = tuple(
        Series(model, tuple(round(step * part * 1000) * PICO for step in steps), model)
        for model, part in zip(MODELS, parts, strict=True)
    )
    alt = "Spend per month in USD, highest in October 2026 with 48,200.00 USD; most of it on step-3.7-flash."
    return Bars("spend_months", "Spend by month", alt, "USD", labels, series)


def _spend() -> Section:
    columns = (
        text_column("Model", "The model that was served."),
        text_column("Seller", "Who bills."),
        count_column("Calls", "Attempts that count."),
        money_column("Cost", "As priced."),
        Column("Share", "share", "Of the cost in this currency."),
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        (MODELS[0], "stepfun", 9_000_000, usd(30_000), Share(0.62)),
        (MODELS[1], "anthropic", 2_345_678, usd(18_215.37), Share(0.38)),
        (MODELS[2], "openrouter", 512, Money(None, "USD"), Share(None)),
        (MODELS[0], "stepfun-cn", 999_488, Money(1_204_556_120_000_000, "CNY"), Share(1.0)),
    )
    totals = (
        totals_of(columns, "Total in USD", {"Calls": 11_346_190, "Cost": usd(48_215.37)}),
        totals_of(columns, "Total in CNY", {"Calls": 999_488, "Cost": Money(1_204_556_120_000_000, "CNY")}),
    )
    notes = ("512 calls have no known cost: they are counted and not priced.",)
    table = Table("spend_by_model", "Spend by model", columns, rows, totals, notes, frozenset({2}))
    teams = ("support", "search", "agents", "no team")
    by_team = (14_000, 12_500, 9_200, 480)
    series = (Series("Cost", tuple(each * PICO for each in by_team)),)
    alt = "Spend by team in USD: support 14,000.00, search 12,500.00, agents 9,200.00, no team 480.00."
    picture = Bars("spend_teams", "Spend by team", alt, "USD", teams, series, lying=True)
    return Section("spend", "Spend", "Where the money went, in the currency it was billed in.", (table, picture))


def _kinds() -> Section:
    cells: tuple[tuple[str, Kind, Cell], ...] = (
        ("text", "text", "plain"),
        ("count", "count", 1_234_567),
        ("a negative count", "count", -5),
        ("money", "money", usd(1234.5)),
        ("a credit", "money", usd(-12)),
        ("a small amount", "money", Money(174_280_000, "USD")),
        ("nothing spent", "money", Money(0, "USD")),
        ("an unknown amount", "money", Money(None, "USD")),
        ("not reported", "money", None),
        ("share", "share", Share(0.123)),
        ("nearly all", "share", Share(0.99996)),
        ("rate", "rate", UnitRate(40_000, "USD")),
        ("rate per unit", "rate", UnitRate(10**10, "USD", "unit")),
        ("not sold", "rate", UnitRate(None, "USD")),
        ("number", "number", Number(12.5, "s")),
        ("day", "day", date(2026, 10, 7)),
        ("instant", "instant", datetime(2026, 10, 7, 9, 5, 8)),
        ("link", "link", Link("https://example.com/pricing?model=a&region=b")),
    )
    kinds: tuple[Kind, ...] = ("count", "money", "share", "rate", "number", "day", "instant", "link")
    columns = (
        text_column("Name", "What the row shows."),
        text_column("Written", "How the report writes it."),
        *(Column(kind.capitalize(), kind, f"A cell of kind {kind}.") for kind in kinds),
    )
    rows = tuple(
        (name, text_of(cell, kind), *(cell if each == kind else None for each in kinds)) for name, kind, cell in cells
    )
    return Section("kinds", "Kinds of cells", "One row for each.", (Table("cell_kinds", "Cells", columns, rows),))


def _names() -> Section:
    columns = (
        text_column("Name", "As a log holds it."),
        count_column("Calls", "Attempts that count."),
        money_column("Cost", "As priced."),
    )
    rows = tuple((name, place + 1, usd(place / 7)) for place, name in enumerate(NASTY))
    series = (Series(NASTY[0], tuple((3 + place) * PICO for place in range(len(NASTY))), None, "second"),)
    picture = Bars("nasty_bars", NASTY[5], f"Bars named {NASTY[0]}", "USD", NASTY, series, lying=True)
    blocks: tuple[Block, ...] = (
        Table("nasty_names", NASTY[0], columns, rows, notes=NASTY[:3], marked=frozenset({0, 8})),
        Facts("nasty_facts", tuple(Fact(name or "no name", name, name) for name in NASTY[:9])),
        Words(NASTY, "claim"),
        picture,
    )
    return Section("names", f"Names {NASTY[5]}", f"Names as logs may hold them: {NASTY[9]}", blocks)


def _pictures() -> Section:
    first = date(2026, 10, 1)
    days = tuple(_band_day(first + timedelta(days=place), place) for place in range(31))
    band = Band("projection", "Month to date and what may come", "80% band from 40,110 to 52,300 USD.", "USD", days,
                50_000 * PICO)  # fmt: skip
    waterfall = Waterfall(
        "bridge",
        "From as priced to the scenario",
        "48,215.37 USD as priced, 39,015.37 USD in the scenario.",
        "USD",
        Step("As priced", 48_215_370_000_000_000),
        (
            Step("Flash instead of Opus for triage", -11_400 * PICO),
            Step("Longer answers", 2_700 * PICO),
            Step("Batch discount", -500 * PICO),
        ),
        Step("Scenario", 39_015_370_000_000_000),
    )
    ranges = Ranges(
        "tornado",
        "What moves the launch's cost most",
        "Requests per day move it most: 6,100 to 15,900 USD.",
        "USD",
        (
            Range("Requests per day", 6_100 * PICO, 9_800 * PICO, 15_900 * PICO),
            Range("Output tokens per request", 7_700 * PICO, 9_800 * PICO, 12_300 * PICO),
            Range("Cache hit share", None, 9_800 * PICO, 11_000 * PICO),
        ),
        Range("Budget", None, 12_000 * PICO, None),
    )
    return Section("pictures", "Pictures", "One of each kind.", (band, waterfall, ranges, _hatched(), _empty_bars()))


def _band_day(day: date, place: int) -> BandDay:
    gone = 1_500 * PICO * (place + 1)
    if place < 18:
        return BandDay(day, gone, None, None, None)
    wide = (place - 17) * 450 * PICO
    return BandDay(day, gone if place == 18 else None, gone - wide, gone, gone + wide * 5 // 4)


def _hatched() -> Bars:
    names = (*MODELS, *MORE_MODELS, "a model of no place")
    series = tuple(Series(name, (place * PICO + PICO, None, 3 * PICO), name) for place, name in enumerate(names))
    return Bars("hatched", "More models than colours", "25 models.", "USD", ("July", "August", "September"), series)


def _empty_bars() -> Bars:
    return Bars("empty_bars", "A picture of nothing", "There is nothing to draw.", "calls", (), ())


def _long() -> Section:
    columns = (
        Column("Day", "day", "Billing day."),
        text_column("Team", "As the log names it."),
        count_column("Calls", "Attempts that count."),
        money_column("Cost", "As priced."),
        Column("P50 latency", "number", "Half of the calls were quicker."),
    )
    first = date(2026, 10, 1)
    rows = tuple(
        (first + timedelta(days=place % 31), f"team-{place // 31}", 1_000 + place, usd(37.5 + place), Number(1.5, "s"))
        for place in range(124)
    )
    table = Table("days_of_teams", "Days of teams", columns, rows, marked=frozenset({60, 61}))
    return Section("long", "A table over several pages", "Its head is repeated.", (table,))


def _wide() -> Section:
    meters = ("Input", "Cache read", "Cache write 5m", "Cache write 1h", "Output", "Web search")
    columns = (
        text_column("Seller", "Who bills."),
        text_column("Model", "The model's exact name."),
        Column("Valid from", "instant", "Since when."),
        *(Column(meter, "rate", f"Rate of {meter.lower()}.") for meter in meters),
        Column("Checked", "day", "When a person last looked."),
        text_column("Confidence", "On whose word."),
        Column("Source", "link", "Where it is published."),
        count_column("Calls", "How many it priced."),
        money_column("Cost", "What they cost."),
    )
    row: tuple[Cell, ...] = (
        "stepfun", MODELS[0], datetime(2026, 10, 7), *(UnitRate(each, "USD") for each in (190_000, 38_000, None)),
        UnitRate(None, "USD"), UnitRate(1_150_000, "USD"), UnitRate(10**10, "USD", "unit"), date(2026, 10, 7),
        "official", Link("https://platform.stepfun.com/docs/zh/guides/pricing/details"), 9_000_000, usd(30_000),
    )  # fmt: skip
    table = Table("rates", "Rates that were used", columns, (row,) * 4, marked=frozenset({1}))
    return Section("wide", "A table of many columns", "Every rate with its source.", (table,))


def _nothing() -> Section:
    columns = (text_column("Vendor", "Who claims it."), count_column("Claims", "How many."))
    table = Table("claims", "Claims", columns, (), empty="No claim was entered.")
    return Section("nothing", "A section with nothing", "No vendor's claim was entered.", (table,))
