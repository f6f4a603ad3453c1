// What escape analysis found, in gc's words, for -gcflags=-m.
//
//   x.go:7:10: leaking param: p to result ~r0 level=0
//   x.go:8:2: moved to heap: t
//   x.go:9:7: &T{...} does not escape
//
// irgen has left in each allocation's `sym`, behind a blank, what the source has there (Options::describe); a `sym` without
// blank is a variable's name. Functions that only the compiler sees have nothing to say.
#include "ir/text.h"
#include "ir/scopes.h"
#include "passes/escape_flow.h"
#include "passes/passes.h"

#include <algorithm>
#include <cctype>

namespace burrow::passes {

using namespace ir;

namespace {

bool isName(std::string_view s) {
  if (s.empty() || s == "_" || std::isdigit(static_cast<unsigned char>(s[0]))) return false;
  return std::all_of(s.begin(), s.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return std::isalnum(u) || c == '_' || u >= 0x80;
  });
}

// gc shows a variable whose value is known as that value: in a conversion to an interface, and in the sizes of a make. Empty
// when the text is to stay.
std::string withConstants(const Module& module, const Function& fn, const Inst& inst, std::string_view text,
                          const std::unordered_map<uint32_t, ValueId>& onlyStore) {
  auto shown = [&](ValueId v) -> std::string {
    const ValueId known = knownConstant(fn, v, onlyStore);
    if (!known.isValid()) return {};
    const Inst& c = fn[known];
    const bool text = c.op == Op::ConstString;
    if (!text && !module.types.isInteger(c.type)) return {};
    const std::string value = text ? quote(module.str(c.sym)) : std::to_string(c.imm);
    std::string type = module.types.goString(c.type);
    if (type == (text ? "string" : "int")) return value;
    if (type.starts_with(module.name + ".")) type.erase(0, module.name.size() + 1);
    return type + "(" + value + ")";
  };
  if (inst.op == Op::MakeIface) return isName(text) ? shown(inst.operands[0]) : std::string();
  // make(T, len) or make(T, len, cap).
  if (!text.starts_with("make(") || !text.ends_with(')')) return {};
  std::vector<std::string> parts{""};
  int depth = 0;
  for (char c : text.substr(5, text.size() - 6)) {
    depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.emplace_back();
    } else if (c != ' ' || !parts.back().empty()) {
      parts.back() += c;
    }
  }
  if (parts.size() != 2 && parts.size() != 3) return {};
  // The capacity, or the length that is also that.
  const std::string value = shown(inst.operands[1]);
  if (!value.empty()) parts.back() = value;
  std::string out = "make(" + parts[0];
  for (size_t i = 1; i < parts.size(); i++) out += ", " + parts[i];
  return out + ")";
}

// A function without the path of this package.
std::string shownName(const Module& module, std::string_view symbol) {
  const std::string own = module.path + ".";
  return std::string(symbol.starts_with(own) ? symbol.substr(own.size()) : symbol);
}

// What becomes of a parameter.
template <typename Say>
void reportParam(const std::string& name, const ParamLeak& leak, const Function& fn, bool mutations, Say say) {
  if (leak.heap >= 0) say((leak.heap == 0 ? "leaking param: " : "leaking param content: ") + name);
  for (auto [result, derefs] : leak.results) {
    const size_t r = static_cast<size_t>(result);
    std::string to = r < fn.resultNames.size() && isName(fn.resultNames[r]) ? fn.resultNames[r] : "~r" + std::to_string(result);
    say("leaking param: " + name + " to result " + to + " level=" + std::to_string(derefs));
  }
  if (mutations) {
    if (leak.mutates >= 0) say("mutates param: " + name + " derefs=" + std::to_string(leak.mutates));
    if (leak.calls >= 0) say("calls param: " + name + " derefs=" + std::to_string(leak.calls));
  }
  if (!leak.none()) return;
  if (!mutations) {
    say(name + " does not escape");
  } else if (leak.mutates < 0 && leak.calls < 0) {
    say(name + " does not escape, mutate, or call");
  }
}

}  // namespace

