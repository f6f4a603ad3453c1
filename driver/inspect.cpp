// `burrow inspect VIEW ...`: the command line of the inspector. The views themselves are in inspect/.
#include "driver/inspect.h"

#include "driver/inspect_flags.h"
#include "inspect/waits.h"
#include "inspect/boot.h"
#include "inspect/code_views.h"
#include "inspect/core_file.h"
#include "inspect/html.h"
#include "inspect/objects.h"
#include "inspect/serve.h"
#include "inspect/unwind_check.h"
#include "inspect/views.h"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace burrow::driver {

using namespace inspect;

const char* const kInspectHelp = R"(usage: burrow inspect <view> [flags] <what> [arguments]

Inspect shows what a program that Burrow built is made of and what its runtime is
doing. <what> is a process (its number), a core file, a snapshot or, for the views
of programs, an executable.

Views of a running program, a core or a snapshot:

	heap        where the memory is: a map, size classes, types, allocation sites;
	            -sample MILLISECONDS a line each, -top N of them (-html: a chart)
	spans       each span; -class N -size BYTES -state WORD -at ADDR -partial -full
	goroutines  all goroutines; -group by stack, -g N one with its stack, -all frames
	waits       which goroutines wait for which channels and locks, and which of
	            them for ever; -dot
	sched       Ps, Ms and queues
	gcwork      the collector's work buffers
	objects     objects by type; -retained who keeps how much alive;
	            -keep ADDR what keeps that object alive
	leak        what grew between two snapshots: burrow inspect leak BEFORE AFTER
	what        what an address is: burrow inspect what 1234 0xc000012000
	boot        start an executable and follow it to main.main: burrow inspect boot
	            EXE [arguments]; -at FUNC stops there and shows everything;
	            -diff EXE EXE compares two
	serve       the page of -html, live: burrow inspect serve 1234 [-addr :8080];
	            on the loopback address, unless another is given
	unwind      stop a process at random instructions and see that every stack can be
	            read to its end; -top N points (1000)
	snapshot    write a snapshot: burrow inspect snapshot 1234 -o file [-live]

Views of executables:

	types       type descriptors; -match TEXT
	inits       package initialisations in their order
	size        what makes it big
	pcsp        frame layout, stack maps and inlined calls beside the code of a
	            function; without one, of the way to main.main; -check against CFI

Flags of all views:

	-json       as JSON (docs/inspect.md describes it)
	-html       as a page for the browser, with all views of a running program, or
	            with the boot
	-dot        as a Graphviz graph (gcwork, waits)
	-o file     write there instead of to standard output
	-exe file   the program that a core is of
	-width n    columns (the terminal's, else 80)
	-colour=yes|no
)";

const char* const kObjdumpHelp = R"(usage: burrow objdump [-S] [-s symregexp] binary [start end]

Objdump disassembles the functions of an executable, those whose names match the
regular expression, or what lies between two addresses.

	-S          source lines too
	-s regexp   only functions whose names match
)";

namespace {

using Flags = InspectFlags;

int usageError(const std::string& message) {
  std::fprintf(stderr, "burrow inspect: %s\nRun 'burrow help inspect' for usage.\n", printable(message).c_str());
  return 2;
}
int fail(const std::string& message) {
  std::fprintf(stderr, "burrow inspect: %s\n", printable(message).c_str());
  return 1;
}

Page makePage(const Flags& f) {
  Page page;
  const bool terminal = f.output.empty() && ::isatty(STDOUT_FILENO);
  page.colour = f.colour.value_or(terminal && !std::getenv("NO_COLOR"));
  page.width = 80;
  if (terminal) {
    winsize size;
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) page.width = size.ws_col;
  }
  if (f.width) page.width = unsigned(std::clamp<uint64_t>(*f.width, 40, 500));
  return page;
}

int put(const Flags& f, const std::string& made) {
  const std::string escaped = isPrintable(made) ? std::string() : printable(made);
  const std::string& text = escaped.empty() ? made : escaped;
  FILE* out = stdout;
  if (!f.output.empty()) {
    out = std::fopen(f.output.c_str(), "we");
    if (!out) return fail(fmt::format("open {}: {}", f.output, systemError(errno)));
  }
  bool ok = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  ok = (out == stdout ? std::fflush(out) : std::fclose(out)) == 0 && ok;
  return ok ? 0 : fail(fmt::format("write {}: {}", f.output.empty() ? "standard output" : f.output, systemError(errno)));
}

