// Source text in, syntax tree out.
//
// The parser reads one file completely, reports all its syntax errors in gc's wording and at gc's positions, and
// returns a tree even when there were some (see ast.h for what holds then). It knows no names: nothing is resolved but
// the targets of branch statements, which are a matter of syntax.
#pragma once

#include "source/arena.h"
#include "source/diagnostic.h"
#include "syntax/ast.h"
#include "syntax/string_table.h"

namespace burrow::syntax {

// The two numberings of ast.h; one object per package, handed from file to file. `next` values are the sizes that a
// vector indexed by ids needs.
struct IdCounter {
  uint32_t nextExpr = 1;
  uint32_t nextNode = 1;
};

struct ParseOptions {
  IdCounter* ids = nullptr;    // null: the file has its own numbering
  bool importsOnly = false;    // stop behind the import declarations
  bool checkBranches = true;   // resolve labels, break and continue, and report what is wrong with them
  bool checkPragmas = true;    // report misplaced and malformed //go: directives
  bool isStd = false;          // the package belongs to the standard library: other rules for directives
  bool isRuntime = false;      // the package is the runtime or a part of it: more directives are legal
  bool fieldTrack = false;     // GOEXPERIMENT=fieldtrack: //go:nointerface means something
  // The Go distribution has two parsers, and they do not quite agree on what a syntax error is. By default this one
  // goes with gc, whose diagnostics are ours too. With `likeGoParser` it accepts and rejects exactly what go/parser
  // (and so gofmt -e) does, at the same line:
  // - go and defer without a call, and ranges with three variables, are errors here (in gc: the type checker's);
  // - receiver lists that do not hold one receiver, := in the post statement of a for loop, and a := before a type
  //   switch guard with something other than a name are not (gc: errors of the parser);
  // - `x[0] {` in a case starts a composite literal;
  // - a label without a statement is noticed at the token behind it, and the end of the file is on its last line.
  bool likeGoParser = false;
};

// Never null. Fills file.lineStarts and file.lineDirectives. The tree lives in `arena`, its names in `names`, its
// literals in `file.text`: all three must outlive it.
File* parseFile(source::SourceFile& file, source::Arena& arena, StringTable& names, const ParseOptions& options,
                source::Diagnostics& diagnostics);

}  // namespace burrow::syntax
