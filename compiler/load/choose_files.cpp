// Files in place of assembly, chosen one by one.
//
// The problem: a package has functions in assembly for this machine, and the same in Go in files for other machines.
// All files of another machine would do, but more than the assembly can depend on the machine: the order of its
// bytes, the numbers of its system calls, whole parts of the package's interface. So of the files that differ, those
// stay that have nothing to do with assembly.
//
// Files that declare the same names take each other's place: files are put together into groups by what they declare,
// and functions named init by the variables that they set. A group is for this machine at first. It becomes the other
// machine's
// 1. where one of its functions is assembly and other machines have something for the group in Go; or have nothing,
//    but nobody else asks for it, and initialisation would need it;
// 2. where it says what the machine can (constants, variables, functions without parameters that give a bool or a
//    number), as soon as any group is the other machine's: those may be what the code in Go asks before it calls
//    assembly, and other machines' functions in its place may do nothing but panic;
// 3. where a function uses it together with such a group, for the same reason;
// 4. where a file that is compiled would lack a name otherwise.
// In the extreme these are all files of another machine. What is still assembly then is called by nobody, or is an
// error when the program is linked.
//
// Names are what the source says, without types: a local variable or a field can be taken for a use of something in
// the package. Then a group becomes the other machine's without need.
//
// Rejected: all files of another machine whenever there is assembly (RoaringBitmap's FrozenView is not there then,
// modernc.org/libc has nothing at all for machines that it does not know); an error whenever assembly is left (that
// of modernc.org/libc is for others' assembly, and no program in Go calls it).
#include "load/choose_files.h"

#include "syntax/walk.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>