int programView(const std::string& view, const Flags& f) {
  std::string error;
  std::unique_ptr<Target> target = Target::open(f.words[0], f.exe, &error);
  if (!target) return fail(error);
  Program& program = *target->program;
  Page page = makePage(f);
  if (view == "types") {
    const std::vector<uint64_t> all = program.allTypes();
    auto isMeant = [&](uint64_t at) {
      const GoType* t = program.types().at(at);
      return t && t->name.find(f.match) != std::string::npos;
    };
    if (!f.match.empty() && std::none_of(all.begin(), all.end(), isMeant)) return fail(fmt::format("{}: no type with \"{}\" in its name", program.path(), f.match));
    if (f.json) return put(f, typesJson(program, f.match));
    typesPage(program, f.match, page);
  } else if (view == "inits") {
    if (!program.hasLayout()) return fail(fmt::format("{}: it carries no description of the runtime", program.path()));
    if (f.json) return put(f, initsJson(program));
    initsPage(program, page);
  } else if (view == "size") {
    if (f.json) return put(f, sizeJson(program));
    sizePage(program, page, f.top.value_or(20));
  } else if (f.check) {
    CfiCheck check;
    if (!checkCfi(program, &check, &error)) return fail(error);
    page.line(fmt::format("{} functions, {} instructions: {} differ from DWARF's call-frame information, {} without a row,", groupedNumber(check.functions), groupedNumber(check.instructions),
                          groupedNumber(check.different), groupedNumber(check.unknown)));
    page.line(fmt::format("{} for which DWARF has nothing or an expression", groupedNumber(check.without)));
    if (check.savedUnknown) page.line(fmt::format("at {} the table does not say where saved registers lie", groupedNumber(check.savedUnknown)));
    for (const std::string& e : check.examples) page.line("  " + e);
    auto list = [&](const char* what, const std::map<std::string, uint64_t>& functions) {
      if (functions.empty()) return;
      page.heading(what);
      for (const auto& [name, n] : functions) page.line(fmt::format("  {}: {}", name, n));
    };
    list("Without a row: the stack pointer is on its way to another stack, or there is no return address on it", check.unknownIn);
    list("DWARF has nothing, or an expression", check.withoutIn);
    const int status = put(f, page.out);
    return status ? status : check.different != 0;
  } else if (f.words.size() < 2) {
    pcspBootPage(program, page);
  } else {
    for (size_t i = 1; i < f.words.size(); i++) {
      if (i > 1) page.line();
      if (!pcspPage(program, f.words[i], page, &error)) return fail(error);
    }
  }
  return put(f, page.out);
}

int snapshotCommand(const Flags& f) {
  if (f.output.empty()) return usageError("snapshot: -o file is missing");
  std::string error;
  std::unique_ptr<Target> target = Target::open(f.words[0], f.exe, &error);
  if (!target) return fail(error);
  SnapshotResult result;
  if (!writeSnapshot(*target, f.output, f.live, &result, &error)) return fail(error);
  std::fprintf(stderr, "%s: %s, the process was held up for %s\n", f.output.c_str(), bytesText(result.bytes).c_str(), f.live ? "no time" : durationText(result.stoppedNs).c_str());
  return 0;
}

int unwindCommand(const Flags& f) {
  std::string error;
  std::unique_ptr<Target> target = Target::open(f.words[0], f.exe, &error);
  if (!target) return fail(error);
  if (target->kind != Target::Process) return fail(fmt::format("{}: only a running process can be stopped", target->title));
  UnwindCheck check;
  if (!checkUnwinding(*target, f.top.value_or(1000), &check, &error)) return fail(error);
  if (f.json) {
    const int status = put(f, unwindJson(*target, check));
    return status ? status : check.reached != check.points;
  }
  Page page = makePage(f);
  page.line(fmt::format("{} points in {} stops: {} reach the goroutine's entry, over {} frames; passed over: {} while stacks were", groupedNumber(check.points), groupedNumber(check.stops),
                        groupedNumber(check.reached), groupedNumber(check.frames), groupedNumber(check.switching)));
  page.line(fmt::format("being changed, {} on threads' own stacks{}", groupedNumber(check.elsewhere), check.ended ? "; then the program ended" : ""));
  for (const std::string& e : check.failed) page.line("  " + e);
  const int status = put(f, page.out);
  return status ? status : check.reached != check.points;
}

