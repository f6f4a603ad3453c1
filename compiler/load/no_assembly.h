// Packages with Go assembly, which is not compiled; see no_assembly.cpp.
#pragma once

#include "syntax/build_constraint.h"

#include <string>
#include <string_view>

namespace burrow::load {

// An assembly file without code: comments and #include lines. It stands there so that functions may lack a body.
bool isBlankAssembly(std::string_view text);

// Whether an assembly file has the package's function of this name.
bool definesFunction(std::string_view text, std::string_view name);

// The runtime has the functions that this package, of a module, has in assembly.
bool isAssemblyInRuntime(std::string_view importPath);

// The constraints under which a package with assembly chooses its files again.
syntax::BuildContext contextWithoutAssembly(syntax::BuildContext context);
// Those for a package that has assembly even then: the same, on a machine that nobody has assembly for.
syntax::BuildContext contextOfNoMachine(syntax::BuildContext context);

}  // namespace burrow::load
