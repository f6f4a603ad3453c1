// What the passes are told beside the module, and what they tell.
#pragma once

#include "ir/record_index.h"
#include "ir/without.h"

#include <cstdint>
#include <string>
#include <vector>

namespace burrow::ir {
class BodyStore;
}

namespace burrow::passes {

class CallProfile;
class EscapeSummaries;

// What -m prints about a place in the source.
struct Note {
  uint32_t file = 0;  // in Module::files
  uint32_t line = 0, column = 0;
  std::string text;
};

struct PassContext {
  const EscapeSummaries* summaries = nullptr;  // of imported packages; null: none
  const ir::BodyStore* bodies = nullptr;       // of imported packages' functions that can be inlined; null: none
  ir::PackageSet visible;                      // the packages of which those two are to be asked
  std::vector<Note>* notes = nullptr;          // not null: for -m
  bool reasons = false;                        // -m -m: also why not
  bool mutations = false;                      // -d=escapemutationscalls: also which parameters are stored to and called
  bool inlining = true;                        // -l: false
  bool optimise = true;                        // -N: false; slices that are grown or of a size not known are on the heap, as gc has it
  const CallProfile* profile = nullptr;        // -pgo: what a run of the program has shown; null: nothing
  int hotBudget = 0;                           // what a function may cost that a hot call of the profile calls
  ir::Without without;                         // optimisations that are switched off
  std::string* exported = nullptr;             // not null: where to put the bodies that importers may inline
};

}  // namespace burrow::passes
