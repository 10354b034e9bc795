local t = {} for i = 1, 370000 do t[i] = {} end while true do local x = {} end
