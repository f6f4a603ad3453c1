// GODEBUG (comma-separated name=value) and GOTRACEBACK.
#include "boot/boot.h"
#include "os/boot_info.h"

namespace burrow::rt {

DebugVars debug;

namespace {

const struct { const char* name; int32_t DebugVars::* field; } vars[] = {
    {"inittrace", &DebugVars::inittrace},
    {"schedtrace", &DebugVars::schedtrace},
    {"scheddetail", &DebugVars::scheddetail},
    {"gctrace", &DebugVars::gctrace},
    {"asyncpreemptoff", &DebugVars::asyncpreemptoff},
    {"containermaxprocs", &DebugVars::containermaxprocs},
    {"updatemaxprocs", &DebugVars::updatemaxprocs},
    {"panicnil", &DebugVars::panicnil},
    {"tracebacklabels", &DebugVars::tracebacklabels},
    {"clobberfree", &DebugVars::clobberfree},
    {"gcstoptheworld", &DebugVars::gcstoptheworld},
    {"invalidptr", &DebugVars::invalidptr},
    {"madvdontneed", &DebugVars::madvdontneed},
    {"sbrk", &DebugVars::sbrk},
    {"disablethp", &DebugVars::disablethp},
    {"tracebackancestors", &DebugVars::tracebackancestors},
    {"gcalways", &DebugVars::gcalways},
    {"gccheckmark", &DebugVars::gccheckmark},
    {"gcpoison", &DebugVars::gcpoison},
    {"gcconservative", &DebugVars::gcconservative},
    {"gcpacertrace", &DebugVars::gcpacertrace},
};

bool same(const char* word, const char* s, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (word[i] == 0 || word[i] != s[i]) return false;
  return word[n] == 0;
}

TracebackMode mode = {1, false, false};
TracebackMode least = {0, false, false};  // what the environment asks for: debug.SetTraceback cannot show less

}  // namespace

const char* godebugValue(const char* key, size_t* len) {
  const char* found = nullptr;
  const char* const sources[] = {godebugDefault, gogetenv("GODEBUG")};
  for (const char* p : sources) {
    while (p != nullptr && *p != 0) {
      const char* end = p;
      while (*end != 0 && *end != ',') end++;
      const char* eq = p;
      while (eq < end && *eq != '=') eq++;
      if (eq < end && same(key, p, size_t(eq - p))) {
        found = eq + 1;  // the last one counts
        *len = size_t(end - eq - 1);
      }
      p = *end == ',' ? end + 1 : end;
    }
  }
  return found;
}

void parsedebugvars() {
  debug.invalidptr = 1;
  debug.containermaxprocs = debug.updatemaxprocs = 1;
  debug.madvdontneed = 1;
  debug.tracebacklabels = 1;
  for (auto& v : vars) {
    size_t n;
    const char* s = godebugValue(v.name, &n);
    if (s == nullptr || n == 0) continue;
    bool negative = *s == '-';
    size_t i = negative;
    int32_t value = 0;
    for (; i < n && s[i] >= '0' && s[i] <= '9' && value < 100000000; i++) value = value * 10 + (s[i] - '0');
    if (i == n) debug.*v.field = negative ? -value : value;
  }
  if (const char* t = gogetenv("GOTRACEBACK")) setTraceback(t, strlen(t));
  least = mode;
}

GO_DECL("runtime.setPanicNil", void, setPanicNil, (bool allowed));
void setPanicNil(bool allowed) { debug.panicnil = allowed; }
GO_DECL("runtime.setTracebackLabels", void, setTracebackLabels, (bool shown));
void setTracebackLabels(bool shown) { debug.tracebacklabels = shown; }

void setTraceback(const char* s, size_t n) {
  struct Named { char name[7]; TracebackMode mode; };
  static constexpr Named named[] = {{"none", {0, false, false}}, {"single", {1, false, false}}, {"", {1, false, false}},
                                    {"all", {1, true, false}}, {"system", {2, true, false}}, {"crash", {2, true, true}}};
  int32_t level = 0;
  for (size_t i = 0; i < n; i++) {
    if (s[i] < '0' || s[i] > '9' || level > 1000) {
      level = 0;
      break;
    }
    level = level * 10 + (s[i] - '0');
  }
  TracebackMode m = {level, true, false};
  for (const Named& k : named)
    if (same(k.name, s, n)) m = k.mode;
  mode = {m.level | least.level, m.all || least.all, m.crash || least.crash};
}

TracebackMode gotraceback() {
  TracebackMode t = mode;
  M* m = getm();
  if (m->throwing > 1) {
    t.all = true;
    if (t.level < 2) t.level = 2;
  }
  return t;
}

}  // namespace burrow::rt
