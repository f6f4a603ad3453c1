// Calls, conversions as calls, arguments, instantiation of functions.
#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

using syntax::CallExpr;
using syntax::IndexExpr;

static std::span<Expr* const> exprsOf(std::span<Expr*> s) { return {s.data(), s.size()}; }

// --- Instantiation -----------------------------------------------------------------------------------------------

std::vector<Type*> Checker::funcInst(const Target* target, Pos pos, Operand& x, IndexExpr* inst, bool doInfer) {
  if (inst != nullptr) {
    x.expr = inst;
    pos = inst->pos;
  }
  bool versionOk = requireVersion(pos, 18, "function instantiation");
  std::vector<Type*> args;
  std::span<Expr* const> argExprs;
  if (inst != nullptr) {
    argExprs = exprsOf(inst->indices);
    if (!typeList(argExprs, &args)) {
      x.invalidate();
      return {};
    }
  }
  auto* sig = as<Signature>(x.type);
  size_t want = sig->typeParams.size();
  if (args.size() > want) {
    error(argExprs[args.size() - 1], diag::TypeArgMismatch, args.size(), want);
    x.invalidate();
    return {};
  }
  if (args.size() < want) {
    if (!doInfer) return args;
    std::vector<Operand> operands;
    std::vector<Var*> formals;
    if (target != nullptr) {
      if (versionOk && !allows(21))
        requireVersion(pos, 21, inst != nullptr ? "partially instantiated function in assignment"
                                                : "implicitly instantiated function in assignment");
      // As if the target were passed to a parameter of the function's type.
      auto* plain = make<Signature>(*sig);
      plain->typeParams = {};
      plain->recv = nullptr;
      formals.push_back(newVar(VarKind::Param, x.expr->pos, "", plain));
      Operand t;
      t.mode = Mode::Value;
      t.type = target->sig;
      t.label = arena().copy(target->desc);
      t.labelPos = x.expr->pos;
      operands.push_back(t);
    }
    Type* renamed = nullptr;
    std::vector<TypeParam*> params = renameTypeParams(sig->typeParams, context_.newTuple(formals), &renamed);
    Failure failure;
    args = infer(pos, params, args, as<Tuple>(renamed), operands, target != nullptr, &failure);
    if (args.empty()) {
      if (failure.kind != nullptr) report(failure.pos, *failure.kind, failure.message, {});
      x.invalidate();
      return {};
    }
  }
  x.type = instantiateSignature(x.expr->pos, x.expr, sig, args, argExprs);
  x.mode = Mode::Value;
  return {};
}

Signature* Checker::instantiateSignature(Pos pos, const Expr* e, Signature* sig, std::span<Type* const> typeArgs,
                                         std::span<Expr* const> argExprs) {
  auto* inst = as<Signature>(instantiate(context_, sig, typeArgs));
  if (inst == nullptr) return sig;
  recordInstance(e, typeArgs, inst);
  std::span<Type*> args = context_.copyTypes(typeArgs);
  std::vector<Expr*> exprs(argExprs.begin(), argExprs.end());
  // Constraints are verified when all types are complete.
  later([this, pos, sig, args, exprs = std::move(exprs)] {
    Cause cause = newCause();
    size_t bad = relations().verifyTypeArgs(sig->typeParams, args, &cause);
    if (bad < sig->typeParams.size()) {
      error(bad < exprs.size() ? syntax::reportPos(exprs[bad]) : pos, diag::TypeArgUnsatisfied, cause.text);
    } else {
      monoRecord(pos, sig->typeParams, args, exprs);
    }
  });
  return inst;
}

// --- Calls -------------------------------------------------------------------------------------------------------

