"""``python -m dimcompat`` is the command ``dimcompat``: where its process begins.

A module of its own because Python looks for it under this name, and because what is set for the whole
process must not be set by importing anything else.
"""

import atexit
import gc
import os
import sys

from dimcompat.exit_status import INTERRUPTED

# Nearly all that a short process makes lives as long as it does: looking for garbage among it is a waste of
# time, and most of all at the end, when the system takes everything back.
gc.set_threshold(100_000)
atexit.register(gc.freeze)

# The matrices of a check are small: threads for them take longer to start than all of it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Run the command, whose modules are loaded here so that Ctrl-C is quiet meanwhile, too."""
    try:
        from dimcompat.cli import main as command

        command(prog_name="dimcompat")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
