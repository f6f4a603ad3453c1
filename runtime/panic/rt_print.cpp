// See rt_print.h.
#include "panic/rt_print.h"

namespace burrow::rt {

void rtPrintWords(const char* kinds, const uint64_t* words) {
  printlock();
  for (; *kinds != 0; kinds++, words++) {
    switch (PrintKind(*kinds)) {
      case PrintKind::Text: printstring(goString(reinterpret_cast<const char*>(*words))); break;
      case PrintKind::GoText: printstring(*reinterpret_cast<const GoString*>(*words)); break;
      case PrintKind::Hex: printhex(*words); break;
      case PrintKind::Signed: printint(int64_t(*words)); break;
      case PrintKind::Unsigned: printuint(*words); break;
    }
  }
  printunlock();
}

void rtPrint(const char* text) {
  printlock();
  printstring(goString(text));
  printunlock();
}

}  // namespace burrow::rt
