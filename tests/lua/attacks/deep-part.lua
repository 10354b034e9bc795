local q = N"a"; for i=1,100000 do q = -q end; setting("x", q)
