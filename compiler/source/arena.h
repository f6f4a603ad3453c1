// An arena: memory that a phase's whole result lives in and that goes away at once.
//
// Trees and types refer to each other by plain pointers that own nothing; the arena owns everything. Objects are not
// moved. Trivially destructible objects cost only their bytes; others are remembered and destroyed with the arena.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace burrow::source {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    for (auto it = destructors_.rbegin(); it != destructors_.rend(); ++it) it->run(it->object);
  }

  void* allocate(size_t size, size_t align) {
    uintptr_t p = (next_ + align - 1) & ~(align - 1);
    if (p + size > end_) {
      size_t chunk = size + align > kChunkSize ? size + align : kChunkSize;
      chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(chunk));
      next_ = reinterpret_cast<uintptr_t>(chunks_.back().get());
      end_ = next_ + chunk;
      p = (next_ + align - 1) & ~(align - 1);
    }
    next_ = p + size;
    return reinterpret_cast<void*>(p);
  }

  template <typename T, typename... Args>
  T* make(Args&&... args) {
    T* object = new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
    if constexpr (!std::is_trivially_destructible_v<T>) {
      destructors_.push_back({object, [](void* p) { static_cast<T*>(p)->~T(); }});
    }
    return object;
  }

  // Copies of lists and strings that live as long as the arena.
  template <typename T>
  std::span<T> copy(const std::vector<T>& list) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (list.empty()) return {};
    T* p = static_cast<T*>(allocate(list.size() * sizeof(T), alignof(T)));
    std::memcpy(static_cast<void*>(p), list.data(), list.size() * sizeof(T));
    return {p, list.size()};
  }
  std::string_view copy(std::string_view s) {
    if (s.empty()) return {};
    char* p = static_cast<char*>(allocate(s.size(), 1));
    std::memcpy(p, s.data(), s.size());
    return {p, s.size()};
  }

 private:
  static constexpr size_t kChunkSize = 64 * 1024;
  struct Destructor {
    void* object;
    void (*run)(void*);
  };
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::vector<Destructor> destructors_;
  uintptr_t next_ = 0;
  uintptr_t end_ = 0;
};

}  // namespace burrow::source
