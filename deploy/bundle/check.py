"""Compare every file of the bundle with SHA256SUMS, on every system alike."""

import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Name each file that is not as it was packed."""
    wrong = 0
    for line in (HERE / "SHA256SUMS").read_text("utf-8").splitlines():
        wanted, name = line.split("  ", 1)
        file = HERE / name
        found = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "missing"
        if found != wanted:
            wrong += 1
            print(f"{name} is not as it was packed. Fix: copy the ZIP again.")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
