// Setting up a function: parameters, results, variables, positions; and tidying up when its body is done.
#include "irgen/function_gen.h"
#include "ir/scopes.h"
#include "irgen/inline_cost.h"

#include "irgen/diagnostics.h"

#include <algorithm>

namespace burrow::irgen {

using namespace syntax;

namespace {
// A variable that a closure captures is copied up to this size (gc's limit).
constexpr int64_t kMaxCaptureByValue = 128;
// A declared variable that is larger lives on the heap; parameters and results never do for their size. (gc's limit.)
constexpr int64_t kMaxStackVariable = 128 * 1024;
// What a frame may measure.
constexpr int64_t kMaxFrame = 1 << 30;
// Of a function; what is in more of them counts as being in its own.
constexpr size_t kMaxFiles = 256;
}  // namespace

FunctionGen::FunctionGen(PackageGen& package, ir::Function& fn, const BodyContext& context, FunctionGen* outer)
    : package_(package), fn_(fn), context_(context), outer_(outer), b_(package.module(), fn) {}

void FunctionGen::setPos(Pos p) {
  if (!p.isValid()) return;
  if (!(lineStart_ <= p && p < lineEnd_) || !lineStart_.isValid()) {
    source::Position at = package_.program().files.position(p);
    const source::SourceFile* file = package_.program().files.file(p);
    line_ = at.line;
    column_ = at.column;
    scope_ = at.isValid() ? scopeOf(at.file) : 0;
    lineStart_ = p;
    lineEnd_ = p + 1;
    if (file != nullptr) {
      // The place stays on this line up to the next line break, or to a /*line*/ comment.
      uint32_t offset = file->offset(p);
      auto it = std::upper_bound(file->lineStarts.begin(), file->lineStarts.end(), offset);
      uint32_t start = it == file->lineStarts.begin() ? 0 : *(it - 1);
      uint32_t end = it == file->lineStarts.end() ? file->size() + 1 : *it;
      const auto& directives = file->lineDirectives;
      auto next = std::upper_bound(directives.begin(), directives.end(), offset,
                                   [](uint32_t at, const source::SourceFile::LineDirective& d) { return at < d.offset; });
      if (next != directives.end()) end = std::min(end, next->offset);
      if (next != directives.begin()) start = std::max(start, std::prev(next)->offset);
      lineStart_ = file->pos(start);
      lineEnd_ = file->pos(end);
      if (column_ != 0) column_ = column_ > offset - start ? column_ - (offset - start) : 1;
    }
  }
  uint32_t column = column_ == 0 ? 0 : column_ + (p.value - lineStart_.value);
  b_.setLoc(ir::Loc{line_, static_cast<uint16_t>(std::min<uint32_t>(column, UINT16_MAX)), scope_});
}

// The function's own scope, or that of its parts in another file.
uint16_t FunctionGen::scopeOf(std::string_view path) {
  if (fn_.scopes.empty() || package_.module().files[fn_.scopes[scope_].file] == path) return scope_;
  const uint32_t file = package_.fileIndex(path);
  for (size_t i = fn_.scopes.size(); i-- > 0;) {
    if (fn_.scopes[i].file == file) return static_cast<uint16_t>(i);
  }
  if (fn_.scopes.size() == kMaxFiles) return 0;
  ir::Scope part = fn_.scopes[0];
  part.file = file;
  part.callSite.scope = ir::kPartOfScope;
  fn_.scopes.push_back(part);
  return static_cast<uint16_t>(fn_.scopes.size() - 1);
}

// --- variables -------------------------------------------------------------------------------------------------------

bool FunctionGen::byValue(const types::Var* v, TypeId type) const {
  uint8_t flags = context_.facts->flags(v);
  return (flags & (kAddressed | kReassigned)) == 0 && package_.module().types.sizeOf(type) <= kMaxCaptureByValue;
}

// A variable that never is anything but a constant: what reads it reads the constant, function literals too, so that an
// interface made of it lies in read-only data. The variable's own memory is there for debuggers.
bool FunctionGen::isConstantForGood(const types::Var* v, TypeId type, ValueId value) const {
  return ir::isConstant(fn_[value].op) && (context_.facts->flags(v) & (kAddressed | kReassigned)) == 0 &&
         !isNew(v, type);
}

bool FunctionGen::isNew(const types::Var* v, TypeId type) const {
  uint8_t flags = context_.facts->flags(v);
  if ((flags & kAddressed) != 0 || ((flags & kCaptured) != 0 && !byValue(v, type))) return true;
  return v->varKind == types::VarKind::Local && package_.module().types.sizeOf(type) > kMaxStackVariable;
}

ValueId FunctionGen::declareVar(const types::Var* v, TypeId type, bool zero) {
  ValueId address;
  if (isNew(v, type)) {
    address = variableObject(v, type);
  } else {
    address = b_.local(type, v->name);
    if (zero) zeroAt(address);
  }
  bindVar(v, Place{true, address});
  return address;
}

ValueId FunctionGen::described(ValueId v, const std::function<std::string()>& text) {
  if (!package_.options().describe) return v;
  ir::Inst& inst = fn_[v];
  if (ir::allocates(inst.op) && inst.op != Op::Closure) inst.sym = package_.module().intern(" " + text());
  return v;
}

ValueId FunctionGen::variableObject(const types::Var* v, TypeId type) {
  ir::Loc loc = b_.loc();
  if (package_.options().describe && !clauseVariable_) setPos(v->pos);
  ValueId object = b_.newObject(type, v->name);
  if (!(context_.facts->flags(v) & kAddressed)) fn_[object].imm = 1;
  b_.setLoc(loc);
  return object;
}

Place FunctionGen::place(const types::Var* v) {
  if (auto it = vars_.find(v); it != vars_.end()) return it->second;
  TypeId type = map(v->type);
  if (v->varKind == types::VarKind::Package) return Place{true, b_.globalAddr(package_.variable(v), type)};
  // Only code that cannot be reached uses a variable before its declaration.
  return Place{true, declareVar(v, type, true)};
}

bool FunctionGen::isMemoryClass(TypeId t) {
  TypeKind kind = T().kind(t);
  if (kind != TypeKind::Struct && kind != TypeKind::Array) return false;
  bool scalar = true;
  T().leaves(t, &scalar);
  return !scalar;
}

void FunctionGen::zeroAt(ValueId address) {
  TypeId type = T().elem(b_.typeOf(address));
  if (isMemoryClass(type)) {
    b_.emit(Op::ZeroMem, {}, {address}, 0, {}, type);
  } else {
    b_.store(address, b_.zero(type));
  }
}

ValueId FunctionGen::spill(ValueId v) {
  ValueId address = temp(b_.typeOf(v));
  b_.store(address, v);
  return address;
}

void FunctionGen::copyValue(ValueId to, ValueId from) {
  if (isMemoryClass(T().elem(b_.typeOf(to)))) {
    b_.move(to, from);
  } else {
    b_.store(to, b_.load(from));
  }
}

bool FunctionGen::knownNonNil(ValueId pointer) const {
  switch (fn_[pointer].op) {
    case Op::Local: case Op::New: case Op::GlobalAddr: case Op::FieldAddr: case Op::IndexAddr: case Op::MapAssign:
      return true;
    default:
      return nonNil_.contains(pointer.value);
  }
}

void FunctionGen::nilCheck(ValueId pointer) {
  if (!knownNonNil(pointer)) b_.nilCheck(pointer);
}

ValueId FunctionGen::derefPointer(ValueId p) {
  nilCheck(p);
  return p;
}

std::vector<ValueId> FunctionGen::unpack(ValueId tuple) {
  std::vector<ValueId> out;
  TypeId type = b_.typeOf(tuple);
  if (T()[type].kind != TypeKind::Tuple) return {tuple};
  for (size_t i = 0, n = T()[type].results.size(); i < n; i++) out.push_back(b_.tupleGet(tuple, i));
  return out;
}

std::optional<int64_t> FunctionGen::constIntValue(const Expr* e) const {
  const types::ExprInfo& i = info().of(e);
  int64_t v = 0;
  if (i.isConstant() && i.value->isNumeric() && i.value->toInt().kind() == types::Constant::Kind::Int &&
      i.value->toInt().int64Value(&v)) {
    return v;
  }
  return std::nullopt;
}

// --- parameters and results ------------------------------------------------------------------------------------------

void FunctionGen::bindParam(const types::Object* object, ValueId value, std::string_view name) {
  auto* v = types::as<types::Var>(object);
  if (v == nullptr || name == "_" || name.empty()) return;
  TypeId type = b_.typeOf(value);
  uint8_t flags = context_.facts->flags(v);
  if ((flags & (kAddressed | kReassigned)) == 0 && !isNew(v, type) && !isMemoryClass(type)) {
    bindVar(v, Place{false, value});  // it is what it is for good
    return;
  }
  b_.store(declareVar(v, type, false), value);
}

void FunctionGen::parameters(const FieldList& recv, const FuncType* type) {
  size_t i = 0;
  std::vector<std::pair<const types::Object*, std::pair<ValueId, std::string_view>>> bind;
  auto list = [&](const FieldList& fields) {
    for (const Field* f : fields.fields) {
      if (f->names.empty()) {
        fn_.paramNames.emplace_back();
        i++;
      }
      for (const Ident* n : f->names) {
        if (package_.options().describe) {
          setPos(n->pos);
          fn_[b_.param(i)].loc = b_.loc();
        }
        fn_.paramNames.emplace_back(n->name);
        bind.push_back({info().def(n), {b_.param(i++), n->name}});
      }
    }
  };
  list(recv);
  list(type->params);
  for (auto& e : bind) bindParam(e.first, e.second.first, e.second.second);
}

void FunctionGen::describeParameters(const FuncDecl* decl) {
  package_.locate(fn_, decl->pos, decl->pos);
  for (const FieldList* fields : std::initializer_list<const FieldList*>{&decl->recv, &decl->type->params}) {
    for (const Field* f : fields->fields) {
      if (f->names.empty()) {
        fn_.paramNames.emplace_back();
        fn_.paramLocs.emplace_back();
      }
      for (const Ident* n : f->names) {
        setPos(n->pos);
        fn_.paramNames.emplace_back(n->name);
        fn_.paramLocs.push_back(b_.loc());
      }
    }
  }
}

void FunctionGen::resultVariables(const FuncType* type) {
  resultTypes_ = T().get(fn_.type).results;
  const FunctionFacts* facts = nullptr;
  bool inMemory = fn_.attributes.hasDefer;
  bool shared = false;
  if (auto it = context_.facts->functions.find(currentNode_); it != context_.facts->functions.end()) facts = &it->second;
  if (facts != nullptr && facts->rangeReturn) shared = sharedResults_ = true;
  size_t i = 0;
  auto one = [&](const types::Var* v, std::string_view name) {
    TypeId t = resultTypes_[i++];
    ValueId address;
    if ((v != nullptr && isNew(v, t)) || shared) {
      address = v != nullptr ? variableObject(v, t) : b_.newObject(t, name);
    } else {
      address = b_.local(t, name, inMemory ? ir::kResultSlot : 0);
      zeroAt(address);
    }
    if (v != nullptr) bindVar(v, Place{true, address});
    results_.push_back(address);
    if (inMemory && fn_[address].op == Op::New) {
      // After a recovered panic only memory can be relied on: the address goes there.
      ValueId pointer = b_.local(b_.typeOf(address), {}, ir::kResultSlot);
      b_.store(pointer, address);
      resultPointers_.push_back(pointer);
    } else {
      resultPointers_.push_back({});
    }
  };
  for (const Field* f : type->results.fields) {
    if (!f->names.empty()) namedResults_ = true;
  }
  for (const Field* f : type->results.fields) {
    if (f->names.empty()) fn_.resultNames.emplace_back();
    for (const Ident* n : f->names) fn_.resultNames.emplace_back(n->name);
  }
  if (!namedResults_ && !inMemory && !shared) return;
  for (const Field* f : type->results.fields) {
    if (f->names.empty()) one(nullptr, {});
    for (const Ident* n : f->names) {
      auto* v = n->name == "_" ? nullptr : types::as<types::Var>(info().def(n));
      one(v, n->name);
    }
  }
}

void FunctionGen::declaration(const FuncDecl* decl) {
  currentNode_ = decl;
  package_.locate(fn_, decl->pos, decl->body->rbrace);
  const FunctionFacts& facts = context_.facts->functions.at(decl);
  fn_.attributes.hasDefer = facts.hasDefer;
  fn_.attributes.hasRecover = facts.hasRecover;
  setPos(decl->pos);
  fn_.inlining = inlineFacts(decl, info());
  fn_.inlining.pos = b_.loc();
  b_.start();
  parameters(decl->recv, decl->type);
  resultVariables(decl->type);
  prepareRangeFuncs(facts);
  functionBody(decl->body);
  finish(decl->body->rbrace);
  checkFrame(decl->name->pos);
}

void FunctionGen::begin(Pos pos) {
  setPos(pos);
  b_.start();
}

void FunctionGen::functionBody(const BlockStmt* body) {
  if (fn_.attributes.hasDefer) exit_ = b_.newBlock();
  stmtList(body->list);
  setPos(body->rbrace);
}

void FunctionGen::epilogueBlocks() {
  if (!fn_.attributes.hasDefer) return;
  auto leaveHere = [&] {
    b_.emit(Op::RunDefers, {});
    std::vector<ValueId> values;
    for (size_t i = 0; i < results_.size(); i++) {
      ValueId address = resultPointers_[i].isValid() ? b_.load(resultPointers_[i]) : results_[i];
      values.push_back(b_.load(address));
    }
    b_.ret(std::move(values));
  };
  b_.setBlock(exit_);
  leaveHere();
  fn_.recoverBlock = b_.newBlock();
  b_.setBlock(fn_.recoverBlock);
  leaveHere();
}

void FunctionGen::finish(Pos end) {
  setPos(end);
  if (!b_.terminated()) {
    // Functions with results end in a terminating statement, so that nothing comes here.
    if (rangeBody_ != nullptr) {
      finishRangeBody(true);
    } else if (resultTypes_.empty()) {
      leave();
    } else {
      b_.unreachable();
    }
  }
  epilogueBlocks();
  prune();
  package_.noteFunction(fn_);
}

// Copies and temporaries stay in the frame however large they are: gc refuses what cannot be a frame, and so do we.
void FunctionGen::checkFrame(Pos pos) {
  int64_t locals = 0, arguments = 0, callee = 0;
  auto inMemory = [&](TypeId type) { return type.isValid() && isMemoryClass(type) ? T().sizeOf(type) : 0; };
  const ir::TypeData& own = T().get(fn_.type);
  for (TypeId t : own.params) arguments += inMemory(t);
  for (TypeId t : own.results) arguments += inMemory(t);
  for (const ir::Block& block : fn_.blocks) {
    for (ValueId v : block.insts) {
      const ir::Inst& inst = fn_[v];
      if (inst.op == Op::Local) locals += T().sizeOf(inst.typeArg);
      if (inst.op != Op::Call && inst.op != Op::CallClosure && inst.op != Op::CallInterface) continue;
      locals += inMemory(inst.type);
      int64_t passed = 0;
      for (ValueId o : inst.operands) passed += inMemory(fn_[o].type);
      callee = std::max(callee, passed);
    }
  }
  if (locals <= kMaxFrame && arguments <= kMaxFrame && callee <= kMaxFrame && locals + arguments + callee <= kMaxFrame) return;
  if (callee != 0) {
    package_.diagnostics().report(pos, diag::FrameTooLargeWithCallee, locals >> 20, arguments >> 20, callee >> 20);
  } else {
    package_.diagnostics().report(pos, diag::FrameTooLarge, locals >> 20, arguments >> 20);
  }
}

// Takes out blocks that nothing leads to, and closes what was never continued.
void FunctionGen::prune() {
  std::vector<uint32_t> renumbered(fn_.blocks.size(), UINT32_MAX);
  std::vector<uint32_t> work{0};
  std::vector<bool> seen(fn_.blocks.size());
  auto reach = [&](BlockId b) {
    if (!seen[b.value]) {
      seen[b.value] = true;
      work.push_back(b.value);
    }
  };
  seen[0] = true;
  if (fn_.recoverBlock.isValid()) reach(fn_.recoverBlock);
  while (!work.empty()) {
    ir::Block& block = fn_.blocks[work.back()];
    BlockId id{work.back()};
    work.pop_back();
    if (block.insts.empty() || !ir::isTerminator(fn_[block.insts.back()].op)) {
      b_.setBlock(id);
      b_.unreachable();
    }
    for (const ir::Edge& e : fn_[fn_[id].insts.back()].edges) reach(e.block);
  }
  uint32_t n = 0;
  for (size_t i = 0; i < fn_.blocks.size(); i++) {
    if (!seen[i]) continue;
    renumbered[i] = n;
    if (n != i) fn_.blocks[n] = std::move(fn_.blocks[i]);
    n++;
  }
  fn_.blocks.resize(n);
  for (ir::Block& block : fn_.blocks) {
    for (ir::Edge& e : fn_[block.insts.back()].edges) e.block.value = renumbered[e.block.value];
  }
  if (fn_.recoverBlock.isValid()) fn_.recoverBlock.value = renumbered[fn_.recoverBlock.value];
}

}  // namespace burrow::irgen
