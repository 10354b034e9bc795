local t = {}
for i = 1, 300000 do t[i] = i end
t.a = 1; t.b = 1; t.c = 1; t.d = 1
local n = 0
while true do n = n + 1; t["z" .. n] = true; t["z" .. (n - 1)] = nil end
