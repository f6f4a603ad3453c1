// The type checker's entry: one package's trees in, a typed package out.
//
// The checker never stops at an error: it reports, marks what it could not understand as invalid, and goes on. The result
// is complete in the sense of info.h when nothing was reported. All memory comes from the context's arena.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "source/diagnostic.h"
#include "syntax/parser.h"
#include "types/context.h"
#include "types/info.h"

namespace burrow::types {

// "go1.22", "1.22", "go1.22.3", "go1.27rc1" -> minor 22 or 27. Anything else: minor 0.
LangVersion parseLangVersion(std::string_view text);

struct PackageInput {
  std::string_view path;                // "main" for commands
  std::span<syntax::File* const> files; // parsed with one IdCounter; at least one
  syntax::IdCounter ids;                // that counter after parsing: sizes of Info's vectors
  LangVersion version;                  // of the module; file versions come from the trees
  // The package for an import path, already checked; null when there is none, with the reason in *error (what follows
  // "could not import path (...)" ). "unsafe" is never asked for. Called once per path and package.
  std::function<Package*(std::string_view path, Pos pos, std::string* error)> importer;
  const source::SourceFiles* sources = nullptr;  // for the few messages that name another place in their text
  bool allowMissingBodies = false;      // the package has assembly files: functions without body are fine
  bool testAssert = false;              // declares the function `assert` of gc's checker tests
  // Of a package that has been compiled before: bodies are checked only where importers compile them, in generic functions
  // and methods; what else could be wrong with it is not looked for, and there is no initialisation order.
  bool genericBodiesOnly = false;
  bool patched = false;                 // declarations were taken out: imports may be unused, link names without an object
};

// Checks one package. Never null; `complete` tells whether it was checked without errors.
Package* checkPackage(Context& context, const PackageInput& input, source::Diagnostics& diagnostics);

}  // namespace burrow::types
