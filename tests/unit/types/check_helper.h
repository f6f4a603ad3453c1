// Checks source text given in a test.
#pragma once

#include <string>

#include "syntax/parser.h"
#include "types/check.h"
#include "types/queries.h"
#include "types/type_string.h"

namespace burrow::types {

struct Checked {
  source::Arena arena;
  source::SourceFiles sources;
  source::Diagnostics diagnostics;
  syntax::StringTable names;
  Context context{arena};
  std::vector<syntax::File*> files;
  Package* package = nullptr;

  explicit Checked(const std::string& text, const std::string& lang = "", bool testAssert = false) {
    source::SourceFile* f = sources.add("p.go", text);
    syntax::IdCounter ids;
    syntax::ParseOptions options;
    options.ids = &ids;
    files.push_back(syntax::parseFile(*f, arena, names, options, diagnostics));
    PackageInput input;
    input.path = "example.com/p";
    input.files = files;
    input.ids = ids;
    input.version = parseLangVersion(lang);
    input.sources = &sources;
    input.testAssert = testAssert;
    input.importer = [this](std::string_view path, source::Pos, std::string* error) -> Package* {
      *error = "no packages here";
      return nullptr;
    };
    package = checkPackage(context, input, diagnostics);
    diagnostics.sortAndPrune(sources);
  }
  // All messages, one per line, without the file's name.
  std::string errors() {
    std::string out = diagnostics.render(sources, 0);
    for (size_t at; (at = out.find("p.go:")) != std::string::npos;) out.erase(at, 5);
    return out;
  }
  Object* object(std::string_view name) { return package->scope->lookup(name); }
  Type* type(std::string_view name) { return object(name)->type; }
};

}  // namespace burrow::types
