#!/bin/bash
set -e
for python in /opt/python/cp31*/bin; do
    "$python/pip" wheel /io -w /built
done
for wheel in /built/*.whl; do
    auditwheel repair "$wheel" -w /io/wheelhouse
done
