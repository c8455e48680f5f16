"""A derivation as source text of a module: NumPy, PyTorch, JAX.

A room of its own because it is a small compiler: the formulas of a derivation become a list of
assignments (`lowering`, `chains`, `entrywise`, `functions` over `algebra`), and those become text
(`emission` with the spelling of a `targets`), between the lines that read the arguments
(`arguments`) and those that return (`module`).

Inside the generated function a scalar is a number, a column or a row a 1-D array, everything else
a 2-D array: a transposed vector is the vector itself, and ``X @ w`` needs no reshaping.
"""

from dimcompat.codegen.module import generate

__all__ = ["generate"]
