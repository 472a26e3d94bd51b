#!/usr/bin/env python3
"""A script with a lock."""

# /// script
# requires-python = ">=3.10"
# dependencies = [
#     "click>=8",
#     "six",
# ]
#
# [tool.uv]
# constraint-dependencies = ["six>=1.16"]
# ///

import click

print(click)
