-- The vocabulary of rule files in Lua. Each word of the language is a function here; what it makes
-- is a part: a run of tokens, perhaps with a block. The reader (tree.cpp) turns parts into the same
-- clauses that the DSL's grammar makes. Run once per file, before it; env is what the file sees.
local env, tools = ...
local line, next, rawget, rawset = tools.line, tools.next, tools.rawget, tools.rawset
local setmetatable, getmetatable, rawlen = tools.setmetatable, tools.getmetatable, tools.rawlen
local type, error, ipairs, tostring, select = env.type, env.error, env.ipairs, env.tostring, env.select
local insert, unpack = tools.list.insert, tools.list.unpack

-- A part keeps its own things under numbers, since every text is the name of a member of it.
--   [1] form: "atom", "open" (needs brackets beside an operator), "also" (goes on in a statement)
--   [2] tokens and parts, in order   [3] line   [4] body: clauses   [5] how a body is read
--   [6] what a call with arguments does   [7] a part of another's: no statement of its own
local Part = {}
local methods = {}

local function is_part(value) return getmetatable(value) == Part end

local fail = tools.fail  -- an id of the catalogues and what fills its holes

local declared = {}
tools.declared(declared)

local function part(form, tokens, mode, call)
  return setmetatable({form, tokens, line(), false, mode or false, call or false, false}, Part)
end

-- Tokens: kind and text. w keyword, u unit, n name, f field after a point, s symbol, t text, d number,
-- p percent, D date, T time. A symbol or field marked tight touches what stands before it.
local function token(kind, text, tight) return {kind, text, line(), tight or false} end
local function word(text) return token("w", text) end
local function symbol(text, tight) return token("s", text, tight) end

local function words(text)
  local made = {}
  for _, one in ipairs(tools.split(text, " ")) do insert(made, word(one)) end
  return made
end

local function append(tokens, more)
  for _, one in ipairs(more) do insert(tokens, one) end
  return tokens
end

local function take(value)
  rawset(value, 7, true)
  return value
end

-- ---- Values in expressions -----------------------------------------------------------------------

local function whole(value)
  if tools.number(tostring(value < 0 and -value or value)) == nil then fail("E1106.long-number") end
  if value < 0 then return {symbol("("), symbol("-"), token("d", tostring(-value)), symbol(")")} end
  return {token("d", tostring(value))}
end

-- As it stands, without brackets round it.
local function plain(value)
  if is_part(value) then return {take(value)} end
  local kind = type(value)
  if kind == "string" then return {token("n", value)} end
  if kind == "boolean" then return {word(value and "true" or "false")} end
  if kind == "number" then
    if not tools.is_whole(value) then fail("E1106.float") end
    return whole(value)
  end
  if kind == "nil" then fail("E1106.nil") end
  fail("E1106.no-value", kind)
end

-- Beside an operator.
local function operand(value)
  if is_part(value) and rawget(value, 1) == "open" then
    return {symbol("("), take(value), symbol(")")}
  end
  return plain(value)
end

local function joined(values, first, between, how)
  local tokens = {}
  for i = first, rawlen(values) do
    local value = values[i]
    if is_part(value) and rawget(value, 1) == "also" then
      insert(tokens, take(value))  -- `at` and the like go on without a comma
    else
      if i > first then insert(tokens, symbol(between)) end
      append(tokens, (how or plain)(value))
    end
  end
  return tokens
end

-- nil among arguments would silently cut them short.
local function arguments(...)
  local values = {...}
  for i = 1, select("#", ...) do
    if values[i] == nil then fail("E1106.nil-argument", tostring(i)) end
  end
  return values
end

local function infix(operator)
  return function(left, right)
    return part("open", append(append(operand(left), {operator()}), operand(right)))
  end
end

local function sign(text) return infix(function() return symbol(text) end) end
local function keyword(text) return infix(function() return word(text) end) end

