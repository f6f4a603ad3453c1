// See dump_types.h.
#include "driver/dump_types.h"

#include "syntax/print.h"
#include "syntax/walk.h"
#include "types/info.h"
#include "types/type_string.h"

#include <fmt/format.h>

namespace burrow::driver {

namespace {

const char* modeName(types::Mode mode) {
  switch (mode) {
    case types::Mode::None: return "none";
    case types::Mode::Invalid: return "invalid";
    case types::Mode::NoValue: return "no value";
    case types::Mode::Builtin: return "built-in";
    case types::Mode::TypeExpr: return "type";
    case types::Mode::Constant: return "constant";
    case types::Mode::Variable: return "variable";
    case types::Mode::MapIndex: return "map index";
    case types::Mode::Value: return "value";
    case types::Mode::NilValue: return "nil";
    case types::Mode::CommaOk: return "comma, ok";
    case types::Mode::CommaErr: return "comma, err";
    case types::Mode::CgoFunc: return "cgo";
  }
  return "?";
}

class Dump {
 public:
  Dump(const types::Package& package, const source::SourceFiles& files) : package_(package), files_(files) {}

  std::string run() {
    out_ += fmt::format("package {} ({})\n", package_.name, package_.path);
    for (types::Object* object : package_.scope->objects())
      out_ += fmt::format("  {}\n", types::objectString(object, &package_));
    if (!package_.info->initOrder.empty()) out_ += "initialised in this order\n";
    for (const types::Initializer& init : package_.info->initOrder) {
      std::string names;
      for (const types::Var* v : init.lhs) names += fmt::format("{}{}", names.empty() ? "" : ", ", v->name);
      out_ += fmt::format("  {} = {}\n", names, syntax::exprString(init.rhs));
    }
    out_ += "expressions\n";
    for (const syntax::File* file : package_.files) visit(file);
    return std::move(out_);
  }

 private:
  void visit(const syntax::Node* node) {
    if (auto* e = syntax::dynAs<syntax::Expr>(node); e && e->id < package_.info->exprs.size()) {
      const types::ExprInfo& info = package_.info->of(e);
      if (info.mode != types::Mode::None && info.type) {
        source::Position p = files_.position(e->pos);
        out_ += fmt::format("  {}:{}:{}: {}: {} {}", p.file, p.line, p.column, syntax::exprString(e),
                            modeName(info.mode), types::typeString(info.type, &package_));
        if (info.value) out_ += fmt::format(" = {}", info.value->str());
        out_ += '\n';
      }
    }
    syntax::forEachChild(node, [&](const syntax::Node* child) { visit(child); });
  }

  const types::Package& package_;
  const source::SourceFiles& files_;
  std::string out_;
};

}  // namespace

std::string dumpTypes(const types::Package& package, const source::SourceFiles& files) {
  return Dump(package, files).run();
}

}  // namespace burrow::driver
