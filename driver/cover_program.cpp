// Coverage of whole programs: `burrow build -cover`, `burrow run -cover`.
//
// Such a program writes gc's own files, covmeta.HASH and covcounters.HASH.PID.TIME, into the folder that GOCOVERDIR names,
// and `go tool covdata` reads them. All of the writing is the library's (internal/coverage/cfile); the blocks, the counters
// and the encoded description of a package are cmd/cover's, which rewrites all files of a package at once for this. What gc's
// compiler and linker add is said in Go here, in the file of variables that the tool makes and that is the package's first:
// its first variable announces the description and the counters before any other code of the package runs, and the first init
// function of package main starts the writing, as in gc's programs. A test's counters (cover.h) are others: its report needs
// no files.
//
// A package that the runtime stands on gets no counters: it runs before anything can be announced.
#include "driver/build.h"
#include "driver/process.h"
#include "source/unicode.h"

#include <fmt/format.h>
#define JSON_NOEXCEPTION
#include <nlohmann/json.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace burrow::driver {

namespace {

constexpr unsigned kPerBlock = 1;  // internal/coverage's CtrGranularityPerBlock
// Packages that run before the first announcement, beside those that isCoverable knows.
constexpr const char* kBelowRuntime[] = {
    "internal/asan",         "internal/byteorder", "internal/chacha8rand", "internal/coverage/rtcov", "internal/goarch",
    "internal/godebugs",     "internal/goexperiment", "internal/goos",     "internal/msan",           "internal/profilerecord",
    "internal/race",         "internal/strconv",   "internal/stringslite"};

// internal/coverage's CounterMode.
unsigned modeNumber(const std::string& mode) { return mode == "set" ? 1 : mode == "count" ? 2 : 3; }

// The lengths of the counter variables PREFIX_0, PREFIX_1 and so on, as the tool's file declares them.
std::vector<std::string> counterLengths(const std::string& text, const std::string& prefix) {
  std::vector<std::string> out;
  for (size_t at = 0;; at++) {
    const std::string start = fmt::format("var {}_{} [", prefix, out.size());
    at = text.find(start, at);
    if (at == std::string::npos) return out;
    at += start.size();
    out.push_back(text.substr(at, text.find(']', at) - at));
  }
}

}  // namespace

// Puts counters into all packages that -coverpkg names, without it into those of the main modules and of the command line.
bool Build::coverProgram() {
  for (load::Package* root : roots_) {
    if (root->isCommand && !loader_->addImport(*root, "runtime/coverage")) return false;
  }
  std::vector<bool> matched(flags_.coverPackages.size());
  const std::vector<load::Package*> all = loader_->order();  // instrumenting adds imports, to what is there already
  std::vector<load::Package*> wanted;
  for (load::Package* package : all) {
    bool want = false;
    for (size_t i = 0; i < matched.size(); i++) {
      if (!loader_->isMatch(flags_.coverPackages[i], *package)) continue;
      want = matched[i] = true;
    }
    if (matched.empty()) {
      want = (package->module && package->module->isMain) || std::find(roots_.begin(), roots_.end(), package) != roots_.end();
    }
    if (want && isCoverable(*package, flags_.coverMode) &&
        (!package->isStd || std::find(std::begin(kBelowRuntime), std::end(kBelowRuntime), package->importPath) == std::end(kBelowRuntime))) {
      wanted.push_back(package);
    }
  }
  for (size_t i = 0; i < matched.size(); i++) {
    if (!matched[i]) std::fprintf(stderr, "warning: no packages being built depend on matches for pattern %s\n", flags_.coverPackages[i].c_str());
  }
  return std::all_of(wanted.begin(), wanted.end(), [&](load::Package* p) { return instrumentProgram(*p); });
}

