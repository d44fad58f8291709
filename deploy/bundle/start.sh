#!/bin/sh
# Shows the page on this machine, without any network. A double click, or: sh start.sh
# The first start unpacks the packages into the folder "environment" beside this file.
set -eu
cd "$(dirname "$0")"
wanted=@PYTHON@
python=
for name in "python$wanted" python3 python; do
    if command -v "$name" >/dev/null 2>&1 &&
        [ "$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$wanted" ]; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python $wanted is needed and was not found. Fix: install it, then start this file again."
    exit 1
fi
if [ ! -f environment/ready ]; then
    echo "First start: checking and unpacking, about a minute."
    "$python" check.py
    rm -rf environment
    "$python" -m venv environment || { echo "Fix: install the package python$wanted-venv."; exit 1; }
    environment/bin/python -m pip install --quiet --disable-pip-version-check --no-index \
        --find-links packages --require-hashes -r requirements.lock
    touch environment/ready
fi
exec environment/bin/python -m armsflow show --port 0 "$@"
