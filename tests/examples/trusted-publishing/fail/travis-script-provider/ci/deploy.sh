#!/usr/bin/env bash
if [[ -n "$TRAVIS_TAG" ]]; then
  twine upload --username acme --password "${PYPI_PASSWORD}" --skip-existing dist/*
fi
