#include "tools/show/show.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

#include "dsl/resolve/csv.hpp"
#include "dsl/syntax/name.hpp"
#include "tools/show/subject.hpp"
#include "tools/show/table_view.hpp"

namespace toll::tools::show {
namespace {

using dsl::Clause;
using dsl::Cursor;
using dsl::TokenKind;

/// The word that a declaration starts with, and the kind of thing it declares.
std::string lead_of(const Clause& clause) {
  if (clause.kind == Clause::Kind::row || clause.head.empty()) return {};
  const bool scratch = clause.head[0].word == "scratch" && clause.head.size() > 1;
  return clause.head[scratch ? 1 : 0].word;
}

std::string name_in(const Clause& clause) {
  const std::size_t at = !clause.head.empty() && clause.head[0].word == "scratch" ? 2 : 1;
  return at < clause.head.size() ? clause.head[at].raw : std::string();
}

std::string kind_of(const std::string& lead) {
  if (lead == "hook") return "define";  // called alike
  return lead == "list" || lead == "counter" ? "family" : lead;
}

/// An id for links: letters, digits and ideographs of a name.
std::string slug(const std::string& kind, const std::string& name, std::set<std::string>& taken) {
  std::string id = kind + "-";
  for (const char c : name) {
    const bool plain =
        static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0;
    id += plain ? c : '-';
  }
  std::string unique = id;
  for (int i = 2; !taken.insert(unique).second; ++i) unique = id + "-" + std::to_string(i);
  return unique;
}

class Page {
 public:
  Page(const Core& core, const std::vector<dsl::File>& files, dsl::SourceSet& sources,
       const ShowOptions& options)
      : core_(core), files_(files), texts_(sources), options_(options) {}

  Document run() {
    const Language own = !files_.empty() && files_[0].skin == "zh" ? Language::zh : Language::en;
    Words words(core_, texts_, options_.language.value_or(own));
    words_ = &words;
    const Phrases phrases(words);
    const Steps steps(words, phrases);
    name_articles(words);
    for (const dsl::File& file : files_) {
      for (const Clause& clause : file.clauses) find_moves(clause.body, clause);
    }
    find_companions(words);
    Document document;
    document.language = words.language();
    document.title = name(core_.name);
    facts(document.intro);
    for (const dsl::File& file : files_) {
      const Remarks remarks(file);
      const Subject subject{words, phrases, steps, remarks, movers_, options_.at};
      Section section = section_of(file, subject);
      if (!section.articles.empty()) document.sections.push_back(std::move(section));
    }
    examples(document);
    return document;
  }

 private:
  /// Ids first: links lead forward too.
  void name_articles(Words& words) {
    for (const dsl::File& file : files_) {
      for (const Clause& clause : file.clauses) {
        const std::string lead = lead_of(clause);
        if (lead.empty() || lead == "scenario" || lead == "examples" || lead == "import" ||
            lead == "on")
          continue;
        const std::string called = name_in(clause);
        const std::string kind = kind_of(lead);
        const bool together = kind == "define" || kind == "setting" || kind == "domain";
        if (!together) {
          ids_.emplace(&clause, slug(kind, called, taken_));
          words.declare(kind, called, ids_[&clause]);
        } else {
          std::string& id = together_[{&file, kind}];
          if (id.empty()) id = slug(kind, called, taken_);
          words.declare(kind, called, id);
        }
        if (lead == "issue") name_timers(clause, words);
        if (lead != "account") continue;
        for (const Clause& item : clause.body) {
          if (!item.head.empty()) words.declare("account", item.head[0].raw, ids_[&clause]);
        }
      }
    }
  }

  /// `move MACHINE to STATE` in a declaration: it is one that moves the machine there.
  void find_moves(const std::vector<Clause>& body, const Clause& declaration) {
    for (const Clause& item : body) {
      const bool moves = item.head.size() == 4 && item.head[0].word == "move" &&
                         item.head[0].kind == TokenKind::word;
      if (moves) {
        std::vector<Inline>& known = movers_[mover_key(item.head[1].raw, item.head[3].raw)];
        const Inline who = words_->ref(kind_of(lead_of(declaration)), name_in(declaration));
        if (std::find(known.begin(), known.end(), who) == known.end()) known.push_back(who);
      }
      find_moves(item.body, declaration);
    }
  }

  /// The timers that a program of grants brings.
  void name_timers(const Clause& clause, Words& words) {
    for (const Clause& item : clause.body) {
      Cursor line = read(item);
      if (!line.at_word("monthly") && !line.at_word("woken")) continue;
      (void)tokens_until(line, {"by"});
      if (line.accept_word("by")) words.declare("timer", line.next().raw, ids_[&clause]);
    }
  }

