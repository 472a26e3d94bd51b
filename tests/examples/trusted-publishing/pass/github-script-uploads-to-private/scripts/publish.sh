#!/bin/sh
set -e
python -m build
twine upload --repository-url "https://registry.example.org/pypi/" dist/*
