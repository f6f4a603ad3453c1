// See transfer.h.
#include "ir/transfer.h"

#include "ir/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace burrow::ir {

namespace {

constexpr size_t kMaxText = 32 * 1024;  // of one function
constexpr int kMaxNesting = 64;

// An instance of a generic type, or a type that is declared in an instance of a generic function.
bool isInstance(std::string_view name) { return name.find('[') != std::string_view::npos; }

// Does the operation need no more of its result's type than its layout?
bool onlyLayout(Op op) {
  switch (op) {
    case Op::Param: case Op::Load: case Op::FieldAddr: case Op::IndexAddr: case Op::Field: case Op::Element: case Op::TupleGet:
    case Op::Bitcast: case Op::Convert: case Op::Zero: case Op::Call: case Op::CallClosure: case Op::CallInterface:
    case Op::Local: case Op::GlobalAddr: case Op::SlicePtr: case Op::StringPtr: case Op::SliceMake: case Op::StringMake:
    case Op::PtrAdd: case Op::FuncAddr: case Op::Captured: case Op::CondSelect: case Op::ConstInt: case Op::ConstString:
      return true;
    default:
      return false;
  }
}

}  // namespace

// Do all descriptors that one of `t` leads to belong to packages?
bool BodyExporter::owned(TypeId t, int level) {
  if (!t.isValid() || level > kMaxNesting) return level <= kMaxNesting;
  if (auto it = owned_.find(t.value); it != owned_.end()) return it->second;
  owned_[t.value] = true;  // a cycle adds nothing
  const TypeData& data = module_.types[t];
  bool ok = true;
  if (data.kind == TypeKind::Named && !isInstance(data.name)) return true;
  if (data.kind == TypeKind::Pointer && module_.types[data.elem].kind == TypeKind::Named &&
      !isInstance(module_.types[data.elem].name)) {
    return true;
  }
  if (module_.types.hasMethods(t) || (data.kind == TypeKind::Named && module_.types.hasMethods(module_.types.pointer(t)))) {
    ok = false;
  }
  ok = ok && owned(data.elem, level + 1) && owned(data.key, level + 1);
  for (const Field& f : data.fields) ok = ok && owned(f.type, level + 1);
  for (TypeId p : data.params) ok = ok && owned(p, level + 1);
  for (TypeId r : data.results) ok = ok && owned(r, level + 1);
  for (const InterfaceMethod& m : data.methods) ok = ok && owned(m.type, level + 1);
  owned_[t.value] = ok;
  return ok;
}

bool BodyExporter::reachable(const Inst& inst, const Function& fn) {
  if (inst.typeArg.isValid() && inst.op != Op::Local && !owned(inst.typeArg)) return false;
  if (inst.type.isValid() && !onlyLayout(inst.op) && !isPure(inst.op) && !owned(inst.type)) return false;
  for (ValueId o : inst.operands) {
    // What is stored may be copied with the help of its descriptor; maps and channels bring theirs.
    const bool moves = inst.op != Op::FieldAddr && inst.op != Op::IndexAddr && inst.op != Op::Load && inst.op != Op::NilCheck;
    if (moves && !onlyLayout(inst.op) && !isPure(inst.op) && module_.types.kind(fn[o].type) != TypeKind::Pointer && !owned(fn[o].type)) {
      return false;
    }
  }
  switch (inst.op) {
    case Op::Call: case Op::FuncAddr: case Op::Closure: {
      const Function* callee = module_.function(module_.str(inst.sym));
      return callee != nullptr && callee->name != "syscall.rawVforkSyscall";
    }
    case Op::GlobalAddr: {
      const Global* g = module_.global(module_.str(inst.sym));
      return g != nullptr && g->linkage == Linkage::External;
    }
    default:
      return true;
  }
}

// A type that a record mentions: instances need records of their own, since no package lists them.
void BodyExporter::use(TypeId t) {
  if (!t.isValid() || !used_.insert(t.value).second) return;
  const TypeData& data = module_.types[t];
  if (data.kind == TypeKind::Named) {
    if (isInstance(data.name)) typeRecord(t);
    return;
  }
  use(data.elem);
  use(data.key);
  for (const Field& f : data.fields) use(f.type);
  for (TypeId p : data.params) use(p);
  for (TypeId r : data.results) use(r);
  for (const InterfaceMethod& m : data.methods) use(m.type);
}

