// A whole package: its functions in source order, its variables and their initialisation, its types.
#include "irgen/order.h"
#include "irgen/static_init.h"
#include "source/deep_stack.h"

namespace burrow::irgen {

void PackageGen::run() {
  for (const types::Package* p : package_.imports) module_.imports.emplace_back(p->path);
  for (types::Object* o : package_.scope->objects()) {
    auto* v = types::as<types::Var>(o);
    if (v != nullptr && v->varKind == types::VarKind::Package) variable(v);
  }
  declareTypes();
  initialise();
  declareFunctions();
  drain();
}

// Descriptors of a declared type and the pointer to it are this package's to emit, used or not.
void PackageGen::declareTypes() {
  for (types::TypeName* name : package_.info->namedTypes) {
    auto* named = types::as<types::Named>(name->type);
    if (named == nullptr || !named->typeParams.empty() || isGenericFunction(name->enclosing)) continue;
    TypeId t = types_.map(named, types_.noEnv());
    TypeId p = table().pointer(t);
    needDescriptor(t);
    needDescriptor(p);
    module_.descriptors.push_back(t);
    module_.descriptors.push_back(p);
  }
}

void PackageGen::declareFunctions() {
  for (types::Func* f : package_.info->functions) {
    if (f->decl == nullptr || f->name == "_") continue;
    types::Signature* signature = f->signature();
    if (!signature->typeParams.empty() || !signature->recvTypeParams.empty()) continue;  // lowered as instances
    if (signature->recv != nullptr) {
      auto [base, isPointer] = types::derefPointer(signature->recv->type);
      method(types_.map(base, types_.noEnv()), f, {});
    } else if (f->name == "init") {
      std::string symbol = escapedPath(&package_) + ".init." + std::to_string(inits_++);
      declare(symbol, types_.signature(signature, types_.noEnv()), f, &types_.noEnv(), {}, false);
      module_.initFunctions.push_back(symbol);
    } else {
      function(f, {});
    }
  }
}

void PackageGen::drain() {
  while (!queue_.empty() || !descriptorQueue_.empty()) {
    if (!queue_.empty()) {
      Pending p = queue_.front();
      queue_.pop_front();
      lower(p);
    } else {
      TypeId t = descriptorQueue_.front();
      descriptorQueue_.pop_front();
      describe(t);
    }
  }
}

void PackageGen::lower(const Pending& p) {
  const syntax::FuncDecl* decl = p.func->decl;
  if (decl->body == nullptr) {
    // Assembly, the runtime, another package by linkname; or an instruction.
    if (const IntrinsicSpec* spec = intrinsic(p.func)) {
      lowerIntrinsicBody(*p.fn, *spec);
    } else if (options_.describe) {
      FunctionGen(*this, *p.fn, BodyContext{}).describeParameters(decl);
    }
    return;
  }
  BodyContext context;
  context.package = p.func->pkg;
  context.info = p.func->pkg->info;
  context.env = p.env;
  context.facts = &facts(p.func);
  context.version = versionAt(*p.func->pkg, decl->pos);
  context.instance = p.instance;
  FunctionGen(*this, *p.fn, context).declaration(decl);
}

void PackageGen::lowerIntrinsicBody(ir::Function& fn, const IntrinsicSpec& spec) {
  switch (spec.kind) {
    case ir::IntrinsicKind::CallerPC: case ir::IntrinsicKind::CallerSP: case ir::IntrinsicKind::ClosurePtr:
    case ir::IntrinsicKind::GetG:
      return;  // means something only where it is called
    default:
      break;
  }
  BodyFacts none;
  BodyContext context;
  context.package = &package_;
  context.info = package_.info;
  context.env = &types_.noEnv();
  context.facts = &none;
  locate(fn, {}, {});
  FunctionGen gen(*this, fn, context);
  gen.b_.setLoc(ir::Loc{1, 0, 0});
  gen.b_.start();
  ValueId v = gen.intrinsic(spec, fn.blocks[0].params, fn.type);
  bool hasResult = gen.b_.resultType(fn.type).isValid();
  gen.b_.ret(hasResult ? gen.unpack(v) : std::vector<ValueId>{});
  gen.prune();
  noteFunction(fn);
}

// Package variables in the checker's order: static data where the value is known, else code in one function.
void PackageGen::initialise() {
  if (package_.info->initOrder.empty()) return;
  ir::Function code;
  code.name = escapedPath(&package_) + ".init";
  code.type = table().func({}, {}, false);
  BodyFacts none;
  BodyContext context;
  context.package = &package_;
  context.info = package_.info;
  context.env = &types_.noEnv();
  context.facts = &none;
  Pos start = package_.info->initOrder.front().rhs->pos;
  locate(code, start, start);
  FunctionGen gen(*this, code, context);
  gen.begin(start);
  bool needed = false;
  for (const types::Initializer& init : package_.info->initOrder) {
    BodyFacts facts = analyse(init.rhs, *package_.info, versionAt(package_, init.rhs->pos), !options_.without(ir::Optimisation::MovedSlices));
    context.facts = &facts;
    context.version = versionAt(package_, init.rhs->pos);
    gen.context_ = context;
    if (init.lhs.size() == 1) {
      const types::Var* v = init.lhs[0];
      TypeId type = types_.map(v->type, types_.noEnv());
      StaticInit data(gen);
      if (v->name == "_") {
        ir::Global dropped;
        if (data.plain(dropped, 0, init.rhs, type)) continue;
      } else if (data.once(*module_.global(variable(v)), 0, init.rhs, type)) {
        needDescriptor(type);
        continue;
      }
    }
    needed = true;
    gen.initialiser(init);
  }
  gen.context_.facts = &none;
  gen.finish({});
  if (!needed) return;
  ir::Function& fn = module_.addFunction(code.name, code.type);
  fn = std::move(code);
  module_.initFunctions.push_back(fn.name);
}

void FunctionGen::initialiser(const types::Initializer& init) {
  auto address = [&](const types::Var* v) { return b_.globalAddr(package_.variable(v), map(v->type)); };
  InOrder order(*this, {init.rhs});
  if (init.lhs.size() == 1) {
    const types::Var* v = init.lhs[0];
    setPos(init.rhs->pos);
    if (v->name == "_") {
      if (info().of(init.rhs).mode != types::Mode::NilValue) exprTo(init.rhs, map(v->type));
      return;
    }
    exprInto(address(v), init.rhs, true);
    return;
  }
  std::vector<ValueId> values = exprMulti(init.rhs);
  for (size_t i = 0; i < init.lhs.size() && i < values.size(); i++) {
    const types::Var* v = init.lhs[i];
    if (v->name == "_") continue;
    ValueId x = assignable(values[i], map(v->type));
    b_.store(address(v), x);
  }
}

std::unique_ptr<ir::Module> generate(const Program& program, const types::Package& package, ir::TypeTable& types,
                                     const Options& options, source::Diagnostics& diagnostics) {
  auto module = std::make_unique<ir::Module>(types);
  module->path = package.path;
  module->name = package.name;
  source::onDeepStack([&] { PackageGen(program, package, *module, options, diagnostics).run(); });
  return module;
}

}  // namespace burrow::irgen
