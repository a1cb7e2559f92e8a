"""Fuzzes every reader, guided by what of it ran: ``python -m tests.fuzz_readers SECONDS CORPUS``.

The first byte chooses the source, the rest is the file. Its seeds are the golden inputs.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["ingest"]):
    from ingest.problem import Unreadable
    from ingest.registry import SOURCES
    from tests.fuzzed import problems, read_everything
    from tests.test_ingest_golden import INPUTS

LONGEST = 1 << 16
SLOWEST_S = 20


def write_seeds(corpus: Path) -> None:
    """The golden inputs, each after the byte of its source."""
    names = [source.name for source in SOURCES]
    for number, path in enumerate(INPUTS):
        content = bytes([names.index(path.parent.name)]) + path.read_bytes()
        (corpus / f"seed-{number}").write_bytes(content[:LONGEST])


def main() -> None:
    """Fuzz for so many seconds."""
    seconds, corpus = int(sys.argv[1]), Path(sys.argv[2])
    write_seeds(corpus)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log"

        def read_one(content: bytes) -> None:
            if not content:
                return
            path.write_bytes(content[1:])
            try:
                found, _, _ = read_everything(path, SOURCES[content[0] % len(SOURCES)])
            except Unreadable:
                return
            assert list(problems(found)) == []

        limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST_S}", "-rss_limit_mb=4096"]
        atheris.Setup([sys.argv[0], *limits, str(corpus)], read_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
