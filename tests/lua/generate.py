"""Random policies, each written twice: in the DSL and in Lua.

A policy is made once, as statements and expressions of a few kinds below, and printed by two printers that know nothing of each
other. It is well typed by construction: numbers, booleans and names of one domain are all there is, but every kind of declaration
and effect occurs.
"""
import random

# ---- Expressions: (kind, ...) ---------------------------------------------------------------------
# ("int", n) ("bool", b) ("name", x) ("field", row, x) ("event", x) ("op", o, a, b) ("not", a)
# ("cases", [(guard, value)], otherwise) ("call", f, [args]) ("either", a, b) ("lookup", table, key, column)
# ("cell", counter, key, field) ("sum", body, var, source, where) ("any", body, var, source, where)

DSL_OPS = {"add": "+", "sub": "-", "mul": "*", "div": "//", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "=", "ne": "!=",
           "and": "and", "or": "or"}
LUA_OPS = {"add": "+", "sub": "-", "mul": "*", "div": "//", "and": "&", "or": "|"}


def dsl(e):
    kind = e[0]
    if kind == "int":
        return f"(-{-e[1]})" if e[1] < 0 else str(e[1])
    if kind == "bool":
        return "true" if e[1] else "false"
    if kind == "name":
        return f"「{e[1]}」"
    if kind == "field":
        return f"「{e[1]}」.{e[2]}"
    if kind == "event":
        return f"event.{e[1]}"
    if kind == "op":
        return f"({dsl(e[2])} {DSL_OPS[e[1]]} {dsl(e[3])})"
    if kind == "not":
        return f"(not {dsl(e[1])})"
    if kind == "cases":
        return "(" + ", ".join(f"when {dsl(g)} => {dsl(v)}" for g, v in e[1]) + f", otherwise => {dsl(e[2])})"
    if kind == "call":
        return f"「{e[1]}」(" + ", ".join(map(dsl, e[2])) + ")"
    if kind == "either":
        return f"either({dsl(e[1])}, {dsl(e[2])})"
    if kind == "lookup":
        return f"「{e[1]}」[{dsl(e[2])}].{e[3]}"
    if kind == "cell":
        return f"「{e[1]}」[{dsl(e[2])}].{e[3]}"
    where = f" where {dsl(e[4])}" if e[4] else ""
    return f"{kind}({dsl(e[1])} for 「{e[2]}」 in 「{e[3]}」{where})"


def text(value):
    return '"' + value + '"'


def lua(e):
    """As an argument of a word: a bare name is a text."""
    return text(e[1]) if e[0] == "name" else whole(e)


def whole(e):
    """As an operand: always a part, but for numbers on the right."""
    kind = e[0]
    if kind == "int":
        return str(e[1])
    if kind == "bool":
        return "true" if e[1] else "false"
    if kind == "name":
        return f"N{text(e[1])}"
    if kind == "field":
        return f"N{text(e[1])}[{text(e[2])}]"
    if kind == "event":
        return f"event[{text(e[1])}]"
    if kind == "op":
        left, right = part(e[2]), whole(e[3])
        if e[1] in LUA_OPS:
            return f"({left} {LUA_OPS[e[1]]} {right})"
        return f"{left}:{e[1]}({lua(e[3])})"
    if kind == "not":
        return f"(~{part(e[1])})"
    if kind == "cases":
        return ("cases { " + ", ".join(f"when({lua(g)}):gives({lua(v)})" for g, v in e[1])
                + f", otherwise:gives({lua(e[2])}) }}")
    if kind == "call":
        return f"call({', '.join([text(e[1])] + [lua(a) for a in e[2]])})"
    if kind == "either":
        return f"either({lua(e[1])}, {lua(e[2])})"
    if kind in ("lookup", "cell"):
        return f"N{text(e[1])}:of({lua(e[2])})[{text(e[3])}]"
    where = f", where({lua(e[4])})" if e[4] else ""
    return f"{kind}({lua(e[1])}, over({text(e[2])}, {text(e[3])}{where}))"


def part(e):
    """As the left operand: Lua must see a part to call the operator of."""
    if e[0] == "int":
        return f"number_of({e[1]})" if e[1] >= 0 else f"(-number_of({-e[1]}))"
    if e[0] == "bool":
        return f"either({whole(e)})"
    return whole(e)