ExprClass Checker::conversionCall(Operand& x, CallExpr* call) {
  nonGeneric(nullptr, x);
  if (!x.isValid()) {
    use(exprsOf(call->args));
    x.expr = call;
    return ExprClass::Conversion;
  }
  Type* t = x.type;
  x.invalidate();
  x.expr = call;
  if (!isComplete(t)) return ExprClass::Conversion;
  if (call->args.empty()) {
    error(call, diag::MissingConversionArg, t);
  } else if (call->args.size() > 1) {
    use(exprsOf(call->args));
    error(call->args.back(), diag::TooManyConversionArgs, t);
  } else {
    auto target = newTarget(t, "conversion");
    expr(target ? &*target : nullptr, x, call->args[0]);
    if (x.isValid()) {
      auto* i = isTypeParam(t) ? nullptr : underAs<Interface>(t);
      if (i != nullptr && !typeSetOf(i)->isMethodSet()) {
        error(call, diag::ConversionToConstraint, t);
        x.invalidate();
      } else if (call->hasDots()) {
        error(call->args[0], diag::DotsInConversion, t);
        x.invalidate();
      } else {
        conversion(x, t);
      }
    }
  }
  x.expr = call;
  return ExprClass::Conversion;
}

static ExprClass classOf(BuiltinId id) {
  switch (id) {
    case BuiltinId::Clear:
    case BuiltinId::Close:
    case BuiltinId::Copy:
    case BuiltinId::Delete:
    case BuiltinId::Panic:
    case BuiltinId::Print:
    case BuiltinId::Println:
    case BuiltinId::Recover:
    case BuiltinId::Assert: return ExprClass::Statement;
    default: return ExprClass::Expression;
  }
}

ExprClass Checker::callExpr(Operand& x, CallExpr* call) {
  IndexExpr* inst = nullptr;  // f[T1, T2](...)
  if (auto* index = dynAs<IndexExpr>(call->fun)) {
    if (indexExpr(x, index)) inst = index;  // type arguments are looked at together with the call's
    x.expr = index;
    record(x);
  } else {
    exprOrType(x, call->fun, true);
  }
  auto failed = [&] {
    x.invalidate();
    x.expr = call;
    return ExprClass::Statement;
  };
  if (!x.isValid()) {
    use(exprsOf(call->args));
    return failed();
  }
  if (x.mode == Mode::TypeExpr) return conversionCall(x, call);
  if (x.mode == Mode::Builtin) {
    BuiltinId id = x.builtin;
    if (!builtinCall(x, call, id)) x.invalidate();
    x.expr = call;
    // A non-constant result: the operand was evaluated at run time.
    if (x.isValid() && !x.isConstant()) env_.hasCallOrReceive = true;
    return classOf(id);
  }
  // An ordinary call.
  Cause cause = newCause();
  bool allFuncs = forTypeSet(x.type, [&](Type* t, Type* u) {
    if (u == nullptr || is<Signature>(u)) return true;
    cause.text = typeText(t) + " is not a function";
    return false;
  });
  Signature* sig = allFuncs ? as<Signature>(isTypeParam(x.type) ? commonUnder(x.type, &cause) : under(x.type)) : nullptr;
  if (sig == nullptr) {
    error(x, diag::CannotCall, x, cause.text);
    return failed();  // as gc, without a look at the arguments
  }
  bool wasGeneric = !sig->typeParams.empty();
  std::vector<Type*> typeArgs;
  std::span<Expr* const> argExprs;
  if (inst != nullptr) {
    argExprs = exprsOf(inst->indices);
    if (!typeList(argExprs, &typeArgs)) {
      use(exprsOf(call->args));
      return failed();
    }
    size_t got = typeArgs.size(), want = sig->typeParams.size();
    if (got > want) {
      error(argExprs[want], diag::TypeArgMismatch, got, want);
      use(exprsOf(call->args));
      return failed();
    }
    if (got == want && want > 0) {
      requireVersion(inst, 18, "function instantiation");
      sig = instantiateSignature(inst->pos, inst, sig, typeArgs, argExprs);
      typeArgs.clear();
      argExprs = {};
    }
  }
  std::vector<std::vector<Type*>> argTypeArgs;
  std::vector<Operand> args = genericExprList(exprsOf(call->args), &argTypeArgs);
  sig = arguments(call, sig, std::move(typeArgs), argExprs, args, argTypeArgs);
  if (wasGeneric && sig->typeParams.empty()) recordTypeAndValue(call->fun, Mode::Value, sig);

  x = Operand{};
  x.expr = call;
  if (sig->results->size() == 0) {
    x.mode = Mode::NoValue;
  } else if (sig->results->size() == 1) {
    x.mode = Mode::Value;
    x.type = sig->results->vars[0]->type;
    if (!isComplete(x.type)) return failed();
  } else {
    x.mode = Mode::Value;
    x.type = sig->results;
  }
  env_.hasCallOrReceive = true;
  // Inference failed: the results may speak of type parameters that mean nothing here.
  if (x.mode == Mode::Value && !sig->typeParams.empty() && isParameterized(x.type)) x.invalidate();
  return ExprClass::Statement;
}

