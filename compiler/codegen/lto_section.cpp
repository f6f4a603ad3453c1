// What an object keeps for -lto (lto.h): the section's bytes, from a module and back.
//
// The section begins with a word that names its layout and the sizes of the summary and the facts (64 bits each, as the magic); then come
// the summary, the facts and the bitcode. The first two are lists of texts that end with a NUL byte, which no symbol contains:
//
//   a function's summary   name, size in decimal, "i" if it may be imported or "", callees, ""
//   a function's facts     name, letters (w: wrapper, s: nosplit, d: defers), line in decimal
#include "codegen/lto_section.h"

#include "codegen/large_functions.h"
#include "codegen/lto.h"
#include "codegen/method_facts.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <map>

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr uint64_t kMagic = 0x316f746c77727562;  // "burwlto1"
constexpr size_t kHeader = 3 * sizeof(uint64_t);

// What may have to be copied along with a function. More would cost more than a call is worth.
constexpr size_t kMaxCarried = 200;        // instructions
constexpr size_t kMaxCarriedData = 4'096;  // bytes

// Whether a body can be inlined at all, whatever its size.
bool canBeInlined(const Function& f) {
  return !f.hasFnAttribute(Attribute::NoInline) && !f.hasFnAttribute(Attribute::OptimizeNone) && !f.isVarArg() && !isLarge(f) &&
         !f.callsFunctionThatReturnsTwice();
}

// Others know it by its name, and the linker has one of that name.
bool isVisible(const Function& f) { return f.hasExternalLinkage() || f.hasWeakODRLinkage(); }

// What goes along with a function that another part imports.
class Baggage {
 public:
  // Whether all of it can be copied, and is little; then `*size` is how much code it is.
  static bool of(const Function& f, size_t* size) {
    Baggage b;
    b.addBody(f);
    while (!b.work_.empty()) {
      if (!b.add(*b.work_.pop_back_val())) return false;
    }
    *size = b.code_;
    return true;
  }

 private:
  void addBody(const Function& f) {
    for (const Instruction& i : instructions(f)) {
      for (const Value* operand : i.operands()) addConstant(operand);
    }
  }

  void addConstant(const Value* v) {
    const auto* c = dyn_cast<Constant>(v);
    if (c == nullptr || !seen_.insert(c).second) return;
    if (const auto* g = dyn_cast<GlobalValue>(c)) {
      if (!g->isDeclarationForLinker() && (g->hasLocalLinkage() || g->hasLinkOnceLinkage())) work_.push_back(g);
      return;
    }
    for (const Value* operand : c->operands()) addConstant(operand);
  }

  bool add(const GlobalValue& g) {
    if (const auto* f = dyn_cast<Function>(&g)) {
      code_ += f->getInstructionCount();
      if (code_ > kMaxCarried) return false;
      addBody(*f);
      return true;
    }
    const auto* v = dyn_cast<GlobalVariable>(&g);
    if (v == nullptr || !v->hasInitializer()) return false;
    const bool isCache = v->hasPrivateLinkage() && v->getName().starts_with("go.asserted");
    if (!v->isConstant() && !isCache) return false;
    data_ += v->getDataLayout().getTypeAllocSize(v->getValueType()).getFixedValue();
    if (data_ > kMaxCarriedData) return false;
    addConstant(v->getInitializer());
    return true;
  }

  SmallPtrSet<const Constant*, 32> seen_;
  SmallVector<const GlobalValue*, 8> work_;
  size_t code_ = 0, data_ = 0;
};

void addText(std::string& out, std::string_view text) {
  out += text;
  out += '\0';
}

std::string summaryOf(const Module& module) {
  std::string out;
  for (const Function& f : module) {
    if (f.isDeclaration()) continue;
    size_t baggage = 0;
    const bool importable = !f.isDeclarationForLinker() && isVisible(f) && canBeInlined(f) && Baggage::of(f, &baggage);
    addText(out, std::string_view(f.getName()));
    addText(out, std::to_string(f.getInstructionCount() + baggage));
    addText(out, importable ? "i" : "");
    // What must not call more than it does: neither a function without a check of the stack nor a call that is to stay one.
    SmallSetVector<const Function*, 8> callees;
    for (const Instruction& i : instructions(f)) {
      const auto* call = dyn_cast<CallBase>(&i);
      const Function* callee = call == nullptr ? nullptr : call->getCalledFunction();
      if (callee == nullptr || callee->isIntrinsic() || call->isNoInline()) continue;
      if (f.hasFnAttribute("split-stack")) callees.insert(callee);
    }
    for (const Function* callee : callees) addText(out, std::string_view(callee->getName()));
    addText(out, "");
  }
  return out;
}

