"""Where a warehouse keeps its files, and the settings a person may edit in ``tollbook.toml``."""

import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from warehouse.errors import WarehouseError, WarehouseUnwritable
from warehouse.locks import CLAIM, check_locks_work, is_claimed, sweep_unclaimed, take, take_if_free
from warehouse.task_rule import TASK_IDS, TaskRule, parse_rule

SETTINGS_TEXT = """\
# Settings of this warehouse.
billing_zone = "UTC"  # days and months begin at midnight in this time zone
salt = "{salt}"  # users are hashed with it; keep it private
stale_days = 30  # a rate is marked when nobody has looked at its source for longer than this
# retention_days = 400  # `tollbook delete --retention` deletes calls that are older; nothing deletes them by itself
# chargeback_rule = "cost"  # how `tollbook report chargeback` divides shared cost, unless --rule says otherwise
# display_currency = "EUR"  # figures are shown in this currency, too, converted at each day's rate
# promoted_tags = ["feature"]  # tags of the logs by which sums are kept, so that they are asked at once

# [sightings]
# match = "counts"  # calls that two logs tell alike, to the token and the second, are one call

# [tasks]
# by = ["task", "session"]  # what names a call's task, tried in order; "trace", "tag:NAME" and, last, "gap:30m", too
"""
STALE_DAYS = 30
MOST_PROMOTED = 8
"""Tags by which sums are kept: each multiplies their rows by its values."""
SCRATCH = "scratch-"


class Settings(NamedTuple):
    """What ``tollbook.toml`` says."""

    billing_zone: str
    salt: str
    stale_days: int
    display_currency: str | None
    """Figures are converted to this currency, beside their own. None: they are not."""
    match_by_counts: bool
    """Calls that sources without a common id saw with equal counts are one call: declared, not asked each time."""
    task_rule: TaskRule
    """What makes a task."""
    retention_days: int | None = None
    """Calls may be deleted when they are so many days old, by whoever asks for it. None: they stay."""
    promoted_tags: tuple[str, ...] = ()
    """Tags that are dimensions of the rollups, in order of name."""
    chargeback_rule: str | None = None
    """How shared cost is divided among teams: a rule's name, or a file of shares. None: nothing was said."""


