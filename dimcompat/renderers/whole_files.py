"""Writing a file whole or not at all: neither a full disk nor a kill leaves half of one.

A module of its own because it is about the file system alone. The text goes into a file that has no name
yet, where the system can do that, so that not even a stray file is left when the process is killed.
"""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from pathlib import Path
from typing import TextIO


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all; an existing one keeps its permissions.

    A symbolic link stays one: what it points to is written. A device or a pipe is written into and
    never replaced.
    """
    mode = _mode_of(path)
    if mode is not None and not stat.S_ISREG(mode):
        with path.open("w", encoding="utf-8", newline="\n") as special:
            special.write(text)
        return
    path = Path(os.path.realpath(path))
    permissions = stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask()
    if not _written_unnamed(path, text, permissions):
        _written_beside(path, text, permissions)


def _written_unnamed(path: Path, text: str, permissions: int) -> bool:
    """Through a file without a name, which gets one when it is whole; False where the system has none."""
    try:
        handle = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o600)
    except (AttributeError, OSError):
        return False
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        _fill(file, text)
        os.fchmod(handle, permissions)
        name = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        try:
            # a directory's descriptor makes Python follow the link that stands for the file
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.link(f"/proc/self/fd/{handle}", name, src_dir_fd=folder)
            finally:
                os.close(folder)
        except OSError:
            return False
    _moved(name, path)
    return True


def _written_beside(path: Path, text: str, permissions: int) -> None:
    """Through a file of another name in the same directory."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            _fill(file, text)
        Path(name).chmod(permissions)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _moved(Path(name), path)


def _fill(file: TextIO, text: str) -> None:
    """Everything on the disk, or an OSError."""
    file.write(text)
    file.flush()
    os.fsync(file.fileno())


def _moved(source: Path, path: Path) -> None:
    try:
        source.replace(path)
    except BaseException:
        source.unlink(missing_ok=True)
        raise


def _mode_of(path: Path) -> int | None:
    """What stands at a path, links followed; None where there is nothing yet."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