std::vector<Operand> Checker::exprList(std::span<Expr* const> exprs) {
  if (exprs.size() == 1) {
    bool ignored = false;
    return multiExpr(exprs[0], false, &ignored);
  }
  std::vector<Operand> out(exprs.size());
  for (size_t i = 0; i < exprs.size(); i++) expr(nullptr, out[i], exprs[i]);
  return out;
}

std::vector<Operand> Checker::genericExprList(std::span<Expr* const> exprs, std::vector<std::vector<Type*>>* typeArgs) {
  // Before 1.21 partially instantiated arguments were completed by themselves.
  bool doInfer = !exprs.empty() && !allows(21);
  std::vector<Operand> out;
  typeArgs->assign(exprs.size(), {});
  for (size_t i = 0; i < exprs.size(); i++) {
    Expr* e = exprs[i];
    Operand x;
    auto* inst = dynAs<IndexExpr>(e);
    if (inst != nullptr) {
      if (indexExpr(x, inst)) {
        std::vector<Type*> given = funcInst(nullptr, x.expr->pos, x, inst, doInfer);
        x.expr = inst;
        if (!given.empty()) {
          (*typeArgs)[i] = std::move(given);
        } else {
          record(x);
        }
      } else {
        x.expr = inst;
        record(x);
        exclude(x, true, true, true);
      }
    } else if (exprs.size() > 1) {
      genericExpr(x, e);
    } else {
      rawExpr(nullptr, x, e, nullptr, true);
      exclude(x, true, true, true);
      if (auto* t = as<Tuple>(x.type); t != nullptr && x.isValid()) {
        for (Var* v : t->vars) {
          Operand part;
          part.mode = Mode::Value;
          part.expr = e;
          part.type = v->type;
          out.push_back(part);
        }
        typeArgs->assign(out.size(), {});
        return out;
      }
    }
    out.push_back(x);
  }
  return out;
}

void Checker::argumentCountError(CallExpr* call, Signature* sig, const std::vector<Operand>& args, size_t wanted) {
  Where at(call);
  bool tooMany = args.size() > wanted;
  if (tooMany) {
    at = Where(args[wanted].expr);  // the first one too many
  } else if (!args.empty()) {
    at = Where(args.back().expr);
  }
  std::vector<Type*> have, want;
  for (const Operand& x : args) have.push_back(x.type);
  for (Var* v : sig->params->vars) want.push_back(v->type);
  errorWithNotes(at,
                 {{Pos{}, "have " + typesSummary(have, false, call->hasDots())},
                  {Pos{}, "want " + typesSummary(want, sig->variadic, false)}},
                 diag::ArgumentCount, tooMany ? "too many" : "not enough", call->fun);
}

