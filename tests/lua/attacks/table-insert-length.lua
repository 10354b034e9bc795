table.insert(setmetatable({}, {__len=function() return 3e8 end}), 1)
