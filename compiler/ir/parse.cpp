// Text to IR; see text.h and docs/ir.md.
//
// A hand-written recursive-descent reader over one token of look-ahead. The first mistake ends it: IR text comes from the
// printer or from a test's author, who wants the place of the first mistake and nothing else. Values and blocks get the
// ids that the text gives them, so that text and module speak of the same v7.
#include "ir/text.h"
#include "ir/scopes.h"

#include <fmt/format.h>

#include <charconv>

namespace burrow::ir {
namespace {

class Parser {
 public:
  Parser(std::string_view text, Module& module, Fragment* fragment = nullptr)
      : text_(text), module_(module), types_(module.types), fragment_(fragment) {
    next();
  }

  bool run(std::string* error) {
    if (fragment_ == nullptr) {
      expect("module");
      module_.path = str();
      module_.name = str();
    }
    declarations();
    if (!failed_) return true;
    *error = message_;
    return false;
  }

 private:
  enum class Tok { End, Ident, Number, String, Punct };

  // ---- tokens

  void next() {
    onNewLine_ = false;
    for (;;) {
      while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
        if (text_[at_] == '\n') onNewLine_ = true;
        at_++;
      }
      if (at_ + 1 < text_.size() && text_[at_] == '/' && text_[at_ + 1] == '/') {
        while (at_ < text_.size() && text_[at_] != '\n') at_++;
        continue;
      }
      // ;...; on one line is a remark of the printer's.
      if (at_ < text_.size() && text_[at_] == ';' && remark()) continue;
      break;
    }
    start_ = at_;
    if (at_ == text_.size()) {
      tok_ = Tok::End;
      return;
    }
    char c = text_[at_];
    if (isIdentStart(c)) {
      while (at_ < text_.size() && (isIdentStart(text_[at_]) || isDigit(text_[at_]))) at_++;
      tok_ = Tok::Ident;
    } else if (isDigit(c) || (c == '-' && at_ + 1 < text_.size() && isDigit(text_[at_ + 1]))) {
      at_++;
      while (at_ < text_.size() && (isDigit(text_[at_]) || isIdentStart(text_[at_]))) at_++;
      tok_ = Tok::Number;
    } else if (c == '"') {
      string();
    } else {
      at_++;
      if (c == '<' && at_ < text_.size() && text_[at_] == '-') at_++;
      if (c == '.' && text_.substr(at_, 2) == "..") at_ += 2;
      tok_ = Tok::Punct;
    }
    token_ = text_.substr(start_, at_ - start_);
  }

  bool remark() {
    size_t end = text_.find_first_of(";\n", at_ + 1);
    // In a struct or interface type `;` separates; a remark is a number between two of them.
    if (end == std::string_view::npos || text_[end] != ';' || at_ + 1 == end || text_[at_ + 1] == ' ') return false;
    at_ = end + 1;
    return true;
  }

  void string() {
    string_.clear();
    at_++;
    while (at_ < text_.size() && text_[at_] != '"') {
      char c = text_[at_++];
      if (c != '\\') {
        string_ += c;
        continue;
      }
      if (at_ == text_.size()) break;
      c = text_[at_++];
      if (c == 'n') {
        string_ += '\n';
      } else if (c == 't') {
        string_ += '\t';
      } else if (c == 'x' && at_ + 2 <= text_.size()) {
        unsigned value = 0;
        std::from_chars(text_.data() + at_, text_.data() + at_ + 2, value, 16);
        string_ += static_cast<char>(value);
        at_ += 2;
      } else {
        string_ += c;
      }
    }
    if (at_ == text_.size()) fail("string not terminated");
    if (at_ < text_.size()) at_++;
    tok_ = Tok::String;
  }

  static bool isDigit(char c) { return c >= '0' && c <= '9'; }
  static bool isIdentStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  }

