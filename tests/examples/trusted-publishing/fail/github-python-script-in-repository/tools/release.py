import glob
import subprocess
import sys


def main():
    subprocess.check_call([sys.executable, "-m", "build"])
    command = [sys.executable, "-m", "twine", "upload"]
    if "--real" not in sys.argv:
        command += ["--repository", "testpypi"]
    subprocess.check_call(command + glob.glob("dist/*"))


if __name__ == "__main__":
    main()
