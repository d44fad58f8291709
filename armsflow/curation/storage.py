"""Files and whole data packages, written so that a reader finds the old or the new, never half.

Everything is written to a draft beside its target first, and forced to the disk; the target is then
changed in one step. A process that is killed leaves at most a draft, whose name begins with a dot.
"""

import ctypes
import io
import json
import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from armsflow.curation.submission import NOTE
from armsflow.package.archive import Archive
from armsflow.package.package import DESCRIPTOR, UNPUBLISHED, Package

GUIDES = ("README.md", "basemap/README.md")
"""Files that belong to a package and that its descriptor does not name."""

AT_WORKING_FOLDER = -100
"""``AT_FDCWD`` of Linux: paths as they are."""

EXCHANGE = 2
"""``RENAME_EXCHANGE`` of Linux (renameat2): two names change places in one step."""


class StorageError(Exception):
    """Something that cannot be written; says what, why, and what to do."""


def write_file(file: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    OSError
        If the folder does not exist or the file cannot be written; the old file stays.
    """
    replace_files(file.parent, {file.name: content})


def replace_files(directory: Path, contents: Mapping[str, bytes]) -> None:
    """Write files in a folder, each whole or not at all.

    All drafts are on the disk before the first file is replaced, so that a full disk changes
    nothing. Between the first and the last the folder holds files of both kinds for an instant.

    Raises
    ------
    OSError
        If the folder does not exist or a file cannot be written.
    """
    drafts: dict[Path, Path] = {}
    try:
        for name, content in contents.items():
            file = directory / name
            drafts[file] = _draft(file)
            _put(drafts[file], content)
        for file in list(drafts):
            drafts[file].replace(file)
            del drafts[file]
        _settle(directory)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def other_files(package: Package) -> dict[str, bytes]:
    """Read the files of a package besides descriptor and tables: basemap and guides.

    Raises
    ------
    OSError
        If one cannot be read.
    """
    resources = package.descriptor["resources"]
    named = [str(one["path"]) for one in resources if one["name"] not in package.texts]
    guides = [path for path in GUIDES if (package.directory / path).is_file()]
    return {path: (package.directory / path).read_bytes() for path in [*named, *guides]}


def package_files(package: Package, others: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """Return every file of a package by its path inside: descriptor, tables, basemap, guides.

    Parameters
    ----------
    package
        Its descriptor and tables are written as they are in memory.
    others
        What :func:`other_files` read before; read now if ``None``.
    """
    description = json.dumps(package.descriptor, indent=2, ensure_ascii=False)
    files = {DESCRIPTOR: f"{description}\n".encode()}
    for name, text in package.texts.items():
        files[str(package.resource(name)["path"])] = text.encode()
    files |= other_files(package) if others is None else others
    guide = files.get("README.md", b"")
    if UNPUBLISHED in package.descriptor and not guide.startswith(f"> {NOTE}".encode()):
        where = f"`{UNPUBLISHED}` in {DESCRIPTOR} names them."
        files["README.md"] = f"> {NOTE} {where}\n\n".encode() + guide
    return files


def package_zip(package: Package, others: Mapping[str, bytes] | None = None) -> bytes:
    """Return a whole package as a ZIP; unpacked, it passes every check.

    Parameters
    ----------
    package, others
        As for :func:`package_files`.
    """
    stream = io.BytesIO()
    with Archive(stream) as archive:
        for path, content in package_files(package, others).items():
            archive.writestr(path, content)
    return stream.getvalue()


def save_package(package: Package, directory: Path) -> None:
    """Write a whole package into a folder, in one step.

    Parameters
    ----------
    package
        A valid package, such as that of a :class:`~armsflow.curation.submission.Submission`.
    directory
        A folder that does not exist yet or is empty, or one that a package with unpublished rows
        was saved in before; its parent must exist.

    Raises
    ------
    StorageError
        If the folder holds anything else, or cannot be written; it then stays as it was.
    """
    target = directory.resolve()
    draft = _draft(target)
    try:
        files = package_files(package)
        occupied = target.is_file() or (target.is_dir() and any(target.iterdir()))
        if occupied:
            _require_saved_package(target, files)
        draft.mkdir()
        for path, content in files.items():
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            _put(draft / path, content)
        for folder in {(draft / path).parent for path in files}:
            _settle(folder)
        if occupied:
            _exchange(draft, target)
        else:
            draft.replace(target)
        _settle(target.parent)
    except OSError as error:
        raise StorageError(f"{directory} cannot be written: {error.strerror or error}.") from None
    finally:
        # After an exchange the draft is the old package.
        shutil.rmtree(draft, ignore_errors=True)


def _require_saved_package(target: Path, files: Mapping[str, bytes]) -> None:
    """Refuse to replace a folder that is not a copy with unpublished rows and nothing else."""
    try:
        saved = json.loads((target / DESCRIPTOR).read_bytes())
        ours = isinstance(saved, dict) and UNPUBLISHED in saved
    except (OSError, ValueError, RecursionError):
        ours = False
    if not ours:
        raise StorageError(
            f"{target} is not a data package with unpublished rows, so it is not replaced. "
            "Choose a folder that does not exist."
        )
    found = {str(path.relative_to(target)) for path in target.rglob("*") if not path.is_dir()}
    foreign = sorted(found - {str(Path(path)) for path in files})
    if foreign:
        raise StorageError(
            f"{target} holds {foreign[0]!r}, which is no part of a data package, so it is not "
            "replaced. Choose a folder that does not exist."
        )


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change places in one step."""
    reason = "this system has no way"
    if sys.platform == "linux":
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        paths = os.fsencode(one), os.fsencode(other)
        if rename(AT_WORKING_FOLDER, paths[0], AT_WORKING_FOLDER, paths[1], EXCHANGE) == 0:
            return
        reason = os.strerror(ctypes.get_errno())
    raise StorageError(
        f"{other} cannot be replaced in one step ({reason}). Choose a folder that does not exist."
    )


def _draft(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(8)}")


def _put(file: Path, content: bytes) -> None:
    with file.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _settle(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