  void fail(std::string_view what) {
    if (failed_) return;
    failed_ = true;
    size_t line = 1, column = 1;
    for (size_t i = 0; i < start_ && i < text_.size(); i++) {
      if (text_[i] == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    message_ = fmt::format("{}:{}: {}", line, column, what);
    // Everything that reads on sees the end.
    at_ = text_.size();
    tok_ = Tok::End;
    token_ = {};
  }

  bool is(std::string_view s) const { return (tok_ == Tok::Ident || tok_ == Tok::Punct) && token_ == s; }
  bool accept(std::string_view s) {
    if (!is(s)) return false;
    next();
    return true;
  }
  void expect(std::string_view s) {
    if (!accept(s)) fail(fmt::format("expected {}, found {}", s, tok_ == Tok::End ? "end of text" : token_));
  }
  std::string ident() {
    std::string s(token_);
    if (tok_ != Tok::Ident) fail("expected a name");
    next();
    return s;
  }
  std::string str() {
    if (tok_ != Tok::String) fail("expected a string");
    std::string s = std::move(string_);
    next();
    return s;
  }
  int64_t number() {
    std::string_view s = token_;
    if (tok_ != Tok::Number) {
      fail("expected a number");
      return 0;
    }
    int64_t value = 0;
    if (s.starts_with("0x")) {
      uint64_t u = 0;
      std::from_chars(s.data() + 2, s.data() + s.size(), u, 16);
      value = static_cast<int64_t>(u);
    } else {
      auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), value);
      if (ec != std::errc() || end != s.data() + s.size()) fail("bad number");
    }
    next();
    return value;
  }
  // "v12" or "b3".
  uint32_t numbered(char prefix) {
    uint32_t value = 0;
    if (tok_ == Tok::Ident && token_.size() > 1 && token_[0] == prefix) {
      auto [end, ec] = std::from_chars(token_.data() + 1, token_.data() + token_.size(), value);
      if (ec == std::errc() && end == token_.data() + token_.size() && value < kMaxId) {
        next();
        return value;
      }
    }
    fail(fmt::format("expected {}N", prefix));
    return 0;
  }
  bool isNumbered(char prefix) const {
    return tok_ == Tok::Ident && token_.size() > 1 && token_[0] == prefix && isDigit(token_[1]);
  }

  // ---- types

  TypeId type() {
    if (++depth_ > kMaxDepth) fail("type nested too deep");
    TypeId t = typeInner();
    depth_--;
    return t;
  }

  TypeId typeInner() {
    if (tok_ == Tok::String) {
      const TypeId t = types_.named(str());
      if (fragment_ != nullptr) fragment_->named.push_back(t);
      return t;
    }
    if (accept("*")) return types_.pointer(type());
    if (accept("<-")) {
      expect("chan");
      return types_.chan(type(), ChanDir::Recv);
    }
    if (accept("[")) {
      if (accept("]")) return types_.slice(type());
      int64_t n = number();
      expect("]");
      return types_.array(type(), n);
    }
    if (accept("(")) {
      TypeId t = type();
      expect(")");
      return t;
    }
    if (accept("chan")) {
      if (accept("<-")) return types_.chan(type(), ChanDir::Send);
      return types_.chan(type(), ChanDir::Both);
    }
    if (accept("map")) {
      expect("[");
      TypeId key = type();
      expect("]");
      return types_.map(key, type());
    }
    if (accept("struct")) return structType();
    if (accept("interface")) return interfaceType();
    if (accept("func")) return signature();
    if (accept("tuple")) return types_.tuple(typeList(nullptr));
    std::string name = ident();
    if (name == "unsafe" && accept(".")) {
      expect("Pointer");
      return types_.unsafePointer();
    }
    for (int k = 1; k < static_cast<int>(TypeKind::UnsafePointer); k++) {
      TypeId t = types_.basic(static_cast<TypeKind>(k));
      if (types_.str(t) == name) return t;
    }
    fail(fmt::format("unknown type {}", name));
    return {};
  }

