local p = N"a"; p[2][1][1] = {}; p[2] = 5; setting("x", p)
