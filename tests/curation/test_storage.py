"""Files on disk: the old or the new, never half; a whole package as one ZIP."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from armsflow.curation import storage
from armsflow.curation.storage import package_files, package_zip, replace_files
from armsflow.curation.submission import NOTE, read_upload
from armsflow.curation.template import export_xlsx
from armsflow.dataset.loader import SHIPPED
from armsflow.package.checks import check
from armsflow.package.package import read_package
from tests import tiny
from tests.forms import ROWS, workbook
from tests.killed import content


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    directory = tiny.write(tmp_path_factory.mktemp("storage") / "package")
    (directory / "README.md").write_text("# The tiny package\n", "utf-8")
    package, problems = read_package(directory)
    assert problems == []
    return package


@pytest.fixture(scope="module")
def grown(published):
    """The published package with rows of a reader's own."""
    submitted = read_upload("rows.xlsx", workbook(published, ROWS), published)
    assert submitted.problems == []
    return submitted.package


# ---------------------------------------------------------------- a whole package


def test_the_zip_of_a_package_unpacked_passes_every_check_and_can_be_handed_in_again(
    grown, published, tmp_path
):
    with zipfile.ZipFile(io.BytesIO(package_zip(grown))) as archive:
        archive.extractall(tmp_path)
    package, problems = check(tmp_path)
    assert problems == []
    assert package.texts == grown.texts
    assert package.descriptor == grown.descriptor
    ids = package.descriptor["unpublished"]["incidents"]
    again = read_upload("again.xlsx", export_xlsx(package, ids), published)
    assert again.problems == []
    assert again.package.texts == grown.texts


def test_the_shipped_package_is_saved_with_its_basemap_and_guides():
    package, _ = read_package(SHIPPED)
    saved = package_files(package)
    assert {"README.md", "basemap/README.md", "basemap/land.json", "items.csv"} <= set(saved)
    assert all(saved[name] == (SHIPPED / name).read_bytes() for name in saved)


def test_a_reader_of_the_guide_is_told_once_that_rows_are_not_published(grown, tmp_path):
    with zipfile.ZipFile(io.BytesIO(package_zip(grown))) as archive:
        archive.extractall(tmp_path)
    package, _ = read_package(tmp_path)
    guide = package_files(package)["README.md"].decode()
    assert guide.count(NOTE) == 1
    assert guide.endswith("\n\n# The tiny package\n")


# ---------------------------------------------------------------- killed, and a full disk


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed by its number")
def test_a_process_killed_at_any_moment_leaves_the_old_or_the_new(published):
    # In memory, where the system has such a place: hundreds of saves wait for no disk.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        folder = shutil.copytree(published.directory, Path(place) / "package")
        done = subprocess.run(
            [sys.executable, "-m", "tests.killed", folder],
            cwd=SHIPPED.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


FULL = """
import resource, sys
from pathlib import Path
from armsflow.curation import storage
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    storage.replace_files(Path(sys.argv[1]), {"items.csv": b"x", "places.csv": b"x" * 3000})
except OSError as error:
    print(error.strerror)
"""


def test_a_full_disk_leaves_what_was_there(published, tmp_path):
    """A process that may write files of 2,000 bytes only gets what a full disk gives."""
    folder = shutil.copytree(published.directory, tmp_path / "package")
    before = content(folder)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder)],
        cwd=SHIPPED.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["File too large"]
    assert content(folder) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="with a disk of its own: as root on Linux")
def test_a_disk_that_is_really_full_leaves_what_was_there(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("with a disk of its own: as root on Linux")
    try:
        replace_files(disk, {"items.csv": bytes(100_000), "places.csv": b"old"})
        before = content(disk)
        with pytest.raises(OSError, match="No space left on device"):
            replace_files(disk, {"places.csv": b"new", "items.csv": bytes(200_000)})
        assert content(disk) == before
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# ---------------------------------------------------------------- single files


def test_files_are_replaced_together_or_not_at_all(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"old")
    with pytest.raises(FileNotFoundError):
        replace_files(tmp_path, {"a.csv": b"new", "missing/b.csv": b"new"})
    assert content(tmp_path) == {"a.csv": b"old"}
    replace_files(tmp_path, {"a.csv": b"new", "b.csv": b"new"})
    assert content(tmp_path) == {"a.csv": b"new", "b.csv": b"new"}


def test_a_new_file_may_be_read_by_those_whom_the_system_allows(tmp_path):
    before = os.umask(0o027)
    try:
        storage.write_file(tmp_path / "a.csv", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o640
