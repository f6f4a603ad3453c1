// The address of a word of the thread area (abi/thread_area.h), which the FS register points to.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"

namespace burrow::codegen {

inline constexpr unsigned kFsSpace = 257;  // LLVM's address space for addresses relative to FS

inline llvm::Constant* threadWord(llvm::LLVMContext& context, uint64_t offset) {
  return llvm::ConstantExpr::getIntToPtr(llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), offset),
                                         llvm::PointerType::get(context, kFsSpace));
}

}  // namespace burrow::codegen
