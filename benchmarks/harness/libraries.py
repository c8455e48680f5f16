"""A gradient, and a Hessian, of an objective by each of the frameworks.

A module of its own because how a framework is asked says nothing about a problem: arguments turned into
its arrays once, the function compiled where it compiles, and the answer waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from harness import np

Call = Callable[[], Any]


@dataclass(frozen=True)
class Library:
    """What an objective needs of a framework: its NumPy, and the two functions that each calls its own."""

    np: Any
    softplus: Callable[[Any], Any]
    row_logsumexp: Callable[[Any], Any]


def jax_library(jax: ModuleType) -> Library:
    import jax.scipy.special

    return Library(
        jax.numpy, lambda x: jax.numpy.logaddexp(x, 0.0), lambda x: jax.scipy.special.logsumexp(x, axis=1)
    )


def torch_library(torch: ModuleType) -> Library:
    return Library(torch, torch.nn.functional.softplus, lambda x: torch.logsumexp(x, dim=1))


def autograd_library() -> Library:
    import autograd.numpy
    import autograd.scipy.special

    return Library(
        autograd.numpy,
        lambda x: autograd.numpy.logaddexp(x, 0.0),
        lambda x: autograd.scipy.special.logsumexp(x, axis=1),
    )


def jax_gradient(
    jax: ModuleType, objective: Callable[..., Any], inputs: Mapping[str, np.ndarray], wrt: Sequence[str]
) -> Call:
    """``jit(value_and_grad)``, not called yet."""
    library, places = jax_library(jax), _places(inputs, wrt)
    given = [jax.numpy.asarray(value) for value in inputs.values()]
    compiled = jax.jit(jax.value_and_grad(lambda *values: objective(library, *values), argnums=places))

    def call() -> Any:
        value, gradients = compiled(*given)
        return jax.block_until_ready((value, *gradients))

    return call


def torch_gradient(
    torch: ModuleType, objective: Callable[..., Any], inputs: Mapping[str, np.ndarray], wrt: Sequence[str]
) -> Call:
    """The value, and ``torch.autograd.grad`` of it."""
    torch.set_num_threads(1)
    library = torch_library(torch)
    given = {name: torch.tensor(value, requires_grad=name in wrt) for name, value in inputs.items()}

    def call() -> Any:
        value = objective(library, *given.values())
        return (value.detach(), *torch.autograd.grad(value, [given[name] for name in wrt]))

    return call


def autograd_gradient(
    objective: Callable[..., Any], inputs: Mapping[str, np.ndarray], wrt: Sequence[str]
) -> Call:
    """HIPS autograd's ``value_and_grad`` with the variables as one tuple."""
    import autograd

    library, names = autograd_library(), tuple(inputs)

    def of_variables(variables: tuple[Any, ...], others: dict[str, Any]) -> Any:
        given = others | dict(zip(wrt, variables, strict=True))
        return objective(library, *(given[name] for name in names))

    both = autograd.value_and_grad(of_variables)
    variables = tuple(inputs[name] for name in wrt)

    def call() -> Any:
        value, gradients = both(variables, dict(inputs))
        return (value, *gradients)

    return call


def jax_hessian(
    jax: ModuleType, objective: Callable[..., Any], inputs: Mapping[str, np.ndarray], wrt: Sequence[str]
) -> Call:
    """``jit(jax.hessian)``, not called yet: a tuple of tuples, the axes of one variable and the other's."""
    library, places = jax_library(jax), _places(inputs, wrt)
    given = [jax.numpy.asarray(value) for value in inputs.values()]
    compiled = jax.jit(jax.hessian(lambda *values: objective(library, *values), argnums=places))
    return lambda: jax.block_until_ready(compiled(*given))


def _places(inputs: Mapping[str, np.ndarray], wrt: Sequence[str]) -> tuple[int, ...]:
    return tuple(list(inputs).index(name) for name in wrt)


def same(found: Sequence[Any], wanted: Sequence[Any]) -> bool:
    """Whether values and derivatives agree; times of different results say nothing."""
    pairs = [(np.asarray(a), np.asarray(b)) for a, b in zip(found, wanted, strict=True)]
    return all(
        a.shape == b.shape and np.allclose(a, b, rtol=1e-7, atol=1e-8 * max(1.0, np.abs(b).max(initial=0.0)))
        for a, b in pairs
    )
