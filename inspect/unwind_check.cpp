#include "inspect/unwind_check.h"

#include "inspect/json_text.h"
#include "inspect/threads.h"

#include <fmt/format.h>

#include <unistd.h>

#include <random>

namespace burrow::inspect {

namespace {

constexpr size_t kMostExamples = 20;
constexpr unsigned kLongestPauseUs = 100;
// Stops without a point after which the program is taken to be idle.
constexpr uint64_t kMostIdleStops = 20000;

bool changesStacks(uint8_t funcId) {
  switch (funcId) {
    case ft::kFuncRt0:
    case ft::kFuncMstart:
    case ft::kFuncMcall:
    case ft::kFuncSystemstack:
    case ft::kFuncGogo:
    case ft::kFuncMorestack: return true;
    default: return false;
  }
}

}  // namespace

bool checkUnwinding(Target& target, uint64_t points, UnwindCheck* out, std::string* error) {
  const Layout& layout = target.layout();
  Record g(layout, "G"), m(layout, "M");
  if (!g.known() || !m.known()) {
    *error = target.title + ": its description of the runtime has no goroutines";
    return false;
  }
  const CodeTable& code = target.code();
  StackWalker walker(target);
  std::minstd_rand chance{std::random_device{}()};
  uint64_t idle = 0;
  while (out->points < points && idle < kMostIdleStops) {
    ::usleep(useconds_t(chance() % kLongestPauseUs));
    StoppedThreads stopped;
    if (!stopped.stop(target.pid, error)) {
      if (out->stops == 0) return false;
      out->ended = true;
      return true;
    }
    out->stops++;
    idle++;
    target.cache().forget();
    target.threads = stopped.threads();
    uint64_t at = target.value("allm");
    for (int i = 0; at != 0 && i < 10000 && m.load(target.cache(), at); i++, at = m.u("alllink")) {
      const ThreadState* thread = nullptr;
      for (const ThreadState& t : target.threads)
        if (uint64_t(t.tid) == m.u("procid")) thread = &t;
      const uint64_t current = m.u("curg");
      if (!thread || current == 0 || !g.load(target.cache(), current)) continue;
      Goroutine r;
      r.address = current;
      r.id = g.u("goid");
      r.m = at;
      r.status = uint32_t(g.u("atomicstatus")) & 0xfff;
      if (layout.enumerator("GStatus", r.status) != "Grunning") {
        out->elsewhere++;
        continue;
      }
      walker.walk(g, &r);
      if (r.frames.empty() || r.frames[0].pc != thread->pc) {
        out->elsewhere++;
        continue;
      }
      const ft::FuncRecord* top = r.frames[0].function;
      const ft::FuncRecord* last = r.frames.back().function;
      if (top && changesStacks(top->funcId)) {
        out->switching++;
        continue;
      }
      idle = 0;
      out->points++;
      out->frames += r.frames.size();
      if (last && last->funcId == ft::kFuncGoexit) {
        out->reached++;
      } else if (out->failed.size() < kMostExamples) {
        auto name = [&](const StackFrame& f) { return f.function ? fmt::format("{}+{:#x}", code.name(*f.function), f.pc - code.entry(*f.function)) : fmt::format("{:#x}", f.pc); };
        out->failed.push_back(fmt::format("goroutine {}: from {} it ends after {} frames in {}", r.id, name(r.frames[0]), r.frames.size(), name(r.frames.back())));
      }
    }
  }
  return true;
}

std::string unwindJson(Target& target, const UnwindCheck& check) {
  JsonText j;
  jsonHead(j, "unwind", target.title, target.program->buildId());
  j.field("points", check.points);
  j.field("reached", check.reached);
  j.field("frames", check.frames);
  j.field("stops", check.stops);
  j.field("switching", check.switching);
  j.field("elsewhere", check.elsewhere);
  j.field("ended", check.ended);
  j.list("failed", check.failed, [&](const std::string& e) { j.value(e); });
  return j.finish();
}

}  // namespace burrow::inspect
