// Compiling parts of packages (codegen/parts.h), and which of them a program needs.
//
// The problem: of all that a program's packages contain it uses little: of what fmt's packages have, a program that prints a line needs
// a sixth. Nearly all of the time of a cold build is LLVM's, and goes into functions; so those that nobody reaches are not compiled.
//
// Of each package part 0, which holds its data, is in every program, and all of package main. From there, and from the runtime's
// archive, the link step's walk (link/reach.h) finds symbols that are referred to and not defined yet; the packages' tables say in
// which parts they are; these are taken from the cache or compiled, and the walk goes on, until nothing is missing.
//
// Invariants: the walk goes in rounds, each of which adds its parts in the order of packages and parts, so that the result does not
// depend on what was in the cache or which thread was faster. The parts are linked in the order in which the walk came to them, because
// of several definitions of a symbol the linker takes the first, as the walk does.
//
// A part can only be compiled while the package's module is in memory. Of a package that came from the cache it is not: such
// packages are then parsed, checked and lowered again (lowerAgain), which gives the same parts.
//
// Rejected: the same walk over Burrow IR before anything is compiled, which could keep all threads busy from the start (it would have
// to know all that the code generator may refer to, and would still take functions that LLVM inlines everywhere); modules in the
// cache as text (they are larger than the objects, and would be written and hashed by every build).
#include "driver/build.h"
#include "driver/part_table.h"

#include "codegen/codegen.h"
#include "link/link.h"
#include "link/reach.h"
#include "source/deep_stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

