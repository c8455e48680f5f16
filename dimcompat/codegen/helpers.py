"""Short functions that generated modules carry along where they need them.

A module of its own because they are source text, and each is tested as it stands there.
"""

from __future__ import annotations

_KRON = """\
def _kron(a, b):
    blocks = a[:, None, :, None] * b[None, :, None, :]
    return blocks.reshape(a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])
"""
_KRON_TIMES = """\
def _kron_times(matrix, a, b, dims):
    \"\"\"kron(a, b) @ matrix, block by block; None stands for an identity.\"\"\"
    outer, rows = dims
    blocks = matrix.reshape(outer, rows, -1)
    if b is not None:
        blocks = b @ blocks
    if a is not None:
        blocks = (a @ blocks.reshape(outer, -1)).reshape(a.shape[0], blocks.shape[1], -1)
    shape = (blocks.shape[0] * blocks.shape[1],)
    return blocks.reshape(shape if matrix.ndim == 1 else (*shape, matrix.shape[1]))
"""
_COMMUTE_ROWS = """\
def _commute_rows(matrix, rows, cols):
    \"\"\"K(rows, cols) @ matrix.\"\"\"
    return matrix.reshape(cols, rows, -1).swapaxes(0, 1).reshape(matrix.shape)
"""
_COMMUTE_COLS = """\
def _commute_cols(matrix, rows, cols):
    \"\"\"matrix @ K(rows, cols).\"\"\"
    return matrix.reshape(-1, rows, cols).swapaxes(1, 2).reshape(matrix.shape)
"""
_KRON_COMMUTED = """\
def _kron_commuted(a, b, block=None):
    \"\"\"kron(a, b) @ K(a's columns, b's columns), the block added to those on the diagonal.\"\"\"
    result = a[:, None, None, :] * b[None, :, :, None]
    if block is not None:
        result = result + np.eye(a.shape[0])[:, None, :, None] * block[None, :, None, :]
    return result.reshape(a.shape[0] * b.shape[0], b.shape[1] * a.shape[1])
"""
_GRID_PRODUCT = """\
def _grid_product(left, right, full, diagonal, dims, mirrored=False):
    \"\"\"Block (a, b) is left @ diag(full[a, b]) @ right; the diagonal is added where a = b.\"\"\"
    count, size = dims
    grid = full + np.zeros((count, count, size))
    if diagonal is not None:
        grid = grid + np.eye(count)[:, :, None] * (diagonal + np.zeros((count, size)))[:, None, :]
    if count * count * left.shape[0] * size <= 1000000:
        blocks = (grid[:, :, None, :] * left) @ right
    else:
        blocks = np.stack([np.stack([(left * entries) @ right for entries in row]) for row in grid])
    return blocks.swapaxes(1, 2).reshape(count * left.shape[0], count * right.shape[1])
"""
_OVER_ROOT = """\
def _over_root(above, root):
    \"\"\"above / root, where a zero above wins, as in the subgradient of a norm at zero.\"\"\"
    return np.where((root == 0) & (above == 0), 0.0, above / root)
"""
_TIMES = """\
def _times(left, right):
    \"\"\"left * right, where a zero wins over an infinity.\"\"\"
    lost = (np.isinf(left) & (right == 0)) | ((left == 0) & np.isinf(right))
    return np.where(lost, 0.0, left * right)
"""
_MATMUL = """\
def _matmul(left, right):
    \"\"\"left @ right, where a zero wins over an infinity.\"\"\"
    product = np.where(np.isinf(left), 0.0, left) @ np.where(np.isinf(right), 0.0, right)
    for sign in (1.0, -1.0):
        turned = sign * right
        met = (left == np.inf) * 1.0 @ ((turned > 0) * 1.0)
        met = met + (left == -np.inf) * 1.0 @ ((turned < 0) * 1.0)
        met = met + (left > 0) * 1.0 @ ((turned == np.inf) * 1.0)
        met = met + (left < 0) * 1.0 @ ((turned == -np.inf) * 1.0)
        product = product + np.where(met > 0, sign * np.inf, 0.0)
    return product
"""
_FINITE = """\
    if np.isfinite(left).all() and np.isfinite(right).all():
        return left @ right
"""
_LOST = """\
    met = np.isinf(left) * 1.0 @ ((right != 0) * 1.0) + (left != 0) * 1.0 @ (np.isinf(right) * 1.0)
    if not met.any():
        return product
"""
_SHARED = {"_kron_times": _KRON_TIMES, "_commute_rows": _COMMUTE_ROWS, "_commute_cols": _COMMUTE_COLS}
_ZERO_WINS = {"_over_root": _OVER_ROOT, "_times": _TIMES, "_matmul": _MATMUL}

