// See fake_time.h.
#include "os/fake_time.h"

#include "boot/boot.h"
#include "os/os.h"
#include "sched/proc.h"

namespace burrow::rt {

namespace {

constexpr int64_t kStart = 1257894000000000000;  // 2009-11-10 23:00 UTC
constexpr int64_t kSecond = 1000000000;

Atomic<int64_t> clock{kStart};
struct {
  Mutex lock = {{}, LockRank::FakeTime};
  int64_t time;
  int fd;
} last;  // frame

int fakeClockGettime(int, Timespec* ts) {
  const int64_t now = clock.load();
  *ts = {now / kSecond, now % kSecond};
  return 0;
}

int64_t frame(int fd, const void* p, size_t n) {
  lock(&last.lock);
  int64_t time = last.time;
  if (fd != last.fd) {
    time++;
    last.fd = fd;
  }
  last.time = time = maxOf(time, clock.load());
  struct [[gnu::packed]] {
    char magic[4];
    uint64_t time;
    uint32_t length;
  } header = {{0, 0, 'P', 'B'}, __builtin_bswap64(uint64_t(time)), __builtin_bswap32(uint32_t(n))};
  write1(fd, &header, sizeof header);
  const int64_t written = write1(fd, p, n);
  unlock(&last.lock);
  return written;
}

int64_t fakeWrite(int fd, const void* p, size_t n) { return fd == 1 || fd == 2 ? frame(fd, p, n) : write1(fd, p, n); }

// Under sched.lock. The thread that is woken spins, so that it looks at all Ps' timers.
void jump(int64_t when) {
  clock.store(maxOf(clock.load(), when));
  P* pp = pidleget();
  if (pp == nullptr) throw_("checkdead: no p for timer");
  M* mp = mget();
  if (mp == nullptr) throw_("checkdead: no m for timer");
  sched.nmspinning.xadd(1);
  mp->spinning = true;
  mp->nextp = pp;
  notewakeup(&mp->park);
}

constexpr FakeTime kFakeTime = {fakeWrite, jump};

}  // namespace

// Before anything but the boot has looked at a clock.
void fakeTimeBoot() GO_SYM("runtime.fakeTimeBoot");
void fakeTimeBoot() {
  useClock(fakeClockGettime);
  fakeTime = &kFakeTime;
}

// std/runtime/time_fake.go calls it, in programs that have that file.
GO_DECL("runtime.useFakeTime", void, useFakeTime, ());
void useFakeTime() { BOOT_HOOK("runtime.fakeTimeBoot", "runtime.useFakeTime"); }

}  // namespace burrow::rt