  std::vector<TypeId> typeList(bool* variadic) {
    std::vector<TypeId> list;
    expect("(");
    while (!failed_ && !is(")")) {
      if (variadic && accept("...")) {
        *variadic = true;
        list.push_back(types_.slice(type()));
      } else {
        list.push_back(type());
      }
      if (!accept(",")) break;
    }
    expect(")");
    return list;
  }

  bool startsType() const {
    return tok_ == Tok::String || is("*") || is("[") || is("(") || is("<-") || is("chan") || is("map") || is("struct") ||
           is("interface") || is("func") || is("tuple") || is("unsafe") || isBasicName();
  }
  bool isBasicName() const {
    if (tok_ != Tok::Ident) return false;
    for (int k = 1; k < static_cast<int>(TypeKind::UnsafePointer); k++) {
      if (types_.str(types_.basic(static_cast<TypeKind>(k))) == token_) return true;
    }
    return false;
  }

  TypeId signature() {
    bool variadic = false;
    std::vector<TypeId> params = typeList(&variadic);
    std::vector<TypeId> results;
    if (onNewLine_) {
      // What stands on the next line is no result.
    } else if (is("(")) {
      results = typeList(nullptr);
    } else if (startsType()) {
      results.push_back(type());
    }
    return types_.func(std::move(params), std::move(results), variadic);
  }

  void memberName(std::string* name, std::string* pkgPath) {
    if (tok_ == Tok::String) {
      *pkgPath = str();
      expect(".");
    }
    *name = ident();
  }

  TypeId structType() {
    std::vector<Field> fields;
    expect("{");
    while (!failed_ && !is("}")) {
      Field f;
      f.embedded = accept("^");
      memberName(&f.name, &f.pkgPath);
      f.type = type();
      if (tok_ == Tok::String) f.tag = str();
      fields.push_back(std::move(f));
      if (!accept(";")) break;
    }
    expect("}");
    return types_.structOf(std::move(fields));
  }

  TypeId interfaceType() {
    std::vector<InterfaceMethod> methods;
    expect("{");
    while (!failed_ && !is("}")) {
      InterfaceMethod m;
      memberName(&m.name, &m.pkgPath);
      m.type = signature();
      methods.push_back(std::move(m));
      if (!accept(";")) break;
    }
    expect("}");
    return types_.interface(std::move(methods));
  }

  // ---- declarations

  void declarations() {
    std::unordered_map<uint32_t, std::vector<Method>> methods;
    while (!failed_ && tok_ != Tok::End) {
      if (accept("file")) {
        const auto n = static_cast<uint32_t>(number());
        std::string file = str();
        if (fragment_ != nullptr) {
          files_[n] = fileNumber(file);
        } else {
          module_.files.push_back(std::move(file));
        }
      } else if (accept("import")) {
        module_.imports.push_back(str());
      } else if (accept("init")) {
        module_.initFunctions.push_back(str());
      } else if (accept("type")) {
        namedType();
      } else if (accept("method")) {
        TypeId t = type();
        Method m;
        m.name = ident();
        m.pkgPath = str();
        m.type = type();
        expect("=");
        m.ifn = str();
        m.tfn = str();
        methods[t.value].push_back(std::move(m));
      } else if (accept("descriptor")) {
        module_.descriptors.push_back(type());
      } else if (accept("global")) {
        global();
      } else if (accept("func")) {
        function();
      } else {
        fail("expected a declaration");
      }
    }
    for (auto& [t, list] : methods) {
      if (fragment_ == nullptr || !types_.hasMethods(TypeId{t})) types_.setMethods(TypeId{t}, std::move(list));
    }
  }

  uint32_t fileNumber(const std::string& file) {
    for (size_t i = 0; i < module_.files.size(); i++) {
      if (module_.files[i] == file) return static_cast<uint32_t>(i);
    }
    module_.files.push_back(file);
    return static_cast<uint32_t>(module_.files.size() - 1);
  }

