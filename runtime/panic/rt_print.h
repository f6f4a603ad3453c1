// rtPrint("sp=", hex(sp), " n=", n, "\n"): prints a mixture of texts and numbers to standard error, like Go's print.
#pragma once

#include "print/print.h"

namespace burrow::rt {

struct Hex { uint64_t value; };
inline Hex hex(uint64_t v) { return {v}; }
template <class T>
inline Hex hex(T* p) { return {reinterpret_cast<uint64_t>(p)}; }

inline void printOne(const char* s) { printstring(goString(s)); }
inline void printOne(GoString s) { printstring(s); }
inline void printOne(Hex h) { printhex(h.value); }
inline void printOne(int v) { printint(v); }
inline void printOne(int64_t v) { printint(v); }
inline void printOne(uint32_t v) { printuint(v); }
inline void printOne(uint64_t v) { printuint(v); }

template <class... Args>
inline void rtPrint(Args... args) {
  printlock();
  (printOne(args), ...);
  printunlock();
}

}  // namespace burrow::rt
