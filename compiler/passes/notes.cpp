// See notes.h. Collected, not printed: the driver sorts them by place, and instances of a generic function say the same.
#include "passes/notes.h"

#include "ir/scopes.h"

#include <algorithm>

namespace burrow::passes {

std::string Notes::shown(std::string_view symbol) const {
  const size_t end = std::min(symbol.find('['), symbol.size());
  const size_t slash = symbol.substr(0, end).rfind('/');
  const size_t start = slash == std::string_view::npos ? 0 : slash + 1;
  const size_t dot = symbol.find('.', start);
  if (dot == std::string_view::npos) return std::string(symbol);
  if (symbol.substr(0, dot) == module_.path) return std::string(symbol.substr(dot + 1));
  std::string text(symbol.substr(start));
  // A dot in a path's last element.
  for (size_t at; (at = text.find("%2e")) != std::string::npos;) text.replace(at, 3, 1, '.');
  return text;
}

std::string Notes::shownType(ir::TypeId t) const {
  std::string text = module_.types.goString(t);
  const size_t at = text.starts_with('*') ? 1 : 0;
  if (text.compare(at, module_.name.size() + 1, module_.name + ".") == 0) text.erase(at, module_.name.size() + 1);
  return text;
}

void Notes::say(const ir::Function& fn, ir::Loc loc, std::string text) const {
  if (context_.notes == nullptr || fn.scopes.empty()) return;
  const uint32_t file = ir::outermost(fn, loc);
  if (loc.line != 0) context_.notes->push_back({file, loc.line, loc.column, std::move(text)});
}

}  // namespace burrow::passes
