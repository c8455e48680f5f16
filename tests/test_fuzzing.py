"""Hostile texts: whatever is typed, the answer is a program, a derivation or one clear error, and soon.

Texts are made of bytes, of tokens, and of the corpus mutated. A few thousand in the default run;
`DIMCOMPAT_FUZZ=200000 pytest -m slow tests/test_fuzzing.py` runs as many through the parser, a tenth of
them through the whole pipeline, and prints the figures.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest
from random_expressions import SHAPES

import dimcompat as dc
from dimcompat.functions import REGISTRY

CORPUS = Path(__file__).parent / "corpus"
LIMIT_SECONDS, LIMIT_MEGABYTES = 2.0, 500
TOKENS = [
    *"+-*/^'@()[],;:=.~!%&|<>?$#\"\\",
    *(
        ".*",
        "./",
        ".^",
        "**",
        ".T",
        "^T",
        "^-1",
        "^-T",
        "⊙",
        "·",
        "−",
        "ᵀ",
        "‖",
        "\n",
        " ",
        "\t",
        "\x00",
        "\u202e",
    ),
    *(
        "x",
        "X",
        "A",
        "w",
        "i",
        "j",
        "n",
        "m",
        "pi",
        "e",
        "T",
        "I",
        "K",
        "k",
        "∂L/∂Z",
        "dL_dZ",
        "__import__",
        "lambda",
    ),
    *(
        "0",
        "1",
        "2",
        "0.5",
        ".5",
        "1e3",
        "1e999999999",
        "9" * 50,
        "axis",
        "=0",
        "sum(i,",
        "X[i,:]",
        "x[i]",
        "k[i]",
    ),
    *(f"{name}(" for name in REGISTRY),
    *(
        "scalar",
        "symmetric",
        "labels(n)",
        "f: elementwise",
        "f(t) =",
        "phi: function(m,n)",
        "W__l",
        "x_1",
        "🙂",
        "\ud800",
    ),
]


@cache
def sources() -> tuple[tuple[str, dict[str, str]], ...]:
    """The texts of the corpus in the plain notation, each with its shapes."""
    found = []
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if case.get("notation") != "latex" and len(case["text"]) < 2000:
                found.append((case["text"], case.get("shapes") or {}))
    return tuple(found)


def text(random: Random) -> tuple[str, dict[str, str]]:
    """A hostile text of one of three kinds, and the shapes that go with it."""
    kind = random.random()
    if kind < 0.2:
        raw = bytes(random.randrange(256) for _ in range(random.randint(0, 60)))
        return raw.decode(random.choice(["utf-8", "latin-1", "utf-16-le"]), errors="replace"), SHAPES
    if kind < 0.5:
        return random.choice(["", " "]).join(
            random.choice(TOKENS) for _ in range(random.randint(1, 30))
        ), SHAPES
    source, shapes = random.choice(sources())
    mutated = list(source)
    for _ in range(random.choice([1, 1, 2, 5])):
        at = random.randrange(len(mutated) + 1)
        match random.randrange(4):
            case 0:
                mutated.insert(at, random.choice(TOKENS))
            case 1:
                del mutated[at : at + random.randint(1, 4)]
            case 2:
                mutated[at : at + 1] = random.choice([*TOKENS, *"+-*'"])
            case _:
                start = random.randrange(len(mutated) + 1)
                mutated[at:at] = mutated[start : start + random.randint(1, 12)]
    return "".join(mutated), shapes


def read(hostile: str, shapes: dict[str, str], _: Random) -> str:
    dc.parse(hostile, shapes)
    return "read"


def derive(hostile: str, shapes: dict[str, str], random: Random) -> str:
    name = random.choice([name for name, shape in shapes.items() if "labels" not in shape] or ["x"])
    derivation = dc.derive(hostile, name, shapes)
    derivation.render("text")
    derivation.render("json")
    assert derivation.verification is not None
    assert derivation.verification.passed is not False, f"{derivation.gradients}"
    return "derived"


def outcome(seed: int, run: object) -> tuple[str, float]:
    random = Random(seed)
    hostile, shapes = text(random)
    start = time.process_time()
    try:
        found = run(hostile, shapes, random)  # type: ignore[operator]
    except dc.DimcompatError as error:
        assert error.message and error.code, repr(hostile)
        found = "refused"
    except AttributeError as error:  # an objective that is no scalar has no gradients to show
        raise AssertionError(f"seed {seed}: {hostile!r}: {error}") from error
    except Exception as error:
        raise AssertionError(f"seed {seed}: {hostile!r}: {type(error).__name__}: {error}") from error
    seconds = time.process_time() - start
    assert seconds < LIMIT_SECONDS, f"seed {seed}: {hostile!r} took {seconds:.1f} s"
    return found, seconds


def touched(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: no text may make the tool open a file, start a process or use the network."""
    if not WATCHED:
        return
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event in ("subprocess.Popen", "os.system", "socket.connect", "os.exec", "os.remove"):
        WATCHED.append(f"{event} {arguments}")


WATCHED: list[str] = []
sys.addaudithook(touched)


def sweep(first: int, many: int, run: object) -> Counter[str]:
    WATCHED[:] = ["watching"]
    outcomes: Counter[str] = Counter()
    for seed in range(first, first + many):
        found, _ = outcome(seed, run)
        outcomes[found] += 1
    seen, WATCHED[:] = WATCHED[1:], []
    assert not seen, seen[:5]
    return outcomes


def test_the_parser_on_hostile_texts() -> None:
    assert sweep(0, 3000, read)["refused"] > 1000


def test_the_pipeline_on_hostile_texts() -> None:
    assert sweep(50_000, 300, derive)["refused"] > 50


@pytest.mark.slow
def test_many_hostile_texts(capsys: pytest.CaptureFixture[str]) -> None:
    many = int(os.environ.get("DIMCOMPAT_FUZZ", "20000"))
    failures: list[str] = []
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for run, first, count in ((read, 1_000_000, many), (derive, 9_000_000, many // 10)):
        WATCHED[:] = ["watching"]
        for seed in range(first, first + count):
            try:
                found, seconds = outcome(seed, run)
            except AssertionError as error:
                found, seconds = "failed", 0.0
                failures.append(str(error).splitlines()[0])
            outcomes[f"{run.__name__}: {found}"] += 1
            slowest = max(slowest, seconds)
        failures += WATCHED[1:]
        WATCHED[:] = []
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        print(f"\n{dict(outcomes)}; slowest {slowest:.2f} s of CPU, peak memory {megabytes:.0f} MB")
        for failure in failures[:30]:
            print("  " + failure[:400])
    assert not failures
    assert megabytes < LIMIT_MEGABYTES
