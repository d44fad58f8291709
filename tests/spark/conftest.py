"""A Spark cluster on this machine: a master and two workers, with real jobs."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

WANTED = os.environ.get("ARMSFLOW_TEST_SPARK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(text, log, process):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        if text in log.read_text("utf-8", errors="replace"):
            return
        time.sleep(0.2)
    pytest.fail(f"no {text!r} in:\n{log.read_text('utf-8', errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Address of a standalone cluster; it ends with the tests."""
    if not WANTED:
        pytest.skip("with Spark: make test-spark")
    import pyspark

    home, logs = Path(pyspark.__file__).parent, tmp_path_factory.mktemp("spark")
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

    def launch(name, *arguments):
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
                    "--cores", "1", "--memory", "1g", "--webui-port", str(free_port()),
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
