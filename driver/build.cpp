// A build (build.h) from the packages to their records: keys, the cache, and what is said about packages. build_parts.cpp compiles
// their parts, build_link.cpp makes executables of those, build_test.cpp runs tests.
//
// Lowering is serial, because types are shared by all packages; what certainly will be needed of a package is compiled meanwhile.
#include "driver/build.h"
#include "driver/part_table.h"
#include "driver/test2json.h"

#include <fmt/format.h>
#define JSON_NOEXCEPTION
#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace burrow::driver {

namespace {

// Experiments that the distribution has on by default; files of the library are chosen by them.
constexpr const char* kToolTags[] = {"goexperiment.regabiwrappers",
                                     "goexperiment.regabiargs",
                                     "goexperiment.dwarf5",
                                     "goexperiment.jsonv2",
                                     "goexperiment.greenteagc",
                                     "goexperiment.randomizedheapbase64",
                                     "goexperiment.sizespecializedmalloc"};
// In the library these choose Go code where there is assembly otherwise.
constexpr const char* kStdTags[] = {"purego", "math_big_pure_go"};
constexpr size_t kMaxErrors = 10;  // of a package; gc stops there

void write(FILE* to, const std::string& text) { std::fwrite(text.data(), 1, text.size(), to); }

void replaceAll(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

}  // namespace

Build::Build(const BuildFlags& flags, const Paths& paths)
    : flags_(flags), paths_(paths), cache_(load::Cache::defaultDir()) {}

void Build::say(const std::string& line) {
  std::string text = line;
  if (work_.exists()) {
    std::string ignored;
    replaceAll(text, work_.get(&ignored), "$WORK");
  }
  write(stderr, text + "\n");
}

void Build::fail(const std::string& line) {
  write(stderr, line + "\n");
  failed_ = true;
}

std::string Build::workDir() {
  std::string error;
  const bool isNew = !work_.exists();
  std::string dir = work_.get(&error);
  if (dir.empty()) {
    fail(error);
  } else if (isNew && (flags_.keepWork || flags_.showCommands || flags_.dryRun)) {
    if (flags_.keepWork) work_.keep();
    if (flags_.keepWork || flags_.dryRun || flags_.showCommands) write(stderr, "WORK=" + dir + "\n");
  }
  return dir;
}

// GOEXPERIMENT: names, with "no" before those that are to be off. The library has a file for each that there is.
bool Build::readExperiments() {
  const char* text = std::getenv("GOEXPERIMENT");
  if (text == nullptr) return true;
  std::string names = text;
  replaceAll(names, ",", " ");
  auto exists = [&](std::string_view name) {
    return std::filesystem::exists(fmt::format("{}/src/internal/goexperiment/exp_{}_on.go", options_.goRoot.path, name));
  };
  for (const std::string& name : splitWords(names)) {
    if (exists(name)) {
      options_.context.tags.insert("goexperiment." + name);
    } else if (name.starts_with("no") && exists(name.substr(2))) {
      options_.context.tags.erase("goexperiment." + name.substr(2));
    } else if (name != "none") {
      fail("go: unknown GOEXPERIMENT " + name);
      return false;
    }
  }
  return true;
}

bool Build::fieldTrack() const { return options_.context.tags.contains("goexperiment.fieldtrack"); }

bool Build::start() {
  std::string error;
  options_.goRoot = load::findGoRoot(paths_.sourceRoot, &error);
  if (!options_.goRoot.ok()) {
    fail("burrow: " + error);
    return false;
  }
  if (!load::isDir(paths_.std + "/runtime")) {
    fail("burrow: " + paths_.std + " is not Burrow's part of the standard library (is BURROW_STD set?)");
    return false;
  }
  options_.overlay = paths_.std;
  options_.cwd = paths_.cwd;
  if (const std::vector<std::string> command = splitWords(goEnvironment("GOCACHEPROG")); !command.empty()) {
    std::unique_ptr<load::CacheProgram> program = load::CacheProgram::start(command, &error);
    if (!program) {
      fail("burrow: failed to initialize build cache: " + error);
      return false;
    }
    cache_.useProgram(std::move(program));
  }
  for (const char* tag : kToolTags) options_.context.tags.insert(tag);
  for (int level = 1; level <= flags_.amd64Level; level++) options_.context.tags.insert(fmt::format("amd64.v{}", level));
  if (!readExperiments()) return false;
  for (const char* tag : kStdTags) options_.stdTags.push_back(tag);
  std::string tags = flags_.tags;
  replaceAll(tags, ",", " ");
  for (std::string& tag : splitWords(tags)) options_.context.tags.insert(std::move(tag));

  load::ModuleOptions& modules = options_.modules;
  modules.mod = flags_.mod;
  modules.modFile = flags_.modFile;
  modules.workFile = goEnvironment("GOWORK");
  modules.fetch.cacheDir = goEnvironment("GOMODCACHE");
  modules.fetch.proxies = goEnvironment("GOPROXY");
  modules.fetch.noProxy = goEnvironment("GONOPROXY");
  modules.fetch.verbose = flags_.showCommands;
  modules.fetch.writable = flags_.modCacheWritable;
  modules.fetch.checkSums = !(flags_.mod == "mod" && goEnvironment("GOSUMDB") == "off");
  if (!readOverlay()) return false;

  // The flags for named packages, now, so that a mistake in them is told before anything is done.
  CompilerFlags named;
  if (!parseCompilerFlags(packageFlags(flags_.gcflags, "", true, false), &named, &error)) {
    fail(error);
    return false;
  }
  options_.allowInternal = named.asStd;
  strings_.push_back({"runtime.buildVersion", options_.goRoot.version, nullptr});
  if (!flags_.trimPath) strings_.push_back({"runtime.defaultGOROOT", options_.goRoot.path, nullptr});
  if (!flags_.dump.empty() && !isDumpPhase(flags_.dump)) {
    fail(fmt::format("burrow: no phase named {} to dump; there are {}", flags_.dump, dumpPhases()));
    return false;
  }
  if (flags_.keepWork || flags_.showCommands || flags_.dryRun) return !workDir().empty();
  return true;
}

// -overlay: {"Replace": {"path": "path of the text"}}; an empty text means that the file is not there.
bool Build::readOverlay() {
  if (flags_.overlay.empty()) return true;
  std::string text, error;
  if (!load::readFile(load::absolutePath(flags_.overlay, paths_.cwd), &text, &error)) {
    fail("burrow: reading overlay: " + error);
    return false;
  }
  nlohmann::json overlay = nlohmann::json::parse(text, nullptr, false);
  if (overlay.is_discarded() || !overlay.is_object()) {
    fail("burrow: parsing overlay JSON: " + flags_.overlay + ": not a JSON object");
    return false;
  }
  auto replace = overlay.find("Replace");
  if (replace == overlay.end()) return true;
  for (const auto& [from, to] : replace->items()) {
    if (from.empty() || !to.is_string()) {
      fail(from.empty() ? "burrow: empty string key in overlay map" : "burrow: parsing overlay JSON: " + from + ": not a string");
      return false;
    }
    const std::string path = to.get<std::string>();
    const std::string full = load::absolutePath(from, paths_.cwd);
    if (options_.overlayFiles.contains(full)) {
      fail(fmt::format("burrow: duplicate paths for {} in overlay map", full));
      return false;
    }
    options_.overlayFiles.add(full, path.empty() ? "" : load::absolutePath(path, paths_.cwd));
  }
  if (const std::string flaw = options_.overlayFiles.contradiction(); !flaw.empty()) {
    fail("burrow: " + flaw);
    return false;
  }
  const std::string cache = goEnvironment("GOMODCACHE");
  if (const std::string replaced = cache.empty() ? "" : options_.overlayFiles.replacedAround(cache); !replaced.empty()) {
    fail(fmt::format("burrow: overlay contains a replacement for {}. Files beneath GOMODCACHE ({}) must not be replaced.", replaced,
                     cache));
    return false;
  }
  return true;
}

bool Build::load() {
  if (withVersions_ && !readVersionedArguments()) return false;
  loader_ = std::make_unique<load::Loader>(options_, files_, names_);
  roots_ = loader_->load(versioned_.empty() ? flags_.arguments : versioned_);
  for (const std::string& w : loader_->warnings()) write(stderr, w + "\n");
  for (const std::string& e : loader_->errors()) write(stderr, e + "\n");
  if (!loader_->errors().empty()) failed_ = true;
  program_ = std::make_unique<load::Program>(files_, names_, fieldTrack());
  if (!failed_) setProfilesOfRoots();
  return !failed_;
}

// -trimpath: what stands for the package's folder in the names of its files.
std::string Build::trimmedDir(const load::Package& package) {
  const std::string& path = package.forTest.empty() ? package.importPath : package.forTest;
  if (path == load::kCommandLine) return ".";
  const load::Module* module = package.module;
  if (module == nullptr || module->version.empty() || !load::isWithin(path, module->path)) return path;
  return fmt::format("{}@{}{}", module->path, module->version, path.substr(module->path.size()));
}

void Build::prepare(Action& action) {
  const load::Package& package = *action.package;
  std::string error;
  parseCompilerFlags(packageFlags(flags_.gcflags, package.importPath, action.named, package.isStd), &action.flags,
                     &error);
  const bool isOfMain = !package.isStd && (package.module == nullptr || package.module->isMain);
  if (quickTests_ && isOfMain && action.flags.llvmLevel < 0) action.flags.llvmLevel = 1;
  action.flags.positionIndependent = flags_.isPie();
  action.flags.amd64Level = flags_.amd64Level;
  // Who asks for no inlining of a package gets none.
  action.flags.lto = flags_.lto && action.flags.optLevel != 0 && action.flags.inlining;
  if (flags_.trimPath) {
    for (const load::SourceEntry& entry : package.files) {
      entry.source->name = fmt::format("{}/{}", trimmedDir(package), load::baseName(entry.path));
    }
  }
  load::Hasher key;
  key.add(compilerId(paths_)).add(action.flags.key()).add(flags_.trimPath ? "trimmed" : package.dir);
  key.add(package.importPath).add(package.symbolPath).add(package.language).add(package.hasAssembly ? "asm" : "");
  if (fieldTrack()) key.add("fieldtrack");
  for (const load::SourceEntry& entry : package.files)
    key.add(entry.source->name).add(entry.isOurs ? "ours" : "").add(entry.hash);
  for (const auto& [pattern, embedded] : package.embedByPattern) {
    key.add(pattern);
    for (const std::string& file : embedded) {
      std::string text;
      load::readFile(package.embedPath(file), &text, &error);
      key.add(file).add(load::hashOf(text));
    }
  }
  if (package.patch) {
    for (const load::PatchRule& rule : package.patch->rules) key.add(fmt::format("{} {}", int(rule.kind), rule.name));
  }
  const std::string& profile = action.flags.profile.empty() ? package.profile : action.flags.profile;
  if (!profile.empty()) action.profile = profileAt(profile, action.flags.hotPercent);
  if (action.profile != nullptr) {
    const std::string_view excerpt = action.profile->excerpt(package.symbolPath);
    if (!excerpt.empty()) key.add(fmt::format("pgo {}", action.flags.hotBudget)).add(excerpt);
  }
  for (const auto& [symbol, text, of] : strings_) {
    // "importpath.name"; the path may have dots of its own, the name has none.
    if ((of != nullptr && of != &package) || symbol.substr(0, symbol.rfind('.')) != package.symbolPath) continue;
    action.strings.emplace_back(symbol, text);
    key.add(symbol).add(text);
  }
  action.imports.clear();
  for (const auto& [path, imported] : package.resolved) {
    auto known = actions_.find(imported);
    if (known == actions_.end()) continue;
    const Action& other = known->second;
    key.add(path).add(other.key);
    if (action.imports.size() <= other.number) action.imports.resize(other.number + 1);
    for (size_t i = 0; i < other.imports.size(); i++) action.imports[i] = action.imports[i] || other.imports[i];
    action.imports[other.number] = true;
  }
  action.key = key.finish();
}

bool Build::fromCache(Action& action) {
  if (flags_.all) return false;
  if (action.named && (!flags_.dump.empty() || flags_.assembly || action.flags.assembly || action.flags.escapeNotes)) return false;
  auto entry = cache_.get(action.key);
  if (!entry) return false;
  takeRecord(action, *entry);
  if (action.table.empty()) return false;
  // What the user names is compiled as a whole, so that whatever is wrong with it is told.
  for (size_t part = 0; action.named && part < action.objects.size(); part++) {
    auto object = cache_.get(partKey(action.key, part));
    if (!object) return false;
    action.objects[part] = object->path;
  }
  action.done = true;
  return true;
}

bool Build::compile() {
  if (!readStrings() || !readVersionStamps() || !readProfiles()) return false;
  std::vector<Action*> order, missing;
  willLink_ |= std::any_of(roots_.begin(), roots_.end(), [](const load::Package* p) { return p->isCommand; });
  for (load::Package* package : loader_->order()) {
    // Package unsafe is the compiler; a package of nothing but tests has no object.
    if (!wanted_.empty() && !wanted_.contains(package)) continue;
    if (package->importPath == "unsafe" || package->files.empty() || package->incomplete) continue;
    Action& action = actions_[package];
    action.package = package;
    action.number = static_cast<uint32_t>(order.size());
    action.named = namedVariants_.contains(package) || (wanted_.empty() && std::find(roots_.begin(), roots_.end(), package) != roots_.end());
    prepare(action);
    order.push_back(&action);
    if (fromCache(action)) {
      program_->setCompiled(*package);
    } else {
      missing.push_back(&action);
    }
  }
  if (!missing.empty()) {
    for (Action* action : order) {
      summaries_.read(action->number, action->escapes);
      bodies_.add(action->number, action->inlinable);
    }
  }
  for (Action* action : missing) {
    load::Package& package = *action->package;
    if (flags_.verbose || flags_.showCommands || flags_.dryRun) {
      if (flags_.showCommands || flags_.dryRun) {
        std::string command =
            fmt::format("\n#\n# {}\n#\n\ncd {}\nburrow compile -p {} -lang={} -o {}/{}.o", package.title(),
                        package.dir, package.symbolPath, package.language, workDir(), action->key.hex());
        for (const load::SourceEntry& entry : package.files) command += " " + load::shortPath(entry.path, package.dir);
        say(command + " # internal");
      } else {
        say(package.title());
      }
    }
    if (flags_.dryRun) continue;
    action->blamed = wrongByItself(*action);
    if (action->blamed != nullptr) continue;
    setJob(*action);
    action->job->summaries = &summaries_;
    action->job->bodies = &bodies_;
    if (!lower(*program_, *action->job)) continue;
    publish(*action);
    startParts(*action);
  }
  if (queue_) queue_->wait();
  for (Action* action : missing) {
    if (flags_.dryRun) {
      action->objects = {fmt::format("{}/{}.o", workDir(), action->key.hex())};
      action->hasMain = action->done = true;
    } else if (action->blamed == nullptr) {
      finishParts(*action);
      report(*action);
    }
  }
  return !failed_;
}

// Of a package as tests have it, with more files or other imports: the package as it is, when that is a part of the build and
// has errors. They are told there, and not again.
const Build::Action* Build::wrongByItself(const Action& variant) {
  if (variant.package->forTest.empty() || variant.package->isTestMain) return nullptr;
  auto plain = actions_.find(loader_->find(variant.package->importPath));
  return plain != actions_.end() && plain->second.job && !program_->parse(*plain->second.package).ok() ? &plain->second : nullptr;
}

// gc shows files as the user would name them: below the current folder without its path.
std::string Build::shorten(std::string text, const load::Package& package) const {
  const std::string dir = flags_.trimPath ? trimmedDir(package) : package.dir, shown = load::shortPath(package.dir, paths_.cwd);
  if (dir != ".") {
    replaceAll(text, dir + "/", shown + "/");
  } else {
    // "./" alone may be a part of anything.
    for (const load::SourceEntry& entry : package.files)
      replaceAll(text, entry.source->name + ":", fmt::format("{}/{}:", shown, load::baseName(entry.path)));
  }
  if (package.patch) replaceAll(text, package.patch->dir + "/", load::shortPath(package.patch->dir, paths_.cwd) + "/");
  return text;
}

std::string Build::diagnostics(const load::Program::Unit& unit, const Action& action) const {
  source::Diagnostics sorted = unit.diagnostics;
  sorted.sortAndPrune(files_, action.flags.allErrors ? 0 : kMaxErrors);
  std::string text = sorted.render(files_);
  for (const std::string& line : unit.other) text += line + "\n";
  if (action.job) {
    for (const std::string& line : action.job->errors) text += line + "\n";
    text += action.job->notes;
  }
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return shorten(std::move(text), *action.package);
}

// With -json the events of a package's build are part of the standard output.
void Build::tell(const load::Package& package, const std::string& text, bool failed) {
  write(events_ ? stdout : stderr, events_ ? buildEvents(package.title(), text, failed) : text);
  if (events_) std::fflush(stdout);
}

void Build::report(Action& action) {
  const load::Program::Unit& unit = program_->parse(*action.package);
  std::string text = diagnostics(unit, action);
  if (!text.empty()) tell(*action.package, fmt::format("# {}\n{}", action.package->title(), text), !action.done);
  if (!action.job->dumped.empty()) {
    write(stdout, action.job->dumped);
    if (!action.job->dumped.ends_with('\n')) write(stdout, "\n");
    std::fflush(stdout);
  }
}

int Build::build() {
  events_ = flags_.json;
  if (!start()) return 1;
  if (!load()) return 1;
  if (flags_.cover && !coverProgram()) return 1;
  if (!compile()) return 1;
  if (!flags_.dump.empty() && flags_.output.empty()) return 0;
  return buildRoots(flags_.output);
}

// "path@version", for all of the arguments the same version: they name packages of a module of their own.
bool Build::readVersionedArguments() {
  std::string version, first;
  for (const std::string& argument : flags_.arguments) {
    const size_t at = argument.find('@');
    if (at == std::string::npos) continue;
    first = argument.substr(0, at);
    version = argument.substr(at + 1);
    if (version.empty()) fail(fmt::format("burrow: {}: version must not be empty", argument));
    break;
  }
  if (version.empty()) return !failed_;
  versioned_.clear();
  for (const std::string& argument : flags_.arguments) {
    if (!argument.ends_with("@" + version)) {
      fail(fmt::format("burrow: {}: all arguments must refer to packages in the same module at the same version (@{})", argument,
                       version));
      return false;
    }
    const std::string path = argument.substr(0, argument.size() - version.size() - 1);
    const char* not_ = load::isRelative(path)                          ? "a package path, not a relative path"
                       : path.starts_with('/')                        ? "a package path, not an absolute path"
                       : path == "all" || path == "std" || path == "cmd" ? "a package path, not a meta-package"
                       : path.empty() || load::cleanPath(path) != path ? "a clean package path"
                                                                       : nullptr;
    if (not_ != nullptr) {
      fail(fmt::format("burrow: {}: argument must be {}", argument, not_));
      return false;
    }
    if (path.find('.') == std::string::npos && load::isDir(options_.goRoot.path + "/src/" + path)) {
      fail(fmt::format("burrow: {}: argument must not be a package in the standard library", argument));
      return false;
    }
    versioned_.push_back(path);
  }
  options_.modules.target = first;
  options_.modules.query = version;
  options_.modules.fetch.checkSums = false;  // there is no go.sum that could know them
  return true;
}

int Build::install() {
  withVersions_ = true;
  events_ = flags_.json;
  if (!start() || !load() || (flags_.cover && !coverProgram()) || !compile()) return 1;
  const bool any = std::any_of(roots_.begin(), roots_.end(), [](const load::Package* p) { return p->isCommand && !p->files.empty(); });
  if (!any) return 0;  // checked and in the cache: all that installing a library means
  const std::string folder = goEnvironment("GOBIN");
  if (folder.empty() || folder[0] != '/') {
    fail(folder.empty() ? std::string("burrow: no install location: neither GOBIN nor GOPATH nor HOME is set")
                        : fmt::format("burrow: cannot install, GOBIN must be an absolute path: \"{}\"", folder));
    return 1;
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    fail(fmt::format("burrow: mkdir {}: {}", folder, error.message()));
    return 1;
  }
  return buildRoots(folder + "/");
}

std::string Build::defaultOutput(const load::Package& package) const {
  if (package.importPath == "command-line-arguments") {
    std::string name(load::baseName(flags_.arguments[0]));
    return name.substr(0, name.size() - 3);
  }
  std::string_view path = package.importPath, last = load::baseName(path);
  // "example.com/foo/v2" is named after foo.
  if (last.size() > 1 && last[0] == 'v' && last.find_first_not_of("0123456789", 1) == std::string_view::npos &&
      path != last) {
    last = load::baseName(load::dirName(path));
  }
  return std::string(last);
}

int Build::buildRoots(const std::string& output) {
  const bool discard = output == "/dev/null";
  const std::string given = discard ? "" : output;
  // One main package gives an executable; otherwise the result is the check, unless -o names a folder for executables.
  std::vector<const Action*> mains;
  for (const load::Package* root : roots_) {
    if (root->isCommand && !root->files.empty()) mains.push_back(&actions_.at(root));
  }
  const bool toFolder = !given.empty() && (given.ends_with('/') || load::isDir(given));
  if (roots_.size() > 1 && !given.empty() && !toFolder) {
    fail(fmt::format("burrow: cannot write multiple packages to non-directory {}", given));
    return 1;
  }
  if (toFolder) {
    if (mains.empty()) {
      fail("burrow: no main packages to build");
      return 1;
    }
    std::string dir = load::cleanPath(given);
    ::mkdir(dir.c_str(), 0777);
    for (const Action* main : mains) {
      if (!link(*main, dir + "/" + defaultOutput(*main->package))) failed_ = true;
    }
  } else if (!discard && roots_.size() == 1 && mains.size() == 1) {
    if (!link(*mains[0], given.empty() ? defaultOutput(*mains[0]->package) : given)) failed_ = true;
  } else {
    // Several commands without -o, or -o /dev/null: each is linked, so that what only linking finds is told, and discarded.
    for (const Action* main : mains) {
      std::string dir = workDir();
      if (dir.empty() || !link(*main, dir + "/discarded")) failed_ = true;
    }
  }
  return failed_ ? 1 : 0;
}

int Build::buildForRun(std::string* executable) {
  withVersions_ = true;
  if (!start() || !load()) return 1;
  if (roots_.size() != 1) {
    fail("burrow: run takes one package");
    return 1;
  }
  const load::Package& package = *roots_[0];
  if (!package.isCommand) {
    fail(fmt::format("package {} is not a main package", package.importPath));
    return 1;
  }
  if ((flags_.cover && !coverProgram()) || !compile()) return 1;
  if (!flags_.dump.empty()) return 0;
  std::string dir = workDir();
  if (dir.empty()) return 1;
  ::mkdir((dir + "/exe").c_str(), 0777);
  *executable = dir + "/exe/" + defaultOutput(package);
  return link(actions_.at(&package), *executable) ? 0 : 1;
}

}  // namespace burrow::driver
