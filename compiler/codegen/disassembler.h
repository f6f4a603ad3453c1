// Machine code to text, one instruction at a time, for `burrow objdump` and the inspector. LLVM stays behind this header.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace burrow::codegen {

struct Instruction {
  unsigned size = 0;  // bytes
  std::string text;   // AT&T syntax, "movq\t%rsp, %rbp"
};

class Disassembler {
 public:
  Disassembler();
  ~Disassembler();
  // What stands at an address, as an operand should name it; empty: the number is shown. `isBranch`: a jump or call goes there.
  std::function<std::string(uint64_t address, bool isBranch)> symbolize;
  // The instruction at the start of `code`, which lies at `address`. Bytes that are none give one byte, ".byte 0x..".
  Instruction decode(std::string_view code, uint64_t address);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace burrow::codegen
