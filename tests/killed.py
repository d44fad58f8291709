"""Save a package again and again while being killed; run by test_storage in a process of its own.

Every step that changes or opens a file is an audit event of Python. A child is killed (SIGKILL) at
its first event, the next at its second, and so on until one lives to the end; further children are
killed after a random time. After each, the folder must hold the old package or the new.
"""

import os
import random
import signal
import sys
import time
from functools import partial
from pathlib import Path

from armsflow.curation.storage import package_files, replace_files, save_package
from armsflow.package.package import read_package


def content(directory: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def in_child(work, dies_at: int = 0) -> int:
    """Fork; the child works, and kills itself at an event. Returns the process number."""
    child = os.fork()
    if child:
        return child
    left = dies_at

    def count(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if event == "open" or event.startswith(("os.", "shutil.", "ctypes.")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    if dies_at:
        sys.addaudithook(count)
    work()
    os._exit(0)


def main(first: Path, second: Path, target: Path) -> None:
    """Save two packages in turn at one place."""
    packages = [read_package(one)[0] for one in (first, second)]
    both = [package_files(package) for package in packages]
    new_place, event, died = target.with_name("new"), 0, 0
    while True:
        event += 1
        wanted = event % 2
        before = content(target)
        save = partial(save_package, packages[wanted], target)
        status = os.waitpid(in_child(save, event), 0)[1]
        assert content(target) in (before, both[wanted]), f"torn at event {event}"
        if status == 0:
            assert content(target) == both[wanted]
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        died += 1
        os.waitpid(in_child(partial(save_package, packages[0], new_place), event), 0)
        assert not new_place.exists() or content(new_place) == both[0], f"half at event {event}"
        if new_place.exists():
            for path in sorted(new_place.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            new_place.rmdir()
    assert died > 30, died

    chance = random.Random(9)

    def forever() -> None:
        while True:
            for package in packages:
                save_package(package, target)

    for _ in range(20):
        child = in_child(forever)
        time.sleep(chance.uniform(0, 0.08))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert content(target) in both

    file = target.parent / "table.csv"
    file.write_bytes(b"old" * 100_000)
    for event in range(1, 50):
        work = partial(replace_files, file.parent, {file.name: b"new" * 100_000})
        status = os.waitpid(in_child(work, event), 0)[1]
        assert file.read_bytes() in (b"old" * 100_000, b"new" * 100_000)
        if status == 0:
            break
    assert status == 0
    assert file.read_bytes() == b"new" * 100_000
    print(died)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
