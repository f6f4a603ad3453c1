// Writing and reading the section of lto.h; LLVM's side of it.
#pragma once

#include "codegen/llvm.h"
#include "codegen/object_tables.h"

#include <memory>
#include <span>
#include <string>

namespace burrow::codegen {

struct LtoImport;
struct LtoPart;

// The section's content, of a module as it is after LLVM's simplification. Empty when it has very much data: the part then keeps
// its object, as if it were made without -lto.
std::string ltoContent(llvm::Module& module, const FunctionFacts& facts);
// Puts it into the object.
void addLtoContent(llvm::Module& module, const std::string& content);

// Adds the facts.
void readFacts(std::string_view text, FunctionFacts& facts);

// The module of a part with what it imports. Null, with *error set, when LLVM cannot read it.
std::unique_ptr<llvm::Module> moduleWithImports(const LtoPart& part, std::span<const LtoImport> imports,
                                                llvm::LLVMContext& context, std::string* error);

}  // namespace burrow::codegen
