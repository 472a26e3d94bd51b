import os

os.system("ls " + input())
