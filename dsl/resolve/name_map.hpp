// Names as they are compared (folded), to what they are the names of.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "dsl/syntax/text_index.hpp"

namespace toll::dsl {

/// A map in the order of names, which is also quick to ask for one.
class NameMap {
  using Map = std::map<std::string, std::uint32_t, std::less<>>;

 public:
  using value_type = Map::value_type;
  using const_iterator = Map::const_iterator;

  NameMap() = default;
  NameMap(std::initializer_list<value_type> names) : map_(names) {}
  NameMap(const NameMap& other) : map_(other.map_) {}
  NameMap(NameMap&& other) noexcept : map_(std::move(other.map_)) { other.clear_index(); }
  NameMap& operator=(const NameMap& other) {
    if (this != &other) *this = NameMap(other);
    return *this;
  }
  NameMap& operator=(NameMap&& other) noexcept {
    map_ = std::move(other.map_);
    clear_index();
    other.clear_index();
    return *this;
  }
  ~NameMap() = default;

  /// The name and what it stands for, or null.
  [[nodiscard]] const value_type* find(std::string_view name) const {
    if (indexed_.count() != map_.size()) make_index();
    return indexed_.find(name);
  }
  [[nodiscard]] bool contains(std::string_view name) const { return find(name) != nullptr; }
  /// The name's entry, and whether it is new.
  std::pair<const value_type*, bool> emplace(std::string name, std::uint32_t of) {
    if (const value_type* known = find(name)) return {known, false};
    value_type& made = *map_.emplace(std::move(name), of).first;
    indexed_.add(&made);
    return {&made, true};
  }
  void insert(const NameMap& others) { map_.insert(others.begin(), others.end()); }
  [[nodiscard]] const_iterator begin() const { return map_.begin(); }
  [[nodiscard]] const_iterator end() const { return map_.end(); }

 private:
  struct TextOf {
    std::string_view operator()(const value_type& entry) const { return entry.first; }
  };
  void make_index() const {
    indexed_.clear();
    for (const value_type& entry : map_) indexed_.add(&entry);
  }
  void clear_index() { indexed_.clear(); }

  Map map_;
  mutable TextIndex<const value_type, TextOf> indexed_;
};

}  // namespace toll::dsl
