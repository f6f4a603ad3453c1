// The scanner on any bytes: it ends, its tokens lie inside the text in ascending order, and what it says about
// positions can be looked up.
#include "syntax/scanner.h"

#include <cstdlib>

using namespace burrow;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  source::SourceFiles files;
  source::SourceFile* file = files.add("dir/f.go", std::string(reinterpret_cast<const char*>(data), size));
  source::Arena arena;
  syntax::StringTable names;
  source::Diagnostics diagnostics;
  syntax::Scanner s(*file, arena, names, diagnostics);
  uint32_t behind = 0;
  do {
    s.next();
    if (s.offset < behind || s.end < s.offset || s.end > size) std::abort();
    behind = s.end;
  } while (s.tok != syntax::Token::EndOfFile);
  for (const auto& d : file->lineDirectives) {
    if (d.offset > size || d.line == 0) std::abort();
  }
  diagnostics.sortAndPrune(files);
  diagnostics.render(files);
  return 0;
}
