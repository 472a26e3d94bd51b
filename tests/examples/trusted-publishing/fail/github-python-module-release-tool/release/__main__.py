import os
import sys

version = sys.argv[2]
token = os.environ["PYPI_TOKEN"]
os.system(f"twine upload -u __token__ -p {token} dist/widget-{version}.tar.gz")
