// Lowering of whatever the checker accepts: it ends, and the result passes the verifier and can be printed.
#include <cstdio>
#include <cstdlib>

#include "ir/text.h"
#include "ir/verify.h"
#include "irgen/irgen.h"
#include "program.h"

using namespace burrow;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Program program(std::string(reinterpret_cast<const char*>(data), size), false);
  if (!program.diagnostics.empty()) return -1;  // keep what does not check out of the corpus
  ir::TypeTable table;
  auto module = irgen::generate({program.context, program.files}, *program.package, table, {}, program.diagnostics);
  if (!program.diagnostics.empty()) return 0;
  std::vector<std::string> problems = ir::verify(*module);
  for (const std::string& p : problems) std::fprintf(stderr, "%s\n", p.c_str());
  if (!problems.empty()) std::abort();
  if (size % 8 == 0) ir::print(*module);
  return 0;
}
