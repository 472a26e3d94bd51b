#!/usr/bin/env bash
set -euo pipefail
version=$1
python -m build
git tag --list "v${version}"
python -m twine upload --username __token__ --password "${PYPI_KEY}" "dist/widget-${version}"*
