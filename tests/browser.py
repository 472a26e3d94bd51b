"""A real browser without a window, driven over the DevTools protocol through two pipes.

Chromium reads commands from file descriptor 3 and writes answers and events to 4, each a JSON text
that ends in NUL; no socket is opened. Source: content/browser/devtools/devtools_pipe_handler.cc in
Chromium, and the reference of the Chrome DevTools Protocol.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).resolve().parent.parent
Json = dict[str, Any]

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome-headless-shell",
)
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
PATIENCE = 120  # seconds for one answer


def find() -> str | None:
    """A browser: the one that TENTERHOOKS_BROWSER names, one of this machine, or the one that
    dev.py has set up."""
    named = os.environ.get("TENTERHOOKS_BROWSER")
    if named:
        return named
    here = [found for found in map(shutil.which, NAMES) if found]
    here += [place for place in MAC if os.access(place, os.X_OK)]
    here += [str(path.parent / "chromium") for path in ROOT.glob(".dev/browser-*/complete")]
    return here[0] if here else None


def why_not() -> str | None:
    """Why there can be no browser here, or None."""
    if not hasattr(os, "posix_spawn"):
        return "the browser is driven through file descriptors 3 and 4, which needs POSIX"
    if find() is None:
        return "there is no Chromium or Chrome; install one, or name it in TENTERHOOKS_BROWSER"
    return None


class Browser:
    """A running browser. events: all that it told so far, unasked."""

    def __init__(self, executable: str, folder: str) -> None:
        self.events: list[Json] = []
        self._answers: dict[int, Json] = {}
        self._last = 0
        self._rest = b""
        self._log = f"{folder}/log"
        theirs_in, self._out = _pipe()
        self._in, theirs_out = _pipe()
        log = (os.POSIX_SPAWN_OPEN, 2, self._log, os.O_WRONLY | os.O_CREAT, 0o600)
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            log,
            (os.POSIX_SPAWN_DUP2, 2, 1),
            (os.POSIX_SPAWN_DUP2, theirs_in, 3),
            (os.POSIX_SPAWN_DUP2, theirs_out, 4),
        ]
        command = [executable, *OPTIONS, f"--user-data-dir={folder}/profile", "about:blank"]
        environment = {**os.environ, "HOME": folder, **_surroundings(executable, folder)}
        self._pid = os.posix_spawn(  # nosec TH112: the browser of whoever runs the tests
            executable, command, environment, file_actions=actions, setpgroup=0
        )
        os.close(theirs_in)
        os.close(theirs_out)

    def call(self, method: str, session: str | None = None, **parameters: Any) -> Json:
        """Give a command and wait for its answer."""
        self._last += 1
        number = self._last
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        view = memoryview(json.dumps(message).encode() + b"\0")
        while view:
            view = view[os.write(self._out, view) :]
        deadline = time.monotonic() + PATIENCE
        while number not in self._answers:
            self._read(deadline, method)
        answer = self._answers.pop(number)
        assert "error" not in answer, (method, answer["error"])
        return cast("Json", answer["result"])

    def wait(self, method: str, **parameters: Any) -> None:
        """Wait for an event with these parameters, unless it was there already."""
        deadline = time.monotonic() + PATIENCE
        while not any(
            event["method"] == method and parameters.items() <= event["params"].items()
            for event in self.events
        ):
            self._read(deadline, method)

    def _read(self, deadline: float, method: str) -> None:
        ready, _, _ = select.select([self._in], [], [], max(deadline - time.monotonic(), 0))
        data = os.read(self._in, 1 << 20) if ready else b""
        assert data, f"the browser says nothing to {method}: {self._said()}"
        *messages, self._rest = (self._rest + data).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self._answers[message["id"]] = message
            else:
                self.events.append(message)

    def _said(self) -> str:
        return Path(self._log).read_text("utf-8", "replace")[-2000:]

    def close(self) -> None:
        """End it and all that it started."""
        os.close(self._out)
        os.close(self._in)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if os.waitpid(self._pid, os.WNOHANG)[0]:
                break
            time.sleep(0.02)
        else:
            os.killpg(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        with contextlib.suppress(OSError):
            os.killpg(self._pid, signal.SIGKILL)


class Page:
    """One page that is loaded."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session: str = attached["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)
        loader = self.call("Page.navigate", url=address)["loaderId"]
        browser.wait("Page.lifecycleEvent", loaderId=loader, name="load")

    def call(self, method: str, **parameters: Any) -> Json:
        return self.browser.call(method, self.session, **parameters)

    def evaluate(self, expression: str) -> Any:
        """The value of some JavaScript, which is run beside the page's own policy."""
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def size(self, width: int, height: int = 740) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def media(self, media: str = "", scheme: str = "light") -> None:
        """``print`` or the screen, ``light`` or ``dark``."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def press(self, key: str) -> None:
        """Press Tab or Enter."""
        codes = {"Tab": 9, "Enter": 13}
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=codes[key],
                **(text if kind == "keyDown" else {}),
            )

    def told(self, method: str) -> list[Json]:
        """The events of a kind so far."""
        return [
            event["params"]
            for event in self.browser.events
            if event.get("sessionId") == self.session and event["method"] == method
        ]


@contextlib.contextmanager
def running() -> Iterator[Browser]:
    """A browser with a profile of its own, which is gone afterwards."""
    executable = find()
    assert executable is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(executable, folder)
        try:
            yield browser
        finally:
            browser.close()


def _pipe() -> tuple[int, int]:
    """A pipe whose ends do not lie where the browser wants its own."""
    import fcntl

    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high[0], high[1]


def _surroundings(executable: str, folder: str) -> dict[str, str]:
    """The libraries and fonts that dev.py has set up beside a browser, if it has."""
    place = Path(executable).parent
    if not (place / "complete").exists():
        return {}
    fonts = Path(folder, "fonts.conf")
    dirs = f"<dir>{escape(str(place))}</dir><cachedir>{escape(folder)}</cachedir>"
    fonts.write_text(f"<fontconfig>{dirs}</fontconfig>", "utf-8")
    return {"LD_LIBRARY_PATH": str(place / "lib"), "FONTCONFIG_FILE": str(fonts)}


if __name__ == "__main__":  # for dev.py
    sys.exit(why_not())
