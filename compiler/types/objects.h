// Named things of a Go program and the scopes they live in.
//
// Everything that an identifier can denote is an `Object`; its kind says what. Objects are arena objects of the package
// that declares them (predeclared ones live forever) and are compared by pointer. The exceptions are fields, methods
// and parameters of instantiated types: every instance has its own, and `origin` leads to the declared one.
//
// Invariants: after checking, `type` of every object is non-null (invalidType() after an error; Tuple-free). While a
// package is being checked a package-level object's type is null until its declaration has been looked at.
//
// A scope of a few names is a list, a larger one also has a hash table. Function scopes do not record at which place a
// name becomes visible; the object does (`scopePos`), and `lookupParent` takes the place from which one looks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "source/arena.h"
#include "types/constant.h"
#include "types/types.h"

namespace burrow::source {
class SourceFiles;
}
namespace burrow::syntax {
struct File;
struct FuncDecl;
}  // namespace burrow::syntax

namespace burrow::types {

struct DeclInfo;
struct Info;

enum class ObjectKind : uint8_t { PkgName, Const, TypeName, Var, Func, Label, Builtin, Nil };

struct Object {
  ObjectKind kind;
  bool used = false;          // PkgName, Var, Label: for "declared and not used"
  Pos pos;                    // of the declaring identifier; nowhere for predeclared objects
  Pos scopePos;               // from here on visible in a function scope
  std::string_view name;      // "_" for blank, "" for unnamed parameters and results
  Package* pkg = nullptr;     // null for predeclared objects and for labels
  Scope* parent = nullptr;    // the scope that it is declared in; null for fields, methods
  Type* type = nullptr;
  uint32_t order = 0;         // package-level objects: source order over all files, from 1; else 0
  uint32_t pathIndex = 0;     // the checker's: 1 + place on the path of declarations being looked at; 0: not on it
  DeclInfo* declInfo = nullptr;  // the checker's: how it is declared; package-level objects and methods only

  bool isExported() const;
  bool isPackageLevel() const;

 protected:
  Object(ObjectKind k, Pos p, Package* g, std::string_view n, Type* t)
      : kind(k), pos(p), name(n), pkg(g), type(t) {}
};

template <typename T>
T* as(Object* o) {
  return o != nullptr && o->kind == T::kKind ? static_cast<T*>(o) : nullptr;
}
template <typename T>
const T* as(const Object* o) {
  return o != nullptr && o->kind == T::kKind ? static_cast<const T*>(o) : nullptr;
}
template <typename T>
bool is(const Object* o) {
  return o != nullptr && o->kind == T::kKind;
}

// An import, in its file's scope.
struct PkgName : Object {
  static constexpr ObjectKind kKind = ObjectKind::PkgName;
  Package* imported;
  PkgName(Pos p, Package* g, std::string_view n, Package* i)
      : Object(kKind, p, g, n, invalidType()), imported(i) {}
};

struct Const : Object {
  static constexpr ObjectKind kKind = ObjectKind::Const;
  Constant value;  // Constant::Kind::Unknown after an error
  Const(Pos p, Package* g, std::string_view n, Type* t, Constant v = {})
      : Object(kKind, p, g, n, t), value(std::move(v)) {}
};

// A declared type, an alias, or a type parameter: `type` is Named, Alias, TypeParam or (predeclared) Basic.
struct TypeName : Object {
  static constexpr ObjectKind kKind = ObjectKind::TypeName;
  uint32_t localIndex = 0;    // of a type declared in a function: distinguishes those of one name in link names, from 1
  Func* enclosing = nullptr;  // the function or method a local type is declared in
  TypeName(Pos p, Package* g, std::string_view n, Type* t) : Object(kKind, p, g, n, t) {}
  bool isAlias() const;
};

enum class VarKind : uint8_t { Package, Local, Receiver, Param, Result, Field };

struct Var : Object {
  static constexpr ObjectKind kKind = ObjectKind::Var;
  VarKind varKind;
  bool embedded = false;     // an embedded field
  Var* origin;               // the declared one; this, unless made by instantiation
  Var(Pos p, Package* g, std::string_view n, Type* t, VarKind k)
      : Object(kKind, p, g, n, t), varKind(k), origin(this) {}
  bool isField() const { return varKind == VarKind::Field; }
};

// A function or a method: declared, of an interface, or of an instantiated type. `type` is a Signature.
struct Func : Object {
  static constexpr ObjectKind kKind = ObjectKind::Func;
  Func* origin;                          // the declared one; this, unless made by instantiation
  syntax::FuncDecl* decl = nullptr;      // null for interface methods and predeclared ones (origin's for instances)
  Checker* checker = nullptr;            // set while `type` may still have to be worked out
  bool pointerReceiver = false;          // as declared; known before the signature is
  bool isInterfaceMethod = false;
  Func(Pos p, Package* g, std::string_view n, Type* t) : Object(kKind, p, g, n, t), origin(this) {}
  // The signature; works it out when the declaration has not been looked at yet.
  Signature* signature();
};

struct Label : Object {
  static constexpr ObjectKind kKind = ObjectKind::Label;
  Label(Pos p, Package* g, std::string_view n) : Object(kKind, p, g, n, invalidType()) {}
};

enum class BuiltinId : uint8_t {
  Append,
  Cap,
  Clear,
  Close,
  Complex,
  Copy,
  Delete,
  Imag,
  Len,
  Make,
  Max,
  Min,
  New,
  Panic,
  Print,
  Println,
  Real,
  Recover,
  // package unsafe
  UnsafeAdd,
  UnsafeAlignof,
  UnsafeOffsetof,
  UnsafeSizeof,
  UnsafeSlice,
  UnsafeSliceData,
  UnsafeString,
  UnsafeStringData,
  Assert,  // only in tests of the checker: reports when its argument is not the constant true
};

struct Builtin : Object {
  static constexpr ObjectKind kKind = ObjectKind::Builtin;
  BuiltinId id;
  Builtin(std::string_view n, BuiltinId i) : Object(kKind, Pos{}, nullptr, n, invalidType()), id(i) {}
};

struct Nil : Object {
  static constexpr ObjectKind kKind = ObjectKind::Nil;
  Nil() : Object(kKind, Pos{}, nullptr, "nil", basicType(BasicKind::UntypedNil)) {}
};

// --- Scopes ----------------------------------------------------------------------------------------------------

class Scope {
 public:
  Scope(Scope* parent, Pos pos, Pos end, const char* comment)
      : parent_(parent), outer_(parent), pos_(pos), end_(end), comment_(comment) {}

