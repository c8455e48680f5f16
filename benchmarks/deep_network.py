"""How the derivation of an L-layer network for all its weights grows with L.

Times deriving and rendering in one run, fits the exponent of the time, and counts the printed lines
a layer. Run it as ``python benchmarks/deep_network.py [--layers 10 30 100] [--json]``.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import asdict, dataclass

import dimcompat as dc


@dataclass(frozen=True)
class Row:
    """One depth: seconds, the number of steps, and lines a layer."""

    layers: int
    derive_seconds: float
    render_seconds: float
    steps: int
    lines_a_layer: float
    brief_lines_a_layer: float


def network(layers: int) -> tuple[str, dict[str, str], list[str]]:
    """``h_l = tanh(W_l*h_(l-1) + b_l)`` of one width with a squared loss: text, shapes, weights."""
    lines = [f"h{l} = tanh(W{l}*{f'h{l - 1}' if l > 1 else 'x'} + b{l})" for l in range(1, layers + 1)]
    lines.append(f"L = 1/2*sumsq(h{layers} - y)")
    shapes = {"x": "n", "y": "n"}
    for l in range(1, layers + 1):
        shapes |= {f"W{l}": "n, n", f"b{l}": "n"}
    return "\n".join(lines), shapes, [f"W{l}" for l in range(1, layers + 1)]


def measured(layers: int, rounds: int) -> Row:
    """The least of some rounds."""
    text, shapes, weights = network(layers)
    derive_times, render_times = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        derivation = dc.derive(text, weights, shapes, verify=False)
        middle = time.perf_counter()
        page = derivation.render("text", width=80)
        derive_times.append(middle - start)
        render_times.append(time.perf_counter() - middle)
    brief = derivation.render("text", steps="brief", width=80)
    return Row(
        layers,
        min(derive_times),
        min(render_times),
        len(derivation.steps),
        page.count("\n") / layers,
        brief.count("\n") / layers,
    )


def exponent(rows: list[Row]) -> float:
    """The slope of the line through (log layers, log seconds), least squares."""
    points = [(math.log(row.layers), math.log(row.derive_seconds)) for row in rows]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _ in points)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--layers", type=int, nargs="+", default=[10, 30, 100, 300, 1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    dc.derive("x'*x", "x", {"x": "n"}, verify=False).render("text")  # imports are not what is measured
    rows = [measured(layers, options.rounds) for layers in options.layers]
    fitted = exponent(rows) if len(rows) > 1 else float("nan")
    if options.json:
        print(json.dumps({"rows": [asdict(row) for row in rows], "exponent": fitted}, indent=1))
        return
    print(f"{'layers':>7}{'derive s':>10}{'render s':>10}{'steps':>7}{'lines':>8}{'brief':>8}   a layer")
    for row in rows:
        times = f"{row.layers:>7}{row.derive_seconds:>10.3f}{row.render_seconds:>10.3f}{row.steps:>7}"
        print(f"{times}{row.lines_a_layer:>8.1f}{row.brief_lines_a_layer:>8.1f}")
    print(f"exponent of deriving: {fitted:.2f}")


if __name__ == "__main__":
    main()
