// IR to text; see text.h and docs/ir.md.
#include "ir/text.h"
#include "ir/scopes.h"

#include <fmt/format.h>

#include <bit>
#include <iterator>

namespace burrow::ir {

std::string quote(std::string_view s) {
  std::string out = "\"";
  for (unsigned char c : s) {
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      default:
        if (c < 0x20 || c >= 0x7f) {
          fmt::format_to(std::back_inserter(out), "\\x{:02x}", c);
        } else {
          out += static_cast<char>(c);
        }
    }
  }
  return out + '"';
}

namespace {

struct FlagName {
  uint8_t flag;
  const char* name;
};
constexpr FlagName kFlagNames[] = {
    {kOnStack, "onstack"}, {kCommaOk, "commaok"},   {kInLoop, "inloop"}, {kResultSlot, "resultslot"},
    {kTestOnly, "test"},   {kNoCopy, "nocopy"},    {kSelfAssign, "self"}, {kRest, "rest"},
};

constexpr const char* kLinkageNames[] = {"external", "internal", "linkonce"};

class Printer {
 public:
  explicit Printer(const Module& module) : module_(module), types_(module.types) {}

  std::string out;

  void function(const Function& fn) {
    put("func {} {} {}", quote(fn.name), kLinkageNames[static_cast<int>(fn.linkage)], types_.str(fn.type, true));
    const FunctionAttributes& a = fn.attributes;
    for (auto [set, name] : {std::pair{a.noInline, "noinline"}, {a.noSplit, "nosplit"}, {a.wrapper, "wrapper"},
                             {a.statement, "statement"}, {a.hasDefer, "hasdefer"}, {a.hasRecover, "hasrecover"},
                             {a.foreign, "foreign"}, {a.noEscape, "noescape"}, {a.keep, "keep"}}) {
      if (set) put(" {}", name);
    }
    if (!fn.captures.empty()) {
      out += " captures(";
      for (size_t i = 0; i < fn.captures.size(); i++) put("{}{}", i ? ", " : "", types_.str(fn.captures[i], true));
      out += ')';
    }
    if (fn.inlining.cost >= 0 && fn.inlining.obstacle.empty()) {
      put(" cost({}{})", fn.inlining.cost, fn.inlining.literal ? ", literal" : "");
    }
    if (!fn.escape.empty()) put(" escape {}", quote(fn.escape));
    if (fn.recoverBlock.isValid()) put(" recover(b{})", fn.recoverBlock.value);
    if (fn.startLine != 0) put(" lines({}, {})", fn.startLine, fn.endLine);
    if (!fn.hasBody) {
      out += "\n\n";
      return;
    }
    out += " {\n";
    for (size_t i = 0; i < fn.scopes.size(); i++) {
      const Scope& s = fn.scopes[i];
      if (i == 0 && s.file == 0 && !s.function.isValid()) continue;
      put("  scope {} file {} {} start {}", i, s.file, quote(module_.str(s.function)), s.startLine);
      if (i != 0 && isPart(s)) {
        put(" within {}", s.parent);
      } else if (i != 0) {
        put(" parent {} at {}:{}", s.parent, s.callSite.line, s.callSite.column);
      }
      out += '\n';
    }
    for (size_t i = 0; i < fn.paramNames.size(); i++) put("  name {} {}\n", i, quote(fn.paramNames[i]));
    for (size_t b = 0; b < fn.blocks.size(); b++) block(fn, b);
    out += "}\n\n";
  }

  void module() {
    put("module {} {}\n", quote(module_.path), quote(module_.name));
    for (size_t i = 0; i < module_.files.size(); i++) put("file {} {}\n", i, quote(module_.files[i]));
    for (const std::string& path : module_.imports) put("import {}\n", quote(path));
    for (const std::string& name : module_.initFunctions) put("init {}\n", quote(name));
    namedTypes();
    for (TypeId t : module_.descriptors) put("descriptor {}\n", types_.str(t, true));
    out += '\n';
    for (const auto& g : module_.globals) global(*g);
    for (const auto& f : module_.functions) function(*f);
  }

 private:
  template <typename... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
  }

  void namedTypes() {
    for (uint32_t i = 1; i < types_.size(); i++) {
      const TypeData& d = types_[TypeId{i}];
      if (d.kind != TypeKind::Named) continue;
      put("type {} = {}", quote(d.name), types_.str(d.elem, true));
      if (!d.goName.empty()) put(" go {}", quote(d.goName));
      if (!d.pkgPath.empty()) put(" pkg {}", quote(d.pkgPath));
      if (d.foreignLower) out += " lower";
      if (d.external) out += " external";
      out += '\n';
    }
    for (uint32_t i = 1; i < types_.size(); i++) {
      for (const Method& m : types_.methodsOf(TypeId{i})) {
        put("method {} {} {} {} = {} {}\n", types_.str(TypeId{i}, true), m.name, quote(m.pkgPath), types_.str(m.type, true),
            quote(m.ifn), quote(m.tfn));
      }
    }
  }

