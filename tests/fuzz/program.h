// An input of the targets behind the parser as a package: parsed and, if that went well, checked.
#pragma once

#include <string>

#include "syntax/parser.h"
#include "types/check.h"

namespace burrow::fuzz {

struct Program {
  source::SourceFiles files;
  source::Arena arena;
  syntax::StringTable names;
  source::Diagnostics diagnostics;
  types::Context context{arena};
  types::Package* package = nullptr;

  // With `recover`, texts with syntax errors are checked too, as gc's checker tests do.
  Program(const std::string& text, bool recover) {
    source::SourceFile* file = files.add("dir/f.go", text);
    syntax::IdCounter ids;
    syntax::ParseOptions options;
    options.ids = &ids;
    std::vector<syntax::File*> trees{syntax::parseFile(*file, arena, names, options, diagnostics)};
    if (!diagnostics.empty() && !recover) return;
    types::PackageInput input;
    input.path = "example.com/p";
    input.files = trees;
    input.ids = ids;
    input.sources = &files;
    input.allowMissingBodies = true;
    input.importer = [](std::string_view, source::Pos, std::string* error) -> types::Package* {
      *error = "no packages here";
      return nullptr;
    };
    package = types::checkPackage(context, input, diagnostics);
  }
};

}  // namespace burrow::fuzz