void BodyExporter::typeRecord(TypeId t) {
  const TypeData& data = module_.types[t];
  if (!data.elem.isValid()) return;
  std::string text = fmt::format("type {} = {}", quote(data.name), module_.types.str(data.elem, true));
  if (!data.goName.empty()) text += " go " + quote(data.goName);
  if (!data.pkgPath.empty()) text += " pkg " + quote(data.pkgPath);
  if (data.foreignLower) text += " lower";
  if (data.pkgPath.empty() ? data.external : !isInstance(data.name)) text += " external";
  fmt::format_to(std::back_inserter(out_), "type {} {}\n{}{}\n", data.name.size(), text.size(), data.name, text);
  use(data.elem);
}

bool BodyExporter::add(const Function& fn) {
  for (const Block& block : fn.blocks) {
    for (ValueId v : block.insts) {
      if (!reachable(fn[v], fn)) return false;
    }
  }
  std::string text;
  std::vector<uint32_t> files;
  for (const Scope& s : fn.scopes) {
    if (std::find(files.begin(), files.end(), s.file) != files.end()) continue;
    files.push_back(s.file);
    text += fmt::format("file {} {}\n", s.file, quote(module_.files[s.file]));
  }
  std::unordered_set<uint32_t> declared;
  std::vector<Function*> functions;
  std::vector<const Global*> globals;
  for (const Block& block : fn.blocks) {
    for (ValueId v : block.insts) {
      const Inst& inst = fn[v];
      if (inst.op == Op::Call || inst.op == Op::FuncAddr || inst.op == Op::Closure) {
        if (declared.insert(inst.sym.value).second) functions.push_back(module_.function(module_.str(inst.sym)));
      } else if (inst.op == Op::GlobalAddr) {
        if (declared.insert(inst.sym.value).second) globals.push_back(module_.global(module_.str(inst.sym)));
      }
    }
  }
  for (const Function* f : functions) {
    Function d;
    d.name = f->name;
    d.type = f->type;
    d.attributes = f->attributes;
    d.attributes.hasDefer = d.attributes.hasRecover = d.attributes.wrapper = d.attributes.statement = d.attributes.keep = false;
    d.captures = f->captures;
    text += print(module_, d);
  }
  for (const Global* g : globals) {
    text += fmt::format("global {} external {}{} extern\n", quote(g->name), module_.types.str(g->type, true),
                        g->readOnly ? " readonly" : "");
  }
  // What a description says for -m is no business of importers.
  Function plain = fn;
  for (Inst& inst : plain.values) {
    if ((allocates(inst.op) || inst.op == Op::CallInterface || inst.op == Op::CallClosure || inst.op == Op::GrowSlice) && module_.str(inst.sym).starts_with(' ')) inst.sym = {};
    if (inst.op == Op::Closure) inst.imm = 0;
  }
  text += print(module_, plain);
  if (text.size() > kMaxText) return false;
  for (Function* f : functions) {
    if (f->linkage == Linkage::Internal) f->linkage = Linkage::External;
    if (f->linkage == Linkage::LinkOnce) f->attributes.keep = true;
    use(f->type);
    for (TypeId t : f->captures) use(t);
  }
  for (const Global* g : globals) use(g->type);
  use(fn.type);
  for (const Block& block : fn.blocks) {
    for (ValueId p : block.params) use(fn[p].type);
    for (ValueId v : block.insts) {
      use(fn[v].type);
      use(fn[v].typeArg);
    }
  }
  fmt::format_to(std::back_inserter(out_), "func {} {}\n{}{}\n", fn.name.size(), text.size(), fn.name, text);
  any_ = true;
  return true;
}

