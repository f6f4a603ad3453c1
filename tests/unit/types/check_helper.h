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

  // A line "=====" in the text begins another file; a line "-----" the package "lib", which it may import.
  explicit Checked(std::string text, const std::string& lang = "", bool testAssert = false,
                   const std::string& path = "", bool genericBodiesOnly = false) {
    constexpr std::string_view kNextFile = "\n=====\n";
    constexpr std::string_view kLibrary = "\n-----\n";
    std::string library;
    if (size_t at = text.find(kLibrary); at != std::string::npos) {
      library = text.substr(at + kLibrary.size());
      text.resize(at);
    }
    syntax::IdCounter ids;
    syntax::ParseOptions options;
    options.ids = &ids;
    for (size_t from = 0, to = 0; to != std::string::npos; from = to + kNextFile.size()) {
      to = text.find(kNextFile, from);
      source::SourceFile* f = sources.add("p.go", text.substr(from, to == std::string::npos ? to : to - from));
      files.push_back(syntax::parseFile(*f, arena, names, options, diagnostics));
    }
    PackageInput input;
    input.path = path.empty() ? "example.com/p" : std::string_view(path);
    input.files = files;
    input.ids = ids;
    input.version = parseLangVersion(lang);
    input.sources = &sources;
    input.testAssert = testAssert;
    input.genericBodiesOnly = genericBodiesOnly;
    input.importer = [&](std::string_view imported, source::Pos, std::string* error) -> Package* {
      if (imported == "lib" && !library.empty()) return checkLibrary(library);
      *error = "no packages here";
      return nullptr;
    };
    package = checkPackage(context, input, diagnostics);
    diagnostics.sortAndPrune(sources);
  }
  Package* checkLibrary(const std::string& text) {
    syntax::IdCounter ids;
    syntax::ParseOptions options;
    options.ids = &ids;
    std::vector<syntax::File*> trees{syntax::parseFile(*sources.add("lib.go", text), arena, names, options, diagnostics)};
    PackageInput input;
    input.path = "lib";
    input.files = trees;
    input.ids = ids;
    return checkPackage(context, input, diagnostics);
  }
  // All messages, one per line, without the file's name.
  std::string errors() {
    std::string out = diagnostics.render(sources);
    for (size_t at; (at = out.find("p.go:")) != std::string::npos;) out.erase(at, 5);
    return out;
  }
  Object* object(std::string_view name) { return package->scope->lookup(name); }
  Type* type(std::string_view name) { return object(name)->type; }
};

}  // namespace burrow::types