  void facts(Blocks& intro) {
    std::vector<Inline> said;
    std::vector<Inline> units;
    for (const Unit& unit : core_.units) {
      if (!unit.currency) continue;
      said.push_back(words_->say("show.fact.currency", {name(unit.name), value(unit.code)}));
    }
    for (const dsl::File& file : files_) {
      for (const Clause& clause : file.clauses) {
        if (lead_of(clause) != "unit") continue;
        Cursor head = read(clause);
        head.next();
        do {
          units.push_back(name(head.next().raw));
        } while (head.accept_symbol(","));
      }
    }
    if (!units.empty()) said.push_back(words_->say("show.fact.units", {words_->list(units)}));
    said.push_back(
        words_->say("show.fact.zone", {value(core_.zone_name.empty() ? "UTC" : core_.zone_name)}));
    intro.push_back({Paragraph{words_->series(said)}});
    if (options_.at) {
      intro.push_back({Paragraph{words_->say("show.fact.at", {strong(options_.at_shown)})}});
    }
  }

  Section section_of(const dsl::File& file, const Subject& subject) {
    Section section;
    TitledText titled = split_title(subject.remarks.heading());
    std::string title = titled.title;
    const bool again = dsl::fold(title) == dsl::fold(core_.name);
    if (title.empty() || again) {
      title = std::filesystem::path(file.path).stem().string();
      const std::size_t number = title.find_first_not_of("0123456789");
      if (number > 0 && number != std::string::npos && title[number] == '-')
        title.erase(0, number + 1);
    }
    section.title = value(title);
    section.id = slug("section", title, taken_);
    if (!titled.rest.empty()) section.intro.push_back({Paragraph{value(titled.rest)}});
    settings_.clear();
    domains_.clear();
    terms_.clear();
    folded_.clear();
    for (const Clause& clause : file.clauses) article(clause, subject, section);
    small(file, subject, section);
    return section;
  }

  void article(const Clause& clause, const Subject& subject, Section& section) {
    const std::string lead = lead_of(clause);
    const auto add = [&](std::string_view title, Blocks blocks) {
      Article made;
      made.id = ids_[&clause];
      made.names = {name_in(clause)};
      made.title = titled(title, clause);
      if (made.title == section.title) made.title.clear();
      made.blocks = std::move(blocks);
      section.articles.push_back(std::move(made));
    };
    if (lead == "setting") settings_.push_back(&clause);
    if (lead == "domain") domains_.push_back(&clause);
    if (lead == "define" || lead == "hook") terms_.push_back(&clause);
    if (lead == "procedure") folded_.push_back(&clause);
    if (lead == "list" || lead == "counter") {
      const bool scratch = clause.head[0].word == "scratch";
      if (scratch) folded_.push_back(&clause);
      if (!scratch)
        add(lead == "list" ? "show.title.list" : "show.title.counter", family(subject, clause));
    }
    if (lead == "table") add("show.title.table", table(subject, clause));
    if (lead == "account") add("show.title.account", account(subject, clause));
    if (lead == "entry") add("show.title.entry", entry(subject, clause));
    if (lead == "event") add("show.title.event", event(subject, clause));
    if (lead == "on") add("show.title.on", handler(subject, clause));
    if (lead == "decide") add("show.title.decide", decision(subject, clause));
    if (lead == "measure") add("show.title.measure", measure(subject, clause));
    if (lead == "machine") add("show.title.machine", machine(subject, clause));
    if (lead == "timer") add("show.title.timer", timer(subject, clause));
    if (lead == "timeline") add("show.title.timeline", timeline(subject, clause));
    if (lead == "tariff") add("show.title.tariff", tariff(subject, clause));
    if (lead == "grant") add("show.title.grant", grant(subject, clause));
    if (lead == "issue") add("show.title.issue", issue(subject, clause));
  }

  /// "Event call `service.called`"
  [[nodiscard]] Inline titled(std::string_view title, const Clause& clause) const {
    Cursor head = read(clause);
    head.accept_word("scratch");
    head.next();
    Inline called = value(head.next().raw);
    const std::string wire = wire_name(head);
    if (!wire.empty()) called = words_->say("show.with-wire", {called, code(wire)});
    return words_->say(title, {called});
  }

  /// What takes a line or two each stands together, and what only a careful reader asks for is
  /// folded.
  void small(const dsl::File& file, const Subject& subject, Section& section) {
    const auto together = [&](const std::vector<const Clause*>& clauses, std::string_view title,
                              Block block, bool first) {
      if (clauses.empty()) return;
      Article made;
      made.id = together_[{&file, kind_of(lead_of(*clauses[0]))}];
      for (const Clause* clause : clauses) made.names.push_back(name_in(*clause));
      made.title = words_->say(title);
      if (made.title == section.title) made.title.clear();
      made.blocks.push_back(std::move(block));
      section.articles.insert(first ? section.articles.begin() : section.articles.end(),
                              std::move(made));
    };
    together(domains_, "show.title.domains", domains(subject, domains_, files_), true);
    together(settings_, "show.title.settings", settings(subject, settings_), true);
    together(terms_, "show.title.terms", terms(subject, terms_), false);
    for (const Clause* clause : folded_) {
      Article made;
      made.id = ids_[clause];
      made.names = {name_in(*clause)};
      if (lead_of(*clause) == "procedure") {
        made.blocks.push_back({procedure(subject, *clause)});
      } else {
        const Inline title =
            titled(lead_of(*clause) == "list" ? "show.title.list" : "show.title.counter", *clause);
        made.blocks.push_back({Folded{title, family(subject, *clause)}});
      }
      section.articles.push_back(std::move(made));
    }
  }

