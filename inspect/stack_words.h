// The words of a goroutine's stack that the collector takes for pointers, so that what is said to keep an object alive does.
//
// Frames of compiled code have stack maps: of such a frame only the slots count that its map names for the call that it is in, and
// those of its objects that are live or that a word that counts points to. Of frames without a map (C++, assembly) every word counts,
// and so do all words below the newest frame. This is what the collector does (runtime/symtab/stack_roots.h), but for one thing: what a
// frame without a map has saved of its callers' registers counts here, too, since it is not known which frame's they are.
#pragma once

#include <unordered_map>

#include "inspect/goroutines.h"

namespace burrow::inspect {

struct StackPiece {
  uint64_t from = 0;
  std::vector<uint64_t> words;
};

// The stack maps of one program, each read when the first frame needs it: many goroutines stand in few functions.
class DeadWords {
 public:
  explicit DeadWords(const CodeTable& code) : code_(code) {}

  // Sets to 0 the words of g's stack, read as `pieces`, that do not count.
  void blank(const Goroutine& g, std::vector<StackPiece>& pieces);

 private:
  const FrameMaps& mapsOf(const ft::FuncRecord& f);

  const CodeTable& code_;
  std::unordered_map<const ft::FuncRecord*, FrameMaps> known_;
};

}  // namespace burrow::inspect
