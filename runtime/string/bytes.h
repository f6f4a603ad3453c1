// Loops over bytes: equality, order, search, count. Written for SSE2, the vector instructions that every x86-64 has, and all
// but the count with AVX2 where there is.
//
// All of them read only bytes of pages that hold a byte of their operands. They call nothing and need hardly any stack.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

// Equality of n bytes (equal_amd64.S).
bool memequal(const void* a, const void* b, uint64_t n) __asm__("runtime.memequal");
// -1, 0, +1: bytewise, a prefix is less (compare_amd64.S).
int64_t cmpstring(GoString a, GoString b) __asm__("runtime.cmpstring");
// Position of c in p[0..n), or -1 (index_byte_amd64.S).
#ifdef BURROW_HOSTED  // whose compiler doesn't quote names
int64_t indexByte(const uint8_t* p, int64_t n, uint8_t c) __asm__("runtime.indexByte");
#else
int64_t indexByte(const uint8_t* p, int64_t n, uint8_t c) __asm__("internal/bytealg.IndexByteString");
#endif
int64_t countByte(const uint8_t* p, int64_t n, uint8_t c);

}  // namespace burrow::rt
