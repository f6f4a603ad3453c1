// Goroutines and their stacks.
//
// All that a goroutine's record says is read from the running process; what it is doing, for one that waits, stands on its
// stack until it is woken, so that a state that is the same before and after its stack was walked vouches for the walk. For those
// that run, the threads' registers are needed (Target::captureThreads).
#pragma once

#include "inspect/target.h"

#include <set>

namespace burrow::inspect {

struct StackFrame {
  uint64_t pc = 0, sp = 0, cfa = 0;
  bool exact = false;  // pc is the instruction itself, not a return address
  const ft::FuncRecord* function = nullptr;
  uint64_t lookupPc() const { return exact ? pc : pc - 1; }
};

struct Goroutine {
  uint64_t address = 0, id = 0, parent = 0;
  uint32_t status = 0;
  bool scanning = false;  // the collector has it
  std::string state;      // as tracebacks say it: "chan receive", "running"
  uint32_t waitReason = 0;
  int64_t waitNs = -1;    // for how long it has waited; -1: it does not, or nobody knows
  uint64_t createdAt = 0, startPc = 0, m = 0, lockedM = 0;
  int64_t mId = -1;
  bool system = false;
  uint64_t waitingOn = 0;  // the channel, when that is what it waits on
  std::vector<uint64_t> waitsFor;  // channels (several in a select), or the semaphore's or the list's address in a lock
  bool forEver = false;    // on a nil channel, in a select without cases
  uint64_t stackSize = 0, stackUsed = 0;
  uint32_t segments = 0;
  std::vector<StackFrame> frames;
  bool stackKnown = false;
};

struct GoroutineOptions {
  bool system = false;   // the runtime's own too
  bool dead = false;
  bool stacks = true;
  bool stop = true;      // may the process be stopped for a moment
};

// All goroutines, by number.
bool readGoroutines(Target& target, const GoroutineOptions& options, std::vector<Goroutine>* out, std::string* error);

// The stack of one.
class StackWalker {
 public:
  explicit StackWalker(Target& target);
  // Fills frames, stackKnown and the sizes of g, whose record is loaded.
  void walk(Record& record, Goroutine* g);
  // From a place on a thread's own stack, [low, high).
  std::vector<StackFrame> walkThread(uint64_t pc, uint64_t sp, uint64_t fp, uint64_t low, uint64_t high);
  static constexpr size_t kMostFrames = 10000;

 private:
  struct Segment {
    uint64_t low, top, oldSp;
  };
  void unwind(uint64_t pc, uint64_t sp, uint64_t fp, bool exact, std::vector<StackFrame>* out);
  const Segment* segmentOf(uint64_t sp) const;
  Target& target_;
  std::vector<Segment> segments_;  // oldest first
  Record segmentRecord_;
  uint64_t morestackReturn_ = 0, sigpanic_ = 0;
};

// "main.f(...)" or "main.f()": type arguments as tracebacks write them.
std::string shownFunction(std::string_view name);
// Whether a traceback shows that frame when it hides the runtime's own.
bool isShown(const CodeFrame& frame, bool first);

}  // namespace burrow::inspect