  void global(const Global& g) {
    put("global {} {} {}", quote(g.name), kLinkageNames[static_cast<int>(g.linkage)], types_.str(g.type, true));
    if (g.readOnly) out += " readonly";
    if (g.external) out += " extern";
    if (!g.data.empty()) {
      put(" data {}", quote({reinterpret_cast<const char*>(g.data.data()), g.data.size()}));
    }
    for (const Global::Reloc& r : g.relocs) {
      static constexpr const char* kinds[] = {"global", "func", "code", "string", "type", "itab"};
      put(" reloc {} {}", r.offset, kinds[r.kind]);
      switch (r.kind) {
        case Global::Reloc::TypeAddr:
          put(" {}", types_.str(r.type, true));
          break;
        case Global::Reloc::ItabAddr:
          put(" {} {}", types_.str(r.type, true), types_.str(r.iface, true));
          break;
        default:
          put(" {}", quote(module_.str(r.sym)));
      }
      if (r.addend != 0) put(" + {}", r.addend);
    }
    out += '\n';
  }

  void params(const Function& fn, const std::vector<ValueId>& list) {
    out += '(';
    for (size_t i = 0; i < list.size(); i++) {
      put("{}v{} {}", i ? ", " : "", list[i].value, types_.str(fn[list[i]].type, true));
      if (fn[list[i]].depth != 0) put(" depth {}", fn[list[i]].depth);
    }
    out += ')';
  }

  void block(const Function& fn, size_t index) {
    const Block& b = fn.blocks[index];
    put("b{}", index);
    if (!b.params.empty()) params(fn, b.params);
    out += ":\n";
    for (ValueId v : b.insts) inst(fn, v);
  }

  void inst(const Function& fn, ValueId v) {
    const Inst& i = fn[v];
    if (i.type.isValid()) {
      put("  v{} {} = ", v.value, types_.str(i.type, true));
    } else {
      out += "  ";
    }
    out += opName(i.op);
    for (size_t n = 0; n < i.operands.size(); n++) put("{}v{}", n ? ", " : " ", i.operands[n].value);
    immediate(i);
    if (i.sym.isValid() || i.op == Op::ConstString) put(" @{}", quote(module_.str(i.sym)));
    if (i.typeArg.isValid()) put(" <{}>", types_.str(i.typeArg, true));
    for (const FlagName& f : kFlagNames) {
      if (i.flags & f.flag) put(" {}", f.name);
    }
    if (i.depth != 0) put(" depth {}", i.depth);
    for (size_t n = 0; n < i.edges.size(); n++) {
      const Edge& e = i.edges[n];
      out += n ? ", " : " ";
      if (i.op == Op::Switch && n != 0) put("{}: ", e.caseValue);
      put("b{}", e.block.value);
      if (!e.args.empty()) {
        out += '(';
        for (size_t a = 0; a < e.args.size(); a++) put("{}v{}", a ? ", " : "", e.args[a].value);
        out += ')';
      }
    }
    if (i.loc.line != 0) {
      put(" !{}:{}", i.loc.line, i.loc.column);
      if (i.loc.scope != 0) put(":{}", i.loc.scope);
    }
    out += '\n';
  }

  void immediate(const Inst& i) {
    switch (i.op) {
      case Op::CallRuntime:
        put(" #{}", runtimeFn(static_cast<RuntimeFn>(i.imm)).name);
        break;
      case Op::Intrinsic:
        put(" #{}", intrinsicName(static_cast<IntrinsicKind>(i.imm)));
        break;
      case Op::ConstFloat:
        put(" #{}", fmt::format("0x{:016x}", static_cast<uint64_t>(i.imm)));
        put(" ;{:g};", std::bit_cast<double>(i.imm));
        break;
      case Op::ConstInt:
      case Op::Field:
      case Op::FieldAddr:
      case Op::Element:
      case Op::TupleGet:
      case Op::BoundsCheck:
      case Op::CallInterface:
      case Op::Captured:
      case Op::StringWord:
      case Op::Select:
        put(" #{}", i.imm);
        break;
      default:
        if (i.imm != 0) put(" #{}", i.imm);
    }
  }

  const Module& module_;
  const TypeTable& types_;
};

}  // namespace

std::string print(const Module& module) {
  Printer p(module);
  p.module();
  return std::move(p.out);
}

std::string print(const Module& module, const Function& function) {
  Printer p(module);
  p.function(function);
  return std::move(p.out);
}

}  // namespace burrow::ir