Part.__add = sign("+")
Part.__sub = sign("-")
Part.__mul = sign("*")
Part.__div = sign("/")
Part.__idiv = sign("//")
Part.__mod = sign("%")
Part.__band = keyword("and")
Part.__bor = keyword("or")
Part.__unm = function(value) return part("open", append({symbol("-")}, operand(value))) end
Part.__bnot = function(value) return part("open", append({word("not")}, operand(value))) end
Part.__metatable = false
Part.__newindex = function() fail("E1107.fixed") end
Part.__len = function() fail("E1107.no-length") end
Part.__concat = function() fail("E1107.no-text") end
Part.__eq = nil
local function compared() fail("E1107.compared") end
Part.__lt = compared
Part.__le = compared

methods.is = sign("=")
methods.eq = methods.is
methods.ne = sign("!=")
methods.lt = sign("<")
methods.le = sign("<=")
methods.gt = sign(">")
methods.ge = sign(">=")
-- x:within(set), x:within("a", "b")
local function membership(lead)
  return function(left, ...)
    local values = arguments(...)
    local tokens = append(operand(left), words(lead))
    if rawlen(values) == 1 then return part("open", append(tokens, operand(values[1]))) end
    insert(tokens, symbol("("))
    append(tokens, joined(values, 1, ","))
    insert(tokens, symbol(")"))
    return part("open", tokens)
  end
end
methods.within = membership("in")
methods.outside = membership("not in")
-- T:of(key, key): a row of a table or counter. T:of(key, at(t)) of a dated table.
methods.of = function(left, ...)
  local tokens = append(operand(left), {symbol("[", true)})
  append(tokens, joined(arguments(...), 1, ","))
  insert(tokens, symbol("]"))
  return part("atom", tokens)
end
methods.exactly = function(left) return part("open", {take(left), word("exact")}) end
methods.to_end_of_day = function(left) return part("open", append({take(left)}, words("to end of day"))) end
-- when(c):gives(v): a case of a value, or a row of a measure.
methods.gives = function(left, value, ...)
  local tokens = append({take(left), symbol("=>")}, plain(value))
  for _, also in ipairs(arguments(...)) do insert(tokens, take(also)) end
  return part(rawget(left, 1), tokens)
end
methods.member = function(left, name)
  return part("atom", append(operand(left), {symbol(".", true), token("f", name, true)}))
end

Part.__index = function(value, key)
  if methods[key] then return methods[key] end
  if type(key) ~= "string" then fail("E1107.member") end
  return methods.member(value, key)
end

-- ---- Blocks --------------------------------------------------------------------------------------

local statement  -- made below, used in blocks

-- {"name", value} in a block, by what the block holds.
local pairs_of = {}
function pairs_of.values(item)
  if rawlen(item) ~= 2 then fail("E1108.pair") end
  return append({token("n", item[1]), symbol("=")}, plain(item[2]))
end
-- {"word", value, ..} in a part of a statement.
function pairs_of.lines(item)
  if type(item[1]) ~= "string" then fail("E1108.pair") end
  return append({word(item[1])}, joined(item, 2, ","))
end
local function type_tokens(value)
  if type(value) == "string" then return {token("n", value)} end
  if not is_part(value) then fail("E1108.type") end
  return {take(value)}
end
local function goes_on(value) return is_part(value) and rawget(value, 1) == "also" end
-- A text before a type is the wire name; before anything else it is the type, a domain.
local function is_wire(values, at)
  return type(values[at]) == "string" and values[at + 1] ~= nil and not goes_on(values[at + 1])
end
function pairs_of.types(item)
  local tokens, at = {token("n", item[1])}, 2
  if is_wire(item, 2) then
    append(tokens, {symbol("="), token("t", item[2])})
    at = 3
  end
  append(tokens, {symbol(":")})
  append(tokens, type_tokens(item[at]))
  local initial = item[at + 1]
  if initial == nil then return tokens end
  if not goes_on(initial) then insert(tokens, symbol("=")) end
  return append(tokens, plain(initial))
end
function pairs_of.names(item)
  local tokens = {token("n", item[1])}
  if item[2] ~= nil then append(tokens, {symbol("="), token("t", item[2])}) end
  if item.aka ~= nil then
    insert(tokens, word("aka"))
    append(tokens, joined(item.aka, 1, ","))
  end
  return tokens
end

local function cell(value, header)
  if type(value) ~= "table" or is_part(value) then return plain(value) end
  if header then
    return append({token("n", value[1]), symbol(":")}, type_tokens(value[2]))
  end
  return joined(value, 1, ",")
