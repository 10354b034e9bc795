local t = {}
for i = 1, 65536 do t["k" .. i] = true end
local i = 1
while true do t["k" .. i] = nil; t["k" .. (i + 65536)] = true; i = i + 1 end
