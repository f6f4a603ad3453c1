// Threads with room for deep recursion.
//
// The parser, the checker and IR generation recurse over trees that nest as deep as the program's text does, and every level
// costs several frames. Generated code nests thousands of levels; the system's default stack is gone after a few hundred
// kilobytes of such text. Whoever recurses over trees therefore runs on a thread made here. The pages of a stack cost
// nothing until they are touched.
//
// One bound holds for all phases: the parser refuses what is nested deeper than syntax::kMaxNesting, and kDeepStack is large
// enough for that times the largest number of bytes that any phase needs per level (measured: docs/building.md, "Depth").
//
// Rejected: making each recursion iterative. There are dozens, over all kinds of nodes, and each would trade the language's
// call stack for one written by hand. Only what has no level of its own in the text (chains of operators and of else-if,
// which lean to one side) is handled in loops where that is simple.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace burrow::source {

inline constexpr size_t kDeepStack = size_t{1} << 30;

// A thread that runs a function on a deep stack. Where the system refuses so much address space it gets less.
class DeepThread {
 public:
  explicit DeepThread(std::function<void()> run);
  ~DeepThread();
  DeepThread(const DeepThread&) = delete;
  DeepThread& operator=(const DeepThread&) = delete;
  void join();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Runs the function on a deep stack and waits for it: here when this thread has one, else on a thread of its own.
void onDeepStack(const std::function<void()>& run);

}  // namespace burrow::source
