local x = (""):rep(2000000000)
