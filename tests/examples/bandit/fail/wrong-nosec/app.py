import subprocess  # nosec B404

subprocess.run(command, shell=True)  # nosec B602,B607
subprocess.run(command, shell=True)  # nosec b602
print("nothing here")  # nosec B101
