// See rt_print.h.
#include "panic/rt_print.h"

namespace burrow::rt {

namespace {

NO_INLINE void printWord(PrintKind kind, uint64_t word) {
  switch (kind) {
    case PrintKind::Text: return printstring(goString(reinterpret_cast<const char*>(word)));
    case PrintKind::GoText: return printstring(*reinterpret_cast<const GoString*>(word));
    case PrintKind::Hex: return printhex(word);
    case PrintKind::Signed: return printint(int64_t(word));
    case PrintKind::Float: return printfloat64(__builtin_bit_cast(double, word));
    case PrintKind::Millis: return printNSAsMS(word);
    default: return printuint(word);
  }
}

}  // namespace

void rtPrintWords(const char* kinds, const uint64_t* words) {
  printlock();
  for (; PrintKind(*kinds) != PrintKind::End; kinds++, words++) printWord(PrintKind(*kinds), *words);
  printunlock();
}

void rtFormatWords(const char* format, const char* kinds, const uint64_t* words) {
  printlock();
  for (;;) {
    const char* end = format;
    while (*end != 0 && *end != '#') end++;
    gwrite(format, uint64_t(end - format));
    if (*end == 0) break;
    printWord(PrintKind(*kinds++), *words++);
    format = end + 1;
  }
  printunlock();
}

void rtPrint(const char* text) {
  printlock();
  printstring(goString(text));
  printunlock();
}

}  // namespace burrow::rt
