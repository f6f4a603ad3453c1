#include "inspect/boot.h"

#include "inspect/views.h"

#include <fmt/format.h>

#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <map>
#include <optional>
#include <set>

namespace burrow::inspect {

namespace {

constexpr unsigned char kInt3 = 0xcc;

// In the order in which they come (docs/runtime.md); what is absent or inlined in a program is left out.
constexpr const char* kBootFunctions[] = {
    "_rt0_amd64_linux_pie", "runtime.relocate", "_rt0_amd64_linux", "_rt0_amd64",           "runtime.rt0_go",      "runtime.check",      "runtime.args",
    "runtime.osinit",     "runtime.schedinit",    "runtime.stackinit",   "runtime.randinit",   "runtime.mallocinit",
    "runtime.mcommoninit", "runtime.alginit",     "runtime.modulesinit", "runtime.typelinksinit", "runtime.itabsinit",
    "runtime.initsig",    "runtime.goargs",       "runtime.goenvs",      "runtime.parsedebugvars", "runtime.gcinit",
    "runtime.procresize", "runtime.newproc",      "runtime.mstart",      "runtime.main",       "runtime.sysmon",
    "runtime.gcenable"};
constexpr const char* kFirstFunctions[] = {"runtime.mallocgc", "runtime.getempty"};

int64_t nanoseconds() {
  timespec ts;
  ::clock_gettime(CLOCK_MONOTONIC, &ts);
  return int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec;
}

// For how long a thread has been waiting for a processor, in its life.
int64_t waited(int pid, int tid) {
  long long ran = 0, delay = 0;
  if (FILE* f = std::fopen(fmt::format("/proc/{}/task/{}/schedstat", pid, tid).c_str(), "re")) {
    if (std::fscanf(f, "%lld %lld", &ran, &delay) != 2) delay = 0;
    std::fclose(f);
  }
  return delay;
}

struct Breakpoint {
  unsigned char saved = 0;
  BootStep step;
};

class Tracee {
 public:
  ~Tracee() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      int status;
      while (::waitpid(-pid_, &status, __WALL) > 0 || errno == EINTR) {
      }
      ::waitpid(pid_, &status, __WALL);
    }
  }
  int pid() const { return pid_; }

  bool start(const std::string& exe, const std::vector<std::string>& arguments, std::string* error) {
    std::vector<char*> argv{const_cast<char*>(exe.c_str())};
    for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    std::fflush(stdout);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::setpgid(0, 0);
      ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      ::execv(exe.c_str(), argv.data());
      ::_exit(127);
    }
    int status;
    if (pid_ < 0 || ::waitpid(pid_, &status, __WALL) != pid_) {
      *error = fmt::format("{}: cannot be started: {}", exe, systemError(errno));
      return false;
    }
    if (!WIFSTOPPED(status)) {
      pid_ = -1;
      *error = fmt::format("{}: cannot be started (not executable?)", exe);
      return false;
    }
    ::ptrace(PTRACE_SETOPTIONS, pid_, nullptr, PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
    return true;
  }
  // By way of a thread that is stopped.
  static unsigned char poke(int tid, uint64_t at, unsigned char byte) {
    errno = 0;
    const uint64_t word = uint64_t(::ptrace(PTRACE_PEEKTEXT, tid, at, nullptr));
    ::ptrace(PTRACE_POKETEXT, tid, at, (word & ~uint64_t{0xff}) | byte);
    return static_cast<unsigned char>(word);
  }
  void forget() { pid_ = -1; }

 private:
  int pid_ = -1;
};

