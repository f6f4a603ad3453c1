// The linking part of a build: which objects, which tables, and lld's words.
#include "driver/build.h"
#include "driver/build_info.h"
#include "driver/godebug.h"
#include "driver/part_table.h"
#include "driver/vcs.h"

#include "codegen/codegen.h"
#include "link/archive.h"
#include "link/init_order.h"
#include "link/link.h"
#include "link/reach.h"
#include "load/files.h"
#include "load/go_mod.h"
#include "load/no_assembly.h"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace burrow::driver {

// The package and everything that it needs, the runtime included, in dependency order.
std::vector<Build::Action*> Build::closure(const Action& main) {
  std::map<const load::Package*, bool> needed;
  std::vector<const load::Package*> work{main.package};
  auto own = main.package->resolved.find("runtime");  // a test may have its own
  const load::Package* runtime = own == main.package->resolved.end() ? loader_->find("runtime") : own->second;
  if (runtime) work.push_back(runtime);
  while (!work.empty()) {
    const load::Package* package = work.back();
    work.pop_back();
    if (needed[package]) continue;
    needed[package] = true;
    for (const auto& [path, imported] : package->resolved) work.push_back(imported);
  }
  std::vector<Action*> list;
  for (const load::Package* package : loader_->order()) {
    if (!needed[package]) continue;
    if (auto action = actions_.find(package); action != actions_.end()) list.push_back(&action->second);
  }
  return list;
}

// The runtime's archive with function-table parts in its members, made once per archive.
std::string Build::runtimeArchive() {
  std::string archive, error;
  if (!load::readFile(paths_.runtime, &archive, &error)) {
    fail(fmt::format("burrow: the runtime library is missing: {}", error));
    return {};
  }
  load::Hash key = load::Hasher().add("runtime archive").add(compilerId(paths_)).add(load::hashOf(archive)).finish();
  if (auto entry = cache_.get(key)) return entry->path;
  std::string described = link::describeArchive(archive, &error);
  if (described.empty()) {
    fail(fmt::format("burrow: {}: {}", paths_.runtime, error));
    return {};
  }
  if (auto entry = cache_.put(key, described, "runtime", &error)) return entry->path;
  std::string dir = workDir();
  if (dir.empty()) return {};
  auto entry = load::Cache(dir + "/objects").put(key, described, "runtime", &error);
  if (!entry) {
    fail("burrow: " + error);
    return {};
  }
  return entry->path;
}

