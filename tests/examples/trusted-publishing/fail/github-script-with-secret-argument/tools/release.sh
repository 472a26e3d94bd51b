#!/usr/bin/env bash
set -euo pipefail
token=$1
python -m pip install build twine
python -m build
twine upload -u __token__ -p "$token" dist/*
