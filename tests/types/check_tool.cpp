// burrow_check: parses and type-checks Go packages and prints what is wrong with them, as gc would.
//
//   burrow_check [options] file.go...     one package of these files
//   burrow_check [options] --packages P...  the packages with these import paths, each by itself
//   burrow_check [options] --each file.go...  every file as a package main of its own; before its messages a line "== file"
//
// Imports are read from source: --import PATH=DIR names a package's folder, everything else comes from GOROOT/src (with its
// vendor folder). Build constraints are those of linux/amd64 without cgo. Options:
//   --goroot DIR    the distribution (default: $GOROOT)
//   --path P        the import path of the package of files (default: its name)
//   --lang go1.N    the language version
//   --complete      functions without a body are errors (packages with assembly files aside)
//   --tests         as gc's checker tests: with the function assert, and also after syntax errors
//   --all           all errors, not only the first ten
//   --stats         at the end: packages, lines, seconds of processor time
//   --list          only a line for each package that would be checked: its path and its files, with tabs between
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>

#include "syntax/build_constraint.h"
#include "syntax/parser.h"
#include "types/check.h"

namespace fs = std::filesystem;
using namespace burrow;

namespace {

struct Options {
  std::string goroot;
  std::string path;
  types::LangVersion lang;
  bool list = false, recover = false, complete = false, all = false, stats = false, packages = false, each = false;
  std::map<std::string, std::string> imports;
  std::vector<std::string> args;
};

class Tool {
 public:
  explicit Tool(Options options) : options_(std::move(options)), context_(arena_) {}

  int run() {
    double start = processorTime();
    bool ok = true;
    if (options_.packages) {
      for (const std::string& path : options_.args) {
        std::string error;
        if (import(path, &error) == nullptr) {
          std::fprintf(stderr, "%s: %s\n", path.c_str(), error.c_str());
          ok = false;
        }
      }
    } else if (options_.each) {
      for (const std::string& f : options_.args) {
        std::printf("== %s\n", f.c_str());
        std::fflush(stdout);  // so that a crash can be told from the file before
        std::vector<syntax::File*> files;
        syntax::IdCounter ids;
        parse(f, f, &ids, &files);
        if (diagnostics_.empty() || options_.recover) check("main", files, ids, false);
        diagnostics_.sortAndPrune(sources_);
        std::fputs(diagnostics_.render(sources_).c_str(), stdout);
        ok = ok && diagnostics_.empty();
        diagnostics_ = {};
      }
    } else {
      std::vector<syntax::File*> files;
      syntax::IdCounter ids;
      for (const std::string& f : options_.args) parse(f, f, &ids, &files);
      // As gc: no type checking after syntax errors (but after other complaints of the parser).
      bool syntaxError = false;
      for (const source::Diagnostic& d : diagnostics_.list()) syntaxError = syntaxError || d.message.starts_with("syntax error");
      if ((!syntaxError || options_.recover) && !files.empty()) {
        std::string path = options_.path;
        if (path.empty() && files[0]->name != nullptr) path = files[0]->name->name;
        check(path, files, ids, false);
      }
    }
    if (options_.recover) {  // gc's checker tests want every message, also equal ones on a line
      diagnostics_.sort();
    } else {
      diagnostics_.sortAndPrune(sources_, options_.all ? 0 : 10);
    }
    std::fputs(diagnostics_.render(sources_).c_str(), stdout);
    if (options_.stats) {
      rusage usage{};
      getrusage(RUSAGE_SELF, &usage);
      std::printf("%zu packages, %zu failed, %zu lines, %.2f s parsing, %.2f s checking, %ld MB\n", packages_.size(), failed_, lines_,
                  processorTime() - start - checking_, checking_, usage.ru_maxrss / 1024);
    }
    return ok && diagnostics_.empty() ? 0 : 1;
  }

 private:
  static double processorTime() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
  }

  // Packages that are compiled as parts of the runtime.
  static bool isRuntime(const std::string& path) {
    static const char* kOthers[] = {"runtime", "internal/abi", "internal/bytealg", "internal/chacha8rand",
                                    "internal/coverage/rtcov", "internal/cpu", "internal/goarch", "internal/godebugs",
                                    "internal/goexperiment", "internal/goos", "internal/profilerecord", "internal/stringslite"};
    return path.starts_with("internal/runtime/") || std::find(std::begin(kOthers), std::end(kOthers), path) != std::end(kOthers);
  }

  // The library is checked as without cgo, where files that import "C" do not count.
  static bool usesCgo(const syntax::File& file) {
    return std::any_of(file.imports.begin(), file.imports.end(), [](const syntax::ImportSpec* i) {
      return i->path != nullptr && i->path->value == "\"C\"";
    });
  }

  void parse(const std::string& file, const std::string& shown, syntax::IdCounter* ids, std::vector<syntax::File*>* out,
             const std::string& package = "main") {
    std::string error;
    source::SourceFile* source = sources_.read(file, shown, &error);
    if (source == nullptr) {
      std::fprintf(stderr, "%s: %s\n", file.c_str(), error.c_str());
      std::exit(2);
    }
    syntax::ParseOptions parseOptions;
    parseOptions.ids = ids;
    parseOptions.isStd = file.starts_with(options_.goroot + "/src/");
    parseOptions.isRuntime = isRuntime(package);
    out->push_back(syntax::parseFile(*source, arena_, names_, parseOptions, diagnostics_));
    lines_ += source->lineStarts.size();
  }

