#!/bin/bash
set -e
for py in /opt/python/cp3*/bin; do
    "$py/pip" wheel . -w wheelhouse --no-deps
done
