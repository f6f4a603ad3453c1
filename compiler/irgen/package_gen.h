// One package on its way to a module: what all its functions share.
//
// PackageGen knows the symbol of everything that code can refer to, and makes sure that what is referred to exists: it
// declares functions and variables of other packages, queues instances of generic functions, and makes wrappers and
// method tables for the types that need them. Bodies are lowered one after the other from a queue, never nested, so that
// recursion between instances is no recursion here; closures are the exception, since they share their function's state.
#pragma once

#include "irgen/analysis.h"
#include "irgen/intrinsics.h"
#include "irgen/irgen.h"
#include "irgen/method_set.h"
#include "irgen/types.h"

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace burrow::irgen {

using ir::ValueId;
using source::Pos;

// A function that code can call: its symbol and type, the receiver being the first parameter.
struct Callee {
  std::string symbol;
  TypeId type;
};

// What a body is lowered with; shared by a declared function and the closures in it.
struct BodyContext {
  const types::Package* package = nullptr;
  const types::Info* info = nullptr;
  Env* env = nullptr;
  const BodyFacts* facts = nullptr;
  types::LangVersion version;
  bool instance = false;  // of generic code: closures are LinkOnce as the function is
};

class PackageGen {
 public:
  PackageGen(const Program& program, const types::Package& package, ir::Module& module, const Options& options,
             source::Diagnostics& diagnostics);

  // Lowers everything. Once.
  void run();

  const Program& program() const { return program_; }
  const types::Package& package() const { return package_; }
  ir::Module& module() { return module_; }
  ir::TypeTable& table() { return module_.types; }
  TypeMap& types() { return types_; }
  MethodSets& methods() { return methods_; }
  const Options& options() const { return options_; }
  source::Diagnostics& diagnostics() { return diagnostics_; }

  // --- functions.cpp: symbols of functions ---------------------------------------------------------------------
  // A declared function, instantiated with `args`. Declares it in the module and queues an instance's body.
  Callee function(const types::Func* f, const std::vector<TypeId>& args);
  // The method `f` as declared on `holder` (a defined type, not a pointer), generic ones with `args`.
  Callee method(TypeId holder, const types::Func* f, const std::vector<TypeId>& args);
  // A function of the module that is not declared in the source (closure, wrapper): adds it under a free name.
  ir::Function& addFunction(std::string name, TypeId type, ir::Linkage linkage);
  const IntrinsicSpec* intrinsic(const types::Func* f) const;
  uint32_t fileIndex(std::string_view file);
  // Makes the function's scope 0 and the lines that it begins and ends at.
  void locate(ir::Function& fn, Pos start, Pos end);

  // The symbol of a package variable, declared in the module.
  std::string variable(const types::Var* v);
  // A new global for static data, with a name of its own.
  ir::Global& addStatic(TypeId type, bool readOnly);

  // --- wrappers.cpp --------------------------------------------------------------------------------------------
  // The function whose first parameter is a receiver of exactly the type `receiver` (T or *T): the method itself, or a
  // wrapper that finds the way.
  Callee methodOf(TypeId receiver, const MethodEntry& e, const std::vector<TypeId>& args = {});
  TypeId withoutReceiver(TypeId func);
  // The function I.M of an interface type.
  Callee interfaceMethod(TypeId iface, size_t index);
  // The function behind a method value x.M: captures the receiver, which has the type of `callee`'s first parameter.
  std::string boundMethod(const Callee& callee, bool isInterface, size_t index, TypeId receiver);
  // `t` may become visible at run time: its descriptor is emitted, with its methods.
  void needDescriptor(TypeId t);
  // `t` is converted to an interface or looked for in one: an itab may be built from its method table.
  void needMethods(TypeId t);

  // The analysis of a function declaration, made once.
  const BodyFacts& facts(const types::Func* f);
  types::LangVersion versionAt(const types::Package& p, Pos pos) const;

  // Type descriptors that instructions refer to lead to methods, whose bodies are lowered here.
  void noteFunction(const ir::Function& fn);

 private:
  struct Pending {
    ir::Function* fn;
    const types::Func* func;
    Env* env;
    TypeId receiver;  // invalid: a function
    bool instance;
  };

  // --- functions.cpp
  const std::string* linkname(const types::Package* p, std::string_view name);
  std::string escapedPath(const types::Package* p);
  Callee declare(std::string symbol, TypeId type, const types::Func* f, Env* env, TypeId receiver, bool instance);
  // --- package.cpp
  void declareFunctions();
  void drain();
  void lower(const Pending& p);
  void lowerIntrinsicBody(ir::Function& fn, const IntrinsicSpec& spec);
  void declareTypes();
  void initialise();
  // --- wrappers.cpp
  std::string methodName(TypeId receiver, std::string_view name, std::string_view pkgPath);
  void makeWrapper(ir::Function& fn, TypeId receiver, const MethodEntry& e, const std::vector<TypeId>& typeArgs);
  void setMethods(TypeId t);
  bool ownsCode(TypeId base) const;
  void describe(TypeId t);

  const Program& program_;
  const types::Package& package_;
  ir::Module& module_;
  const Options& options_;
  source::Diagnostics& diagnostics_;
  TypeMap types_;
  MethodSets methods_;

  std::deque<Pending> queue_;
  std::deque<TypeId> descriptorQueue_;
  std::unordered_set<uint32_t> described_, tabled_;
  std::unordered_map<const types::Func*, std::unique_ptr<BodyFacts>> facts_;
  std::unordered_map<const types::Package*, std::string> escaped_;
  std::unordered_map<const types::Package*, std::unordered_map<std::string_view, std::string>> linknames_;
  std::unordered_map<const types::Var*, std::string> variables_;
  std::unordered_map<const types::Func*, std::string> plain_;  // symbols of functions that are not generic
  std::unordered_map<std::string, uint32_t> files_;
  size_t statics_ = 0;
  size_t inits_ = 0;
};

}  // namespace burrow::irgen
