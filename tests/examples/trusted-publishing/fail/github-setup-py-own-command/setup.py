import os
import sys

from setuptools import Command, find_packages, setup


class Upload(Command):
    description = "build everything and send it off"
    user_options = []

    def initialize_options(self):
        pass

    def finalize_options(self):
        pass

    def run(self):
        for command in (f"{sys.executable} setup.py sdist bdist_wheel", "twine upload dist/*"):
            if os.system(command):
                sys.exit(f"failed: {command}")


setup(name="widget", version="1.2.0", packages=find_packages(), cmdclass={"upload": Upload})
