"""`dimcompat code`: the module on standard output or in a file, faults with the usual status."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from codegen.generated import function_of

from dimcompat.cli import main

LEAST_SQUARES = ["sumsq(X*w - y)", "--wrt", "w", "-s", "X:m,n", "-s", "w:n", "-s", "y:m"]


def test_on_standard_output() -> None:
    done = CliRunner().invoke(main, ["code", *LEAST_SQUARES])
    assert done.exit_code == 0
    value, gradient = function_of(done.output)([[1.0, 2.0]], [1.0, 1.0], [0.0])
    assert value == 9.0
    assert gradient.tolist() == [6.0, 12.0]


def test_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "gradient.py"
    done = CliRunner().invoke(main, ["code", *LEAST_SQUARES, "--no-checks", "--order", "2", "-o", str(path)])
    assert (done.exit_code, done.output) == (0, "")
    assert "def hessian(X: np.ndarray)" in path.read_text(encoding="utf-8")


def test_targets() -> None:
    for target, line in (("torch", "import torch"), ("jax", "import jax.numpy as jnp")):
        assert line in CliRunner().invoke(main, ["code", *LEAST_SQUARES, "--target", target]).output
    assert CliRunner().invoke(main, ["code", *LEAST_SQUARES, "--target", "fortran"]).exit_code == 2


def test_upstream() -> None:
    done = CliRunner().invoke(
        main, ["code", "Z = X*W", "--wrt", "W,X", "--upstream", "-s", "X:m,n", "-s", "W:n,k"]
    )
    assert "def gradient(X: np.ndarray, W: np.ndarray, dL_dZ: np.ndarray)" in done.output


def test_a_fault_in_the_source() -> None:
    done = CliRunner().invoke(main, ["code", "X*w + ", "--wrt", "w", "-s", "X:m,n", "-s", "w:n"])
    assert done.exit_code == 2
    assert "def " not in done.output
