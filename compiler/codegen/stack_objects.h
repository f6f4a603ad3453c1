// The stack objects of a function that may hold pointers, and where they can matter; see stack_objects.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace burrow::codegen {

class StackObjects {
 public:
  explicit StackObjects(llvm::Function& f);

  unsigned size() const { return unsigned(objects_.size()); }
  llvm::AllocaInst* at(unsigned i) const { return objects_[i]; }
  uint64_t words(unsigned i) const { return words_[i]; }
  // -1: not an object with pointers.
  int indexOf(const llvm::Value* v) const {
    auto it = index_.find(v);
    return it == index_.end() ? -1 : int(it->second);
  }
  // Finds what the two below tell, about these calls.
  void analyse(llvm::ArrayRef<llvm::CallInst*> calls);
  // The object's address has gone where this function's uses do not show it any more.
  bool captured(unsigned i) const { return captured_.test(i); }
  // The objects that may have been written when the call runs.
  const llvm::BitVector& touchedAt(llvm::CallInst& call) { return touchedAt_[&call]; }

  // The objects all of which are overwritten from `i` on before anything reads them.
  llvm::ArrayRef<unsigned> overwrittenFrom(const llvm::Instruction& i) const {
    auto it = overwritten_.find(&i);
    return it == overwritten_.end() ? llvm::ArrayRef<unsigned>() : llvm::ArrayRef<unsigned>(it->second);
  }

 private:
  void findOverwritten(llvm::BasicBlock& block);
  bool follow(llvm::Value* v, unsigned object, llvm::SmallPtrSetImpl<llvm::Value*>& seen);
  void step(llvm::Instruction& i, llvm::BitVector& touched) const;

  llvm::Function& f_;
  std::vector<llvm::AllocaInst*> objects_;
  std::vector<uint64_t> words_;
  llvm::DenseMap<const llvm::Value*, unsigned> index_;
  llvm::DenseMap<const llvm::Instruction*, llvm::SmallVector<unsigned, 1>> overwritten_;
  llvm::BitVector captured_;
  llvm::DenseMap<llvm::Instruction*, llvm::SmallVector<unsigned, 1>> mentions_;  // the objects that an instruction names
  llvm::DenseMap<llvm::BasicBlock*, llvm::BitVector> touchedIn_;
  llvm::DenseMap<llvm::CallInst*, llvm::BitVector> touchedAt_;
};

// The object whose lifetime begins or ends here, null: this is no such mark.
llvm::AllocaInst* lifetimeMark(llvm::Instruction& i);
// The operand where memory is written and not read, if there is one.
llvm::Use* writtenOnly(llvm::Instruction& i);

}  // namespace burrow::codegen
