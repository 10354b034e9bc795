local s=("x"):rep(400000); local t = s:sub(2).."x"; while true do local b = s==t end