int serveCommand(const Flags& f) {
  std::string error;
  auto open = [&](std::string* why) {
    std::unique_ptr<Target> target = Target::open(f.words[0], f.exe, why);
    if (target && (!target->isRunning() || !target->program->hasLayout())) {
      *why = fmt::format("{}: there is no running program to show", target->title);
      target.reset();
    }
    return target;
  };
  if (!open(&error)) return fail(error);
  const bool ok = serve(
      f.address,
      [](const std::string& url) {
        std::printf("%s\n", url.c_str());
        std::fflush(stdout);
      },
      [&](std::string* page, std::string* why) {
        std::unique_ptr<Target> target = open(why);
        return target && targetHtml(*target, page, why);
      },
      &error);
  return ok ? 0 : fail(error);
}

// A line for each moment: how the heap grows, and what the collector is at.
int sampleHeap(Target& target, const Flags& f) {
  const uint64_t count = f.top.value_or(~uint64_t{0});
  const auto pause = useconds_t(*f.sample * 1000);
  std::string documents;
  const auto began = std::chrono::steady_clock::now();
  if (!f.json && !f.html) std::printf("%10s  %-5s %11s  %10s %10s %10s %10s  %s\n", "seconds", "phase", "collections", "live", "goal", "in use", "resident", "goroutines");
  for (uint64_t i = 0; i < count; i++) {
    if (i != 0) ::usleep(pause);
    if (!target.alive()) {
      if (i == 0) return fail(target.title + ": it has ended");
      break;
    }
    const std::string phase = target.layout().enumerator("GcPhase", target.value("gcphase"));
    const uint64_t mapped = target.value("mheap_", "stats.heapMapped"), released = target.value("mheap_", "stats.heapReleased");
    const uint64_t live = target.value("gcController", "heapLive"), goal = target.value("gcController", "gcPercentHeapGoal");
    const uint64_t inUse = target.value("mheap_", "stats.heapInUse"), cycles = target.value("gcTotals", "numGC"), goroutines = target.value("allglen");
    const double at = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const uint64_t resident = mapped > released ? mapped - released : 0;
    const std::string document = fmt::format("{{\"atSeconds\": {:.3f}, \"phase\": \"{}\", \"collections\": {}, \"live\": {}, \"goal\": {}, \"inUse\": {}, \"resident\": {}, \"goroutines\": {}}}", at, phase, cycles,
                                             live, goal, inUse, resident, goroutines);
    if (f.html) {
      documents += (documents.empty() ? "[" : ",\n") + document;
      continue;
    }
    if (f.json) std::printf("%s\n", document.c_str());
    else
      std::printf("%10.3f  %-5s %11llu  %10s %10s %10s %10s  %llu\n", at, phase == "GCoff" ? "off" : phase == "GCmark" ? "mark" : "term", (unsigned long long)cycles, bytesText(live).c_str(),
                  goal > (uint64_t{1} << 62) ? "-" : bytesText(goal).c_str(), bytesText(inUse).c_str(), bytesText(resident).c_str(), (unsigned long long)goroutines);
    if (std::fflush(stdout) != 0) return 1;
  }
  return f.html ? put(f, samplesHtml(target, documents + "]")) : 0;
}

int leakCommand(const Flags& f) {
  std::string error;
  // Both are there before the long work on the first begins.
  std::unique_ptr<Target> targets[2];
  for (int i = 0; i < 2; i++) {
    targets[i] = Target::open(f.words[i], f.exe, &error);
    if (!targets[i]) return fail(error);
    if (!targets[i]->isRunning() || !targets[i]->program->hasLayout()) return fail(fmt::format("{}: no heap to look at", targets[i]->title));
  }
  LeakSide sides[2];
  for (int i = 0; i < 2; i++) {
    ObjectGraph graph;
    if (!graph.build(*targets[i], &error)) return fail(error);
    sides[i] = {targets[i]->title, heldText(*targets[i]), targets[i]->stoppedNs, graph.byType()};
    targets[i].reset();
  }
  if (f.json) return put(f, leakJson(sides[0], sides[1]));
  Page page = makePage(f);
  leakPage(sides[0], sides[1], page);
  return put(f, page.out);
}

