// See native.h.
#include "link/native.h"

#include <cxxabi.h>

#include <cstdlib>

namespace burrow::link {

namespace ft = abi::functab;

std::string withoutInlining(const uint8_t* column, const std::vector<ft::InlineNode>& tree, uint32_t startLine,
                            uint32_t startFile, const std::function<uint32_t(uint32_t)>& file) {
  std::string out;
  ft::LineRowWriter writer(out, startLine, file(startFile));
  ft::LineRowReader reader(column, startLine, startFile);
  uint32_t end = 0;
  while (reader.next()) {
    uint32_t local = reader.row.file, line = reader.row.line, index = reader.row.inlineIndex;
    // A parent comes before its children; a tree in which that is not so would not end.
    while (index != 0 && index <= tree.size()) {
      const ft::InlineNode& node = tree[index - 1];
      local = node.callFile;
      line = node.callLine;
      index = node.parent < index ? node.parent : 0;
    }
    writer.add(reader.row.pc, file(local), line, 0);
    end = reader.row.pc + reader.row.length;
  }
  writer.finish(end);
  return out;
}

std::string displayName(std::string_view symbol) {
  if (!symbol.starts_with("_Z")) return std::string(symbol);
  int status = 0;
  char* demangled = ::abi::__cxa_demangle(std::string(symbol).c_str(), nullptr, nullptr, &status);
  if (status != 0 || !demangled) return std::string(symbol);
  std::string_view text = demangled;
  std::string name;
  // Template arguments and parameter lists go, at every depth; what stands before the last blank then is a result type.
  for (size_t i = 0; i < text.size();) {
    constexpr std::string_view anonymous = "(anonymous namespace)::";
    if (text.substr(i).starts_with(anonymous)) {
      i += anonymous.size();
      continue;
    }
    constexpr std::string_view call = "operator()";
    if (text.substr(i).starts_with(call)) {
      name += "call";
      i += call.size();
      continue;
    }
    if (text[i] == '(' || text[i] == '<') {
      int depth = 0;
      do {
        if (text[i] == '(' || text[i] == '<') depth++;
        if (text[i] == ')' || (text[i] == '>' && text[i - 1] != '-')) depth--;
        i++;
      } while (depth > 0 && i < text.size());
      continue;
    }
    name += text[i++];
  }
  std::free(demangled);
  if (name.ends_with(" const")) name.resize(name.size() - 6);
  if (size_t blank = name.rfind(' '); blank != std::string::npos) name.erase(0, blank + 1);
  for (std::string_view prefix : {"burrow::rt::", "burrow::"}) {
    if (name.starts_with(prefix)) {
      name.replace(0, prefix.size(), "runtime.");
      break;
    }
  }
  for (size_t at; (at = name.find("::")) != std::string::npos;) name.replace(at, 2, ".");
  return name.empty() ? std::string(symbol) : name;
}

}  // namespace burrow::link
