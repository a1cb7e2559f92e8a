"""The sources there are. Exactly one must recognise a file; none or two is an error that names them."""

from ingest import (
    anthropic,
    anthropic_billing,
    bedrock,
    claude_code,
    codex,
    gemini,
    langfuse,
    litellm,
    openai_billing,
    openai_compatible,
    openrouter,
    openrouter_activity,
    openrouter_generation,
    otlp,
    portkey_gateway,
    prometheus,
)
from ingest.generic import source_of
from ingest.mapping import Mapping
from ingest.preset import advice, read_presets
from ingest.problem import IngestError
from ingest.source import Sample, Source

SOURCES: tuple[Source, ...] = (
    openai_compatible.SOURCE,
    openrouter.SOURCE,
    openrouter_generation.SOURCE,
    openrouter_activity.GENERATIONS_SOURCE,
    openrouter_activity.DAYS_SOURCE,
    litellm.SOURCE,
    portkey_gateway.SOURCE,
    anthropic.SOURCE,
    gemini.SOURCE,
    bedrock.SOURCE,
    claude_code.SOURCE,
    codex.SOURCE,
    otlp.SOURCE,
    langfuse.SOURCE,
    openai_billing.SOURCE,
    anthropic_billing.SOURCE,
    anthropic_billing.ANALYTICS_SOURCE,
    prometheus.SOURCE,
    *read_presets(),
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
    told = advice(sample, [source.mapping for source in SOURCES if source.mapping])
    raise IngestError(
        f"{path}: no source recognises it ({names}); say which with --source, or see docs/sources.md{told}"
    )


def choose_source(sample: Sample, path: str, *, name: str | None, mapping: Mapping | None) -> Source:
    """The source to read a file by: a mapping file's, the one that was named, or the one that recognises it."""
    if mapping:
        if sample.shape == "stream":
            raise IngestError(f"{path}: a stream of answers holds no rows for a mapping file to name")
        if any(source.name == mapping.name for source in SOURCES):
            raise IngestError(f"the mapping's name {mapping.name} is a source's; choose another")
        return source_of(mapping)
    return get_source(name) if name else find_source(sample, path)


def bundled_source(sample: Sample, name: str | None) -> Source | None:
    """The one source among those with many small files that recognises a file, or None; far cheaper than asking all."""
    found = [source for source in SOURCES if source.bundled and name in (None, source.name)]
    found = [source for source in found if source.recognises(sample)]
    return found[0] if len(found) == 1 else None


def get_source(name: str) -> Source:
    """The source of that name; raises IngestError naming those there are."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise IngestError(f"there is no source {name!r}; there are {', '.join(source.name for source in SOURCES)}")
