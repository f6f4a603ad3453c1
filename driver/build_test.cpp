// `burrow test`: build each package's test program, run it, tell the result in the go command's words.
//
// All packages are compiled in one go; then a few at a time are linked (one after the other, lld has global state) and run.
// What a run printed is shown in the order of the packages, each as one piece, except where the user wants to see it at
// once. A run that passed is kept in the cache under everything it may depend on: the program (by its key, so that nothing
// is linked for it), its arguments, and the environment variables and files that the program asked for, which it logs.
#include "driver/build.h"
#include "driver/process.h"
#include "driver/test2json.h"
#include "driver/test_main.h"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

namespace burrow::driver {

namespace {

std::mutex outputMutex;

void print(const std::string& text) {
  std::lock_guard lock(outputMutex);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// What the test's log of what it looked at comes to now. False: it must not be kept (something is too new to be sure).
bool logHash(const std::string& log, const std::string& dir, load::Hash* out) {
  load::Hasher hasher;
  auto variable = [&](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    hasher.add(value ? "=" : "").add(value ? value : "");
  };
  variable("GODEBUG");  // every program looks at it, and none logs that
  std::string at = dir;
  const time_t now = std::time(nullptr);
  size_t i = 0;
  auto stat = [&](const std::string& path) {
    struct stat st;
    if (::stat(path.c_str(), &st) != 0) {
      hasher.add("none");
      return true;
    }
    if (S_ISREG(st.st_mode) && now - st.st_mtime < 2) return false;
    hasher.add(fmt::format("{} {} {}.{}", st.st_mode, st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec));
    return true;
  };
  while (i < log.size()) {
    size_t end = std::min(log.find('\n', i), log.size());
    std::string line = log.substr(i, end - i);
    i = end + 1;
    size_t space = line.find(' ');
    if (line.starts_with('#') || space == std::string::npos) continue;
    std::string verb = line.substr(0, space), name = line.substr(space + 1);
    hasher.add(line);
    if (verb == "getenv") {
      variable(name);
    } else if (verb == "chdir") {
      at = load::absolutePath(name, at);
    } else if (verb == "stat" || verb == "open") {
      const std::string path = load::absolutePath(name, at);
      if (!stat(path)) return false;
      std::vector<load::DirEntry> entries;
      std::string ignored;
      if (verb == "open" && load::isDir(path) && load::readDir(path, &entries, &ignored)) {
        for (const load::DirEntry& e : entries) {
          hasher.add(e.name);
          if (!stat(path + "/" + e.name)) return false;
        }
      }
    }
  }
  *out = hasher.finish();
  return true;
}

std::string elapsed(double seconds) { return fmt::format("{:.3f}s", seconds); }

}  // namespace

// One package's test.
struct Build::TestRun {
  load::Package* package = nullptr;
  load::TestPackages packages;
  bool setupFailed = false;
  std::string profile;    // -coverprofile: what the program wrote
  std::string text;       // what there is to show, when it is shown in one piece
  bool ready = false, failed = false;
};

// Variants and main packages of all tests. What is wrong with one package stops only that one.
bool Build::prepareTests(std::vector<TestRun>* runs, const TestFlags& test) {
  for (load::Package* root : roots_) {
    TestRun& run = runs->emplace_back();
    run.package = root;
    const size_t before = loader_->errors().size();
    run.setupFailed = root->incomplete || !loader_->loadTests(*root, &run.packages);
    if (!run.setupFailed && run.packages.main) {
      TestFunctions functions;
      for (load::Package* p : {run.packages.tested, run.packages.external}) {
        if (!p) continue;
        load::Program::Unit& unit = program_->parse(*p);
        std::vector<const syntax::File*> files;
        for (size_t i = 0; i < p->files.size(); i++) {
          if (p->files[i].path.ends_with("_test.go")) files.push_back(unit.trees[i]);
        }
        collectTests(files, files_, p == run.packages.external, &functions);
      }
      for (const std::string& e : functions.errors) {
        tell(*root, fmt::format("# {}\n{}\n", root->importPath, shorten(e, *root)), true);
        run.setupFailed = true;
      }
      std::vector<std::string> imports;
      CoverText cover;
      if (test.cover) {
        std::string patterns;
        for (const std::string& p : test.coverPackages) patterns += (patterns.empty() ? "" : ", ") + p;
        cover = coverText(coveredBy(run.packages, test), test.coverMode, patterns);
      }
      std::string main = testMainText(functions, run.packages, root->module ? root->module->path : "",
                                      test.cover ? &cover : nullptr, &imports);
      if (!run.setupFailed) run.setupFailed = !loader_->setMainText(run.packages, std::move(main), imports);
      if (run.setupFailed) run.packages.main = nullptr;
    }
    if (loader_->errors().size() == before) continue;
    std::string text = fmt::format("# {}\n", root->importPath);
    for (size_t i = before; i < loader_->errors().size(); i++) text += loader_->errors()[i] + "\n";
    tell(*root, text, true);
    run.setupFailed = true;
  }
  return true;
}

// -cover: counters in the packages that are to have them, before their text is looked at.
bool Build::prepareCoverage(const TestFlags& test) {
  std::vector<load::Package*> wanted = roots_;
  if (!test.coverPackages.empty()) {
    const size_t before = loader_->errors().size();
    wanted = loader_->load(test.coverPackages);
    for (size_t i = before; i < loader_->errors().size(); i++) std::fprintf(stderr, "%s\n", loader_->errors()[i].c_str());
    if (loader_->errors().size() != before) return false;
  }
  for (load::Package* p : wanted) {
    if (!covered_.contains(p->importPath) && isCoverable(*p, test.coverMode) && !instrument(*p, test.coverMode)) return false;
  }
  return true;
}

// The covered packages that a test's program tells about: its own, or all that -coverpkg names.
std::vector<CoveredUse> Build::coveredBy(const load::TestPackages& test, const TestFlags& flags) const {
  std::vector<CoveredUse> out;
  if (flags.coverPackages.empty()) {
    if (auto it = covered_.find(test.plain->importPath); it != covered_.end()) out.push_back({&it->second, true});
    return out;
  }
  std::set<const load::Package*> seen;
  std::set<std::string> paths;
  std::vector<const load::Package*> work{test.tested};
  if (test.external) work.push_back(test.external);
  while (!work.empty()) {
    const load::Package* p = work.back();
    work.pop_back();
    if (!seen.insert(p).second) continue;
    paths.insert(p->importPath);
    for (const auto& [name, imported] : p->resolved) work.push_back(imported);
  }
  for (const auto& [path, covered] : covered_) out.push_back({&covered, paths.contains(path)});
  return out;
}

int Build::test(const TestFlags& test) {
  options_.readTests = options_.keepBroken = true;
  // What is run once and not measured (docs/performance.md, "The level of run and test").
  quickTests_ = !test.benchmarks && test.profile.empty() && !test.keepBinary && !flags_.compileOnly;
  if (!start()) return 1;
  strings_.push_back({"testing.testBinary", "1", nullptr});
  events_ = test.json;
  loader_ = std::make_unique<load::Loader>(options_, files_, names_);
  roots_ = loader_->load(flags_.arguments);
  program_ = std::make_unique<load::Program>(files_, names_);
  for (const std::string& w : loader_->warnings()) std::fprintf(stderr, "%s\n", w.c_str());
  for (const std::string& e : loader_->errors()) std::fprintf(stderr, "%s\n", e.c_str());
  if (roots_.empty()) {
    if (loader_->errors().empty()) std::fputs("no packages to test\n", stderr);
    return 1;
  }
  const bool loadFailed = !loader_->errors().empty();
  if (!test.profile.empty() && roots_.size() != 1) {
    fail(fmt::format("cannot use {} flag with multiple packages", test.profile));
    return 1;
  }
  if (test.fuzzing) {
    // What is found is written beside the package: a dependency's or the library's folder must stay what it is.
    const char* flaw = roots_.size() != 1           ? "with multiple packages"
                       : !test.coverProfile.empty() ? "-coverprofile"
                       : !test.profile.empty()      ? test.profile.c_str()
                       : roots_[0]->isStd || (roots_[0]->module && !roots_[0]->module->isMain) ? "on package outside the main module"
                                                                                             : nullptr;
    if (flaw != nullptr) {
      fail(flaw[0] == '-' ? fmt::format("cannot use {} flag with -fuzz flag", flaw) : fmt::format("cannot use -fuzz flag {}", flaw));
      return 1;
    }
  }
  if (roots_.size() > 1 && !flags_.output.empty() && !load::isDir(flags_.output) && !flags_.output.ends_with('/') &&
      flags_.output != "/dev/null") {
    fail("with multiple packages, -o must refer to a directory or /dev/null");
    return 1;
  }
  std::vector<TestRun> runs;
  runs.reserve(roots_.size());
  if (test.cover && !prepareCoverage(test)) return 1;
  prepareTests(&runs, test);
  std::vector<std::pair<load::Package*, load::Package*>> programs;
  for (TestRun& run : runs) {
    if (run.packages.main != nullptr) programs.emplace_back(run.packages.main, run.package);
  }
  setProfiles(programs);
  chooseTested(runs);
  firstRun_ = runs.data();
  willLink_ = true;
  compile();
  if (failed_ && actions_.empty()) return 1;  // a profile that is none
  if (flags_.dryRun && flags_.compileOnly) return 0;

  bool anyFailed = loadFailed;
  if (flags_.compileOnly) {
    for (TestRun& run : runs) anyFailed |= !compileTest(run);
    return anyFailed ? 1 : 0;
  }
  const unsigned threads = flags_.parallel != 0 ? flags_.parallel : std::max(1u, std::thread::hardware_concurrency());
  const bool atOnce = !test.packagesGiven || test.benchmarks || test.json ||
                      ((test.verbose || test.listing || test.help) && (runs.size() == 1 || threads == 1));
  std::mutex mutex;
  std::condition_variable done;
  size_t next = 0;
  bool stop = false;
  auto worker = [&] {
    for (;;) {
      size_t i;
      {
        std::lock_guard lock(mutex);
        if (next == runs.size() || stop) return;
        i = next++;
      }
      runTest(runs[i], test, atOnce);
      std::lock_guard lock(mutex);
      runs[i].ready = true;
      stop |= runs[i].failed && test.failFast;
      done.notify_all();
    }
  };
  std::vector<std::thread> pool;
  const size_t workers = atOnce && !test.json ? 1 : std::min<size_t>(threads, runs.size());
  for (size_t i = 0; i < workers; i++) pool.emplace_back(worker);
  for (TestRun& run : runs) {
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return run.ready || (stop && !run.ready && next <= size_t(&run - runs.data())); });
    if (!run.ready) break;
    print(run.text);
    anyFailed |= run.failed;
  }
  for (std::thread& t : pool) t.join();
  for (const TestRun& run : runs) anyFailed |= run.failed;
  if (!test.coverProfile.empty()) {
    // One profile: what each program wrote, below one first line; packages without tests come last.
    std::string merged = fmt::format("mode: {}\n", test.coverMode);
    for (const bool tested : {true, false}) {
      for (const TestRun& run : runs) {
        if ((run.packages.main != nullptr) != tested) continue;
        merged += run.profile.substr(std::min(run.profile.find('\n'), run.profile.size() - 1) + 1);
      }
    }
    const std::string path = load::absolutePath(test.coverProfile, paths_.cwd);
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr || std::fwrite(merged.data(), 1, merged.size(), file) != merged.size() || std::fclose(file) != 0) {
      fail(fmt::format("open {}: {}", path, std::strerror(errno)));
      anyFailed = true;
    }
  }
  // Several packages, and one failed: a last line says so, for those who see only that.
  if (anyFailed && !test.json && test.packagesGiven) print("FAIL\n");
  return anyFailed ? 1 : 0;
}

