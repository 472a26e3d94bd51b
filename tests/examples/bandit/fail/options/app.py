import subprocess

subprocess.run("ls", shell=True)
subprocess.run(command, shell=True)
open("/tmp/x")
exec(command)
