"""A page in headless Chromium: how wide it is, what its text looks like, what it is on paper.

A module of its own because tests and the script that makes the pictures of the documentation drive the same
browser. It talks to nothing but the page.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import choreographer
from choreographer.browsers.chromium import Chromium
from machine import chromium

T = TypeVar("T")
WITHIN_SECONDS = 60
QUIET = ("--disable-quic", "--disable-background-networking", "--hide-scrollbars")
COMPLAINTS = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")


class QuietChromium(Chromium):
    """Chromium that asks no server for anything."""

    def get_cli(self) -> list[str]:
        return [*super().get_cli(), *QUIET]


class Browser:
    """One tab; `complaints` holds what the page wrote to the console."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._runner = asyncio.Runner()

    def __enter__(self) -> Browser:
        self._run(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._browser.close())
        self._runner.close()

    def open(self, page: Path) -> None:
        """Load a page; what an earlier one complained of is forgotten."""
        self.complaints.clear()
        self._run(self._load(page.resolve().as_uri()))

    def show(self, width: int, media: str = "screen", *, dark: bool = False, scale: float = 1) -> None:
        """In a window of this width, on screen or in print, on a machine that is set to light or dark."""
        size = {"width": width, "height": 900, "deviceScaleFactor": scale, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def value(self, script: str) -> Any:
        """What an expression comes to on the page."""
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def pdf(self) -> bytes:
        """The page on paper."""
        found = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(found["data"])

    def picture(self, height: int | None = None) -> bytes:
        """The page as PNG, from its top down to a height, or what the window shows."""
        wide, tall = self.value("[innerWidth, innerHeight]")
        clip = {"x": 0, "y": 0, "width": wide, "height": height or tall, "scale": 1}
        found = self.ask("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(found["data"])

    def ask(self, command: str, **given: Any) -> dict[str, Any]:
        """A command of the browser's protocol."""
        answer = self._run(self._tab.send_command(command, params=given))
        assert "error" not in answer, answer["error"]
        found: dict[str, Any] = answer["result"]
        return found

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(asyncio.wait_for(work, WITHIN_SECONDS))

    async def _start(self) -> None:
        self._browser = choreographer.Browser(chromium(), browser_cls=QuietChromium, headless=True)
        await self._browser.open()
        self._tab = await self._browser.create_tab("about:blank")
        for event in COMPLAINTS:
            self._tab.subscribe(event, self._complained)
        for domain in ("Page", "Runtime", "Log"):
            await self._tab.send_command(f"{domain}.enable")

    async def _load(self, address: str) -> None:
        loaded = self._tab.subscribe_once("Page.loadEventFired")
        await self._tab.send_command("Page.navigate", params={"url": address})
        await loaded

    async def _complained(self, event: Any) -> None:
        self.complaints.append(str(event["params"]))
