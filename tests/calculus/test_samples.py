"""Derivatives of sums over samples: the forms they reach, the steps that lead there, and random ones."""

from __future__ import annotations

import re
from random import Random

import numpy as np
import pytest
from random_samples import (
    SHAPES,
    SIZES,
    VARIABLES,
    looped,
    random_objective,
    random_values,
    slope,
)

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.language.program import read
from dimcompat.numeric import typed
from dimcompat.numeric.evaluation import evaluate

COUNT = 300

# objective, variable, gradient
FORMS = [
    ("sum(i, (X[i,:]*w - y[i])^2)", "w", "2*X'*(X*w - y)"),
    ("sum(i, (X[i,:]*w - y[i])^2)", "X", "2*(X*w - y)*w'"),
    ("1/(2*m)*sum(i, (X[i,:]*w - y[i])^2)", "w", "X'*(X*w - y)/m"),
    ("sum(i, log(sum(j, exp(S[i,j]))) - S[i,k[i]])", "S", "softmax(S) - onehot(k, c)"),
    ("-sum(i, logsoftmax(S[i,:])*onehot(k[i], c)')", "S", "softmax(S) - onehot(k, c)"),
    ("-sum(i, log(S[i,k[i]]))", "S", "-onehot(k, c)./S"),
    ("-log(v[l])", "v", "-onehot(l, c)'/v[l]"),
    ("log(sum(j, exp(v[j]))) - v[l]", "v", "softmax(v) - onehot(l, c)'"),
    ("sum(i, sum(j, y[i]*X[i,j]*w[j]))", "X", "y*w'"),
    ("sum(i, sum(j, a[i]*a[j]*G[i,j]))", "a", "(G + G')*a"),
    ("sum(i, sumsq(M[k[i],:]))", "M", "2*onehot(k, c)'*onehot(k, c)*M"),
    ("sum(j, sumsq(A*Z[:,j] - w))", "A", "2*(A*Z - w)*Z'"),
    ("sum(i, G[i,i])", "G", "eye(m)"),
    ("sum(i, y[i])*sum(i, y[i]^2)", "y", "ones(m)*y'*y + 2*sum(y)*y"),
    ("sum(i, s*y[i])", "s", "sum(y)"),
    ("sum(i, s*y[i]/y[i])", "s", "m"),
]


@pytest.mark.parametrize(("text", "variable", "gradient"), FORMS)
def test_gradients(text: str, variable: str, gradient: str) -> None:
    found = dc.derive(text, wrt=variable, shapes=SHAPES)
    assert found.verification is not None and found.verification.passed
    wanted = read(gradient, SHAPES).operation.value
    values = random_values(7)
    values["S"], values["v"] = np.abs(values["S"]) + 0.1, np.abs(values["v"]) + 0.1
    assert len(str(found.gradient)) <= len(str(wanted)) + 4
    np.testing.assert_allclose(
        evaluate(found.gradient, values, dims=SIZES), evaluate(wanted, values, dims=SIZES), rtol=1e-9
    )


def test_a_kernel_keeps_both_indices() -> None:
    """No matrix form is known, and the sum over one index is not taken for that over the other."""
    text = "sum(i, sum(j, a[i]*a[j]*exp(-sumsq(X[i,:] - X[j,:]))))"
    found = dc.derive(text, wrt=["X", "a"], shapes=SHAPES)
    assert found.verification is not None and found.verification.passed
    values = random_values(3)
    x, a = values["X"], values["a"]
    difference = x[:, None, :] - x[None, :, :]
    kernel = a * a.T * np.exp(-np.sum(difference**2, axis=2))
    wanted = -4 * np.einsum("ij,ijn->in", kernel, difference)
    np.testing.assert_allclose(evaluate(found.gradients["X"], values), wanted, rtol=1e-9)
    np.testing.assert_allclose(evaluate(found.gradients["a"], values), 2 * kernel.sum(axis=1)[:, None] / a)
    assert str(found.gradients["X"]).count("sum(i,") == 1