namespace {

// -X of the words for the linker. False: one has not the form that it must have.
bool readStringFlags(const std::vector<std::string>& words, std::vector<std::pair<std::string, std::string>>* strings) {
  for (size_t i = 0; i < words.size(); i++) {
    std::string text = words[i];
    if (text == "-X") {
      text = i + 1 < words.size() ? words[++i] : "";
    } else if (text.starts_with("-X=")) {
      text = text.substr(3);
    } else {
      continue;
    }
    size_t equals = text.find('=');
    if (equals == std::string::npos || text.rfind('.', equals) == std::string::npos) return false;
    strings->emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return true;
}

// "-s", "-s=false" and so on: whether that is the switch, and what it is set to.
bool isSwitch(std::string_view word, std::string_view name, bool* on) {
  if (!word.starts_with(name)) return false;
  word.remove_prefix(name.size());
  if (!word.empty() && word != "=true" && word != "=1" && word != "=false" && word != "=0") return false;
  *on = word.empty() || word == "=true" || word == "=1";
  return true;
}

// What forbids to write a program there: only programs, objects and empty files may be overwritten; null: nothing does.
const char* flawOfOutput(const std::string& path) {
  if (load::isDir(path)) return "a directory";
  struct stat st;
  if (::stat(path.c_str(), &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0) return nullptr;
  std::string start(64, '\0');
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file != nullptr) {
    start.resize(std::fread(start.data(), 1, start.size(), file));
    std::fclose(file);
  }
  // Of this system and of others.
  for (std::string_view magic : {"!<arch>\n", "\x7f" "ELF", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "MZ"}) {
    if (file != nullptr && start.starts_with(magic)) return nullptr;
  }
  if (start.starts_with(std::string_view("\0asm", 4))) return nullptr;
  return "not an object file";
}

}  // namespace

bool Build::readStrings() {
  for (const load::Package* package : loader_->order()) {
    if (!package->isCommand) continue;
    std::vector<std::pair<std::string, std::string>> strings;
    if (!readStringFlags(packageFlags(flags_.ldflags, package->importPath, true, package->isStd), &strings)) {
      fail("burrow: -X flag requires argument of the form importpath.name=value");
      return false;
    }
    // Every program has its own package main; other packages are the same for all.
    for (auto& [symbol, text] : strings) {
      SetString set{symbol, text, symbol.starts_with("main.") ? package : nullptr};
      if (std::find(strings_.begin(), strings_.end(), set) == strings_.end()) strings_.push_back(std::move(set));
    }
  }
  return true;
}

// What version control says, for the programs of main modules that are in the same repository as the current folder. Unless
// it is asked for (-buildvcs), a system that is not there or fails means that there is no stamp.
bool Build::readVersionStamps() {
  if (flags_.buildVcs == "false") return true;
  const bool asked = flags_.buildVcs == "true";
  std::optional<VcsStatus> status;
  Repository here;
  auto refuse = [&](const std::string& why) {
    if (asked) fail("error obtaining VCS status: " + why + "\n\tUse -buildvcs=false to disable VCS stamping.");
    return !asked;
  };
  for (const load::Package* package : loader_->order()) {
    if (!package->isCommand || package->isTestMain || package->isStd || package->module == nullptr || !package->module->isMain) continue;
    if (package->importPath == "command-line-arguments") continue;
    if (!status) {
      here = repositoryOf(paths_.cwd);
      if (here.name != "git") return true;
      if (!asked && !hasCommandOf(here)) return true;
    }
    for (const auto& [dir, what] : {std::pair(package->dir, "package"), std::pair(package->module->dir, "module")}) {
      const Repository there = repositoryOf(dir);
      if (there.root == here.root) continue;
      if (!load::isWithin(dir, here.root)) return true;
      return refuse(fmt::format("main {} is in repository \"{}\" but current directory is in repository \"{}\"", what, there.root, here.root));
    }
    std::string error;
    if (!status && !readStatus(here, &status.emplace(), &error)) return refuse(error);
    std::string_view folder = package->module->dir;
    folder.remove_prefix(std::min(folder.size(), here.root.size() + 1));
    VersionStamp& stamp = stamps_[package];
    std::string rootModule = package->module->path;
    if (!folder.empty()) {
      std::string text;
      std::vector<std::string> ignored;
      load::readFile(load::joinPath(here.root, "go.mod"), &text, &error);
      rootModule = load::parseGoMod(text, "go.mod", &ignored).module;
    }
    stamp.version = versionAt(*status, package->module->path, folder, rootModule);
    stamp.settings.emplace_back("vcs", here.name);
    if (!status->revision.empty()) {
      stamp.settings.emplace_back("vcs.revision", status->revision);
      stamp.settings.emplace_back("vcs.time", commitTime(*status));
    }
    stamp.settings.emplace_back("vcs.modified", status->modified ? "true" : "false");
  }
  return true;
}

// The program's default settings. Of a test those that the tested package and its tests say.
bool Build::readGodebug(const Action& main, std::string* settings) {
  std::string table, message;
  if (!load::readFile(options_.goRoot.path + "/src/internal/godebugs/table.go", &table, &message)) {
    fail("burrow: " + message);
    return false;
  }
  std::vector<const load::Package*> say = {main.package};
  if (main.package->isTestMain) {
    for (const Action* action : closure(main)) {
      if (!action->package->isTestMain && action->package->forTest == main.package->forTest)
        say.push_back(action->package);
    }
  }
  std::vector<std::string> errors;
  *settings = defaultGodebug(table, main.package->isStd ? nullptr : loader_->modules().settings(), say, &errors);
  if (errors.empty()) return true;
  std::string text;
  if (!errors.front().starts_with("go: ")) text = fmt::format("# {}", main.package->importPath);
  for (const std::string& e : errors) text += (text.empty() ? "" : "\n") + shorten(e, *main.package);
  fail(text);
  return false;
}

// The object with what only the whole program knows.
std::string Build::linkTables(const Action& main) {
  std::vector<link::InitPackage> packages;
  for (const Action* action : closure(main)) {
    link::InitPackage p;
    p.path = action->package->symbolPath;
    for (const auto& [path, imported] : action->package->resolved) p.imports.push_back(imported->symbolPath);
    p.hasTask = action->hasInit;
    packages.push_back(std::move(p));
  }
  codegen::LinkTables tables;
  tables.initPackages = link::initOrder(packages);
  std::vector<const load::Package*> all;
  for (const Action* action : closure(main)) all.push_back(action->package);
  std::string godebug;
  if (!readGodebug(main, &godebug)) return {};
  auto stamp = stamps_.find(main.package);
  const std::string info =
      framedBuildInfo(buildInfoText(*main.package, all, flags_, godebug, stamp != stamps_.end() ? stamp->second : VersionStamp{}));
  tables.strings.emplace_back("go:buildinfo", buildInfoSection(options_.goRoot.version, info));
  if (!godebug.empty()) tables.strings.emplace_back("go:godebugdefault", godebug + '\0');
  if (flags_.amd64Level > 1) tables.strings.emplace_back("go:amd64level", std::to_string(flags_.amd64Level) + '\0');
  codegen::CodegenOptions options;
  options.positionIndependent = flags_.isPie();
  load::Hasher hasher;
  hasher.add("link tables").add(compilerId(paths_)).add(flags_.isPie() ? "pie" : "");
  for (const std::string& path : tables.initPackages) hasher.add(path);
  hasher.add(options_.goRoot.version).add(info);
  load::Hash key = hasher.finish();
  if (auto entry = cache_.get(key)) return entry->path;
  codegen::CodegenResult result = codegen::compileLinkTables(tables, options);
  if (!result.ok()) {
    for (const std::string& e : result.errors) fail("burrow: link tables: " + e);
    return {};
  }
  std::string error;
  std::string_view object(reinterpret_cast<const char*>(result.object.elf.data()), result.object.elf.size());
  if (auto entry = cache_.put(key, object, "tables", &error)) return entry->path;
  std::string dir = workDir();
  if (dir.empty()) return {};
  auto entry = load::Cache(dir + "/objects").put(key, object, "tables", &error);
  if (entry) return entry->path;
  fail("burrow: " + error);
  return {};
}

// Of a function without a body: that it is in Go assembly, and where; empty: it is not.
std::string Build::assemblyOf(const Action& main, const std::string& symbol) {
  for (const Action* action : closure(main)) {
    const load::Package& package = *action->package;
    if (!package.hasAssembly || !symbol.starts_with(package.symbolPath + ".")) continue;
    for (const std::string& name : package.names.s) {
      const std::string path = load::joinPath(package.dir, name);
      std::string text, ignored;
      if (!load::readFile(path, &text, &ignored)) continue;
      if (load::definesFunction(text, std::string_view(symbol).substr(package.symbolPath.size() + 1))) {
        return fmt::format("Go assembly is not supported, and no Go code is in its place ({})", load::shortPath(path, paths_.cwd));
      }
    }
  }
  return {};
}

bool Build::link(const Action& main, const std::string& output) {
  if (!main.hasMain) {
    fail(fmt::format("# {}\nruntime.main_main·f: function main is undeclared in the main package",
                     main.package->importPath));
    return false;
  }
  link::LinkInput input;
  input.workDir = workDir();
  if (input.workDir.empty()) return false;
  input.output = output;
  input.threads = flags_.parallel;
  input.positionIndependent = flags_.isPie();
  if (!main.package->profile.empty()) input.callGraph = callGraph(main.package->profile);
  bool dumpReached = false;
  std::vector<std::string> words = packageFlags(flags_.ldflags, main.package->importPath, true, false);
  for (size_t i = 0; i < words.size(); i++) {
    const std::string& word = words[i];
    bool ignored;
    if (isSwitch(word, "-s", &input.stripSymbols) || isSwitch(word, "-w", &input.stripDebug) ||
        isSwitch(word, "-compressdwarf", &input.compressDebug)) {
      continue;
    }
    if (word == "-dumpdep") {
      dumpReached = true;
    } else if (word == "-X") {
      i++;
    } else if (word == "-linkmode" || word == "-extld" || word == "-extldflags" || word == "-buildid" || word == "-B" ||
               word == "-r") {
      i++;
    } else if (!word.starts_with("-X=") && !word.starts_with("-linkmode=") && !word.starts_with("-extld") &&
               !word.starts_with("-buildid=") && !word.starts_with("-B=") &&
               !isSwitch(word, "-checklinkname", &ignored)) {
      fail(fmt::format("# {}\nflag provided but not defined: {}\nusage: link [options] main.o",
                       main.package->importPath, word.substr(0, word.find('='))));
      return false;
    }
  }
  Chosen chosen;
  std::string reached;
  if (flags_.dryRun) {
    // Which parts a program gets is known only when they are there. Those that are in the cache stand for all.
    for (const Action* action : closure(main)) {
      for (size_t part = 0; part < action->objects.size(); part++) {
        auto entry = action->objects[part].empty() ? cache_.get(partKey(action->key, part)) : std::nullopt;
        if (entry) input.objects.push_back(entry->path);
        else if (!action->objects[part].empty()) input.objects.push_back(action->objects[part]);
      }
    }
    input.objects.push_back(paths_.runtime);
  } else {
    std::string tables = linkTables(main), archive = runtimeArchive();
    if (tables.empty() || archive.empty()) return false;
    std::map<PartOf, std::string> instead;
    if (flags_.lto) {
      if (!chooseParts(main, {tables, archive}, {}, &chosen, nullptr) || !linkTimeObjects(chosen.parts, &instead)) return false;
      chosen = {};
    }
    if (!chooseParts(main, {tables, archive}, instead, &chosen, dumpReached ? &reached : nullptr)) return false;
    input.objects = chosen.objects;
    input.reach = chosen.reach.get();
    std::fwrite(reached.data(), 1, reached.size(), stdout);
  }
  if (flags_.showCommands || flags_.dryRun) {
    std::string line;
    for (const std::string& word : link::lldCommand(input)) line += (line.empty() ? "" : " ") + word;
    say(line + " # internal");
    if (const size_t slash = output.rfind('/');
        slash != std::string::npos && slash > 0 && !load::isDir(output.substr(0, slash))) {
      say(fmt::format("mkdir -p {}", output.substr(0, slash + 1)));
    }
    say(fmt::format("mv {}/a.out {}", input.workDir, output));
  }
  if (flags_.dryRun) return true;
  if (const char* flaw = flawOfOutput(output)) {
    fail(fmt::format("burrow: build output \"{}\" already exists and is {}", output, flaw));
    return false;
  }
  input.whyUndefined = [&](const std::string& symbol) { return assemblyOf(main, symbol); };
  link::LinkResult result = link::linkProgram(input);
  if (!result.ok) fail(fmt::format("# {}\n{}", main.package->importPath, result.errors));
  return result.ok;
}

}  // namespace burrow::driver
