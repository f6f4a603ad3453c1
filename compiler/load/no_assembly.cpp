// Packages with Go assembly, which is not compiled.
//
// The problem: public modules have assembly for gc, and nearly all of them the same in Go for other compilers and
// machines. Which one a file is for is said by build tags: `gc`, which gccgo and others do not have, and by custom
// `purego` and `noasm`. Other parts of such modules say `gc` where they mean what we have too (linknames into the
// runtime), so the tag holds in general.
//
// So a package whose files with the ordinary tags include assembly with code in it chooses its files once more,
// without `gc` and with `purego` and `noasm`. Some modules ask for the machine alone (`!amd64`): if assembly is left,
// files that go with it are taken as for a machine without a name (choose_files.cpp). A function that is still
// assembly then is an error when the program is linked and needs it. Tags of other packages are not touched by it,
// and the user's -tags hold in any case.
//
// golang.org/x/sys has no such choice: without gc it wants gccgo's own declarations. The few functions are in the
// runtime (runtime/stdlib/xsys_amd64.S, cpu.cpp), and its assembly is passed over.
//
// Rejected: an assembler for Go's dialect, whose code would come without stack maps and with another calling
// convention.
#include "load/no_assembly.h"

#include <algorithm>

namespace burrow::load {

bool isBlankAssembly(std::string_view text) {
  bool lineStart = true;
  for (size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    const bool comment = c == '/' && i + 1 < text.size() && (text[i + 1] == '/' || text[i + 1] == '*');
    if (comment && text[i + 1] == '*') {
      i = text.find("*/", i + 2);
      if (i == std::string_view::npos) return true;
      i++;
    } else if (comment || (lineStart && text.substr(i).starts_with("#include"))) {
      i = text.find('\n', i);
      if (i == std::string_view::npos) return true;
    } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      return false;
    }
    lineStart = text[i] == '\n';
  }
  return true;
}

bool definesFunction(std::string_view text, std::string_view name) {
  const std::string symbol = "\u00b7" + std::string(name) + "(SB)";
  for (size_t at = 0; (at = text.find(symbol, at)) != std::string_view::npos; at += symbol.size()) {
    std::string_view before = text.substr(0, at);
    while (before.ends_with(' ') || before.ends_with('\t')) before.remove_suffix(1);
    if (before.ends_with("TEXT")) return true;
  }
  return false;
}

bool isAssemblyInRuntime(std::string_view importPath) {
  constexpr std::string_view kPackages[] = {"golang.org/x/sys/cpu", "golang.org/x/sys/unix"};
  return std::find(std::begin(kPackages), std::end(kPackages), importPath) != std::end(kPackages);
}

syntax::BuildContext contextWithoutAssembly(syntax::BuildContext context) {
  context.tags.erase("gc");
  context.tags.insert({"purego", "noasm"});
  return context;
}

syntax::BuildContext contextOfNoMachine(syntax::BuildContext context) {
  context.goarch = "none";
  return contextWithoutAssembly(std::move(context));
}

}  // namespace burrow::load
