// The CPU limit of the control group that the process is in, for the default of GOMAXPROCS.
//
// /proc/self/cgroup names the group: a line "N:controllers:path", of the hierarchy that has the controller `cpu` (version 1), or else of
// hierarchy 0 (version 2). /proc/self/mountinfo says where that hierarchy is visible: "... ROOT MOUNT ... - TYPE SOURCE OPTIONS",
// and the group's directory is MOUNT followed by the path below ROOT. The files in it stay open, so that asking again is one or two
// reads (sysmon asks every second).
//
// Octal escapes in mountinfo are resolved. A group whose directory is not visible here (a path that begins with /..) has no limit.
// Everything is read through small buffers: this runs before there is memory to allocate, and is a part of every program.
#include "os/cgroup.h"

#include "os/os.h"
#include "os/syscall_linux_amd64.h"

namespace burrow::rt {

namespace {

constexpr size_t kLineMax = 4096;
constexpr int kReadOnlyCloexec = 02000000;

int quotaFd = -1, periodFd = -1;  // version 2: one file with both

// Lines of a file; those that do not fit come without their end, which no line that matters here does.
struct Lines {
  int fd;
  size_t at = 0, filled = 0;
  char buf[512], line[kLineMax];

  explicit Lines(const char* path) : fd(int(open(path, kReadOnlyCloexec, 0))) {}
  ~Lines() {
    if (fd >= 0) closefd(fd);
  }
  bool next() {
    size_t n = 0;
    bool any = false;
    for (;;) {
      if (at == filled) {
        const int64_t r = fd >= 0 ? read(fd, buf, sizeof buf) : 0;
        if (r <= 0) break;
        at = 0;
        filled = size_t(r);
      }
      const char c = buf[at++];
      any = true;
      if (c == '\n') break;
      if (n < kLineMax - 1) line[n++] = c;
    }
    line[n] = 0;
    return any;
  }
};

bool same(const char* a, const char* b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a == *b;
}

// Cuts off the part up to `end`, which it returns; p goes behind it.
char* cut(char*& p, char end) {
  char* word = p;
  while (*p != 0 && *p != end) p++;
  if (*p != 0) *p++ = 0;
  return word;
}

bool hasCpu(char* list) {
  while (*list != 0)
    if (same(cut(list, ','), "cpu")) return true;
  return false;
}

void unescape(char* s) {
  char* to = s;
  while (*s != 0) {
    if (s[0] == '\\' && s[1] != 0 && s[2] != 0 && s[3] != 0) {
      *to++ = char((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0'));
      s += 4;
    } else {
      *to++ = *s++;
    }
  }
  *to = 0;
}

// Opens `name` in the directory; -1: there is none.
int openIn(char* directory, const char* name) {
  char* end = directory + strlen(directory);
  memcpy(end, name, strlen(name) + 1);
  const int64_t fd = open(directory, kReadOnlyCloexec, 0);
  *end = 0;
  return fd < 0 ? -1 : int(fd);
}

// The number at the start of the text; negative: none. p goes behind it.
int64_t number(const char*& p) {
  if (*p < '0' || *p > '9') return -1;
  int64_t n = 0;
  for (; *p >= '0' && *p <= '9'; p++) n = n * 10 + (*p - '0');
  return n;
}

int64_t readFile(int fd, char* text, size_t room) {
  const int64_t r = syscall6(kSysPread64, uint64_t(fd), word(text), room - 1, 0);
  text[r < 0 ? 0 : r] = 0;
  return r;
}

}  // namespace

void cgroupOpen() {
  char group[kLineMax] = {};
  bool v1 = false;
  {
    Lines l("/proc/self/cgroup");
    while (!v1 && l.next()) {
      char* p = l.line;
      const bool unified = same(cut(p, ':'), "0");
      v1 = hasCpu(cut(p, ':'));
      if (unified || v1) memcpy(group, p, strlen(p) + 1);
    }
  }
  if (group[0] != '/') return;
  Lines l("/proc/self/mountinfo");
  while (l.next()) {
    char* p = l.line;
    for (int i = 0; i < 3; i++) cut(p, ' ');
    char* root = cut(p, ' ');
    char* mount = cut(p, ' ');
    while (*p != 0 && !same(cut(p, ' '), "-")) {
    }
    if (!same(cut(p, ' '), v1 ? "cgroup" : "cgroup2")) continue;
    cut(p, ' ');
    if (v1 && !hasCpu(p)) continue;
    unescape(root);
    unescape(mount);
    size_t n = strlen(root);
    if (n == 1) n = 0;
    if (memcmp(group, root, n) != 0 || (group[n] != '/' && group[n] != 0)) continue;
    const char* below = group + n;
    if (below[0] == '/' && below[1] == '.' && below[2] == '.') continue;
    if (strlen(mount) + strlen(below) + 32 > kLineMax) continue;
    memmove(l.line, mount, strlen(mount) + 1);
    if (below[0] != 0 && below[1] != 0) memcpy(l.line + strlen(l.line), below, strlen(below) + 1);
    quotaFd = openIn(l.line, v1 ? "/cpu.cfs_quota_us" : "/cpu.max");
    if (v1) periodFd = openIn(l.line, "/cpu.cfs_period_us");
    return;
  }
}

int32_t cgroupLimit() {
  char text[64];
  if (quotaFd < 0 || readFile(quotaFd, text, sizeof text) <= 0) return 0;
  const char* p = text;
  const int64_t quota = number(p);  // "max", "-1": no limit
  if (quota <= 0) return 0;
  if (periodFd >= 0) {
    readFile(periodFd, text, sizeof text);
    p = text;
  } else {
    p++;
  }
  const int64_t period = number(p);
  if (period <= 0) return 0;
  const int64_t limit = (quota + period - 1) / period;
  return int32_t(limit < 2 ? 2 : limit > 1 << 20 ? 1 << 20 : limit);
}

}  // namespace burrow::rt
