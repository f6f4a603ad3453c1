// The predeclared identifiers and package unsafe.
#include "types/context.h"
#include "types/objects.h"
#include "types/queries.h"

namespace burrow::types {

namespace {

struct NamedBuiltin {
  const char* name;
  BuiltinId id;
};

constexpr NamedBuiltin kBuiltins[] = {
    {"append", BuiltinId::Append},   {"cap", BuiltinId::Cap},         {"clear", BuiltinId::Clear},
    {"close", BuiltinId::Close},     {"complex", BuiltinId::Complex}, {"copy", BuiltinId::Copy},
    {"delete", BuiltinId::Delete},   {"imag", BuiltinId::Imag},       {"len", BuiltinId::Len},
    {"make", BuiltinId::Make},       {"max", BuiltinId::Max},         {"min", BuiltinId::Min},
    {"new", BuiltinId::New},         {"panic", BuiltinId::Panic},     {"print", BuiltinId::Print},
    {"println", BuiltinId::Println}, {"real", BuiltinId::Real},       {"recover", BuiltinId::Recover},
};

constexpr NamedBuiltin kUnsafeBuiltins[] = {
    {"Add", BuiltinId::UnsafeAdd},
    {"Alignof", BuiltinId::UnsafeAlignof},
    {"Offsetof", BuiltinId::UnsafeOffsetof},
    {"Sizeof", BuiltinId::UnsafeSizeof},
    {"Slice", BuiltinId::UnsafeSlice},
    {"SliceData", BuiltinId::UnsafeSliceData},
    {"String", BuiltinId::UnsafeString},
    {"StringData", BuiltinId::UnsafeStringData},
};

// Everything lives in an arena that is never freed.
struct Builder {
  source::Arena& arena;
  Context& context;
  Universe u{};

  template <typename T>
  T* declare(Scope* scope, T* object) {
    scope->insert(object);
    return object;
  }
  TypeName* typeName(Scope* scope, Package* pkg, std::string_view name, Type* type) {
    return declare(scope, arena.make<TypeName>(Pos{}, pkg, name, type));
  }

  void basics() {
    for (size_t i = static_cast<size_t>(BasicKind::Bool); i <= static_cast<size_t>(BasicKind::String); i++) {
      Basic* b = basicType(static_cast<BasicKind>(i));
      typeName(u.scope, nullptr, b->name, b);
    }
    typeName(u.scope, nullptr, "byte", byteType());
    typeName(u.scope, nullptr, "rune", runeType());
  }

  Interface* interface() {
    auto* i = arena.make<Interface>();
    i->complete = true;
    return i;
  }

  void interfaces() {
    Interface* empty = interface();
    u.emptyInterface = empty;
    typeSetOf(empty);
    u.any = typeName(u.scope, nullptr, "any", nullptr);
    auto* alias = arena.make<Alias>(u.any);
    alias->rhs = empty;
    u.any->type = alias;
    u.anyType = alias;

    u.error = typeName(u.scope, nullptr, "error", nullptr);
    Named* error = context.newNamed(u.error);
    auto* sig = arena.make<Signature>();
    sig->recv = arena.make<Var>(Pos{}, nullptr, "", error, VarKind::Receiver);
    sig->params = context.newTuple({});
    sig->results = context.newTuple(
        {arena.make<Var>(Pos{}, nullptr, "", basicType(BasicKind::String), VarKind::Result)});
    auto* method = arena.make<Func>(Pos{}, nullptr, "Error", sig);
    method->isInterfaceMethod = true;
    Interface* errorInterface = interface();
    errorInterface->methods = arena.copy(std::vector<Func*>{method});
    error->fromRhs = error->underlying = errorInterface;
    typeSetOf(errorInterface);
    u.errorType = error;

    u.comparable = typeName(u.scope, nullptr, "comparable", nullptr);
    Named* comparable = context.newNamed(u.comparable);
    Interface* comparableInterface = interface();
    comparableInterface->typeSet = arena.make<TypeSet>();
    comparableInterface->typeSet->comparable = true;
    comparable->fromRhs = comparable->underlying = comparableInterface;
    u.comparableType = comparable;
  }

  void constants() {
    declare(u.scope, arena.make<Const>(Pos{}, nullptr, "true", basicType(BasicKind::UntypedBool), Constant::ofBool(true)));
    declare(u.scope,
            arena.make<Const>(Pos{}, nullptr, "false", basicType(BasicKind::UntypedBool), Constant::ofBool(false)));
    u.iota = declare(u.scope,
                     arena.make<Const>(Pos{}, nullptr, "iota", basicType(BasicKind::UntypedInt), Constant::ofInt(0)));
    u.nil = declare(u.scope, arena.make<Nil>());
  }

  void unsafePackage() {
    u.unsafe = arena.make<Package>();
    u.unsafe->path = "unsafe";
    u.unsafe->name = "unsafe";
    u.unsafe->scope = arena.make<Scope>(u.scope, Pos{}, Pos{}, "package");
    u.unsafe->complete = true;
    typeName(u.unsafe->scope, u.unsafe, "Pointer", basicType(BasicKind::UnsafePointer));
    for (const auto& b : kUnsafeBuiltins) {
      auto* object = arena.make<Builtin>(b.name, b.id);
      object->pkg = u.unsafe;
      declare(u.unsafe->scope, object);
    }
  }
};

}  // namespace

const Universe& universe() {
  static const Universe& instance = *[] {
    auto* arena = new source::Arena;
    auto* context = new Context(*arena);
    Builder b{*arena, *context};
    b.u.scope = arena->make<Scope>(nullptr, Pos{}, Pos{}, "universe");
    b.basics();
    b.interfaces();
    b.constants();
    for (const auto& builtin : kBuiltins) b.declare(b.u.scope, arena->make<Builtin>(builtin.name, builtin.id));
    b.unsafePackage();
    return new Universe(b.u);
  }();
  return instance;
}

}  // namespace burrow::types
