// What a command says of its arguments. In front of CLI11, which is all headers and would be
// compiled into every command's file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace toll::cli {

class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option& required(bool yes = true);
  /// What stands for the value in the help: "FILE".
  Option& type_name(const std::string& name);
  Option& one_of(const std::vector<std::string>& words);
  Option& between(int least, int most);
  Option& needs(const Option& other);
  Option& excludes(const Option& other);
  /// How often it was given; once the arguments are parsed.
  std::size_t count() const;

 private:
  CLI::Option* option_;  ///< the app's, which outlives every command
};

/// The arguments of one command. What a value is parsed into must live until the command has run.
class Options {
 public:
  explicit Options(CLI::App& app) : app_(&app) {}

  /// `name` is "--name", or a word for an argument that has its place in the line.
  Option add_option(const std::string& name, std::string& value, const std::string& help);
  Option add_option(const std::string& name, std::vector<std::string>& value,
                    const std::string& help);
  Option add_option(const std::string& name, std::uint32_t& value, const std::string& help);
  Option add_option(const std::string& name, std::uint64_t& value, const std::string& help);
  Option add_option(const std::string& name, std::optional<std::uint64_t>& value,
                    const std::string& help);
  Option add_flag(const std::string& name, bool& value, const std::string& help);

 private:
  CLI::App* app_;
};

}  // namespace toll::cli
