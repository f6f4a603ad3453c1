// The part of netpoll that every program has: nobody polls yet.
#include "netpoll/netpoll.h"
#include "sched/proc.h"

namespace burrow::rt {

Atomic<const NetPoller*> netPoller;
Atomic<int32_t> netpollWaiters;

void wakeNetPoller(int64_t when) {
  if (sched.lastpoll.load() != 0) {
    // Nobody sleeps in netpoll; a thread that looks for work will look at timers too.
    wakep();
    return;
  }
  int64_t until = sched.pollUntil.load();
  if (until == 0 || until > when) netpollBreak();
}

}  // namespace burrow::rt
