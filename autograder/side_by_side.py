"""Run a function many times, in this process or in several forks of it."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, TypeVar

Result = TypeVar("Result")


def side_by_side(
    function: Callable[..., Result], calls: Sequence[tuple[Any, ...]], jobs: int
) -> Iterator[tuple[int, Result]]:
    """(number, function(*call)) for each of `calls`, as they are ready; `jobs` at a time."""
    if jobs == 1 or len(calls) <= 1:
        yield from ((number, function(*call)) for number, call in enumerate(calls))
        return
    workers = min(jobs, len(calls), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        waiting = {pool.submit(function, *call): number for number, call in enumerate(calls)}
        try:
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        except BaseException:  # an interrupt doesn't wait for hundreds of others
            pool.shutdown(wait=False, cancel_futures=True)
            raise
