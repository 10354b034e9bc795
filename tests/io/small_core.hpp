// A policy made by hand, just large enough that every kind of field and every kind of member
// occurs.
#pragma once

#include <string>

#include "toll/core.hpp"

namespace toll::test {

/// Zone +08:00. Domains: `thing` (names fold; index 0 is U+5C0F U+7968, also called "ticket"),
/// `place` (exact: "north", "South"), `mode` (exact: "fast", "slow").
///
/// Event `echo`: fields b (boolean), t (text), n (count, 0 if absent), k (count of at least 1, 1 if
/// absent), m (money), price (money, scale 12), i (instant), d (date), thing (name), place (name,
/// "" is absent), known (known thing, else `unknown-thing`), mode (known, else `bad-event`), things
/// (set), rows (list of {from: count, price: money}), counts (thing: count), paid (a record of cash
/// and gift, the latter 0 if absent; {} is absent). All may be absent. Writes an entry `echo` that
/// repeats them, absent ones left out but `m`, and for `k` of 7 arms the timer.
///
/// Event `order`: `id` (text) and `size` (count) must be there; refuses size 13 as `unlucky`.
/// Event `nothing`: no fields. Timer `wake`, at 2030-01-01T00:00:00+08:00, writes an entry `woke`.
Core small_core();

/// An event of that type with that `data`, id e1 of account a at 2025-07-01T10:00:00+08:00.
std::string event_line(const std::string& type, const std::string& data);

}  // namespace toll::test
