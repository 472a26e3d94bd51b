reqs("default.txt")