namespace burrow::driver {

namespace {

size_t sizeOf(const CompileJob& job, size_t part) {
  size_t size = 0;
  for (uint32_t f : job.partition.parts[part].functions) size += codegen::valuesOf(*job.module->functions[f]);
  return size;
}

// "init main |escapes", and the bodies on the lines after that
std::string recordInfo(const CompileJob& job) {
  return fmt::format("{}{}|{}\n{}", job.hasInit ? "init " : "", job.hasMain ? "main " : "", job.escapes, job.inlinable);
}

}  // namespace

void Build::takeRecord(Action& action, const load::Cache::Entry& entry) {
  std::string ignored, info = entry.info;
  const size_t line = std::min(info.find('\n'), info.size());
  if (line < info.size()) action.inlinable = info.substr(line + 1);
  info.resize(line);
  const size_t bar = info.find('|');
  const std::string_view words = std::string_view(info).substr(0, bar);
  action.hasInit = words.find("init") != std::string::npos;
  action.hasMain = words.find("main") != std::string::npos;
  if (bar != std::string::npos) action.escapes = info.substr(bar + 1);
  action.table.clear();
  load::readFile(entry.path, &action.table, &ignored);
  action.objects.assign(PartTable::parts(action.table), {});
}

void Build::setJob(Action& action) {
  action.job = std::make_unique<CompileJob>();
  CompileJob& job = *action.job;
  job.package = action.package;
  job.flags = action.flags;
  job.trimPath = flags_.trimPath;
  job.strings = action.strings;
  job.profile = action.profile;
  job.number = action.number;
  job.visible = action.imports;
  if (action.named) {
    job.dump.phase = flags_.dump;
    job.flags.assembly |= flags_.assembly;
  }
}

// Into the cache, or, where that cannot be, the work folder. The path; empty after an error.
std::string Build::keep(const load::Hash& key, std::string_view content, std::string_view info) {
  std::string error;
  if (auto entry = cache_.put(key, content, info, &error)) return entry->path;
  static std::mutex oneAtATime;
  std::lock_guard lock(oneAtATime);
  if (!cache_.programIsBroken()) {
    const std::string dir = workDir();
    if (dir.empty()) return {};
    if (auto entry = load::Cache(dir + "/objects").put(key, content, info, &error)) return entry->path;
  }
  fail("burrow: " + error);
  return {};
}

// At once: a build that is interrupted does not begin anew.
void Build::publish(Action& action) {
  CompileJob& job = *action.job;
  action.table.clear();
  for (size_t part = 0; part < job.partition.parts.size(); part++) {
    PartTable::add(action.table, codegen::definedSymbols(*job.module, job.partition, part));
  }
  action.objects.assign(job.partition.parts.size(), {});
  action.found.assign(job.partition.parts.size(), {});
  action.toCompile = job.partition.parts.size();
  action.hasInit = job.hasInit;
  action.hasMain = job.hasMain;
  action.escapes = job.escapes;
  action.inlinable = job.inlinable;
  std::string ignored;  // without a cache there is nobody to read it
  cache_.put(action.key, action.table, recordInfo(job), &ignored);
}

PartQueue& Build::queue() {
  if (!queue_) queue_ = std::make_unique<PartQueue>(flags_.parallel != 0 ? flags_.parallel : std::max(1u, std::thread::hardware_concurrency()));
  return *queue_;
}

// All parts of a package that the command names, part 0 of others when there will be a program.
void Build::startParts(Action& action) {
  const bool onlyDump = action.named && !flags_.dump.empty() && flags_.output.empty();
  if (dumpsCode(*action.job)) queue().add(&action, SIZE_MAX, [&action] { dumpCode(*action.job); });
  if (onlyDump || (!action.named && !willLink_)) return;
  for (size_t part = 0; part < (action.named ? action.objects.size() : 1); part++) {
    queue().add(&action, sizeOf(*action.job, part), [this, &action, part] { compilePart(action, part); });
  }
}

void Build::compilePart(Action& action, size_t part) {
  CompileJob& job = *action.job;
  const load::Hash key = partKey(action.key, part);
  auto entry = flags_.all ? std::nullopt : cache_.get(key);
  if (entry) {
    action.found[part] = entry->path;
  } else {
    std::vector<std::string> errors;
    const std::string object = driver::compilePart(job, part, &errors);
    if (!errors.empty()) action.errors[part] = std::move(errors);
    if (object.empty()) return;
    action.found[part] = keep(key, object, "");
  }
  if (--action.toCompile > 0) return;
  job.module.reset();
  job.types.reset();
}

// What is wrong with parts becomes what is wrong with the package, in the order of parts. With -S the package as a whole has said it before.
void Build::gatherErrors(Action& action) {
  std::vector<std::string>& all = action.job->errors;
  for (const auto& [part, errors] : action.errors) {
    for (const std::string& e : errors) {
      if (std::find(all.begin(), all.end(), e) == all.end()) all.push_back(e);
    }
  }
  action.errors.clear();
}

// What the threads have made of the package, on the thread that owns the build.
void Build::finishParts(Action& action) {
  CompileJob& job = *action.job;
  gatherErrors(action);
  load::Program::Unit& unit = program_->parse(*action.package);
  if (!unit.ok() || !job.ok()) {
    action.failed = failed_ = true;
    return;
  }
  if (action.table.empty()) return;  // a dump of an early phase, or something it imports has failed
  action.objects = action.found;
  action.done = true;
}

// Sees to it that these parts have objects.
bool Build::provide(const std::vector<std::pair<Action*, size_t>>& parts) {
  std::set<Action*> worked;
  for (auto [action, part] : parts) {
    if (!action->objects[part].empty()) continue;
    if (auto entry = flags_.all && action->job ? std::nullopt : cache_.get(partKey(action->key, part))) {
      action->objects[part] = entry->path;
      continue;
    }
    worked.insert(action);
    action->found.resize(action->objects.size());
    queue().add(action, sizeOf(*action->job, part), [this, action, part] { compilePart(*action, part); });
  }
  if (worked.empty()) return true;
  queue_->wait();
  bool ok = true;
  for (Action* action : worked) {
    if (action->errors.empty()) continue;
    // What was told before is not told again.
    action->job->errors.clear();
    action->job->dumped.clear();
    gatherErrors(*action);
    report(*action);
    failed_ = true;
    ok = false;
  }
  for (auto [action, part] : parts) {
    if (action->objects[part].empty()) action->objects[part] = action->found[part];
    ok &= !action->objects[part].empty();
  }
  return ok;
}

// Lowers anew what came from the cache and has parts that are not there: all such packages at once, since in later rounds others will be
// asked for, and each time all that they import has to be checked. What their functions may be made of is the same as the first time:
// what the packages that they import have said of theirs. After compile() has returned, other threads read of actions only what
// this leaves as it is.
bool Build::lowerAgain(const std::vector<Action*>& closure, const std::set<Action*>& needed) {
  auto isWanted = [&](Action* action) {
    if (needed.contains(action)) return true;  // also if the cache has an object, which is damaged
    if (action->job && action->job->module) return false;
    for (size_t part = 0; part < action->objects.size(); part++) {
      if (action->objects[part].empty() && !cache_.has(partKey(action->key, part))) return true;
    }
    return false;
  };
  std::set<Action*> wanted;
  for (Action* action : closure) {
    if (isWanted(action)) wanted.insert(action);
  }
  olderPrograms_.push_back(std::move(program_));
  program_ = std::make_unique<load::Program>(files_, names_, fieldTrack());
  passes::EscapeSummaries summaries;
  ir::BodyStore bodies;
  for (load::Package* package : loader_->order()) {
    auto known = actions_.find(package);
    if (known == actions_.end()) continue;
    Action& action = known->second;
    if (!wanted.contains(&action)) {
      program_->setCompiled(*package);
      summaries.read(action.number, action.escapes);
      bodies.add(action.number, action.inlinable);
      continue;
    }
    const std::string table = action.table;
    const std::vector<std::string> objects = action.objects;
    setJob(action);
    action.job->dump = {};
    action.job->flags.assembly = action.job->flags.escapeNotes = false;
    action.job->summaries = &summaries;
    action.job->bodies = &bodies;
    if (!lower(*program_, *action.job)) {
      report(action);
      fail(fmt::format("burrow: {}: internal error: its source has changed while it was compiled", package->title()));
      return false;
    }
    publish(action);
    if (action.table != table) {
      fail(fmt::format("burrow: {}: internal error: compiled twice, it has other parts", package->title()));
      return false;
    }
    action.objects = objects;
  }
  return true;
}

bool Build::chooseParts(const Action& main, const std::vector<std::string>& others, const std::map<PartOf, std::string>& instead,
                        Chosen* result, std::string* reached) {
  const std::vector<Action*> packages = closure(main);
  // Where symbols are: for each the parts, as numbers of package and part.
  std::unordered_map<std::string_view, std::vector<std::pair<uint32_t, uint32_t>>> where;
  for (uint32_t i = 0; i < packages.size(); i++) {
    PartTable::forEach(packages[i]->table, [&](size_t part, std::string_view symbol) { where[symbol].emplace_back(i, part); });
  }
  using Parts = std::set<std::pair<uint32_t, uint32_t>>;
  Parts chosen, round;
  for (uint32_t i = 0; i < packages.size(); i++) {
    const size_t count = packages[i]->package == main.package ? packages[i]->objects.size() : std::min<size_t>(1, packages[i]->objects.size());
    for (uint32_t part = 0; part < count; part++) round.emplace(i, part);
  }
  auto fetch = [&] {
    std::vector<std::pair<Action*, size_t>> parts;
    for (auto [i, part] : round) parts.emplace_back(packages[i], part);
    std::set<Action*> needed;  // whose modules are
    for (auto [action, part] : parts) {
      const bool isThere = !action->objects[part].empty() || cache_.get(partKey(action->key, part));
      if (!isThere && !(action->job && action->job->module)) needed.insert(action);
    }
    bool ok = true;
    if (!needed.empty()) source::onDeepStack([&] { ok = lowerAgain(packages, needed); });
    return ok && provide(parts);
  };

  auto reach = std::make_unique<link::Reach>();
  if (reached != nullptr) reach->dumpTo(reached);
  std::vector<uint32_t> packageOf;  // by file of the walk
  std::string error;
  auto add = [&](const std::string& path, uint32_t package) {
    result->objects.push_back(path);
    packageOf.push_back(package);
    if (reach->addFile(path, &error)) return true;
    fail("burrow: " + error);
    return false;
  };
  constexpr uint32_t kNoPackage = UINT32_MAX;
  for (const std::string& path : others) {
    if (!add(path, kNoPackage)) return false;
  }
  while (!round.empty()) {
    if (!fetch()) return false;
    for (auto [i, part] : round) {
      auto other = instead.find({packages[i], part});
      if (!add(other == instead.end() ? packages[i]->objects[part] : other->second, i)) return false;
      result->parts.emplace_back(packages[i], part);
    }
    chosen.insert(round.begin(), round.end());
    round.clear();
    reach->run(link::linkRoots(flags_.isPie()));
    for (const auto& [file, symbol] : reach->undefined()) {
      auto found = where.find(symbol);
      if (found == where.end()) continue;
      // What several packages have, each keeps for itself.
      auto own = std::find_if(found->second.begin(), found->second.end(), [&, f = file](const auto& p) { return p.first == packageOf[f]; });
      const auto part = own != found->second.end() ? *own : found->second.front();
      if (!chosen.contains(part)) round.insert(part);
    }
  }
  result->reach = std::move(reach);
  return true;
}

}  // namespace burrow::driver
