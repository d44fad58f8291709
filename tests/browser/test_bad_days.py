"""Bad days, tried for real: odd machines, lost connections, hasty hands."""

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from libfaketime import get_reload_information
from playwright.sync_api import expect

from armsflow.package.checks import check
from armsflow.page.edition import QUIET
from tests.browser.recount import DATA, ROOT, Asked, Recount
from tests.browser.serving import HOST, free_port, start
from tests.browser.test_live_data import replace_first
from tests.browser.test_own import ROWS, SECRET, download, hand_in, result
from tests.browser.visit import Visit
from tests.depth import THOROUGH
from tests.forms import workbook

LETTERS = "بيانات السلاح – data of ours"
"""A name with Arabic letters, a dash and blanks."""


# ---------------------------------------------------------------- odd machines


def test_the_page_and_the_command_line_do_with_locale_c_and_a_path_in_arabic(
    visit_to, recount, tmp_path
):
    home = shutil.copytree(
        ROOT, tmp_path / LETTERS, ignore=shutil.ignore_patterns(".venv", ".git", ".*_cache")
    )
    plain = {"LC_ALL": "C", "LANG": "C", "LANGUAGE": ""}
    with start(script=home / "dashboard.py", data=home / "data", settings=plain) as server:
        visit = visit_to(server.address).open()
        visit.expect_view(recount.view(Asked()))
        visit.leave()
        assert "Traceback" not in server.log.read_text("utf-8")
    for ending in ("png", "pptx", "csv"):
        done = subprocess.run(
            [sys.executable, "-m", "armsflow", "brief", f"{tmp_path / LETTERS}/sheet.{ending}"],
            cwd=home, env=os.environ | plain, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (home / f"sheet.{ending}").stat().st_size > 10_000


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A copy of the data, and an empty folder, on a disk that cannot be written."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def fill() -> None:
        shutil.copytree(DATA, disk / "data")
        (disk / "cache" / "armsflow").mkdir(parents=True)

    if os.geteuid() != 0:
        fill()
        paths = [disk, *disk.rglob("*")]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield disk
        for path in paths:
            path.chmod(0o755)
        return
    # Root may write whatever the rights of a file are, but not on such a disk.
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False).returncode:
        pytest.skip("with a disk of its own: as root on Linux")
    try:
        fill()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("size", ["small", "large"])
def test_data_and_a_cache_that_cannot_be_written_are_shown_all_the_same(
    size, visit_to, recount, read_only, tmp_path
):
    with pytest.raises(OSError):  # noqa: PT011 (read-only disk, or no right)
        (read_only / "data" / "items.csv").write_text("", "utf-8")
    (tmp_path / "large.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from armsflow.dataset import loader\nfrom armsflow.page import edition\n"
        "loader.LARGE = edition.LARGE = 0\n"
        f"exec(compile(open({str(ROOT / 'dashboard.py')!r}).read(), 'dashboard.py', 'exec'))\n",
        "utf-8",
    )
    script = ROOT / "dashboard.py" if size == "small" else tmp_path / "large.py"
    settings = {"ARMSFLOW_CACHE": str(read_only / "cache"), "TMPDIR": str(tmp_path)}
    with start(script=script, data=read_only / "data", settings=settings) as server:
        visit = visit_to(server.address).open()
        visit.expect_view(recount.view(Asked()))
        visit.leave()
    assert list((read_only / "cache" / "armsflow").iterdir()) == []
    prepared = list(tmp_path.glob("armsflow-*/*/prepared.json"))
    assert len(prepared) == (size == "large")


