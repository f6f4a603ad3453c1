// The views `goroutines`, `sched` and `gcwork`.
#include "inspect/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace burrow::inspect {

namespace {

constexpr size_t kMostQueueShown = 12, kMostFramesShown = 1000;

std::string numbers(const std::vector<uint64_t>& list) {
  std::string out;
  for (size_t i = 0; i < list.size() && i < kMostQueueShown; i++) out += fmt::format("{}{}", i ? " " : "", list[i]);
  if (list.size() > kMostQueueShown) out += fmt::format(" .. {} more", list.size() - kMostQueueShown);
  return out;
}

// Frames that repeat, as recursion makes them, are shown once.
void printFrames(Page& page, const std::vector<ShownFrame>& frames) {
  for (size_t i = 0; i < frames.size() && i < kMostFramesShown;) {
    const ShownFrame& f = frames[i];
    size_t n = 1;
    while (i + n < frames.size() && frames[i + n].pc == f.pc && frames[i + n].function == f.function) n++;
    page.line(f.function + (f.inlined ? "(...)" : "()") + (n > 1 ? page.paint("2", fmt::format("  {} times", n)) : std::string()));
    page.line(fmt::format("\t{}:{}{}", f.file, f.line, f.inlined || f.offset == 0 ? std::string() : fmt::format(" +{:#x}", f.offset)));
    i += n;
  }
  if (frames.size() > kMostFramesShown) page.line(fmt::format("...{} frames elided...", frames.size() - kMostFramesShown));
}

}  // namespace

std::vector<ShownFrame> shownFrames(Target& target, const Goroutine& g, bool all) {
  std::vector<ShownFrame> out;
  const CodeTable& code = target.code();
  for (int pass = 0; pass < 2 && out.empty(); pass++) {
    for (const StackFrame& s : g.frames) {
      if (!s.function) {
        if (all || pass == 1) out.push_back({"?", "?", 0, false, s.pc, 0});
        continue;
      }
      for (const CodeFrame& f : code.frames(*s.function, s.lookupPc())) {
        if (!all && pass == 0 && !isShown(f, out.empty())) continue;
        out.push_back({shownFunction(f.function), std::string(f.file), f.line, f.inlined, s.pc, s.pc - code.entry(*s.function)});
      }
    }
  }
  return out;
}

std::string heldText(const Target& target) {
  if (!target.stopAsked) return {};
  std::string out;
  if (target.stoppedNs) out = fmt::format("its threads were held up for {}", durationText(target.stoppedNs));
  else if (target.lateThreads == 0) out = "nothing was running: no thread was held up";
  if (target.lateThreads)
    out += fmt::format("{}{} thread{} got no processor to stop on in {}, so that it is not known where {}", out.empty() ? "" : "; ", target.lateThreads, target.lateThreads == 1 ? "" : "s",
                       durationText(Target::kLongestStopNs), target.lateThreads == 1 ? "it is" : "they are");
  return out;
}

ShownFrame creator(Target& target, const Goroutine& g) {
  ShownFrame out;
  const ft::FuncRecord* f = g.createdAt ? target.code().find(g.createdAt - 1) : nullptr;
  if (!f || g.id == 1) return out;
  const std::vector<CodeFrame> frames = target.code().frames(*f, g.createdAt - 1);
  out.function = shownFunction(frames[0].function);
  out.file = frames[0].file;
  out.line = frames[0].line;
  out.pc = g.createdAt;
  out.offset = g.createdAt - target.code().entry(*f);
  return out;
}

