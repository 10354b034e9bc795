local function same(n) return n end

local function is_voice(kind) return kind == "voice" end

local function discounted(amount, share)
  return round(amount * (1 - share), number "0.01")
end

local function root_upwards(n)
  if n == 0 then return 0 end
  local high = 1
  while high * high < n do high = high * 2 end
  local low = high // 2
  while high - low > 1 do
    local middle = (low + high) // 2
    if middle * middle < n then low = middle else high = middle end
  end
  return high
end

local function miles(v1, h1, v2, h2)
  local squares = (v1 - v2) * (v1 - v2) + (h1 - h2) * (h1 - h2)
  return root_upwards((squares + 9) // 10)
end

return { same = same, is_voice = is_voice, discounted = discounted, miles = miles }
