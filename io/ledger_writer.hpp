// A ledger entry as one line of JSON (contract, section 2).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/time_text.hpp"
#include "toll/core.hpp"
#include "toll/engine.hpp"

namespace toll::io {

class TextOut;

void append_json_string(std::string& out, std::string_view text);

/// A number times 10^-scale as plain decimal digits without trailing zeros.
void append_decimal(std::string& out, Value value, unsigned scale);

/// Immutable after construction; may be shared by threads.
class LedgerWriter {
 public:
  explicit LedgerWriter(const Core& core);

  /// Appends the entry, without a line end.
  void append(std::string& out, std::string_view account_name, const Account& account,
              const EntryView& entry) const;

  /// Appends one value as the ledger writes values of this type.
  void append_value(std::string& out, const Account& account, const Type& type, Value value) const;

 private:
  struct Member {
    std::string key;  ///< `,"wire":`
    const EntryKind::Member* declared = nullptr;
    bool as_text = false;            ///< a number in a string: amounts, prices and fractions
    std::vector<std::string> names;  ///< of a name: key and value of each
    std::vector<Member> columns;
  };
  struct Shape {
    std::string head;  ///< `,"kind":"wire","rule":`
    std::vector<Member> members;
  };

  [[nodiscard]] Member prepare(const EntryKind::Member& declared) const;
  [[nodiscard]] bool is_text(const Type& type) const;
  void put_member(TextOut& out, const Account& account, const Member& member, Value value,
                  const EntryView& entry) const;
  void put_rows(TextOut& out, const Account& account, const Member& member,
                const ListView& rows) const;
  void put_typed(TextOut& out, const Account& account, const Type& type, bool as_text,
                 Value value) const;

  const Core& core_;
  Zone zone_;
  std::vector<Shape> kinds_;
  std::vector<std::string> rules_;               ///< by clause: `"file:line"`
  std::vector<std::string> causes_;              ///< by timer: `"timer:wire"`
  std::vector<std::vector<std::string>> names_;  ///< by domain: the wire names, quoted
};

}  // namespace toll::io