end

local function block(list, mode)
  local body = {}
  local header = mode == "rows"
  for i = 1, rawlen(list) do
    local item = list[i]
    if is_part(item) then
      insert(body, take(item))
    elseif type(item) == "string" and mode == "names" then
      insert(body, part("atom", {token("n", item)}))
    elseif type(item) ~= "table" then
      fail("E1108.item", tostring(i), type(item))
    elseif mode == "rows" then
      if item.header_row then
        insert(body, part("atom", {word("header")}))
        header = true
        item = item.header_row
      end
      local cells = {}
      for c = 1, rawlen(item) do insert(cells, {tokens = cell(item[c], header)}) end
      insert(body, {row = cells, line = line()})
      header = false
    elseif pairs_of[mode] then
      insert(body, take(part("atom", pairs_of[mode](item))))
    else
      fail("E1108.no-statement", tostring(i))
    end
  end
  for key in next, list do
    if type(key) ~= "number" or key > rawlen(list) then
      fail("E1108.key", type(key) == "string" and key or type(key))
    end
  end
  return body
end

statement = function(tokens, mode, call)
  local made = part("atom", tokens, mode, call)
  insert(declared, made)
  return made
end

Part.__call = function(value, first, ...)
  if type(first) == "table" and not is_part(first) and select("#", ...) == 0 and rawget(value, 5) then
    if rawget(value, 4) then fail("E1108.second-block") end
    rawset(value, 4, block(first, rawget(value, 5)))
    return value
  end
  if rawget(value, 6) then return rawget(value, 6)(value, arguments(first, ...)) end
  fail("E1107.called")
end

-- ---- Declaring words -----------------------------------------------------------------------------

-- A call of a function of the language: round(x, cent).
local function call_of(name, how)
  return function(_, values)
    local tokens = {word(name), symbol("(", true)}
    append(tokens, joined(values, 1, ",", how))
    insert(tokens, symbol(")"))
    return part("atom", tokens)
  end
end

local function define_function(name)
  local call = call_of(name)
  env[name] = function(...) return call(nil, arguments(...)) end
end
for _, name in ipairs {"min", "max", "either", "universe", "start", "time_of_day", "weekday", "year",
                       "arrival", "round", "any", "all", "sum", "first", "last", "charge"} do
  define_function(name)
end

-- Words that are a type or value alone, and something else when called.
local function define_both(name, call)
  env[name] = part("atom", {word(name)}, false, call)
end
local function unit_tokens(text)
  local tokens = {}
  for i, piece in ipairs(tools.split(text, "/")) do
    if i > 1 then insert(tokens, symbol("/", true)) end
    insert(tokens, token("u", piece, i > 1))
  end
  return tokens
end
local function of_unit(name)
  return function(_, values)
    if rawlen(values) == 1 and type(values[1]) == "string" then
      return part("atom", append({word(name)}, unit_tokens(values[1])))
    end
    return call_of(name)(nil, values)
  end
end
define_both("count", of_unit("count"))
define_both("price", of_unit("price"))
define_both("month", call_of("month"))
define_both("text", call_of("text", function(value)
  if type(value) == "string" then return {token("t", value)} end
  return plain(value)
end))
local function literal(name)
  return function(_, values)
    if rawlen(values) ~= 1 or type(values[1]) ~= "string" then return call_of(name)(nil, values) end
    local time, clock_time = tools.time(values[1])
    if time == nil then fail("E1106.no-date", values[1]) end
    return part("atom", {token(clock_time and "T" or "D", time)})
  end
end
define_both("date", literal("date"))
define_both("instant", literal("instant"))
for _, name in ipairs {"bool", "span", "number", "decimal", "money", "now", "clock", "none", "quote",
                       "took", "rest", "reason", "before", "exact", "quiet", "tracked", "required",
                       "blank", "reached", "graduated", "above", "descending", "record"} do
  env[name] = part(name == "exact" and "also" or "atom", {word(name)})
end
for _, name in ipairs {"quiet", "tracked", "required", "blank", "reached", "graduated"} do
  rawset(env[name], 1, "also")
