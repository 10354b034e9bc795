load("x=1")()