// What tests consist of, and packages that have none. The plain package is not compiled where the tests have their own.
void Build::chooseTested(const std::vector<TestRun>& runs) {
  std::vector<const load::Package*> work;
  if (const load::Package* runtime = loader_->find("runtime")) work.push_back(runtime);
  for (const TestRun& run : runs) {
    if (run.setupFailed) continue;
    if (run.packages.main == nullptr) {
      work.push_back(run.package);
      namedVariants_.insert(run.package);
      continue;
    }
    work.push_back(run.packages.main);
    for (const auto& [path, imported] : run.packages.main->resolved) {
      if (imported->importPath == run.package->importPath || imported->importPath == run.package->importPath + "_test") namedVariants_.insert(imported);
    }
    namedVariants_.insert(run.packages.main);
  }
  while (!work.empty()) {
    const load::Package* p = work.back();
    work.pop_back();
    if (!wanted_.insert(p).second) continue;
    for (const auto& [path, imported] : p->resolved) work.push_back(imported);
  }
}

// The first of what a test consists of that could not be built, if there is one.
const Build::Action* Build::unbuiltOf(const TestRun& run) {
  for (const Action* action : closure(actions_.at(run.packages.main))) {
    if (!action->done) return action->blamed != nullptr ? action->blamed : action;
  }
  return nullptr;
}

