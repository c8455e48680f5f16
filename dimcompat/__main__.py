"""``python -m dimcompat`` is the command ``dimcompat``.

A module of its own because Python looks for it under this name.
"""

from dimcompat.cli import main

main(prog_name="dimcompat")
