local x = ("x"):rep(1000000000)
