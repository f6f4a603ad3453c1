// Names of ELF symbols that contain text of the program: types' names have the tags of their fields, and a tag is any text.
//
// A symbol ends at a NUL byte, and linkers take "name@@version" for another word for "name": two fields with the tags
// `@@` and `@@ "x"`, as a parser library has them, would share one record of name and tag. Such text is escaped, in a way that no
// two texts come to the same. All other names are what they are, for people read them.
#pragma once

#include <string>

namespace llvm {
class Module;
}

namespace burrow::codegen {

// The symbol for a text.
std::string symbolName(std::string text);

// Renames what has "@@" in its name. Called when all of a module is there: until then it is found by its text. (NUL bytes LLVM takes
// in no name; types' names, where they are quoted, have none.)
void escapeSymbolNames(llvm::Module& module);

}  // namespace burrow::codegen
