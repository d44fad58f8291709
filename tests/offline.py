"""Start the page where there is no network: in a namespace of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NAMESPACE = ["unshare", "-rn"]
OFFLINE = pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode != 0,
    reason="needs a network namespace (unshare)",
)
ASK = """
ip link set lo up 2>/dev/null || true
cd / && {command} &
server=$!
for second in $(seq 100); do
  '{python}' -c "import urllib.request as r
print(r.urlopen('http://127.0.0.1:{port}/_stcore/health', timeout=2).read().decode())" \
    2>/dev/null && break
  sleep 1
done
kill $server
"""


def starts_offline(command: str, port: int, home: Path, path: str = "") -> str:
    """Start the page with a command in a namespace without network; return what was said."""
    script = ASK.format(command=command, port=port, python=sys.executable)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": path}
    told = subprocess.run(
        [*NAMESPACE, "sh", "-c", script],
        capture_output=True, env=environment, timeout=280, text=True,
    )  # fmt: skip
    assert "ok" in told.stdout.splitlines(), told.stdout + told.stderr
    return told.stdout