  Blocks table(const Subject& subject, const Clause& clause) {
    Blocks blocks;
    introduce(subject, clause, blocks);
    TableView view(subject.words, subject.remarks, clause, csv_rows(clause), options_.at);
    view.accompany(companions_);
    for (Block& block : view.blocks()) blocks.push_back(std::move(block));
    return blocks;
  }

  std::vector<Clause> csv_rows(const Clause& clause) {
    Cursor head = read(clause);
    (void)tokens_until(head, {"file"});
    if (!head.accept_word("file")) return {};
    const std::filesystem::path path = texts_.path(clause.span.file);
    return dsl::read_csv_rows(path.parent_path() / std::string(head.next().raw), texts_)
        .value_or(std::vector<Clause>());
  }

  /// At one date it is clear what belongs to what.
  void find_companions(const Words& words) {
    if (!options_.at) return;
    for (const dsl::File& file : files_) {
      const Remarks remarks(file);
      for (const Clause& clause : file.clauses) {
        if (lead_of(clause) != "table") continue;
        const TableView view(words, remarks, clause, csv_rows(clause), options_.at);
        if (std::optional<Companion> one = view.companion()) companions_.push_back(std::move(*one));
      }
    }
  }

  /// The title of a scenario, and where it comes from.
  [[nodiscard]] Inline example_title(const Clause& clause) const {
    const Inline title = value(clause.head[1].raw);
    const bool source = clause.head.size() > 2 && clause.head[2].kind == TokenKind::string;
    if (!source) return title;
    return words_->say("show.remarked", {title, value(clause.head[2].raw)});
  }

  /// Scenarios by the files they stand in: what has been tried, in the words of their authors.
  /// Those that are tables are shown whole.
  void examples(Document& document) {
    Section section;
    section.title = words_->say("show.examples");
    section.id = slug("section", "examples", taken_);
    std::size_t count = 0;
    for (const dsl::File& file : files_) {
      const Remarks remarks(file);
      List list;
      Blocks tables;
      for (const Clause& clause : file.clauses) {
        const std::string lead = lead_of(clause);
        if (clause.head.size() < 2) continue;
        if (lead == "scenario") list.items.push_back({example_title(clause), {}, false});
        if (lead != "examples") continue;
        tables.push_back({Paragraph{example_title(clause)}});
        const TableView view(*words_, remarks, clause, csv_rows(clause), std::nullopt);
        for (Block& block : view.blocks()) tables.push_back(std::move(block));
        count += view.size();
      }
      if (list.items.empty() && tables.empty()) continue;
      count += list.items.size();
      TitledText titled = split_title(remarks.heading());
      if (titled.title.empty()) titled.title = std::filesystem::path(file.path).stem().string();
      Article article;
      const std::string number = std::to_string(list.items.size());
      if (!list.items.empty()) {
        const Inline summary =
            words_->say("show.examples.of", {value(titled.title), value(number), number});
        article.blocks.push_back({Folded{summary, {{std::move(list)}}}});
      }
      for (Block& block : tables) article.blocks.push_back(std::move(block));
      section.articles.push_back(std::move(article));
    }
    if (count == 0) return;
    const std::string all = std::to_string(count);
    section.intro.push_back({Paragraph{words_->say("show.examples.intro", {value(all), all})}});
    document.sections.push_back(std::move(section));
  }

  const Core& core_;
  const std::vector<dsl::File>& files_;
  dsl::SourceSet& texts_;
  const ShowOptions& options_;
  const Words* words_ = nullptr;
  Movers movers_;
  std::vector<Companion> companions_;
  std::set<std::string> taken_;
  std::map<const Clause*, std::string> ids_;
  std::map<std::pair<const dsl::File*, std::string>, std::string> together_;
  std::vector<const Clause*> settings_;
  std::vector<const Clause*> domains_;
  std::vector<const Clause*> terms_;
  std::vector<const Clause*> folded_;
};

}  // namespace

Document show_policy(const Core& core, const std::vector<dsl::File>& files, dsl::SourceSet& sources,
                     const ShowOptions& options) {
  return Page(core, files, sources, options).run();
}

bool keep_section(Document& document, const std::string& name) {
  const auto called = [&](const std::string& other) { return dsl::fold(other) == dsl::fold(name); };
  std::vector<Section> kept;
  for (Section& section : document.sections) {
    if (called(plain(section.title, document.language))) {
      kept.push_back(std::move(section));
      continue;
    }
    Section part;
    part.id = section.id;
    part.title = section.title;
    for (Article& article : section.articles) {
      if (std::any_of(article.names.begin(), article.names.end(), called)) {
        part.articles.push_back(std::move(article));
      }
    }
    if (!part.articles.empty()) kept.push_back(std::move(part));
  }
  document.sections = std::move(kept);
  return !document.sections.empty();
}

}  // namespace toll::tools::show