bool Build::instrumentProgram(load::Package& package) {
  const std::string tool = coverTool(), work = workDir();
  if (tool.empty() || work.empty()) return false;
  const std::string dir = fmt::format("{}/cover{:03}", work, coveredFiles_++);
  ::mkdir(dir.c_str(), 0777);
  const std::string variable = fmt::format("goCover_{}_", load::hashOf(package.importPath).hex().substr(0, 12));
  const std::string settings = dir + "/coveragecfg", variables = dir + "/covervars.go";
  const nlohmann::json config = {{"OutConfig", settings},
                                 {"PkgPath", package.importPath},
                                 {"PkgName", package.name},
                                 {"Granularity", "perblock"},
                                 {"ModulePath", package.module ? package.module->path : ""},
                                 {"Local", package.importPath == load::kCommandLine}};
  ProcessRequest request;
  request.arguments = {tool, "-pkgcfg", dir + "/pkgcfg", "-mode", flags_.coverMode, "-var", variable, "-outfilelist", dir + "/outputs"};
  request.dir = package.dir;
  std::string outputs = variables + "\n";
  std::vector<load::SourceEntry*> entries;
  for (load::SourceEntry& entry : package.files) {
    if (entry.isOurs) continue;
    outputs += fmt::format("{}/{}.go\n", dir, entries.size());
    entries.push_back(&entry);
    request.arguments.push_back(options_.overlayFiles.actual(entry.path));
  }
  if (entries.empty()) return true;
  std::string error, printed, text, said;
  if (!load::writeWhole(dir + "/pkgcfg", config.dump(), &error) || !load::writeWhole(dir + "/outputs", outputs, &error)) {
    fail("burrow: " + error);
    return false;
  }
  request.output = [&](std::string_view t) { printed += t; };
  // What the tool does not understand is not legible for the compiler either, which says it better.
  if (!runProcess(request).ok()) return true;
  for (size_t i = 0; i < entries.size(); i++) {
    load::SourceEntry& entry = *entries[i];
    if (!load::readFile(fmt::format("{}/{}.go", dir, i), &text, &error)) break;
    source::SourceFile* source = files_.add(entry.source->name, std::move(text));
    if (source == nullptr) return false;
    entry.hash = load::hashOf(source->text);
    entry.source = source;
  }
  if (!error.empty() || !load::readFile(variables, &text, &error) || !load::readFile(settings, &said, &error)) {
    fail("burrow: " + error);
    return false;
  }
  const nlohmann::json fixed = nlohmann::json::parse(said, nullptr, false);
  const std::string digest = fixed.is_object() ? fixed.value("MetaHash", "") : "";
  text = announcement(package, variable, std::move(text), digest);
  load::SourceEntry entry;
  entry.path = package.dir + "/_covervars.go";
  entry.hash = load::hashOf(text);
  entry.source = files_.add(entry.path, std::move(text));
  if (entry.source == nullptr) return false;
  package.files.insert(package.files.begin(), std::move(entry));
  package.importsUnsafe = true;
  return loader_->addImport(package, "internal/coverage/rtcov") &&
         (flags_.coverMode != "atomic" || loader_->addImport(package, "sync/atomic")) &&
         (!package.isCommand || loader_->addImport(package, "internal/coverage/cfile"));
}

// The tool's file of variables with what tells the library of them.
std::string Build::announcement(const load::Package& package, const std::string& variable, std::string text,
                                const std::string& digest) const {
  const std::string clause = "package " + package.name + "\n";
  size_t at = text.find(clause);
  if (at == std::string::npos) return text;
  at += clause.size();
  std::string counters, hash;
  size_t functions = 0;
  for (const std::string& length : counterLengths(text, variable)) {
    counters += fmt::format("\t{{&{}_{}[0], {}}},\n", variable, functions++, length);
  }
  for (size_t i = 0; i + 1 < digest.size(); i += 2) hash += fmt::format("0x{}, ", digest.substr(i, 2));
  std::string head = fmt::format(R"go(
import "unsafe"

var _ = {0}Announce()

func {0}Announce() bool {{
	{0}P = {0}AddMeta(unsafe.Pointer(&{0}M), uint32(len({0}M)), [16]byte{{{1}}}, {2}, -1, {3}, {4})
	{0}AddCounters({0}Counters[:])
	return true
}}

type {0}Blob struct {{
	counters *uint32
	len      uint64
}}

var {0}Counters = [...]{0}Blob{{
{5}}}

//go:linkname {0}AddMeta internal/coverage/rtcov.AddMeta
func {0}AddMeta(p unsafe.Pointer, length uint32, hash [16]byte, path string, id int, mode, granularity uint8) uint32

//go:linkname {0}AddCounters runtime.addCovCounters
func {0}AddCounters([]{0}Blob)
)go",
                                 variable, hash, source::quoteString(package.symbolPath), modeNumber(flags_.coverMode), kPerBlock, counters);
  if (package.isCommand) {
    head += fmt::format(R"go(
//go:linkname {0}InitHook internal/coverage/cfile.InitHook
func {0}InitHook(isTest bool)

func init() {{ {0}InitHook(false) }}
)go",
                        variable);
  }
  text.insert(at, head);
  return text;
}

}  // namespace burrow::driver