class Folder(NamedTuple):
    """A warehouse's folder and the paths inside it."""

    root: Path

    def database(self, name: str) -> Path:
        """The DuckDB file of ``usage`` or ``state``."""
        return self.root / f"{name}.duckdb"

    @property
    def own_cards(self) -> Path:
        """Rate cards that belong to this warehouse alone; they go before the shipped ones."""
        return self.root / "rate_cards"

    @property
    def spool(self) -> Path:
        """Scratch files of a running load; safe to delete when none runs."""
        return self.root / "spool"

    @property
    def backups(self) -> Path:
        """Copies of databases from before an upgrade."""
        return self.root / "backups"

    @property
    def heartbeats(self) -> Path:
        """What processes that load by themselves say of themselves, each with a lock that it holds while it lives."""
        return self.root / "watch"

    @property
    def settings_file(self) -> Path:
        """The settings a person may edit."""
        return self.root / "tollbook.toml"

    @property
    def restoring(self) -> Path:
        """Is there while a restore changes files: where one was cut off, the files are of two states."""
        return self.root / "restore.unfinished"

    def refuse_half_restored(self) -> None:
        """Refuse a folder in which a restore was cut off; raises WarehouseError."""
        if self.restoring.exists():
            raise WarehouseError(
                f"a restore into {self.root} was cut off: run tollbook restore again; what stood there is in replaced-…"
            )

    @contextmanager
    def without_loads(self, own: Path) -> Iterator[None]:
        """Let no load begin until the block ends; raises WarehouseError where one runs beside the caller's work."""
        with take(self.root / "spool.lock"):
            if any(is_claimed(path) for path in self.spool.glob(f"{SCRATCH}*") if path != own):
                raise WarehouseError(f"something is loaded into {self.root}, or changed: try again when that is done")
            yield

    def create(self, *, settings: bool = True) -> None:
        """Make the folder, its spool and its settings where they are missing."""
        try:
            self.spool.mkdir(parents=True, exist_ok=True)
            if settings and not self.settings_file.exists():
                self._write_settings()
        except OSError as error:
            raise WarehouseUnwritable(self.root, error.strerror or str(error)) from error

    @contextmanager
    def scratch(self, *, settings: bool = True) -> Iterator[Path]:
        """A folder of one load's own in the spool: gone when the load ends, or swept by a later load if it was killed.

        ``settings``: they are made where they are missing. Raises WarehouseUnwritable, UnsafeFolder.
        """
        self.create(settings=settings)
        check_locks_work(self.root)
        path = self.spool / f"{SCRATCH}{secrets.token_hex(8)}"
        try:
            with take(self.root / "spool.lock"):
                sweep_unclaimed(self.spool, f"{SCRATCH}*")
                path.mkdir()
                claim = take_if_free(path / CLAIM)
        except OSError as error:
            raise WarehouseUnwritable(self.root, error.strerror or str(error)) from error
        assert claim is not None
        try:
            yield path
        finally:
            claim.close()
            shutil.rmtree(path, ignore_errors=True)

    def _write_settings(self) -> None:
        # Written aside and renamed, so that a crash never leaves a warehouse without its salt.
        draft = self.settings_file.with_suffix(f".{secrets.token_hex(8)}.draft")
        try:
            draft.write_text(SETTINGS_TEXT.format(salt=secrets.token_hex(16)))
            draft.chmod(0o600)
            os.link(draft, self.settings_file)
        except FileExistsError:
            pass  # another process was first; its salt holds
        finally:
            draft.unlink(missing_ok=True)

    def settings(self) -> Settings:
        """Read ``tollbook.toml``; raises WarehouseError when a value cannot be used."""
        with self.settings_file.open("rb") as file:
            try:
                values = tomllib.load(file)
            except tomllib.TOMLDecodeError as error:
                raise WarehouseError(f"{self.settings_file}: {error}") from error
        zone = str(values.get("billing_zone", "UTC"))
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise WarehouseError(f"{self.settings_file}: billing_zone {zone!r} is not a time zone") from error
        stale_days = values.get("stale_days", STALE_DAYS)
        if type(stale_days) is not int or stale_days < 0:
            raise WarehouseError(f"{self.settings_file}: stale_days {stale_days!r} is not a number of days")
        return Settings(
            billing_zone=zone,
            salt=str(values.get("salt", "")),
            stale_days=stale_days,
            display_currency=self._display_currency(values),
            match_by_counts=self._match_by_counts(values),
            task_rule=self._task_rule(values),
            retention_days=self._retention_days(values),
            chargeback_rule=self._chargeback_rule(values),
            promoted_tags=self._promoted_tags(values),
        )

    def _promoted_tags(self, values: dict[str, Any]) -> tuple[str, ...]:
        tags = values.get("promoted_tags", [])
        if not isinstance(tags, list) or any(not isinstance(tag, str) or not tag.strip() for tag in tags):
            raise WarehouseError(f'{self.settings_file}: promoted_tags {tags!r} is no list of names, as ["feature"] is')
        if len({*tags}) > MOST_PROMOTED:
            raise WarehouseError(
                f"{self.settings_file}: promoted_tags names {len({*tags})} tags; at most {MOST_PROMOTED} are kept by: "
                "each makes the sums longer"
            )
        return tuple(sorted({*tags}))

    def _retention_days(self, values: dict[str, Any]) -> int | None:
        days = values.get("retention_days")
        if days is not None and (type(days) is not int or days < 1):
            raise WarehouseError(f"{self.settings_file}: retention_days {days!r} is no number of days, 1 or more")
        return days

    def _chargeback_rule(self, values: dict[str, Any]) -> str | None:
        rule = values.get("chargeback_rule")
        if rule is not None and (not isinstance(rule, str) or not rule.strip()):
            raise WarehouseError(f'{self.settings_file}: chargeback_rule {rule!r} is no rule, as "cost" is')
        return rule

    def _display_currency(self, values: dict[str, Any]) -> str | None:
        code = values.get("display_currency")
        if code is not None and not re.fullmatch("[A-Z]{3}", str(code)):
            raise WarehouseError(f"{self.settings_file}: display_currency {code!r} is no currency, as EUR is")
        return code

    def _match_by_counts(self, values: dict[str, Any]) -> bool:
        """What ``[sightings] match`` says."""
        section = values.get("sightings", {})
        match = section.get("match") if isinstance(section, dict) else section
        if match not in (None, "counts"):
            raise WarehouseError(f"{self.settings_file}: [sightings] match {match!r} is no rule; there is 'counts'")
        return match == "counts"

    def _task_rule(self, values: dict[str, Any]) -> TaskRule:
        """What ``[tasks] by`` says."""
        section = values.get("tasks", {})
        by = section.get("by", TASK_IDS.parts) if isinstance(section, dict) else section
        try:
            return parse_rule(by)
        except ValueError as error:
            raise WarehouseError(f"{self.settings_file}: [tasks] by: {error}") from error
