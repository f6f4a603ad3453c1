// burrow_parse: runs the scanner and the parser over files and prints what they say. For tests and for timing.
//
//	burrow_parse [-tokens | -tree | -bench] [-gofmt] [-all] [-std] [file...]
//
// Without any file their names are read from standard input.
// Prints "file:line:column: message" for every error, all of them. -gofmt: judge as gofmt -e does. -all: check labels
// and directives too, -std: as in the standard library. -bench: print only how much was read.
#include "syntax/parser.h"
#include "syntax/print.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

using namespace burrow;

int main(int argc, char** argv) {
  enum class Mode { Errors, Tokens, Tree, Bench } mode = Mode::Errors;
  syntax::ParseOptions options;
  options.checkBranches = false;
  options.checkPragmas = false;
  std::vector<std::string> names;
  for (int i = 1; i < argc; i++) {
    std::string_view a = argv[i];
    if (a == "-tokens") {
      mode = Mode::Tokens;
    } else if (a == "-tree") {
      mode = Mode::Tree;
    } else if (a == "-bench") {
      mode = Mode::Bench;
    } else if (a == "-gofmt") {
      options.likeGoParser = true;
    } else if (a == "-std") {
      options.isStd = options.isRuntime = true;
    } else if (a == "-all") {
      options.checkBranches = options.checkPragmas = true;
    } else {
      names.emplace_back(a);
    }
  }
  if (names.empty()) {
    for (std::string line; std::getline(std::cin, line);) names.push_back(line);
  }

  size_t bytes = 0, errors = 0, nodes = 0;
  for (const std::string& name : names) {
    source::SourceFiles files;
    std::string error;
    source::SourceFile* file = files.read(name, name, &error);
    if (!file) {
      fmt::print(stderr, "{}: {}\n", name, error);
      return 2;
    }
    bytes += file->size();
    if (mode == Mode::Tokens) {
      fmt::print("{}", syntax::printTokens(*file));
      continue;
    }
    source::Arena arena;
    syntax::StringTable strings;
    source::Diagnostics diagnostics;
    syntax::IdCounter ids;
    options.ids = &ids;
    syntax::File* tree = syntax::parseFile(*file, arena, strings, options, diagnostics);
    nodes += ids.nextExpr + ids.nextNode;
    errors += diagnostics.size();
    if (mode == Mode::Tree) fmt::print("{}", syntax::printTree(tree, *file));
    if (mode != Mode::Bench) {
      diagnostics.sortAndPrune(files);
      for (const auto& d : diagnostics.list()) {
        fmt::print("{}: {}\n", files.position(d.pos).str(), d.message);
      }
    }
  }
  if (mode == Mode::Bench) {
    fmt::print("{} files, {} bytes, {} nodes, {} errors\n", names.size(), bytes, nodes, errors);
  }
  return errors > 0 ? 1 : 0;
}
