"""Threads that ask for the first time at once get what one gets, in a process that is new."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import dimcompat as dc

sys.setswitchinterval(1e-6)
SHAPES = {"X": "m, n", "w": "n", "y": "m", "P": "n, n posdef"}
SOURCES = ["sumsq(X*w - y)", "w'*inv(P)*w", "logsumexp(X*w)", "sum(log(1 + exp(-y.*(X*w))))"]
start = Barrier(8)

def answers(turn):
    start.wait()
    said = []
    for source in SOURCES[turn % 4:] + SOURCES[:turn % 4]:
        derivation = dc.derive(source, "w", SHAPES)
        claim = dc.check(source, "w", str(derivation.gradient), SHAPES)
        pages = derivation.render(), derivation.render("json"), dc.generate(derivation)
        said.append((source, *pages, claim.correct))
    return sorted(said)

with ThreadPoolExecutor(8) as pool:
    found = list(pool.map(answers, range(8)))
assert all(one == found[0] for one in found), "threads differ"
assert all(said[-1] for said in found[0])
"""


def test_threads_in_a_fresh_process() -> None:
    for _ in range(2):
        command = [sys.executable, "-c", SCRIPT]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
