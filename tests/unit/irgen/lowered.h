// Go source text, checked and lowered; what the tests of this folder look at.
#pragma once

#include "ir/text.h"
#include "ir/verify.h"
#include "irgen/irgen.h"
#include "syntax/parser.h"
#include "types/check.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace burrow {

// One package without imports. A test that gives text which does not check, or gets IR that does not verify, fails.
struct Lowered {
  source::Arena arena;
  source::SourceFiles sources;
  source::Diagnostics diagnostics;
  syntax::StringTable strings;
  types::Context context{arena};
  types::Package* package = nullptr;
  ir::TypeTable table;
  std::unique_ptr<ir::Module> module;

  explicit Lowered(std::string text, const std::string& version = "") {
    syntax::IdCounter ids;
    syntax::ParseOptions options;
    options.ids = &ids;
    source::SourceFile* source = sources.add("test.go", std::move(text));
    syntax::File* file = syntax::parseFile(*source, arena, strings, options, diagnostics);
    syntax::File* files[] = {file};
    if (diagnostics.empty()) {
      types::PackageInput input;
      input.path = file->name->name;
      input.files = files;
      input.ids = ids;
      input.sources = &sources;
      input.version = types::parseLangVersion(version);
      input.allowMissingBodies = true;
      input.importer = [](std::string_view, source::Pos, std::string*) -> types::Package* { return nullptr; };
      package = types::checkPackage(context, input, diagnostics);
    }
    if (diagnostics.empty()) {
      irgen::Program program{context, sources};
      module = irgen::generate(program, *package, table, {}, diagnostics);
      for (const std::string& problem : ir::verify(*module)) ADD_FAILURE() << problem;
    } else {
      ADD_FAILURE() << diagnostics.render(sources);
      module = std::make_unique<ir::Module>(table);
    }
  }

  bool has(std::string_view function) const { return module->function(function) != nullptr; }
  // The function's text; empty when there is none.
  std::string text(std::string_view function) const {
    const ir::Function* fn = module->function(function);
    return fn == nullptr ? std::string() : ir::print(*module, *fn);
  }
  // How often an operation occurs in a function.
  int count(std::string_view function, ir::Op op) const {
    int n = 0;
    if (const ir::Function* fn = module->function(function)) {
      for (const ir::Block& b : fn->blocks)
        for (ir::ValueId v : b.insts) n += (*fn)[v].op == op;
    }
    return n;
  }
};

}  // namespace burrow
