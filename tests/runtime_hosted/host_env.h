// What the hosted tests of the runtime share: the stand-ins' controls, random numbers with a printed seed, type descriptors.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "mem/env.h"

namespace burrow::rt {

// Thrown by throw_, fatal and the panic functions: what ended the operation and its text.
struct HostStop {
  std::string kind, text;
};

// Runs f and returns "kind: text" of what it ended with, or "" when it came back.
template <class F>
std::string stopOf(F f) {
  try {
    f();
  } catch (const HostStop& s) {
    // A panic leaves a map or heap as it is; flags that a real goroutine would take along are reset.
    return s.kind + ": " + s.text;
  }
  return "";
}

// The seed of this run's random tests: BURROW_TEST_SEED, or the time. Printed with every failure of a test that asks.
uint64_t testSeed();

struct Random {
  uint64_t state;
  explicit Random(uint64_t seed) : state(seed * 2 + 1) {}
  uint64_t next() {
    state += 0x9e3779b97f4a7c15;
    uint64_t z = state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  uint64_t below(uint64_t n) { return next() % n; }
};

// Initialises allocator and hashes once.
void initRuntime();
// What print wrote since the last call.
std::string takeOutput();
// The real systems' refusals can be rehearsed: the n-th sysReserve or sysMap from now on fails; 0: none does.
extern uint64_t failReserveIn, failMapIn;

// ---- descriptors for tests, allocated once and kept
const Type* scalarType(uint64_t size, abi::Kind kind, bool regular = true);
const Type* stringType();
const Type* float64Type();
const Type* anyType();
// size bytes with pointers where the mask has bits.
const Type* pointerType(uint64_t size, uint64_t mask);
const abi::MapType* mapType(const Type* key, const Type* elem);
const abi::ChanType* chanType(const Type* elem);

}  // namespace burrow::rt
