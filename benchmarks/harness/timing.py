"""How long something takes: the least of several rounds, the contenders in turn.

A module of its own because a ratio of two times is only worth something when both were taken in the
same way and in the same minute: a round runs every contender once, so that a busy machine slows all
of them, and the least of the rounds is what the machine can do.
"""

from __future__ import annotations

import gc
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from tempfile import TemporaryDirectory

ENOUGH = 0.004  # seconds that one measurement should last: the clock costs nothing, and few are disturbed
Clock = Callable[[], float]
PATIENCE = 2000  # calls that one measurement makes at most


def least(
    contenders: Mapping[str, Callable[[], object]],
    rounds: int = 15,
    *,
    once: bool = False,
    clock: Clock = time.perf_counter,
) -> dict[str, float]:
    """Seconds that a call of each contender takes; ``once`` where a second call would not be the same.

    Where all contenders are Python in one thread ``clock`` may be ``time.process_time``, to which it is
    nothing what else the machine does.
    """
    counts = {name: 1 if once else _count(call, clock) for name, call in contenders.items()}
    found = dict.fromkeys(contenders, math.inf)
    gc.collect()
    gc.freeze()  # so that what the libraries hold is not looked through before every measurement
    for _ in range(max(rounds, 1)):
        for name, call in contenders.items():
            found[name] = min(found[name], _seconds(call, counts[name], clock, warm=not once))
    gc.unfreeze()
    return found


def _count(call: Callable[[], object], clock: Clock) -> int:
    """How many calls last long enough; the calls that find out warm the contender up."""
    call()
    one = max(min(_seconds(call, 1, clock, warm=False) for _ in range(2)), 1e-7)
    return max(1, min(PATIENCE, math.ceil(ENOUGH / one)))


def _seconds(call: Callable[[], object], count: int, clock: Clock, *, warm: bool) -> float:
    """Seconds a call, over so many calls, with no garbage collected meanwhile.

    A ``warm`` contender is called once before: it has its arrays in the processor's caches again, whoever
    was measured before it. Without that the first of a round pays for what the last of them left there.
    """
    gc.collect()
    enabled = gc.isenabled()
    gc.disable()
    try:
        if warm:
            call()
        start = clock()
        for _ in range(count):
            call()
        return (clock() - start) / count
    finally:
        if enabled:
            gc.enable()


def least_processes(
    contenders: Mapping[str, Sequence[str]], rounds: int = 15
) -> dict[str, tuple[float, float]]:
    """Seconds of whole Python processes, given by their arguments: by the clock, and of the processor.

    Modules are compiled once, as they are where a package is installed.
    """
    found = dict.fromkeys(contenders, (math.inf, math.inf))
    with TemporaryDirectory() as folder:
        environment = os.environ | {"PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for turn in range(max(rounds, 1) + 1):
            for name, arguments in contenders.items():
                taken = _process(arguments, environment)
                if turn:  # the first one reads the files into memory, and compiles them
                    found[name] = (min(found[name][0], taken[0]), min(found[name][1], taken[1]))
    return found


def _process(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)
    elapsed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def geometric(values: Sequence[float]) -> float:
    """The geometric mean, which is the mean of ratios."""
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The slope of the line through (log size, log seconds), least squares."""
    xs, ys = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - mean_x) ** 2 for x in xs)