end
function env.below(value) return part("atom", append({symbol("<")}, plain(value))) end
function env.up_to(value) return part("atom", append({symbol("<=")}, plain(value))) end
env.nothing = part("atom", {symbol("-")})
local function domain_type(name)
  return function(value) return part("atom", {word(name), token("n", value)}) end
end
env.row, env.known, env.open = domain_type("row"), domain_type("known"), domain_type("open")
local set_type = domain_type("set")
-- set "domain" is a type; set(a, b) and set() are values.
env.set = function(...)
  local values = arguments(...)
  if rawlen(values) == 1 and type(values[1]) == "string" then return set_type(values[1]) end
  return call_of("set")(nil, values)
end
function env.opt(value) return part("atom", append(type_tokens(value), {symbol("?", true)})) end
-- counts("document", "kind", "n", "page"): an object {name: count}.
function env.counts(domain, name, count_name, unit)
  local tokens = {word("counts"), token("n", domain), word("as"), token("n", name), symbol(","), token("n", count_name)}
  return part("atom", append(tokens, unit_tokens(unit)))
end
env.list_of = part("atom", {word("list")}, "fields")

function env.N(name) return part("atom", {token("n", name)}) end
function env.T(text) return part("atom", {token("t", text)}) end
function env.has(value) return part("open", append({word("has")}, operand(value))) end
function env.no(value) return part("open", append({word("no")}, operand(value))) end
function env.desc(value) return part("open", append(operand(value), {word("descending")})) end

-- local yuan = of "CNY"; yuan "0.15", yuan(20): an amount; of "call", of "yuan/call".
local function quantity(value, made)
  local text = value
  if type(value) == "number" then
    if not tools.is_whole(value) then fail("E1106.float") end
    if value < 0 then return part("open", append({symbol("-")}, plain(quantity(-value, made)))) end
    text = tostring(value)
  end
  if type(text) ~= "string" then fail("E1106.number") end
  local number = tools.number(text)
  if number == nil then fail("E1106.no-number", text) end
  return part("atom", append({token("d", number)}, made()))
end
function env.of(unit)
  return function(value) return quantity(value, function() return unit_tokens(unit) end) end
end
for _, name in ipairs {"seconds", "minutes", "hours", "days", "months", "years"} do
  env[name] = function(value) return quantity(value, function() return {word(name)} end) end
end
function env.number_of(value) return quantity(value, function() return {} end) end
function env.pct(value)
  local number = quantity(value, function() return {} end)
  rawget(number, 2)[1][1] = "p"
  return number
end

-- ---- Words that go on ----------------------------------------------------------------------------

local function also(lead, how)
  return function(...)
    return part("also", append(words(lead), joined(arguments(...), 1, ",", how)))
  end
end
local function label(value)
  return type(value) == "string" and {token("n", value)} or plain(value)
end
env.as = also("as", label)
env.where, env.at, env.take, env.into, env.while_ = also("where"), also("at"), also("take"), also("into"), also("while")
env.includes, env.lists, env.index, env.across, env.band = also("includes"), also("lists"), also("index"), also("across"), also("band")
env.beyond = also("beyond")
local to = also("to")
-- `at(N, to(above))` is `at N above`.
function env.to(...)
  if rawget(env, "above") == (...) then return part("also", {word("above")}) end
  return to(...)
end
env.at_least = also("at least")
function env.file(name) return part("also", {word("file"), token("t", name)}) end
function env.else_(code) return part("also", {word("else"), token("t", code)}) end
function env.default(value) return part("also", append({symbol("=")}, plain(value))) end
-- by("a", "b"); by({"key", "type"}, ..) of a counter; by(expression, desc(expression)) of rows.
env.by = also("by", function(value)
  if type(value) == "table" and not is_part(value) then
    return append({token("n", value[1]), symbol(":")}, type_tokens(value[2]))
  end
  return plain(value)
end)
env.order = function(name, by) return part("also", {word("order"), token("n", name), take(by)}) end
-- over("b", "buckets", where(..), by(..)): for b in buckets where .. by ..
local function walk(tokens, variable, source, ...)
  append(tokens, {token("n", variable), word("in")})
  append(tokens, plain(source))
  for _, more in ipairs(arguments(...)) do insert(tokens, take(more)) end
  return tokens
