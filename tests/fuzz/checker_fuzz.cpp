// The checker on any text, right or wrong: it ends, its messages can be put into order and printed, and a package is
// complete exactly when it has said nothing.
#include <cstdlib>

#include "program.h"
#include "types/type_string.h"

using namespace burrow;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::Program program(text, size % 4 == 0);
  if (program.package != nullptr) {
    if (program.package->complete && !program.diagnostics.empty() && size % 4 != 0) std::abort();
    for (const types::TypeName* t : program.package->info->namedTypes) types::typeString(t->type, nullptr);
  }
  program.diagnostics.sortAndPrune(program.files);
  program.diagnostics.render(program.files);
  return 0;
}
