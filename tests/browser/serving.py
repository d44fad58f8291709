"""Start and stop the page as a reader would meet it: its own process on a free port."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
START_SECONDS = 90


@dataclass(frozen=True)
class Server:
    """A running page.

    Parameters
    ----------
    address
        Where it answers, with a final slash.
    process
        What serves it.
    log
        The file that takes what it says.
    """

    address: str
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def port(self) -> int:
        return int(urlsplit(self.address).port or 0)


@contextmanager
def serve(**options: Any) -> Iterator[str]:
    """Run a Streamlit script until the block ends; yields its address, with a final slash."""
    with start(**options) as server:
        yield server.address


@contextmanager
def start(
    script: Path = ROOT / "dashboard.py",
    data: Path | None = None,
    base_path: str = "",
    secrets: Path = ROOT / "tests" / "no-secrets.toml",
    settings: Mapping[str, str] | None = None,
    port: int = 0,
    plain: bool = False,
) -> Iterator[Server]:
    """Run a Streamlit script until the block ends, unless it is ended before.

    Parameters
    ----------
    script, data, base_path
        What is shown, of which data package, below which path.
    secrets
        The secrets.toml; there is none unless it is named, whoever runs the tests.
    settings
        Further environment variables.
    port
        Where it answers; any free port if 0.
    plain
        Whether the page is run by Streamlit alone, as other scripts are.
    """
    port = port or free_port()
    options = {
        "server.headless": "true",
        "server.address": HOST,
        "server.port": port,
        "server.fileWatcherType": "none",
        "secrets.files": str(secrets),
    }
    if base_path:
        options["server.baseUrlPath"] = base_path
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if script == ROOT / "dashboard.py" and not plain:
        command = [sys.executable, "-m", "armsflow", "show", "--no-browser", f"--port={port}"]
        command += [f"--base-path={base_path}"] if base_path else []
        environment["ARMSFLOW_SECRETS"] = str(secrets)
    else:
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        command += [f"--{name}={value}" for name, value in options.items()]
    environment.pop("ARMSFLOW_DATA", None)
    environment |= settings or {}
    if data:
        environment["ARMSFLOW_DATA"] = str(data)
    path = f"/{base_path.strip('/')}/" if base_path.strip("/") else "/"
    with tempfile.NamedTemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_for_health(port, f"{path}_stcore/health", process)
        except RuntimeError as error:
            told = Path(log.name).read_text("utf-8")
            raise RuntimeError(f"{error}\n{told}") from None
        else:
            yield Server(f"http://{HOST}:{port}{path}", process, Path(log.name))
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for_health(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a server answers, or say why it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with status {process.returncode}.")
        connection = http.client.HTTPConnection(HOST, port, timeout=2)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(f"The server did not answer {path} within {START_SECONDS} seconds.")
