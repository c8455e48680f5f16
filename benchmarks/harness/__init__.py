"""What the benchmark scripts share.

NumPy is imported here, after one thread has been asked for, and everywhere else in the benchmarks taken
from here: libraries read these settings when they are loaded, and never again.
"""

import os
import sys

if "numpy" in sys.modules:
    raise ImportError("NumPy was loaded before `harness`, which decides how many threads it has")

_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "JAX_ENABLE_X64": "1",
}
os.environ.update(_ONE_THREAD)
if hasattr(os, "sched_setaffinity"):  # JAX has threads that no setting takes away: they share one processor
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np  # noqa: E402

__all__ = ["np"]