end
function env.over(variable, source, ...)
  return part("also", walk({word("for")}, variable, source, ...))
end
env.changed = function(name) return part("atom", {word("changed"), token("n", name)}) end

-- A condition: goes on in a statement, is a case, or leads a block.
local function condition(tokens)
  local made = part("also", tokens, "effects")
  insert(declared, made)
  return made
end
function env.when(value, as)
  local tokens = append({word("when")}, plain(value))
  if as ~= nil then insert(tokens, take(as)) end
  return condition(tokens)
end
env.otherwise = setmetatable({}, {
  __call = function(_, first)
    local made = condition({word("otherwise")})
    if first == nil then return made end
    if is_part(first) then
      insert(rawget(made, 2), take(first))
      return made
    end
    return made(first)
  end,
  __index = function(_, key)
    if key ~= "gives" then fail("E1107.called") end
    return function(_, ...) return methods.gives(condition({word("otherwise")}), ...) end
  end,
  __metatable = false})
-- The last row of a table: {otherwise_row, ..}
env.otherwise_row = part("atom", {word("otherwise")})
function env.cases(list)
  local tokens = {symbol("(")}
  for i, one in ipairs(list) do
    if i > 1 then insert(tokens, symbol(",")) end
    insert(tokens, take(one))
  end
  insert(tokens, symbol(")"))
  return part("atom", tokens)
end

-- ---- Statements ----------------------------------------------------------------------------------

-- kinds, one for each argument, the last for all others: n name, t text, s text that may be left out,
-- w wire name (the same, after `=`), e expression, m part that goes on, y type, N names with commas between.
local takes = {}
function takes.n(tokens, value)
  append(tokens, is_part(value) and plain(value) or {token("n", value)})
end
function takes.t(tokens, value)
  if type(value) ~= "string" then fail("E1108.text") end
  insert(tokens, token("t", value))
end
function takes.e(tokens, value) append(tokens, plain(value)) end
function takes.y(tokens, value)
  append(tokens, {symbol(":")})
  append(tokens, type_tokens(value))
end
function takes.m(tokens, value)
  if not is_part(value) then fail("E1108.goes-on") end
  insert(tokens, take(value))
end

local function define_word(name, lead, kinds, mode)
  env[name] = function(...)
    local values = arguments(...)
    local tokens = words(lead)
    if mode and rawlen(kinds) == 0 and rawlen(values) == 1 and type(values[1]) == "table" and not is_part(values[1]) then
      return statement(tokens, mode)(values[1])
    end
    local at, kind = 1, 1
    while at <= rawlen(values) do
      local wanted = kinds[kind] or "m"
      kind = kind + 1
      if wanted == "s" then
        if type(values[at]) == "string" then
          insert(tokens, token("t", values[at]))
          at = at + 1
        end
      elseif wanted == "w" then
        if type(values[at]) == "string" and (kinds[kind] ~= "y" or is_wire(values, at)) then
          append(tokens, {symbol("="), token("t", values[at])})
          at = at + 1
        end
      elseif wanted == "N" then
        append(tokens, joined(values, at, ",", function(value)
          return is_part(value) and plain(value) or {token("n", value)}
        end))
        break
      else
        takes[wanted](tokens, values[at])
        at = at + 1
      end
    end
    return statement(tokens, mode)
  end
end

