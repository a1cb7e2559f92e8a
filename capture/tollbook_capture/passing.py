"""Bodies that are noted as they pass, in the classes of the library that reads them."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Iterator
from typing import Any

from tollbook_capture.attempt import Attempt


class Passing:
    """A body on its way to a synchronous caller."""

    def __init__(self, attempt: Attempt, inner: Any) -> None:
        self._attempt = attempt
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        attempt = self._attempt
        try:
            for chunk in self._inner:
                handed_on = attempt.passes(chunk)
                if handed_on:
                    yield handed_on
            if rest := attempt.rest():
                yield rest
        except GeneratorExit:
            attempt.closed()
            raise
        except BaseException as error:
            attempt.broke(error)
            raise
        attempt.ended()

    def close(self) -> None:
        """Close the body."""
        try:
            self._inner.close()
        finally:
            self._attempt.closed()


class AsyncPassing:
    """A body on its way to an asynchronous caller."""

    def __init__(self, attempt: Attempt, inner: Any) -> None:
        self._attempt = attempt
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        attempt = self._attempt
        try:
            async for chunk in self._inner:
                handed_on = attempt.passes(chunk)
                if handed_on:
                    yield handed_on
            if rest := attempt.rest():
                yield rest
        except GeneratorExit:
            attempt.closed()
            raise
        except BaseException as error:
            attempt.broke(error)
            raise
        attempt.ended()

    async def aclose(self) -> None:
        """Close the body."""
        try:
            await self._inner.aclose()
        finally:
            self._attempt.closed()


def passing(asynchronous: bool, attempt: Attempt, stream: Any, library: Any) -> Any:
    """A stream of this library, noted as it passes."""
    return _class(asynchronous, library)(attempt, stream)


@functools.cache
def _class(asynchronous: bool, library: Any) -> Any:
    if asynchronous:
        return type("RecordedAsyncStream", (AsyncPassing, library.AsyncByteStream), {})
    return type("RecordedStream", (Passing, library.SyncByteStream), {})
