// Proofs: what the authors of a policy say will always hold of it. They change nothing that it
// does.
//
//   prove NAME {
//     each x in ROWS [where CONDITION]       rows of a list or counter, after every event and
//     timer;
//                                            of a table, at any time; or entries: each x in ENTRY
//     that CONDITION
//     except NAME, .. [at N [to M], ..] because "WHY"
//   }
//   prove NAME {
//     tariff TARIFF never falls              or `tariff TABLE.COLUMN reached never falls`;
//     tariff TARIFF beyond UNITS never falls UNITS of each row cost nothing (each t in TABLE)
//     tariff TARIFF unchanged                since the edition that it is compared with
//     except NAME, .. [at N [to M], ..] because "WHY"
//   }
//   prove NAME {
//     policy unchanged                       since the edition that it is compared with
//     except table TABLE [NAME, ..] [at N [to M], ..] [from DATE] because "WHY"
//     except NAME, .. [from DATE] because "WHY"     rows of any table
//     except event EVENT because "WHY"              or another declaration: machine MACHINE, ..
//     except from DATE because "WHY"
//   }
//   prove NAME { machine MACHINE returns to STATE }
//   prove NAME { timer never loops }
#pragma once

#include <string>
#include <vector>

#include "dsl/resolve/builder.hpp"

namespace toll::dsl {

class ProofReader {
 public:
  ProofReader(Builder& builder, const Clause& clause) : b_(builder), clause_(clause) {}
  void read();

 private:
  /// The lines of a proof, by what they are for.
  struct Lines {
    const Clause* each = nullptr;
    const Clause* claim = nullptr;
    std::vector<const Clause*> exceptions;
  };
  bool lines(Lines& out);
  bool begin(const Lines& lines, Traversal& over, Context& context, View& view);
  void condition(const Lines& lines);
  void entries(const Lines& lines, Traversal over, std::uint32_t kind);
  bool tariff(const Lines& lines);
  bool tariff_meant(Cursor& line, Tariff& out);
  void machine(const Clause& line);
  bool exception(const Clause& line, const Table& table);
  bool key_names(Cursor& line, const Table& table, Proof::Exception& out);
  bool reason(Cursor& line, Proof::Exception& out);
  // What may differ from an earlier edition: proof_changes.cpp.
  void policy(const Lines& lines);
  bool change(const Clause& line);
  bool rows_of(Cursor& line, Proof::Exception& out);
  bool declaration(Cursor& line, Proof::Exception& out);
  bool names(Cursor& line, Proof::Exception& out);
  bool since(Cursor& line, Proof::Exception& out);
  [[nodiscard]] bool at_declaration(const Cursor& line) const;
  bool ranges(Cursor& line, const Type& type, Proof::Exception& out);
  static std::string spelled(Cursor& line);
  std::uint32_t define(NodeId body, const Context& context, std::vector<Type> parameters);
  void finish();

  Builder& b_;
  const Clause& clause_;
  Proof made_;
};

}  // namespace toll::dsl
