"""YAML as rate cards use it: no key twice, and dates stay text until the card's model reads them."""

from collections.abc import Hashable
from typing import Any

import yaml

_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """SafeLoader that notes repeated keys, of which YAML would silently keep the last."""

    # YAML would make a date of 2026-06-18 and drop the zone of others; the card's model asks for the zone.
    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeats: list[str] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys: set[str] = set()
        for key, _ in node.value:
            # Any other key than plain text is refused below, with its line.
            if isinstance(key, yaml.ScalarNode):
                if key.value in keys:
                    self.repeats.append(f"line {key.start_mark.line + 1}: the key {key.value} appears twice")
                keys.add(key.value)
        return super().construct_mapping(node, deep)


def parse_yaml(text: str) -> tuple[object, list[str]]:
    """The document, and a message for each repeated key. Raises yaml.YAMLError for text that is not YAML."""
    loader = _Loader(text)
    try:
        document: object = loader.get_single_data()
    except (ValueError, RecursionError) as error:
        # A value that its explicit tag does not fit (`!!int x`), or nesting without end.
        raise yaml.YAMLError(str(error)) from error
    finally:
        loader.dispose()
    return document, loader.repeats
