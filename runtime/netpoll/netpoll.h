// Waiting for file descriptors: how a goroutine waits is in netpoll.cpp, how the system is asked in epoll_linux.cpp; poller.cpp has
// what every program needs.
#pragma once

#include "timer/timer.h"

namespace burrow::rt {

// What the waiting side of one direction holds: kPdNil, kPdReady, kPdWait, or the waiting G. See netpoll.cpp.
inline constexpr uintptr_t kPdNil = 0, kPdReady = 1, kPdWait = 2;

// One direction of a descriptor.
struct PollSide {
  Atomic<uintptr_t> waiter;
  uint64_t seq;      // counts settings of the deadline; guarded by the descriptor's lock, like the rest
  int64_t deadline;  // 0 none, -1 passed, else a nanotime
  bool running;      // the timer is set
  Timer timer;
};

// What internal/poll knows as an open descriptor. Never freed, only reused: the kernel may still report events for a
// descriptor that was closed; `fdseq` tells them apart.
struct PollDesc {
  PollDesc* link;  // free list
  uint64_t fd;
  Atomic<uint64_t> fdseq;
  Atomic<uint32_t> info;  // what pollcheckerr needs to know without the lock; written with it
  Mutex lock;
  bool closing;
  PollSide read, write;
};

void netpollGenericInit() GO_SYM("runtime.netpollGenericInit");
// Goroutines whose descriptors are ready, linked through schedlink and still Gwaiting, and what is to be added to the
// count of waiters once they are runnable. delay < 0: waits for ever; 0: does not wait; else at most so many nanoseconds.
struct PollResult {
  GQueue ready;
  int32_t delta;
};
// Set by netpollGenericInit: a program that neither polls nor has timers is linked without the code. Both need it to be set.
struct NetPoller {
  PollResult (*poll)(int64_t delay);
  void (*wake)();
};
extern Atomic<const NetPoller*> netPoller;
// Goroutines that are parked for I/O: the scheduler waits in netpoll only when there are any.
extern Atomic<int32_t> netpollWaiters GO_SYM("runtime.netpollWaiters");

inline bool netpollinited() { return netPoller.load() != nullptr; }
inline bool netpollAnyWaiters() { return netpollWaiters.load() > 0; }
inline void netpollAdjustWaiters(int32_t delta) {
  if (delta != 0) netpollWaiters.xadd(delta);
}
inline PollResult netpoll(int64_t delay) { return netPoller.load()->poll(delay); }
// Ends the netpoll that sleeps, or the next one that would.
inline void netpollBreak() { netPoller.load()->wake(); }
// There is a timer for `when`: whoever sleeps longer than that is woken.
void wakeNetPoller(int64_t when) GO_SYM("runtime.wakeNetPoller");

// ---- between the files
const NetPoller* netpollinit();
int64_t netpollopen(uint64_t fd, PollDesc* pd);  // 0 or an errno
void netpollclose(uint64_t fd);
bool netpollIsPollDescriptor(uint64_t fd);
// An event of the kernel's for pd (as it was at `seq`).
void netpollready(PollResult* r, PollDesc* pd, uint64_t seq, bool readable, bool writable, bool onlyError);

}  // namespace burrow::rt
