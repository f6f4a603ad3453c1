// The parser on any bytes, like gc and like go/parser: it ends, its tree can be walked, every position in it lies in
// the file, identifiers are dense, a tree without errors has no holes, and it can be printed.
#include "syntax/build_constraint.h"
#include "syntax/parser.h"
#include "syntax/positions.h"
#include "syntax/print.h"
#include "syntax/walk.h"

#include <cstdlib>

using namespace burrow;

namespace {

void check(bool ok) {
  if (!ok) std::abort();
}

void parse(const std::string& text, bool likeGoParser, bool importsOnly) {
  source::SourceFiles files;
  source::SourceFile* file = files.add("dir/f.go", text);
  source::Arena arena;
  syntax::StringTable names;
  source::Diagnostics diagnostics;
  syntax::IdCounter ids;
  syntax::ParseOptions options;
  options.ids = &ids;
  options.likeGoParser = likeGoParser;
  options.importsOnly = importsOnly;
  syntax::File* tree = syntax::parseFile(*file, arena, names, options, diagnostics);
  check(tree->hasErrors == !diagnostics.empty());

  auto inFile = [&](source::Pos p) { return p.value >= file->base && p.value <= file->base + file->size(); };
  std::vector<bool> exprs(ids.nextExpr), others(ids.nextNode);
  syntax::walk(tree, [&](syntax::Node* n) {
    check(inFile(n->pos) && inFile(syntax::startPos(n)) && inFile(syntax::endPos(n)) && inFile(syntax::reportPos(n)));
    auto& seen = syntax::Expr::is(n->kind) ? exprs : others;
    check(n->id > 0 && n->id < seen.size());
    if (!tree->hasErrors) {
      check(n->kind != syntax::NodeKind::BadExpr);
      check(syntax::startPos(n) <= syntax::endPos(n));
    }
    seen[n->id] = true;
    return true;
  });
  if (text.size() % 8 == 0) syntax::printTree(tree, *file);  // slow: not every time
  diagnostics.sortAndPrune(files);
  diagnostics.render(files);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  parse(text, false, false);
  if (size % 2 == 0) parse(text, true, size % 4 == 0);
  syntax::matchHeader(text, syntax::BuildContext());
  return 0;
}
