local p = N"a"; local q = p; for i=1,60 do q = q + q end; setting("x", q)
