#include "engine/run/workspace.hpp"

#include <algorithm>
#include <utility>

#include "engine/run/execute.hpp"

namespace toll {
namespace {

std::vector<std::unique_ptr<Workspace>>& spare() {
  thread_local std::vector<std::unique_ptr<Workspace>> workspaces;
  return workspaces;
}

/// One that is bound to the program, if there is one: programs that take turns on a thread, as two
/// editions of a policy do when they are compared, do not lay each other's out anew.
std::unique_ptr<Workspace> take(const Program& program) {
  constexpr std::size_t kMost = 4;
  std::vector<std::unique_ptr<Workspace>>& all = spare();
  auto at = std::find_if(all.begin(), all.end(), [&](const std::unique_ptr<Workspace>& one) {
    return one->program_id == program.id;
  });
  if (at == all.end()) {
    if (all.size() < kMost) return std::make_unique<Workspace>();
    at = all.begin();  // the one whose turn is longest ago
  }
  std::unique_ptr<Workspace> taken = std::move(*at);
  all.erase(at);
  return taken;
}

}  // namespace

void Workspace::bind(const Program& program) {
  if (program_id == program.id) return;
  program_id = program.id;
  slots.assign(program.slots + 1, kAbsent);
  event_families.clear();
  event_families.resize(program.event_families);
  registers.assign(program.code.registers, kNothing);
  std::copy(program.code.constants.begin(), program.code.constants.end(),
            registers.begin() + kFirstConstant);
  memos.clear();
  memos.resize(program.code.memos.size());
  // Those of one name are looked into without asking; others come into being with their use.
  for (std::size_t i = 0; i < memos.size(); ++i) {
    const Memo& memo = program.code.memos[i];
    if (memo.inputs.size() != 1 || memo.dated) continue;
    memos[i].reset(new std::int64_t[memo.size]);
    std::fill(memos[i].get(), memos[i].get() + memo.size, kUnknownMemo);
  }
  steady.assign(program.code.steady, {});
  for (Date& date : dates) date = {};
  joined.assign(std::size_t{1} << kJoinedBits, {});
  for (Month& one : months) one = {};
  era_from = 1;
  era_until = 0;
  machine_code = nullptr;
  interpreted = 0;
}

void Workspace::clear(const AccountState& state) {
  first_text = state.text_count();
  fields.clear();
  list_cells.clear();
  lists.clear();
  texts.clear();
  kept.clear();
  entries.clear();
  entry_values.clear();
  entry_rows.clear();
  for (FamilyState& family : event_families) {
    if (family.count() != 0) family.clear();
  }
}

std::span<const ListView> Workspace::rows_of(const PendingEntry& entry) {
  entry_views.clear();
  for (std::size_t i = 0; i < entry.same.rows; ++i) {
    const PendingEntry::Rows& list = entry_rows[entry.first_rows + i];
    entry_views.push_back({{entry_values.data() + list.first, list.count}, list.columns});
  }
  return entry_views;
}

HookCaller* Workspace::hook_caller(const Program& program) {
  constexpr std::size_t kMost = 8;
  const auto at = std::find_if(hook_callers.begin(), hook_callers.end(),
                               [&](const Caller& one) { return one.program_id == program.id; });
  if (at != hook_callers.end()) {
    std::rotate(at, at + 1, hook_callers.end());
    return hook_callers.back().caller.get();
  }
  if (program.core->hook_host == nullptr) return nullptr;
  if (hook_callers.size() == kMost) hook_callers.erase(hook_callers.begin());
  hook_callers.push_back({program.id, program.core->hook_host->open()});
  return hook_callers.back().caller.get();
}

constinit thread_local const AtHand* AtHand::latest_ = nullptr;

WorkspaceLease::WorkspaceLease(AccountState& state)
    : workspace_(take(*state.program())), at_hand_(state, *workspace_) {
  workspace_->bind(*state.program());
  workspace_->clear(state);
}

WorkspaceLease::~WorkspaceLease() { spare().push_back(std::move(workspace_)); }

}  // namespace toll
