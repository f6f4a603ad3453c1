// Static data, put together byte by byte: type descriptors, itabs, initialised variables, constants.
//
// Bytes and symbol addresses are set at offsets, in any order; `build` makes one LLVM constant of them, a packed struct of
// byte runs and addresses. Whatever is not set is zero.
#pragma once

#include "codegen/llvm.h"

#include <map>

namespace burrow::codegen {

class DataBuilder {
 public:
  explicit DataBuilder(llvm::LLVMContext& context) : context_(context) {}

  size_t size() const { return bytes_.size(); }
  // Makes the data at least that long.
  void grow(size_t size) {
    if (bytes_.size() < size) bytes_.resize(size);
  }
  void align(size_t alignment) { grow((size() + alignment - 1) / alignment * alignment); }

  void setInt(size_t offset, unsigned width, uint64_t value);
  void setBytes(size_t offset, llvm::ArrayRef<uint8_t> data);
  // The address takes as many bytes as its LLVM type says.
  void setAddress(size_t offset, llvm::Constant* address, size_t width);
  void addInt(unsigned width, uint64_t value) { setInt(size(), width, value); }
  void addAddress(llvm::Constant* address, size_t width) { setAddress(size(), address, width); }

  bool isZero() const;
  llvm::Constant* build();

 private:
  llvm::LLVMContext& context_;
  std::vector<uint8_t> bytes_;
  std::map<size_t, std::pair<llvm::Constant*, size_t>> addresses_;
};

}  // namespace burrow::codegen