  types::Package* check(const std::string& path, const std::vector<syntax::File*>& files, syntax::IdCounter ids,
                        bool assembly) {
    types::PackageInput input;
    input.path = path;
    input.files = files;
    input.ids = ids;
    // Imported packages have the version of the distribution.
    bool main = packages_.find(path) == packages_.end();
    if (main) input.version = options_.lang;
    input.testAssert = main && options_.recover;
    input.sources = &sources_;
    input.allowMissingBodies = assembly || !options_.complete;
    double nested = 0;
    input.importer = [&](std::string_view imported, source::Pos, std::string* error) {
      double before = processorTime();
      types::Package* p = import(std::string(imported), error);
      nested += processorTime() - before;
      return p;
    };
    double start = processorTime();
    types::Package* p = types::checkPackage(context_, input, diagnostics_);
    checking_ += processorTime() - start - nested;
    return p;
  }

  std::string folderOf(const std::string& path) const {
    if (auto it = options_.imports.find(path); it != options_.imports.end()) return it->second;
    for (const char* root : {"/src/", "/src/vendor/", "/src/cmd/vendor/"}) {
      std::string dir = options_.goroot + root + path;
      if (fs::is_directory(dir)) return dir;
    }
    return "";
  }

  types::Package* import(const std::string& path, std::string* error) {
    if (path == "unsafe") return types::universe().unsafe;
    auto [it, fresh] = packages_.emplace(path, nullptr);
    if (!fresh) {
      if (it->second == nullptr) *error = "import cycle or earlier error";
      return it->second;
    }
    std::string dir = folderOf(path);
    if (dir.empty()) {
      *error = "package " + path + " is not in std";
      return nullptr;
    }
    std::vector<std::string> names;
    bool assembly = false;
    for (const auto& entry : fs::directory_iterator(dir)) {
      std::string name = entry.path().filename().string();
      if (name.ends_with(".s")) assembly = true;
      if (name.ends_with(".go") && !name.ends_with("_test.go") && name[0] != '_' && name[0] != '.') names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    syntax::BuildContext build;
    build.tags = {"goexperiment.regabiwrappers",       "goexperiment.regabiargs",           "goexperiment.dwarf5",
                  "goexperiment.jsonv2",               "goexperiment.greenteagc",           "goexperiment.randomizedheapbase64",
                  "goexperiment.sizespecializedmalloc", "amd64.v1"};
    std::vector<syntax::File*> files;
    syntax::IdCounter ids;
    size_t before = diagnostics_.size();
    for (const std::string& name : names) {
      if (!build.matchFileName(name)) continue;
      std::string full = dir + "/" + name, content, readError;
      {
        source::SourceFiles probe;
        source::SourceFile* f = probe.read(full, full, &readError);
        if (f == nullptr || !syntax::matchHeader(f->text, build).match) continue;
      }
      const size_t known = files.size();
      parse(full, full, &ids, &files, path);
      if (files.size() != known && usesCgo(*files.back())) files.pop_back();
    }
    if (files.empty()) {
      *error = "no Go files in " + dir;
      return nullptr;
    }
    types::Package* p = check(path, files, ids, assembly || isRuntime(path));
    if (diagnostics_.size() != before) failed_++;
    if (options_.list) {
      std::printf("%s", path.c_str());
      for (const syntax::File* f : files) std::printf("\t%s", f->source->name.c_str());
      std::printf("\n");
    }
    return packages_[path] = p;
  }

  Options options_;
  source::Arena arena_;
  source::SourceFiles sources_;
  source::Diagnostics diagnostics_;
  syntax::StringTable names_;
  types::Context context_;
  std::map<std::string, types::Package*> packages_;
  size_t failed_ = 0, lines_ = 0;
  double checking_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Options o;
  if (const char* root = std::getenv("GOROOT")) o.goroot = root;
  for (int i = 1; i < argc; i++) {
    std::string a = argv[i];
    auto value = [&]() -> std::string { return i + 1 < argc ? argv[++i] : ""; };
    if (a == "--goroot") {
      o.goroot = value();
    } else if (a == "--path") {
      o.path = value();
    } else if (a == "--lang") {
      o.lang = types::parseLangVersion(value());
    } else if (a == "--import") {
      std::string v = value();
      size_t eq = v.find('=');
      if (eq != std::string::npos) o.imports[v.substr(0, eq)] = v.substr(eq + 1);
    } else if (a == "--all") {
      o.all = true;
    } else if (a == "--stats") {
      o.stats = true;
    } else if (a == "--list") {
      o.list = true;
    } else if (a == "--complete") {
      o.complete = true;
    } else if (a == "--tests") {
      o.recover = true;
    } else if (a == "--each") {
      o.each = true;
    } else if (a == "--packages") {
      o.packages = true;
    } else {
      o.args.push_back(a);
    }
  }
  if (o.args.empty()) {
    std::fprintf(stderr, "usage: burrow_check [options] file.go... | --packages path...\n");
    return 2;
  }
  return Tool(std::move(o)).run();
}
