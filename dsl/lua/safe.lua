-- What of Lua's own library is safer written in Lua: `pairs` in the order of keys, `table.sort`. For
-- rule files and for programs of hooks alike. Run before either; env is what they see.
local env, tools = ...
local next, rawget, rawlen, getmetatable = tools.next, tools.rawget, tools.rawlen, tools.getmetatable
local type, fail, insert = env.type, tools.fail, tools.list.insert
env.table = tools.list

-- In the order of keys: numbers, then texts by their bytes. Lua's own order differs from run to run.
local function sorted(list, less)
  local size = rawlen(list)
  local other, width = {}, 1
  while width < size do
    for from = 1, size, 2 * width do
      local left, right = from, from + width
      local left_end, right_end = right, from + 2 * width
      if left_end > size + 1 then left_end = size + 1 end
      if right_end > size + 1 then right_end = size + 1 end
      if right > size + 1 then right = size + 1 end
      for at = from, right_end - 1 do
        if left < left_end and (right >= right_end or not less(list[right], list[left])) then
          other[at], left = list[left], left + 1
        else
          other[at], right = list[right], right + 1
        end
      end
    end
    list, other, width = other, list, 2 * width
  end
  return list
end
local function in_order(a, b)
  if type(a) ~= type(b) then return type(a) == "number" end
  if type(a) == "number" then return a < b end
  return tools.less(a, b)
end
function env.pairs(list)
  if type(list) ~= "table" or getmetatable(list) then fail("E1109.pairs") end
  local keys = {}
  for key in next, list do
    if type(key) ~= "number" and type(key) ~= "string" then fail("E1109.keys") end
    insert(keys, key)
  end
  keys = sorted(keys, in_order)
  local at = 0
  return function()
    at = at + 1
    if keys[at] ~= nil then return keys[at], rawget(list, keys[at]) end
  end
end
function env.table.sort(list, less)
  less = less or in_order
  local copy = {}
  for i = 1, rawlen(list) do copy[i] = list[i] end
  copy = sorted(copy, less)
  for i = 1, rawlen(copy) do list[i] = copy[i] end
end
