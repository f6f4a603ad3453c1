// print and println: formatting, the lock, the buffer. See print.h.
#include "print/print.h"

#include "os/fake_time.h"
#include "print/float_format.h"

namespace burrow::rt {

Atomic<uint64_t> crashFD{~uint64_t(0)};

namespace {

constexpr int kStderr = 2;

// Guarded by `lock`, which its owner may take again (a panic's text calls Error methods that print).
struct {
  Mutex lock;
  M* owner;
  uint32_t depth;
  uint32_t used;
  uint8_t buffer[1024];
} out;

void writeTo(int fd, const uint8_t* p, uint64_t n) {
  const auto write = fakeTime == nullptr ? write1 : fakeTime->write;
  while (n > 0) {
    const int64_t w = write(fd, p, n);
    if (w <= 0) return;  // nowhere to complain
    p += w;
    n -= uint64_t(w);
  }
}

void writeAll(const uint8_t* p, uint64_t n) {
  writeTo(kStderr, p, n);
  const uint64_t fd = crashFD.loadRelaxed();
  if (UNLIKELY(fd != ~uint64_t(0)) && getm()->dying > 0) writeTo(int(fd), p, n);
}

void flush() {
  const uint32_t n = out.used;
  out.used = 0;
  writeAll(out.buffer, n);
}

bool locked() { return __atomic_load_n(&out.owner, __ATOMIC_RELAXED) == getm(); }

void puts(const char* s) { gwrite(s, __builtin_strlen(s)); }

}  // namespace

void printlock() {
  M* m = getm();
  m->locks++;  // stay on this M while finding out
  if (out.owner == m) {
    out.depth++;
  } else {
    if (out.lock.rank == LockRank::Unranked) lockInit(&out.lock, LockRank::Print);
    lock(&out.lock);
    __atomic_store_n(&out.owner, m, __ATOMIC_RELAXED);
    out.depth = 1;
  }
  // Given back by the matching printunlock: the lock's owner is this M until then.
}

void printunlock() {
  M* m = getm();
  if (--out.depth == 0) {
    flush();
    __atomic_store_n(&out.owner, static_cast<M*>(nullptr), __ATOMIC_RELAXED);
    unlock(&out.lock);
  }
  releasem(m);
}

void printFlush() {
  if (locked()) flush();
}

void gwrite(const void* data, uint64_t n) {
  auto* p = static_cast<const uint8_t*>(data);
  if (PrintBuffer* b = getg()->writebuf; b != nullptr && !getm()->dying) {
    const uint64_t room = uint64_t(b->cap - b->len), fits = n < room ? n : room;
    memcpy(b->data + b->len, p, fits);
    b->len += int64_t(fits);
    return;
  }
  if (!locked() || getm()->dying) {
    printFlush();
    return writeAll(p, n);
  }
  if (n > sizeof out.buffer - out.used) flush();
  if (n > sizeof out.buffer) return writeAll(p, n);
  memcpy(out.buffer + out.used, p, n);
  out.used += uint32_t(n);
}

void printbool(bool v) { puts(v ? "true" : "false"); }

void printuint(uint64_t v) {
  char buf[20];
  char* at = buf + sizeof buf;
  do {
    *--at = char('0' + v % 10);
    v /= 10;
  } while (v != 0);
  gwrite(at, uint64_t(buf + sizeof buf - at));
}

void printint(int64_t v) {
  printlock();
  if (v < 0) puts("-");
  printuint(v < 0 ? uint64_t(0) - uint64_t(v) : uint64_t(v));
  printunlock();
}

void printhex(uint64_t v) {
  char buf[18];
  char* at = buf + sizeof buf;
  do {
    *--at = "0123456789abcdef"[v % 16];
    v /= 16;
  } while (v != 0);
  *--at = 'x';
  *--at = '0';
  gwrite(at, uint64_t(buf + sizeof buf - at));
}

namespace {

void printFloat(double v, unsigned bits) {
  char buf[kMaxFloatChars];
  gwrite(buf, formatFloat(buf, v, bits));
}

void printComplex(double re, double im, unsigned bits) {
  printlock();
  puts("(");
  printFloat(re, bits);
  // The imaginary part always has a sign.
  char buf[kMaxFloatChars];
  const unsigned n = formatFloat(buf, im, bits);
  if (buf[0] != '+' && buf[0] != '-') puts("+");
  gwrite(buf, n);
  puts("i)");
  printunlock();
}

}  // namespace

void printfloat64(double v) { printFloat(v, 64); }
void printfloat32(double v) { printFloat(v, 32); }
void printcomplex128(double re, double im) { printComplex(re, im, 64); }
void printcomplex64(double re, double im) { printComplex(re, im, 32); }
void printstring(GoString s) { gwrite(s.data, uint64_t(s.len)); }
void printpointer(void* p) { printhex(uint64_t(p)); }
void printuintptr(uint64_t v) { printhex(v); }

void printslice(void* data, int64_t len, int64_t cap) {
  printlock();
  puts("[");
  printint(len);
  puts("/");
  printint(cap);
  puts("]");
  printpointer(data);
  printunlock();
}

void printeface(const void* type, void* data) {
  printlock();
  puts("(");
  printhex(uint64_t(type));
  puts(",");
  printpointer(data);
  puts(")");
  printunlock();
}
void printiface(const void* tab, void* data) { printeface(tab, data); }

void printsp() { puts(" "); }
void printnl() { puts("\n"); }

void printNSAsMS(uint64_t ns) {
  if (ns >= 10000000) return printuint(ns / 1000000);
  uint64_t x = ns / 1000;  // microseconds
  if (x == 0) return printuint(0);
  int decimals = 3;
  for (; x >= 100; decimals--) x /= 10;
  uint64_t scale = 1;
  for (int i = 0; i < decimals; i++) scale *= 10;
  char text[8];
  int n = 0;
  text[n++] = char('0' + x / scale % 10);
  text[n++] = '.';
  for (uint64_t rest = x % scale; scale > 1; rest = rest % scale) {
    scale /= 10;
    text[n++] = char('0' + rest / scale);
  }
  printstring({reinterpret_cast<const uint8_t*>(text), n});
}

}  // namespace burrow::rt