  Scope* parent() const { return parent_; }
  // Says that the scopes around this one that are empty now will not get anything that is visible in here: they are passed
  // over when names are looked up. (In a chain of else-if each arm stands in the scopes of all before it.)
  void skipEmptyParents() {
    while (outer_ != nullptr && outer_->objects_.empty()) outer_ = outer_->outer_;
  }
  Pos pos() const { return pos_; }
  Pos end() const { return end_; }
  const char* comment() const { return comment_; }  // what the scope is of: "function", "block", ...
  bool isFunction = false;                          // the outermost scope of a function

  // The object of that name in this scope, or null.
  Object* lookup(std::string_view name) const;
  struct Found {
    Scope* scope = nullptr;
    Object* object = nullptr;
  };
  // The innermost object of that name visible at `pos` here or in an enclosing scope. An invalid `pos` sees everything.
  Found lookupParent(std::string_view name, Pos pos) const;
  // Declares `object` under its name and returns null; when the name is taken, returns the earlier object instead.
  // Sets object->parent when it is null. The blank name is never inserted.
  Object* insert(Object* object);
  // The same under another name and without touching object->parent: what a dot-import declares.
  Object* insertAs(std::string_view name, Object* object);
  // All objects in the order of insertion.
  const std::vector<Object*>& objects() const { return objects_; }

 private:
  static constexpr size_t kListMax = 8;  // longest scope that is searched without a table
  Scope* parent_;
  Scope* outer_;  // where the search for names goes on
  Pos pos_, end_;
  const char* comment_;
  std::vector<Object*> objects_;
  std::vector<std::string_view> names_;  // under which they were inserted
  std::unordered_map<std::string_view, Object*> table_;  // all of objects_ once there are more than kListMax
};

// A Go language version, "go1.N". Minor 0 stands for "not given": the newest.
struct LangVersion {
  int minor = 0;
  bool fromFile = false;  // a //go:build line says so, not the module
  bool atLeast(int n) const { return minor == 0 || minor >= n; }
};

struct Package {
  std::string_view path;   // "main" for commands as gc has it, "encoding/json", ...
  std::string_view name;   // of the package clause
  Scope* scope = nullptr;  // package block; its parent is the universe
  std::vector<Package*> imports;      // directly imported, in order of first appearance
  std::vector<syntax::File*> files;   // in the order given
  std::vector<Scope*> fileScopes;     // one per file: its imports; children of the package scope
  LangVersion version;                // of the module
  std::vector<LangVersion> fileVersions;  // per file, after //go:build lines
  Info* info = nullptr;               // what the checker found out; null for `unsafe` and for packages that failed to load
  const source::SourceFiles* sources = nullptr;  // where its positions lead; for messages
  bool complete = false;              // checked to the end
  bool fake = false;                  // stands for a package that could not be imported: all its names are accepted
  bool cgo = false;
};

// The predeclared identifiers. Made once, shared by all contexts, never changed.
struct Universe {
  Scope* scope;
  Package* unsafe;
  TypeName* any;         // Alias of the empty interface
  TypeName* comparable;
  TypeName* error;
  Type* anyType;         // the Alias
  Type* emptyInterface;  // what it stands for
  Type* errorType;
  Type* comparableType;
  Object* iota;
  Object* nil;
};
const Universe& universe();

// Whether an identifier starts with an upper-case letter.
bool isExportedName(std::string_view name);
// Whether a and b are the same name for selectors: exported ones everywhere, others within one package (by path).
bool sameName(const Object* a, const Package* pkg, std::string_view name, bool foldCase = false);

}  // namespace burrow::types
