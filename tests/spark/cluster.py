"""A Spark cluster on this machine: a master and two workers, with real jobs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.serving import free_port


def wait_for(text: str, log: Path, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a log says something."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        if text in log.read_text("utf-8", errors="replace"):
            return
        time.sleep(0.2)
    raise RuntimeError(f"no {text!r} in:\n{log.read_text('utf-8', errors='replace')[-2000:]}")


@contextmanager
def running(logs: Path, memory: str = "1g") -> Iterator[str]:
    """Run a standalone cluster; yields its address.

    Parameters
    ----------
    logs
        Folder for what it writes.
    memory
        Of each worker.
    """
    import pyspark

    home = Path(pyspark.__file__).parent
    port = free_port()
    # So few rows need no hundreds of tasks.
    (logs / "spark-defaults.conf").write_text("spark.sql.shuffle.partitions 2\n", "utf-8")
    surroundings = os.environ | {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_HOME": str(home),
        "SPARK_WORKER_DIR": str(logs / "work"),
        "PYSPARK_PYTHON": sys.executable,
    }
    os.environ |= {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_CONF_DIR": str(logs),
        "PYSPARK_PYTHON": sys.executable,
    }
    processes = []

    def launch(name: str, *arguments: str) -> "tuple[Path, subprocess.Popen[bytes]]":
        log = logs / f"{name}.log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [str(home / "bin" / "spark-class"), *arguments],
                env=surroundings,
                stdout=stream,
                stderr=stream,
            )
        processes.append(process)
        return log, process

    address = f"spark://127.0.0.1:{port}"
    deploy = "org.apache.spark.deploy"
    try:
        wait_for(
            "Starting Spark master",
            *launch(
                "master", f"{deploy}.master.Master", "--host", "127.0.0.1",
                "--port", str(port), "--webui-port", str(free_port()),
            ),
        )  # fmt: skip
        for number in (1, 2):
            wait_for(
                "Successfully registered with master",
                *launch(
                    f"worker-{number}", f"{deploy}.worker.Worker", address, "--host", "127.0.0.1",
                    "--cores", "1", "--memory", memory, "--webui-port", str(free_port()),
                ),
            )  # fmt: skip
        yield address
    finally:
        from pyspark.sql import SparkSession

        if session := SparkSession.getActiveSession():
            session.stop()
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)
