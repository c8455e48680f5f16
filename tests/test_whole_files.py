"""`-o` writes whole files or none: on a full disk, beyond a quota, and when it is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import LEAST_SQUARES

from dimcompat.renderers import whole_files
from dimcompat.renderers.whole_files import write_whole

resource = pytest.importorskip("resource", reason="this system has no limits for processes")
SMALL = 2_000
DERIVE = [sys.executable, "-m", "dimcompat", "derive", *LEAST_SQUARES, "--no-verify", "--format", "json"]
WRITE = "import sys; from pathlib import Path; from dimcompat.renderers.whole_files import write_whole\n"


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


@pytest.fixture(params=["new", "old"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where to write; there is a file already, or none."""
    path = tmp_path / "out.json"
    if request.param == "old":
        path.write_text("old")
    return path


def left(path: Path) -> dict[str, str]:
    return {item.name: item.read_text()[:10] for item in path.parent.iterdir()}


def test_a_file_that_would_be_too_large(target: Path) -> None:
    before = left(target)
    done = subprocess.run([*DERIVE, "-o", str(target)], capture_output=True, preexec_fn=limit, check=False)
    assert done.returncode == 2 and done.stdout == b""
    assert b"cannot write" in done.stderr and b"Traceback" not in done.stderr
    assert left(target) == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(disk)]
    if os.name != "posix" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only an administrator may mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    path = small_disk / "out.json"
    path.write_text("old")
    done = subprocess.run([*DERIVE, "-o", str(path)], capture_output=True, check=False)
    assert done.returncode == 2 and b"No space left" in done.stderr and b"Traceback" not in done.stderr
    assert left(path) == {"out.json": "old"}


def test_killed_in_the_middle(target: Path) -> None:
    """A process that writes one large text after another is killed at some time or other.

    Only between the moment when a whole file gets a name and the next, when it gets that of the target, may
    another name be left over.
    """
    before = left(target)
    code = WRITE + "while True: write_whole(Path(sys.argv[1]), 'new ' * 3_000_000)"
    for wait in (0.0, 0.01, 0.03, 0.07, 0.15):
        child = subprocess.Popen([sys.executable, "-c", code, str(target)])
        started = time.monotonic()
        while not growing(child.pid) and time.monotonic() - started < 20:
            time.sleep(0.002)
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        found = {name: text for name, text in left(target).items() if not name.startswith(".out.json.")}
        assert found in (before, {target.name: "new new ne"}), found
        assert target.name not in found or found == before or target.stat().st_size == 12_000_000


def growing(process: int) -> bool:
    """Whether the process has a file open that it writes."""
    try:
        names = [os.readlink(f"/proc/{process}/fd/{fd}") for fd in os.listdir(f"/proc/{process}/fd")]
    except OSError:
        return False
    return any("out.json" in name or "(deleted)" in name for name in names)


def test_without_nameless_files(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    write_whole(target, "whole")
    assert left(target) == {"out.json": "whole"}

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(target, "text")
    assert left(target) == {"out.json": "whole"}


def test_where_a_name_cannot_be_given(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(1, "not permitted")

    monkeypatch.setattr(whole_files.os, "link", refused)
    write_whole(target, "whole")
    assert left(target) == {"out.json": "whole"}
