// Atomic cells with the memory orders spelled out at the call. std::atomic would do, but its header pulls in more of the
// C++ library than a freestanding build has on every distribution.
//
// Names follow Go's internal/runtime/atomic: load, loadAcquire, store, storeRelease, cas, casRelease, xadd, xchg, or, and.
// Plain load and store are sequentially consistent, as Go's are.
#pragma once

#include <cstdint>

namespace burrow::rt {

template <class T>
struct Atomic {
  T value{};

  constexpr Atomic() = default;
  constexpr explicit Atomic(T v) : value(v) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T load() const { return __atomic_load_n(&value, __ATOMIC_SEQ_CST); }
  T loadAcquire() const { return __atomic_load_n(&value, __ATOMIC_ACQUIRE); }
  T loadRelaxed() const { return __atomic_load_n(&value, __ATOMIC_RELAXED); }
  void store(T v) { __atomic_store_n(&value, v, __ATOMIC_SEQ_CST); }
  void storeRelease(T v) { __atomic_store_n(&value, v, __ATOMIC_RELEASE); }
  void storeRelaxed(T v) { __atomic_store_n(&value, v, __ATOMIC_RELAXED); }
  // cas reports whether the value was `old` and is now `v`.
  bool cas(T old, T v) {
    return __atomic_compare_exchange_n(&value, &old, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  }
  bool casRelease(T old, T v) {
    return __atomic_compare_exchange_n(&value, &old, v, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
  }
  T xchg(T v) { return __atomic_exchange_n(&value, v, __ATOMIC_SEQ_CST); }
  // xadd returns the new value.
  T xadd(T d) { return __atomic_add_fetch(&value, d, __ATOMIC_SEQ_CST); }
  T orFetch(T v) { return __atomic_or_fetch(&value, v, __ATOMIC_SEQ_CST); }
  T andFetch(T v) { return __atomic_and_fetch(&value, v, __ATOMIC_SEQ_CST); }
};

inline void cpuRelax() { __builtin_ia32_pause(); }

}  // namespace burrow::rt