void readState(Target& target, int pid, BootStep* s) {
  target.cache().forget();
  uint64_t size = 0, resident = 0;
  if (FILE* f = std::fopen(fmt::format("/proc/{}/statm", pid).c_str(), "re")) {
    unsigned long long a = 0, b = 0;
    if (std::fscanf(f, "%llu %llu", &a, &b) == 2) size = a * 4096, resident = b * 4096;
    std::fclose(f);
  }
  s->virtualBytes = size;
  s->residentBytes = resident;
  s->mappings = readMappings(pid).size();
  s->heapMapped = target.value("mheap_", "stats.heapMapped");
  s->heapInUse = target.value("mheap_", "stats.heapInUse") + target.value("mheap_", "stats.stacksInUse");
  s->spans = target.value("mheap_", "stats.spansInUse");
  s->arenas = target.value("mheap_", "allArenasLen");
  s->freePages = s->heapMapped > s->heapInUse ? (s->heapMapped - s->heapInUse) / 8192 : 0;
  s->goroutines = target.value("allglen");
  s->machines = target.value("sched", "mnext");
  s->procs = target.value("allp") ? target.value("gomaxprocs") : 0;
  s->workBuffers = target.value("workPool", "made");
  s->gcPhase = target.layout().enumerator("GcPhase", target.value("gcphase"));
  s->gcEnabled = target.value("gcTotals", "enableGC") != 0;
}

}  // namespace

bool runBoot(const std::string& exe, const BootOptions& options, BootRun* out, std::string* error) {
  // Looked at before it is started: what is not a program of Burrow's is not run. Where it lies is known only then.
  std::unique_ptr<Program> program = Program::open(exe, 0, error);
  if (!program) return false;
  out->program = exe;
  if (!options.at.empty() && !program->code().named(options.at)) {
    *error = fmt::format("{}: no function {}", exe, options.at);
    return false;
  }
  Tracee tracee;
  if (!tracee.start(exe, options.arguments, error)) return false;
  const int pid = tracee.pid();
  std::unique_ptr<Target> target = Target::open(std::to_string(pid), "", error);
  if (!target) return false;
  program.reset();
  const CodeTable& code = target->code();
  std::map<uint64_t, Breakpoint> breakpoints;
  auto add = [&](const ft::FuncRecord* f, const char* kind, const std::string& package) {
    if (!f || breakpoints.contains(code.entry(*f))) return;
    Breakpoint b;
    b.step.name = code.name(*f);
    b.step.kind = kind;
    b.step.package = package;
    b.step.place = fmt::format("{}:{}", code.startFile(*f), f->startLine);
    breakpoints[code.entry(*f)] = std::move(b);
  };
  const ft::FuncRecord* wanted = nullptr;
  if (!options.at.empty()) {
    wanted = code.named(options.at);
    add(wanted, "boot", "");
  } else {
    for (const char* name : kBootFunctions) add(code.named(name), "boot", "");
    for (const char* name : kFirstFunctions) add(code.named(name), "first", "");
    Memory& memory = target->program->memory();
    for (const InitEntry& e : packageInits(*target->program)) add(code.find(memory.word(e.address + 8)), "init", e.package);
    add(code.named("main.main"), "main", "");
  }
  for (auto& [at, b] : breakpoints) b.saved = Tracee::poke(pid, at, kInt3);

  int64_t own = 0, since = nanoseconds();
  ::ptrace(PTRACE_CONT, pid, nullptr, nullptr);
  int64_t waitedBefore = 0;  // by the main thread, which does the booting
  std::set<int> fresh;  // threads whose first stop is not a signal of the program's
  // sysmon has a thread of its own, which the kernel may let run before or after the main thread has come to main.main. That thread
  // then stays at its breakpoint until sysmon has begun: it holds no lock there, so sysmon gets that far. The steps of a boot are so
  // the same each time.
  const ft::FuncRecord* sysmon = wanted ? nullptr : code.named("runtime.sysmon");
  struct Held {
    int tid;
    user_regs_struct r;
    BootStep step;
  };
  std::optional<Held> held;
  for (;;) {
    int status;
    const int tid = ::waitpid(-1, &status, __WALL);
    const int64_t stopped = nanoseconds();
    if (tid < 0) {
      if (errno == EINTR) continue;
      break;
    }
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      if (tid != pid) continue;
      out->ended = WIFEXITED(status) ? fmt::format("it ended with status {}", WEXITSTATUS(status)) : fmt::format("it was ended by signal {}", WTERMSIG(status));
      tracee.forget();
      break;
    }
    const int signal = WSTOPSIG(status), event = status >> 16;
    if (event == PTRACE_EVENT_CLONE) {
      ::ptrace(PTRACE_CONT, tid, nullptr, nullptr);
      continue;
    }
    if (signal == SIGSTOP && tid != pid && fresh.insert(tid).second) {
      ::ptrace(PTRACE_CONT, tid, nullptr, nullptr);
      continue;
    }
    user_regs_struct r;
    auto hit = breakpoints.end();
    if (signal == SIGTRAP && ::ptrace(PTRACE_GETREGS, tid, nullptr, &r) == 0) hit = breakpoints.find(r.rip - 1);
    if (hit == breakpoints.end()) {
      ::ptrace(PTRACE_CONT, tid, nullptr, signal == SIGTRAP ? 0 : signal);
      continue;
    }
    // On a busy machine a thread waits for its turn; that is not the program's.
    const int64_t delay = waited(pid, pid);
    own += held ? 1 : std::max<int64_t>(1, stopped - since - std::max<int64_t>(0, delay - waitedBefore));
    Tracee::poke(tid, hit->first, hit->second.saved);
    r.rip--;
    ::ptrace(PTRACE_SETREGS, tid, nullptr, &r);
    BootStep step = std::move(hit->second.step);
    breakpoints.erase(hit);
    if (out->steps.empty()) own = 0;  // time counts from the entry: what is before is the kernel's
    if (step.kind == "main" && sysmon && breakpoints.contains(code.entry(*sysmon))) {
      held = Held{tid, r, std::move(step)};
      continue;
    }
    auto record = [&](BootStep now) {
      now.at = own;
      readState(*target, pid, &now);
      if (!out->steps.empty()) out->steps.back().cost = now.at - out->steps.back().at;
      out->steps.push_back(std::move(now));
    };
    const bool waitedFor = held && !breakpoints.contains(code.entry(*sysmon));
    const bool last = step.kind == "main" || wanted || waitedFor;
    record(std::move(step));
    if (waitedFor) {
      own++;
      record(std::move(held->step));
    }
    if (last) {
      if (options.stopped) {
        const user_regs_struct& at = held ? held->r : r;
        target->threads = {{held ? held->tid : tid, at.rip, at.rsp, at.rbp, at.fs_base}};
        target->mappings = readMappings(pid);
        target->cache().forget();
        options.stopped(*target, target->threads[0]);
      }
      break;
    }
    waitedBefore = delay;
    since = nanoseconds();
    ::ptrace(PTRACE_CONT, tid, nullptr, nullptr);
  }
  // What a stop costs: the shortest of the distances between steps is at most that.
  for (const BootStep& s : out->steps)
    if (s.cost > 1000 && (out->stopCost == 0 || s.cost < out->stopCost)) out->stopCost = s.cost;
  if (out->steps.empty() && !out->ended.empty()) {
    *error = fmt::format("{}: {}", exe, out->ended);
    return false;
  }
  return true;
}

