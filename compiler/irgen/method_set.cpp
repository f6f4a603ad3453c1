// See method_set.h. The search goes breadth first; `Place` is one embedded type at the depth that is being looked at.
#include "irgen/method_set.h"

#include "syntax/ast.h"

#include <algorithm>
#include <map>
#include <unordered_set>

namespace burrow::irgen {
namespace {

struct Place {
  TypeId type;
  std::vector<int> path;
  bool indirect = false;
  bool multiple = false;  // the same type is embedded more than once at this depth
};

using Name = std::pair<std::string, std::string>;  // name, package path

}  // namespace

const std::vector<MethodEntry>& MethodSets::all(TypeId base) { return set(base).list; }

const MethodSets::Set& MethodSets::set(TypeId base) {
  if (auto it = sets_.find(base.value); it != sets_.end()) return it->second;
  std::vector<MethodEntry> list = compute(base);
  Set& set = sets_[base.value];
  set.list = std::move(list);
  for (const MethodEntry& e : set.list) set.byName.emplace(e.name, &e);
  return set;
}

const MethodEntry* MethodSets::find(TypeId t, std::string_view name, std::string_view pkgPath) {
  ir::TypeTable& table = map_.table();
  if (table[t].kind == TypeKind::Pointer) t = table.elem(t);
  auto [it, end] = set(t).byName.equal_range(name);
  for (; it != end; ++it) {
    if (it->second->pkgPath.empty() || it->second->pkgPath == pkgPath) return it->second;
  }
  return nullptr;
}

std::vector<MethodEntry> MethodSets::compute(TypeId base) {
  ir::TypeTable& table = map_.table();
  std::map<Name, MethodEntry> found;
  std::map<Name, bool> hidden;  // names that a shallower depth has taken, as a field or ambiguously
  std::unordered_set<uint32_t> seen;
  std::vector<Place> current{{base, {}, false, false}};
  while (!current.empty()) {
    std::vector<Place> next;
    std::map<Name, MethodEntry> here;
    std::map<Name, int> count;
    for (const Place& p : current) {
      if (table[p.type].kind == TypeKind::Named && !seen.insert(p.type.value).second) continue;
      auto add = [&](Name name, MethodEntry e) {
        count[name] += p.multiple ? 2 : 1;
        here.insert_or_assign(std::move(name), std::move(e));
      };
      const NamedInfo* info = map_.info(p.type);
      if (info != nullptr && table.kind(p.type) != TypeKind::Interface) {
        types::Named* origin = info->origin;
        for (size_t i = 0; i < types::methodCount(origin); i++) {
          types::Func* f = types::methodAt(origin, i);
          if (f->name == "_") continue;
          MethodEntry e;
          e.name = f->name;
          if (!f->isExported() && f->pkg != nullptr) e.pkgPath = f->pkg->path;
          e.path = p.path;
          e.holder = p.type;
          e.func = f;
          e.pointerReceiver = f->pointerReceiver;
          e.indirect = p.indirect;
          Name name{e.name, e.pkgPath};
          add(std::move(name), std::move(e));
        }
      }
      ir::TypeData data = table.get(p.type);
      if (data.kind == TypeKind::Interface) {
        for (size_t i = 0; i < data.methods.size(); i++) {
          MethodEntry e;
          e.name = data.methods[i].name;
          e.pkgPath = data.methods[i].pkgPath;
          e.path = p.path;
          e.holder = p.type;
          e.ifaceIndex = static_cast<int>(i);
          e.indirect = p.indirect;
          e.type = data.methods[i].type;
          Name name{e.name, e.pkgPath};
          add(std::move(name), std::move(e));
        }
      } else if (data.kind == TypeKind::Struct) {
        for (size_t i = 0; i < data.fields.size(); i++) {
          const ir::Field& f = data.fields[i];
          if (f.name == "_") continue;
          count[{f.name, f.pkgPath}] += 2;  // a field is no method, and hides what is deeper
          if (!f.embedded) continue;
          Place q{f.type, p.path, p.indirect, p.multiple};
          q.path.push_back(static_cast<int>(i));
          if (table[q.type].kind == TypeKind::Pointer) {
            q.type = table.elem(q.type);
            q.indirect = true;
          }
          TypeKind kind = table.kind(q.type);
          if (table[q.type].kind == TypeKind::Named || kind == TypeKind::Struct || kind == TypeKind::Interface) {
            next.push_back(std::move(q));
          }
        }
      }
    }
    for (auto& [name, n] : count) {
      if (hidden.contains(name)) continue;
      hidden[name] = true;
      if (n == 1) found.emplace(name, std::move(here[name]));
    }
    // The same type twice at one depth: its members are ambiguous.
    current.clear();
    for (Place& q : next) {
      auto it = std::find_if(current.begin(), current.end(), [&](const Place& c) { return c.type == q.type; });
      if (it != current.end()) {
        it->multiple = true;
      } else {
        current.push_back(std::move(q));
      }
    }
  }
  std::vector<MethodEntry> out;
  for (auto& [name, e] : found) {
    if (e.func != nullptr && !e.type.isValid()) {
      // The signature under the method's own names of the receiver's type parameters.
      const NamedInfo* info = map_.info(e.holder);
      auto* signature = e.func->signature();
      if (has(e.func->decl->pragma, syntax::Pragma::NoInterface)) {
        // Called directly only.
      } else if (!signature->typeParams.empty()) {
        // A generic method has no one type; it is called, but stands in no method table.
      } else if (info->args.empty()) {
        e.type = map_.signature(signature, *info->env);
      } else {
        Env& env = map_.newEnv();
        env.add(signature->recvTypeParams, info->args);
        e.type = map_.signature(signature, env);
      }
    }
    out.push_back(std::move(e));
  }
  return out;
}

}  // namespace burrow::irgen