for name, shape in next, {
  policy = {"policy", {"n"}}, zone = {"zone", {"t"}}, import = {"import", {"t"}}, source = {"source", {"t"}}, heading = {"heading", {"t"}},
  currency = {"currency", {"n", "n"}}, unit = {"unit", {"N"}}, remember = {"remember", {"e"}},
  timeline = {"timeline", {"N"}}, final = {"final", {"N"}}, except = {"except", {"N"}},
  domain = {"domain", {"n", "w", "m"}, "names"}, account = {"account", {}, "types"},
  list = {"list", {"n", "m"}, "types"}, scratch_list = {"scratch list", {"n", "m"}, "types"},
  counter = {"counter", {"n", "m"}, "types"}, scratch_counter = {"scratch counter", {"n", "m"}, "types"},
  entry = {"entry", {"n", "w"}, "types"}, event = {"event", {"n", "w"}, "effects"},
  field = {"field", {"n", "w", "y", "m"}, "fields"},
  refuse = {"refuse", {"t", "m"}}, bounded = {"bounded", {"e"}},
  measure = {"measure", {"n", "m"}, "effects"}, decide = {"decide", {"n"}, "effects"},
  deny = {"deny", {"t", "m"}, "values"}, approve = {"approve", {}, "effects"},
  machine = {"machine", {"n", "w"}, "effects"}, timer = {"timer", {"n", "w"}, "effects"},
  moves = {"moves", {}, "effects"}, leaving = {"leaving", {"e"}, "effects"},
  grant = {"grant", {"n", "m"}, "effects"}, issue = {"issue", {"n"}, "effects"},
  grants = {"grants", {"N"}}, monthly = {"monthly", {"n", "m"}}, scope = {"scope", {"n", "y"}},
  hold = {"hold", {"m"}}, dormant = {"dormant", {"m"}}, woken = {"woken", {"e", "m"}},
  via = {"via", {"e"}}, once_per = {"once per", {"N"}},
  put = {"put", {"n", "m"}, "values"}, emit = {"emit", {"n"}, "values"},
  choose = {"choose", {}, "effects"}, arm = {"arm", {"n", "m"}}, disarm = {"disarm", {"n"}},
  clear = {"clear", {"n"}}, begin = {"begin", {"n"}}, offer = {"offer", {"n", "e"}},
  resume = {"resume", {"n"}}, wake = {"wake", {"n"}}, on = {"on", {"n", "m"}, "effects"},
  until_ = {"until", {"e"}}, scenario = {"scenario", {"t", "s"}, "effects"}, examples = {"examples", {"t", "s"}, "rows"},
  expect_that = {"expect that", {"e"}}, statement = {"statement", {"n"}, "effects"}, shows = {"shows", {"N"}},
  prove = {"prove", {"n"}, "effects"}, that = {"that", {"e"}},
  document = {"document", {"t"}, "effects"}, paragraph = {"paragraph", {"n", "s"}},
} do
  define_word(name, shape[1], shape[2], shape[3])
end

-- language(1, "zh"): messages about the file spell words as the Chinese vocabulary does.
function env.language(version, skin)
  if version ~= 1 then fail("E1108.language") end
  if skin ~= nil and (type(skin) ~= "string" or not tools.skin(skin)) then fail("E1108.skin", tostring(skin)) end
end
-- from(date): an era of a table or a setting; from "field" of a draw.
function env.from(value, later)
  if type(value) == "string" then return part("also", {word("from"), token("n", value)}) end
  local tokens = append({word("from")}, plain(value))
  if later ~= nil then append(append(tokens, {symbol("=")}), plain(later)) end
  return statement(tokens, false)
end
function env.header(list) return {header_row = list} end
-- rows("draws", "wire") {types} of an entry; rows("draws", over(..)) {values} when it is written.
function env.rows(name, how)
  if is_part(how) then return statement({word("rows"), token("n", name), take(how)}, "values") end
  local tokens = {word("rows"), token("n", name)}
  if how ~= nil then append(tokens, {symbol("="), token("t", how)}) end
  return statement(tokens, "types")
end
function env.setting(name, value)
  return statement(append({word("setting"), token("n", name), symbol("=")}, plain(value)), "effects")
end
-- tariff("name", by(N"table".column), reached)
function env.tariff(name, column, how)
  return statement({word("tariff"), token("n", name), take(column), take(how)}, false)
end
local function parameters(list)
  local tokens = {symbol("(", true)}
  for i = 1, rawlen(list) do
    if i > 1 then insert(tokens, symbol(",")) end
    append(tokens, {token("n", list[i][1]), symbol(":")})
    append(tokens, type_tokens(list[i][2]))
  end
  insert(tokens, symbol(")"))
  return tokens
end
local function called(name)
  return function(...)
    local tokens = {token("n", name), symbol("(", true)}
    append(tokens, joined(arguments(...), 1, ","))
    insert(tokens, symbol(")"))
    return part("atom", tokens)
  end