int bootCommand(const Flags& f) {
  std::string error;
  Page page = makePage(f);
  if (f.diff) {
    BootRun a, b;
    if (!runBoot(f.words[0], {}, &a, &error) || !runBoot(f.words[1], {}, &b, &error)) return fail(error);
    bootDiffPage(a, b, page);
    return put(f, page.out);
  }
  BootOptions options;
  options.arguments.assign(f.words.begin() + 1, f.words.end());
  options.at = f.atFunction;
  BootRun run;
  if (!f.atFunction.empty()) {
    options.stopped = [&](Target& target, const ThreadState& thread) {
      page.line(page.paint("1", fmt::format("{} stopped at {} ({:#x})", f.words[0], f.atFunction, thread.pc)));
      page.heading("Stack");
      StackWalker walker(target);
      for (const StackFrame& frame : walker.walkThread(thread.pc, thread.sp, thread.fp, thread.sp - 8, thread.sp + (8 << 20))) {
        if (!frame.function) continue;
        for (const CodeFrame& c : target.code().frames(*frame.function, frame.lookupPc()))
          page.line(fmt::format("{}{}\n\t{}:{}", c.function, c.inlined ? "(...)" : "()", c.file, c.line));
      }
      page.heading("Heap");
      Heap heap;
      if (readHeap(target, &heap, &error)) heapPage(target, heap, page);
      page.heading("Scheduler");
      Scheduler s;
      if (readScheduler(target, &s, &error)) schedPage(target, s, page);
      page.heading("Collector");
      GcWorkInfo w;
      if (readGcWork(target, &w, &error)) gcworkPage(target, w, page);
      page.heading("Memory map");
      for (const Mapping& m : target.mappings) page.line(fmt::format("  {:x}-{:x} {} {:>9}  {}", m.start, m.end, m.permissions, bytesText(m.end - m.start), m.name));
    };
  }
  if (!runBoot(f.words[0], options, &run, &error)) return fail(error);
  if (!f.atFunction.empty()) {
    if (run.steps.empty()) return fail(fmt::format("{}: it never came to {}: {}", f.words[0], f.atFunction, run.ended));
    return put(f, page.out);
  }
  if (f.json) return put(f, bootJson(run));
  if (f.html && !run.steps.empty()) return put(f, bootHtml(run));
  bootPage(run, page);
  return put(f, page.out);
}

int targetView(const std::string& view, const Flags& f) {
  std::string error;
  std::unique_ptr<Target> target = Target::open(f.words[0], f.exe, &error);
  if (!target) return fail(error);
  Page page = makePage(f);
  if (view == "what") {
    uint64_t address = 0;
    for (size_t i = 1; i < f.words.size(); i++) {
      if (!parseInspectNumber(f.words[i], &address) && !parseInspectNumber("0x" + f.words[i], &address)) return usageError(fmt::format("what: \"{}\" is no address", f.words[i]));
      if (!whatPage(*target, address, page)) return fail(fmt::format("{:#x}: nothing is known about this address in {}", address, target->title));
    }
    return put(f, page.out);
  }
  if (!target->isRunning()) return fail(fmt::format("{}: {} shows a running program (a process, a core file or a snapshot), not an executable", f.words[0], view));
  if (!target->program->hasLayout()) return fail(fmt::format("{}: it carries no description of the runtime (an older Burrow built it, or the section was stripped)", target->title));

  if (view == "heap" && f.sample) return sampleHeap(*target, f);
  if (f.html) {
    std::string text;
    return targetHtml(*target, &text, &error) ? put(f, text) : fail(error);
  }
  if (view == "heap" || view == "spans") {
    Heap heap;
    if (!readHeap(*target, &heap, &error)) return fail(error);
    SpanFilter filter;
    if (f.sizeClass) filter.sizeClass = unsigned(*f.sizeClass);
    filter.size = f.size;
    filter.at = f.at;
    filter.state = f.state;
    filter.partial = f.partial, filter.full = f.full, filter.empty = f.empty;
    if (f.at && std::none_of(heap.spans.begin(), heap.spans.end(), [&](const SpanInfo& s) { return *f.at >= s.start && *f.at - s.start < s.pages * heap.pageSize; }))
      return fail(fmt::format("{}: no span is at {:#x}", target->title, *f.at));
    if (f.json) return put(f, view == "heap" ? heapJson(*target, heap) : spansJson(*target, heap, filter));
    if (view == "heap") heapPage(*target, heap, page);
    else spansPage(*target, heap, filter, page);
  } else if (view == "goroutines") {
    std::vector<Goroutine> list;
    GoroutineOptions options;
    options.system = f.all;
    options.stop = !f.noStop;
    if (!readGoroutines(*target, options, &list, &error)) return fail(error);
    if (f.goroutine && std::none_of(list.begin(), list.end(), [&](const Goroutine& g) { return g.id == *f.goroutine; }))
      return fail(fmt::format("{}: no goroutine {}", target->title, *f.goroutine));
    const GoroutinesOptions shown{f.group, f.all, f.goroutine};
    if (f.json) return put(f, goroutinesJson(*target, list, shown));
    goroutinesPage(*target, list, shown, page);
  } else if (view == "objects") {
    ObjectGraph graph;
    if (!graph.build(*target, &error)) return fail(error);
    if (f.keep) {
      if (!keepPage(*target, graph, *f.keep, page)) return fail(fmt::format("{:#x}: no object of the heap is there", *f.keep));
      return put(f, page.out);
    }
    if (f.retained) graph.computeDominators();
    if (f.json) return put(f, objectsJson(*target, graph, f.retained));
    objectsPage(*target, graph, f.retained, page);
  } else if (view == "waits") {
    WaitGraph graph;
    if (!readWaits(*target, &graph, &error)) return fail(error);
    if (f.dot) return put(f, waitsDot(*target, graph));
    if (f.json) return put(f, waitsJson(*target, graph));
    waitsPage(*target, graph, page);
  } else if (view == "sched") {
    Scheduler s;
    if (!readScheduler(*target, &s, &error)) return fail(error);
    if (f.json) return put(f, schedJson(*target, s));
    schedPage(*target, s, page);
  } else {
    GcWorkInfo w;
    if (!readGcWork(*target, &w, &error)) return fail(error);
    if (f.dot) return put(f, gcworkDot(*target, w));
    if (f.json) return put(f, gcworkJson(*target, w));
    gcworkPage(*target, w, page);
  }
  return put(f, page.out);
}

}  // namespace

