"""Whole packages on disk: the old or the new, never half, and never over something else."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from armsflow.curation import storage
from armsflow.curation.storage import StorageError, package_zip, replace_files, save_package
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


def drafts(directory):
    return [path.name for path in directory.iterdir() if path.name.startswith(".")]


# ---------------------------------------------------------------- a whole package


def test_a_saved_package_passes_every_check_and_holds_the_same(grown, tmp_path):
    save_package(grown, tmp_path / "saved")
    package, problems = check(tmp_path / "saved")
    assert problems == []
    assert package.texts == grown.texts
    assert package.descriptor == grown.descriptor
    assert drafts(tmp_path) == []


def test_the_zip_of_a_package_unpacked_passes_every_check_and_can_be_handed_in_again(
    grown, published, tmp_path
):
    with zipfile.ZipFile(io.BytesIO(package_zip(grown))) as archive:
        archive.extractall(tmp_path)
    package, problems = check(tmp_path)
    assert problems == []
    assert package.texts == grown.texts
    ids = package.descriptor["unpublished"]["incidents"]
    again = read_upload("again.xlsx", export_xlsx(package, ids), published)
    assert again.problems == []
    assert again.package.texts == grown.texts


def test_the_shipped_package_is_saved_with_its_basemap_and_guides(tmp_path):
    package, _ = read_package(SHIPPED)
    save_package(package, tmp_path / "saved")
    saved = content(tmp_path / "saved")
    assert {"README.md", "basemap/README.md", "basemap/land.json", "items.csv"} <= set(saved)
    assert all(saved[name] == (SHIPPED / name).read_bytes() for name in saved)
    assert check(tmp_path / "saved")[1] == []


def test_a_reader_of_the_guide_is_told_once_that_rows_are_not_published(grown, tmp_path):
    save_package(grown, tmp_path / "once")
    package, _ = read_package(tmp_path / "once")
    save_package(package, tmp_path / "twice")
    guide = (tmp_path / "twice" / "README.md").read_text("utf-8")
    assert guide.count(NOTE) == 1
    assert guide.endswith("\n\n# The tiny package\n")


def test_a_package_saved_before_is_replaced(grown, published, tmp_path):
    save_package(grown, tmp_path / "saved")
    fewer = replace(published, descriptor=published.descriptor | {"unpublished": {}})
    save_package(fewer, tmp_path / "saved")
    assert read_package(tmp_path / "saved")[0].texts == published.texts
    assert drafts(tmp_path) == []


def test_an_empty_folder_is_filled(grown, tmp_path):
    (tmp_path / "saved").mkdir()
    save_package(grown, tmp_path / "saved")
    assert check(tmp_path / "saved")[1] == []


def test_a_link_to_a_folder_stays_a_link(grown, tmp_path):
    save_package(grown, tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    save_package(grown, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert check(tmp_path / "real")[1] == []


def a_folder_of_something_else(target, _):
    target.mkdir()
    (target / "thesis.docx").write_bytes(b"years of work")


def a_file(target, _):
    target.write_bytes(b"years of work")


def a_published_package(target, published):
    shutil.copytree(published.directory, target)


def a_saved_package_with_something_else(target, published):
    own = replace(published, descriptor=published.descriptor | {"unpublished": {}})
    save_package(own, target)
    (target / "basemap" / "notes.txt").write_bytes(b"mine")


def a_descriptor_that_is_none(target, _):
    target.mkdir()
    (target / "datapackage.json").write_bytes(b"[" * 100_000)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (a_folder_of_something_else, "is not a data package with unpublished rows"),
        (a_file, "is not a data package with unpublished rows"),
        (a_published_package, "is not a data package with unpublished rows"),
        (a_descriptor_that_is_none, "is not a data package with unpublished rows"),
        (a_saved_package_with_something_else, "holds 'basemap/notes.txt', which is no part of"),
    ],
)
def test_what_is_no_saved_package_is_never_replaced(made, words, grown, published, tmp_path):
    target = tmp_path / "target"
    made(target, published)
    before = content(target) if target.is_dir() else target.read_bytes()
    with pytest.raises(StorageError, match=words) as refused:
        save_package(grown, target)
    assert "Choose a folder that does not exist." in str(refused.value)
    assert (content(target) if target.is_dir() else target.read_bytes()) == before
    assert drafts(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_told(grown, tmp_path):
    with pytest.raises(StorageError, match=r"cannot be written: No such file or directory\."):
        save_package(grown, tmp_path / "nowhere" / "saved")


def test_where_folders_cannot_be_exchanged_the_old_package_stays(grown, tmp_path, monkeypatch):
    save_package(grown, tmp_path / "saved")
    before = content(tmp_path / "saved")
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(StorageError, match="cannot be replaced in one step") as refused:
        save_package(grown, tmp_path / "saved")
    assert "Choose a folder that does not exist." in str(refused.value)
    assert content(tmp_path / "saved") == before
    assert drafts(tmp_path) == []


# ---------------------------------------------------------------- killed, and a full disk


def test_a_process_killed_at_any_moment_leaves_the_old_or_the_new(grown, published):
    own = replace(published, descriptor=published.descriptor | {"unpublished": {}})
    # In memory, where the system has such a place: hundreds of saves wait for no disk.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        folders = [Path(place) / name for name in ("first", "second", "target")]
        for folder, package in zip(folders, (own, grown, own), strict=True):
            save_package(package, folder)
        done = subprocess.run(
            [sys.executable, "-m", "tests.killed", *folders],
            cwd=SHIPPED.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert check(folders[2])[1] == []


FULL = """
import resource, sys
from pathlib import Path
from armsflow.package.package import read_package
from armsflow.curation import storage
package, _ = read_package(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    storage.save_package(package, Path(sys.argv[2]))
except storage.StorageError as error:
    print(error)
try:
    storage.replace_files(Path(sys.argv[2]), {"items.csv": b"x", "places.csv": b"x" * 3000})
except OSError as error:
    print(error.strerror)
"""


def test_a_full_disk_leaves_what_was_there(grown, tmp_path):
    """A process that may write files of 2,000 bytes only gets what a full disk gives."""
    save_package(grown, tmp_path / "saved")
    before = content(tmp_path / "saved")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "saved"), str(tmp_path / "saved")],
        cwd=SHIPPED.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"{tmp_path / 'saved'} cannot be written: File too large.",
        "File too large",
    ]
    assert content(tmp_path / "saved") == before
    assert drafts(tmp_path) == drafts(tmp_path / "saved") == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
def test_a_disk_that_is_really_full_leaves_what_was_there(grown, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        save_package(grown, disk / "saved")
        before = content(disk / "saved")
        (disk / "filler").write_bytes(bytes(100_000))
        with pytest.raises(StorageError, match="No space left on device"):
            save_package(grown, disk / "saved")
        assert content(disk / "saved") == before
        assert drafts(disk) == []
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
