"""The registries by the names that the command line gives them."""

from pathlib import Path

from pricing.registries.quote import Reading
from pricing.registries.source import RegistryError

GENAI_PRICES = "genai-prices"
REGISTRIES = (GENAI_PRICES, "litellm", "models-dev", "csv")


def read_registry_named(name: str, file: Path | None) -> Reading:
    """What a registry says: the installed package, or a file; raises RegistryError."""
    if name == GENAI_PRICES:
        from pricing.registries.genai_prices import read_genai_prices

        if file is not None:
            raise RegistryError("genai-prices is read from the installed package; it takes no file")
        return read_genai_prices()
    if name not in REGISTRIES:
        raise RegistryError(f"{name!r} is no registry; there are {', '.join(REGISTRIES)}")
    if file is None:
        raise RegistryError(f"{name} needs its file; nothing is downloaded")
    return _read_file(name, file)


def _read_file(name: str, file: Path) -> Reading:
    from pricing.registries.csv_table import read_csv
    from pricing.registries.litellm import read_litellm
    from pricing.registries.models_dev import read_models_dev

    return {"litellm": read_litellm, "models-dev": read_models_dev, "csv": read_csv}[name](file)
