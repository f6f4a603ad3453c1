// Names of ELF symbols that contain text of the program: types' names have the tags of their fields, and a tag is any text.
//
// Tags are quoted in names (ir::quote), so that no byte ends a symbol early. What quoting leaves is "@@", which linkers
// read as the begin of a version: two fields with the tags `@@` and `@@ "x"`, as a parser library has them, would share
// one record of name and tag. Names with it are escaped, and those that could be taken for an escape, so that no two come
// to the same. All other names are what they are, for people read them.
#pragma once

#include <string>

namespace llvm {
class Module;
}

namespace burrow::codegen {

// The symbol of what has this name: for who writes a symbol down as text.
std::string symbolName(std::string name);

// The name of what has this symbol.
std::string nameOfSymbol(std::string symbol);

// Gives everything in a module its symbol. Called when all of it is there: until then it is found by its name.
void escapeSymbolNames(llvm::Module& module);

}  // namespace burrow::codegen
