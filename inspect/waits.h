// Who waits for what, and who waits for ever.
//
// A goroutine that is parked on a channel, a select, a lock, a WaitGroup or a Cond is woken by somebody who has that object's
// address. So it waits for ever when nothing that can still run can reach the object: not the variables, not the stacks of
// goroutines that run, sleep, are in the kernel or wait for the network, not those of goroutines whose own objects can be
// reached. What is left after following that to its end are the goroutines that leaked, or that wait for each other: the same
// question that Go's goroutineleak profile asks its collector, asked here of any process, core or snapshot.
//
// It errs to one side: a word on a stack that looks like an address, or a variable that nobody will use again, makes a goroutine
// count as one that may still be woken. What is shown as stuck is stuck.
//
// A thousand goroutines that were lost in the same way are told once: each waits alone, in the same place, for an object of the same
// kind that nobody else has on his stack.
//
// Go's locks do not know who has them, so that two goroutines that each hold what the other wants are found only when nobody else
// can reach the locks.
#pragma once

#include "inspect/objects.h"

namespace burrow::inspect {

struct WaitGraph {
  struct Object {
    uint64_t address = 0;
    std::string type;              // "chan int"; of a lock what it is part of
    std::string variable;          // when it is, or is in, a variable of the program
    uint64_t queued = 0, capacity = 0;  // of a channel
    bool channel = false, closed = false, timer = false;
    std::vector<size_t> waiters;   // indices of goroutines
    std::vector<uint64_t> others;  // numbers of goroutines that have it on their stack and do not wait for it
    int group = -1;                // objects and goroutines that hang together
    int alike = -1;                // those for which goroutines were lost (or wait) in the same way: a number for them all
    bool reached = false;          // by somebody who can run
  };
  std::vector<Goroutine> goroutines;  // those that wait for objects
  std::vector<bool> stuck;            // of these
  std::vector<std::vector<size_t>> waitsFor;  // of these: indices of objects
  std::vector<Object> objects;
};

bool readWaits(Target& target, WaitGraph* out, std::string* error);
// The same of a graph that is there already.
void findWaits(Target& target, ObjectGraph& objects, WaitGraph* out);
void waitsPage(Target& target, const WaitGraph& graph, Page& page);
std::string waitsJson(Target& target, const WaitGraph& graph);
// Goroutines as ellipses, objects as boxes; an arrow leads from who waits to what it waits for, and from there to who has it.
std::string waitsDot(Target& target, const WaitGraph& graph);

}  // namespace burrow::inspect