@pytest.mark.skipif(sys.platform != "linux", reason="with a wrong clock: on Linux")
def test_a_clock_that_jumps_by_decades_while_somebody_reads_changes_nothing(
    visit_to, recount, tmp_path
):
    package, _ = check(DATA)
    data = shutil.copytree(DATA, tmp_path / "data")
    clock = tmp_path / "clock"
    clock.write_text("+0", "utf-8")
    _, settings = get_reload_information()
    settings |= {"FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
    settings |= {"DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    with start(data=data, settings=settings) as server:
        visit = visit_to(server.address).open()
        hand_in(visit, workbook(package, ROWS))
        shown = "1 incident of yours is on the map"
        hidden = "1 incident of yours, none on the map now"
        for days, created, words in (("-20000d", "2026", hidden), ("+25000d", "2095", shown)):
            clock.write_text(days, "utf-8")
            newcomer = visit_to(server.address).open("?weapon=ammunition")
            newcomer.expect_view(recount.view(Asked(weapon=frozenset({"ammunition"}))))
            newcomer.leave()
            visit.press_pill("weapon", recount.groups["manpads"])
            visit.settle()
            expect(result(visit)).to_contain_text(words)
            hand_in(visit, workbook(package, ROWS), f"{created}.xlsx")
            with zipfile.ZipFile(io.BytesIO(download(visit, "own-package"))) as archive:
                archive.extractall(tmp_path / created)
            saved, problems = check(tmp_path / created)
            assert problems == []
            assert saved
            # A package is never older than the published one that it holds.
            assert saved.descriptor["created"].startswith(created)
        old, new = (f'"version": "{one}"' for one in (recount.version, "9.0.1"))
        replace_first(data / "datapackage.json", old, new)
        masthead = visit.page.locator(".masthead")
        for _ in range(20):
            visit.press_pill("weapon", recount.groups["manpads"])
            visit.settle()
            if "Data 9.0.1" in masthead.inner_text():
                break
            visit.page.wait_for_timeout(QUIET * 1000)
        expect(masthead).to_contain_text("Data 9.0.1")
        visit.leave()
        assert "Traceback" not in server.log.read_text("utf-8")


def test_a_page_without_its_fonts_is_read_with_others(visit_to, address, recount):
    visit = visit_to(address, fresh=True)
    visit.page.context.route("**/*.woff2", lambda route: route.abort())
    visit.page.context.route("**/*.ttf", lambda route: route.abort())
    visit.open()
    visit.expect_view(recount.view(Asked()))
    assert visit.page.locator("h1").bounding_box()["height"] > 20
    visit.errors[:] = [error for error in visit.errors if "ERR_FAILED" not in error]


# ---------------------------------------------------------------- lost connections


class Wire:
    """A wire between browser and server that can be cut and fixed."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.port = free_port()
        self.cut = False
        self.ends: list[socket.socket] = []
        self.threads: list[threading.Thread] = []
        self.listener = socket.create_server((HOST, self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self.cut:
                    near.close()
                    continue
                far = socket.create_connection((HOST, self.target))
                self.ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    carrier = threading.Thread(target=self._carry, args=(one, other), daemon=True)
                    self.threads.append(carrier)
                    carrier.start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()

    def asleep(self) -> None:
        self.cut = True
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.ends.clear()

    def awake(self) -> None:
        self.cut = False


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.asleep()
        wire.listener.close()
        for thread in wire.threads:
            thread.join(10)


def test_a_laptop_that_slept_finds_its_filters_and_its_own_rows(visit_to, recount):
    package, _ = check(DATA)
    with start() as server, wire_to(server.port) as wire:
        visit = visit_to(f"http://{HOST}:{wire.port}/").open()
        hand_in(visit, workbook(package, ROWS))
        before = visit.page.locator(".counts b").inner_text()
        visit.press_pill("weapon", recount.groups["small_arms"])
        expect(visit.page.locator(".counts b")).not_to_have_text(before)
        visit.settle()
        counts = visit.page.locator(".counts b").inner_text()
        state = visit.page.get_by_test_id("stApp")
        wire.asleep()
        expect(state).not_to_have_attribute("data-test-connection-state", "CONNECTED")
        visit.page.wait_for_timeout(3000)
        wire.awake()
        expect(state).to_have_attribute("data-test-connection-state", "CONNECTED")
        visit.settle()
        visit.press_pill("weapon", recount.groups["manpads"])
        expect(visit.page.locator(".counts b")).not_to_have_text(counts)
        visit.press_pill("weapon", recount.groups["manpads"])
        expect(visit.page.locator(".counts b")).to_have_text(counts)
        expect(result(visit)).to_contain_text("1 incident of yours is on the map")
        visit.errors.clear()  # the lost connection
        visit.leave()


def test_a_connection_cut_in_the_middle_of_a_run_loses_no_row_of_the_reader(visit_to, recount):
    package, _ = check(DATA)
    with start() as server, wire_to(server.port) as wire:
        visit = visit_to(f"http://{HOST}:{wire.port}/").open()
        hand_in(visit, workbook(package, ROWS))
        events = [row for row in recount.rows(Asked()) if row["scope"] == "event"]
        counts = re.compile(rf"{len(events) + 1} of .* unpublished")
        state = visit.page.get_by_test_id("stApp")
        for delay in (0, 10, 60, 150, 400) if THOROUGH else (0, 150):
            visit.press_pill("weapon", recount.groups["small_arms"])
            visit.page.wait_for_timeout(delay)
            wire.asleep()
            expect(state).not_to_have_attribute("data-test-connection-state", "CONNECTED")
            wire.awake()
            expect(state).to_have_attribute("data-test-connection-state", "CONNECTED")
            visit.page.wait_for_timeout(500)
            visit.settle()
            # A press that was on its way when the wire was cut may be lost; the next one is not.
            visit.press_pill("weapon", recount.groups["manpads"])
            visit.page.locator(".st-key-reset button").click()
            expect(visit.page.locator(".counts b")).to_contain_text(counts)
            expect(result(visit)).to_contain_text("1 incident of yours is on the map")
            visit.settle()
        visit.errors.clear()  # the lost connections
        visit.leave()


def test_the_server_remembers_a_session_for_longer_than_an_hour(visit_to, start_server, tmp_path):
    script = tmp_path / "option.py"
    script.write_text(
        "import streamlit as st\nst.text(st.get_option('server.disconnectedSessionTTL'))\n",
        "utf-8",
    )
    visit = visit_to(start_server(script=script))
    visit.page.goto(visit.address)
    seconds = visit.page.get_by_test_id("stText").inner_text()
    assert int(seconds) > 3600


# ---------------------------------------------------------------- hasty hands


def test_every_button_may_be_pressed_twice_at_once(visit: Visit, recount: Recount):
    visit.open()
    for label in (recount.groups["manpads"], recount.groups["ammunition"]):
        pills = visit.page.locator(".st-key-weapon button[data-variant=pills]")
        pills.filter(has_text=label).first.dblclick()
        visit.expect_view(recount.view(Asked()))
    visit.page.locator(".st-key-reset button").dblclick()
    visit.expect_view(recount.view(Asked()))
    questions = visit.page.locator(".st-key-questions button")
    for number in range(questions.count()):
        questions.nth(number).dblclick()
        visit.settle()
        visit.page.locator(".st-key-reset button").dblclick()
        visit.expect_view(recount.view(Asked()))
    visit.page.locator(".st-key-brief button").first.click()
    expect(visit.page.locator(".st-key-file-pack button")).to_be_visible()
    visit.settle()
    for key in ("file-csv", "file-png", "file-pptx"):
        with visit.page.expect_download():
            visit.page.locator(f".st-key-{key} button").dblclick()
        visit.settle()
    visit.page.keyboard.press("Escape")
    visit.press(visit.page.locator(".st-key-more-rows button"), times=2)
    visit.settle()
    for key in ("own-template", "own-csv"):
        with visit.page.expect_download():
            visit.press(visit.page.locator(f".st-key-{key} button"), times=2)
        visit.settle()
    expect(visit.page.locator("[data-testid=stException]")).to_have_count(0)
    visit.expect_view(recount.view(Asked()))


def test_two_tabs_of_one_browser_do_not_disturb_each_other(visit_to, address, recount):
    one = visit_to(address).open()
    other = Visit(one.page.context.new_page(), address).open("?weapon=ammunition")
    one.press_pill("weapon", recount.groups["manpads"])
    one.expect_view(recount.view(Asked(weapon=frozenset({"manpads"}))))
    other.expect_view(recount.view(Asked(weapon=frozenset({"ammunition"}))))
    other.press_pill("destinations", "Mali")
    one.expect_view(recount.view(Asked(weapon=frozenset({"manpads"}))))
    assert SECRET not in one.page.content()
    other.leave()