void reportForeign(const Module& module, const Function& fn, bool mutations, std::vector<Note>& notes) {
  if (fn.scopes.empty()) return;
  const TypeData& signature = module.types.get(fn.type);
  for (size_t i = 0; i < fn.paramLocs.size() && i < signature.params.size(); i++) {
    if (!isName(fn.paramNames[i]) || !module.types.hasPointers(signature.params[i])) continue;
    ParamLeak leak;
    if (!fn.attributes.noEscape) leak.toHeap(0);
    const Loc& loc = fn.paramLocs[i];
    reportParam(fn.paramNames[i], leak, fn, mutations && !fn.attributes.noEscape,
                [&](std::string text) { notes.push_back({fn.scopes[0].file, loc.line, loc.column, std::move(text)}); });
  }
}

void reportEscape(const Module& module, const EscapeGraph& graph, const EscapeFunction& f, bool mutations, std::vector<Note>& notes) {
  const Function& fn = *f.fn;
  // The wrappers of go and defer statements make the slices for `...`.
  if ((fn.attributes.wrapper && !fn.attributes.statement) || fn.scopes.empty() || module.files.size() <= fn.scopes[0].file) return;
  auto say = [&](Loc loc, std::string text) {
    const uint32_t file = outermost(fn, loc);  // what was inlined is where the outermost call is
    if (loc.line != 0) notes.push_back({file, loc.line, loc.column, std::move(text)});
  };
  const auto onlyStore = singleStores(fn);
  const bool initialiser = fn.name == module.path + ".init";  // of package variables
  std::vector<std::pair<uint32_t, uint32_t>> moved;
  for (auto [v, loc] : f.objects) {
    const Inst& inst = fn[v];
    const bool escapes = graph[loc].escapes;
    std::string_view text = module.str(inst.sym);
    if (inst.op == Op::Closure || inst.op == Op::FuncAddr) {
      const Function* inner = module.function(text);
      if (inst.op == Op::Closure && inst.imm != 0) {
        std::string_view method = module.str(SymId{static_cast<uint32_t>(inst.imm)});
        say(inst.loc, std::string(method.substr(1)) + (escapes ? " escapes to heap" : " does not escape"));
        continue;
      }
      if (inner == nullptr || inner->attributes.wrapper || text.ends_with("-fm") || text.find("-range") != std::string_view::npos) continue;
      text = " func literal";
    }
    if (fn.attributes.wrapper && text != " ... argument") continue;
    if (inst.op == Op::GrowSlice && text.empty()) text = " append";  // of a body of another package
    // What a package variable starts with is there before anything is analysed.
    if (initialiser && escapes && text.ends_with('}')) continue;
    if (text.empty()) continue;
    if (text[0] == ' ') {
      if (inst.op == Op::StringToBytes && ((inst.flags & kNoCopy) || (!escapes && !graph[loc].mutated))) say(inst.loc, "zero-copy string->[]byte conversion");
      std::string literal;
      if (inst.op == Op::MakeIface || inst.op == Op::MakeSlice) literal = withConstants(module, fn, inst, text.substr(1), onlyStore);
      if (!literal.empty()) {
        say(inst.loc, literal + (escapes ? " escapes to heap" : " does not escape"));
        continue;
      }
      say(inst.loc, std::string(text.substr(1)) + (escapes ? " escapes to heap" : " does not escape"));
    } else if (escapes && isName(text)) {
      say(inst.loc, "moved to heap: " + std::string(text));
      moved.emplace_back(inst.loc.line, inst.loc.column);
    }
  }
  for (const Block& block : fn.blocks) {
    for (ValueId v : block.insts) {
      const Inst& inst = fn[v];
      if (!(inst.flags & kSelfAssign) || !inst.sym.isValid()) continue;
      say(inst.loc, shownName(module, fn.name) + " ignoring self-assignment in" + std::string(module.str(inst.sym)));
    }
  }
  if (fn.attributes.wrapper) return;
  const TypeData& signature = module.types.get(fn.type);
  for (size_t i = 0; i < signature.params.size() && i < fn.paramNames.size(); i++) {
    const std::string& name = fn.paramNames[i];
    if (!isName(name) || !module.types.hasPointers(signature.params[i])) continue;
    const ParamLeak& leak = f.leaks[i];
    const Loc& loc = fn[fn.blocks[0].params[i]].loc;
    if (std::find(moved.begin(), moved.end(), std::pair<uint32_t, uint32_t>(loc.line, loc.column)) != moved.end()) continue;
    reportParam(name, leak, fn, mutations, [&](std::string text) { say(loc, std::move(text)); });
  }
}

}  // namespace burrow::passes
