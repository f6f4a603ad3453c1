// rtPrint("sp=", hex(sp), " n=", n, "\n"): prints a mixture of texts and numbers to standard error, like Go's print.
//
// A call passes its operands as an array of words and a string that says what each of them is: a store for each operand instead
// of a call for each. Reports that are hardly ever printed are a good part of a small program, so that their size counts.
#pragma once

#include "print/print.h"

namespace burrow::rt {

struct Hex { uint64_t value; };
inline Hex hex(uint64_t v) { return {v}; }
template <class T>
inline Hex hex(T* p) { return {reinterpret_cast<uint64_t>(p)}; }

// What a word is.
enum class PrintKind : char { Text = 't', GoText = 'g', Hex = 'x', Signed = 'i', Unsigned = 'u' };

// `kinds` ends with 0. GoText's word is the address of a GoString.
void rtPrintWords(const char* kinds, const uint64_t* words);
void rtPrint(const char* text);

template <class T>
struct PrintOperand;
template <>
struct PrintOperand<const char*> {
  static constexpr PrintKind kind = PrintKind::Text;
  static uint64_t word(const char* const& s) { return reinterpret_cast<uint64_t>(s); }
};
template <>
struct PrintOperand<GoString> {
  static constexpr PrintKind kind = PrintKind::GoText;
  static uint64_t word(const GoString& s) { return reinterpret_cast<uint64_t>(&s); }
};
template <>
struct PrintOperand<Hex> {
  static constexpr PrintKind kind = PrintKind::Hex;
  static uint64_t word(const Hex& h) { return h.value; }
};
template <class T>
struct PrintSigned {
  static constexpr PrintKind kind = PrintKind::Signed;
  static uint64_t word(T v) { return uint64_t(int64_t(v)); }
};
template <class T>
struct PrintUnsigned {
  static constexpr PrintKind kind = PrintKind::Unsigned;
  static uint64_t word(T v) { return v; }
};
template <> struct PrintOperand<int> : PrintSigned<int> {};
template <> struct PrintOperand<int64_t> : PrintSigned<int64_t> {};
template <> struct PrintOperand<uint32_t> : PrintUnsigned<uint32_t> {};
template <> struct PrintOperand<uint64_t> : PrintUnsigned<uint64_t> {};

template <class... Args>
ALWAYS_INLINE void rtPrint(Args... args) {
  static constexpr char kinds[] = {char(PrintOperand<Args>::kind)..., 0};
  const uint64_t words[] = {PrintOperand<Args>::word(args)...};
  rtPrintWords(kinds, words);
}

}  // namespace burrow::rt
