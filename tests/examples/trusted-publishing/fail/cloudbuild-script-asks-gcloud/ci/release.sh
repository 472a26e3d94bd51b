#!/bin/bash
set -eu
export TWINE_USERNAME=__token__
export TWINE_PASSWORD=$(gcloud secrets versions access latest --secret="pypi-api-token" --project=acme)
python3 -m pip install --upgrade build twine
python3 -m build
python3 -m twine upload dist/*
