// Generated functions around methods, and the method tables of types.
//
//   (*T).M      for a method M of T: loads the receiver; called through itabs and method tables
//   S.M         for a promoted method: walks to the embedded field
//   I.M         an interface method as a function (method expressions)
//   T.M-fm      the function behind a method value: the receiver is captured
//
// A package makes the wrappers of the types it declares, once and for all. Those of instances and of unnamed types are made
// wherever they are needed and are LinkOnce.
#include "irgen/function_gen.h"

namespace burrow::irgen {

// `main.T.M`, `main.(*T).M`; types without a name stand in the pseudo package "go", as gc has it.
std::string PackageGen::methodName(TypeId receiver, std::string_view name, std::string_view pkgPath) {
  ir::TypeTable& t = table();
  bool isPointer = t[receiver].kind == TypeKind::Pointer;
  TypeId base = isPointer ? t.elem(receiver) : receiver;
  std::string package = "go", type;
  if (t[base].kind == TypeKind::Named) {
    const ir::TypeData& data = t[base];
    if (data.pkgPath.empty()) {
      package.clear();
      type = data.name;
    } else {
      package = escapePath(data.pkgPath);
      type = data.name.substr(package.size() + 1);
    }
  } else {
    type = t.str(base);
  }
  std::string out = package;
  if (!out.empty()) out += '.';
  out += isPointer ? "(*" + type + ")" : type;
  out += '.';
  // An unexported method of another package, promoted.
  if (!pkgPath.empty() && escapePath(pkgPath) != package) out += escapePath(pkgPath) + ".";
  return out + std::string(name);
}

bool PackageGen::ownsCode(TypeId base) const {
  const NamedInfo* info = types_.info(base);
  if (info == nullptr) return true;
  return info->instance || info->origin->object->pkg == &package_;
}

// `args` are those of a generic method. Its wrappers are in no method table: each package has those that it uses.
Callee PackageGen::methodOf(TypeId receiver, const MethodEntry& e, const std::vector<TypeId>& args) {
  ir::TypeTable& t = table();
  bool isPointer = t[receiver].kind == TypeKind::Pointer;
  TypeId base = isPointer ? t.elem(receiver) : receiver;
  if (!e.promoted() && e.func != nullptr && isPointer == e.pointerReceiver) return method(base, e.func, args);
  std::string symbol = methodName(receiver, e.name, e.pkgPath) + types_.argsText(args);
  TypeId plain = args.empty() ? e.type : withoutReceiver(method(e.holder, e.func, args).type);
  std::vector<TypeId> params = t.get(plain).params;
  params.insert(params.begin(), receiver);
  std::vector<TypeId> results = t.get(plain).results;
  TypeId type = t.func(std::move(params), std::move(results), t.get(plain).variadic);
  if (module_.function(symbol) != nullptr) return {std::move(symbol), type};
  ir::Function& fn = module_.addFunction(symbol, type);
  if (ownsCode(base) || !args.empty()) {
    const NamedInfo* info = types_.info(base);
    const bool single = info != nullptr && !info->instance && args.empty();
    fn.linkage = single ? ir::Linkage::External : ir::Linkage::LinkOnce;
    makeWrapper(fn, receiver, e, args);
  }
  return {std::move(symbol), type};
}

TypeId PackageGen::withoutReceiver(TypeId func) {
  ir::TypeTable& t = table();
  std::vector<TypeId> params = t.get(func).params;
  params.erase(params.begin());
  std::vector<TypeId> results = t.get(func).results;
  return t.func(std::move(params), std::move(results), t.get(func).variadic);
}

namespace {

// The rest of a wrapper: calls with the wrapper's own arguments from `first` on and returns what comes back.
std::vector<ValueId> restOfParams(const ir::Function& fn, size_t first) {
  const std::vector<ValueId>& params = fn.blocks[0].params;
  return {params.begin() + static_cast<ptrdiff_t>(first), params.end()};
}

}  // namespace

void PackageGen::makeWrapper(ir::Function& fn, TypeId receiver, const MethodEntry& e, const std::vector<TypeId>& typeArgs) {
  ir::TypeTable& t = table();
  fn.attributes.wrapper = true;
  locate(fn, {}, {});
  BodyFacts none;
  BodyContext context;
  context.package = &package_;
  context.info = package_.info;
  context.env = &types_.noEnv();
  context.facts = &none;
  FunctionGen gen(*this, fn, context);
  ir::Builder& b = gen.b_;
  b.setLoc(ir::Loc{1, 0, 0});
  b.start();
  ValueId self = b.param(0);
  bool isPointer = t[receiver].kind == TypeKind::Pointer;
  if (isPointer && !e.promoted()) {
    // Value method called through a pointer: nil is reported with the method's name.
    ir::BlockId isNil = b.newBlock(), ok = b.newBlock();
    b.branch(b.binary(ir::Op::Eq, self, b.zero(receiver)), isNil, ok);
    b.setBlock(isNil);
    b.callRuntime(ir::RuntimeFn::PanicWrap, {}, {});
    b.setBlock(ok);
    gen.nonNil_[self.value] = true;
  }
  Place at{false, self};
  if (isPointer) at = Place{true, gen.derefPointer(self)};
  at = gen.selectField(at, e.path);
  TypeId found = at.isAddress ? t.elem(b.typeOf(at.v)) : b.typeOf(at.v);
  bool foundPointer = t[found].kind == TypeKind::Pointer;
  std::vector<ValueId> args = restOfParams(fn, 1);
  ValueId result;
  TypeId results = b.resultType(fn.type);
  if (e.func == nullptr) {
    ValueId iface = gen.readRef(at);
    result = b.callInterface(iface, static_cast<size_t>(e.ifaceIndex), std::move(args));
  } else {
    ValueId argument;
    if (e.pointerReceiver) {
      argument = foundPointer ? gen.readRef(at) : at.v;
    } else {
      argument = foundPointer ? b.load(gen.derefPointer(gen.readRef(at))) : gen.readRef(at);
    }
    Callee c = method(e.holder, e.func, typeArgs);
    args.insert(args.begin(), argument);
    result = b.call(c.symbol, c.type, std::move(args));
  }
  b.ret(results.isValid() ? gen.unpack(result) : std::vector<ValueId>{});
  gen.prune();
  noteFunction(fn);
}

Callee PackageGen::interfaceMethod(TypeId iface, size_t index) {
  ir::TypeTable& t = table();
  ir::InterfaceMethod m = t.get(iface).methods[index];
  std::string symbol = methodName(iface, m.name, m.pkgPath);
  std::vector<TypeId> params = t.get(m.type).params;
  params.insert(params.begin(), iface);
  std::vector<TypeId> results = t.get(m.type).results;
  TypeId type = t.func(std::move(params), std::move(results), t.get(m.type).variadic);
  if (module_.function(symbol) != nullptr) return {std::move(symbol), type};
  ir::Function& fn = module_.addFunction(symbol, type);
  fn.linkage = ir::Linkage::LinkOnce;
  fn.attributes.wrapper = true;
  locate(fn, {}, {});
  ir::Builder b(module_, fn);
  b.setLoc(ir::Loc{1, 0, 0});
  b.start();
  ValueId v = b.callInterface(b.param(0), index, restOfParams(fn, 1));
  std::vector<ValueId> out;
  for (size_t i = 0, n = t.get(type).results.size(); i < n; i++) out.push_back(n == 1 ? v : b.tupleGet(v, i));
  b.ret(std::move(out));
  noteFunction(fn);
  return {std::move(symbol), type};
}

std::string PackageGen::boundMethod(const Callee& callee, bool isInterface, size_t index, TypeId receiver) {
  ir::TypeTable& t = table();
  std::string symbol = callee.symbol + "-fm";
  if (module_.function(symbol) != nullptr) return symbol;
  TypeId type = withoutReceiver(callee.type);
  ir::Function& fn = module_.addFunction(symbol, type);
  fn.linkage = ir::Linkage::LinkOnce;
  fn.attributes.wrapper = true;
  fn.captures.push_back(receiver);
  locate(fn, {}, {});
  ir::Builder b(module_, fn);
  b.setLoc(ir::Loc{1, 0, 0});
  b.start();
  ValueId self = b.emit(ir::Op::Captured, receiver, {}, 0);
  std::vector<ValueId> args = restOfParams(fn, 0);
  ValueId v;
  if (isInterface) {
    v = b.callInterface(self, index, std::move(args));
  } else {
    args.insert(args.begin(), self);
    v = b.call(callee.symbol, callee.type, std::move(args));
  }
  std::vector<ValueId> out;
  for (size_t i = 0, n = t.get(type).results.size(); i < n; i++) out.push_back(n == 1 ? v : b.tupleGet(v, i));
  b.ret(std::move(out));
  noteFunction(fn);
  return symbol;
}

// --- method tables ---------------------------------------------------------------------------------------------------

void PackageGen::setMethods(TypeId t) {
  if (!tabled_.insert(t.value).second) return;
  ir::TypeTable& table = this->table();
  bool isPointer = table[t].kind == TypeKind::Pointer;
  TypeId base = isPointer ? table.elem(t) : t;
  if (table.isInterface(base)) return;
  std::vector<ir::Method> list;
  for (const MethodEntry& e : methods_.all(base)) {
    if (!e.type.isValid() || (!isPointer && !e.ofValue())) continue;
    ir::Method m;
    m.name = e.name;
    m.pkgPath = e.pkgPath;
    m.type = e.type;
    m.tfn = methodOf(t, e).symbol;
    m.ifn = isPointer || table.isDirectIface(t) ? m.tfn : methodOf(table.pointer(t), e).symbol;
    list.push_back(std::move(m));
  }
  if (!list.empty()) table.setMethods(t, std::move(list));
}

void PackageGen::needMethods(TypeId t) {
  setMethods(t);
  needDescriptor(t);
}

void PackageGen::needDescriptor(TypeId t) {
  if (t.isValid() && described_.insert(t.value).second) descriptorQueue_.push_back(t);
}

void PackageGen::describe(TypeId t) {
  ir::TypeTable& table = this->table();
  const ir::TypeData& data = table[t];
  switch (data.kind) {
    case TypeKind::Named:
      if (data.external) return;  // its package emits it and what it leads to
      setMethods(t);
      if (table[t].pkgPath.empty() == false) needDescriptor(table.pointer(t));
      break;
    case TypeKind::Pointer:
      if (table[data.elem].kind == TypeKind::Named ? !table[data.elem].external : table.kind(data.elem) == TypeKind::Struct) {
        setMethods(t);
      }
      break;
    case TypeKind::Struct:
      setMethods(t);
      // Its pointer type may have promoted methods, and a program can come to it by reflection alone.
      for (const ir::Field& f : data.fields) {
        if (f.embedded) needDescriptor(table.pointer(t));
      }
      break;
    default:
      break;
  }
  needDescriptor(data.elem);
  needDescriptor(data.key);
  for (const ir::Field& f : data.fields) needDescriptor(f.type);
  for (TypeId p : data.params) needDescriptor(p);
  for (TypeId r : data.results) needDescriptor(r);
  for (const ir::InterfaceMethod& m : data.methods) needDescriptor(m.type);
  if (table.hasMethods(t)) {
    std::vector<ir::Method> methods = table.methodsOf(t);
    for (const ir::Method& m : methods) needDescriptor(m.type);
  }
}

void PackageGen::noteFunction(const ir::Function& fn) {
  for (const ir::Block& block : fn.blocks) {
    for (ValueId v : block.insts) {
      needDescriptor(fn[v].type);
      needDescriptor(fn[v].typeArg);
    }
  }
}

}  // namespace burrow::irgen
