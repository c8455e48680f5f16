"""What NumPy, PyTorch and JAX call things: one table for NumPy, and where the others differ.

A module of its own because adding a target is adding a table. A function of the language that is
applied entry by entry is spelled by its record; here, keyed by the record, stands what another
library has instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dimcompat.codegen.helpers import JAX_HELPERS, NUMPY_HELPERS, TORCH_HELPERS
from dimcompat.expressions import Operator
from dimcompat.functions.exponentials import ERF, GELU
from dimcompat.functions.kinks import MAXIMUM, MINIMUM, RELU, STEP
from dimcompat.functions.logistic import SIGMOID, SILU, SOFTPLUS
from dimcompat.functions.record import Function, NumpyCode

Name = Literal["numpy", "torch", "jax"]

# {0}, <0>: operands, alone or before a postfix; {axes}, {size}, {options} (the kind of number) and {facts}.
NUMPY: dict[str, str] = {
    "constant": "np.{facts}",
    "transpose": "<0>.T",
    "column": "<0>[:, None]",
    "row": "<0>[None, :]",
    "total": "<0>.sum()",
    "sum0": "<0>.sum(axis=0)",
    "sum1": "<0>.sum(axis=1)",
    "max": "<0>.max()",
    "max0": "<0>.max(axis=0)",
    "max1": "<0>.max(axis=1)",
    "dot": "np.vdot({0}, {1})",
    "row_dots": 'np.einsum("ij,ij->i", {0}, {1})',
    "solve": "np.linalg.solve({0}, {1})",
    "inverse": "np.linalg.inv({0})",
    "matrix_power": "np.linalg.matrix_power({0}, {facts})",
    "det": "np.linalg.det({0})",
    "logdet": "np.linalg.slogdet({0})[1]",
    "diag": "np.diag({0})",
    "diagonal": "np.diagonal({0})",
    "flatten": "<0>.T.reshape(-1)",
    "ravel": "<0>.reshape(-1)",
    "unflatten": "<0>.reshape({second}, {first}).T",
    "ones": "np.ones({axes}{options})",
    "zeros": "np.zeros({axes}{options})",
    "eye": "np.eye({size}{options})",
    "stretch": "np.broadcast_to({0}, {axes})",
    "full": "np.full({axes}, float({0}){options})",
    "onehot": "np.eye({size}{options})[{0}]",
    "gather_rows": "<0>[{1}]",
    "gather_cols": "<0>[:, {1}]",
    "entry": "<0>[{1}]",
    "pick": "<0>[np.arange({2}), {1}]",
    "add_labels": "_add_labels({0}, {1}, {2})",
    "add_diagonal": "_add_diagonal({0}, {1})",
    "kron": "_kron({0}, {1})",
    "kron_eye": "_kron_eye({0}, {third})",
    "eye_kron": "_eye_kron({first}, {0})",
    "kron_times": "_kron_times({0}, {left}, {right}, {dims})",
    "commute_rows": "_commute_rows({0}, {first}, {second})",
    "commute_cols": "_commute_cols({0}, {first}, {second})",
    "commutation": "_commute_rows(np.eye({size}{options}), {first}, {second})",
    "logistic": "_logistic({0}, {1}, {facts})",
    "power": "",
    "root": "np.sqrt({0})",
    "copy": "np.array({0})",
}
TORCH = {
    "max": "<0>.amax()",
    "max0": "<0>.amax(dim=0)",
    "max1": "<0>.amax(dim=1)",
    "dot": "(<0> * <1>).sum()",
    "full": "torch.full({axes}, float({0}){options})",
    "copy": "{0}.clone()",
}
JAX = {"kron": "jnp.kron({0}, {1})"}

_TORCH_FUNCTIONS: dict[Operator, NumpyCode] = {
    ERF: NumpyCode("torch.erf({0})"),
    GELU: NumpyCode("torch.nn.functional.gelu({0})"),
    SIGMOID: NumpyCode("torch.sigmoid({0})"),
    SILU: NumpyCode("torch.nn.functional.silu({0})"),
    SOFTPLUS: NumpyCode("torch.logaddexp({0}, torch.zeros_like({0}))"),
    RELU: NumpyCode("torch.relu({0})"),
    STEP: NumpyCode("torch.heaviside({0}, torch.zeros_like({0}))"),
    MAXIMUM: NumpyCode("torch.maximum({0}, {1})"),
    MINIMUM: NumpyCode("torch.minimum({0}, {1})"),
}
_JAX_FUNCTIONS: dict[Operator, NumpyCode] = {
    ERF: NumpyCode("jax.scipy.special.erf({0})"),
    GELU: NumpyCode("jax.nn.gelu({0}, approximate=False)"),
    SIGMOID: NumpyCode("jax.nn.sigmoid({0})"),
    SILU: NumpyCode("jax.nn.silu({0})"),
    SOFTPLUS: NumpyCode("jnp.logaddexp({0}, 0.0)"),
}
_NUMPY_FUNCTIONS: dict[Operator, NumpyCode] = {
    SIGMOID: NumpyCode("1 / (1 + np.exp(np.minimum(-({0}), 709.0)))"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """One library: the name it is imported under, its imports, its table and its helpers."""

    name: Name
    module: str
    imports: tuple[str, ...]
    array: str
    table: Mapping[str, str]
    helpers: Mapping[str, str]
    functions: Mapping[Operator, NumpyCode] = field(default_factory=dict)
    written_out: bool = False
    typed: bool = True  # whether the kind of number of new arrays is that of an argument
    tensors: bool = False  # whether functions take nothing but arrays
    maps: bool = False  # whether sums over an index are mapped, not looped

    def code(self, function: Function) -> NumpyCode:
        """How the library computes a function of the language, entry by entry."""
        found = self.functions.get(function)
        if found is None:
            code = function.numpy
            module = f"{self.module}."
            found = NumpyCode(code.expression.replace("np.", module), code.helper.replace("np.", module))
        return found


def _translated(module: str, changes: Mapping[str, str]) -> dict[str, str]:
    return {op: text.replace("np.", f"{module}.") for op, text in NUMPY.items()} | dict(changes)


TARGETS: dict[str, Target] = {
    "numpy": Target(
        "numpy",
        "np",
        ("import numpy as np",),
        "np.ndarray",
        NUMPY,
        NUMPY_HELPERS,
        _NUMPY_FUNCTIONS,
        written_out=True,
        typed=False,
    ),
    "torch": Target(
        "torch",
        "torch",
        ("import torch",),
        "torch.Tensor",
        _translated("torch", TORCH),
        TORCH_HELPERS,
        _TORCH_FUNCTIONS,
        tensors=True,
    ),
    "jax": Target(
        "jax",
        "jnp",
        ("import jax", "import jax.numpy as jnp"),
        "jax.Array",
        _translated("jnp", JAX),
        JAX_HELPERS,
        _JAX_FUNCTIONS,
        maps=True,
    ),
}