bool Build::linkTest(const TestRun& run, const std::string& output) {
  static std::mutex oneAtATime;
  std::lock_guard lock(oneAtATime);
  return link(actions_.at(run.packages.main), output);
}

std::string Build::testName(const load::Package& package) const {
  if (package.importPath == load::kCommandLine) return std::string(load::baseName(package.dir));
  return defaultOutput(package);
}

// -c: the program stays, nothing is run.
bool Build::compileTest(TestRun& run) {
  if (run.setupFailed) return false;
  if (!run.packages.main) {
    std::printf("?   \t%s\t[no test files]\n", run.package->importPath.c_str());
    return true;
  }
  return unbuiltOf(run) == nullptr && linkTest(run, keptBinary(run));
}

// Where the program stays, with -c, with -o and with profiles.
std::string Build::keptBinary(const TestRun& run) const {
  const std::string name = testName(*run.package) + ".test";
  if (flags_.output.empty()) return name;
  if (!flags_.output.ends_with('/') && !load::isDir(flags_.output)) return flags_.output;
  const std::string dir = load::cleanPath(flags_.output);
  ::mkdir(dir.c_str(), 0777);
  return dir + "/" + name;
}

void Build::runTest(TestRun& run, const TestFlags& test, bool atOnce) {
  const std::string path = run.package->importPath;
  std::unique_ptr<Test2Json> json;
  if (test.json) json = std::make_unique<Test2Json>([](const std::string& line) { print(line); }, path);
  auto out = [&](std::string_view text) {
    if (json) {
      json->add(text);
    } else if (atOnce) {
      print(std::string(text));
    } else {
      run.text += text;
    }
  };
  const char* mark = json ? "\x16" : "";  // what frames, for Test2Json
  auto finish = [&](bool failed) {
    run.failed = failed;
    if (json) json->finish(failed);
  };
  const Action* unbuilt = !run.setupFailed && run.packages.main && !flags_.dryRun ? unbuiltOf(run) : nullptr;
  if (run.setupFailed || unbuilt != nullptr) {
    if (json) json->setFailedBuild(unbuilt != nullptr ? unbuilt->package->title() : path);
    out(fmt::format("{}FAIL\t{} [{} failed]\n", mark, path, run.setupFailed ? "setup" : "build"));
    return finish(true);
  }
  if (!run.packages.main) {
    // Also a package without tests must compile.
    auto own = actions_.find(run.package);
    const bool built = own == actions_.end() || !own->second.failed;
    if (auto covered = covered_.find(path); built && test.cover && covered != covered_.end()) {
      unsigned statements = 0;
      run.profile = "\n" + untestedProfile(covered->second, &statements);
      if (statements != 0) {
        out(fmt::format("\t{}\t\tcoverage: 0.0% of statements\n", path));
        return finish(false);
      }
    }
    out(built ? fmt::format("?   \t{}\t[no test files]\n", path) : fmt::format("FAIL\t{} [build failed]\n", path));
    return finish(!built);
  }

  // An earlier run.
  const Action& main = actions_.at(run.packages.main);
  load::Hasher key;
  key.add("test").add(compilerId(paths_)).add(main.key).add(run.package->dir);
  for (const std::string& word : packageFlags(flags_.ldflags, main.package->importPath, true, false)) key.add(word);
  for (const std::string& word : test.forward) key.add(word);
  std::string forgotten, unused;  // `clean -testcache` writes when
  load::readFile(cache_.dir() + "/tests-after", &forgotten, &unused);
  const bool keep = test.cacheable && test.packagesGiven && !flags_.dryRun && flags_.exec.empty() && !flags_.all;
  const load::Hash programKey = key.add(forgotten).finish();
  if (test.keepBinary && !flags_.dryRun && flags_.output != "/dev/null" && !linkTest(run, keptBinary(run))) {
    out(fmt::format("FAIL\t{} [build failed]\n", path));
    return finish(true);
  }
  if (keep) {
    std::string log, text, ignored;
    load::Hash now;
    auto logEntry = cache_.get(programKey);
    if (logEntry && load::readFile(logEntry->path, &log, &ignored) && logHash(log, run.package->dir, &now)) {
      auto entry = cache_.get(load::Hasher().add("result").add(programKey).add(now).finish());
      if (entry && load::readFile(entry->path, &text, &ignored)) {
        out(text);
        return finish(false);
      }
    }
  }

  std::string dir;
  {
    static std::mutex folders;
    std::lock_guard lock(folders);
    std::string work = workDir();
    if (work.empty()) return finish(true);
    dir = fmt::format("{}/test{:03}", work, &run - firstRun_);
    ::mkdir(dir.c_str(), 0777);
  }
  const std::string executable = dir + "/" + testName(*run.package) + ".test", logFile = dir + "/testlog.txt";
  if (!linkTest(run, executable)) {
    out(fmt::format("FAIL\t{} [build failed]\n", path));
    return finish(true);
  }
  ProcessRequest request;
  for (std::string& word : splitWords(flags_.exec)) request.arguments.push_back(std::move(word));
  request.arguments.push_back(executable);
  if (keep) request.arguments.push_back("-test.testlogfile=" + logFile);
  const std::string profile = dir + "/_cover_.out";
  if (!test.coverProfile.empty()) request.arguments.push_back("-test.coverprofile=" + profile);
  if (test.fuzzing) {
    const std::string corpus = (cache_.dir().empty() ? dir : cache_.dir()) + "/fuzz/" + run.package->importPath;
    request.arguments.push_back("-test.fuzzcachedir=" + corpus);
  }
  request.arguments.emplace_back("-test.paniconexit0");
  for (const std::string& word : test.forward) {
    request.arguments.push_back(word == "-test.outputdir=." ? "-test.outputdir=" + paths_.cwd : word);
  }
  if (flags_.showCommands || flags_.dryRun) {
    std::string line;
    for (const std::string& word : request.arguments) line += (line.empty() ? "" : " ") + word;
    say(fmt::format("cd {}\n{}", run.package->dir, line));
    if (flags_.dryRun) return finish(false);
  }
  request.dir = run.package->dir;
  request.environment.emplace_back("PWD=" + run.package->dir);
  // Tests that call `go` find the distribution's first, if it has one.
  if (const std::string bin = options_.goRoot.path + "/bin"; load::isFile(bin + "/go")) {
    const char* path = std::getenv("PATH");
    request.environment.push_back("PATH=" + bin + (path && *path ? ":" : "") + (path ? path : ""));
  }
  if (run.package->isStd && !std::getenv("GOROOT")) request.environment.emplace_back("GOROOT=" + options_.goRoot.path);
  // The program ends itself when its time is over; if it cannot, it is ended, first with a chance to say where it was.
  constexpr long kGrace = 60;
  request.limitSeconds = test.timeoutSeconds <= 0 ? 0 : test.timeoutSeconds + std::min(kGrace, test.timeoutSeconds / 10 + 5);
  std::string printed;
  request.output = [&](std::string_view text) {
    printed += text;
    if (atOnce) out(text);
  };
  ProcessResult result = runProcess(request);
  const std::string time = elapsed(result.seconds);
  if (std::string ignored; !test.coverProfile.empty()) load::readFile(profile, &run.profile, &ignored);
  if (result.ok()) {
    const bool showAll = test.verbose || test.listing || test.help || atOnce;
    std::string text = showAll ? printed : "";
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    if (!atOnce) out(text);
    if (atOnce && !printed.empty() && !printed.ends_with('\n')) out("\n");
    std::string note;
    auto says = [&](std::string_view line) { return printed.starts_with(line.substr(1)) || printed.find(line) != std::string::npos; };
    if (says("\ntesting: warning: no tests to run\n")) note = " [no tests to run]";
    if (says("\ntesting: warning: no fuzz tests to fuzz\n")) note = " [no fuzz tests to fuzz]";
    if (const std::string share = test.cover ? coverageShare(printed) : ""; !share.empty()) note = "\tcoverage: " + share + note;
    out(fmt::format("ok  \t{}\t{}{}\n", path, time, note));
    std::string log, ignored;
    load::Hash now;
    if (keep && load::readFile(logFile, &log, &ignored) && logHash(log, run.package->dir, &now)) {
      // Shown next time; with -json it is turned into events anew.
      if (test.json) text = printed;
      cache_.put(programKey, log, "testlog", &ignored);
      cache_.put(load::Hasher().add("result").add(programKey).add(now).finish(), fmt::format("{}ok  \t{}\t(cached){}\n", text, path, note),
                 "test", &ignored);
    }
    std::error_code problem;
    if (!flags_.keepWork) std::filesystem::remove_all(dir, problem);
    return finish(false);
  }
  if (!atOnce) out(printed);
  if (result.killed) {
    out(fmt::format("*** Test killed with {}: ran too long ({}).\n", result.quitWorked ? "quit" : "killed", fmt::format("{}m{}s", request.limitSeconds / 60, request.limitSeconds % 60)));
  }
  // Whatever explains the end of a program that said nothing itself, or that could not.
  if (!result.exited() || printed.empty() || !test.packagesGiven) {
    if (!printed.empty() && !printed.ends_with('\n')) out("\n");
    out(result.describe() + "\n");
  } else if (!printed.ends_with('\n')) {
    out("\n");
  }
  out(fmt::format("{}FAIL\t{}\t{}\n", mark, path, time));
  std::error_code problem;
  if (!flags_.keepWork) std::filesystem::remove_all(dir, problem);
  finish(true);
}

}  // namespace burrow::driver