namespace burrow::load {

namespace {

using Names = std::set<std::string_view>;
using NameList = std::vector<std::string_view>;

// A function, or a name of another declaration.
struct Declared {
  std::string_view name;  // empty: a function named init, or a variable named _
  std::string key;        // the same in two files: they take each other's place; empty as `name`
  bool inAssembly = false;
  bool tellsMachine = false;
  bool isFunction = false, runsAtStart = false;
  NameList uses;  // each once
};

void namesIn(const syntax::Node* node, NameList& names) {
  if (!node) return;
  if (auto* ident = syntax::dynAs<syntax::Ident>(node)) names.push_back(ident->name);
  syntax::forEachChild(node, [&](syntax::Node* child) { namesIn(child, names); });
}

Declared finished(Declared d) {
  std::sort(d.uses.begin(), d.uses.end());
  d.uses.erase(std::unique(d.uses.begin(), d.uses.end()), d.uses.end());
  return d;
}

std::string_view baseName(const syntax::Expr* x) {
  for (x = syntax::unparen(x);;) {
    if (auto* star = syntax::dynAs<syntax::StarExpr>(x)) x = syntax::unparen(star->x);
    else if (auto* index = syntax::dynAs<syntax::IndexExpr>(x)) x = syntax::unparen(index->x);
    else if (auto* selector = syntax::dynAs<syntax::SelectorExpr>(x)) x = syntax::unparen(selector->x);
    else break;
  }
  auto* ident = syntax::dynAs<syntax::Ident>(x);
  return ident ? ident->name : std::string_view();
}

// The variables that are assigned to.
void setIn(const syntax::Node* node, Names& names) {
  if (auto* assign = syntax::dynAs<syntax::AssignStmt>(node); assign && assign->op != syntax::Token::Define) {
    for (const syntax::Expr* x : assign->lhs) names.insert(baseName(x));
  }
  syntax::forEachChild(node, [&](syntax::Node* child) { setIn(child, names); });
}

bool isBoolOrNumber(const syntax::Expr* type) {
  static const Names kNames = {"bool", "int",   "int8",   "int16",  "int32",  "int64",  "byte",
                               "uint", "uint8", "uint16", "uint32", "uint64", "uintptr"};
  auto* ident = syntax::dynAs<syntax::Ident>(type);
  return ident && kNames.contains(ident->name);
}

// A file's declarations, and what else it sets.
struct Contents {
  std::vector<Declared> list;
  Names setAtStart;
};

Contents contentsOf(const syntax::File& file) {
  Contents contents;
  const std::string package = file.name ? std::string(file.name->name) + "." : ".";
  Names linknamed;
  for (const syntax::Linkname& l : file.linknames) linknamed.insert(l.local);
  for (const syntax::Decl* decl : file.decls) {
    if (auto* f = syntax::dynAs<syntax::FuncDecl>(decl)) {
      if (!f->name) continue;
      Declared d;
      namesIn(f->type, d.uses);
      namesIn(f->body, d.uses);
      d.isFunction = true;
      if (!f->isMethod && f->name->name == "init") {
        d.runsAtStart = true;
        if (f->body) setIn(f->body, contents.setAtStart);
      } else {
        d.name = f->name->name;
        d.key = package;
        if (f->isMethod) {
          for (const syntax::Field* field : f->recv.fields) d.key += std::string(baseName(field->type)) + ".";
        }
        d.key += d.name;
        d.inAssembly = !f->body && !linknamed.contains(d.name);
        d.tellsMachine = f->type->params.empty() && f->type->results.count() == 1 &&
                         isBoolOrNumber(f->type->results.fields[0]->type);
      }
      contents.list.push_back(finished(std::move(d)));
      continue;
    }
    auto* general = syntax::dynAs<syntax::GenDecl>(decl);
    if (!general) continue;
    for (const syntax::Spec* spec : general->specs) {
      if (auto* type = syntax::dynAs<syntax::TypeSpec>(spec)) {
        Declared d;
        d.name = type->name->name;
        d.key = package + std::string(d.name);
        namesIn(type, d.uses);
        contents.list.push_back(finished(std::move(d)));
      } else if (spec->kind == syntax::NodeKind::ConstSpec || spec->kind == syntax::NodeKind::VarSpec) {
        auto* values = static_cast<const syntax::ValueSpec*>(spec);
        for (const syntax::Ident* name : values->names) {
          Declared d;
          const bool blank = name->name == "_";
          if (!blank) d.name = name->name, d.key = package + std::string(d.name);
          d.tellsMachine = true;
          d.runsAtStart = spec->kind == syntax::NodeKind::VarSpec;
          for (const syntax::Expr* value : values->values) namesIn(value, d.uses);
          namesIn(values->type, d.uses);
          contents.list.push_back(finished(std::move(d)));
        }
      }
    }
  }
  return contents;
}

class Choice {
 public:
  explicit Choice(std::span<const CandidateFile> files) : files_(files), parent_(files.size()), other_(files.size()) {
    for (const CandidateFile& f : files) contents_.push_back(contentsOf(*f.tree));
    std::iota(parent_.begin(), parent_.end(), size_t{0});
    makeGroups();
  }

  std::vector<bool> run() {
    replaceAssembly();
    bool any = false;
    for (size_t i = 0; i < files_.size(); i++) any |= isGroup(i) && other_[i] && hasElsewhere(i);
    if (any) {
      for (const auto& [key, machine] : machineNames_) {
        if (machine.tells && machine.here && machine.elsewhere) other_[groupOf(machine.file)] = true;
      }
    }
    do {
      changed_ = false;
      if (any) keepTogether();
      giveNames();
    } while (changed_);
    std::vector<bool> taken;
    for (size_t i = 0; i < files_.size(); i++) taken.push_back(!files_[i].isTest && isTaken(i));
    chooseTests(taken);
    return taken;
  }

 private:
  struct MachineName {
    size_t file = 0;  // one of those that declare it
    bool here = false, elsewhere = false, tells = false;
  };