end
-- define(name, {{parameter, type}, ..}, [on "event",] value) -> a function of Lua that calls it.
function env.define(name, list, ...)
  local values = arguments(...)
  local tokens = append({word("define"), token("n", name)}, parameters(list))
  for i = 1, rawlen(values) - 1 do insert(tokens, take(values[i])) end
  insert(tokens, symbol("="))
  append(tokens, plain(values[rawlen(values)]))
  statement(tokens, false)
  return called(name)
end
-- hook(name, {{parameter, type}, ..}, type, file "program.lua") -> a function of Lua that calls it.
function env.hook(name, list, gives, program)
  local tokens = append({word("hook"), token("n", name)}, parameters(list))
  append(append(tokens, {symbol("->")}), type_tokens(gives))
  statement(append(tokens, {take(program)}), false)
  return called(name)
end
env.call = function(name, ...) return called(name)(...) end
function env.procedure(name, list, ...)
  local tokens = append({word("procedure"), token("n", name)}, parameters(list))
  for _, more in ipairs(arguments(...)) do insert(tokens, take(more)) end
  return statement(tokens, "effects")
end
function env.run(name, ...)
  return statement(append({word("run")}, plain(called(name)(...))), false)
end
-- `on "event"` that goes on is no handler: taking it makes it part of what stands before.
function env.assign(place, value)
  return statement(append(append(plain(place), {symbol(":=")}), plain(value)), false)
end
function env.add(place, value)
  return statement(append(append(plain(place), {symbol("+=")}), plain(value)), false)
end
function env.let(name, value)
  return statement(append({word("let"), token("n", name), symbol("=")}, plain(value)), false)
end
function env.move(machine, state)
  return statement(append({word("move"), token("n", machine), word("to")}, plain(state)), false)
end
function env.each(variable, source, ...)
  return statement(walk({word("each")}, variable, source, ...), "effects")
end
function env.draw(variable, source, ...)
  return statement(walk({word("draw")}, variable, source, ...), "effects")
end
-- every "column": in a table, each of its names has one row at any time; except("a", because "..").
function env.every(column)
  return statement({word("every"), token("n", column), word("exactly"), word("once")}, false)
end
function env.because(reason) return part("also", {word("because"), token("t", reason)}) end
-- allow("W1001", "name", because "..")
function env.allow(code, ...)
  local tokens = {word("allow"), token("n", code)}
  return statement(append(tokens, joined(arguments(...), 1, ",", function(value) return {token("n", value)} end)), false)
end
-- In a statement: bucket("b", "buckets") {{"id", b.order}, ..}; draws("d", N"used".draws) {..};
-- lines("l", x.lines) {..} in a bill; wording("low", "less than a fifth is left").
for name, lead in next, {bucket = "bucket", metered = "metered", draws = "draw", bill = "bill", lines = "rows"} do
  env[name] = function(variable, source, ...)
    return statement(walk({word(lead)}, variable, source, ...), "lines")
  end
end
-- In a proof: never_falls("tariff", beyond(..)), never_falls(N"table".column, reached), unchanged("tariff"),
-- returns_to("machine", "state"), never_loops(); except("name", at(1, to(7))), because "..").
local function claim(tokens, list, last)
  for _, more in ipairs(list) do insert(tokens, take(more)) end
  return statement(append(tokens, words(last)), false)
end
function env.never_falls(tariff, ...)
  return claim(append({word("tariff")}, plain(tariff)), arguments(...), "never falls")
end
function env.unchanged(tariff, ...)
  if tariff == nil then return statement(words("policy unchanged"), false) end
  return claim(append({word("tariff")}, plain(tariff)), arguments(...), "unchanged")
end
-- What `unchanged()`, of the policy, excepts: changes("event", "buy"), changes("table", "tiers", "text"),
-- changes("zone"); from_date(date) behind it, or alone.
function env.changes(lead, name, ...)
  if type(lead) ~= "string" then fail("E1108.text") end
  local tokens = {word(lead)}
  if name ~= nil then insert(tokens, token("n", name)) end
  return part("atom", append(tokens, joined(arguments(...), 1, ",", function(value) return {token("n", value)} end)))