std::string factsText(const FunctionFacts& facts) {
  std::map<std::string_view, const FunctionFacts::Facts*> sorted;
  for (const auto& [name, f] : facts.functions) sorted.emplace(name, &f);
  std::string out;
  for (auto [name, f] : sorted) {
    addText(out, name);
    addText(out, std::string(f->wrapper ? "w" : "") + (f->noSplit ? "s" : "") + (f->hasDefer ? "d" : ""));
    addText(out, std::to_string(f->startLine));
  }
  return out;
}

uint32_t number(std::string_view text) {
  uint32_t value = 0;
  for (char c : text) value = value * 10 + static_cast<uint32_t>(c - '0');
  return value;
}

// Bytes of initialised data; bitcode takes a multiple of it while it is written, a word for each.
constexpr uint64_t kMostData = 16 << 20;

uint64_t dataBytes(const Module& module) {
  uint64_t bytes = 0;
  for (const GlobalVariable& g : module.globals()) {
    if (g.hasInitializer() && !g.getInitializer()->isNullValue()) bytes += module.getDataLayout().getTypeAllocSize(g.getValueType());
  }
  return bytes;
}

}  // namespace

std::string ltoContent(Module& module, const FunctionFacts& facts) {
  if (dataBytes(module) > kMostData) return "";
  const std::string summary = summaryOf(module), factList = factsText(facts);
  std::string out;
  for (uint64_t word : {kMagic, uint64_t(summary.size()), uint64_t(factList.size())}) {
    char bytes[sizeof word];
    support::endian::write64le(bytes, word);
    out.append(bytes, sizeof word);
  }
  out += summary;
  out += factList;
  raw_string_ostream stream(out);
  WriteBitcodeToFile(module, stream);
  return out;
}

void addLtoContent(Module& module, const std::string& content) {
  Constant* data = ConstantDataArray::getString(module.getContext(), content, false);
  auto* g = new GlobalVariable(module, data->getType(), true, GlobalValue::PrivateLinkage, data, "burrow.lto");
  g->setSection(kLtoSection);
  g->setAlignment(Align(8));
  // The linker leaves such sections out.
  g->setMetadata(LLVMContext::MD_exclude, MDNode::get(module.getContext(), {}));
}

void readFacts(std::string_view text, FunctionFacts& facts) {
  while (!text.empty()) {
    const std::string_view name = takeText(text), letters = takeText(text), line = takeText(text);
    auto has = [&](char c) { return letters.find(c) != std::string_view::npos; };
    facts.functions.try_emplace(std::string(name), FunctionFacts::Facts{has('w'), has('s'), has('d'), number(line)});
  }
}

bool readLtoPart(std::span<const char> object, LtoPart* part, std::string* error) {
  *part = {};
  auto fail = [&](Error e) {
    *error = toString(std::move(e));
    return false;
  };
  using File = object::ELFFile<object::ELF64LE>;
  Expected<File> file = File::create(StringRef(object.data(), object.size()));
  if (!file) return fail(file.takeError());
  Expected<File::Elf_Shdr_Range> sections = file->sections();
  if (!sections) return fail(sections.takeError());
  std::string_view content;
  for (const File::Elf_Shdr& section : *sections) {
    Expected<StringRef> name = file->getSectionName(section);
    if (!name) return fail(name.takeError());
    if (*name != kLtoSection) continue;
    Expected<ArrayRef<uint8_t>> bytes = file->getSectionContents(section);
    if (!bytes) return fail(bytes.takeError());
    content = {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  }
  if (content.empty()) return true;
  auto word = [&](size_t i) { return support::endian::read64le(content.data() + i * sizeof(uint64_t)); };
  if (content.size() < kHeader || word(0) != kMagic || word(1) > content.size() - kHeader || word(2) > content.size() - kHeader - word(1)) {
    *error = "damaged section ";
    *error += kLtoSection;
    return false;
  }
  std::string_view summary = content.substr(kHeader, word(1));
  part->facts = content.substr(kHeader + word(1), word(2));
  part->bitcode = content.substr(kHeader + word(1) + word(2));
  while (!summary.empty()) {
    LtoFunction f;
    f.name = takeText(summary);
    f.size = number(takeText(summary));
    f.importable = takeText(summary) == "i";
    for (std::string_view callee = takeText(summary); !callee.empty(); callee = takeText(summary)) f.callees.push_back(callee);
    part->functions.push_back(std::move(f));
  }
  return true;
}

}  // namespace burrow::codegen
