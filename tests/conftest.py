"""English, whatever the locale of the machine; tests that need what is not there are left out, and said."""

import os

import pytest
from machine import MISSING

os.environ["DIMCOMPAT_LANG"] = "en"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what the machine cannot run."""
    for marker, missing in MISSING.items():
        if item.get_closest_marker(marker) is not None and missing():
            pytest.skip(f"marked {marker}: {missing()}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were left out, and what they need."""
    for marker, missing in MISSING.items():
        skipped = terminalreporter.stats.get("skipped", ())
        count = sum(marker in report.keywords for report in skipped)
        if count and missing():
            terminalreporter.write_line(
                f"left out: {count} tests marked {marker}, for {missing()};"
                " README says under Development what to install",
                yellow=True,
            )
