"""What leaves the project whole: the wheel, the bundle for closed networks, the container."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.browser.serving import HOST, free_port, wait_for_health
from tests.offline import OFFLINE, starts_offline

ROOT = Path(__file__).resolve().parents[1]
BUNDLE = ROOT / "deploy" / "bundle"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
               "--wheel-dir", str(folder), str(ROOT)]  # fmt: skip
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_project_asks_for_the_packages_of_requirements_txt():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    pinned = [line.partition("#")[0].strip() for line in lines]
    assert project["dependencies"] == [line for line in pinned if line]


def test_the_wheel_holds_all_that_the_page_needs(unpacked: Path):
    tracked = subprocess.run(
        ["git", "ls-files", "armsflow", "data"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    assert len(tracked) > 100 or not (ROOT / ".git").exists()
    for name in tracked:
        inside = name if name.startswith("armsflow/") else f"armsflow/{name}"
        assert (unpacked / inside).read_bytes() == (ROOT / name).read_bytes(), name
    for name in ("dashboard.py", ".streamlit/config.toml", "CHANGELOG.md"):
        assert (unpacked / "armsflow" / name).is_file()
    (entry,) = unpacked.glob("*.dist-info/entry_points.txt")
    assert "armsflow = armsflow.__main__:main" in entry.read_text("utf-8")


def test_an_installed_project_checks_its_own_data(unpacked: Path, tmp_path: Path):
    told = subprocess.run(
        [sys.executable, "-m", "armsflow", "check"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0
    assert str(unpacked / "armsflow" / "data") in told.stdout


@OFFLINE
def test_an_installed_project_shows_the_page_from_any_folder_without_network(
    unpacked: Path, tmp_path: Path
):
    port = free_port()
    command = f"'{sys.executable}' -m armsflow show --no-browser --port {port}"
    told = starts_offline(command, port, tmp_path, str(unpacked))
    assert f"http://127.0.0.1:{port}/" in told


def test_the_start_files_are_scripts_of_their_systems():
    subprocess.run(["sh", "-n", str(BUNDLE / "start.sh")], check=True)
    batch = (BUNDLE / "start.bat").read_text("utf-8")
    assert batch.count("(") == batch.count(")")
    for text in (batch, (BUNDLE / "start.sh").read_text("utf-8")):
        assert "--no-index --" in re.sub(r"\\\n\s+", "", text)
        assert "--require-hashes" in text
        assert "@PYTHON@" in text


@pytest.mark.skipif(not os.environ.get("ARMSFLOW_TEST_BUNDLE"), reason="with make test-bundle")
@OFFLINE
def test_the_bundle_starts_on_a_machine_without_network(tmp_path: Path):
    version = ".".join(map(str, sys.version_info[:2]))
    for system in ("linux", "windows"):
        subprocess.run(
            [sys.executable, str(ROOT / "deploy" / "bundle.py"), system, version,
             str(tmp_path / f"{system}.zip")], check=True,
        )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "windows.zip") as archive:
        names = archive.namelist()
        assert "armsflow/start.bat" in names
        assert not [name for name in names if "manylinux" in name]
    subprocess.run(["unzip", "-q", str(tmp_path / "linux.zip"), "-d", str(tmp_path)], check=True)
    folder = tmp_path / "armsflow"
    assert os.access(folder / "start.sh", os.X_OK)
    assert subprocess.run([sys.executable, str(BUNDLE / "check.py")]).returncode
    port = free_port()
    command = f"'{folder}/start.sh' --no-browser --port {port}"
    starts_offline(command, port, tmp_path)
    # A file that was exchanged on the way is named, and nothing is started.
    shutil.rmtree(folder / "environment")
    (folder / "dashboard.py").write_text("other", "utf-8")
    told = subprocess.run([str(folder / "start.sh")], capture_output=True, text=True)
    assert told.returncode
    assert "dashboard.py" in told.stdout + told.stderr


def test_the_steps_of_the_container_lead_to_a_page_that_answers(tmp_path: Path):
    """There may be no engine; the files that it copies and what it starts are tried as they are."""
    steps = (ROOT / "deploy" / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    app = tmp_path / "app"
    app.mkdir()
    for line in re.findall(r"^COPY (.*)$", steps, re.MULTILINE):
        *sources, target = shlex.split(line)
        for source in sources:
            place = (
                app / target / Path(source).name if target.endswith(("/", ".")) else app / target
            )
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place)
            else:
                shutil.copyfile(ROOT / source, place)
    port = free_port()
    (started,) = re.findall(r"^CMD (\[.*\])$", steps, re.MULTILINE)
    command = [sys.executable, *eval(started)[1:]]
    command = [part.replace("8501", str(port)).replace("0.0.0.0", HOST) for part in command]
    environment = {**os.environ, "PYTHONPATH": ""}
    process = subprocess.Popen(command, cwd=app, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for_health(port, "/_stcore/health", process)
        assert Path(f"/proc/{process.pid}/cwd").resolve() == app or sys.platform != "linux"
    finally:
        process.terminate()
        process.wait()
    assert "--require-hashes -r requirements.lock" in steps
    assert re.search(r"^USER (?!root)", steps, re.MULTILINE)
