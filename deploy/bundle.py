"""Pack the page with all that it needs into one ZIP that starts without any network.

Run by ``make bundle`` as ``python deploy/bundle.py SYSTEM PYTHON FILE``: ``linux`` or ``windows``,
and the version of Python, such as 3.12, that the other machine has. The packages are those of
requirements.lock, with their fingerprints; pip refuses a file that has another one.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PLATFORMS: Final = {
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "windows": ("win_amd64",),
}
STARTERS: Final = {"linux": ("start.sh", "check.py"), "windows": ("start.bat", "check.py")}
PARTS: Final = ("armsflow", "data", "docs", ".streamlit/config.toml", "dashboard.py", "README.md",
                "CHANGELOG.md", "LICENSE", "requirements.lock", "sbom.cdx.json")  # fmt: skip
DAY: Final = (2000, 1, 1, 0, 0, 0)
"""Date of every entry, so that the same files give the same bytes."""


def project_files() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of what is taken from the project."""
    for part in PARTS:
        path = ROOT / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield file.relative_to(ROOT).as_posix(), file.read_bytes()


def starters(system: str, python: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files that start the page on a system."""
    for name in STARTERS[system]:
        text = (ROOT / "deploy" / "bundle" / name).read_text("utf-8").replace("@PYTHON@", python)
        # The command line of Windows wants its own ends of lines.
        yield name, (text.replace("\n", "\r\n") if name.endswith(".bat") else text).encode()


def packages(system: str, python: str) -> Iterator[tuple[str, bytes]]:
    """Yield the packages of requirements.lock for a system; each fingerprint is checked."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes",
                   "--only-binary=:all:", "--python-version", python, "--dest", folder,
                   "-r", str(ROOT / "requirements.lock")]  # fmt: skip
        command += [part for platform in PLATFORMS[system] for part in ("--platform", platform)]
        subprocess.run(command, check=True)  # noqa: S603 (of our own making)
        for file in sorted(Path(folder).iterdir()):
            yield f"packages/{file.name}", file.read_bytes()


def write(system: str, python: str, target: Path) -> None:
    """Write the ZIP."""
    files = dict([*project_files(), *starters(system, python), *packages(system, python)])
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    )
    files["SHA256SUMS"] = sums.encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"armsflow/{name}", DAY)
            entry.external_attr = (0o755 if name == "start.sh" else 0o644) << 16
            packed = name.startswith("packages/")
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def main() -> None:
    """Write what the command line asks for, and say how large it is and how it is checked."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    reader.add_argument("system", choices=PLATFORMS)
    reader.add_argument("python", help="version on the other machine, such as 3.12")
    reader.add_argument("file", type=Path)
    options = reader.parse_args()
    options.file.parent.mkdir(parents=True, exist_ok=True)
    write(options.system, options.python, options.file)
    size = options.file.stat().st_size / 1e6
    digest = hashlib.sha256(options.file.read_bytes()).hexdigest()
    print(f"{options.file}: {size:.0f} MB, for Python {options.python}, SHA-256 {digest}")


if __name__ == "__main__":
    main()