// ---- pages

namespace {

std::string change(uint64_t before, uint64_t now) {
  if (now == before) return "";
  return now > before ? "+" + bytesText(now - before) : "-" + bytesText(before - now);
}

std::string shownName(const BootStep& s) { return s.kind == "init" ? "init " + (s.package.empty() ? s.name : s.package) : s.kind == "first" ? "first " + s.name : s.name; }

}  // namespace

void bootPage(const BootRun& run, Page& page) {
  page.line(page.paint("1", run.program));
  if (run.steps.empty()) return;
  const BootStep& last = run.steps.back();
  page.line(last.kind == "main" ? fmt::format("entry to main.main: {}, of which each of the {} stops took at most {}", durationText(last.at), run.steps.size(), durationText(run.stopCost))
                                : fmt::format("it did not come to main.main: {}", run.ended));
  page.line(fmt::format("then: {} in {} mappings, {} resident; heap {}, {} in use", bytesText(last.virtualBytes), last.mappings, bytesText(last.residentBytes),
                        bytesText(last.heapMapped), bytesText(last.heapInUse)));
  page.line();
  Table t({{"at", true}, {"took", true}, {"", false, 5}, {"step", false, 9, true}, {"memory", true, 6}, {"resident", true, 4}, {"heap", true, 6}, {"spans", true, 5}, {"G", true, 7}, {"M", true, 7}, {"P", true, 7}, {"buffers", true, 3}, {"at line", false, 2, true}});
  int64_t longest = 1;
  for (const BootStep& s : run.steps) longest = std::max(longest, s.cost);
  // Changes stand at the step that made them, numbers are those when it began.
  for (size_t i = 0; i < run.steps.size(); i++) {
    const BootStep &s = run.steps[i], &after = run.steps[std::min(i + 1, run.steps.size() - 1)];
    const size_t bar = size_t(10 * s.cost / longest);
    t.row({durationText(s.at), &s == &last ? "" : durationText(s.cost), std::string(bar, '#'), shownName(s), change(s.virtualBytes, after.virtualBytes),
           change(s.residentBytes, after.residentBytes), change(s.heapInUse, after.heapInUse), std::to_string(s.spans), std::to_string(s.goroutines), std::to_string(s.machines),
           std::to_string(s.procs), std::to_string(s.workBuffers), s.place.substr(s.place.rfind('/') + 1)});
  }
  t.print(page);
  std::vector<const BootStep*> inits;
  int64_t sum = 0;
  for (const BootStep& s : run.steps)
    if (s.kind == "init") inits.push_back(&s), sum += s.cost;
  if (inits.empty()) return;
  std::stable_sort(inits.begin(), inits.end(), [](const BootStep* a, const BootStep* b) { return a->cost > b->cost; });
  page.heading(fmt::format("Package initialisations: {} in {} packages, the most expensive first", durationText(sum), inits.size()));
  Table i({{"took", true}, {"share", true}, {"package", false, 9, true}});
  for (size_t k = 0; k < std::min<size_t>(inits.size(), 10); k++) i.row({durationText(inits[k]->cost), percentText(uint64_t(inits[k]->cost), uint64_t(std::max<int64_t>(sum, 1))), inits[k]->package});
  i.print(page);
}

