"""Run a hook in one child process after the other, in each with a fault one step later.

    python tracer.py TASK.json

The task: ``template``, the repository as it is before each run; ``top``, where it is run;
``module`` and ``arguments``, what is run; ``act``, the fault, at the file ``target``; ``outside``,
a folder that is none of the hook's business. Printed is a list of what each run left. A step is a
call of the system from the moment on at which a place to write to is named, and the middle of each
writing.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import importlib
import itertools
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from typing_extensions import Self

CALLS = (
    *("open", "close", "stat", "fsync", "chmod", "fchown", "getxattr", "setxattr"),
    *("replace", "rename", "link", "unlink"),
)
NOT_REACHED = 100


class Tracer:
    """Acts at the step ``at``. label: the name of that step, once it is reached."""

    def __init__(self, task: dict[str, Any], at: int) -> None:
        self.task = task
        self.left = at
        self.is_armed = False
        self.label = ""

    def step(self, label: str) -> None:
        if self.is_armed and not self.label:
            self.left -= 1
            if not self.left:
                self.label = label
                ACTS[self.task["act"]](self)

    def wrap(self, name: str) -> None:
        real = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            self.step(name)
            return real(*arguments, **options)

        setattr(os, name, call)

    def install(self) -> None:
        from tenterhooks.core import places

        real = places.Place.__init__

        def named(place: Any, *arguments: str) -> None:
            real(place, *arguments)
            self.is_armed = True
            self.step("place")

        places.Place.__init__ = named  # type: ignore[method-assign,assignment]
        places.open = functools.partial(Halved, self)  # type: ignore[attr-defined]
        for name in CALLS:
            if hasattr(os, name):
                self.wrap(name)


class Halved:
    """A stream that writes in two parts, with a step in between."""

    def __init__(self, tracer: Tracer, *arguments: Any) -> None:
        self.stream = open(*arguments)  # noqa: SIM115  # it is one itself
        self.tracer = tracer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def write(self, data: bytes) -> None:
        half = len(data) // 2
        self.stream.write(data[:half])
        self.stream.flush()
        self.tracer.step("write")
        self.stream.write(data[half:])

    def flush(self) -> None:
        self.stream.flush()


def kill(_: Tracer) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(tracer: Tracer) -> None:
    # What is closed is closed, and who cannot remove cannot be helped.
    if tracer.label not in ("place", "close", "unlink", "getxattr", "fchown"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def change(tracer: Tracer) -> None:
    """Another program saves the file: whole, as editors do it."""
    path = os.path.join(tracer.task["top"], tracer.task["target"])
    with open(path + "~", "wb") as stream:
        stream.write(b"theirs\n")
    os.rename(path + "~", path)


def swap_file(tracer: Tracer) -> None:
    path = os.path.join(tracer.task["top"], tracer.task["target"])
    if os.path.lexists(path):
        os.unlink(path)
    os.symlink(os.path.join(tracer.task["outside"], "victim"), path)


def swap_folder(tracer: Tracer) -> None:
    folder = os.path.dirname(os.path.join(tracer.task["top"], tracer.task["target"]))
    os.rename(folder, folder + "-moved")
    os.symlink(tracer.task["outside"], folder)


ACTS: dict[str, Callable[[Tracer], None]] = {
    "kill": kill,
    "fail": fail,
    "change": change,
    "swap-file": swap_file,
    "swap-folder": swap_folder,
}


def child(task: dict[str, Any], at: int, told: int) -> NoReturn:
    code = NOT_REACHED
    stderr = os.fdopen(os.dup(2), "w")
    try:
        os.chdir(task["top"])
        quiet = os.open(os.devnull, os.O_RDWR)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        tracer = Tracer(task, at)
        original = ACTS[task["act"]]

        def telling(it: Tracer) -> None:
            os.write(told, it.label.encode())
            original(it)

        ACTS[task["act"]] = telling
        tracer.install()
        code = importlib.import_module(task["module"]).main(task["arguments"])
        if not tracer.label:
            code += NOT_REACHED
    except BaseException:
        traceback.print_exc(file=stderr)
        stderr.flush()
    finally:
        os._exit(code)


def state(folder: str) -> dict[str, str]:
    """Path -> content of all files below, git's own left out; of a symlink, where it leads."""
    found = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        for name in (*names, *folders):
            path = os.path.join(place, name)
            inner = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[inner] = "-> " + os.readlink(path)
            elif os.path.isfile(path):
                with open(path, "rb") as stream:
                    found[inner] = stream.read().decode("latin-1")
    return found


def clear(folder: str) -> None:
    """Take all out of a folder, but for git's."""
    os.makedirs(folder, exist_ok=True)
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != ".git":
                shutil.rmtree(entry)
        else:
            os.unlink(entry)


def reset(task: dict[str, Any]) -> None:
    for folder in (task["top"], task["outside"]):
        clear(folder)
    skip = None
    if os.path.lexists(os.path.join(task["top"], ".git")):
        skip = shutil.ignore_patterns(".git")
    shutil.copytree(task["template"], task["top"], ignore=skip, dirs_exist_ok=True)
    with open(os.path.join(task["outside"], "victim"), "wb") as stream:
        stream.write(b"untouched\n")


def run(task: dict[str, Any], at: int) -> dict[str, Any]:
    """What is left by one run, in a child."""
    reset(task)
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        child(task, at, writing)
    os.close(writing)
    with open(reading, "rb") as told:
        label = told.read().decode()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    left = {"left": state(task["top"]), "outside": state(task["outside"])}
    return {"step": label, "code": code, **left}


def runs(task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    warm(task)
    for at in itertools.count(1):
        done = run(task, at)
        yield done
        if done["code"] >= NOT_REACHED:
            return


def warm(task: dict[str, Any]) -> None:
    """Once without a fault and in this process, so that all is imported."""
    reset(task)
    os.chdir(task["top"])
    with (
        open(os.devnull, "w") as quiet,
        contextlib.redirect_stdout(quiet),
        contextlib.redirect_stderr(quiet),
    ):
        importlib.import_module(task["module"]).main(task["arguments"])


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as stream:
        given = json.load(stream)
    print(json.dumps(list(runs(given))))
