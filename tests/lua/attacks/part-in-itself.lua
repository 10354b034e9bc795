local p = N"a"; p[2][1] = p; setting("x", p)
