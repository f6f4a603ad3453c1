// See messages.h.
#include "link/messages.h"

#include <set>
#include <vector>

namespace burrow::link {

namespace {

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> list;
  while (!text.empty()) {
    size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    for (std::string_view prefix : {"ld.lld: error: ", "ld.lld: "}) {
      if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
    }
    if (!line.empty()) list.push_back(line);
  }
  return list;
}

// ">>>    object:(main.g)" -> "main.g"; empty for other lines.
std::string_view referrer(std::string_view line) {
  size_t open = line.rfind(":(");
  if (!line.starts_with(">>>") || open == std::string_view::npos || !line.ends_with(')')) return {};
  return line.substr(open + 2, line.size() - open - 3);
}

}  // namespace

std::string linkerMessages(std::string_view errors, const std::function<std::string(const std::string& symbol)>& why) {
  constexpr std::string_view undefined = "undefined symbol: ";
  std::string out;
  std::set<std::string> seen;
  auto add = [&](std::string line) {
    if (!seen.insert(line).second) return;
    if (!out.empty()) out += '\n';
    out += line;
  };
  const std::vector<std::string_view> all = lines(errors);
  for (size_t i = 0; i < all.size(); i++) {
    if (!all[i].starts_with(undefined)) {
      add(std::string(all[i]));
      continue;
    }
    const std::string symbol(all[i].substr(undefined.size()));
    const std::string reason = why ? why(symbol) : "";
    const std::string end = symbol + " not defined" + (reason.empty() ? "" : ": " + reason);
    bool any = false;
    for (; i + 1 < all.size() && all[i + 1].starts_with(">>>"); i++) {
      std::string_view from = referrer(all[i + 1]);
      // Places in data are named by section: those say nothing to a user.
      if (from.empty() || from.starts_with('.')) continue;
      if (size_t plus = from.find("+0x"); plus != std::string_view::npos) from = from.substr(0, plus);
      add(std::string(from) + ": relocation target " + end);
      any = true;
    }
    if (!any) add("relocation target " + end);
  }
  return out;
}

}  // namespace burrow::link
