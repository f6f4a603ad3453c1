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
// A duration in nanoseconds, shown as printNSAsMS does.
struct Millis { int64_t ns; };

// What a word is.
enum class PrintKind : char { Text, GoText, Hex, Signed, Unsigned, Float, Millis, End };

// `kinds` ends with End. GoText's word is the address of a GoString.
void rtPrintWords(const char* kinds, const uint64_t* words);
// The text with an operand in the place of each '#'.
void rtFormatWords(const char* format, const char* kinds, const uint64_t* words);
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
template <>
struct PrintOperand<Millis> {
  static constexpr PrintKind kind = PrintKind::Millis;
  static uint64_t word(const Millis& m) { return uint64_t(m.ns); }
};
template <>
struct PrintOperand<double> {
  static constexpr PrintKind kind = PrintKind::Float;
  static uint64_t word(double v) { return __builtin_bit_cast(uint64_t, v); }
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
  static constexpr char kinds[] = {char(PrintOperand<Args>::kind)..., char(PrintKind::End)};
  const uint64_t words[] = {PrintOperand<Args>::word(args)...};
  rtPrintWords(kinds, words);
}

// rtFormat("sp=# n=#\n", hex(sp), n): the same with one text for all, which is smaller where there are many operands.
template <class... Args>
ALWAYS_INLINE void rtFormat(const char* format, Args... args) {
  static constexpr char kinds[] = {char(PrintOperand<Args>::kind)...};
  const uint64_t words[] = {PrintOperand<Args>::word(args)...};
  rtFormatWords(format, kinds, words);
}

}  // namespace burrow::rt
