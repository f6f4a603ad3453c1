// Link-time optimisation (codegen/lto.h): a program's parts once more, with functions of other parts to inline.
//
// The problem: which parts a program has, and so which bodies there are to import, is known when the walk over its objects is done
// (build_parts.cpp); the walk needs objects.
//
// What is done: the walk goes over the objects as they are compiled always; each keeps its bitcode and says what it calls. From that
// the imports are planned, and the parts that import something are compiled anew. A second walk, over the new objects, may come
// to parts that the first did not (what an imported body refers to was inlined where the body is from): they are taken as they are.
//
// Invariants: a package that is compiled with -N or -l neither imports nor is imported from. The plan follows from the chosen parts,
// so equal builds are equal, whatever was in the cache. A new object's key says the part and everything that it imports.
//
// A part in which a nosplit function's frame becomes too large by what is inlined there stays what it was.
//
// Rejected: the walk over bitcode, to save compiling a part twice. The walk is exact because it looks at
// what is left when a part has been compiled (bodies refer to more before), and two parts of three import something.
#include "driver/build.h"
#include "driver/part_table.h"

#include "codegen/lto_plan.h"
#include "ir/without.h"

#include <fmt/format.h>

#include <deque>

namespace burrow::driver {

namespace {

// Go code of the runtime may run where there is no room, no P, or in the middle of a switch of stacks.
bool isRuntime(std::string_view path) { return ir::isRuntimeCode(path) || path == "internal/abi"; }

}  // namespace

bool Build::linkTimeObjects(const std::vector<PartOf>& parts, std::map<PartOf, std::string>* objects) {
  struct Item {
    std::string bytes;  // the object, which the part refers to
    codegen::LtoPart part;
    load::Hash key;
    std::vector<codegen::LtoImport> imports;
    std::string object;  // path, when it is done
    std::vector<std::string> errors;
  };
  std::deque<Item> items(parts.size());
  std::vector<codegen::LtoInput> inputs;
  std::map<const Action*, uint32_t> packages;
  for (size_t i = 0; i < parts.size(); i++) {
    auto [action, part] = parts[i];
    Item& item = items[i];
    std::string error;
    if (action->flags.lto && (!load::readFile(action->objects[part], &item.bytes, &error) ||
                              !codegen::readLtoPart(item.bytes, &item.part, &error))) {
      fail(fmt::format("burrow: {}: {}", action->objects[part], error));
      return false;
    }
    const uint32_t package = packages.try_emplace(action, static_cast<uint32_t>(packages.size())).first->second;
    inputs.push_back({&item.part, package, action->flags.lto && !isRuntime(action->package->symbolPath)});
  }
  const std::vector<codegen::LtoPlan> plans = codegen::planImports(inputs);
  size_t importing = 0;
  for (size_t i = 0; i < parts.size(); i++) {
    if (plans[i].empty()) continue;
    importing++;
    Action* action = parts[i].first;
    Item& item = items[i];
    load::Hasher key;
    key.add("lto").add(partKey(action->key, parts[i].second).hex());
    for (const auto& [from, functions] : plans[i]) {
      key.add(partKey(parts[from].first->key, parts[from].second).hex());
      for (std::string_view f : functions) key.add(f);
      key.add("");
      item.imports.push_back({&items[from].part, functions});
    }
    item.key = key.finish();
    if (auto entry = flags_.all ? std::nullopt : cache_.get(item.key)) {
      item.object = entry->path;
      continue;
    }
    queue().add(&item, item.part.bitcode.size(), [this, &item, action] {
      const std::string object = compileWithImports(item.part, item.imports, action->flags, &item.errors);
      if (!object.empty()) item.object = keep(item.key, object, "");
    });
  }
  if (queue_) queue_->wait();
  if (flags_.showCommands) say(fmt::format("# -lto: {} of {} parts import functions of others # internal", importing, parts.size()));
  for (size_t i = 0; i < parts.size(); i++) {
    for (const std::string& e : items[i].errors) {
      if (e.find(codegen::kFrameTooLarge) == std::string::npos) fail(fmt::format("# {}\n{}", parts[i].first->package->title(), e));
    }
    if (!items[i].object.empty()) objects->emplace(parts[i], items[i].object);
  }
  return !failed_;
}

}  // namespace burrow::driver
