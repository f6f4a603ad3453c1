// symbol_names.h says what the problem is. An escaped name has its backslashes doubled and \x40 for an @ behind an @; so
// it contains "@\", which no name has that stays as it is.
#include "codegen/symbol_names.h"

#include "llvm/IR/Module.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr std::string_view kAt = "\\x40";

bool staysAsItIs(StringRef name) { return !name.contains("@@") && !name.contains("@\\"); }

void escapeName(Module& module, GlobalObject& object) {
  if (staysAsItIs(object.getName())) return;
  const std::string name = symbolName(object.getName().str());
  // A comdat's name is a symbol's, too: that of what it is about.
  if (const Comdat* old = object.getComdat()) {
    Comdat* renamed = module.getOrInsertComdat(symbolName(old->getName().str()));
    renamed->setSelectionKind(old->getSelectionKind());
    object.setComdat(renamed);
  }
  object.setName(name);
}

}  // namespace

std::string symbolName(std::string name) {
  if (staysAsItIs(name)) return name;
  std::string out;
  char before = 0;
  for (char c : name) {
    if (c == '@' && before == '@') {
      out += kAt;
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
    before = c;
  }
  return out;
}

std::string nameOfSymbol(std::string symbol) {
  if (staysAsItIs(symbol)) return symbol;
  std::string out;
  for (size_t i = 0; i < symbol.size(); i++) {
    if (symbol[i] != '\\') {
      out += symbol[i];
    } else if (symbol.compare(i, kAt.size(), kAt) == 0) {
      out += '@';
      i += kAt.size() - 1;
    } else {
      out += symbol[++i];  // a doubled one
    }
  }
  return out;
}

void escapeSymbolNames(Module& module) {
  for (Function& f : module) escapeName(module, f);
  for (GlobalVariable& g : module.globals()) escapeName(module, g);
}

}  // namespace burrow::codegen