  // The package itself is the same with and without its tests, which are in no group.
  bool differs(size_t i) const { return !files_[i].isTest && files_[i].here != files_[i].elsewhere; }
  bool isTaken(size_t i) {
    if (files_[i].isTest) return false;
    return differs(i) ? files_[i].here != other_[groupOf(i)] : files_[i].here;
  }
  bool isGroup(size_t i) { return differs(i) && groupOf(i) == i; }
  size_t groupOf(size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  bool hasElsewhere(size_t group) {
    for (size_t i = 0; i < files_.size(); i++) {
      if (differs(i) && files_[i].elsewhere && groupOf(i) == group) return true;
    }
    return false;
  }
  void makeOther(size_t group) {
    changed_ |= !other_[group];
    other_[group] = true;
  }

  void makeGroups() {
    for (size_t i = 0; i < files_.size(); i++) {
      if (!differs(i)) continue;
      auto declares = [&](const std::string& key, bool tells) {
        auto [it, isNew] = machineNames_.try_emplace(key, MachineName{i, false, false, false});
        (files_[i].here ? it->second.here : it->second.elsewhere) = true;
        it->second.tells |= tells;
        if (!isNew) parent_[groupOf(i)] = groupOf(it->second.file);
      };
      for (const Declared& d : contents_[i].list) {
        if (d.key.empty()) continue;
        declares(d.key, d.tellsMachine);
        places_[d.name].insert(i);
      }
      for (std::string_view name : contents_[i].setAtStart) declares("init=" + std::string(name), false);
    }
    for (size_t i = 0; i < files_.size(); i++) {
      if (differs(i) || files_[i].isTest) continue;
      for (const Declared& d : contents_[i].list) common_.insert(d.name);
    }
  }

  // Whether initialisation of this machine's files of the group comes to assembly of theirs.
  bool needsAssemblyAtStart(size_t group) {
    Names todo, seen, assembly;
    std::map<std::string_view, std::vector<const Declared*>> functions;
    for (size_t i = 0; i < files_.size(); i++) {
      if (!differs(i) || !files_[i].here || groupOf(i) != group) continue;
      for (const Declared& d : contents_[i].list) {
        if (d.inAssembly) assembly.insert(d.name);
        if (d.isFunction) functions[d.name].push_back(&d);
        if (d.runsAtStart) todo.insert(d.uses.begin(), d.uses.end());
      }
    }
    while (!todo.empty()) {
      std::string_view name = todo.extract(todo.begin()).value();
      if (assembly.contains(name)) return true;
      if (!seen.insert(name).second) continue;
      auto found = functions.find(name);
      if (found == functions.end()) continue;
      for (const Declared* d : found->second) todo.insert(d->uses.begin(), d->uses.end());
    }
    return false;
  }

  // Whether files outside of the group, as far as they are for this machine, use a name that it declares.
  bool isUsedByOthers(size_t group) {
    Names names;
    for (size_t i = 0; i < files_.size(); i++) {
      if (!differs(i) || groupOf(i) != group) continue;
      for (const Declared& d : contents_[i].list) {
        if (!common_.contains(d.name)) names.insert(d.name);
      }
    }
    for (size_t i = 0; i < files_.size(); i++) {
      if (!files_[i].here || files_[i].isTest || (differs(i) && groupOf(i) == group)) continue;
      for (const Declared& d : contents_[i].list) {
        for (std::string_view name : d.uses) {
          if (names.contains(name)) return true;
        }
      }
    }
    return false;
  }

  // This machine's tests, without those that would lack a name; then other machines', where nothing is in their way.
  void chooseTests(std::vector<bool>& taken) {
    struct Where {
      int taken = 0;  // files that are taken and declare the name, and not as assembly
      bool here = false, elsewhere = false;
    };
    std::map<std::string_view, Where> declaring;
    auto count = [&](size_t i, int more) {
      for (const Declared& d : contents_[i].list) declaring[d.name].taken += d.inAssembly ? 0 : more;
    };
    for (size_t i = 0; i < files_.size(); i++) {
      taken[i] = taken[i] || (files_[i].isTest && files_[i].here);
      for (const Declared& d : contents_[i].list) {
        Where& where = declaring[d.name];
        where.here |= files_[i].here;
        where.elsewhere |= files_[i].elsewhere;
      }
      if (taken[i]) count(i, 1);
    }
    auto lacksNames = [&](size_t i) {
      for (const Declared& d : contents_[i].list) {
        for (std::string_view name : d.uses) {
          auto found = declaring.find(name);
          if (found == declaring.end() || found->second.taken != 0) continue;
          if (files_[i].here ? found->second.here : found->second.elsewhere) return true;
        }
      }
      return false;
    };
    std::set<std::string> keys;
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t i = 0; i < files_.size(); i++) {
        if (!files_[i].isTest || !taken[i] || files_[i].elsewhere || !lacksNames(i)) continue;
        taken[i] = false;
        changed = true;
        count(i, -1);
      }
    }
    for (size_t i = 0; i < files_.size(); i++) {
      if (!taken[i]) continue;
      for (const Declared& d : contents_[i].list) keys.insert(d.key);
    }
    for (size_t i = 0; i < files_.size(); i++) {
      if (!files_[i].isTest || files_[i].here) continue;
      const auto& list = contents_[i].list;
      if (std::any_of(list.begin(), list.end(),
                      [&](const Declared& d) { return !d.key.empty() && keys.contains(d.key); })) {
        continue;
      }
      count(i, 1);
      taken[i] = !lacksNames(i);
      if (!taken[i]) count(i, -1);
      for (const Declared& d : list) {
        if (taken[i]) keys.insert(d.key);
      }
    }
  }