std::string BodyExporter::finish() {
  // The types that the package declares are listed with their pointer types.
  for (size_t i = 0; i < module_.descriptors.size(); i++) {
    const TypeId t = module_.descriptors[i];
    if (module_.types[t].kind != TypeKind::Named) continue;
    typeRecord(t);
    const std::string name = module_.types[t].name;
    std::string text;
    for (TypeId of : {t, module_.types.pointer(t)}) {
      for (const Method& m : module_.types.methodsOf(of)) {
        text += fmt::format("method {} {} {} {} = {} {}\n", module_.types.str(of, true), m.name, quote(m.pkgPath),
                            module_.types.str(m.type, true), quote(m.ifn), quote(m.tfn));
      }
    }
    if (!text.empty()) fmt::format_to(std::back_inserter(out_), "methods {} {}\n{}{}\n", name.size(), text.size(), name, text);
  }
  return std::move(out_);
}

void BodyStore::add(uint32_t package, std::string records) {
  if (records.empty()) return;
  std::string_view text = texts_.emplace_back(std::move(records));
  while (!text.empty()) {
    const size_t blank = text.find(' '), second = text.find(' ', blank + 1), line = text.find('\n');
    if (blank == std::string_view::npos || second == std::string_view::npos || line == std::string_view::npos || second > line) return;
    size_t nameLength = 0, length = 0;
    std::from_chars(text.data() + blank + 1, text.data() + second, nameLength);
    std::from_chars(text.data() + second + 1, text.data() + line, length);
    const std::string_view kind = text.substr(0, blank);
    text.remove_prefix(line + 1);
    if (text.size() < nameLength + length + 1) return;
    RecordIndex& index = kind == "func" ? functions_ : kind == "type" ? types_ : methods_;
    index.add(package, text.substr(0, nameLength), text.substr(nameLength, length));
    text.remove_prefix(nameLength + length + 1);
  }
}

// Defined types that were met: those that the module does not know get their underlying types.
bool BodyImporter::resolve(std::vector<TypeId> named) {
  while (!named.empty()) {
    const TypeId t = named.back();
    named.pop_back();
    if (!seen_.insert(t.value).second || module_.types[t].elem.isValid()) continue;
    const std::string_view text = store_.type(module_.types[t].name, visible_);
    Fragment fragment;
    std::string error;
    if (text.empty() || !parseFragment(text, module_, fragment, &error)) return false;
    named.insert(named.end(), fragment.named.begin(), fragment.named.end());
  }
  return true;
}

// The method tables of a defined type and pointers to it, unless the module has them.
bool BodyImporter::readMethods(TypeId t) {
  if (!tabled_.insert(t.value).second) return true;
  if (module_.types.hasMethods(t) || module_.types.hasMethods(module_.types.pointer(t))) return true;
  Fragment methods;
  std::string error;
  const std::string_view table = store_.methods(module_.types[t].name, visible_);
  if (table.empty()) return true;
  // Their signatures mention types that nobody has asked for yet.
  return parseFragment(table, module_, methods, &error) && resolve(methods.named);
}

TypeId BodyImporter::type(std::string_view name) {
  if (store_.type(name, visible_).empty()) return {};
  const TypeId t = module_.types.named(name);
  return resolve({t}) && readMethods(t) ? t : TypeId();
}

const Function* BodyImporter::find(std::string_view name) {
  auto [it, added] = found_.try_emplace(std::string(name));
  if (!added) return it->second.get();
  const std::string_view text = store_.function(name, visible_);
  if (text.empty()) return nullptr;
  auto fn = std::make_unique<Function>();
  Fragment fragment;
  fragment.body = fn.get();
  std::string error;
  if (!parseFragment(text, module_, fragment, &error) || !fn->hasBody || !resolve(fragment.named)) return nullptr;
  // Itabs that the body asks for are made from method tables.
  for (const Block& block : fn->blocks) {
    for (ValueId v : block.insts) {
      TypeId t = (*fn)[v].typeArg;
      if (!t.isValid()) continue;
      if (module_.types[t].kind == TypeKind::Pointer) t = module_.types.elem(t);
      if (module_.types[t].kind == TypeKind::Named && !readMethods(t)) return nullptr;
    }
  }
  it = found_.find(std::string(name));
  it->second = std::move(fn);
  return it->second.get();
}

}  // namespace burrow::ir