  void namedType() {
    TypeId t = types_.named(str());
    expect("=");
    TypeId underlying = type();
    if (failed_) return;
    if (types_.underlying(underlying) == t) {
      fail("type is its own underlying type");
      return;
    }
    types_.setUnderlying(t, underlying);
    TypeData& d = types_.namedData(t);
    if (accept("go")) d.goName = str();
    if (accept("pkg")) types_.namedData(t).pkgPath = str();
    if (accept("lower")) types_.namedData(t).foreignLower = true;
    if (accept("external")) types_.namedData(t).external = true;
  }

  Linkage linkage() {
    if (accept("external")) return Linkage::External;
    if (accept("internal")) return Linkage::Internal;
    expect("linkonce");
    return Linkage::LinkOnce;
  }

  void global() {
    std::string name = str();
    const bool known = module_.global(name) != nullptr;
    if (known && fragment_ == nullptr) return fail("global declared twice");
    Linkage link = linkage();
    TypeId t = type();
    Global scratch;
    Global& g = known ? scratch : module_.addGlobal(name, t);
    g.linkage = link;
    g.readOnly = accept("readonly");
    g.external = accept("extern");
    if (accept("data")) {
      std::string bytes = str();
      g.data.assign(bytes.begin(), bytes.end());
    }
    while (accept("reloc")) {
      Global::Reloc r{};
      r.offset = number();
      if (accept("type")) {
        r.kind = Global::Reloc::TypeAddr;
        r.type = type();
      } else if (accept("itab")) {
        r.kind = Global::Reloc::ItabAddr;
        r.type = type();
        r.iface = type();
      } else {
        r.kind = accept("global")   ? Global::Reloc::GlobalAddr
                 : accept("code")   ? Global::Reloc::FuncCode
                 : accept("string") ? Global::Reloc::StringData
                                    : (expect("func"), Global::Reloc::FuncValue);
        r.sym = module_.intern(str());
      }
      if (accept("+")) r.addend = number();
      g.relocs.push_back(r);
    }
  }

  void function() {
    std::string name = str();
    const bool known = module_.function(name) != nullptr;
    if (known && fragment_ == nullptr) return fail("function declared twice");
    Linkage link = linkage();
    TypeId t = type();
    if (failed_) return;
    if (types_.kind(t) != TypeKind::Func) return fail("not a function type");
    // Whether it has a body is seen at the end of the line.
    Function scratch;
    Function& fn = fragment_ == nullptr ? module_.addFunction(name, t) : scratch;
    fn.name = name;
    fn.type = t;
    fn.linkage = link;
    FunctionAttributes& a = fn.attributes;
    for (bool more = true; more && !failed_;) {
      more = false;
      for (auto [flag, text] : {std::pair{&a.noInline, "noinline"}, {&a.noSplit, "nosplit"}, {&a.wrapper, "wrapper"},
                                {&a.statement, "statement"}, {&a.hasDefer, "hasdefer"}, {&a.hasRecover, "hasrecover"},
                                {&a.foreign, "foreign"}, {&a.noEscape, "noescape"}, {&a.keep, "keep"}}) {
        if (accept(text)) *flag = more = true;
      }
      if (is("captures")) {
        next();
        fn.captures = typeList(nullptr);
        more = true;
      } else if (accept("escape")) {
        fn.escape = str();
        more = true;
      } else if (accept("recover")) {
        expect("(");
        fn.recoverBlock = BlockId{numbered('b')};
        expect(")");
        more = true;
      } else if (accept("cost")) {
        expect("(");
        fn.inlining.cost = static_cast<int32_t>(number());
        if (accept(",")) {
          expect("literal");
          fn.inlining.literal = true;
        }
        expect(")");
        more = true;
      } else if (accept("lines")) {
        expect("(");
        fn.startLine = static_cast<uint32_t>(number());
        expect(",");
        fn.endLine = static_cast<uint32_t>(number());
        expect(")");
        more = true;
      }
    }
    if (!accept("{")) {
      if (fragment_ != nullptr && !known && !failed_) module_.addFunction(name, t) = std::move(scratch);
      return;
    }
    fn.hasBody = true;
    body(fn);
    if (fn.scopes.empty()) fn.scopes.emplace_back();
    if (fragment_ != nullptr && fragment_->body != nullptr) *fragment_->body = std::move(scratch);
  }

