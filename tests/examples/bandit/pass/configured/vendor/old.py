exec(open("x").read())
