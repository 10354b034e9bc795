local s=("x"):rep(400000); local t = s:sub(2).."x"; local m = {[s]=1}; while true do local b = m[t] end