end
env.from_date = also("from")
function env.never_loops() return statement(words("timer never loops"), false) end
function env.returns_to(machine, state)
  return statement(append(append({word("machine"), token("n", machine)}, words("returns to")), {token("n", state)}), false)
end
function env.wording(code, shown)
  if type(code) ~= "string" or type(shown) ~= "string" then fail("E1108.text") end
  return statement({word("text"), token("t", code), symbol("="), token("t", shown)}, false)
end
-- denied(emit(..) {..}): what a denial writes.
function env.denied(effect)
  local made = statement({word("denied"), take(effect)}, false)
  rawset(made, 4, rawget(effect, 4))
  return made
end
-- state({"good", "wire"}, "other")
function env.state(...)
  local tokens = {word("state")}
  for i, one in ipairs(arguments(...)) do
    if i > 1 then insert(tokens, symbol(",")) end
    append(tokens, type(one) == "table" and pairs_of.names(one) or {token("n", one)})
  end
  return statement(tokens, false)
end
-- edge("a", "b", when(..)), edge({"a", "b"}, "c", after(hours(24)))
function env.edge(from, to, ...)
  local tokens = type(from) == "table" and joined(from, 1, ",") or {token("n", from)}
  append(tokens, {symbol("->"), token("n", to)})
  for _, more in ipairs(arguments(...)) do insert(tokens, take(more)) end
  return statement(tokens, false)
end
env.after = part("atom", {word("after")}, false, function(_, values)
  return part("also", append({word("after")}, plain(values[1])))
end)
-- event("name", "wire") {..} declares one; event.images is a field of the one at hand.
local declare_event = env.event
env.event = setmetatable({"atom", {word("event")}, 0, false, false, function(_, values)
  return declare_event(unpack(values))
end, true}, Part)

-- ---- Scenarios -----------------------------------------------------------------------------------

-- {{"field", value}, ..}; a value that is a list is a record {{"member", value}, ..}, rows
-- {{{"column", value}, ..}, ..} or names {"a", "b"}.
local fields
local function given(value)
  if type(value) ~= "table" or is_part(value) then return plain(value) end
  local tokens = {symbol("(")}
  local first = value[1]
  if type(first) == "table" and not is_part(first) and type(first[1]) == "table" then
    tokens = {}
    for i, one in ipairs(value) do
      if i > 1 then insert(tokens, symbol(",")) end
      append(append(append(tokens, {symbol("(")}), fields(one)), {symbol(")")})
    end
    return tokens
  elseif type(first) == "table" and not is_part(first) then
    append(tokens, fields(value))
  else
    append(tokens, joined(value, 1, ","))
  end
  return append(tokens, {symbol(")")})
end
fields = function(list)
  local tokens = {}
  for i, one in ipairs(list) do
    if i > 1 then insert(tokens, symbol(",")) end
    append(append(tokens, {token("n", one[1])}), given(one[2]))
  end
  return tokens
end
-- step(instant "2025-07-01 10:00", "event", {{"field", value}, ..}); step(time): fire what is due.
function env.step(time, event, list, id)
  local tokens = append({word("at")}, plain(time))
  if event ~= nil then insert(tokens, token("n", event)) end
  if id ~= nil then append(tokens, {word("id"), token("t", id)}) end
  return statement(append(tokens, fields(list or {})), false)
end
local function expectation(lead)
  return function(entry, list)
    local tokens = words(lead)
    insert(tokens, (entry == "error" or entry == "duplicate") and word(entry) or token("n", entry))
    if type(list) == "string" then return statement(append(tokens, {token("t", list)}), false) end
    return statement(append(tokens, fields(list or {})), false)
  end
end
env.expect, env.expect_no = expectation("expect"), expectation("expect no")

-- ---- Tables --------------------------------------------------------------------------------------

-- table("name", by "key", ..) {{header}, {row}, ..}; table.insert and the like are Lua's.
define_word("declare_table", "table", {"n", "m"}, "rows")
local declare_table, lists = env.declare_table, env.table
env.declare_table = nil
tools.close(lists, "table.")
env.table = setmetatable({}, {
  __call = function(_, ...) return declare_table(...) end,
  __index = lists, __newindex = function() fail("E1107.fixed") end, __metatable = false})
