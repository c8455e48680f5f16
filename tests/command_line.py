"""The command line as tests call it: in this process, and in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from click.testing import CliRunner, Result

from dimcompat.cli import main

LEAST_SQUARES = ["(X*w - y)'*(X*w - y)", "--wrt", "w", "-s", "X:m,n", "-s", "w:n", "-s", "y:m"]


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


def process(
    *arguments: str, encoding: str = "utf-8", stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "80", **environment}
    return subprocess.run(
        [sys.executable, "-m", "dimcompat", *arguments],
        input=stdin,
        capture_output=True,
        env=env,
        check=False,
    )
