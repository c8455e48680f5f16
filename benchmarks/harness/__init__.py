"""What the benchmark scripts share. Import it first: the first thing it does is to ask for one thread."""

import os

_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NVPL_BLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "JAX_ENABLE_X64": "1",
}
for _name, _value in _ONE_THREAD.items():
    os.environ.setdefault(_name, _value)
