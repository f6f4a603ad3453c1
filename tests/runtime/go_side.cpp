// The part of package runtime that is Go (std/runtime), played by C++ for programs that are linked without a compiler:
// panic values are the descriptors below with a C string as data.
#include "support.h"

namespace burrow::rt {

GOABI void panicErrorString(GoString text) {
  static char buffer[256];
  const char prefix[] = "runtime error: ";
  memcpy(buffer, prefix, sizeof(prefix) - 1);
  memcpy(buffer + sizeof(prefix) - 1, text.data, size_t(text.len));
  buffer[sizeof(prefix) - 1 + text.len] = 0;
  test::panicText(buffer);
}
GOABI void panicPlainError(GoString text) { test::panicText(reinterpret_cast<const char*>(text.data)); }
GOABI void panicTypeText(GoString text, const abi::Type*) { panicErrorString(text); }
GOABI void panicTypeAssertion(const abi::Type*, const abi::Type*, const abi::Type*, GoString) {
  test::panicText("interface conversion");
}
GOABI void panicmem() { panicErrorString(goString("invalid memory address or nil pointer dereference")); }
GOABI void panicmemAddr(uintptr_t) { panicmem(); }
GOABI void panicdivide() { panicErrorString(goString("integer divide by zero")); }
GOABI void panicoverflow() { panicErrorString(goString("integer overflow")); }
GOABI void panicfloat() { panicErrorString(goString("floating point error")); }

struct PanicText {
  const uint8_t* data;
  int64_t len;
  bool ok;
};
GOABI PanicText panicValueText(Eface v) GO_SYM("runtime.panicValueText");
GOABI PanicText panicValueText(Eface v) {
  const char* s = static_cast<const char*>(v.data);
  return {reinterpret_cast<const uint8_t*>(s), int64_t(strlen(s)), true};
}
GOABI Eface newPanicNilError() GO_SYM("runtime.newPanicNilError");
GOABI Eface newPanicNilError() {
  return test::textValue("panic called with nil argument (use GODEBUG=panicnil=1 to disable)");
}
GOABI void printpanicval(Eface v) GO_SYM("runtime.printpanicval");
GOABI void printpanicval(Eface v) { rtPrint(static_cast<const char*>(v.data)); }
GOABI SynctestBubble* bubbleOfDeadlock(Eface) GO_SYM("runtime.bubbleOfDeadlock");
GOABI SynctestBubble* bubbleOfDeadlock(Eface) { return nullptr; }
GOABI void unreachableMethod() GO_SYM("runtime.unreachableMethod");
GOABI void unreachableMethod() { throw_("unreachable method called. linker bug?"); }

}  // namespace burrow::rt

namespace test {
burrow::abi::Type textType = {.size = 16, .kind = burrow::abi::kString};
}