  void body(Function& fn) {
    while (!failed_ && !is("}")) {
      if (accept("scope")) {
        size_t index = static_cast<size_t>(number());
        if (index > fn.scopes.size() + 1) return fail("scopes out of order");
        if (fn.scopes.size() <= index) fn.scopes.resize(index + 1);
        Scope& s = fn.scopes[index];
        expect("file");
        s.file = static_cast<uint32_t>(number());
        if (fragment_ != nullptr) s.file = files_[s.file];
        s.function = module_.intern(str());
        expect("start");
        s.startLine = static_cast<uint32_t>(number());
        if (accept("parent")) {
          s.parent = static_cast<uint16_t>(number());
          expect("at");
          s.callSite.line = static_cast<uint32_t>(number());
          expect(":");
          s.callSite.column = static_cast<uint16_t>(number());
        } else if (accept("within")) {
          s.callSite.scope = kPartOfScope;
          s.parent = static_cast<uint16_t>(number());
        }
      } else if (accept("name")) {
        number();
        fn.paramNames.push_back(str());
      } else {
        block(fn);
      }
    }
    expect("}");
    numberUnnamed(fn);
  }

  Inst& value(Function& fn, uint32_t id) {
    if (fn.values.size() <= id) fn.values.resize(id + 1);
    return fn.values[id];
  }

  void block(Function& fn) {
    uint32_t index = numbered('b');
    if (failed_) return;
    if (fn.blocks.size() <= index) fn.blocks.resize(index + 1);
    if (accept("(")) {
      while (!failed_ && !is(")")) {
        uint32_t id = numbered('v');
        TypeId t = type();
        if (failed_) return;
        Inst& inst = value(fn, id);
        inst.op = Op::Param;
        inst.type = t;
        if (accept("depth")) inst.depth = static_cast<uint16_t>(number());
        fn.blocks[index].params.push_back(ValueId{id});
        if (!accept(",")) break;
      }
      expect(")");
    }
    expect(":");
    while (!failed_ && tok_ != Tok::End && !is("}") && !isNumbered('b')) instruction(fn, index);
  }

  void instruction(Function& fn, uint32_t block) {
    Inst inst{};
    uint32_t id = 0;
    if (isNumbered('v')) {
      id = numbered('v');
      inst.type = type();
      expect("=");
    }
    std::optional<Op> op = opByName(token_);
    if (tok_ != Tok::Ident || !op) return fail(fmt::format("unknown operation {}", token_));
    inst.op = *op;
    next();
    // On the next line a value is the next instruction's result.
    if (isNumbered('v') && !onNewLine_) {
      do {
        inst.operands.push_back(ValueId{numbered('v')});
      } while (!failed_ && accept(","));
    }
    if (accept("#")) immediate(inst);
    if (accept("@")) inst.sym = module_.intern(str());
    if (accept("<")) {
      inst.typeArg = type();
      expect(">");
    }
    for (auto [flag, text] : {std::pair{kOnStack, "onstack"}, {kCommaOk, "commaok"}, {kInLoop, "inloop"},
                              {kResultSlot, "resultslot"}, {kTestOnly, "test"}, {kNoCopy, "nocopy"}, {kSelfAssign, "self"},
                              {kRest, "rest"}}) {
      if (accept(text)) inst.flags |= flag;
    }
    if (accept("depth")) inst.depth = static_cast<uint16_t>(number());
    if (isTerminator(inst.op)) edges(inst);
    if (accept("!")) {
      inst.loc.line = static_cast<uint32_t>(number());
      expect(":");
      inst.loc.column = static_cast<uint16_t>(number());
      if (accept(":")) inst.loc.scope = static_cast<uint16_t>(number());
    }
    if (failed_) return;
    if (id == 0) {
      unnamed_.push_back({block, fn.blocks[block].insts.size(), std::move(inst)});
      fn.blocks[block].insts.push_back(ValueId{0});
    } else {
      Inst& slot = value(fn, id);
      if (slot.type.isValid()) return fail("value defined twice");
      slot = std::move(inst);
      fn.blocks[block].insts.push_back(ValueId{id});
    }
  }