void bootDiffPage(const BootRun& a, const BootRun& b, Page& page) {
  page.line(page.paint("1", fmt::format("A {}", a.program)));
  page.line(page.paint("1", fmt::format("B {}", b.program)));
  page.line();
  Table t({{"step", false, 9, true}, {"A took", true}, {"B took", true}, {"B - A", true}, {"A heap", true, 5}, {"B heap", true, 5}, {"A resident", true, 4}, {"B resident", true, 4}});
  std::map<std::string, const BootStep*> other;
  for (const BootStep& s : b.steps) other[shownName(s)] = &s;
  auto difference = [](int64_t d) { return (d < 0 ? "-" : "+") + durationText(d < 0 ? -d : d); };
  for (const BootStep& s : a.steps) {
    auto found = other.find(shownName(s));
    if (found == other.end()) {
      t.row({shownName(s), durationText(s.cost), "-", "only in A", bytesText(s.heapInUse), "", bytesText(s.residentBytes), ""});
      continue;
    }
    const BootStep& o = *found->second;
    t.row({shownName(s), durationText(s.cost), durationText(o.cost), difference(o.cost - s.cost), bytesText(s.heapInUse), bytesText(o.heapInUse), bytesText(s.residentBytes), bytesText(o.residentBytes)});
    other.erase(found);
  }
  for (const BootStep& s : b.steps)
    if (other.contains(shownName(s))) t.row({shownName(s), "-", durationText(s.cost), "only in B", "", bytesText(s.heapInUse), "", bytesText(s.residentBytes)});
  t.print(page);
  if (!a.steps.empty() && !b.steps.empty())
    page.line(fmt::format("to main.main: A {}, B {}, {}", durationText(a.steps.back().at), durationText(b.steps.back().at), difference(b.steps.back().at - a.steps.back().at)));
}

}  // namespace burrow::inspect
