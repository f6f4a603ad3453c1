// See types.h.
#include "irgen/types.h"

namespace burrow::irgen {

std::string escapePath(std::string_view path) {
  size_t slash = path.rfind('/');
  size_t last = slash == std::string_view::npos ? 0 : slash + 1;
  std::string out;
  for (size_t i = 0; i < path.size(); i++) {
    auto c = static_cast<unsigned char>(path[i]);
    if (c <= ' ' || (c == '.' && i >= last) || c == '%' || c == '"' || c >= 0x7f) {
      constexpr char kHex[] = "0123456789abcdef";
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

bool isGenericFunction(const types::Func* f) {
  if (f == nullptr || f->type == nullptr) return false;
  auto* s = types::as<types::Signature>(f->origin->type);
  return s != nullptr && (!s->typeParams.empty() || !s->recvTypeParams.empty());
}

std::string TypeMap::argsText(const std::vector<TypeId>& args, const std::vector<TypeId>& functionArgs) const {
  if (args.empty() && functionArgs.empty()) return {};
  std::string out = "[";
  auto list = [&](const std::vector<TypeId>& types) {
    for (size_t i = 0; i < types.size(); i++) {
      if (i != 0) out += ',';
      out += table_.str(types[i]);
    }
  };
  list(functionArgs);
  if (!args.empty() && !functionArgs.empty()) out += ';';
  list(args);
  return out + "]";
}

TypeId TypeMap::map(types::Type* t, Env& env) {
  // An Env's cache may be found again by a nested call that makes the same type: no iterator is kept over it.
  if (auto it = env.cache.find(t); it != env.cache.end()) return it->second;
  TypeId id = mapNew(t, env);
  env.cache[t] = id;
  return id;
}

TypeId TypeMap::signature(const types::Signature* s, Env& env, TypeId receiver) {
  std::vector<TypeId> params, results;
  if (receiver.isValid()) params.push_back(receiver);
  for (types::Var* v : s->params->vars) params.push_back(map(v->type, env));
  for (types::Var* v : s->results->vars) results.push_back(map(v->type, env));
  return table_.func(std::move(params), std::move(results), s->variadic);
}

TypeId TypeMap::instance(types::Named* origin, std::vector<TypeId> args, Env& env) {
  types::TypeName* object = origin->object;
  bool isLocal = object->enclosing != nullptr || (object->pkg != nullptr && object->parent != object->pkg->scope);
  bool inGeneric = isLocal && isGenericFunction(object->enclosing);
  // A local type of an instantiated function carries the function's arguments in its name. Inside another local type, or
  // itself, these are a part only of what is known.
  size_t ofFunction = inGeneric ? env.functionParams.value_or(env.params.size()) : 0;
  std::vector<TypeId> functionArgs;
  for (size_t i = 0; i < ofFunction; i++) functionArgs.push_back(env.params[i].second);

  std::string base(object->name);
  std::string suffix = argsText(args, functionArgs);
  std::string link = object->pkg != nullptr ? escapePath(object->pkg->path) + "." + base : base;
  link += suffix;
  if (isLocal) link += "\u00b7" + std::to_string(object->localIndex);
  TypeId id = table_.named(link);
  if (named_.contains(id.value)) return id;

  NamedInfo& info = named_[id.value];
  order_.push_back(id);
  info.origin = origin;
  info.args = args;
  info.instance = !args.empty() || !functionArgs.empty();
  if (info.instance) {
    info.env = &newEnv();
    if (inGeneric) {
      info.env->params.assign(env.params.begin(), env.params.begin() + static_cast<std::ptrdiff_t>(ofFunction));
      info.env->functionParams = ofFunction;
    }
    info.env->add(origin->typeParams, args);
  } else {
    info.env = &noEnv_;
  }
  Env* own = info.env;  // `info` moves when the table grows
  {
    ir::TypeData& data = table_.namedData(id);
    data.goName = object->pkg != nullptr ? std::string(object->pkg->name) + "." + base + suffix : base;
    data.pkgPath = object->pkg != nullptr ? std::string(object->pkg->path) : std::string();
    data.foreignLower = static_cast<unsigned char>(object->name[0]) >= 0x80 && !object->isExported();
    data.external = !info.instance && object->pkg != nullptr && object->pkg != &package_;
  }
  bool known = table_[id].elem.isValid();  // a table shared with other modules may have it already
  TypeId underlying = map(types::under(origin), *own);
  if (!known) table_.setUnderlying(id, underlying);
  return id;
}

TypeId TypeMap::mapNew(types::Type* t, Env& env) {
  t = types::unalias(t);
  switch (t->kind) {
    case types::TypeKind::Basic:
      switch (static_cast<types::Basic*>(t)->basic) {
        case types::BasicKind::UntypedBool: return table_.boolType();
        case types::BasicKind::UntypedInt: return table_.intType();
        case types::BasicKind::UntypedRune: return table_.int32Type();
        case types::BasicKind::UntypedFloat: return table_.float64Type();
        case types::BasicKind::UntypedComplex: return table_.basic(TypeKind::Complex128);
        case types::BasicKind::UntypedString: return table_.stringType();
        case types::BasicKind::UntypedNil: return table_.unsafePointer();
        case types::BasicKind::UnsafePointer: return table_.unsafePointer();
        default: {
          // The typed kinds stand in the same order on both sides, from Bool to String.
          static_assert(static_cast<int>(types::BasicKind::Bool) == static_cast<int>(TypeKind::Bool));
          static_assert(static_cast<int>(types::BasicKind::String) == static_cast<int>(TypeKind::String));
          return table_.basic(static_cast<TypeKind>(static_cast<types::Basic*>(t)->basic));
        }
      }
    case types::TypeKind::Named: {
      auto* named = static_cast<types::Named*>(t);
      std::vector<TypeId> args;
      for (types::Type* a : named->typeArgs) args.push_back(map(a, env));
      return instance(named->origin, std::move(args), env);
    }
    case types::TypeKind::Pointer:
      return table_.pointer(map(static_cast<types::Pointer*>(t)->elem, env));
    case types::TypeKind::Slice:
      return table_.slice(map(static_cast<types::Slice*>(t)->elem, env));
    case types::TypeKind::Array: {
      auto* a = static_cast<types::Array*>(t);
      return table_.array(map(a->elem, env), a->length);
    }
    case types::TypeKind::Map: {
      auto* m = static_cast<types::Map*>(t);
      TypeId key = map(m->key, env);
      return table_.map(key, map(m->elem, env));
    }
    case types::TypeKind::Chan: {
      auto* c = static_cast<types::Chan*>(t);
      ir::ChanDir dir = c->dir == types::ChanDir::Both       ? ir::ChanDir::Both
                        : c->dir == types::ChanDir::SendOnly ? ir::ChanDir::Send
                                                             : ir::ChanDir::Recv;
      return table_.chan(map(c->elem, env), dir);
    }
    case types::TypeKind::Struct: {
      auto* s = static_cast<types::Struct*>(t);
      std::vector<ir::Field> fields;
      for (size_t i = 0; i < s->fields.size(); i++) {
        types::Var* v = s->fields[i];
        ir::Field f;
        f.name = v->name;
        if (!v->isExported() && v->pkg != nullptr) f.pkgPath = v->pkg->path;
        f.type = map(v->type, env);
        f.tag = s->tag(i);
        f.embedded = v->embedded;
        fields.push_back(std::move(f));
      }
      return table_.structOf(std::move(fields));
    }
    case types::TypeKind::Tuple: {
      std::vector<TypeId> list;
      for (types::Var* v : static_cast<types::Tuple*>(t)->vars) list.push_back(map(v->type, env));
      return table_.tuple(std::move(list));
    }
    case types::TypeKind::Signature:
      return signature(static_cast<types::Signature*>(t), env);
    case types::TypeKind::Interface: {
      std::vector<ir::InterfaceMethod> methods;
      for (types::Func* f : types::typeSetOf(static_cast<types::Interface*>(t))->methods) {
        ir::InterfaceMethod m;
        m.name = f->name;
        if (!f->isExported() && f->pkg != nullptr) m.pkgPath = f->pkg->path;
        m.type = signature(f->signature(), env);
        methods.push_back(std::move(m));
      }
      return table_.interface(std::move(methods));
    }
    case types::TypeKind::TypeParam:
      return env.lookup(static_cast<types::TypeParam*>(t));
    case types::TypeKind::Alias:
    case types::TypeKind::Union:
      break;
  }
  return {};
}

}  // namespace burrow::irgen