int inspectCommand(const std::vector<std::string>& words) {
  if (words.empty() || words[0] == "-h" || words[0] == "-help" || words[0] == "--help") {
    std::fputs(kInspectHelp, words.empty() ? stderr : stdout);
    return words.empty() ? 2 : 0;
  }
  const std::string& view = words[0];
  Flags flags;
  std::string error;
  if (!parseInspectFlags(view, {words.begin() + 1, words.end()}, &flags, &error)) return usageError(error);
  for (const char* known : {"heap", "spans", "goroutines", "waits", "sched", "gcwork", "objects", "what"})
    if (view == known) return targetView(view, flags);
  for (const char* known : {"types", "inits", "size", "pcsp"})
    if (view == known) return programView(view, flags);
  if (view == "snapshot") return snapshotCommand(flags);
  if (view == "boot") return bootCommand(flags);
  if (view == "leak") return leakCommand(flags);
  if (view == "serve") return serveCommand(flags);
  return unwindCommand(flags);
}

int objdumpCommand(const std::vector<std::string>& words) {
  ObjdumpOptions options;
  std::vector<std::string> rest;
  auto usage = [] {
    std::fputs("usage: burrow objdump [-S] [-s symregexp] binary [start end]\n", stderr);
    return 2;
  };
  for (size_t i = 0; i < words.size(); i++) {
    std::string word = words[i];
    if (word.starts_with("--") && word.size() > 2) word.erase(0, 1);
    if (!rest.empty() || word.size() < 2 || word[0] != '-') {
      rest.push_back(word);
    } else if (word == "-S") {
      options.source = true;
    } else if (word == "-gnu") {
      // The instructions are always in that syntax.
    } else if (word == "-s" && i + 1 < words.size()) {
      options.pattern = words[++i];
    } else if (word.starts_with("-s=")) {
      options.pattern = word.substr(3);
    } else if (word == "-h" || word == "-help") {
      std::fputs(kObjdumpHelp, stdout);
      return 0;
    } else {
      std::fprintf(stderr, "flag provided but not defined: %s\n", word.c_str());
      return usage();
    }
  }
  if (rest.size() != 1 && rest.size() != 3) return usage();
  if (rest.size() == 3) {
    uint64_t from, to;
    auto number = [](std::string text, uint64_t* out) { return parseInspectNumber(text.starts_with("0x") ? text : "0x" + text, out); };
    if (!number(rest[1], &from) || !number(rest[2], &to)) {
      std::fprintf(stderr, "burrow objdump: invalid start or end PC: %s %s\n", rest[1].c_str(), rest[2].c_str());
      return 1;
    }
    options.start = from, options.end = to;
  }
  std::string error, text;
  std::unique_ptr<Program> program = Program::open(rest[0], 0, &error);
  if (!program || !objdump(*program, options, &text, &error)) {
    std::fprintf(stderr, "burrow objdump: %s\n", error.c_str());
    return 1;
  }
  return put({}, text);
}

}  // namespace burrow::driver
