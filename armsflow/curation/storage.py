"""Files, written so that a reader finds the old or the new, never half; a package as one ZIP.

Each file is written to a draft beside it first, and forced to the disk. The draft then takes the
place of the file in one step. A process that is killed leaves at most drafts, whose names begin
with a dot.
"""

import io
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from armsflow.package.archive import Archive
from armsflow.package.package import DESCRIPTOR, NOTE, UNPUBLISHED, Package

GUIDES = ("README.md", "basemap/README.md")
"""Files that belong to a package and that its descriptor does not name."""


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