void goroutinesPage(Target& target, const std::vector<Goroutine>& list, const GoroutinesOptions& options, Page& page) {
  page.line(page.paint("1", target.title));
  std::map<std::string, size_t> states;
  uint64_t stacks = 0, used = 0;
  for (const Goroutine& g : list) states[g.state]++, stacks += g.stackSize, used += g.stackUsed;
  std::string summary;
  std::vector<std::pair<size_t, std::string>> sorted;
  for (const auto& [state, n] : states) sorted.push_back({n, state});
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  for (const auto& [n, state] : sorted) summary += fmt::format("{}{} {}", summary.empty() ? "" : ", ", groupedNumber(n), state);
  page.line(fmt::format("{} goroutine{}: {}", groupedNumber(list.size()), list.size() == 1 ? "" : "s", summary));
  page.line(fmt::format("stacks: {} ({} in use)", bytesText(stacks), bytesText(used)));
  if (const std::string held = heldText(target); !held.empty()) page.line(held);

  auto age = [](const Goroutine& g) { return g.waitNs >= 0 ? durationText(g.waitNs) : std::string("-"); };
  if (options.grouped) {
    // By state and stack; the largest group first.
    struct Group {
      std::vector<const Goroutine*> members;
      int64_t longest = -1;
    };
    std::map<std::string, Group> groups;
    for (const Goroutine& g : list) {
      std::string key = g.state;
      for (const StackFrame& f : g.frames) key += fmt::format(" {:x}", f.pc);
      Group& group = groups[key];
      group.members.push_back(&g);
      group.longest = std::max(group.longest, g.waitNs);
    }
    std::vector<const Group*> order;
    for (const auto& [key, group] : groups) order.push_back(&group);
    std::stable_sort(order.begin(), order.end(), [](const Group* a, const Group* b) { return a->members.size() > b->members.size(); });
    for (const Group* group : order) {
      const Goroutine& g = *group->members[0];
      std::vector<uint64_t> ids;
      for (const Goroutine* m : group->members) ids.push_back(m->id);
      page.line();
      page.line(page.paint("1", fmt::format("{} goroutine{} [{}{}]: {}", groupedNumber(ids.size()), ids.size() == 1 ? "" : "s", g.state,
                                            group->longest >= 0 ? ", up to " + durationText(group->longest) : std::string(), numbers(ids))));
      if (!g.stackKnown) page.line("\t(its stack cannot be walked)");
      printFrames(page, shownFrames(target, g, options.all));
      if (const ShownFrame c = creator(target, g); !c.function.empty()) {
        page.line("created by " + c.function);
        page.line(fmt::format("\t{}:{} +{:#x}", c.file, c.line, c.offset));
      }
    }
    return;
  }
  if (!options.only) {
    page.line();
    Table t({{"goroutine", true}, {"state", false}, {"since", true, 7}, {"stack", true, 6}, {"used", true, 5}, {"M", true, 3}, {"at", false, 9, true}, {"created by", false, 4, true}});
    for (const Goroutine& g : list) {
      const std::vector<ShownFrame> frames = shownFrames(target, g, options.all);
      const ShownFrame c = creator(target, g);
      t.row({std::to_string(g.id) + (g.system ? "*" : ""), g.state, age(g), bytesText(g.stackSize), g.stackKnown ? bytesText(g.stackUsed) : "?", g.mId >= 0 ? std::to_string(g.mId) : "",
             frames.empty() ? "?" : frames[0].function, c.function.empty() ? "" : c.function});
    }
    t.print(page);
    return;
  }
  for (const Goroutine& g : list) {
    if (g.id != *options.only) continue;
    page.line();
    page.line(fmt::format("goroutine {} [{}{}{}]:", g.id, g.state, g.waitNs >= 60000000000 ? fmt::format(", {} minutes", g.waitNs / 60000000000) : std::string(), g.lockedM ? ", locked to thread" : ""));
    if (!g.stackKnown) page.line("\t(its stack cannot be walked: it runs, or has just been woken)");
    printFrames(page, shownFrames(target, g, options.all));
    if (const ShownFrame c = creator(target, g); !c.function.empty()) {
      page.line("created by " + c.function + (g.parent ? fmt::format(" in goroutine {}", g.parent) : std::string()));
      page.line(fmt::format("\t{}:{} +{:#x}", c.file, c.line, c.offset));
    }
    page.line();
    page.line(fmt::format("g {:#x}, stack {} in {} segment{} ({} in use){}", g.address, bytesText(g.stackSize), g.segments, g.segments == 1 ? "" : "s", bytesText(g.stackUsed),
                          g.waitingOn ? fmt::format(", waits on channel {:#x}", g.waitingOn) : std::string()));
  }
}

void schedPage(Target& target, const Scheduler& s, Page& page) {
  page.line(page.paint("1", target.title));
  page.line(fmt::format("GOMAXPROCS {} of {} CPUs; {} P{} idle, {} M{} idle, {} spinning{}{}", s.gomaxprocs, s.cpus, s.idleProcs, s.idleProcs == 1 ? "" : "s", s.idleMachines,
                        s.idleMachines == 1 ? "" : "s", s.spinning, s.gcWaiting ? "; the world is being stopped" : "", s.sysmonWaits ? "; sysmon sleeps" : ""));
  page.line(fmt::format("global queue: {}{}", s.globalQueue.empty() ? "empty" : std::to_string(s.globalSize) + ": ", numbers(s.globalQueue)));
  if (s.lastPollNs >= 0)
    page.line(s.lastPollNs == 0 ? "network poller: a thread waits in it" : fmt::format("network poller: asked {} ago", durationText(s.lastPollNs)));
  page.heading("Ps");
  Table ps({{"P", true}, {"state", false}, {"M", true}, {"runs", true}, {"next", true}, {"queue", true}, {"queued", false, 6, true}, {"ticks", true, 5}, {"syscalls", true, 4}, {"free Gs", true, 3}, {"collector", false, 2}});
  for (const ProcInfo& p : s.procs) {
    auto id = [](uint64_t n) { return n ? std::to_string(n) : std::string("-"); };
    ps.row({std::to_string(p.id), p.status, p.mId >= 0 ? std::to_string(p.mId) : "-", id(p.runNow), id(p.runNext), std::to_string(p.queue.size()), numbers(p.queue),
            groupedNumber(p.schedTick), groupedNumber(p.syscallTick), std::to_string(p.freeGs), p.gcWorker == "NotWorker" ? "" : p.gcWorker});
  }
  ps.print(page);
  page.heading("Ms");
  Table ms({{"M", true}, {"thread", true}, {"P", true}, {"goroutine", true}, {"state", false}, {"locks", true, 4}, {"locked to", true, 3}});
  for (const MachineInfo& m : s.machines) {
    ms.row({std::to_string(m.id), std::to_string(m.tid), m.pId >= 0 ? std::to_string(m.pId) : "-", m.current ? std::to_string(m.current) : "-",
            m.spinning ? "spinning" : m.blocked ? "asleep" : m.current ? "running" : "on g0", std::to_string(m.locks), m.lockedTo ? std::to_string(m.lockedTo) : ""});
  }
  ms.print(page);
}