# NumPy lays a product out as its operands lie; in the order of its axes it is reshaped without a copy.
NUMPY_HELPERS: dict[str, str] = {
    **_SHARED,
    "_over_root": """\
def _over_root(above, root):
    \"\"\"above / root, where a zero above wins, as in the subgradient of a norm at zero.\"\"\"
    if np.count_nonzero(root) == np.size(root):
        return above / root
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((root == 0) & (above == 0), 0.0, above / root)
""",
    "_times": """\
def _times(left, right):
    \"\"\"left * right, where a zero wins over an infinity.\"\"\"
    with np.errstate(invalid="ignore"):
        product = left * right
    if np.isfinite(product).all():
        return product
    lost = (np.isinf(left) & (right == 0)) | ((left == 0) & np.isinf(right))
    return np.where(lost, 0.0, product)
""",
    "_matmul": _MATMUL.replace("    product = ", _FINITE + "    product = ", 1).replace(
        "    for", _LOST + "    for"
    ),
    "_kron": """\
def _kron(a, b):
    blocks = np.multiply(a[:, None, :, None], b[None, :, None, :], order="C")
    return blocks.reshape(a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])
""",
    "_kron_commuted": """\
def _kron_commuted(a, b, block=None):
    \"\"\"kron(a, b) @ K(a's columns, b's columns), the block added to those on the diagonal.\"\"\"
    result = np.multiply(a[:, None, None, :], b[None, :, :, None], order="C")
    if block is not None:
        np.einsum("aiaj->aij", result)[...] += block
    return result.reshape(a.shape[0] * b.shape[0], b.shape[1] * a.shape[1])
""",
    "_grid_product": """\
def _grid_product(left, right, full, diagonal, dims, mirrored=False):
    \"\"\"Block (a, b) is left @ diag(full[a, b]) @ right; the diagonal is added where a = b.\"\"\"
    count, size = dims
    rows, cols = left.shape[0], right.shape[1]
    grid = np.empty((count, count, size))
    grid[...] = full
    if diagonal is not None:
        np.einsum("aam->am", grid)[...] += diagonal
    if count * count * rows * size <= 100000:
        scaled = np.multiply(grid[:, :, None, :], left, order="C").reshape(-1, size)
        blocks = (scaled @ right).reshape(count, count, rows, cols)
        return blocks.swapaxes(1, 2).reshape(count * rows, count * cols)
    result = np.empty((count, rows, count, cols))
    for a in range(count):
        for b in range(a + 1 if mirrored else count):
            result[a, :, b] = (left * grid[a, b]) @ right
            if mirrored and a != b:
                result[b, :, a] = result[a, :, b]
    return result.reshape(count * rows, count * cols)
""",
    "_add_labels": """\
def _add_labels(matrix, weight, rows, labels):
    \"\"\"The matrix with the weight added in each row at its label.\"\"\"
    result = matrix + 0.0
    result[rows, labels] += weight
    return result
""",
    "_add_diagonal": """\
def _add_diagonal(matrix, entries):
    result = matrix + 0.0
    np.einsum("ii->i", result)[...] += entries
    return result
""",
    "_kron_eye": """\
def _kron_eye(a, size):
    result = np.zeros((a.shape[0], size, a.shape[1], size))
    np.einsum("ikjk->ijk", result)[...] = a[:, :, None]
    return result.reshape(a.shape[0] * size, a.shape[1] * size)
""",
    "_eye_kron": """\
def _eye_kron(size, b):
    result = np.zeros((size, b.shape[0], size, b.shape[1]))
    np.einsum("kikj->kij", result)[...] = b
    return result.reshape(size * b.shape[0], size * b.shape[1])
""",
}
TORCH_HELPERS: dict[str, str] = {
    **_SHARED,
    **{name: text.replace("np.", "torch.") for name, text in _ZERO_WINS.items()},
    "_grid_product": _GRID_PRODUCT.replace("np.zeros(", "left.new_zeros(")
    .replace("np.eye(count)", "torch.eye(count, dtype=left.dtype, device=left.device)")
    .replace("np.", "torch."),
    "_kron": _KRON,
    "_kron_commuted": _KRON_COMMUTED.replace(
        "np.eye(a.shape[0])", "torch.eye(a.shape[0], dtype=a.dtype, device=a.device)"
    ),
    "_add_labels": """\
def _add_labels(matrix, weight, rows, labels):
    \"\"\"The matrix with the weight added in each row at its label.\"\"\"
    change = torch.zeros_like(matrix)
    change[rows, labels] = 1.0
    return matrix + weight * change
""",
    "_add_diagonal": """\
def _add_diagonal(matrix, entries):
    eye = torch.eye(matrix.shape[0], dtype=matrix.dtype, device=matrix.device)
    return matrix + entries * eye
""",
    "_kron_eye": """\
def _kron_eye(a, size):
    return torch.kron(a.contiguous(), torch.eye(size, dtype=a.dtype, device=a.device))
""",
    "_eye_kron": """\
def _eye_kron(size, b):
    return torch.kron(torch.eye(size, dtype=b.dtype, device=b.device), b.contiguous())
""",
}
JAX_HELPERS: dict[str, str] = {
    **_SHARED,
    **{name: text.replace("np.", "jnp.") for name, text in _ZERO_WINS.items()},
    "_grid_product": _GRID_PRODUCT.replace("np.", "jnp."),
    "_kron_commuted": _KRON_COMMUTED.replace("np.", "jnp."),
    "_add_labels": """\
def _add_labels(matrix, weight, rows, labels):
    \"\"\"The matrix with the weight added in each row at its label.\"\"\"
    return matrix.at[rows, labels].add(weight)
""",
    "_add_diagonal": """\
def _add_diagonal(matrix, entries):
    index = jnp.arange(matrix.shape[0])
    return matrix.at[index, index].add(entries)
""",
    "_kron_eye": """\
def _kron_eye(a, size):
    return jnp.kron(a, jnp.eye(size, dtype=a.dtype))
""",
    "_eye_kron": """\
def _eye_kron(size, b):
    return jnp.kron(jnp.eye(size, dtype=b.dtype), b)
""",
}
