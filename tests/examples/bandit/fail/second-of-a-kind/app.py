import os

os.system("ls " + input())
os.system("ls " + input())
