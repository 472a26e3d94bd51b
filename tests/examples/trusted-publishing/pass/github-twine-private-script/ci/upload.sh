#!/bin/sh
set -e
pip install build twine
python -m build
twine upload --repository-url "https://pypi.example.org/upload/" dist/*
