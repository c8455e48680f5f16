"""How the derivation of an L-layer network for all its weights grows with L, beside JAX's trace.

Times deriving for the first time (under new names), again, again and verified, and rendering in one run, fits
the exponents of the times, and counts the printed lines a layer.
``python benchmarks/deep_network.py [--layers 10 30 100] [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

from harness import np
from harness.renaming import under_new_names
from harness.report import Report, main
from harness.timing import exponent, least

import dimcompat as dc

COLUMNS = (
    "layers",
    "first s",
    "derive s",
    "verified s",
    "text s",
    "jax trace s",
    "steps",
    "lines",
    "brief lines",
)


def network(layers: int) -> tuple[str, dict[str, str], list[str]]:
    """``h_l = tanh(W_l*h_(l-1) + b_l)`` of one width with a squared loss: text, shapes, weights."""
    lines = [f"h{l} = tanh(W{l}*{f'h{l - 1}' if l > 1 else 'x'} + b{l})" for l in range(1, layers + 1)]
    lines.append(f"L = 1/2*sumsq(h{layers} - y)")
    shapes = {"x": "n", "y": "n"}
    for l in range(1, layers + 1):
        shapes |= {f"W{l}": "n, n", f"b{l}": "n"}
    return "\n".join(lines), shapes, [f"W{l}" for l in range(1, layers + 1)]


def jax_trace(jax: ModuleType, layers: int, width: int = 4) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """``make_jaxpr(grad)`` of the same network, and the gradient itself."""
    random = np.random.default_rng(layers)
    weights = [random.normal(size=(width, width)) for _ in range(layers)]
    biases = [random.normal(size=width) for _ in range(layers)]
    x, y = random.normal(size=(2, width))

    def loss(weights: list[Any]) -> Any:
        h = x
        for W, b in zip(weights, biases, strict=True):
            h = jax.numpy.tanh(W @ h + b)
        return ((h - y) ** 2).sum() / 2

    def compare() -> bool:
        text, shapes, names = network(layers)
        values = dict(zip(names, weights, strict=True)) | {"x": x, "y": y}
        values |= {f"b{l}": b for l, b in enumerate(biases, 1)}
        gradients = dc.derive(text, names, shapes, verify=False).gradients
        found = jax.grad(loss)(weights)
        return all(
            np.allclose(dc.evaluate(gradients[name], values), their, rtol=1e-8, atol=1e-12)
            for name, their in zip(names, found, strict=True)
        )

    return lambda: jax.make_jaxpr(jax.grad(loss))(weights), compare


def measure(options: argparse.Namespace) -> Report:
    report = Report("A tanh network by all its weights", COLUMNS)
    libraries = report.optional("jax")
    depths = options.layers[:1] if options.quick else options.layers
    if "jax" in libraries and not jax_trace(libraries["jax"], 3)[1]():
        raise SystemExit("JAX gives another gradient")
    rows = [_row(layers, libraries.get("jax"), options) for layers in depths]
    report.rows += rows
    if len(rows) > 1 and not options.quick:
        for column, when in (("first s", "for the first time"), ("derive s", "again")):
            fitted = exponent(depths, [row[column] for row in rows])
            report.bound(f"exponent, {depths[0]} to {depths[-1]} layers, {when}", fitted, 1.05)
    last = rows[-1]
    if "jax trace s" in last:
        report.bound(
            "deriving for the first time, of JAX's trace", last["first s"] / last["jax trace s"], 0.5
        )
        report.bound("deriving again, of JAX's trace", last["derive s"] / last["jax trace s"], 0.5)
    report.bound("verified, of unverified", last["verified s"] / last["derive s"], 2)
    report.bound("text, of deriving", last["text s"] / last["derive s"], 1)
    return report


def _row(layers: int, jax: ModuleType | None, options: argparse.Namespace) -> dict[str, Any]:
    text, shapes, weights = network(layers)
    rounds = options.rounds if layers < 200 else min(options.rounds, 5)
    derivation = dc.derive(text, weights, shapes, verify=False)
    calls = {
        "derive s": lambda: dc.derive(text, weights, shapes, verify=False),
        "verified s": lambda: dc.derive(text, weights, shapes),
        "text s": lambda: derivation.render("text", width=80),
    }
    if jax is not None:
        calls["jax trace s"] = jax_trace(jax, layers)[0]
    first = under_new_names(text, weights, shapes, partial(dc.derive, verify=False), rounds)
    row = {"layers": layers} | least({"first s": first}, rounds, once=True, clock=time.process_time)
    row |= least(calls, rounds, once=True, clock=time.process_time)
    pages = [derivation.render("text", width=80), derivation.render("text", steps="brief", width=80)]
    lines, brief = [page.count("\n") / layers for page in pages]
    return row | {"steps": len(derivation.steps), "lines": lines, "brief lines": brief}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--layers", type=int, nargs="+", default=[10, 30, 100, 300, 1000])


if __name__ == "__main__":
    main(measure, __doc__, options)