def test_a_program_with_a_sum_in_a_part() -> None:
    text = "C = sum(i, X[i,:]'*X[i,:])\nd = sum(i, X[i,:]'*y[i])\nJ = w'*C*w - 2*w'*d"
    found = dc.derive(text, wrt=["w", "X", "C"], shapes=SHAPES)
    assert found.verification is not None and found.verification.passed
    assert str(found.gradients["C"]) == "w*w'"
    assert str(found.gradients["w"].expanded) == "2*(X'*X*w - X'*y)"


def test_upstream() -> None:
    found = dc.derive("Q = sum(i, tanh(X[i,:])*A)", wrt="X", shapes=SHAPES, upstream=True)
    assert str(found.gradient) == "(dL_dQ*A').*(1 - tanh(X).^2)"
    assert found.verification is not None and found.verification.passed


def test_the_cross_entropy_is_derived_for_one_sample() -> None:
    """Softmax minus onehot for one row, then the rows stack."""
    text = "sum(i, log(sum(j, exp(S[i,j]))) - S[i,k[i]])"
    steps = dc.derive(text, wrt="S", shapes=SHAPES).steps
    collected = next(step for step in steps if step.kind == "collect")
    assert str(collected.equation.right) == "softmax(z_i) - onehot(k, c)[i,:]"
    stacked = next(step for step in steps if step.reason == "rows stack")
    assert str(stacked.equation.right) == "softmax(S) - onehot(k, c)"
    names = next(step for step in steps if step.kind == "name")
    facts = dict(names.facts)
    assert str(facts["typed"]) == "log(sum(j, exp(S[i,j])))"
    assert str(facts["call"]) == "logsumexp(S[i,:])"


def test_a_sum_becomes_a_product_in_a_step() -> None:
    steps = dc.derive("sum(i, (X[i,:]*w - y[i])^2)", wrt="w", shapes=SHAPES).steps
    product = next(step for step in steps if step.kind == "product")
    assert str(product.arranged) == "2*s_i*X[i,:]'"
    assert str(product.equation.right) == "sum(i, 2*s_i*X[i,:]')"
    together = next(step for step in steps if step.reason == "add the samples")
    assert str(together.before) == "sum(i, 2*s_i*X[i,:]')"
    assert str(together.equation.right) == "2*X'*(X*w - y)"


def test_named_parts_are_never_called_like_an_index() -> None:
    text = "sum(s, sum(t, (X[s,:]*A*X[t,:]')^2))"
    names = next(
        step for step in dc.derive(text, wrt="A", shapes={"X": "m, n", "A": "n, n"}).steps if step.names
    )
    assert not {"s", "t"} & {str(equation.left) for equation in names.names}


@pytest.mark.parametrize("seed", range(COUNT))
def test_random_sums(seed: int) -> None:
    """Reading, evaluation, gradients and their text against loops that share nothing with the package."""
    objective = random_objective(seed)
    values = random_values(seed)
    expected = looped(objective.code, values)
    program = read(objective.text, SHAPES)
    bound = typed.compiled(program.operation).bind(SIZES)
    with np.errstate(all="ignore"):
        assert bound(values)[0].item() == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert evaluate(program.operation.value, values, dims=SIZES).item() == pytest.approx(
        expected, rel=1e-9, abs=1e-9
    )
    used = [name for name in VARIABLES if re.search(rf"(?<!\w){name}(?![\w(])", objective.text)]
    used = [name for name in used if name in program.symbols]
    if not used:
        return
    chosen = Random(seed + 1).sample(used, min(2, len(used)))
    found = dc.derive(objective.text, wrt=chosen, shapes=SHAPES, verify=False)
    for name, gradient in found.gradients.items():
        value = evaluate(gradient, values, dims=SIZES)
        direction = np.random.default_rng(seed).standard_normal(values[name].shape)
        exact = float(np.sum(value * direction))
        scale = max(1e-3, abs(exact), 1e-3 * abs(expected), float(np.linalg.norm(value)))
        assert abs(slope(objective.code, values, name, direction) - exact) < 1e-6 * scale
        if not program.parts:
            again = read(str(gradient), SHAPES).operation.value
            assert again.shape == ex.plain(gradient).shape
            np.testing.assert_allclose(evaluate(again, values, dims=SIZES), value, rtol=1e-9, atol=1e-9)