void gcworkPage(Target& target, const GcWorkInfo& w, Page& page) {
  page.line(page.paint("1", target.title));
  page.line(fmt::format("collector: {}; {} work buffers exist ({} objects each), {} taken from another P so far", w.phase, w.made, w.entriesPerBuffer, w.steals));
  if (w.phase == "GCmark") page.line(fmt::format("root jobs taken: {} of {}", std::min(w.rootsNext, w.rootsAll), w.rootsAll));
  uint64_t grey = 0;
  for (const WorkBuffer& b : w.full) grey += b.objects;
  for (const auto& l : w.local) grey += l.first.objects + l.second.objects;
  page.line(fmt::format("grey objects: {}; shared: {} buffers with objects, {} without", groupedNumber(grey), w.full.size(), w.empty.size()));
  uint64_t spans = 0;
  for (const WorkBuffer& b : w.spans) spans += b.objects;
  for (const auto& l : w.local) spans += l.spanIn.objects + l.spanOut.objects;
  page.line(fmt::format("spans that wait to be scanned: {}; shared: {} buffers of them", groupedNumber(spans), w.spans.size()));
  page.heading("Ps");
  Table t({{"P", true}, {"first", true}, {"second", true}, {"spans in", true, 3}, {"out", true, 3}, {"barrier", true}, {"of", true, 5}, {"marked", true, 6}, {"worker", false, 4}});
  auto objects = [](bool there, const WorkBuffer& b) { return there ? std::to_string(b.objects) : "-"; };
  for (const auto& l : w.local)
    t.row({std::to_string(l.p), objects(l.hasFirst, l.first), objects(l.hasSecond, l.second), objects(l.hasSpanIn, l.spanIn), objects(l.hasSpanOut, l.spanOut),
           std::to_string(l.barrierUsed), std::to_string(l.barrierSize), bytesText(l.bytesMarked), l.worker == "NotWorker" ? "" : l.worker});
  t.print(page);
  if (w.full.empty() && w.empty.empty() && w.spans.empty()) return;
  page.heading("Shared buffers, the next to be taken first");
  Table b({{"address", true}, {"objects", true}, {"list", false}});
  for (const WorkBuffer& x : w.full) b.row({fmt::format("{:x}", x.address), std::to_string(x.objects), "full"});
  for (const WorkBuffer& x : w.empty) b.row({fmt::format("{:x}", x.address), std::to_string(x.objects), "empty"});
  for (const WorkBuffer& x : w.spans) b.row({fmt::format("{:x}", x.address), std::to_string(x.objects), "spans"});
  b.print(page);
}

std::string gcworkDot(Target& target, const GcWorkInfo& w) {
  std::string out = "digraph gcwork {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  auto buffer = [&](const WorkBuffer& b) { return fmt::format("  \"{:x}\" [label=\"{:x}\\n{} of {}\"];\n", b.address, b.address, b.objects, w.entriesPerBuffer); };
  for (const auto& l : w.local) {
    out += fmt::format("  \"P{}\" [shape=ellipse, label=\"P {}\\nbarrier {}/{}\"];\n", l.p, l.p, l.barrierUsed, l.barrierSize);
    if (l.hasFirst) out += buffer(l.first) + fmt::format("  \"P{}\" -> \"{:x}\" [label=\"wbuf1\"];\n", l.p, l.first.address);
    if (l.hasSecond) out += buffer(l.second) + fmt::format("  \"P{}\" -> \"{:x}\" [label=\"wbuf2\"];\n", l.p, l.second.address);
    if (l.hasSpanIn) out += buffer(l.spanIn) + fmt::format("  \"P{}\" -> \"{:x}\" [label=\"spanIn\"];\n", l.p, l.spanIn.address);
    if (l.hasSpanOut) out += buffer(l.spanOut) + fmt::format("  \"P{}\" -> \"{:x}\" [label=\"spanOut\"];\n", l.p, l.spanOut.address);
  }
  auto chain = [&](const char* name, const std::vector<WorkBuffer>& list) {
    out += fmt::format("  \"{}\" [shape=ellipse, label=\"work.{}\\n{}\"];\n", name, name, list.size());
    std::string from = name;
    for (const WorkBuffer& b : list) {
      const std::string at = fmt::format("{:x}", b.address);
      out += buffer(b) + fmt::format("  \"{}\" -> \"{}\";\n", from, at);
      from = at;
    }
  };
  chain("full", w.full);
  chain("empty", w.empty);
  chain("spans", w.spans);
  return out + "}\n";
}

}  // namespace burrow::inspect
