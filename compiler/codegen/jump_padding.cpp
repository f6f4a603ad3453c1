// Jumps that are padded to keep within 32 bytes, and functions where that would take too long.
//
// The problem: target.cpp asks the assembler to pad jumps (an erratum of some processors). Each jump then has a size
// that depends on its address, and addresses on the sizes before: the assembler lays a function out again until nothing
// changes, and each time a short jump becomes a long one all behind it moves. The rounds grow with the function. Of the
// time for a switch over 10,000 types, 55 s, this took 40; without padding in functions of more than kMaxPaddedBlocks
// blocks that is gone (bench/compile_scale.py type_switch). Such functions are generated tables of cases, not loops.
//
// LLVM has the option for a whole process, read when a module's printer is made; the printer's streamer has a switch
// that may change at any instruction. So a handler, told of each function that is printed, turns it.
//
// Rejected: no padding in a module with a large function, since its other functions may be the hot ones, and since
// setting the process's option would race with other compilations.
#include "codegen/jump_padding.h"

#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/CodeGen/AsmPrinterHandler.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/MC/MCStreamer.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr size_t kMaxPaddedBlocks = 2'000;

class Handler : public AsmPrinterHandler {
 public:
  Handler(AsmPrinter& printer, bool none) : printer_(printer), most_(none ? 0 : kMaxPaddedBlocks) {}
  void beginModule(Module*) override { padding_ = printer_.OutStreamer->getAllowAutoPadding(); }
  void endModule() override {}
  void beginFunction(const MachineFunction* f) override {
    printer_.OutStreamer->setAllowAutoPadding(padding_ && f->size() <= most_);
  }
  void endFunction(const MachineFunction*) override { printer_.OutStreamer->setAllowAutoPadding(padding_); }

 private:
  AsmPrinter& printer_;
  size_t most_;  // blocks of a function that is padded
  bool padding_ = false;
};

}  // namespace

void limitPadding(AsmPrinter& printer, bool none) { printer.addAsmPrinterHandler(std::make_unique<Handler>(printer, none)); }

}  // namespace burrow::codegen