  void replaceAssembly() {
    std::set<size_t> groups;
    for (size_t i = 0; i < files_.size(); i++) {
      if (!differs(i) || !files_[i].here) continue;
      for (const Declared& d : contents_[i].list) {
        if (d.inAssembly) groups.insert(groupOf(i));
      }
    }
    for (size_t group : groups) {
      other_[group] = hasElsewhere(group) || (needsAssemblyAtStart(group) && !isUsedByOthers(group));
    }
  }

  // Where a name is declared in files that differ, of one of the two kinds.
  std::vector<size_t> placesOf(std::string_view name, bool here) const {
    std::vector<size_t> list;
    auto found = places_.find(name);
    if (found == places_.end() || common_.contains(name)) return list;
    for (size_t place : found->second) {
      if (files_[place].here == here) list.push_back(place);
    }
    return list;
  }

  // Groups that a function uses together with one that is the other machine's. (Functions of this machine's files
  // know that they are.)
  void keepTogether() {
    for (size_t i = 0; i < files_.size(); i++) {
      if (differs(i) || !isTaken(i)) continue;
      for (const Declared& d : contents_[i].list) {
        std::set<size_t> groups;
        bool anyOther = false;
        for (std::string_view name : d.uses) {
          // The function is compiled for both, so both have what it uses.
          if (placesOf(name, false).empty()) continue;
          for (size_t place : placesOf(name, true)) groups.insert(groupOf(place));
        }
        for (size_t group : groups) anyOther |= other_[group] && hasElsewhere(group);
        for (size_t group : groups) {
          if (anyOther && hasElsewhere(group)) makeOther(group);
        }
      }
    }
  }

  // Names that a file would lack. A file for this machine needs nothing that only others declare, and the other way
  // round.
  void giveNames() {
    for (size_t i = 0; i < files_.size(); i++) {
      for (const Declared& d : contents_[i].list) {
        if (!isTaken(i)) break;
        for (std::string_view name : d.uses) {
          const std::vector<size_t> places = placesOf(name, files_[i].here);
          if (places.empty()) continue;
          const std::set<size_t>& all = places_.at(name);
          if (std::any_of(all.begin(), all.end(), [&](size_t place) { return isTaken(place); })) continue;
          if (differs(i) && files_[i].here) makeOther(groupOf(i));
          else for (size_t place : all) makeOther(groupOf(place));
        }
      }
    }
  }

  std::span<const CandidateFile> files_;
  std::vector<Contents> contents_;
  std::vector<size_t> parent_;
  std::vector<bool> other_;  // by group: its files of the other machine are taken
  std::map<std::string, MachineName> machineNames_;
  std::map<std::string_view, std::set<size_t>> places_;  // the files that differ and declare the name
  Names common_;                                         // declared in files that do not differ
  bool changed_ = false;
};

}  // namespace

std::vector<bool> chooseFiles(std::span<const CandidateFile> files) { return Choice(files).run(); }

}  // namespace burrow::load
