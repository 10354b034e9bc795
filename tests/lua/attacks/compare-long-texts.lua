local a=("x"):rep(1000000); while true do local b = a == (a.."") end
