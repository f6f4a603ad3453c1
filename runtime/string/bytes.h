// Loops over bytes with SSE2, the vector instructions that every x86-64 has, and equality and order of long operands with AVX2
// where there is: equality, order, search, count.
//
// All of them read only bytes of their operands: blocks of 16 are loaded unaligned, and what is left over is covered by a
// last block that overlaps the one before. They call nothing and need hardly any stack.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

// Equality of n bytes (equal_amd64.S).
bool memequal(const void* a, const void* b, uint64_t n) __asm__("runtime.memequal");
// -1, 0, +1: bytewise, a prefix is less.
GO_DECL("runtime.cmpstring", int64_t, cmpstring, (GoString a, GoString b));
// Position of c in p[0..n), or -1.
int64_t indexByte(const uint8_t* p, int64_t n, uint8_t c);
int64_t countByte(const uint8_t* p, int64_t n, uint8_t c);

}  // namespace burrow::rt
