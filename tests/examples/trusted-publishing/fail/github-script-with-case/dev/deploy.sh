#!/bin/bash
cd "$(dirname "$0")/.."
python3 setup.py sdist
case "$1" in
    test) twine upload --repository-url https://test.pypi.org/legacy/ dist/* ;;
    prod) twine upload dist/* ;;
    *) echo "usage: $0 test|prod"; exit 2 ;;
esac
