// burrow_irdump: Go files to Burrow IR, without imports (but "unsafe"): lowering by itself.
//
//   burrow_irdump file.go...          one package of these files; prints its IR
//   burrow_irdump --each file.go...   every file as a package of its own; prints only what is wrong, one line per problem,
//                                     and at the end how many files were lowered. Files that do not check are passed over.
//   burrow_irdump --function NAME ... only that function's text
#include "ir/text.h"
#include "ir/verify.h"
#include "irgen/irgen.h"
#include "syntax/parser.h"
#include "types/check.h"

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

using namespace burrow;

namespace {

enum class Outcome { Rejected, Broken, Fine };

Outcome run(const std::vector<std::string>& names, bool quiet, const std::string& function) {
  source::Arena arena;
  source::SourceFiles sources;
  source::Diagnostics diagnostics;
  syntax::StringTable strings;
  syntax::IdCounter ids;
  syntax::ParseOptions parseOptions;
  parseOptions.ids = &ids;
  std::vector<syntax::File*> files;
  for (const std::string& name : names) {
    std::string error;
    source::SourceFile* source = sources.read(name, name, &error);
    if (source == nullptr) {
      std::fprintf(stderr, "%s: %s\n", name.c_str(), error.c_str());
      return Outcome::Rejected;
    }
    files.push_back(syntax::parseFile(*source, arena, strings, parseOptions, diagnostics));
  }
  types::Package* package = nullptr;
  types::Context context(arena);
  if (diagnostics.empty()) {
    types::PackageInput input;
    input.path = files[0]->name != nullptr ? files[0]->name->name : "main";
    input.files = files;
    input.ids = ids;
    input.sources = &sources;
    input.allowMissingBodies = true;
    input.importer = [](std::string_view, source::Pos, std::string* error) -> types::Package* {
      *error = "no imports here";
      return nullptr;
    };
    package = types::checkPackage(context, input, diagnostics);
  }
  if (!diagnostics.empty()) {
    if (!quiet) std::fputs(diagnostics.render(sources).c_str(), stderr);
    return Outcome::Rejected;
  }
  ir::TypeTable table;
  auto module = irgen::generate({context, sources}, *package, table, {}, diagnostics);
  if (!quiet && function.empty()) std::fputs(ir::print(*module).c_str(), stdout);
  if (!function.empty()) {
    if (const ir::Function* fn = module->function(function)) std::fputs(ir::print(*module, *fn).c_str(), stdout);
  }
  std::vector<std::string> problems = ir::verify(*module);
  for (const std::string& p : problems) std::printf("%s: %s\n", names[0].c_str(), p.c_str());
  return problems.empty() ? Outcome::Fine : Outcome::Broken;
}

}  // namespace

int main(int argc, char** argv) {
  bool each = false;
  std::string function;
  std::vector<std::string> names;
  for (int i = 1; i < argc; i++) {
    if (std::strcmp(argv[i], "--each") == 0) {
      each = true;
    } else if (std::strcmp(argv[i], "--function") == 0 && i + 1 < argc) {
      function = argv[++i];
    } else {
      names.emplace_back(argv[i]);
    }
  }
  if (!each) return run(names, false, function) == Outcome::Fine ? 0 : 1;
  size_t fine = 0, broken = 0, rejected = 0;
  for (const std::string& name : names) {
    std::fprintf(stderr, "%s\n", name.c_str());  // so that a crash can be told from the file before
    switch (run({name}, true, {})) {
      case Outcome::Fine: fine++; break;
      case Outcome::Broken: broken++; break;
      case Outcome::Rejected: rejected++; break;
    }
  }
  std::printf("%zu files lowered, %zu with broken IR, %zu not checked\n", fine, broken, rejected);
  return broken == 0 ? 0 : 1;
}
