"""What tests need of the machine that pip does not install: TeX for `tex`, Chromium for `browser`, shells.

A module of its own because tests that are left out must say so in one way, and because .ci/run asks the same
question before it installs: run as a script it prints what is missing, and exits with 1 if anything is.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from shutil import which

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TEX = ("pdflatex", "xelatex")
SHELLS = ("zsh", "fish")
TEX_FILES = ("amsmath.sty", "geometry.sty", "lmodern.sty", "tikz.sty", "ctexart.cls", "FandolSong-Bold.otf")


def chromium() -> str | None:
    """The path of the browser."""
    return next(filter(None, map(which, CHROMIUM)), None)


@cache
def without_tex() -> str:
    """What is missing of TeX, in words; empty where nothing is."""
    programs = [name for name in TEX if which(name) is None]
    if programs:
        return f"{' and '.join(programs)} not installed"
    found = subprocess.run(["kpsewhich", *TEX_FILES], capture_output=True, text=True, check=False).stdout
    files = [name for name in TEX_FILES if name not in found]
    return f"TeX has no {', '.join(files)}" if files else ""


@cache
def without_chromium() -> str:
    """What is missing of the browser, in words; empty where nothing is."""
    return "" if chromium() else "Chromium not installed"


@cache
def without_browser() -> str:
    """What is missing to drive a browser, in words; empty where nothing is."""
    return without_chromium() or ("" if find_spec("choreographer") else "choreographer not installed")


@cache
def without_shells() -> str:
    """Which shells are missing that completion is tried in, in words; empty where none is."""
    shells = [name for name in SHELLS if which(name) is None]
    return f"{' and '.join(shells)} not installed" if shells else ""


MISSING: dict[str, Callable[[], str]] = {"tex": without_tex, "browser": without_browser}


if __name__ == "__main__":
    missing = list(filter(None, (without_tex(), without_chromium(), without_shells())))
    print(*missing or ["TeX, Chromium and the shells are there"], sep="\n")
    sys.exit(bool(missing))
