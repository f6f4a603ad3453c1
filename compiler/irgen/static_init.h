// Values that are known at compile time, as bytes and relocations.
//
// A package variable whose initialiser is static needs no code: its Global carries the value. Literals inside functions
// are copied from such data. Each question is asked twice, first without any effect (`can...`) and then to write, so that
// half-static expressions leave nothing behind.
#pragma once

#include "irgen/function_gen.h"

namespace burrow::irgen {

class StaticInit {
 public:
  // `gen` is the function that the expression belongs to: its types, its closures' names.
  explicit StaticInit(FunctionGen& gen) : gen_(gen), T_(gen.T()) {}

  // The value of e, converted to `type`, at `offset` of `data`, when it is the same for every evaluation and holds no
  // pointer to an object of its own: constants, functions, addresses of variables, arrays and structs of these.
  bool plain(ir::Global& data, int64_t offset, const syntax::Expr* e, TypeId type);
  // The elements of an array or slice literal, as that array.
  bool plainElements(ir::Global& data, const syntax::CompositeLit* e, TypeId array);
  // As above, and also literals behind pointers, slices and interfaces, which get variables of their own: for what is
  // evaluated once.
  bool once(ir::Global& data, int64_t offset, const syntax::Expr* e, TypeId type);

 private:
  bool isSwitchedOff(const syntax::Expr* e) const;
  bool can(const syntax::Expr* e, TypeId type);
  TypeId fieldAt(TypeId type, std::span<const int> path, int64_t* offset);
  bool canLiteral(const syntax::CompositeLit* e, TypeId type);
  void write(ir::Global& data, int64_t offset, const syntax::Expr* e, TypeId type);
  void writeLiteral(ir::Global& data, int64_t offset, const syntax::CompositeLit* e, TypeId type);
  void writeElements(ir::Global& data, int64_t offset, const syntax::CompositeLit* e, TypeId elem);
  void writeConstant(ir::Global& data, int64_t offset, const types::Constant& c, TypeId type);
  void writeSlice(ir::Global& data, int64_t offset, const std::string& symbol, int64_t length);
  void writeInterface(ir::Global& data, int64_t offset, const syntax::Expr* e, TypeId concrete, TypeId iface);
  void put(ir::Global& data, int64_t offset, const void* bytes, size_t size);
  void putInt(ir::Global& data, int64_t offset, int64_t v) { put(data, offset, &v, sizeof v); }
  void reloc(ir::Global& data, int64_t offset, ir::Global::Reloc::Kind kind, std::string_view symbol, int64_t addend = 0);
  // The variable that x is (a part of), and where in it.
  const types::Var* staticPlace(const syntax::Expr* x, int64_t* offset);
  const types::Func* staticFunction(const syntax::Expr* x);
  TypeId constantType(const syntax::Expr* e, TypeId type);

  FunctionGen& gen_;
  ir::TypeTable& T_;
  bool once_ = false;
};

}  // namespace burrow::irgen
