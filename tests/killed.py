"""Replace the files of a folder while being killed; run by test_storage in a process of its own.

Every step that changes or opens a file is an audit event of Python. A child is killed (SIGKILL) at
its first event, the next at its second, and so on until one lives to the end; further children are
killed after a random time. After each, every file must be the old one or the new one, whole.
"""

import os
import random
import signal
import sys
import time
from functools import partial
from pathlib import Path

from armsflow.curation.storage import replace_files


def content(directory: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    files = (
        path for path in directory.rglob("*") if path.is_file() and not path.name.startswith(".")
    )
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def in_child(work, dies_at: int = 0) -> int:
    """Fork; the child works, and kills itself at an event. Returns the process number."""
    child = os.fork()
    if child:
        return child
    left = dies_at

    def count(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if event == "open" or event.startswith("os."):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    if dies_at:
        sys.addaudithook(count)
    work()
    os._exit(0)


def mixture(folder: Path, *editions: dict[str, bytes]) -> set[str]:
    """Return the files that are whole in no edition."""
    found = content(folder)
    return {
        name
        for name in editions[0]
        if found.get(name) not in [edition[name] for edition in editions]
    }


def main(folder: Path) -> None:
    """Replace the same files in turn by those of two editions."""
    names = sorted(content(folder))
    old, new = (dict.fromkeys(names, mark * 50000) for mark in (b"old", b"new"))
    replace_files(folder, old)
    event = 0
    while True:
        event += 1
        wanted = (old, new)[event % 2]
        status = os.waitpid(in_child(partial(replace_files, folder, wanted), event), 0)[1]
        assert mixture(folder, old, new) == set(), f"torn at event {event}"
        if status == 0:
            assert mixture(folder, wanted) == set()
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
    assert event > 30, event

    chance = random.Random(9)

    def forever() -> None:
        while True:
            for edition in (old, new):
                replace_files(folder, edition)

    for _ in range(20):
        child = in_child(forever)
        time.sleep(chance.uniform(0, 0.08))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert mixture(folder, old, new) == set()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
