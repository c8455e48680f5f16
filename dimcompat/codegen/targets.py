"""What NumPy, PyTorch and JAX call things: one table for NumPy, and where the others differ.

A module of its own because adding a target is adding a table. A function of the language that is
applied entry by entry is spelled by its record; here, keyed by the record, stands what another
library has instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from dimcompat.codegen.helpers import JAX_HELPERS, NUMPY_HELPERS, TORCH_HELPERS
from dimcompat.codegen.values import Op
from dimcompat.expressions import Operator
from dimcompat.functions.exponentials import ERF, GELU
from dimcompat.functions.kinks import MAXIMUM, MINIMUM, RELU, STEP
from dimcompat.functions.logistic import SIGMOID, SILU, SOFTPLUS
from dimcompat.functions.record import Function, NumpyCode
from dimcompat.records import dataclass

Name = Literal["numpy", "torch", "jax"]

# {0}, <0>: operands, alone or before a postfix; {axes}, {size}, {options} (the kind of number) and {facts}.
NUMPY: dict[Op, str] = {
    Op.CONSTANT: "np.{facts}",
    Op.TRANSPOSE: "<0>.T",
    Op.COLUMN: "<0>[:, None]",
    Op.ROW: "<0>[None, :]",
    Op.TOTAL: "<0>.sum()",
    Op.SUM0: "<0>.sum(axis=0)",
    Op.SUM1: "<0>.sum(axis=1)",
    Op.MAX: "<0>.max()",
    Op.MAX0: "<0>.max(axis=0)",
    Op.MAX1: "<0>.max(axis=1)",
    Op.DOT: "np.vdot({0}, {1})",
    Op.ROW_DOTS: 'np.einsum("ij,ij->i", {0}, {1})',
    Op.MULTI_DOT: "np.linalg.multi_dot([{operands}])",
    Op.SOLVE: "np.linalg.solve({0}, {1})",
    Op.INVERSE: "np.linalg.inv({0})",
    Op.MATRIX_POWER: "np.linalg.matrix_power({0}, {facts})",
    Op.DET: "np.linalg.det({0})",
    Op.LOGDET: "np.linalg.slogdet({0})[1]",
    Op.DIAG: "np.diag({0})",
    Op.DIAGONAL: "np.diagonal({0})",
    Op.FLATTEN: "<0>.T.reshape(-1)",
    Op.RAVEL: "<0>.reshape(-1)",
    Op.UNFLATTEN: "<0>.reshape({second}, {first}).T",
    Op.ONES: "np.ones({axes}{options})",
    Op.ZEROS: "np.zeros({axes}{options})",
    Op.EYE: "np.eye({length}{options})",
    Op.STRETCH: "np.broadcast_to({0}, {axes})",
    Op.FULL: "np.full({axes}, float({0}){options})",
    Op.ONEHOT: "np.eye({length}{options})[{0}]",
    Op.GATHER_ROWS: "<0>[{1}]",
    Op.GATHER_COLS: "<0>[:, {1}]",
    Op.ENTRY: "<0>[{1}]",
    Op.RANGE: "np.arange({0})",
    Op.PICK: "<0>[{2}, {1}]",
    Op.ADD_LABELS: "_add_labels({0}, {1}, {3}, {2})",
    Op.ADD_DIAGONAL: "_add_diagonal({0}, {1})",
    Op.KRON: "_kron({0}, {1})",
    Op.KRON_EYE: "_kron_eye({0}, {third})",
    Op.EYE_KRON: "_eye_kron({first}, {0})",
    Op.KRON_COMMUTED: "_kron_commuted({operands})",
    Op.KRON_TIMES: "_kron_times({0}, {left}, {right}, {dims})",
    Op.COMMUTE_ROWS: "_commute_rows({0}, {first}, {second})",
    Op.COMMUTE_COLS: "_commute_cols({0}, {first}, {second})",
    Op.COMMUTATION: "_commute_rows(np.eye({length}{options}), {first}, {second})",
    Op.LOGISTIC: "(np.where({0} >= 0, 1.0, {1}) / (1.0 + <1>))",  # <1> is exp(-abs({0}))
    Op.COUNTER_LOGISTIC: "(np.where({0} >= 0, {1}, 1.0) / (1.0 + <1>))",  # the sigmoid of -{0}
    Op.GRID_BLOCKS: "<0>[:, :, None]",
    Op.GRID_CUT: "<0>.reshape({first}, {second})",
    Op.GRID_ROWS: "<0>[:, None, :]",
    Op.GRID_COLS: "<0>[None, :, :]",
    Op.GRID_TIMES: 'np.einsum("abm,bcm->acm", {0}, {1})',
    Op.GRID_PRODUCT: "_grid_product({0}, {1}, {2}, {right}, {dims}{mirrored})",
    Op.POWER: "",
    Op.ROOT: "np.sqrt({0})",
    Op.COPY: "np.array({0})",
}
# The same, written into an array that nothing else uses: {sign} is plus or minus.
NUMPY_IN_PLACE: dict[Op, str] = {
    Op.ADD_LABELS: "{0}[{3}, {2}] {sign}= {1}",
    Op.ADD_DIAGONAL: 'np.einsum("ii->i", {0})[...] {sign}= {1}',
}
TORCH = {
    Op.MAX: "<0>.amax()",
    Op.MAX0: "<0>.amax(dim=0)",
    Op.MAX1: "<0>.amax(dim=1)",
    Op.DOT: "(<0> * <1>).sum()",
    Op.FULL: "torch.full({axes}, float({0}){options})",
    Op.COPY: "{0}.clone()",
}
JAX = {Op.KRON: "jnp.kron({0}, {1})"}

_TORCH_FUNCTIONS: dict[Operator, NumpyCode] = {
    ERF: NumpyCode("torch.erf({0})"),
    GELU: NumpyCode("torch.nn.functional.gelu({0})"),
    SIGMOID: NumpyCode("torch.sigmoid({0})"),
    SILU: NumpyCode("torch.nn.functional.silu({0})"),
    SOFTPLUS: NumpyCode("torch.logaddexp({0}, torch.zeros_like({0}))"),
    RELU: NumpyCode("torch.relu({0})"),
    STEP: NumpyCode("torch.relu(torch.sign({0}))"),
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
    table: Mapping[Op, str]
    helpers: Mapping[str, str]
    in_place: Mapping[Op, str] = field(default_factory=dict)
    functions: Mapping[Operator, NumpyCode] = field(default_factory=dict)
    written_out: bool = False
    typed: bool = True  # whether the kind of number of new arrays is that of an argument
    tensors: bool = False  # whether functions take nothing but arrays
    maps: bool = False  # whether sums over an index are mapped, not looped

    def code(self, function: Function) -> NumpyCode:
        """How the library computes a function of the language, entry by entry."""
        found = self.functions.get(function)
        if found is None and self.module == "np":
            return function.numpy
        if found is None:
            code = function.numpy
            module = f"{self.module}."
            found = NumpyCode(code.expression.replace("np.", module), code.helper.replace("np.", module))
        return found


def _translated(module: str, changes: Mapping[Op, str]) -> dict[Op, str]:
    return {op: text.replace("np.", f"{module}.") for op, text in NUMPY.items()} | dict(changes)


TARGETS: dict[str, Target] = {
    "numpy": Target(
        "numpy",
        "np",
        ("import numpy as np",),
        "np.ndarray",
        NUMPY,
        NUMPY_HELPERS,
        NUMPY_IN_PLACE,
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
        functions=_TORCH_FUNCTIONS,
        tensors=True,
    ),
    "jax": Target(
        "jax",
        "jnp",
        ("import jax", "import jax.numpy as jnp"),
        "jax.Array",
        _translated("jnp", JAX),
        JAX_HELPERS,
        functions=_JAX_FUNCTIONS,
        maps=True,
    ),
}
