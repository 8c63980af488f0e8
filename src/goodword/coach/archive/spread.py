"""Sends batches to the cores of this machine, or to a cluster, and gives the results back in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module, util
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

from goodword.coach.errors import InputError

T = TypeVar("T")
R = TypeVar("R")
BATCH = 200
CONNECT_WITHIN = "20s"


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """`items` in lists of `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def in_order(executor: Executor, work: Callable[[T], R], items: Iterable[T], *, ahead: int) -> Iterator[R]:
    """`work` of each item in the order of the items; never more than `ahead` of them wait in memory."""
    waiting: deque[Future[R]] = deque()
    try:
        for item in items:
            waiting.append(executor.submit(work, item))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def workers(cluster: str | None, processes: int | None) -> Iterator[tuple[Executor, int]]:
    """Who does the work, and how many at once: `processes` here (default: every core), or a Dask cluster."""
    if cluster is None:
        count = processes or _cores()
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            yield pool, count
        return
    with _client(cluster) as client:
        yield client.get_executor(), max(1, sum(client.nthreads().values()))


def _client(address: str) -> Any:
    if util.find_spec("distributed") is None:
        raise InputError("A105", "--cluster needs the extra 'cluster': pip install \"goodword[cluster]\".")
    try:
        return import_module("distributed").Client(address, timeout=CONNECT_WITHIN)
    except (OSError, ValueError) as error:
        raise InputError(
            "A106", f"No cluster answers at {address!r} ({error}); give a scheduler such as tcp://host:8786."
        ) from error


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
