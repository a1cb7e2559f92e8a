"""The sources there are. Exactly one must recognise a file; none or two is an error that names them."""

from ingest import litellm, openai_compatible, openrouter, openrouter_activity, openrouter_generation
from ingest.problem import IngestError
from ingest.source import Sample, Source

SOURCES: tuple[Source, ...] = (
    openai_compatible.SOURCE,
    openrouter.SOURCE,
    openrouter_generation.SOURCE,
    openrouter_activity.GENERATIONS_SOURCE,
    openrouter_activity.DAYS_SOURCE,
    litellm.SOURCE,
)


def find_source(sample: Sample, path: str) -> Source:
    """The source that recognises a file; raises IngestError when none or several do."""
    every = [source for source in SOURCES if source.recognises(sample)]
    found = [source for source in every if not source.general] or every
    if len(found) == 1:
        return found[0]
    names = ", ".join(source.name for source in (found or SOURCES))
    if found:
        raise IngestError(f"{path}: {names} all recognise it; say which with --source")
    raise IngestError(f"{path}: no source recognises it ({names}); say which with --source, or see docs/sources.md")


def get_source(name: str) -> Source:
    """The source of that name; raises IngestError naming those there are."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise IngestError(f"there is no source {name!r}; there are {', '.join(source.name for source in SOURCES)}")
