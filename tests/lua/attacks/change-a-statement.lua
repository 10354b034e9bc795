local p = setting("x", 1); p[2] = p; p[4] = {1,2}; p[3]="x"
