// See without.h.
#include "ir/without.h"

#include <algorithm>
#include <iterator>

namespace burrow::ir {

namespace {

struct Entry {
  std::string_view name, what;
};
constexpr Entry kEntries[] = {
#define X(identifier, name, what) {name, what},
#include "ir/optimisations.def"
#undef X
};
static_assert(std::size(kEntries) <= 64, "a bit for each");

}  // namespace

bool Without::parse(std::string_view names, std::string* error) {
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find('+'));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    const auto* entry = std::find_if(std::begin(kEntries), std::end(kEntries), [&](const Entry& e) { return e.name == name; });
    if (entry == std::end(kEntries)) {
      *error = (name == "help" ? std::string() : "-d=without: no optimisation is called \"" + std::string(name) + "\"\n") +
               "-d=without=NAME[+NAME...] switches off:\n" + optimisationList();
      error->pop_back();
      return false;
    }
    add(static_cast<Optimisation>(entry - std::begin(kEntries)));
  }
  return true;
}

std::string Without::text() const {
  std::string out;
  for (size_t i = 0; i < std::size(kEntries); i++) {
    if (!(*this)(static_cast<Optimisation>(i))) continue;
    if (!out.empty()) out += '+';
    out += kEntries[i].name;
  }
  return out;
}

std::string optimisationList() {
  std::string out;
  for (const Entry& e : kEntries) {
    std::string line = "  " + std::string(e.name);
    line.resize(std::max<size_t>(line.size(), 20), ' ');
    out += line + ' ' + std::string(e.what) + '\n';
  }
  return out;
}

bool isRuntimeCode(std::string_view path) { return path == "runtime" || path.starts_with("internal/runtime/"); }

}  // namespace burrow::ir
