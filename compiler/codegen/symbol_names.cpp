#include "codegen/symbol_names.h"

#include "llvm/IR/Module.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

void escapeName(Module& module, GlobalObject& object) {
  if (!object.getName().contains("@@")) return;
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

std::string symbolName(std::string text) {
  const StringRef s = text;
  // What looks like an escape is escaped, too.
  if (!s.contains('\0') && !s.contains("@@") && !s.contains("\\x")) return text;
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '\0') {
      out += "\\x00";
    } else if (text[i] == '@' && i > 0 && text[i - 1] == '@') {
      out += "\\x40";
    } else if (text[i] == '\\') {
      out += "\\\\";
    } else {
      out += text[i];
    }
  }
  return out;
}

void escapeSymbolNames(Module& module) {
  for (Function& f : module) escapeName(module, f);
  for (GlobalVariable& g : module.globals()) escapeName(module, g);
}

}  // namespace burrow::codegen
