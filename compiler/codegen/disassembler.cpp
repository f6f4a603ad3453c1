// See disassembler.h.
#include "codegen/disassembler.h"

#include <llvm-c/Disassembler.h>
#include <llvm-c/Target.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <mutex>

namespace burrow::codegen {

struct Disassembler::State {
  Disassembler* owner = nullptr;
  LLVMDisasmContextRef context = nullptr;
  std::string name;  // keeps what symbolLookup returned last
};

namespace {

constexpr size_t kMostBytes = 15;  // of an x86 instruction

void initialize() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86Disassembler();
  });
}

}  // namespace

Disassembler::Disassembler() : state_(new State) {
  initialize();
  state_->owner = this;
  auto lookup = [](void* info, uint64_t value, uint64_t* kind, uint64_t, const char** reference) -> const char* {
    State* s = static_cast<State*>(info);
    const bool isBranch = *kind == LLVMDisassembler_ReferenceType_In_Branch;
    const bool isLoad = *kind == LLVMDisassembler_ReferenceType_In_PCrel_Load;
    *kind = LLVMDisassembler_ReferenceType_InOut_None;
    *reference = nullptr;
    if (!s->owner->symbolize) return nullptr;
    s->name = s->owner->symbolize(value, isBranch);
    if (s->name.empty()) return nullptr;
    if (isLoad) {
      // The operand stays as it is; the name goes into a comment.
      *kind = LLVMDisassembler_ReferenceType_Out_SymbolStub;
      *reference = s->name.c_str();
      return nullptr;
    }
    return s->name.c_str();
  };
  state_->context = LLVMCreateDisasm("x86_64-unknown-linux-gnu", state_.get(), 0, nullptr, lookup);
}

Disassembler::~Disassembler() {
  if (state_->context) LLVMDisasmDispose(state_->context);
}

Instruction Disassembler::decode(std::string_view code, uint64_t address) {
  Instruction out;
  if (code.empty()) return out;
  uint8_t bytes[kMostBytes];
  const size_t n = std::min(code.size(), kMostBytes);
  std::memcpy(bytes, code.data(), n);
  char text[512];
  const size_t size = state_->context ? LLVMDisasmInstruction(state_->context, bytes, n, address, text, sizeof text) : 0;
  if (size == 0) {
    out.size = 1;
    char byte[16];
    std::snprintf(byte, sizeof byte, ".byte\t0x%02x", bytes[0]);
    out.text = byte;
    return out;
  }
  out.size = unsigned(size);
  out.text = text;
  out.text.erase(0, out.text.find_first_not_of(" \t"));
  // Names with dots and the like come quoted; nothing else in an instruction has quotes.
  out.text.erase(std::remove(out.text.begin(), out.text.end(), '"'), out.text.end());
  return out;
}

}  // namespace burrow::codegen
