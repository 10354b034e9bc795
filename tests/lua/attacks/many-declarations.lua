for i=1,200000 do setting("x"..i, 1) end
