// netpoll on epoll: edge-triggered, both directions at once, so that a descriptor is registered once in its life.
//
// The 64 bits of an event's data are the PollDesc's address (48 bits) and the low 16 bits of its fdseq: events of a
// descriptor that was closed meanwhile, and whose PollDesc serves another one by now, are recognised. Data 0 is the eventfd that
// netpollBreak writes to. It stays readable until a netpoll that was going to sleep reads it, so a break that comes just
// before the sleep is not lost; netpolls that do not sleep leave it alone.
#include "netpoll/netpoll.h"
#include "os/syscall_linux_amd64.h"
#include "panic/rt_print.h"

namespace burrow::rt {

namespace {

struct __attribute__((packed)) EpollEvent {
  uint32_t events;
  uint64_t data;
};
static_assert(sizeof(EpollEvent) == 12);
// On the stack it is aligned all the same: a frame whose size is no multiple of 8 cannot be told in the function table, and a
// profile's signal in such a function would find no caller.
constexpr uint32_t kEpollIn = 1, kEpollOut = 4, kEpollErr = 8, kEpollHup = 0x10, kEpollRdHup = 0x2000,
                   kEpollEt = 1u << 31;
constexpr uint64_t kCtlAdd = 1, kCtlDel = 2, kCloexec = 0x80000, kNonblock = 0x800;
constexpr int kEvents = 128;
constexpr uint32_t kSeqShift = 48;

int64_t epfd = -1, breakFd = -1;
Atomic<uint32_t> breakPending;  // so that many breaks make one write

[[noreturn]] void failed(const char* what, int64_t e) {
  rtPrint("runtime: ", what, " failed with ", -e, "\n");
  throw_("runtime: netpollinit failed");
}

PollResult poll(int64_t delay) GO_SYM("runtime.netpoll");
void wake() GO_SYM("runtime.netpollBreak");
constexpr NetPoller kEpoll = {poll, wake};

}  // namespace

const NetPoller* netpollinit() {
  epfd = syscall(kSysEpollCreate1, kCloexec);
  if (epfd < 0) failed("epollcreate", epfd);
  breakFd = syscall(kSysEventfd2, 0, kCloexec | kNonblock);
  if (breakFd < 0) failed("eventfd", breakFd);
  alignas(8) EpollEvent ev = {kEpollIn, 0};
  int64_t e = syscall6(kSysEpollCtl, uint64_t(epfd), kCtlAdd, uint64_t(breakFd), word(&ev));
  if (e < 0) failed("epollctl", e);
  return &kEpoll;
}

bool netpollIsPollDescriptor(uint64_t fd) { return int64_t(fd) == epfd || int64_t(fd) == breakFd; }

int64_t netpollopen(uint64_t fd, PollDesc* pd) {
  alignas(8) EpollEvent ev = {kEpollIn | kEpollOut | kEpollRdHup | kEpollEt, word(pd) | (pd->fdseq.load() << kSeqShift)};
  return -syscall6(kSysEpollCtl, uint64_t(epfd), kCtlAdd, fd, word(&ev));
}

void netpollclose(uint64_t fd) {
  alignas(8) EpollEvent ev = {};
  syscall6(kSysEpollCtl, uint64_t(epfd), kCtlDel, fd, word(&ev));
}

namespace {

void wake() {
  if (!breakPending.cas(0, 1)) return;
  uint64_t one = 1;
  for (;;) {
    int64_t n = write1(int(breakFd), &one, sizeof(one));
    if (n == sizeof(one) || n == -kEAGAIN) return;
    if (n == -kEINTR) continue;
    rtPrint("runtime: netpollBreak write failed with ", -n, "\n");
    throw_("runtime: netpollBreak write failed");
  }
}

PollResult poll(int64_t delay) {
  PollResult r = {};
  // Milliseconds: rounded down, since the caller goes on as soon as it finds a timer due, but never to a busy zero.
  constexpr int64_t kMilli = 1000000, kLongest = 1000000000;
  int64_t ms = delay <= 0 ? delay : delay < kMilli ? 1 : minOf(delay / kMilli, kLongest);
  if (delay < 0) ms = -1;
  EpollEvent events[kEvents];
  int64_t n;
  for (;;) {
    n = syscall6(kSysEpollPwait, uint64_t(epfd), word(&events[0]), kEvents, uint64_t(ms), 0, 0);
    if (n >= 0) break;
    if (n != -kEINTR) {
      rtPrint("runtime: epollwait on fd ", epfd, " failed with ", -n, "\n");
      throw_("runtime: netpoll failed");
    }
    if (ms > 0) return r;  // the caller computes anew how long to sleep
  }
  for (int64_t i = 0; i < n; i++) {
    const uint32_t ev = events[i].events;
    if (ev == 0) continue;
    if (events[i].data == 0) {
      if (ev != kEpollIn) throw_("runtime: netpoll: eventfd ready for something unexpected");
      if (delay != 0) {
        uint64_t count;
        read(int(breakFd), &count, sizeof(count));
        breakPending.store(0);
      }
      continue;
    }
    auto* pd = reinterpret_cast<PollDesc*>(events[i].data & ((uint64_t(1) << kSeqShift) - 1));
    netpollready(&r, pd, events[i].data >> kSeqShift, (ev & (kEpollIn | kEpollRdHup | kEpollHup | kEpollErr)) != 0,
                 (ev & (kEpollOut | kEpollHup | kEpollErr)) != 0, ev == kEpollErr);
  }
  return r;
}

}  // namespace

}  // namespace burrow::rt
