"""``python -m dimcompat`` is the command ``dimcompat``: where its process begins.

A module of its own because Python looks for it under this name, and because what is set for the whole
process must not be set by importing anything else.
"""

import gc

gc.set_threshold(100_000)  # what a short process makes lives as long as it does: looking for garbage is waste

from dimcompat.cli import main  # noqa: E402

if __name__ == "__main__":
    main(prog_name="dimcompat")