# ---- What a policy is made of ----------------------------------------------------------------------

class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.dsl, self.lua = ["language 1", f"policy made_{seed}"], ["language(1)", f'policy "made_{seed}"']
        self.names = [f"n{i}" for i in range(self.r.randint(2, 5))] + self.r.sample(["单 次", "月（大）", "a-b", "table"], 2)
        self.definitions = []      # (name, number of parameters)
        self.tables = []           # (name, columns)
        self.counters = []         # (name, fields)
        self.lists = []            # (name, fields)
        self.numbers = []          # registers
        self.scope = []            # locals that are numbers
        self.fields = []           # of the event at hand
        self.depth = 0

    def say(self, one, other):
        self.dsl.append(one)
        self.lua.append(other)

    # -- expressions
    def number(self, depth=3):
        r = self.r
        leaves = [("int", r.randint(-5, 1000))]
        leaves += [("name", x) for x in self.numbers + self.scope] + [("event", f) for f in self.fields]
        if depth == 0 or r.random() < 0.25:
            return r.choice(leaves)
        kind = r.choice(["op", "op", "cases", "call", "lookup", "cell", "sum"])
        if kind == "call" and self.definitions:
            name, count = r.choice(self.definitions)
            return ("call", name, [self.number(depth - 1) for _ in range(count)])
        if kind == "lookup" and self.tables:
            name, columns = r.choice(self.tables)
            return ("either", ("lookup", name, ("name", r.choice(self.names)), r.choice(columns)), ("int", 0))
        if kind == "cell" and self.counters:
            name, fields = r.choice(self.counters)
            return ("cell", name, ("name", r.choice(self.names)), r.choice(fields))
        if kind == "sum" and self.lists:
            name, fields = r.choice(self.lists)
            where = ("op", "gt", ("field", "it", r.choice(fields)), ("int", r.randint(0, 9))) if r.random() < 0.5 else None
            return ("sum", ("field", "it", r.choice(fields)), "it", name, where)
        if kind == "cases":
            return ("cases", [(self.boolean(depth - 1), self.number(depth - 1))], self.number(depth - 1))
        return ("op", r.choice(["add", "sub", "mul"]), self.number(depth - 1), self.number(depth - 1))

    def boolean(self, depth=2):
        r = self.r
        if depth and r.random() < 0.5:
            if r.random() < 0.3:
                return ("not", self.boolean(depth - 1))
            return ("op", r.choice(["and", "or"]), self.boolean(depth - 1), self.boolean(depth - 1))
        return ("op", r.choice(["lt", "le", "gt", "ge", "eq", "ne"]), self.number(1), self.number(1))

    # -- declarations
    def domain(self):
        self.say("domain key { " + ", ".join(f"「{n}」" for n in self.names) + " }",
                 'domain "key" { ' + ", ".join(map(text, self.names)) + " }")

    def setting(self, i):
        value = self.r.randint(0, 99)
        self.say(f"setting s{i} = {value}", f'setting("s{i}", {value})')
        self.numbers.append(f"s{i}")

    def table(self, i):
        name, columns = f"t{i}", [f"c{j}" for j in range(self.r.randint(1, 3))]
        eras = self.r.random() < 0.3
        rows = [[n] + [self.r.randint(0, 50) for _ in columns] for n in self.r.sample(self.names, self.r.randint(1, len(self.names)))]
        one = [f"table {name} by key {{", "  | key | " + " | ".join(columns) + " |"]
        other = [f'table("{name}", by "key") {{', "  {" + ", ".join(map(text, ["key"] + columns)) + "},"]
        if eras:
            one.insert(1, "  until 2025-07-01")
            other.insert(1, '  until_(date "2025-07-01"),')
        for era in range(2 if eras else 1):
            if era:
                one.append("  from 2025-07-01")
                other.append('  from(date "2025-07-01"),')
            for row in rows:
                one.append(f"  | 「{row[0]}」 | " + " | ".join(str(v + era) for v in row[1:]) + " |")
            if self.r.random() < 0.5:
                other += [f"  {{{text(row[0])}, " + ", ".join(str(v + era) for v in row[1:]) + "}," for row in rows]
            else:  # generated, as a person would
                other.append("  rows_of(" + str(era) + ", {" + ", ".join(
                    "{" + text(row[0]) + ", " + ", ".join(map(str, row[1:])) + "}" for row in rows) + "}),")
        body = "\n".join(other)
        if "rows_of" in body:
            other = self.generated(other)
        self.say("\n".join(one + ["}"]), "\n".join(other + ([] if other[-1].endswith("(body)") else ["}"])))
        self.tables.append((name, columns))

    @staticmethod
    def generated(lines):
        """The same table, its body put together by a loop."""
        made = ["local body = {}"]
        for line in lines[1:]:
            line = line.strip().rstrip(",")
            if line.startswith("rows_of("):
                era, rows = line[len("rows_of("):-1].split(", ", 1)
                made += [f"for _, row in ipairs {rows} do",
                         f"  for i = 2, #row do row[i] = row[i] + {era} end",
                         "  table.insert(body, row)", "end"]
            else:
                made.append(f"table.insert(body, {line})")
        made.append(lines[0][:-1].rstrip() + "(body)")
        return ["do", *("  " + line for line in made[:-1]), "  " + made[-1], "end --(body)"]

    def state(self):
        numbers = [f"r{i}" for i in range(self.r.randint(1, 3))]
        self.say("account { " + "; ".join(f"{n}: number" for n in numbers) + " }",
                 "account { " + ", ".join(f'{{"{n}", number}}' for n in numbers) + " }")
        self.numbers += numbers
        self.registers = numbers
        fields = [f"f{i}" for i in range(self.r.randint(1, 3))]
        tracked = self.r.random() < 0.5
        self.say(f"counter k0 by key: key{' tracked' if tracked else ''} {{ " + "; ".join(f"{f}: number" for f in fields) + " }",
                 'counter("k0", by {"key", "key"}' + (", tracked" if tracked else "") + ") { "
                 + ", ".join(f'{{"{f}", number}}' for f in fields) + " }")
        self.counters.append(("k0", fields))
        self.say("list l0 order b by b.g0, arrival(b) { g0: number; g1: number }",
                 'list("l0", order("b", by(N"b".g0, arrival(N"b")))) { {"g0", number}, {"g1", number} }')
        self.lists.append(("l0", ["g0", "g1"]))
        self.say('entry out = "wire" { a: number; b: bool; rows lines { x: number } }',
                 'entry("out", "wire") { {"a", number}, {"b", bool}, rows "lines" { {"x", number} } }')

    def define(self, i):
        count = self.r.randint(0, 2)
        parameters = [f"p{j}" for j in range(count)]
        self.scope = parameters
        value = self.number()
        self.scope = []
        self.say(f"define d{i}(" + ", ".join(f"{p}: number" for p in parameters) + f") = {dsl(value)}",
                 f'define("d{i}", {{' + ", ".join(f'{{"{p}", number}}' for p in parameters) + f"}}, {lua(value)})")
        self.definitions.append((f"d{i}", count))

    # -- effects: lines of either language
    def effects(self, depth=2):
        kept = list(self.scope)
        made = [self.effect(depth) for _ in range(self.r.randint(1, 3))]
        self.scope = kept
        return "{ " + "; ".join(a for a, _ in made) + " }", "{ " + ", ".join(b for _, b in made) + " }"

    def effect(self, depth):
        r = self.r
        kind = r.choice(["let", "assign", "add", "cell", "put", "emit", "when", "choose", "each", "draw"][:10 if depth else 6])
        if kind == "let":
            name, value = f"v{len(self.scope)}_{r.randint(0, 999)}", self.number()
            self.scope.append(name)
            return f"let {name} = {dsl(value)}", f'let("{name}", {lua(value)})'
        if kind in ("assign", "add"):
            name, value = r.choice(self.registers), self.number()
            return f"{name} {':=' if kind == 'assign' else '+='} {dsl(value)}", f'{kind}("{name}", {lua(value)})'
        if kind == "cell":
            place = ("cell", "k0", ("name", r.choice(self.names)), r.choice(self.counters[0][1]))
            value = self.number(1)
            return f"{dsl(place)} += {dsl(value)}", f"add({lua(place)}, {lua(value)})"
        if kind == "put":
            a, b = self.number(1), self.number(1)
            return f"put l0 {{ g0 = {dsl(a)}; g1 = {dsl(b)} }}", f'put "l0" {{ {{"g0", {lua(a)}}}, {{"g1", {lua(b)}}} }}'
        if kind == "emit":
            a, b = self.number(), self.boolean()
            return (f"emit out {{ a = {dsl(a)}; b = {dsl(b)}; rows lines for it in l0 {{ x = it.g1 }} }}",
                    f'emit "out" {{ {{"a", {lua(a)}}}, {{"b", {lua(b)}}}, '
                    f'rows("lines", over("it", "l0")) {{ {{"x", N"it".g1}} }} }}')
        if kind == "when":
            guard, (one, other) = self.boolean(), self.effects(depth - 1)
            return f"when {dsl(guard)} as 「case」 {one}", f'when({lua(guard)}, as "case") {other}'
        if kind == "choose":
            guard, first, last = self.boolean(), self.effects(depth - 1), self.effects(depth - 1)
            return (f"choose {{ when {dsl(guard)} {first[0]}; otherwise {last[0]} }}",
                    f"choose {{ when({lua(guard)}) {first[1]}, otherwise {last[1]} }}")
        if kind == "each":
            one, other = self.effects(depth - 1)
            return (f"each it in l0 where it.g0 > 3 {one}", f'each("it", "l0", where(N"it".g0:gt(3))) {other}')
        amount, (one, other) = self.number(1), self.effects(depth - 1)
        return (f"draw it in l0 where it.g1 > 0 take max(0, {dsl(amount)}) from g1 {one}",
                f'draw("it", "l0", where(N"it".g1:gt(0)), take(max(0, {lua(amount)})), from "g1") {other}')

    def event(self, i):
        fields = [f"e{j}" for j in range(self.r.randint(1, 3))]
        one = [f'event ev{i} = "happened.{i}" {{']
        other = [f'event("ev{i}", "happened.{i}") {{']
        for f in fields:
            least = self.r.choice(["", " at least 1"])
            one.append(f"  field {f}: number{least} required")
            other.append(f'  field("{f}", number, {"at_least(1), " if least else ""}required),')
        self.fields = fields
        guard = self.boolean()
        one.append(f'  refuse "no-{i}" when {dsl(guard)}')
        other.append(f'  refuse("no-{i}", when({lua(guard)})),')
        for _ in range(self.r.randint(1, 4)):
            a, b = self.effect(2)
            one.append("  " + a)
            other.append("  " + b + ",")
        self.fields, self.scope = [], []
        self.say("\n".join(one + ["}"]), "\n".join(other + ["}"]))

    def machine(self):
        guard = self.boolean(1)
        back = self.boolean(1)
        self.say(f'machine m = "mode" {{ state low = "L", high; low -> high when {dsl(guard)}; high -> low when {dsl(back)} }}',
                 f'machine("m", "mode") {{ state({{"low", "L"}}, "high"), edge("low", "high", when({lua(guard)})), '
                 f'edge("high", "low", when({lua(back)})) }}')

    def timer(self):
        a, b = self.effects(1)
        self.say("timer tick { arm tick at now + 1 day exact; when true " + a + " }",
                 'timer "tick" { arm("tick", at((now + days(1)):exactly())), when(true) ' + b + " }")


def policy(seed):
    """A policy as (text in the DSL, text in Lua)."""
    make = Maker(seed)
    make.domain()
    for i in range(make.r.randint(1, 3)):
        make.setting(i)
    make.state()
    for i in range(make.r.randint(1, 3)):
        make.table(i)
    for i in range(make.r.randint(1, 4)):
        make.define(i)
    for i in range(make.r.randint(1, 3)):
        make.event(i)
    if make.r.random() < 0.5:
        make.machine()
    if make.r.random() < 0.5:
        make.timer()
    return "\n".join(make.dsl) + "\n", "\n".join(make.lua) + "\n"


if __name__ == "__main__":
    import sys
    for written in policy(int(sys.argv[1])):
        print(written)
