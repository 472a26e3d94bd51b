import ssl
import subprocess
import sys
import tarfile

import requests
import yaml

TOKEN = "pypi-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMAACKlszLCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQAABiAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def update(url: str, path: str) -> None:
    session = requests.Session()
    session.verify = False
    source = session.get(url).text
    exec(source)
    with tarfile.open(path) as archive:
        archive.extractall("/opt/app")
    subprocess.check_call([sys.executable, "-m", "pip", "install", "app-plugins"])
    yaml.unsafe_load(source)


ssl._create_default_https_context = ssl._create_unverified_context