  // Gives the instructions without a result their ids, behind those that the text names.
  void numberUnnamed(Function& fn) {
    for (Unnamed& u : unnamed_) {
      ValueId v{static_cast<uint32_t>(fn.values.size())};
      fn.values.push_back(std::move(u.inst));
      fn.blocks[u.block].insts[u.index] = v;
    }
    unnamed_.clear();
  }

  void immediate(Inst& inst) {
    switch (inst.op) {
      case Op::CallRuntime: {
        std::string name = ident();
        for (size_t i = 0; i < runtimeFnCount(); i++) {
          if (name == runtimeFn(static_cast<RuntimeFn>(i)).name) {
            inst.imm = static_cast<int64_t>(i);
            return;
          }
        }
        return fail(fmt::format("unknown runtime function {}", name));
      }
      case Op::Intrinsic: {
        std::string name = ident();
        std::optional<IntrinsicKind> kind = intrinsicByName(name);
        if (!kind) return fail(fmt::format("unknown intrinsic {}", name));
        inst.imm = static_cast<int64_t>(*kind);
        return;
      }
      default:
        inst.imm = number();
    }
  }

  void edges(Inst& inst) {
    while (!failed_ && (isNumbered('b') || tok_ == Tok::Number)) {
      // `b1:` at the start of a line is the next block, not an edge.
      if (isNumbered('b') && at_ < text_.size() && (text_[at_] == ':' || startsBlock())) return;
      Edge e;
      if (tok_ == Tok::Number) {
        e.caseValue = number();
        expect(":");
      }
      e.block = BlockId{numbered('b')};
      if (accept("(")) {
        while (!failed_ && !is(")")) {
          e.args.push_back(ValueId{numbered('v')});
          if (!accept(",")) break;
        }
        expect(")");
      }
      inst.edges.push_back(std::move(e));
      if (!accept(",")) return;
    }
  }

  // Is the `bN(` at the current token a block's head? Heads start their line.
  bool startsBlock() const {
    size_t i = start_;
    while (i > 0 && (text_[i - 1] == ' ' || text_[i - 1] == '\t')) i--;
    return i == 0 || text_[i - 1] == '\n';
  }

  static constexpr uint32_t kMaxId = 1 << 24;
  static constexpr int kMaxDepth = 200;

  struct Unnamed {
    uint32_t block;
    size_t index;
    Inst inst;
  };

  std::string_view text_;
  Module& module_;
  TypeTable& types_;
  Fragment* fragment_;
  std::unordered_map<uint32_t, uint32_t> files_;  // of a fragment: their numbers in the module
  size_t at_ = 0, start_ = 0;
  Tok tok_ = Tok::End;
  bool onNewLine_ = false;  // a line ended between the token before and this one
  std::string_view token_;
  std::string string_;
  bool failed_ = false;
  std::string message_;
  int depth_ = 0;
  std::vector<Unnamed> unnamed_;  // of the current function
};

}  // namespace

bool parse(std::string_view text, Module& module, std::string* error) { return Parser(text, module).run(error); }

bool parseFragment(std::string_view text, Module& module, Fragment& fragment, std::string* error) {
  return Parser(text, module, &fragment).run(error);
}

}  // namespace burrow::ir
