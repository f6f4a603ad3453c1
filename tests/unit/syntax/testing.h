// What the tests of this folder share: parsing a text, and its diagnostics as "line:column: message" lines.
#pragma once

#include "syntax/parser.h"
#include "syntax/print.h"

#include <fmt/format.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace burrow::syntax::testing {

// The names of all diagnostics that any test of this program produced.
inline std::set<std::string>& producedDiagnostics() {
  static std::set<std::string> names;
  return names;
}

struct Parsed {
  source::SourceFiles files;
  source::SourceFile* source = nullptr;
  source::Arena arena;
  StringTable names;
  source::Diagnostics diagnostics;
  IdCounter ids;
  File* file = nullptr;

  // One per line, sorted.
  std::string errors() {
    diagnostics.sortAndPrune(files);
    std::string out;
    for (const auto& d : diagnostics.list()) {
      producedDiagnostics().insert(d.kind->name);
      source::Position p = files.physical(d.pos);
      out += fmt::format("{}:{}: {}\n", p.line, p.column, d.message);
    }
    return out;
  }
};

inline std::unique_ptr<Parsed> parse(std::string_view text, ParseOptions options = {}, std::string name = "f.go") {
  auto p = std::make_unique<Parsed>();
  p->source = p->files.add(std::move(name), std::string(text));
  options.ids = &p->ids;
  p->file = parseFile(*p->source, p->arena, p->names, options, p->diagnostics);
  for (const Directive* d : p->file->directives) {
    if (d->misplaced) p->diagnostics.report(d->pos, *d->misplaced);  // the checker's to report
  }
  return p;
}

// The errors in a file of package p with this text behind the package clause, which is line 1.
inline std::string errorsIn(std::string_view body, ParseOptions options = {}) {
  return parse("package p\n" + std::string(body), options)->errors();
}
// The errors in a function body, whose first line is line 2.
inline std::string errorsInFunc(std::string_view body, ParseOptions options = {}) {
  return errorsIn("func _() { " + std::string(body) + "\n}\n", options);
}

}  // namespace burrow::syntax::testing