Signature* Checker::arguments(CallExpr* call, Signature* sig, std::vector<Type*> typeArgs,
                              std::span<Expr* const> argExprs, std::vector<Operand>& args,
                              std::vector<std::vector<Type*>>& argTypeArgs) {
  size_t nargs = args.size();
  size_t npars = sig->params->size();
  bool dots = call->hasDots();
  Tuple* formals = sig->params;
  bool adjusted = false;  // the variadic parameter stands as many times as there are arguments for it
  if (sig->variadic) {
    if (dots) {
      if (call->args.size() == 1 && nargs > 1) {
        error(call, diag::DotsWithMultiValue, nargs, call->args[0]);
        return sig;
      }
    } else if (nargs + 1 >= npars) {
      std::vector<Var*> vars(sig->params->vars.begin(), sig->params->vars.end() - 1);
      Var* last = sig->params->vars[npars - 1];
      auto* slice = as<Slice>(last->type);
      Type* elem = slice != nullptr ? slice->elem : invalidType();
      while (vars.size() < nargs) vars.push_back(make<Var>(last->pos, last->pkg, last->name, elem, VarKind::Param));
      formals = context_.newTuple(vars);
      adjusted = true;
      npars = nargs;
    } else {
      npars--;  // for the message
    }
  } else if (dots) {
    error(call, diag::DotsNonVariadic, call->fun);
    return sig;
  }
  if (nargs != npars) {
    argumentCountError(call, sig, args, npars);
    return sig;
  }

  // Type parameters: the callee's, and those of arguments that are generic functions themselves. All are renamed, so that
  // a function that calls itself does not confuse its own with the callee's.
  std::vector<TypeParam*> params;
  size_t n = sig->typeParams.size();
  if (n > 0) {
    if (!allows(18)) requireVersion(call, 18, "implicit function instantiation");
    Type* renamed = nullptr;
    params = renameTypeParams(sig->typeParams, formals, &renamed);
    formals = as<Tuple>(renamed);
    typeArgs.resize(n);
  }
  std::vector<size_t> genericArgs;
  for (size_t i = 0; i < nargs; i++) {
    auto* asig = as<Signature>(args[i].type);
    if (asig == nullptr || asig->typeParams.empty() || !args[i].isValid()) continue;
    auto* copy = make<Signature>(*asig);
    copy->typeParams = {};
    Type* renamed = nullptr;
    std::vector<TypeParam*> own = renameTypeParams(asig->typeParams, copy, &renamed);
    copy = renamed == copy ? copy : as<Signature>(renamed);
    copy->typeParams = list(own);
    args[i].type = copy;
    params.insert(params.end(), own.begin(), own.end());
    if (i < argTypeArgs.size()) typeArgs.insert(typeArgs.end(), argTypeArgs[i].begin(), argTypeArgs[i].end());
    typeArgs.resize(params.size());
    genericArgs.push_back(i);
  }
  if (!genericArgs.empty()) requireVersion(args[genericArgs[0]], 21, "implicitly instantiated function as argument");

  Signature* result = sig;
  if (!params.empty()) {
    Failure failure;
    typeArgs = infer(call->pos, params, typeArgs, formals, args, false, &failure);
    if (typeArgs.empty()) {
      if (failure.kind != nullptr)
        report(failure.pos, *failure.kind, "in call to " + exprString(call->fun) + ", " + failure.message, {});
      return sig;
    }
    std::span<Type* const> all(typeArgs);
    if (n > 0) {
      result = instantiateSignature(call->pos, call->fun, sig, all.subspan(0, n), argExprs);
      if (adjusted) {
        TypeParamMap map(std::span<TypeParam* const>(params).subspan(0, n), all.subspan(0, n));
        formals = as<Tuple>(substitute(context_, formals, map));
      } else {
        formals = result->params;
      }
    }
    size_t j = n;
    for (size_t i : genericArgs) {
      auto* asig = as<Signature>(args[i].type);
      size_t k = asig->typeParams.size();
      args[i].type = instantiateSignature(call->pos, args[i].expr, asig, all.subspan(j, k), {});
      record(args[i]);
      j += k;
    }
  }
  Purpose purpose{"argument to ", call->fun};
  for (size_t i = 0; i < nargs; i++) assignment(args[i], formals->vars[i]->type, purpose);
  return result;
}

// --- Uses after errors -------------------------------------------------------------------------------------------

bool Checker::useAll(std::span<Expr* const> exprs, bool lhs) {
  bool ok = true;
  for (Expr* e : exprs) ok = useOne(e, lhs) && ok;
  return ok;
}

// Looks at an expression whose value does not matter, so that its names count as used and its errors are reported.
// `lhs`: assigning to a variable does not use it.
bool Checker::useOne(Expr* e, bool lhs) {
  if (e == nullptr) return true;
  Operand x;
  auto* id = dynAs<Ident>(syntax::unparen(e));
  if (id == nullptr) {
    if (auto* kv = dynAs<syntax::KeyValueExpr>(e)) return useOne(kv->value, lhs);
    rawExpr(nullptr, x, e, nullptr, true);
    return x.isValid();
  }
  if (id->name == "_") return true;
  auto* v = lhs ? as<Var>(lookup(id->name)) : nullptr;
  if (v != nullptr && v->pkg != pkg_) v = nullptr;
  bool wasUsed = v != nullptr && v->used;
  exprOrType(x, id, true);
  if (v != nullptr) v->used = wasUsed;
  return x.isValid();
}

}  // namespace burrow::types
