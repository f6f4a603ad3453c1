#include "inspect/goroutines.h"

#include <unistd.h>

#include <algorithm>
#include <unordered_map>

namespace burrow::inspect {

namespace {

// gc's numbers of goroutine states; the description has the names that go with them.
constexpr uint32_t kScan = 0x1000;
constexpr size_t kMostGoroutines = 50 << 20;
constexpr uint64_t kMostStackCopy = 64 << 10;  // of one goroutine, while it is stopped
constexpr int kMostSegments = 64, kMostMachines = 10000;
constexpr size_t kMostCases = 1 << 16;  // of a select
// A thread that is ready to run but gets no processor cannot stop either. Then it is asked again, after a pause for the others.
constexpr int kMostStops = 5;
constexpr useconds_t kPauseUs = 10000;

// "Gwaiting" -> "waiting".
std::string statusWord(const Layout& layout, uint32_t status) {
  std::string name = layout.enumerator("GStatus", status);
  if (name.starts_with('G')) name.erase(0, 1);
  return name.empty() ? "???" : name;
}

bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

std::string shownFunction(std::string_view name) {
  if (name == "runtime.gopanic") return "panic";
  std::string out;
  uint32_t depth = 0;
  for (char c : name) {
    if (c == '[' && depth++ == 0) out += "[...]";
    if (depth == 0) out += c;
    if (c == ']' && depth > 0) depth--;
  }
  return out;
}

bool isShown(const CodeFrame& frame, bool first) {
  if (frame.flags & ft::kWrapper) return false;
  const std::string_view n = frame.function;
  if (n == "runtime.gopanic" && !first) return true;
  if (n.find('.') == std::string_view::npos) return false;
  if (n.starts_with("runtime.")) {
    const std::string_view rest = n.substr(8);
    const size_t dot = rest.rfind('.');
    if (dot == std::string_view::npos) return !rest.empty() && isUpper(rest[0]);
    const size_t name = rest.find_first_not_of("(*");
    return name != std::string_view::npos && isUpper(rest[name]) && dot + 1 < rest.size() && isUpper(rest[dot + 1]);
  }
  return !(frame.flags & ft::kNative);
}

StackWalker::StackWalker(Target& target) : target_(target), segmentRecord_(target.layout(), "StackSegment") {
  morestackReturn_ = target.rootAddress("morestackReturn");
  sigpanic_ = target.rootAddress("sigpanicCode");
}

const StackWalker::Segment* StackWalker::segmentOf(uint64_t sp) const {
  for (const Segment& s : segments_)
    if (sp > s.low && sp <= s.top) return &s;
  return nullptr;
}

void StackWalker::walk(Record& g, Goroutine* out) {
  Memory& memory = target_.cache();
  segments_.clear();
  out->stackSize = out->stackUsed = 0;
  uint64_t at = g.u("segment");
  const uint64_t current = at;
  // To the oldest one, then forward over all of them.
  for (int i = 0; at != 0 && i < kMostSegments && segmentRecord_.load(memory, at); i++) {
    segments_.push_back({at, segmentRecord_.u("top"), segmentRecord_.u("oldSP")});
    out->stackSize += segmentRecord_.u("size");
    at = segmentRecord_.u("prev");
  }
  std::reverse(segments_.begin(), segments_.end());
  if (current != 0 && segmentRecord_.load(memory, current)) {
    at = segmentRecord_.u("next");
    for (int i = 0; at != 0 && i < kMostSegments && segmentRecord_.load(memory, at); i++) {
      out->stackSize += segmentRecord_.u("size");
      at = segmentRecord_.u("next");
    }
  }
  out->segments = uint32_t(segments_.size());
  out->frames.clear();
  out->stackKnown = false;
  if (segments_.empty()) return;

  uint64_t pc = 0, sp = 0, fp = 0;
  bool exact = false;
  const uint64_t saved = g.u("sched.sp");
  const std::string state = statusWord(target_.layout(), out->status);
  auto parked = [&] {
    // Six registers and the return address (mcall, systemstack).
    pc = memory.word(saved + 48), sp = saved + 56, fp = memory.word(saved + 40);
  };
  if (state == "running") {
    const ThreadState* thread = nullptr;
    Record m(target_.layout(), "M");
    // What the thread is at is this goroutine's only if it was so when the thread was stopped.
    if (out->m != 0 && m.load(memory, out->m) && m.u("curg") == out->address)
      for (const ThreadState& t : target_.threads)
        if (uint64_t(t.tid) == m.u("procid")) thread = &t;
    if (!thread) return;
    if (segmentOf(thread->sp)) {
      pc = thread->pc, sp = thread->sp, fp = thread->fp, exact = true;
    } else {
      parked();  // its thread is busy on g0 on its behalf
    }
  } else if (state == "syscall") {
    pc = g.u("syscallpc"), sp = g.u("syscallsp");
  } else {
    parked();
  }
  const Segment* s = segmentOf(sp);
  if (!s) return;
  // In use: the current segment from sp up, and the older ones from where they were left.
  uint64_t low = sp;
  for (size_t i = size_t(s - segments_.data()) + 1; i-- > 0;) {
    if (segments_[i].top > low) out->stackUsed += segments_[i].top - low;
    low = segments_[i].oldSp;
  }
  unwind(pc, sp, fp, exact, &out->frames);
  out->stackKnown = !out->frames.empty();
}

std::vector<StackFrame> StackWalker::walkThread(uint64_t pc, uint64_t sp, uint64_t fp, uint64_t low, uint64_t high) {
  segments_.assign(1, {low, high, 0});
  std::vector<StackFrame> out;
  unwind(pc, sp, fp, true, &out);
  return out;
}

// As the runtime's own Unwinder (runtime/symtab): over segment boundaries, __morestack and sigpanic.
void StackWalker::unwind(uint64_t pc, uint64_t sp, uint64_t fp, bool exact, std::vector<StackFrame>* out) {
  Memory& memory = target_.cache();
  const CodeTable& code = target_.code();
  for (size_t steps = 0; pc != 0 && steps < 2 * kMostFrames && out->size() < kMostFrames; steps++) {
    if (!exact && morestackReturn_ != 0 && pc == morestackReturn_) {
      const Segment* s = segmentOf(sp);
      if (!s || s == segments_.data()) return;
      fp = memory.word(s->oldSp);
      pc = memory.word(s->oldSp + 16);
      sp = s->oldSp + 24;
      continue;
    }
    const ft::FuncRecord* f = code.find(exact ? pc : pc - 1);
    if (!f) {
      out->push_back({pc, sp, 0, exact, nullptr});
      return;
    }
    if (f->funcId == ft::kFuncMorestack) {
      if (!segmentOf(fp)) return;
      pc = memory.word(fp + 8);
      sp = fp + 16;
      fp = memory.word(fp);
      exact = true;
      continue;
    }
    if (sigpanic_ != 0 && code.entry(*f) == sigpanic_) {
      if (!segmentOf(sp + 24)) return;
      pc = memory.word(sp + 8);
      sp = memory.word(sp + 16);
      exact = true;
      continue;
    }
    StackFrame frame{pc, sp, 0, exact, f};
    ft::SpRow row;
    const Segment* s = segmentOf(sp);
    if (s && code.frameAt(*f, frame.lookupPc(), &row)) {
      const uint64_t c = (row.cfaIsFp ? fp : sp) + uint64_t(int64_t(row.cfaOffset));
      if (c >= sp + 8 && c <= s->top) frame.cfa = c;
    }
    out->push_back(frame);
    if (frame.cfa == 0 || (f->flags & ft::kTopFrame)) return;
    switch (f->funcId) {
      case ft::kFuncRt0:
      case ft::kFuncMstart:
      case ft::kFuncGoexit:
      case ft::kFuncMcall:
      case ft::kFuncSystemstack:
      case ft::kFuncGogo: return;
      default: break;
    }
    if (row.fpSlot != 0) fp = memory.word(frame.cfa - row.fpSlot);
    pc = memory.word(frame.cfa - 8);
    sp = frame.cfa;
    exact = false;
  }
}

namespace {

// The records of what runs, and the stacks in use there, as they are while nothing moves. Only threads that run a goroutine are
// stopped: what waits, or is in the kernel, stands on its stack.
bool captureRunning(Target& target, std::string* error) {
  const Layout& layout = target.layout();
  Record g(layout, "G"), m(layout, "M"), segment(layout, "StackSegment");
  target.forget();
  std::vector<int64_t> tids;
  std::unordered_map<int64_t, uint64_t> machines;  // by thread
  uint64_t at = target.value("allm");
  for (int i = 0; at != 0 && i < kMostMachines && m.load(target.cache(), at); i++, at = m.u("alllink")) {
    if (m.u("curg") == 0 || !g.load(target.memory(), m.u("curg"))) continue;
    if (statusWord(layout, uint32_t(g.u("atomicstatus")) & ~kScan) != "running") continue;
    tids.push_back(m.i("procid"));
    machines[m.i("procid")] = at;
  }
  return target.captureThreads(
      tids,
      [&](const std::vector<ThreadState>& threads, const Target::CopyRange& copy) {
        for (const ThreadState& t : threads) {
          const std::string* bytes = copy(machines[t.tid], m.size());
          if (!bytes) continue;
          m.set(machines[t.tid], bytes->data());
          const uint64_t current = m.u("curg");
          if (current == 0 || !(bytes = copy(current, g.size()))) continue;
          g.set(current, bytes->data());
          // From the stack pointer up, over its segments; of a thread that is on g0 from where the goroutine was left.
          uint64_t low = t.sp, left = kMostStackCopy;
          uint64_t at = g.u("segment");
          for (int i = 0; at != 0 && left != 0 && i < kMostSegments && (bytes = copy(at, segment.size())); i++, at = segment.u("prev")) {
            segment.set(at, bytes->data());
            const uint64_t top = segment.u("top");
            if (i == 0 && (low <= at || low > top)) low = g.u("sched.sp");
            if (low <= at || low > top) break;
            const uint64_t size = std::min(top - low, left);
            if (size != 0) copy(low, size);
            left -= size;
            low = segment.u("oldSP");
          }
        }
      },
      error);
}

}  // namespace

bool readGoroutines(Target& target, const GoroutineOptions& options, std::vector<Goroutine>* out, std::string* error) {
  const Layout& layout = target.layout();
  Record g(layout, "G"), m(layout, "M"), sudog(layout, "Sudog"), again(layout, "G");
  if (!g.known() || target.rootAddress("allgs") == 0) {
    *error = target.title + ": its description of the runtime has no goroutines";
    return false;
  }
  Memory& memory = target.cache();
  if (target.kind == Target::Process && options.stacks && options.stop) {
    for (int i = 0; i < kMostStops && (i == 0 || target.lateThreads != 0); i++) {
      if (i != 0) ::usleep(kPauseUs);
      if (!captureRunning(target, error)) return false;
    }
  }

  const uint64_t reasons = target.rootAddress("waitReasonTexts");
  std::map<uint32_t, std::string> reasonTexts;
  StackWalker walker(target);
  std::set<uint64_t> seen;
  uint64_t at = target.value("allgs");
  while (at != 0 && out->size() < kMostGoroutines && seen.insert(at).second) {
    if (!g.load(memory, at)) {
      if (!target.alive()) {
        *error = target.title + ": it has ended";
        return false;
      }
      break;
    }
    Goroutine r;
    r.address = at;
    at = g.u("alllink");
    r.id = g.u("goid");
    r.status = uint32_t(g.u("atomicstatus"));
    r.scanning = r.status & kScan;
    r.status &= ~kScan;
    const std::string word = statusWord(layout, r.status);
    r.system = g.u("issystem") != 0;
    if ((word == "dead" || word == "idle") && !options.dead) continue;
    if (r.system && !options.system) continue;
    r.parent = g.u("parentGoid");
    r.createdAt = g.u("gopc");
    r.startPc = g.u("startpc");
    r.m = g.u("m");
    r.lockedM = g.u("lockedm");
    if (r.m != 0 && m.load(memory, r.m)) r.mId = m.i("id");
    r.waitReason = uint32_t(g.u("waitreason"));
    r.state = word;
    if (word == "waiting") {
      if (r.waitReason != 0) {
        auto [text, isNew] = reasonTexts.try_emplace(r.waitReason);
        if (isNew && reasons != 0) text->second = memory.text(memory.word(reasons + 8 * uint64_t(r.waitReason)));
        if (text->second.empty()) text->second = layout.enumerator("WaitReason", r.waitReason);
        if (!text->second.empty()) r.state = text->second;
      }
      uint64_t queued = g.u("waiting");
      for (size_t n = 0; queued != 0 && n < kMostCases && sudog.load(memory, queued); n++) {
        const uint64_t channel = sudog.u("c");
        if (n == 0) r.waitingOn = channel;
        if (const uint64_t object = channel ? channel : sudog.u("elem")) r.waitsFor.push_back(object);
        if (!channel) break;  // a semaphore's: its waitlink is the semaphore's list, not ours
        queued = sudog.u("waitlink");
      }
      r.forEver = r.state.ends_with("(nil chan)") || r.state == "select (no cases)";
    }
    const int64_t since = g.i("waitsince");
    if ((word == "waiting" || word == "syscall") && since != 0 && target.now > since) r.waitNs = target.now - since;
    if (options.stacks && word != "dead" && word != "idle") {
      walker.walk(g, &r);
      if (target.kind == Target::Process && word != "running" && r.stackKnown) {
        // Has it been woken meanwhile?
        if (again.load(target.memory(), r.address) && (again.u("atomicstatus") & ~uint64_t{kScan}) != r.status) r.stackKnown = false;
      }
    }
    out->push_back(std::move(r));
  }
  std::sort(out->begin(), out->end(), [](const Goroutine& a, const Goroutine& b) { return a.id < b.id; });
  return true;
}

}  // namespace burrow::inspect
